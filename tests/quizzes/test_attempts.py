"""The timed quiz as a learner takes it, through its pages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from progress.models import Evidence
from quizzes.attempts.concept_choice import SHOWN
from quizzes.attempts.services import AttemptClosed, DeadlinePassed, close_attempt, save_answer
from quizzes.models import Attempt, Question
from tests.factories import keys_of, make_attempt, make_concept, make_question

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "form#question"}


def answer_url(attempt: Attempt, number: int) -> str:
    return f"/quizzes/{attempt.pk}/answers/{number}/"


def let_time_pass(attempt: Attempt, **delta: float) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(deadline=timezone.now() - timedelta(**delta))


def test_starting_a_quiz_leads_to_its_first_question(as_alice, alice):
    make_question(make_concept(week=3))
    response = as_alice.post("/quizzes/start/", {"weeks": [3], "questions": 1, "minutes": 5}, follow=True)
    attempt = Attempt.objects.get(learner=alice)
    assert response.redirect_chain == [(f"/quizzes/{attempt.pk}/", 302)]
    assert attempt.deadline - attempt.started_at == timedelta(minutes=5)
    assert "Question 1 of 1" in response.content.decode()


def test_a_quiz_asks_only_about_what_was_chosen(as_alice):
    wanted = make_question(make_concept(week=2, priority="high"))
    make_question(make_concept(week=2, priority="low"))
    make_question(make_concept(week=5, priority="high"))
    as_alice.post("/quizzes/start/", {"weeks": [2], "priorities": ["high"], "questions": 10, "minutes": 5})
    asked = Attempt.objects.get().questions.values_list("version__question", flat=True)
    assert list(asked) == [wanted.pk]


def test_a_choice_without_questions_is_refused_with_a_way_out(as_alice):
    make_concept(week=1)
    response = as_alice.post("/quizzes/start/", {"weeks": [1], "questions": 10, "minutes": 5})
    assert response.status_code == 422
    assert "No question fits" in response.content.decode()
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"questions": "0"},
        {"questions": "51"},
        {"minutes": "x"},
        {"weeks": ["99"]},
        {"minutes": "9" * 40},
        {"concepts": ["\x00"]},
    ],
)
def test_bad_numbers_are_refused_and_the_form_stays(as_alice, bad):
    make_question(make_concept())
    response = as_alice.post("/quizzes/start/", {"questions": "5", "minutes": "5", **bad})
    assert response.status_code == 422
    assert not Attempt.objects.exists()


def test_a_saved_answer_is_there_after_a_reload_and_the_quiz_resumes_at_the_next_question(as_alice, alice):
    attempt = make_attempt(alice, questions=3)
    as_alice.post(answer_url(attempt, 1), {"answer": "b"}, headers=HTMX)
    assert "Question 2 of 3" in as_alice.get(f"/quizzes/{attempt.pk}/").content.decode()
    first = as_alice.get(f"/quizzes/{attempt.pk}/?question=1").content.decode()
    assert 'value="b" checked' in first


def test_the_last_answer_saved_counts(alice):
    attempt = make_attempt(alice, questions=1)
    right, wrong = keys_of(attempt, 1)
    save_answer(attempt=attempt, number=1, given=wrong[0], now=timezone.now())
    save_answer(attempt=attempt, number=1, given=right[0], now=timezone.now())
    assert close_attempt(attempt=attempt, now=timezone.now()).score == 1


def test_without_javascript_next_saves_and_leads_on(as_alice, alice):
    attempt = make_attempt(alice, questions=2)
    response = as_alice.post(answer_url(attempt, 1), {"answer": "a", "go": "2"})
    assert response.url == f"/quizzes/{attempt.pk}/?question=2"
    assert attempt.questions.get(number=1).answer == "a"


@pytest.mark.parametrize("htmx", [True, False])
def test_an_answer_after_the_deadline_is_refused_and_saved_ones_count(as_alice, alice, htmx):
    attempt = make_attempt(alice, questions=2)
    right, _ = keys_of(attempt, 1)
    as_alice.post(answer_url(attempt, 1), {"answer": right[0]})
    let_time_pass(attempt, seconds=3)
    late, _ = keys_of(attempt, 2)
    response = as_alice.post(answer_url(attempt, 2), {"answer": late[0]}, headers=HTMX if htmx else {})
    review = f"/quizzes/{attempt.pk}/review/"
    assert (response.headers["HX-Redirect"] if htmx else response.url) == review
    page = as_alice.get(review).content.decode()
    assert "Time was up before this answer arrived" in page
    assert "1 of 2 points" in page
    assert attempt.questions.get(number=2).answer is None


def test_an_answer_within_two_seconds_of_the_deadline_is_taken(alice):
    attempt = make_attempt(alice)
    save_answer(attempt=attempt, number=1, given="a", now=attempt.deadline + timedelta(seconds=2))
    with pytest.raises(DeadlinePassed):
        save_answer(attempt=attempt, number=1, given="b", now=attempt.deadline + timedelta(seconds=2.1))
    assert attempt.questions.get(number=1).answer == "a"


def test_at_the_deadline_the_quiz_closes_by_itself(as_alice, alice):
    attempt = make_attempt(alice)
    let_time_pass(attempt, minutes=1)
    assert as_alice.get(f"/quizzes/{attempt.pk}/").url == f"/quizzes/{attempt.pk}/review/"
    attempt.refresh_from_db()
    assert attempt.finished_at == attempt.deadline


@pytest.mark.parametrize("page", ["/", "/progress/", "/concepts/", "/quizzes/"])
def test_mastery_moves_once_the_time_is_up_wherever_the_learner_looks_first(as_alice, alice, page):
    attempt = make_attempt(alice, questions=1)
    right, _ = keys_of(attempt, 1)
    save_answer(attempt=attempt, number=1, given=right[0], now=timezone.now())
    let_time_pass(attempt, minutes=1)
    as_alice.get(page)
    assert Evidence.objects.of(alice).count() == 1


def test_a_finished_quiz_takes_no_answer(alice):
    attempt = make_attempt(alice)
    close_attempt(attempt=attempt, now=timezone.now())
    with pytest.raises(AttemptClosed):
        save_answer(attempt=attempt, number=1, given="a", now=timezone.now())


def test_closing_twice_grades_once(alice):
    attempt = make_attempt(alice, questions=2)
    right, _ = keys_of(attempt, 1)
    save_answer(attempt=attempt, number=1, given=right[0], now=timezone.now())
    first = close_attempt(attempt=attempt, now=timezone.now())
    second = close_attempt(attempt=attempt, now=timezone.now() + timedelta(minutes=1))
    assert (first.score, first.finished_at) == (second.score, second.finished_at)
    assert Evidence.objects.of(alice).count() == 1


def test_a_question_left_open_is_no_evidence_and_no_credit(alice):
    attempt = make_attempt(alice, questions=2)
    assert close_attempt(attempt=attempt, now=timezone.now()).score == 0
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice"])
@pytest.mark.parametrize("path", ["", "?question=2", "finish/"])
def test_no_answer_is_readable_before_the_quiz_is_closed(as_alice, alice, kind, path):
    attempt = make_attempt(alice, kind=kind)
    page = as_alice.get(f"/quizzes/{attempt.pk}/{path}").content.decode()
    fragment = as_alice.post(answer_url(attempt, 1), {"answer": "a"}, headers=HTMX).content.decode()
    for text in (page, fragment):
        assert "secret explanation" not in text
        assert "correct" not in text.lower()


def test_the_review_says_what_was_given_what_is_right_and_why(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    _, wrong = keys_of(attempt, 1)
    as_alice.post(answer_url(attempt, 1), {"answer": wrong[0]})
    page = as_alice.post(f"/quizzes/{attempt.pk}/finish/", follow=True).content.decode()
    assert "0 of 1 points" in page
    assert "Wrong</b> · your answer" in page
    assert all(f"secret explanation {index}" in page for index in range(4))
    concept = Question.objects.get().concept
    assert f'href="{concept.get_absolute_url()}"' in page


def test_the_review_can_leave_out_what_was_right(as_alice, alice):
    attempt = make_attempt(alice, questions=2)
    right, _ = keys_of(attempt, 1)
    as_alice.post(answer_url(attempt, 1), {"answer": right[0]})
    close_attempt(attempt=attempt, now=timezone.now())
    page = as_alice.get(f"/quizzes/{attempt.pk}/review/?show=wrong").content.decode()
    assert 'id="q1"' not in page
    assert 'id="q2"' in page


def test_the_finish_page_names_what_is_open_and_what_is_flagged(as_alice, alice):
    attempt = make_attempt(alice, questions=3)
    as_alice.post(answer_url(attempt, 1), {"answer": "a"})
    as_alice.post(answer_url(attempt, 2), {"flag": "on"})
    page = as_alice.get(f"/quizzes/{attempt.pk}/finish/").content.decode()
    assert page.index("Still open") < page.index("question 2") < page.index("question 3")
    assert "Flagged: <a" in page


def test_a_changed_question_leaves_quizzes_taken_as_they_were(as_alice, alice):
    attempt = make_attempt(alice, questions=1)
    question = Question.objects.get()
    asked = attempt.questions.get().version
    question.current = None
    question.retired = True
    question.save()
    close_attempt(attempt=attempt, now=timezone.now())
    page = as_alice.get(f"/quizzes/{attempt.pk}/review/").content.decode()
    assert asked.content["prompt"] in page


def test_an_unknown_key_is_refused_and_nothing_is_saved(as_alice, alice):
    attempt = make_attempt(alice)
    response = as_alice.post(answer_url(attempt, 1), {"answer": "z"}, headers=HTMX)
    assert response.status_code == 422
    assert "Choose one of the options" in response.content.decode()
    assert attempt.questions.get(number=1).answer is None


@pytest.mark.parametrize("path", ["", "review/", "finish/"])
def test_someone_elses_quiz_is_not_found(as_bob, alice, path):
    attempt = make_attempt(alice)
    assert as_bob.get(f"/quizzes/{attempt.pk}/{path}").status_code == 404
    assert as_bob.post(answer_url(attempt, 1), {"answer": "a"}).status_code == 404
    assert as_bob.post(f"/quizzes/{attempt.pk}/finish/").status_code == 404
    assert attempt.questions.filter(answer__isnull=True).count() == 3


def test_signed_out_visitors_are_asked_to_sign_in(client, alice):
    attempt = make_attempt(alice)
    for path in ["/quizzes/", f"/quizzes/{attempt.pk}/", f"/quizzes/{attempt.pk}/review/"]:
        assert client.get(path).url.startswith("/accounts/login/")
    assert client.post(answer_url(attempt, 1), {"answer": "a"}).url.startswith("/accounts/login/")


@pytest.mark.parametrize("number", [0, 4, 99999])
def test_a_question_that_the_quiz_does_not_have_is_not_found(as_alice, alice, number):
    assert as_alice.post(answer_url(make_attempt(alice), number), {"answer": "a"}).status_code == 404


@pytest.mark.parametrize("query", ["?question=0", "?question=x", "?question=²", "?question=99999999999999999999"])
def test_an_odd_question_number_in_the_address_shows_where_to_go_on(as_alice, alice, query):
    attempt = make_attempt(alice)
    assert "Question 1 of 3" in as_alice.get(f"/quizzes/{attempt.pk}/{query}").content.decode()


@pytest.mark.parametrize("questions", [2, 6])
def test_a_question_page_needs_as_many_queries_however_long_the_quiz(
    as_alice, alice, questions, django_assert_num_queries
):
    attempt = make_attempt(alice, questions=questions)
    with django_assert_num_queries(6):
        as_alice.get(f"/quizzes/{attempt.pk}/?question=1")


def test_the_list_shows_the_running_quiz_and_past_ones_with_their_scores(as_alice, alice, bob):
    past = make_attempt(alice, questions=2)
    close_attempt(attempt=past, now=timezone.now())
    running = make_attempt(alice)
    foreign = make_attempt(bob)
    close_attempt(attempt=foreign, now=timezone.now())
    page = as_alice.get("/quizzes/").content.decode()
    assert f'href="/quizzes/{running.pk}/"' in page
    assert f'href="/quizzes/{past.pk}/review/"' in page
    assert f"/quizzes/{foreign.pk}/" not in page


def test_a_concept_page_leads_to_a_quiz_on_that_concept(as_alice):
    concept = make_concept("MATH-001")
    make_question(concept)
    make_question(make_concept("MATH-002"))
    page = as_alice.get("/quizzes/?concept=MATH-001").content.decode()
    assert re.findall(r'name="concepts" value="([^"]+)"[^>]* checked', page) == ["MATH-001"]
    as_alice.post("/quizzes/start/", {"concepts": ["MATH-001"], "questions": 5, "minutes": 5})
    assert Attempt.objects.get().questions.get().version.question.concept == concept


def test_several_concepts_can_be_chosen_on_the_start_page(as_alice):
    concepts = [make_concept(f"MATH-00{number}") for number in (1, 2, 3)]
    for concept in concepts:
        make_question(concept)
    page = as_alice.get("/quizzes/").content.decode()
    assert re.findall(r'name="concepts" value="([^"]+)"', page) == [concept.code for concept in concepts]
    as_alice.post("/quizzes/start/", {"concepts": ["MATH-001", "MATH-003"], "questions": 5, "minutes": 5})
    asked = Attempt.objects.get().questions.values_list("version__question__concept__code", flat=True)
    assert set(asked) == {"MATH-001", "MATH-003"}


def ticked_and_offered(page) -> tuple[list[str], list[str]]:
    boxes = re.findall(r'name="concepts" value="([^"]+)"( checked)?', page.content.decode())
    return [code for code, checked in boxes if checked], [code for code, checked in boxes if not checked]


@pytest.mark.parametrize("go", ["find", "", "fragment"])
def test_concepts_are_found_by_their_words_and_what_was_ticked_and_filled_in_stays(as_alice, go):
    make_question(make_concept("MATH-001", name="Softmax"))
    make_question(make_concept("MATH-002", name="Softmax with temperature"))
    make_question(make_concept("DL-001", name="Dropout"))
    sent = {"find": "SOFT temp", "found": "", "concepts": ["DL-001"], "questions": "7", "minutes": "nine", "go": go}
    page = as_alice.post("/quizzes/start/", sent, headers={"HX-Request": "true"} if go == "fragment" else {})
    assert page.status_code == 200
    assert ticked_and_offered(page) == (["DL-001"], ["MATH-002"])
    assert not Attempt.objects.exists()
    text = page.content.decode()
    assert ("<h1>" in text) == (go != "fragment")
    if go != "fragment":
        assert 'value="SOFT temp"' in text
        assert re.search(r'name="questions" value="7"', text)
        assert "Enter a whole number" not in text
    as_alice.post("/quizzes/start/", sent | {"minutes": "9", "go": "start"})
    assert Attempt.objects.get().questions.get().version.question.concept.code == "DL-001"


def test_words_that_no_concept_has_are_told_and_the_start_button_starts_whatever_stands_there(as_alice):
    make_question(make_concept("MATH-001", name="Softmax"))
    page = as_alice.post("/quizzes/start/", {"find": "zebra\x00 %", "go": "find"}).content.decode()
    assert "No concept has all of these words." in page
    as_alice.post("/quizzes/start/", {"find": "zebra", "found": "", "questions": 1, "minutes": "", "go": "start"})
    assert Attempt.objects.count() == 1


def test_of_very_many_concepts_so_many_are_listed_and_the_others_are_found(as_alice):
    for number in range(SHOWN + 3):
        make_concept(f"MATH-{number:03}", name=f"Concept the {number}")
    page = as_alice.get("/quizzes/?concept=MATH-202")
    ticked, offered = ticked_and_offered(page)
    assert (ticked, len(offered)) == (["MATH-202"], SHOWN)
    assert "3 more: find them by their names." in page.content.decode()
    found = as_alice.post("/quizzes/start/", {"find": "the 201", "go": "find"})
    assert ticked_and_offered(found) == ([], ["MATH-201"])


def key_of(page) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', page.content.decode())[1]


def test_the_same_press_of_start_makes_one_quiz_and_leads_to_it_again(as_alice, alice):
    make_question(make_concept())
    wishes = {"questions": 1, "minutes": 5, "key": key_of(as_alice.get("/quizzes/"))}
    first, second = (as_alice.post("/quizzes/start/", wishes) for _ in range(2))
    assert first.url == second.url == Attempt.objects.of(alice).get().get_absolute_url()
    assert as_alice.post("/quizzes/start/", {**wishes, "key": key_of(as_alice.get("/quizzes/"))}).url != first.url


def test_a_page_out_of_the_history_starts_another_quiz_on_other_wishes_or_once_its_quiz_is_over(as_alice, alice):
    make_question(make_concept())
    wishes = {"questions": 1, "minutes": 5, "key": "a-key-of-mine"}
    first = as_alice.post("/quizzes/start/", wishes)
    other = as_alice.post("/quizzes/start/", {**wishes, "minutes": 7})
    close_attempt(attempt=Attempt.objects.get(deadline__isnull=False, selection__minutes=5), now=timezone.now())
    again = as_alice.post("/quizzes/start/", wishes)
    assert len({first.url, other.url, again.url}) == 3
    assert as_alice.post("/quizzes/start/", wishes).url == again.url
    let_time_pass(Attempt.objects.latest("pk"), minutes=1)
    assert as_alice.post("/quizzes/start/", wishes).url != again.url


def test_the_same_press_of_retry_makes_one_quiz(as_alice, alice):
    attempt = close_attempt(attempt=make_attempt(alice, questions=2), now=timezone.now())
    key = key_of(as_alice.get(f"/quizzes/{attempt.pk}/review/"))
    first, second = (as_alice.post(f"/quizzes/{attempt.pk}/retry/", {"key": key}) for _ in range(2))
    assert first.url == second.url == Attempt.objects.of(alice).running().get().get_absolute_url()


def test_one_key_of_two_learners_starts_a_quiz_for_each(as_alice, as_bob, alice, bob):
    make_question(make_concept())
    for client in (as_alice, as_bob):
        client.post("/quizzes/start/", {"questions": 1, "minutes": 5, "key": "a-key-of-theirs"})
    assert [Attempt.objects.of(learner).count() for learner in (alice, bob)] == [1, 1]
