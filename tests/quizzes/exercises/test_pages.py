"""Exercises as a learner meets them: reading, running, hints, giving up; the pages of others are not there."""

import re
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from mlprep.shared.limits.taking import take_one
from progress.models import Evidence
from quizzes.exercises import running
from quizzes.exercises.forms import MAX_CODE
from quizzes.exercises.models import ExerciseRun, ExerciseWork
from quizzes.exercises.services import work_of
from quizzes.sandbox.client import Sandbox, SandboxUnavailable, TooManyRuns, Waiting
from tests.factories import make_concept, make_exercise, make_topic

RIGHT = "def double(x):\n    return 2 * x\n"
WRONG = "def double(x):\n    print('trying')\n    return x * x\n"


@pytest.fixture
def exercise(db):
    exercise = make_exercise(make_topic(3, slug="doubling"))
    exercise.concepts.add(make_concept("MATH-001"))
    return exercise


def url(what: str = "") -> str:
    return f"/exercises/doubling/double/{what}"


def run(client, code: str, **fields):
    return client.post(url("run/"), {"code": code, **fields})


def test_anyone_reads_an_exercise_and_signs_in_to_write(client, exercise):
    page = client.get(url()).content.decode()
    assert "Return twice x." in page
    assert "Sign in to write and run it" in page
    assert "the solution" not in page
    assert client.post(url("run/"), {"code": RIGHT}).status_code == 302


def test_a_wrong_run_says_in_words_what_is_wrong_and_shows_what_was_printed(as_alice, exercise):
    page = run(as_alice, WRONG).content.decode()
    assert "1 of 2 tests pass" in page
    assert "double(-1) is 1, expected -2" in page
    assert "Twice minus one." in page
    assert "Twice two." not in page
    assert "trying" in page
    assert as_alice.get(url()).content.decode().count("not passed") == 1


def test_a_right_run_is_evidence_once(as_alice, alice, exercise):
    for _ in range(2):
        assert "All 2 tests pass" in run(as_alice, RIGHT).content.decode()
    evidence = Evidence.objects.get(learner=alice)
    assert (evidence.concept.code, evidence.credit, evidence.self_rated) == ("MATH-001", 1.0, False)
    assert "Solved" in as_alice.get(url()).content.decode()


def test_hints_failed_runs_and_the_solution_lower_what_a_pass_shows(as_alice, alice, exercise):
    run(as_alice, WRONG)
    for _ in range(5):
        as_alice.post(url("hint/"))
    assert ExerciseWork.objects.get().hints_taken == 3
    run(as_alice, RIGHT)
    assert Evidence.objects.get(learner=alice).credit == pytest.approx(1 - 3 * 0.12 - 0.03)


def test_hints_come_one_by_one(as_alice, exercise):
    assert "Multiply." not in as_alice.get(url()).content.decode()
    page = as_alice.post(url("hint/"), headers={"HX-Request": "true"}).content.decode()
    assert "Multiply." in page
    assert "By two." not in page
    assert "<html" not in page


def test_the_solution_opens_after_a_run(as_alice, exercise):
    run(as_alice, WRONG)
    as_alice.post(url("solution/"))
    assert "# the solution" in as_alice.get(url()).content.decode()
    assert Evidence.objects.count() == 0


def test_before_a_run_the_solution_opens_only_to_who_confirms_to_give_up(as_alice, alice, exercise):
    as_alice.post(url("solution/"))
    assert "# the solution" not in as_alice.get(url()).content.decode()
    as_alice.post(url("solution/"), {"give_up": "on"})
    assert "# the solution" in as_alice.get(url()).content.decode()
    assert Evidence.objects.get(learner=alice).credit == 0
    run(as_alice, RIGHT)
    assert sorted(Evidence.objects.values_list("credit", flat=True)) == [0, 0.2]


def test_a_draft_is_kept_and_can_be_thrown_away(as_alice, exercise):
    as_alice.post(url("draft/"), {"code": "half\r\ndone"})
    assert ExerciseWork.objects.get().code == "half\ndone"
    assert "half\ndone" in as_alice.get(url()).content.decode()
    as_alice.post(url("reset/"))
    assert ExerciseWork.objects.get().code == exercise.stub


def test_the_same_press_is_one_run(as_alice, exercise):
    key = uuid4()
    for _ in range(3):
        run(as_alice, RIGHT, id=key)
    assert ExerciseRun.objects.count() == 1


