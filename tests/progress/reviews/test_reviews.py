"""The weekly review through its pages."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from progress.kept.services import MOST
from progress.models import KeptText, ReviewRequest, WeeklyReview
from progress.plans.services import end_reviews
from progress.reading.services import mark_read
from progress.reviews.services import due_week
from quizzes.attempts.services import close_attempt
from tests.factories import make_attempt, make_concept, make_evidence, make_focus, make_note, make_topic

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
NOW = datetime(2026, 3, 8, 12, tzinfo=UTC)  # a Sunday
MONDAY = date(2026, 3, 2)
URL = "/notes/reviews/2026-03-02/"


@pytest.fixture(autouse=True)
def sunday(monkeypatch):
    """It is a Sunday at noon, and stays it."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def long_here(alice):
    alice.date_joined = NOW - timedelta(days=60)
    alice.save()
    return alice


@pytest.fixture
def week(long_here):
    """Alice's week: Softmax went badly, Bias well, a topic was read to its end."""
    alice = long_here
    softmax, bias = make_concept("DL-021", name="Softmax"), make_concept("ML-001", name="Bias")
    for credit in (0.0, 0.0, 1.0):
        make_evidence(alice, softmax, credit, days_ago=2)
    for _ in range(3):
        make_evidence(alice, bias, days_ago=1)
    make_evidence(alice, bias, 0.0, days_ago=20)
    topic = make_topic(4, slug="attention", title="Attention")
    for part in ("overview", "worked-examples"):
        mark_read(learner=alice, topic=topic, part=part, read=True, now=NOW - timedelta(days=1))
    make_focus(alice, topic, 50, days_ago=1)
    make_focus(alice, topic, 25, days_ago=30)
    return softmax, bias, topic


class Tab:
    """A page with the review open: it sends what it was made with and learns from each answer."""

    def __init__(self, client, url=URL):
        self.client, self.url = client, url
        page = client.get(url).content.decode()
        self._read(page)
        self.flagged = re.findall(r'name="flagged" value="([^"]*)" checked', page)

    def _read(self, page):
        self.hidden = {
            **getattr(self, "hidden", {}),
            **dict(re.findall(r'name="(page|base\w*)" value="([^"]*)"', page)),
        }

    def sends(self, *, script=False, flagged=None, **fields):
        self.flagged = self.flagged if flagged is None else flagged
        sent = {**self.hidden, "flagged": self.flagged, **fields}
        response = self.client.post(self.url, sent, headers=HTMX if script else {})
        if script:
            self._read(response.content.decode())
        return response


def asked(learner):
    return {request.subject.__str__(): request.reason for request in ReviewRequest.objects.of(learner).open()}


def test_the_page_has_the_four_questions_and_the_facts_of_the_week(as_alice, week):
    page = as_alice.get(URL).content.decode()
    for words in ("without notes?", "derive its key equations?", "from scratch?", "needs more work?"):
        assert words in page
    assert "2 March to 8 March" in page
    assert "<dd>4 of 6</dd>" in page
    assert "<dd>50 min</dd>" in page
    assert "Finished this week: <a" in page
    assert "1 of 3" in page
    assert "0 of 1" in page
    assert Tab(as_alice).flagged == ["DL-021"]
    assert "1 of 3 right this week" in page
    assert not WeeklyReview.objects.exists()


def test_quizzes_count_in_the_week_they_were_finished(as_alice, long_here):
    attempt = make_attempt(long_here, now=NOW - timedelta(minutes=3))
    close_attempt(attempt=attempt, now=NOW)
    assert "<dt>Quizzes</dt><dd>1" in as_alice.get(URL).content.decode()
    assert "<dt>Quizzes</dt>" not in as_alice.get("/notes/reviews/2026-02-23/").content.decode()


def test_the_learners_own_days_bound_the_week(as_alice, long_here):
    long_here.time_zone = "Asia/Tokyo"
    long_here.save()
    concept = make_concept("DL-021")
    # In Tokyo Monday the 2nd begins at 19:00 UTC on the 1st, as days begin at four.
    for hours in (-1, 1):
        evidence = make_evidence(long_here, concept)
        evidence.happened_at = datetime(2026, 3, 1, 19 + hours, tzinfo=UTC)
        evidence.save()
    assert "<dd>1 of 1</dd>" in as_alice.get(URL).content.decode()


