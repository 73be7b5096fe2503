"""A limit of ten lets ten through: over several processes, in parallel, whatever addresses are forged."""

import inspect
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.core.internal import ratelimit
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlprep.shared.limits import taking
from mlprep.shared.limits.counters import FileCounter, RedisCounter, StoreGone, TableCounter
from mlprep.shared.limits.rates import Rate, parse_limits, parse_rate
from mlprep.shared.limits.taking import LimitReached, clear, look, take
from progress.comments.models import Comment
from tests.factories import make_concept
from tests.faults.installation import Answer, Installation

pytestmark = pytest.mark.django_db

REQUESTS, LIMIT = 100, 10
LIMITS = (
    "login=10/10m/ip; signup=10/10m/ip; reset_password=10/10m/ip; login_failed=10/10m/ip; comments=10/10m; api=30/10m"
)
REDIS = os.environ.get("CACHE_URL", "")
STORES = {
    "the database": "",
    **({"Redis": REDIS} if REDIS else {}),
    "the database, as Redis is gone": "redis://127.0.0.1:1/0",
}


@pytest.fixture(scope="module", params=STORES)
def server(request, prepared, tmp_path_factory) -> Iterator[tuple[str, Installation]]:
    """A server of two processes whose limits are counted somewhere."""
    folder = tmp_path_factory.mktemp("limits")
    made = Installation(folder, prepared.database.copied_to(folder), prepared.cast)
    made.environment |= {
        "LIMITS": LIMITS,
        "CACHE_URL": STORES[request.param],
        "WORKER": "no",
        "EMAIL_URL": "memorymail://",
    }
    made.start()
    yield request.param, made
    made.kill()
    made.database.drop()


def at_once(ask: Callable[[int, dict[str, str]], Answer]) -> list[Answer]:
    """So many answers to requests that begin together, each with another forged address."""
    together = threading.Barrier(REQUESTS)

    def one(number: int) -> Answer:
        together.wait()
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"198.51.100.{number}"}
        return ask(number, {**forged, "Forwarded": f"for=192.0.2.{number}"})

    with ThreadPoolExecutor(REQUESTS) as pool:
        return list(pool.map(one, range(REQUESTS)))


def form(installation: Installation, path: str) -> Callable[[int, dict[str, str], dict[str, str]], Answer]:
    """Send a form of a page as a browser does."""
    page = installation.call("GET", path, headers={"Content-Type": "text/html"})
    cookie = page.headers["Set-Cookie"].split(";")[0]
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    assert found, page.text[-500:]
    token = found[1]

    def send(number: int, headers: dict[str, str], fields: dict[str, str]) -> Answer:
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie, **headers}
        return installation.call("POST", path, urlencode({"csrfmiddlewaretoken": token, **fields}), headers=sent)

    return send


def signing_in(installation: Installation):
    send = form(installation, "/accounts/login/")
    return lambda n, headers: send(n, headers, {"login": f"nobody{n}", "password": "a wrong one"})


def signing_up(installation: Installation):
    send = form(installation, "/accounts/signup/")
    return lambda n, headers: send(
        n, headers, {"username": f"newcomer{n}", "password1": "correct horse battery staple"}
    )


def resetting_passwords(installation: Installation):
    send = form(installation, "/accounts/password/reset/")
    return lambda n, headers: send(n, headers, {"email": f"nobody{n}@example.org"})


def guessing_for_a_token(installation: Installation):
    return lambda n, headers: installation.call(
        "POST", "/api/v1/auth/token/", {"username": f"nobody{n}", "password": "a wrong one"}, headers=headers
    )


def commenting(installation: Installation):
    token, concept = installation.cast["learners"][0]["token"], installation.cast["concept"]
    return lambda n, headers: installation.call(
        "POST", f"/api/v1/concepts/{concept}/comments/", {"body": f"Comment {n}"}, token, headers
    )


def reading_the_api(installation: Installation):
    token = installation.cast["learners"][1]["token"]
    return lambda n, headers: installation.call("GET", "/api/v1/progress/weeks/", None, token, headers)


DEEDS = [
    ("sign in", signing_in, LIMIT),
    ("sign up", signing_up, LIMIT),
    ("reset a password", resetting_passwords, LIMIT),
    ("guess for a token after that", guessing_for_a_token, 0),
    ("comment", commenting, LIMIT),
    ("call the API", reading_the_api, 30),
]