def test_an_earlier_run_can_be_looked_at_and_its_code_is_back_in_the_editor(as_alice, exercise):
    run(as_alice, WRONG)
    run(as_alice, RIGHT)
    old = ExerciseRun.objects.get(passed=False)
    page = as_alice.get(url(f"?run={old.pk}")).content.decode()
    assert "return x * x" in page
    assert "1 of 2 tests pass" in page
    assert as_alice.get(url("?run=nonsense")).status_code == 404


def test_runs_and_work_of_others_are_not_there(as_alice, as_bob, exercise):
    run(as_alice, WRONG)
    of_alice = ExerciseRun.objects.get()
    assert as_bob.get(url(f"?run={of_alice.pk}")).status_code == 200  # Bob has begun nothing: the plain page
    run(as_bob, RIGHT)
    assert as_bob.get(url(f"?run={of_alice.pk}")).status_code == 404
    assert as_bob.get(url(f"runs/{of_alice.pk}/")).status_code == 404
    assert run(as_bob, RIGHT, id=of_alice.pk).status_code == 409
    of_alice.refresh_from_db()
    assert not of_alice.passed


@pytest.mark.parametrize("code", ["x" * (MAX_CODE + 1), "\x00"])
def test_code_that_cannot_be_run_is_refused_in_words(as_alice, exercise, code):
    response = run(as_alice, code)
    assert response.status_code == 422
    assert "notice bad" in response.content.decode()
    assert ExerciseRun.objects.count() == 0


@pytest.mark.parametrize(
    "code", ["", "def double(x:", "raise SystemExit", "double = None", "😀", "\ud800", "def other(): pass"]
)
def test_any_code_gives_an_answer(as_alice, exercise, code):
    page = run(as_alice, code.encode("utf-8", "surrogatepass").decode("utf-8", "replace")).content.decode()
    assert "tests pass" in page or "Nothing could be tested" in page
    assert "All" not in page.partition('id="result"')[2].partition("</section>")[0]


def test_a_run_that_waits_shows_its_place_and_is_asked_again(as_alice, exercise, monkeypatch):
    monkeypatch.setattr(Sandbox, "run", lambda self, **_: Waiting(3))
    page = run(as_alice, RIGHT).content.decode()
    assert "place 3 in line" in page
    state = url(f"runs/{ExerciseRun.objects.get().pk}/")
    assert f'hx-get="{state}"' in page
    monkeypatch.undo()
    assert "All 2 tests pass" in as_alice.get(state, headers={"HX-Request": "true"}).content.decode()
    assert ExerciseRun.objects.get().passed


def test_where_the_sandbox_is_down_the_code_is_kept_and_the_page_says_so(as_alice, exercise, monkeypatch):
    def fail(self, **_):
        raise SandboxUnavailable("The sandbox does not start.")

    monkeypatch.setattr(Sandbox, "run", fail)
    assert "does not start" in run(as_alice, RIGHT).content.decode()
    assert ExerciseWork.objects.get().code == RIGHT


@pytest.mark.parametrize(("host", "runs"), [("127.0.0.1", True), ("0.0.0.0", False), ("", False)])  # noqa: S104
def test_where_code_cannot_be_confined_it_runs_only_on_a_server_that_nobody_else_reaches(
    as_alice, exercise, monkeypatch, settings, host, runs
):
    monkeypatch.setattr(running, "missing", lambda: "This server's kernel has no Landlock.")
    settings.BIND_HOST = host
    page = as_alice.get(url()).content.decode()
    assert "no Landlock" in page
    assert ("with your own rights" in page) == runs
    assert ("All 2 tests pass" in run(as_alice, RIGHT).content.decode()) == runs
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert "All 2 tests pass" not in run(as_alice, RIGHT).content.decode()


def test_time_counts_but_not_that_of_a_pause(alice, exercise):
    now = timezone.now()
    for minutes in (0, 2, 62, 63):
        work = work_of(learner=alice, exercise=exercise, now=now + timedelta(minutes=minutes))
    assert work.seconds == (2 + 5 + 1) * 60


def test_every_run_is_kept_and_the_history_has_pages(as_alice, exercise, monkeypatch):
    monkeypatch.setattr(Sandbox, "run", lambda self, **_: {"passed": False, "tests": []})
    for number in range(55):
        run(as_alice, f"{WRONG}# {number}")
    assert ExerciseRun.objects.count() == 55
    page = as_alice.get(url()).content.decode()
    assert "History (55)" in page
    assert page.count("?run=") == 20
    assert "?history=2#history" in page
    last = as_alice.get(url("?history=3")).content.decode()
    assert last.count("?run=") == 15
    assert "Older" not in last
    for odd in ("99", "0", "-1", "x", "9" * 40):
        assert as_alice.get(url(f"?history={odd}")).status_code == 200


