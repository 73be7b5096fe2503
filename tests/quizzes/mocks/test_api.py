"""Mock interviews over the API."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from progress.models import ReviewRequest
from quizzes.mocks.models import MockInterview
from tests.factories import MOCK_CODE, make_concept, make_interview, make_mock_script
from tests.quizzes.mocks.test_services import BOARD

MOCKS = "/api/v1/mocks/"
MARKS = dict.fromkeys(("intuition", "derivation", "implementation", "practice", "clarity"), 2)


def send(client: Client, method: str, path: str, body: object = None) -> tuple[int, dict]:
    response = getattr(client, method)(f"{MOCKS}{path}", body or {}, content_type="application/json")
    return response.status_code, response.json()


def test_an_interview_from_start_to_review(as_alice, alice):
    concept = make_concept()
    script = make_mock_script("why-steps-shrink", concepts=[concept])
    listed = as_alice.get(f"{MOCKS}scripts/").json()["results"]
    assert listed == [
        {
            "id": "why-steps-shrink",
            "title": script.title,
            "kind": "theory",
            "difficulty": "medium",
            "minutes": 25,
            "roles": ["ml_engineer", "research_scientist"],
            "sat_at": None,
        }
    ]
    status, interview = send(as_alice, "post", "", {"script": "why-steps-shrink", "role": "ml_engineer"})
    assert status == 201
    assert "learning rate" in interview["opening_html"]
    assert (interview["hints_html"], interview["hints_left"], interview["follow_ups_left"]) == ([], 2, 3)
    assert "Secret" not in str(interview)
    assert "model_answer_html" not in interview
    at = f"{interview['id']}/"
    status, said = send(as_alice, "post", f"{at}reveals/", {"what": "follow_up", "number": 1})
    assert (status, len(said["follow_ups"])) == (200, 1)
    assert "Secret" not in str(said)
    assert send(as_alice, "put", f"{at}work/", {"pad": "noted", "board": BOARD.as_json()})[0] == 200
    assert send(as_alice, "put", f"{at}rating/", MARKS)[0] == 409
    status, result = send(as_alice, "post", f"{at}finish/")
    assert (status, result["pad"], result["board"]) == (200, "noted", BOARD.as_json())
    assert "Secret answer 1" in result["follow_ups"][0]["answer_html"]
    assert send(as_alice, "post", f"{at}finish/") == (status, result)
    assert send(as_alice, "post", f"{at}take/", {})[0] == 409
    status, rating = send(as_alice, "put", f"{at}rating/", {**MARKS, "follow_ups": {"1": "yes"}})
    assert (status, rating["score"]) == (200, pytest.approx(0.65))
    assert send(as_alice, "post", f"{at}take/", {"concepts": [concept.code], "follow_ups": [1]}) == (
        200,
        {"reviews": 1, "cards": 0, "written": 1},
    )
    assert ReviewRequest.objects.of(alice).get().concept == concept
    (row,) = as_alice.get(MOCKS).json()["results"]
    assert (row["score"], row["kind"]) == (pytest.approx(0.65), "theory")
    assert as_alice.get(f"{MOCKS}{at}").json()["rating"]["score"] == pytest.approx(0.65)


def test_code_is_run(as_alice, alice):
    interview = make_interview(alice, kind="implementation")
    status, result = send(as_alice, "post", f"{interview.pk}/runs/", {"code": MOCK_CODE["solution"]})
    assert (status, result["passed"], len(result["tests"])) == (201, True, 2)
    assert as_alice.get(f"{MOCKS}{interview.pk}/runs/{result['id']}/").json()["passed"] is True


def test_code_is_run_only_where_it_is_asked_for(as_alice, alice):
    assert send(as_alice, "post", f"{make_interview(alice).pk}/runs/", {"code": "x = 1"})[0] == 400


def test_a_second_start_names_the_one_that_runs(as_alice, alice):
    make_interview(alice, make_mock_script())
    status, body = send(as_alice, "post", "", {"kind": "theory"})
    assert (status, body["code"]) == (409, "mock_running")
    assert MockInterview.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", "", {"minutes": 5}),
        ("post", "", {"kind": "chat"}),
        ("post", "", {"kind": "behavioural"}),
        ("post", "1/reveals/", {"what": "answer", "number": 1}),
        ("post", "1/reveals/", {"what": "hint", "number": 2}),
        ("put", "1/work/", {"pad": "x" * 20_001}),
        ("put", "1/work/", {"board": {"height": 2400, "strokes": [{"d": "M0 0"}]}}),
        ("put", "1/work/", {"board": "<svg/>"}),
        ("put", "1/rating/", {**MARKS, "clarity": 5}),
        ("put", "1/rating/", {**MARKS, "follow_ups": {"x": "yes"}}),
        ("post", "1/take/", {"follow_ups": ["all"]}),
    ],
)
def test_bad_input_is_named(as_alice, alice, method, path, body):
    interview = make_interview(alice)
    assert send(as_alice, method, path.replace("1/", f"{interview.pk}/", 1), body)[0] == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("post", "reveals/"),
        ("put", "work/"),
        ("post", "runs/"),
        ("post", "finish/"),
        ("put", "rating/"),
        ("post", "take/"),
    ],
)
def test_anothers_is_not_found_and_a_visitor_is_refused(client, as_bob, alice, method, path):
    interview = make_interview(alice)
    body = {"what": "hint", "number": 1, "code": "x", **MARKS}
    assert (
        getattr(as_bob, method)(f"{MOCKS}{interview.pk}/{path}", body, content_type="application/json").status_code
        == 404
    )
    assert (
        getattr(client, method)(f"{MOCKS}{interview.pk}/{path}", body, content_type="application/json").status_code
        == 401
    )


def test_what_comes_late_is_refused(as_alice, alice):
    interview = make_interview(alice)
    then = timezone.now() - timedelta(minutes=1)
    MockInterview.objects.filter(pk=interview.pk).update(deadline=then)
    status, body = send(as_alice, "put", f"{interview.pk}/work/", {"pad": "late"})
    assert (status, body["code"]) == (409, "deadline_passed")
    assert send(as_alice, "post", f"{interview.pk}/reveals/", {"what": "hint", "number": 1})[0] == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_need_as_many_queries_however_long(rows, as_alice, alice, django_assert_num_queries):
    for _ in range(rows):
        MockInterview.objects.update(finished_at=timezone.now())
        make_interview(alice)
    as_alice.get(MOCKS)
    with django_assert_num_queries(6):
        as_alice.get(MOCKS)
    with django_assert_num_queries(6):
        as_alice.get(f"{MOCKS}scripts/")
