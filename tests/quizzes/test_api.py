"""Quizzes over the API, by the contract."""

from datetime import timedelta

import pytest
from django.utils import timezone

from quizzes.models import Attempt
from tests.factories import keys_of, make_attempt, make_attempt_at, make_concept, make_question, make_question_of

QUIZZES = "/api/v1/quizzes/"


def post(client, url, body=None):
    return client.post(url, body or {}, content_type="application/json")


def put(client, url, body):
    return client.put(url, body, content_type="application/json")


def test_a_quiz_from_start_to_results(as_alice):
    make_question(make_concept(week=1))
    make_question(make_concept(week=1), kind="multiple_choice", right=2)
    started = post(as_alice, QUIZZES, {"questions": 2, "minutes": 5, "weeks": [1], "seed": 7})
    assert started.status_code == 201
    quiz = started.json()
    assert set(quiz) == {"id", "mode", "started_at", "deadline", "finished_at", "questions"}
    assert set(quiz["questions"][0]) == {
        "number",
        "kind",
        "prompt_html",
        "options",
        "tolerance",
        "details",
        "answer",
        "flagged",
    }
    assert "secret" not in started.content.decode()
    assert "correct" not in started.content.decode()

    attempt = Attempt.objects.get(pk=quiz["id"])
    for question in quiz["questions"]:
        right, _ = keys_of(attempt, question["number"])
        answer = right if question["kind"] == "multiple_choice" else right[0]
        saved = put(as_alice, f"{QUIZZES}{attempt.pk}/answers/{question['number']}/", {"answer": answer})
        assert saved.status_code == 200
        assert saved.json()["number"] == question["number"]
        assert saved.json()["saved_at"]

    results = post(as_alice, f"{QUIZZES}{attempt.pk}/finish/")
    assert results.status_code == 200
    body = results.json()
    assert (body["score"], body["max_score"]) == (2, 2)
    assert set(body["questions"][0]) == {"number", "credit", "given", "expected", "explanation_html"}
    assert "secret explanation" in body["questions"][0]["explanation_html"]
    assert post(as_alice, f"{QUIZZES}{attempt.pk}/finish/").json() == body
    assert as_alice.get(f"{QUIZZES}{attempt.pk}/").json() == body


def test_the_same_seed_gives_the_same_quiz(as_alice):
    for _ in range(5):
        make_question(make_concept())
    wish = {"questions": 3, "minutes": 5, "seed": 42}
    first, second = (post(as_alice, QUIZZES, wish).json()["questions"] for _ in range(2))
    assert first == second


def test_an_answer_after_the_deadline_is_a_conflict(as_alice, alice):
    attempt = make_attempt(alice)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(seconds=3))
    response = put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": "a"})
    assert response.status_code == 409
    assert response.json()["code"] == "deadline_passed"


def test_whoever_finishes_with_a_key_is_told_whether_it_was_this_call(as_alice, alice):
    url = f"{QUIZZES}{make_attempt(alice).pk}/finish/"
    first = post(as_alice, url, {"idempotency_key": "the-first-press"})
    other = post(as_alice, url, {"idempotency_key": "another-press"})
    assert (other.status_code, other.json()["code"]) == (409, "attempt_finished")
    assert post(as_alice, url, {"idempotency_key": "the-first-press"}).json() == first.json()
    assert post(as_alice, url).json() == first.json()
    assert post(as_alice, url, {"idempotency_key": "?"}).status_code == 400


def test_an_answer_after_the_finish_is_a_conflict_of_its_own(as_alice, alice):
    attempt = make_attempt(alice)
    post(as_alice, f"{QUIZZES}{attempt.pk}/finish/")
    response = put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": "a"})
    assert (response.status_code, response.json()["code"]) == (409, "attempt_finished")


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"questions": 0}, "questions"),
        ({"questions": "many"}, "questions"),
        ({"minutes": 10**30}, "minutes"),
        ({"weeks": [99]}, "weeks"),
        ({"weeks": "1"}, "weeks"),
        ({"sections": ["nowhere"]}, "sections"),
        ({"concepts": ["NONE-001"]}, "concepts"),
        ({"concepts": ["\x00"]}, "concepts"),
        ({"priorities": ["urgent"]}, "priorities"),
        ({"kinds": ["riddle"]}, "kinds"),
        ({"focus": "hard"}, "focus"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**70}, "seed"),
    ],
)
def test_a_wish_that_cannot_be_met_is_a_bad_request_that_names_the_field(as_alice, wish, field):
    make_question(make_concept())
    response = post(as_alice, QUIZZES, wish)
    assert response.status_code == 400
    assert field in response.json()


def test_no_fitting_question_is_a_bad_request(as_alice):
    make_concept()
    assert post(as_alice, QUIZZES, {"questions": 3}).status_code == 400


@pytest.mark.parametrize("answer", ["z", 7, {}, ["a", "b"], "\x00", [[]]])
def test_what_is_no_answer_is_a_bad_request(as_alice, alice, answer):
    attempt = make_attempt(alice)
    assert put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": answer}).status_code == 400