def test_the_same_id_with_other_code_is_a_conflict_and_not_the_old_result(as_alice, exercise):
    key = uuid4()
    run(as_alice, WRONG, id=key)
    response = run(as_alice, RIGHT, id=key)
    assert response.status_code == 409
    assert "Press Run once more" in response.content.decode()
    assert "1 of 2 tests pass" not in response.content.decode()
    assert ExerciseWork.objects.get().code == RIGHT
    answer = as_alice.post(
        "/api/v1/exercises/doubling/double/runs/", {"code": RIGHT, "id": str(key)}, content_type="application/json"
    )
    assert answer.status_code == 409


def test_a_run_of_the_stub_or_of_what_cannot_be_tested_is_no_try(as_alice, alice, exercise):
    for code in (exercise.stub, f"# mine\n{exercise.stub}\n", "def double(x:\n"):
        run(as_alice, code)
        as_alice.post(url("solution/"))
        page = as_alice.get(url()).content.decode()
        assert "# the solution" not in page
        assert "Give up…" in page
    run(as_alice, RIGHT)
    assert Evidence.objects.get(learner=alice).credit == 1.0


def test_the_same_hint_asked_for_twice_is_one(as_alice, exercise):
    assert '<input type="hidden" name="number" value="1">' in as_alice.get(url()).content.decode()
    for _ in range(2):
        as_alice.post(url("hint/"), {"number": 1})
    assert ExerciseWork.objects.get().hints_taken == 1
    as_alice.post(url("hint/"), {"number": 2})
    assert ExerciseWork.objects.get().hints_taken == 2


def seen_by(page: str) -> dict[str, str]:
    """What a page says of itself when it saves."""
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("page", "seen")}


def test_a_stale_page_does_not_overwrite_newer_text(as_alice, exercise):
    old, new = (seen_by(as_alice.get(url()).content.decode()) for _ in range(2))
    assert as_alice.post(url("draft/"), {"code": "new", "edit": 1, **new}).status_code == 302
    htmx = {"HX-Request": "true"}
    refused = as_alice.post(url("draft/"), {"code": "old", "edit": 1, **old}, headers=htmx)
    assert refused.status_code == 409
    assert "newer text" in refused.content.decode()
    assert ExerciseWork.objects.get().code == "new"
    seen = re.search('data-stale="([^"]*)"', refused.content.decode())[1]
    assert as_alice.post(url("draft/"), {"code": "old", "edit": 2, **old, "seen": seen}).status_code == 302
    assert ExerciseWork.objects.get().code == "old"


def test_a_stale_page_runs_its_code_and_leaves_the_draft(as_alice, exercise):
    old, new = (seen_by(as_alice.get(url()).content.decode()) for _ in range(2))
    as_alice.post(url("draft/"), {"code": "new", "edit": 1, **new})
    page = run(as_alice, RIGHT, edit=1, **old).content.decode()
    assert "All 2 tests pass" in page
    assert "newer text" in page
    assert ExerciseWork.objects.get().code == "new"


def test_what_a_page_sent_earlier_and_comes_later_is_left_out(as_alice, exercise):
    seen = seen_by(as_alice.get(url()).content.decode())
    for edit, code in ((1, "a"), (3, "abc"), (2, "ab")):
        as_alice.post(url("draft/"), {"code": code, "edit": edit, **seen})
    assert ExerciseWork.objects.get().code == "abc"


def test_an_old_runs_code_is_the_draft_only_when_it_is_taken_over(as_alice, exercise):
    run(as_alice, WRONG)
    old = ExerciseRun.objects.get()
    as_alice.post(url("draft/"), {"code": "unrun"})
    page = as_alice.get(url(f"?run={old.pk}")).content.decode()
    assert "data-old-run" in page
    assert ExerciseWork.objects.get().code == "unrun"
    as_alice.post(url("draft/"), {"code": WRONG})
    assert ExerciseWork.objects.get().code == WRONG
    assert "data-old-run" not in as_alice.get(url()).content.decode()


def test_the_last_result_is_there_when_one_comes_back_and_gone_when_the_draft_is_another(as_alice, exercise):
    run(as_alice, WRONG)
    assert "1 of 2 tests pass" in as_alice.get(url()).content.decode()
    as_alice.post(url("draft/"), {"code": "other"})
    assert "1 of 2 tests pass" not in as_alice.get(url()).content.decode()


