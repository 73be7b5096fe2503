"""Odd addresses and forms, as crawlers, old bookmarks and attackers send them: an answer, never a 500."""

import pytest

from tests.factories import make_attempt, make_concept, make_question

HUGE = "9" * 30


@pytest.mark.parametrize(
    "path",
    [
        f"/quizzes/{HUGE}/",
        f"/quizzes/{HUGE}/review/",
        f"/comments/{HUGE}/edit/",
        f"/api/v1/quizzes/{HUGE}/",
        f"/api/v1/comments/{HUGE}/",
        f"/api/v1/concepts/?page_size={HUGE}",
        "/concepts/?page=abc",
        "/concepts/?page=-1",
        "/concepts/%F0%9F%99%82/",
        f"/concepts/?search={'a' * 5000}",
        "/quizzes/?concept=%00&week=%00",
        "/quizzes/?page=zz",
        "/api/v1/concepts/?page=zz",
        "/api/v1/concepts/?week=abc&search=%00",
        "/api/v1/concepts/?ordering=%00",
        "/accounts/signup/?invitation=%00",
        "/accounts/login/?next=%00",
        f"/flashcards/{HUGE}/edit/",
        f"/flashcards/review/?card={HUGE}",
        "/flashcards/review/?card=%00&typed=%00",
        "/flashcards/browse/?q=%00&order=%00&page=x",
        f"/flashcards/browse/?q=lapses:%3E{HUGE}",
        "/flashcards/new/?concept=%00",
        "/flashcards/statistics/?span=%00",
        "/syllabus/?show=%00&open=%00",
        f"/mocks/{HUGE}/",
        f"/mocks/{HUGE}/review/",
        f"/api/v1/mocks/{HUGE}/",
        "/mocks/?kind=%00",
        "/mocks/scripts/?kind=%00",
        "/mocks/history/?page=zz",
    ],
)
def test_an_odd_address_gets_an_answer(as_alice, path):
    make_question(make_concept())
    assert as_alice.get(path).status_code < 500


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/quizzes/{HUGE}/finish/", {}),
        ("/quizzes/{quiz}/answers/" + HUGE + "/", {"answer": "a"}),
        ("/quizzes/{quiz}/answers/1/", {"answer": "\x00"}),
        ("/quizzes/{quiz}/answers/1/", {"go": "x" * 3000}),
        (
            "/quizzes/start/",
            {
                "questions": "5",
                "minutes": "5",
                "sections": ["\x00"],
                "focus": "\x00",
                "weeks": ["\x00"],
                "key": "\x00" * 9,
            },
        ),
        ("/comments/preview/", {"body": "\x00$x$"}),
        (f"/flashcards/cards/{HUGE}/bury/", {}),
        ("/flashcards/review/", {"card": HUGE, "rating": "good", "key": "12345678"}),
        ("/flashcards/new/", {"front": "\x00", "tags": "\x00", "concept": "\x00"}),
        ("/flashcards/preview/", {"front": "{{c1::\x00" + "{" * 5000}),
        ("/flashcards/browse/change/", {"action": "\x00", "cards": [HUGE, "\x00"], "q": "\x00"}),
        ("/flashcards/undo/", {"key": "\x00"}),
        ("/mocks/start/", {"script": "\x00"}),
        ("/mocks/start/", {"kind": "\x00", "minutes": HUGE}),
        (f"/mocks/{HUGE}/work/", {"go": "finish"}),
        ("/flashcards/settings/", {"learning_steps": "9" * 4000, "easiness": "\x00", "day_0": "\x00"}),
        ("/settings/", {"time_factor": "1.0", "time_zone": "\x00", "day_begins_at": HUGE}),
        ("/accounts/login/", {"login": "\x00", "password": "\x00"}),
        ("/accounts/signup/", {"username": "\x00", "password1": "\x00"}),
    ],
)
def test_an_odd_form_gets_an_answer(as_alice, alice, path, body):
    attempt = make_attempt(alice)
    assert as_alice.post(path.replace("{quiz}", str(attempt.pk)), body).status_code < 500


@pytest.mark.parametrize("body", [{"body": "\x00"}, {"body": "x" * 200_000}, {}])
def test_an_odd_draft_of_a_visitor_is_kept_without_harm(client, bob, body):
    make_concept("MATH-001")
    assert client.post("/comments/on/MATH-001/", body).status_code == 302
    assert client.get("/concepts/MATH-001/").status_code == 200