def test_answers_are_kept_and_can_be_changed(as_alice, alice, week):
    Tab(as_alice).sends(explain="Attention, yes", derive="Not the gradient")
    Tab(as_alice).sends(explain="Attention, yes", derive="The gradient too")
    review = WeeklyReview.objects.of(alice).get()
    assert (review.explain, review.derive, review.done_at) == ("Attention, yes", "The gradient too", None)
    assert "The gradient too</textarea>" in as_alice.get(URL).content.decode()
    assert not ReviewRequest.objects.exists()


def test_what_is_typed_is_saved_by_itself_and_told(as_alice, week):
    tab = Tab(as_alice)
    for text in ("A", "AB", "ABC"):
        page = tab.sends(script=True, implement=text).content.decode()
        assert "Saved" in page
        assert "<html" not in page
    assert WeeklyReview.objects.get().implement == "ABC"


def test_a_finished_review_asks_the_plan_for_what_it_flags(as_alice, alice, week):
    response = Tab(as_alice).sends(flagged=["DL-021", "attention"], go="finish")
    assert response.url == URL
    assert asked(alice) == {
        "DL-021 Softmax": "Weekly review: 1 of 3 right this week",
        "4. Attention": "Weekly review: you want to look at it again",
    }
    assert set(ReviewRequest.objects.values_list("source", flat=True)) == {"review:2026-03-02"}
    page = as_alice.get(URL).content.decode()
    assert "2 things go into your plan" in page
    assert "2 of what you ticked wait in your plan" in page


def test_what_is_unticked_before_it_is_done_is_withdrawn(as_alice, alice, week):
    Tab(as_alice).sends(flagged=["DL-021", "ML-001", "attention"], go="finish")
    done = ReviewRequest.objects.get(concept__code="ML-001")
    end_reviews(learner=alice, ids=[done.pk], now=NOW)
    Tab(as_alice).sends(flagged=["attention"])
    assert set(asked(alice)) == {"4. Attention"}
    assert ReviewRequest.objects.filter(pk=done.pk).exists()
    Tab(as_alice).sends(script=True, flagged=["attention", "DL-021"])
    assert set(asked(alice)) == {"4. Attention", "DL-021 Softmax"}


def test_requests_of_others_and_of_other_weeks_stay(as_alice, alice, week):
    Tab(as_alice, "/notes/reviews/2026-02-23/").sends(flagged=["DL-021"], go="finish")
    Tab(as_alice).sends(flagged=[], go="finish")
    assert ReviewRequest.objects.get().source == "review:2026-02-23"
    assert "Nothing needs more work" in as_alice.get(URL).content.decode()


def test_the_proposal_follows_the_evidence_until_the_learner_chooses(as_alice, alice, week):
    Tab(as_alice).sends(explain="early")
    make_note(alice, week[1], review_needed=True)
    assert Tab(as_alice).flagged == ["DL-021", "ML-001"]
    Tab(as_alice).sends(flagged=["ML-001"])
    assert Tab(as_alice).flagged == ["ML-001"]
    assert WeeklyReview.objects.get().flagged == {week[1]}


def test_something_else_can_be_flagged(as_alice, week):
    make_concept("NLP-001", name="Embeddings")
    Tab(as_alice).sends(go="add", more="embeddings")
    assert sorted(Tab(as_alice).flagged) == ["DL-021", "NLP-001"]
    Tab(as_alice).sends(go="add", more="nothing of that name")
    assert "No concept or topic is called that" in as_alice.get(URL).content.decode()


@pytest.mark.parametrize("script", [True, False])
def test_two_pages_lose_nothing_of_each_other(script, as_alice, alice, week):
    one, other = Tab(as_alice), Tab(as_alice)
    one.sends(explain="first", derive="only here", script=True)
    response = other.sends(explain="second", implement="also", script=script)
    assert response.status_code == 409
    review = WeeklyReview.objects.get()
    assert (review.explain, review.derive, review.implement) == ("first", "only here", "also")
    kept = KeptText.objects.of(alice).get()
    assert kept.body == "second"
    page = as_alice.get(URL).content.decode()
    assert "second</pre>" in page
    assert f"{URL}kept/{kept.pk}/" in page
    as_alice.post(f"{URL}kept/{kept.pk}/", {"action": "take"})
    assert WeeklyReview.objects.get().explain == "first\n\nsecond"
    assert not KeptText.objects.exists()