def test_a_limit_lets_exactly_its_number_through(server, figure):
    store, installation = server
    # The stores differ, the ways to them do not.
    deeds = DEEDS if store == "the database" else DEEDS[4:]
    found = {}
    for name, deed, _ in deeds:
        answers = at_once(deed(installation))
        refused = [answer for answer in answers if answer.status == 429]
        found[name] = REQUESTS - len(refused)
        assert {answer.status // 100 for answer in answers} <= {2, 3, 4}, Counter(answer.status for answer in answers)
        waits = [int(answer.headers["Retry-After"]) for answer in refused]
        assert all(0 < wait <= 600 for wait in waits)
        assert re.search("Try again in|Too many failed|available in", refused[0].text)
    told = ", ".join(f"{name} {count}" for name, count in found.items())
    expected = {name: limit for name, _, limit in deeds}
    figure(f"{REQUESTS} parallel over 2 processes, forged addresses, counted in {store}", told, f"{expected}")
    assert found == expected
    texts = installation.database.rows("SELECT body FROM progress_comment")
    assert len(texts) == LIMIT


@pytest.fixture(params=["file", "table", "Redis"])
def counter(request, tmp_path, db):
    if request.param == "file":
        return FileCounter(tmp_path / "limits")
    if request.param == "table":
        return TableCounter()
    if not REDIS:
        pytest.skip("no Redis in CACHE_URL")
    return RedisCounter(REDIS, f"test {tmp_path}:")


RATE = Rate(2, 60)


def test_there_is_room_again_when_it_said(counter):
    now = time.time()
    assert [bool(counter.take("key", RATE, now + n)) for n in (0, 1, 2)] == [True, True, False]
    assert counter.free_at("key", RATE, now + 3) == pytest.approx(now + 60, abs=0.001)
    assert counter.take("another", RATE, now)
    assert counter.take("key", RATE, now + 59.9) is None
    assert counter.free_at("key", RATE, now + 60) is None
    assert counter.take("key", RATE, now + 60)
    # The second of the first two counts still.
    assert counter.take("key", RATE, now + 60.5) is None
    assert counter.free_at("key", RATE, now + 60.5) == pytest.approx(now + 61, abs=0.001)


def test_what_is_given_back_can_be_taken_again_and_counts_once(counter):
    now, rate = time.time(), Rate(1, 60)
    moment = counter.take("key", rate, now)
    counter.give_back("key", moment)
    again = counter.take("key", rate, now)
    assert again
    counter.give_back("key", moment + 10_000_000)
    assert counter.take("key", rate, now + 1) is None
    assert counter.take("key", rate, now + 61)
    counter.give_back("key", again)
    assert counter.take("key", rate, now + 62) is None
    counter.clear("key")
    assert counter.take("key", rate, now + 62)


def test_a_clock_that_was_put_back_holds_nobody_up_for_longer_than_a_window(counter):
    now = time.time()
    for _ in range(2):
        assert counter.take("key", RATE, now + 86_400)
    assert counter.free_at("key", RATE, now) is None
    assert counter.take("key", RATE, now)
    assert counter.take("key", RATE, now - 5)
    assert counter.take("key", RATE, now - 5) is None


def test_what_counts_no_more_is_dropped(counter):
    if isinstance(counter, RedisCounter):
        pytest.skip("Redis drops it by itself")
    now = time.time()
    counter.take("old", Rate(1, 60), now - 100)
    counter.take("open", Rate(1, 60), now)
    counter.prune(now)
    assert counter.free_at("old", Rate(1, 60), now - 90) is None
    assert counter.free_at("open", Rate(1, 60), now)


class Log:
    """The limit as one would explain it."""

    def __init__(self, rate: Rate) -> None:
        self.rate, self.moments = rate, []

    def take(self, now: float) -> bool:
        if self.in_window(now) >= self.rate.amount:
            return False
        self.moments.append(now)
        return True

    def in_window(self, end: float) -> int:
        return sum(end - self.rate.seconds < moment <= end for moment in self.moments)


# Quarters of a second, so that no two are one by rounding and steps meet the ends of windows exactly.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("take"), st.integers(1, 30)),
        st.tuples(st.just("give back"), st.integers(0, 5)),
        st.tuples(st.just("look"), st.integers(0, 30)),
    ),
    max_size=60,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, rate=st.builds(Rate, st.integers(1, 6), st.integers(1, 8)))
def test_no_stretch_of_a_windows_length_holds_more_than_the_limit_and_nothing_else_is_refused(counter, steps, rate):
    counter.clear_all()
    log, now, taken = Log(rate), 1_800_000_000.0, []
    for what, number in steps:
        if what == "give back":
            if number < len(taken):
                moment, at = taken.pop(number)
                counter.give_back("key", moment)
                log.moments.remove(at)
            continue
        now += number / 4
        if what == "look":
            assert (counter.free_at("key", rate, now) is None) == (log.in_window(now) < rate.amount)
            continue
        moment = counter.take("key", rate, now)
        assert (moment is not None) == log.take(now)
        if moment is not None:
            taken.append((moment, now))
    assert all(log.in_window(moment) <= rate.amount for moment in log.moments)


def test_twice_the_limit_never_passes_around_the_end_of_a_window(counter):
    """Most at the end of a window that begins with the first, and as many at the beginning of the next."""
    rate, now = Rate(10, 60), time.time()
    assert counter.take("key", rate, now)
    late = [counter.take("key", rate, now + 59.5) for _ in range(20)]
    next_window = [counter.take("key", rate, now + 60.5) for _ in range(20)]
    assert [sum(map(bool, some)) for some in (late, next_window)] == [9, 1]


