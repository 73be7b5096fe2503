"""Practice, quizzes without a clock, confidence, retrying, rating, paper: what a quiz can do beside the exam."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from progress.models import Evidence
from quizzes.attempts.services import (
    NoQuestions,
    QuestionClosed,
    close_attempt,
    rate_answer,
    retry_missed,
    reveal_answer,
    save_answer,
    set_flag,
)
from quizzes.domain.questions import KINDS, AnswerError
from quizzes.models import Attempt
from tests.factories import keys_of, make_attempt, make_attempt_at, make_concept, make_question, make_question_of

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#question"}


def answer_url(attempt: Attempt, number: int = 1) -> str:
    return f"/quizzes/{attempt.pk}/answers/{number}/"


def right_answer(attempt: Attempt, number: int = 1):
    from quizzes.domain.questions import parse_question

    question = attempt.questions.select_related("version").get(number=number)
    return parse_question(question.version.content).expected(question.presentation)


@pytest.fixture
def practice(alice):
    return make_attempt_at(alice, make_question_of("numeric"), make_question_of("single_choice"), mode="practice")


def number_of(attempt: Attempt, kind: str) -> int:
    return attempt.questions.get(version__question__kind=kind).number


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_asked_answered_and_reviewed(as_alice, alice, kind):
    attempt = make_attempt_at(alice, make_question_of(kind))
    page = as_alice.get(f"/quizzes/{attempt.pk}/").content.decode()
    assert "Question 1 of 1" in page
    assert 'name="answer"' in page
    assert "because" not in page
    given = right_answer(attempt)
    given = given["text"] if kind == "open" else given
    response = as_alice.post(answer_url(attempt), {"answer": given, "confidence": "sure", "go": "finish"})
    assert response.url == f"/quizzes/{attempt.pk}/finish/"
    review = as_alice.post(f"/quizzes/{attempt.pk}/finish/", follow=True).content.decode()
    assert ("to be rated" if kind == "open" else "1 of 1 points") in review
    assert ("Rate my answer" in review) == (kind == "open")


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_left_open_is_reviewed_too(as_alice, alice, kind):
    attempt = make_attempt_at(alice, make_question_of(kind))
    as_alice.get(f"/quizzes/{attempt.pk}/")
    review = as_alice.post(f"/quizzes/{attempt.pk}/finish/", follow=True).content.decode()
    assert "not answered" in review
    assert "0 of 1 points" in review


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_version_on_paper_whose_answers_come_once_it_is_closed(as_alice, alice, kind):
    attempt = make_attempt_at(alice, make_question_of(kind))
    before = as_alice.get(f"/quizzes/{attempt.pk}/print/").content.decode()
    assert "Answers</h2>" not in before
    assert "because" not in before
    close_attempt(attempt=attempt, now=timezone.now())
    after = as_alice.get(f"/quizzes/{attempt.pk}/print/").content.decode()
    assert after.index("Question 1") < after.index("Answers</h2>")


@pytest.mark.parametrize(
    ("kind", "typed", "words"),
    [
        ("numeric", ["a half"], "This is no number"),
        ("formula", ["y_hat -"], "ends too early"),
        ("ordering", ["a", "2", "b", "2", "c", "1", "d", "3"], "its own place"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays_in_its_field(as_alice, alice, kind, typed, words):
    attempt = make_attempt_at(alice, make_question_of(kind))
    response = as_alice.post(answer_url(attempt), {"answer": typed})
    page = response.content.decode()
    assert words in as_alice.post(answer_url(attempt), {"answer": typed}, headers=HTMX).content.decode()
    assert response.status_code == 422
    assert words in page
    assert f'value="{typed[-1]}"' in page
    assert attempt.questions.get().answer is None


def test_emptying_a_field_takes_the_answer_back(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("numeric"))
    as_alice.post(answer_url(attempt), {"answer": "1.5"})
    as_alice.post(answer_url(attempt), {"answer": ""})
    assert attempt.questions.get().answer is None
    assert attempt.resume_at() == 1


def test_practice_explains_at_once_and_the_answer_stays(as_alice, practice):
    number = number_of(practice, "numeric")
    page = as_alice.post(answer_url(practice, number), {"answer": "1.04", "go": "check"}, follow=True).content.decode()
    assert "These are nats." in page
    assert "Half a bit" in page
    again = as_alice.post(answer_url(practice, number), {"answer": "1.5", "go": "check"}, follow=True).content.decode()
    assert "shown already" in again
    assert practice.questions.get(number=number).answer == "1.04"
    assert Evidence.objects.get().credit == 0


def test_practice_shows_nothing_of_questions_not_checked_yet(as_alice, practice):
    number = number_of(practice, "single_choice")
    as_alice.post(answer_url(practice, number), {"answer": "a"})
    assert "because" not in as_alice.get(f"/quizzes/{practice.pk}/?question={number}").content.decode()


def test_checking_counts_once_when_the_quiz_is_closed(practice, alice):
    number = number_of(practice, "numeric")
    save_answer(attempt=practice, number=number, given="1.5", now=timezone.now())
    for _ in range(2):
        reveal_answer(attempt=practice, number=number, now=timezone.now())
    with pytest.raises(QuestionClosed):
        save_answer(attempt=practice, number=number, given="2", now=timezone.now())
    assert close_attempt(attempt=practice, now=timezone.now()).score == 1
    assert Evidence.objects.of(alice).count() == 1


def test_an_exam_shows_nothing_before_its_end(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    as_alice.post(answer_url(attempt), {"answer": "a", "go": "check"})
    assert attempt.questions.get().revealed_at is None
    with pytest.raises(ValueError, match="before its end"):
        reveal_answer(attempt=attempt, number=1, now=timezone.now())


def test_a_quiz_without_minutes_has_no_clock_and_is_never_overdue(as_alice, alice):
    make_question(make_concept())
    as_alice.post("/quizzes/start/", {"questions": 1, "minutes": ""})
    attempt = Attempt.objects.get()
    assert attempt.deadline is None
    assert "No clock runs" in as_alice.get(f"/quizzes/{attempt.pk}/").content.decode()
    assert "without a clock" in as_alice.get("/quizzes/").content.decode()
    save_answer(attempt=attempt, number=1, given="a", now=timezone.now() + timedelta(days=400))
    later = timezone.now() + timedelta(days=500)
    assert close_attempt(attempt=attempt, now=later).finished_at == later


def test_the_time_factor_of_the_settings_stretches_a_new_quiz(as_alice, alice):
    make_question(make_concept())
    page = as_alice.post("/settings/", {"time_factor": "1.5"}, follow=True).content.decode()
    assert "Your settings are saved" in page
    as_alice.post("/quizzes/start/", {"questions": 1, "minutes": 10})
    attempt = Attempt.objects.get()
    assert attempt.deadline - attempt.started_at == timedelta(minutes=15)


@pytest.mark.parametrize("bad", ["9", "x", "", "nan"])
def test_a_time_factor_that_is_not_on_the_list_is_refused(as_alice, alice, bad):
    assert as_alice.post("/settings/", {"time_factor": bad}).status_code == 422
    alice.refresh_from_db()
    assert alice.time_factor == 1


def test_a_quiz_can_be_narrowed_to_kinds_and_difficulties(as_alice):
    concept = make_concept()
    wanted = make_question_of("formula", concept, difficulty=3)
    make_question_of("formula", concept, difficulty=1)
    make_question_of("numeric", concept, difficulty=3)
    as_alice.post("/quizzes/start/", {"questions": 9, "minutes": 5, "kinds": ["formula"], "difficulties": [3]})
    assert [asked.version.question for asked in Attempt.objects.get().questions.in_full()] == [wanted]


def test_the_results_say_how_well_one_judged_oneself(as_alice, alice):
    attempt = make_attempt(alice, questions=3)
    for number, right in [(1, True), (2, True), (3, False)]:
        good, bad = keys_of(attempt, number)
        answer = good[0] if right else bad[0]
        as_alice.post(answer_url(attempt, number), {"answer": answer, "confidence": "sure" if number < 3 else "guess"})
    page = as_alice.post(f"/quizzes/{attempt.pk}/finish/", follow=True).content.decode()
    table = page[page.index("How well you judged") : page.index("</table>")]
    assert "2 of 2" in table
    assert "0 of 1" in table


def test_an_unknown_confidence_is_not_kept(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    as_alice.post(answer_url(attempt), {"answer": "a", "confidence": "prophetic"})
    assert attempt.questions.get().confidence == ""


def test_retrying_asks_what_was_not_right_in_proportional_time(as_alice, alice):
    attempt = make_attempt(alice, questions=4, minutes=20)
    right, _ = keys_of(attempt, 1)
    as_alice.post(answer_url(attempt), {"answer": right[0]})
    close_attempt(attempt=attempt, now=timezone.now())
    response = as_alice.post(f"/quizzes/{attempt.pk}/retry/")
    again = Attempt.objects.of(alice).running().get()
    assert response.url == f"/quizzes/{again.pk}/"
    missed = attempt.questions.exclude(number=1).values_list("version__question", flat=True)
    assert set(again.questions.values_list("version__question", flat=True)) == set(missed)
    assert again.deadline - again.started_at == timedelta(minutes=15)


def test_a_generated_question_comes_with_new_numbers_when_retried(alice):
    attempt = make_attempt_at(alice, make_question_of("generated"))
    close_attempt(attempt=attempt, now=timezone.now())
    again = retry_missed(attempt=Attempt.objects.get(), now=timezone.now())
    assert again.questions.get().presentation["prompt"] != attempt.questions.get().presentation["prompt"]


def test_nothing_is_retried_where_all_was_right(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    right, _ = keys_of(attempt, 1)
    save_answer(attempt=attempt, number=1, given=right[0], now=timezone.now())
    closed = close_attempt(attempt=attempt, now=timezone.now())
    with pytest.raises(NoQuestions):
        retry_missed(attempt=closed, now=timezone.now())
    page = as_alice.post(f"/quizzes/{attempt.pk}/retry/", follow=True).content.decode()
    assert "Nothing is left to retry" in page


def test_an_open_answer_gets_the_credit_its_learner_gives_it(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("open"))
    as_alice.post(answer_url(attempt), {"answer": "Because."})
    as_alice.post(f"/quizzes/{attempt.pk}/finish/")
    assert not Evidence.objects.exists()
    page = as_alice.post(f"/quizzes/{attempt.pk}/ratings/1/", {"points": ["1", "3"]}, follow=True).content.decode()
    assert "0.7 of 1 points" in page
    assert "own rating" in page
    evidence = Evidence.objects.get()
    assert evidence.credit == pytest.approx(2 / 3)
    assert evidence.self_rated
    as_alice.post(f"/quizzes/{attempt.pk}/ratings/1/", {"points": ["1", "2", "3"]})
    assert Evidence.objects.get().credit == 1
    assert Attempt.objects.get().score == 1


def test_an_open_answer_is_not_rated_before_it_is_closed(alice):
    attempt = make_attempt_at(alice, make_question_of("open"))
    save_answer(attempt=attempt, number=1, given="Because.", now=timezone.now())
    with pytest.raises(ValueError, match="closed"):
        rate_answer(attempt=attempt, number=1, covered=[1])
    closed = close_attempt(attempt=attempt, now=timezone.now())
    with pytest.raises(AnswerError):
        rate_answer(attempt=closed, number=1, covered=[7])


def test_only_open_answers_are_rated(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    close_attempt(attempt=attempt, now=timezone.now())
    page = as_alice.post(f"/quizzes/{attempt.pk}/ratings/1/", {"points": ["1"]}, follow=True).content.decode()
    assert "Only an open answer" in page
    assert Attempt.objects.get().score == 0


def test_a_formula_is_shown_as_it_is_typed(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("formula"))
    url = f"/quizzes/{attempt.pk}/previews/1/"
    assert "katex" in as_alice.get(url, {"answer": "y_hat - y"}, headers=HTMX).content.decode()
    assert "ends too early" in as_alice.get(url, {"answer": "y_hat -"}, headers=HTMX).content.decode()
    assert "shown here" in as_alice.get(url, headers=HTMX).content.decode()
    assert "&lt;script" in as_alice.get(url, {"answer": "<script>"}, headers=HTMX).content.decode().replace(
        "`&lt;`", "&lt;script"
    )
    assert as_alice.get(f"/quizzes/{attempt.pk}/previews/9/").status_code == 404


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("3,142", "Read as <strong>3142"),
        ("3,14", "Read as <strong>3.14"),
        ("1/8", "0.125"),
        ("2 5", "more than one way"),
    ],
)
@pytest.mark.parametrize("kind", ["numeric", "generated"])
def test_a_number_is_shown_as_it_is_read(as_alice, alice, kind, typed, shown):
    attempt = make_attempt_at(alice, make_question_of(kind))
    url = f"/quizzes/{attempt.pk}/previews/1/"
    assert shown in as_alice.get(url, {"answer": typed}, headers=HTMX).content.decode()
    assert "Read as" not in as_alice.get(url, headers=HTMX).content.decode()


def test_only_formulas_and_numbers_have_a_preview(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    assert as_alice.get(f"/quizzes/{attempt.pk}/previews/1/").status_code == 404


@pytest.mark.parametrize("path", ["previews/1/", "print/"])
def test_someone_elses_pages_are_not_found(as_bob, alice, path):
    attempt = make_attempt_at(alice, make_question_of("formula"))
    assert as_bob.get(f"/quizzes/{attempt.pk}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["retry/", "ratings/1/"])
def test_someone_else_neither_retries_nor_rates(as_bob, client, alice, path):
    attempt = make_attempt(alice, questions=1)
    close_attempt(attempt=attempt, now=timezone.now())
    assert as_bob.post(f"/quizzes/{attempt.pk}/{path}").status_code == 404
    assert as_bob.get(f"/quizzes/{attempt.pk}/{path}").status_code == 405
    assert client.post(f"/quizzes/{attempt.pk}/{path}").url.startswith("/accounts/login/")


@pytest.mark.parametrize("questions", [2, 8])
def test_results_need_as_many_queries_however_long_the_quiz(as_alice, alice, questions, django_assert_num_queries):
    attempt = make_attempt(alice, questions=questions)
    close_attempt(attempt=attempt, now=timezone.now())
    with django_assert_num_queries(5):
        as_alice.get(f"/quizzes/{attempt.pk}/review/")


def test_time_spent_is_counted_from_save_to_save(alice):
    attempt = make_attempt(alice, questions=2)
    save_answer(attempt=attempt, number=1, given="a", now=attempt.started_at + timedelta(seconds=20))
    save_answer(attempt=attempt, number=2, given="a", now=attempt.started_at + timedelta(seconds=50))
    save_answer(attempt=attempt, number=1, given="b", now=attempt.started_at + timedelta(seconds=60))
    assert list(attempt.questions.values_list("seconds", flat=True)) == [30, 30]


def test_a_break_is_no_thinking_and_looking_elsewhere_counts_there(alice):
    attempt = make_attempt(alice, questions=2)
    start = attempt.started_at
    set_flag(attempt=attempt, number=2, flagged=True, now=start + timedelta(seconds=40))
    save_answer(attempt=attempt, number=1, given="a", now=start + timedelta(seconds=50))
    save_answer(attempt=attempt, number=1, given="", now=start + timedelta(minutes=9))
    save_answer(attempt=attempt, number=2, given="a", now=start + timedelta(minutes=9, seconds=5))
    assert list(attempt.questions.values_list("seconds", flat=True)) == [10 + 300, 40 + 5]


def test_an_open_answer_that_was_not_rated_is_not_retried(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("open"), make_question_of("single_choice"))
    by_kind = {question.version.question.kind: question for question in attempt.questions.in_full()}
    save_answer(attempt=attempt, number=by_kind["open"].number, given="My words", now=timezone.now())
    closed = close_attempt(attempt=attempt, now=timezone.now())
    again = retry_missed(attempt=closed, now=timezone.now())
    assert [question.version.question.kind for question in again.questions.in_full()] == ["single_choice"]


def test_the_api_takes_and_gives_every_kind(as_alice, alice):
    concept = make_concept()
    for kind in KINDS:
        make_question_of(kind, concept)
    quiz = as_alice.post(
        "/api/v1/quizzes/", {"questions": 20, "minutes": None, "mode": "exam"}, content_type="application/json"
    ).json()
    attempt = Attempt.objects.get(pk=quiz["id"])
    assert quiz["deadline"] is None
    tolerances = {question["kind"]: question["tolerance"] for question in quiz["questions"]}
    assert tolerances["numeric"] == {"absolute": 0.01}
    assert tolerances["single_choice"] is None
    for question in quiz["questions"]:
        body = {"answer": right_answer(attempt, question["number"]), "confidence": "think"}
        url = f"/api/v1/quizzes/{attempt.pk}/answers/{question['number']}/"
        assert as_alice.put(url, body, content_type="application/json").status_code == 200
    results = as_alice.post(f"/api/v1/quizzes/{attempt.pk}/finish/").json()
    assert results["score"] == pytest.approx(len(KINDS) - 1)
    number = number_of(attempt, "open")
    rating = f"/api/v1/quizzes/{attempt.pk}/ratings/{number}/"
    assert as_alice.put(rating, {"points": [1, 2, 3]}, content_type="application/json").json()["credit"] == 1
    assert as_alice.put(rating, {"points": [9]}, content_type="application/json").status_code == 400
    assert Attempt.objects.get().score == pytest.approx(len(KINDS))


def test_the_api_says_when_practice_has_shown_the_answer(as_alice, practice):
    reveal_answer(attempt=practice, number=1, now=timezone.now())
    url = f"/api/v1/quizzes/{practice.pk}/answers/1/"
    response = as_alice.put(url, {"answer": "a"}, content_type="application/json")
    assert response.status_code == 409
    assert response.json()["code"] == "question_closed"


def test_unticking_everything_takes_the_answer_back(as_alice, alice):
    attempt = make_attempt(alice, questions=1, kind="multiple_choice")
    as_alice.post(answer_url(attempt), {"answer": ["", "a", "b"]})
    as_alice.post(answer_url(attempt), {"answer": [""]})
    assert attempt.questions.get().answer is None


def test_a_flag_and_a_confidence_are_kept_whatever_stands_in_the_field(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("numeric"))
    as_alice.post(answer_url(attempt), {"answer": "abc", "flag": "on", "confidence": "guess"})
    assert (attempt.questions.get().flagged, attempt.questions.get().confidence) == (True, "guess")


def test_moving_on_from_an_unreadable_answer_says_that_it_was_not_saved(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("numeric"), make_question_of("numeric"))
    page = as_alice.post(answer_url(attempt), {"answer": "abc", "go": "2"}, follow=True).content.decode()
    assert "Question 2 of 2" in page
    assert "What stood in question 1 was not saved" in page


def test_what_is_left_open_or_unrated_says_nothing_of_ones_judgement(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("open"))
    as_alice.post(answer_url(attempt), {"answer": "Because.", "confidence": "sure"})
    page = as_alice.post(f"/quizzes/{attempt.pk}/finish/", follow=True).content.decode()
    assert "How well you judged" not in page


def test_json_nested_too_deeply_is_a_bad_request(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    body = '{"answer": ' + "[" * 100_000 + "]" * 100_000 + "}"
    url = f"/api/v1/quizzes/{attempt.pk}/answers/1/"
    assert as_alice.put(url, body, content_type="application/json").status_code == 400
    assert as_alice.put(url, '{"answer": "\\ud800"}', content_type="application/json").status_code == 400


@pytest.mark.parametrize("sent", [{"time_zone": "Mars/Olympus"}, {"day_begins_at": "24"}])
def test_a_time_zone_or_hour_that_is_none_is_refused(as_alice, sent):
    assert as_alice.post("/settings/", {"time_factor": "1.0", **sent}).status_code == 422


def test_the_day_begins_where_and_when_the_learner_says(as_alice, alice):
    as_alice.post("/settings/", {"time_factor": "1.0", "time_zone": "Asia/Tokyo", "day_begins_at": "2"})
    alice.refresh_from_db()
    assert alice.day_of(datetime(2026, 6, 1, 17, 30, tzinfo=UTC)) == date(2026, 6, 2)
    assert alice.day_of(datetime(2026, 6, 1, 16, 30, tzinfo=UTC)) == date(2026, 6, 1)


def before_of(client, attempt: Attempt, number: int = 1) -> str:
    """What a page, made now, says of the answer it was made with."""
    page = client.get(f"/quizzes/{attempt.pk}/?question={number}").content.decode()
    return re.search(r'name="before" value="(\w+)"', page)[1]


@pytest.mark.parametrize("go", ["2", "finish", "flag", "confidence"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in {"single_choice", "multiple_choice"}])
def test_an_untouched_page_in_a_second_tab_takes_no_answer_back(as_alice, alice, kind, go):
    attempt = make_attempt_at(alice, make_question_of(kind), make_question_of(kind))
    stale = before_of(as_alice, attempt)
    save_answer(attempt=attempt, number=1, given=right_answer(attempt), now=timezone.now())
    saved = attempt.questions.get(number=1).answer
    empty = {"answer": [""], "before": stale, "edited": ""}
    more = {"flag": {"flag": "on"}, "confidence": {"confidence": "sure"}}.get(go, {"go": go})
    as_alice.post(answer_url(attempt), empty | more)
    assert attempt.questions.get(number=1).answer == saved
    assert saved is not None


def test_an_old_choice_in_another_tab_takes_no_newer_one_back_but_a_new_one_does(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("single_choice"))
    as_alice.post(answer_url(attempt), {"answer": "a"})
    stale = before_of(as_alice, attempt)
    as_alice.post(answer_url(attempt), {"answer": "b"})
    as_alice.post(answer_url(attempt), {"answer": "a", "before": stale, "edited": ""})
    assert attempt.questions.get().answer == "b"
    as_alice.post(answer_url(attempt), {"answer": "a", "before": stale, "edited": "on"})
    assert attempt.questions.get().answer == "a"


def test_an_old_confidence_in_another_tab_takes_no_newer_one_back_but_a_new_one_does(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("single_choice"))
    as_alice.post(answer_url(attempt), {"confidence": "sure", "confidence_before": ""})
    as_alice.post(answer_url(attempt), {"confidence": "guess", "confidence_before": "sure"})
    as_alice.post(answer_url(attempt), {"answer": "a", "confidence": "sure", "confidence_before": "sure"})
    assert attempt.questions.get().confidence == "guess"
    as_alice.post(answer_url(attempt), {"confidence": "think", "confidence_before": "sure"})
    assert attempt.questions.get().confidence == "think"


def saved_by_itself(client, attempt: Attempt, held: dict[str, str], **sent: str) -> dict[str, str]:
    """What a page holds after it has saved `sent` by itself, as htmx does: its form and what the answer put into it."""
    headers = {"HX-Request": "true", "HX-Target": "saved"}
    fragment = client.post(answer_url(attempt), held | sent, headers=headers).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="(\w*)"', fragment))
    return held | {name: text for name, text in sent.items() if name != "edited"} | hidden


def test_a_tab_that_goes_on_saving_takes_back_nothing_that_another_tab_saved_meanwhile(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("single_choice"))
    empty = {"edited": "", "before": before_of(as_alice, attempt), "confidence_before": ""}
    old = saved_by_itself(as_alice, attempt, empty, answer="a", edited="on", confidence="sure")
    newer = saved_by_itself(as_alice, attempt, old, answer="b", edited="on", confidence="guess")
    kept = attempt.questions.get
    old = saved_by_itself(as_alice, attempt, old)
    saved_by_itself(as_alice, attempt, old)
    assert (kept().answer, kept().confidence) == ("b", "guess")
    old = saved_by_itself(as_alice, attempt, old, confidence="think")
    assert (kept().answer, kept().confidence) == ("b", "think")
    saved_by_itself(as_alice, attempt, newer, answer="c", edited="on")
    assert (kept().answer, kept().confidence) == ("c", "think")
    saved_by_itself(as_alice, attempt, old, answer="a", edited="on")
    assert (kept().answer, kept().confidence) == ("a", "think")


def test_a_running_quiz_is_never_shown_from_a_cache(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    assert "no-store" in as_alice.get(f"/quizzes/{attempt.pk}/").headers["Cache-Control"]