def test_only_so_many_answers_are_kept_aside_and_a_further_one_stays_in_its_form(as_alice, alice, week):
    late = [Tab(as_alice) for _ in range(MOST + 1)]
    Tab(as_alice).sends(explain="stored")
    for number, tab in enumerate(late[:-1]):
        assert tab.sends(explain=f"aside {number}").status_code == 409
    response = late[-1].sends(explain="one too many")
    assert response.status_code == 422
    page = response.content.decode()
    assert "20 texts are kept aside for it already" in page
    assert "one too many</textarea>" in page
    assert KeptText.objects.of(alice).count() == MOST


@pytest.mark.parametrize("day", ["9999-12-27", "9999-12-31", "0001-01-01"])
def test_a_week_at_the_end_of_time_is_not_there(day, as_alice, week):
    for address in (f"/notes/reviews/{day}/", f"/api/v1/reviews/{day}/"):
        assert as_alice.get(address).status_code == 404
        assert as_alice.post(f"/notes/reviews/{day}/", {"explain": "x"}).status_code == 404
    assert as_alice.put(f"/api/v1/reviews/{day}/", {}, content_type="application/json").status_code in {400, 404}


def test_a_kept_answer_can_be_thrown_away_by_its_learner_alone(as_alice, as_bob, alice, week):
    Tab(as_alice).sends(explain="x")
    kept = KeptText.objects.create(learner=alice, place="review:2026-03-02:explain", page="p", body="aside")
    url = f"{URL}kept/{kept.pk}/"
    assert as_bob.post(url, {"action": "discard"}).status_code == 404
    assert as_alice.get(url).status_code == 405
    assert as_alice.post("/notes/reviews/2026-02-23/kept/1/").status_code == 404
    as_alice.post(url, {"action": "discard"})
    assert not KeptText.objects.exists()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("bad", [{"explain": "x" * 10_001}, {"derive": "nul \x00"}])
def test_a_bad_answer_is_refused_and_stays_in_the_form(bad, script, as_alice, week):
    response = Tab(as_alice).sends(script=script, implement="kept in the form", **bad)
    assert response.status_code == 422
    assert "Not saved." in response.content.decode()
    if not script:
        assert "kept in the form</textarea>" in response.content.decode()
    assert not WeeklyReview.objects.exists()


def test_unknown_flags_count_as_none(as_alice, week):
    Tab(as_alice).sends(flagged=["zzz", "\x00", "x" * 5000], go="finish")
    assert WeeklyReview.objects.get().flagged == set()


# When a review waits


def test_a_review_waits_from_its_day_on_until_it_is_done(as_alice, long_here):
    assert due_week(long_here, date(2026, 3, 7)).monday == date(2026, 2, 23)
    for day in (8, 9, 14):
        assert due_week(long_here, date(2026, 3, day)).monday == MONDAY
    assert "A review waits" in as_alice.get("/notes/reviews/").content.decode()
    Tab(as_alice).sends(go="finish")
    for day in (8, 9, 14):
        assert due_week(long_here, date(2026, 3, day)) is None
    assert due_week(long_here, date(2026, 3, 15)).monday == date(2026, 3, 9)
    assert "A review waits" not in as_alice.get("/notes/reviews/").content.decode()


def test_who_has_just_come_has_nothing_to_look_back_on(alice):
    alice.date_joined = NOW
    assert due_week(alice, date(2026, 3, 8)) is None
    assert due_week(alice, date(2026, 3, 14)) is None
    assert due_week(alice, date(2026, 3, 15)).monday == date(2026, 3, 9)


def test_another_weekday_moves_the_week(as_alice, long_here):
    Tab(as_alice, "/notes/reviews/2026-02-23/").sends(explain="on a Sunday")
    assert as_alice.post("/notes/reviews/weekday/", {"weekday": "2"}).url == "/notes/reviews/"
    long_here.refresh_from_db()
    week = due_week(long_here, date(2026, 3, 8))
    assert (week.monday, week.first, week.last) == (MONDAY, date(2026, 2, 26), date(2026, 3, 4))
    assert "26 February to 4 March" in as_alice.get(URL).content.decode()
    # What is written keeps its days.
    assert "23 February to 1 March" in as_alice.get("/notes/reviews/2026-02-23/").content.decode()


@pytest.mark.parametrize("bad", [{}, {"weekday": "7"}, {"weekday": "x"}])
def test_a_bad_weekday_is_refused(bad, as_alice, long_here):
    assert as_alice.post("/notes/reviews/weekday/", bad).status_code == 422
    long_here.refresh_from_db()
    assert long_here.review_weekday == 6