@pytest.mark.parametrize("body", ["", "[]", "3", "{", "null"])
def test_a_body_that_is_no_object_is_a_bad_request(as_alice, alice, body):
    attempt = make_attempt(alice)
    url = f"{QUIZZES}{attempt.pk}/answers/1/"
    assert as_alice.put(url, body, content_type="application/json").status_code == 400


def test_someone_elses_quiz_is_not_found_and_not_listed(as_bob, alice):
    attempt = make_attempt(alice)
    assert as_bob.get(f"{QUIZZES}{attempt.pk}/").status_code == 404
    assert put(as_bob, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": "a"}).status_code == 404
    assert post(as_bob, f"{QUIZZES}{attempt.pk}/finish/").status_code == 404
    assert as_bob.get(QUIZZES).json()["results"] == []


def test_signed_out_calls_are_refused(client, alice):
    attempt = make_attempt(alice)
    assert client.get(QUIZZES).status_code == 401
    assert post(client, QUIZZES).status_code == 401
    assert client.get(f"{QUIZZES}{attempt.pk}/").status_code == 401


def test_focus_new_asks_what_was_never_asked(as_alice):
    for _ in range(4):
        make_question(make_concept())
    wish = {"questions": 2, "focus": "new"}
    prompts = [
        question["prompt_html"] for _ in range(2) for question in post(as_alice, QUIZZES, wish).json()["questions"]
    ]
    assert len(set(prompts)) == 4
    assert post(as_alice, QUIZZES, wish).status_code == 400


def test_focus_weak_asks_about_the_weakest_concepts(as_alice, alice):
    from concepts.models import Status
    from progress.services import set_status

    strong, weak = make_concept(), make_concept()
    make_question(strong)
    wanted = make_question(weak)
    set_status(learner=alice, concept=strong, status=Status.MASTERED, now=timezone.now())
    for seed in range(6):
        quiz = post(as_alice, QUIZZES, {"questions": 1, "focus": "weak", "seed": seed}).json()
        assert wanted.slug in quiz["questions"][0]["prompt_html"]


def test_in_practice_a_question_is_checked_once_and_closed(as_alice, alice):
    attempt = make_attempt_at(alice, make_question_of("single_choice"), mode="practice")
    right, _ = keys_of(attempt, 1)
    put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": right[0]})
    shown = post(as_alice, f"{QUIZZES}{attempt.pk}/checks/1/")
    assert (shown.status_code, shown.json()["credit"]) == (200, 1)
    assert post(as_alice, f"{QUIZZES}{attempt.pk}/checks/1/").json() == shown.json()
    late = put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": right[0]})
    assert (late.status_code, late.json()["code"]) == (409, "question_closed")


def test_an_exam_shows_nothing_before_its_end(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    refused = post(as_alice, f"{QUIZZES}{attempt.pk}/checks/1/")
    assert (refused.status_code, refused.json()["code"]) == (409, "exam")
    assert "secret" not in refused.content.decode()


def test_a_question_is_flagged_and_unflagged(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    for flagged in (True, False):
        assert put(as_alice, f"{QUIZZES}{attempt.pk}/flags/1/", {"flagged": flagged}).json() == {"flagged": flagged}
        assert as_alice.get(f"{QUIZZES}{attempt.pk}/").json()["questions"][0]["flagged"] is flagged
    assert put(as_alice, f"{QUIZZES}{attempt.pk}/flags/1/", {"flagged": "perhaps"}).status_code == 400
    assert put(as_alice, f"{QUIZZES}{attempt.pk}/flags/2/", {"flagged": True}).status_code == 404


def test_what_was_missed_is_retried_once_the_quiz_is_closed(as_alice, alice):
    attempt = make_attempt(alice, questions=2)
    right, _ = keys_of(attempt, 1)
    put(as_alice, f"{QUIZZES}{attempt.pk}/answers/1/", {"answer": right[0]})
    early = post(as_alice, f"{QUIZZES}{attempt.pk}/retry/")
    assert (early.status_code, early.json()["code"]) == (409, "attempt_running")
    post(as_alice, f"{QUIZZES}{attempt.pk}/finish/")
    again = post(as_alice, f"{QUIZZES}{attempt.pk}/retry/")
    assert (again.status_code, len(again.json()["questions"])) == (201, 1)


@pytest.mark.parametrize("path", ["checks/1/", "flags/1/", "retry/"])
def test_what_belongs_to_someone_else_is_not_found_by_any_way(path, as_bob, client, alice):
    attempt = make_attempt(alice, questions=1)
    method = put if path.startswith("flags") else post
    assert method(as_bob, f"{QUIZZES}{attempt.pk}/{path}", {"flagged": True}).status_code == 404
    assert method(client, f"{QUIZZES}{attempt.pk}/{path}", {"flagged": True}).status_code == 401
    assert as_bob.get(f"{QUIZZES}{attempt.pk}/{path}").status_code == 405