def test_threads_with_clocks_that_differ_share_one_limit(counter):
    if isinstance(counter, TableCounter):
        pytest.skip("one connection in a test; two processes are tried above")
    rate, now = Rate(10, 60), time.time()
    with ThreadPoolExecutor(20) as pool:
        taken = list(pool.map(lambda n: counter.take("key", rate, now + n % 7 / 10), range(200)))
    found = [moment for moment in taken if moment]
    assert len(found) == len(set(found)) == 10


class Gone(FileCounter):
    asked = 0

    def take(self, *_):
        self.asked += 1
        raise StoreGone

    free_at = clear = prune = take


def test_a_store_that_is_gone_is_passed_over_for_a_while(tmp_path, monkeypatch):
    gone, own = Gone(tmp_path), FileCounter(tmp_path / "limits")
    monkeypatch.setattr(taking, "all_counters", lambda: [gone, own])
    monkeypatch.setattr(taking, "PAUSE", 60.0)
    rate = Rate(2, 60)
    take("name", rate)
    take("name", rate)
    with pytest.raises(LimitReached):
        take("name", rate)
    with pytest.raises(LimitReached):
        look("name", rate)
    clear("name")
    assert gone.asked == 1
    take("name", rate)
    taking._silent_until.clear()


def test_where_nothing_can_be_counted_reading_goes_on_and_nothing_else(as_alice, client, alice, tmp_path, monkeypatch):
    make_concept("LIMIT-01")
    nowhere = FileCounter(Path("/proc/no/such/place"))
    monkeypatch.setattr(taking, "all_counters", lambda: [nowhere])
    assert client.get("/concepts/").status_code == 200
    assert client.get("/api/v1/concepts/").status_code == 200
    refused = client.post("/accounts/login/", {"login": "alice", "password": "alice's long password"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert as_alice.post("/comments/on/LIMIT-01/", {"body": "text"}).status_code == 503
    posted = as_alice.post("/api/v1/concepts/LIMIT-01/comments/", {"body": "text"})
    assert (posted.status_code, posted.headers["Retry-After"]) == (503, "30")
    assert not Comment.objects.exists()


def test_a_comment_too_many_keeps_its_text_and_says_when_to_try_again(as_alice, settings):
    concept = make_concept("LIMIT-02")
    settings.LIMITS = {**settings.LIMITS, "comments": "1/10m"}
    from django.urls import reverse

    url = reverse("comments:create", args=[concept.code])
    assert as_alice.post(url, {"body": "The first"}).status_code == 302
    response = as_alice.post(url, {"body": "The second, which is long"})
    assert response.status_code == 429
    assert 590 <= int(response.headers["Retry-After"]) <= 600
    page = response.content.decode()
    assert "The second, which is long" in page
    assert "Try again in 10 minutes" in page


def test_the_page_for_too_many_is_calm(client, settings, db):
    for _ in range(31):
        response = client.post("/accounts/login/", {"login": "", "password": ""})
    assert response.status_code == 429
    assert "A moment, please" in response.content.decode()
    assert int(response.headers["Retry-After"]) <= 60


def test_right_sign_ins_do_not_count_as_failed_ones(client, alice):
    for _ in range(7):
        body = {"username": "alice", "password": "alice's long password"}
        assert client.post("/api/v1/auth/token/", body, content_type="application/json").status_code == 200


def test_allauth_still_counts_by_the_functions_that_are_replaced():
    source = inspect.getsource(ratelimit.consume)
    assert "_consume_single_rate(" in source
    assert ratelimit._consume_single_rate.__module__ == ratelimit.clear.__module__ == "progress.accounts.limits"


@pytest.mark.parametrize(
    ("text", "rate"), [("20/10m", Rate(20, 600)), ("600/m", Rate(600, 60)), ("1/d", Rate(1, 86400))]
)
def test_rates_are_read(text, rate):
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "20", "0/m", "20/0m", "20/10", "-1/m", "many/m", "20/10m/ip"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ValueError, match="is no rate"):
        parse_rate(text)


def read_limits(text):
    return parse_limits(text, ours={"comments"}, accounts={"login_failed"})


def test_the_setting_of_limits_is_read():
    read = read_limits("comments=5/m; login_failed=10/m/ip, 5/5m/key;")
    assert read == {"comments": "5/m", "login_failed": "10/m/ip,5/5m/key"}
    assert read_limits("login_failed=10/m") == {"login_failed": "10/m"}
    assert read_limits("") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        *("coments=5/m", "comments", "comments=5", "comments=5/m; comments=6/m", "login_failed=", "=5/m"),
        # What only the first comment would have told.
        *("comments=5/10m/ip", "comments=5/m,6/h", "login_failed=5/m/planet", "login_failed=5/m/ip/ip"),
    ],
)
def test_a_fault_of_the_setting_of_limits_is_told_when_it_is_read(wrong):
    with pytest.raises(ValueError, match="LIMITS|is no rate"):
        read_limits(wrong)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's table")
def test_counts_do_not_wait_for_the_disk(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'mlprep_limitcounter'")
        assert cursor.fetchone() == ("u",)