@pytest.mark.parametrize("monday", ["2026-03-03", "2026-03-09", "2020-01-06", "zzz", "2026-13-45", "20260302x", "w"])
def test_days_that_are_no_week_to_look_back_on_are_not_there(monday, as_alice, long_here):
    assert as_alice.get(f"/notes/reviews/{monday}/").status_code == 404


def test_somebody_elses_review_is_not_there(as_alice, as_bob, week, bob):
    bob.date_joined = NOW - timedelta(days=60)
    bob.save()
    Tab(as_alice).sends(explain="secret", flagged=["DL-021"], go="finish")
    page = as_bob.get(URL).content.decode()
    assert "secret" not in page
    assert "Softmax" not in re.sub(r"<datalist.*?</datalist>", "", page)
    assert "Week to" not in as_bob.get("/notes/reviews/").content.decode()
    Tab(as_bob).sends(explain="Bob's")
    assert WeeklyReview.objects.get(learner__username="alice").explain == "secret"


def test_signed_out_and_wrong_methods(client, as_alice, long_here):
    for path in ("/notes/reviews/", URL):
        assert client.get(path).url.startswith("/accounts/login/")
    assert as_alice.post("/notes/reviews/").status_code == 405
    assert as_alice.get("/notes/reviews/weekday/").status_code == 405
    assert as_alice.delete(URL).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_a_review_needs_as_many_queries_however_much_was_done(rows, as_alice, long_here, django_assert_num_queries):
    for _ in range(rows):
        concept, topic = make_concept(), make_topic()
        make_evidence(long_here, concept, 0.0, days_ago=1)
        make_evidence(long_here, concept, 0.0, days_ago=1)
        make_focus(long_here, topic, days_ago=1)
        make_note(long_here, topic, review_needed=True)
        mark_read(learner=long_here, topic=topic, part="overview", read=True, now=NOW)
    Tab(as_alice).sends(go="finish")
    with django_assert_num_queries(27):
        as_alice.get(URL)


API = "/api/v1/reviews/"


def test_a_review_is_read_and_written_over_the_api(as_alice, alice, week):
    shown = as_alice.get(f"{API}2026-03-02/").json()
    assert (shown["explain"], shown["flagged"], shown["done_at"]) == ("", [], None)
    assert (shown["facts"]["answers"], shown["facts"]["right"], shown["facts"]["focus_minutes"]) == (6, 4, 50)
    assert shown["facts"]["proposed"] == ["DL-021"]
    body = {"explain": "Yes", "flagged": ["ML-001", "attention"], "finish": True}
    saved = as_alice.put(f"{API}2026-03-02/", body, content_type="application/json").json()
    assert (saved["explain"], saved["flagged"]) == ("Yes", ["ML-001", "attention"])
    assert saved["done_at"]
    assert len(asked(alice)) == 2
    more = as_alice.put(f"{API}2026-03-02/", {"derive": "Mostly"}, content_type="application/json").json()
    assert (more["explain"], more["derive"], more["flagged"]) == ("Yes", "Mostly", ["ML-001", "attention"])
    assert [row["monday"] for row in as_alice.get(API).json()["results"]] == ["2026-03-02"]


@pytest.mark.parametrize("body", [{"flagged": ["nothing"]}, {"explain": "x" * 10_001}, {"finish": "perhaps"}])
def test_a_bad_review_over_the_api_is_refused_and_nothing_kept(as_alice, week, body):
    refused = as_alice.put(f"{API}2026-03-02/", body, content_type="application/json")
    assert refused.status_code == 400
    assert list(refused.json()) == list(body)
    assert not WeeklyReview.objects.exists()


@pytest.mark.parametrize("monday", ["2026-03-03", "2027-03-01", "never"])
def test_a_week_that_there_is_not_is_not_there_over_the_api(as_alice, week, monday):
    assert as_alice.get(f"{API}{monday}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_over_the_api_needs_7_queries_however_long(rows, as_alice, alice, week, django_assert_num_queries):
    for number in range(rows):
        monday = MONDAY - timedelta(days=7 * number)
        WeeklyReview.objects.create(learner=alice, monday=monday, last_day=monday).concepts.set(week[:2])
    with django_assert_num_queries(7):
        assert len(as_alice.get(API).json()["results"][0]["flagged"]) == 2