def test_runs_of_a_learner_are_limited_and_the_code_is_kept(as_alice, alice, exercise, settings):
    settings.LIMITS = {**settings.LIMITS, "runs": "1/5m"}
    take_one("runs", alice.pk)
    response = run(as_alice, RIGHT)
    assert response.status_code == 429
    assert 240 < int(response.headers["Retry-After"]) <= 300
    assert "Try again in 5 minutes" in response.content.decode()
    assert ExerciseWork.objects.get().code == RIGHT
    assert ExerciseRun.objects.count() == 0
    answer = as_alice.post("/api/v1/exercises/doubling/double/runs/", {"code": RIGHT}, content_type="application/json")
    assert answer.status_code == 429
    assert 240 < int(answer.headers["Retry-After"]) <= 300


def test_a_learner_with_too_many_runs_is_told(as_alice, exercise, monkeypatch):
    def refuse(self, **_):
        raise TooManyRuns("3 runs of yours have not ended.")

    monkeypatch.setattr(Sandbox, "run", refuse)
    response = run(as_alice, RIGHT)
    assert response.status_code == 429
    assert "3 runs of yours" in response.content.decode()
    assert ExerciseWork.objects.get().code == RIGHT
    assert ExerciseRun.objects.count() == 0
    answer = as_alice.post("/api/v1/exercises/doubling/double/runs/", {"code": RIGHT}, content_type="application/json")
    assert answer.status_code == 429
    assert "3 runs of yours" in answer.json()["detail"]


def test_the_api_says_soon_where_to_ask_for_a_run_that_takes_longer(as_alice, exercise):
    address = "/api/v1/exercises/doubling/double/runs/"
    slow = f"import time\ntime.sleep(4)\n{RIGHT}"
    before = time.monotonic()
    answer = as_alice.post(address, {"code": slow}, content_type="application/json")
    assert time.monotonic() - before < 3.5
    assert answer.status_code == 202
    assert answer["Location"] == answer.json()["url"] == f"{address}{answer.json()['id']}/"
    while (state := as_alice.get(answer["Location"])).status_code == 202:
        assert time.monotonic() - before < 30
    assert state.json()["passed"]


def test_who_was_signed_out_comes_back_to_the_exercise(client, exercise):
    for what in ("run/", "draft/", "hint/"):
        assert client.post(url(what)).url == f"/accounts/login/?next={url()}"
        assert client.get(url(what)).url == f"/accounts/login/?next={url()}"


def test_the_list_shows_how_far_one_is(as_alice, exercise, django_assert_max_num_queries):
    make_exercise(exercise.topic, slug="other")
    run(as_alice, RIGHT)
    with django_assert_max_num_queries(7):
        page = as_alice.get("/exercises/").content.decode()
    assert "1 of 2 solved" in page


@pytest.mark.parametrize("rows", [1, 5])
def test_a_page_of_an_exercise_needs_as_many_queries_however_many_runs(
    rows, as_alice, exercise, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(Sandbox, "run", lambda self, **_: {"passed": False, "tests": []})
    for _ in range(rows):
        run(as_alice, WRONG)
    as_alice.get(url())
    with django_assert_num_queries(9):
        as_alice.get(url())


def test_the_api_runs_code(as_alice, as_bob, client, exercise):
    address = "/api/v1/exercises/doubling/double/runs/"
    answer = as_alice.post(address, {"code": WRONG}, content_type="application/json")
    assert answer.status_code == 201
    body = answer.json()
    assert body["passed"] is False
    assert [test["outcome"] for test in body["tests"]] == ["failed", "passed"]
    assert body["stdout"] == "trying\ntrying\n"
    again = as_alice.post(address, {"code": WRONG, "id": body["id"]}, content_type="application/json")
    assert again.json() == body
    assert as_alice.get(f"{address}{body['id']}/").json() == body
    assert as_bob.get(f"{address}{body['id']}/").status_code == 404
    assert as_bob.post(address, {"code": RIGHT, "id": body["id"]}, content_type="application/json").status_code == 409
    assert client.post(address, {"code": RIGHT}).status_code == 401
    assert as_alice.post(address, {}).status_code == 400
    assert as_alice.post(address.replace("double/", "none/"), {"code": RIGHT}).status_code == 404


@pytest.mark.parametrize("what", ["run/", "draft/", "hint/", "solution/", "reset/"])
def test_nothing_is_changed_by_looking(as_alice, exercise, what):
    assert as_alice.get(url(what)).status_code == 405
    assert as_alice.get("/exercises/doubling/none/").status_code == 404
    assert ExerciseWork.objects.count() == 0
