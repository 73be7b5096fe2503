"""The pages of mock interviews: whose they are, what they show and when, and what they refuse."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from progress.models import ReviewRequest
from quizzes.mocks.models import MockInterview, MockRating, MockRun, Shown
from quizzes.mocks.services import close_interview, save_board, show_next
from tests.factories import MOCK_CODE, make_concept, make_interview, make_mock_script, make_topic
from tests.quizzes.mocks.test_services import BOARD, closed_and_rated

PART = {"HX-Request": "true"}
GOOD = dict.fromkeys(("intuition", "derivation", "implementation", "practice", "clarity"), "4")


def at(name: str, interview: MockInterview, *more: object) -> str:
    return reverse(f"mocks:{name}", args=[interview.pk, *more])


def closed(learner, **changes: object) -> MockInterview:
    return close_interview(interview=make_interview(learner, **changes), now=timezone.now())


def overdue(interview: MockInterview) -> MockInterview:
    then = timezone.now() - timedelta(minutes=1)
    MockInterview.objects.filter(pk=interview.pk).update(deadline=then, started_at=then - timedelta(minutes=25))
    interview.refresh_from_db()
    return interview


PAGES = [
    ("interview", "get"),
    ("work", "post"),
    ("preview", "post"),
    ("board", "post"),
    ("drawing", "get"),
    ("finish", "get"),
    ("finish", "post"),
    ("review", "get"),
    ("rate", "post"),
    ("take", "post"),
]


@pytest.mark.parametrize(("name", "method"), PAGES)
def test_anothers_interview_is_not_found(as_bob, alice, name, method):
    interview = make_interview(alice)
    assert getattr(as_bob, method)(at(name, interview)).status_code == 404
    interview.refresh_from_db()
    assert (interview.finished_at, interview.pad) == (None, "")


@pytest.mark.parametrize(("name", "method"), PAGES)
def test_a_visitor_signs_in_first(client, alice, name, method):
    response = getattr(client, method)(at(name, make_interview(alice)))
    assert response.status_code == 302
    assert reverse("account_login") in response["Location"]


@pytest.mark.parametrize("name", ["home", "scripts", "history"])
def test_the_lists_are_for_those_who_are_signed_in(client, as_alice, name):
    assert client.get(reverse(f"mocks:{name}")).status_code == 302
    assert as_alice.get(reverse(f"mocks:{name}")).status_code == 200


@pytest.mark.parametrize("name", ["work", "preview", "board", "rate", "take"])
def test_what_changes_something_is_not_read(as_alice, alice, name):
    assert as_alice.get(at(name, make_interview(alice))).status_code == 405


@pytest.mark.parametrize("name", ["interview", "drawing", "review"])
def test_what_is_read_is_not_posted_to(as_alice, alice, name):
    assert as_alice.post(at(name, make_interview(alice))).status_code == 405


def test_starting_is_a_post_and_an_unknown_script_is_not_found(as_alice):
    assert as_alice.get(reverse("mocks:start")).status_code == 405
    assert as_alice.post(reverse("mocks:start"), {"script": "no-such"}).status_code == 404


def test_wishes_start_an_interview(as_alice, alice):
    make_mock_script(kind="case")
    response = as_alice.post(reverse("mocks:start"), {"kind": "case", "role": "ml_engineer", "minutes": "25"})
    interview = MockInterview.objects.of(alice).get()
    assert response["Location"] == interview.get_absolute_url()
    assert interview.role == "ml_engineer"
    page = as_alice.get(reverse("mocks:home"))
    assert "Resume" in page.content.decode()


@pytest.mark.parametrize(
    "sent", [{}, {"minutes": "7"}, {"minutes": "25", "kind": "chat"}, {"minutes": "25", "kind": "case"}]
)
def test_wishes_that_nothing_fits_are_refused_with_the_page(as_alice, sent):
    make_mock_script()
    response = as_alice.post(reverse("mocks:start"), sent)
    assert response.status_code == 422
    assert not MockInterview.objects.exists()


def test_a_script_from_the_list_starts_once_and_the_running_one_is_shown_instead(as_alice, alice):
    first, second = make_mock_script(title="First of two"), make_mock_script(title="Second of two")
    for script in (first, first, second):
        response = as_alice.post(reverse("mocks:start"), {"script": script.slug}, follow=True)
    assert MockInterview.objects.of(alice).get().script == first
    assert "was running already" in response.content.decode()


def test_the_list_shows_nothing_of_what_is_asked(as_alice, alice):
    script = make_mock_script()
    closed(alice, script=script)
    page = as_alice.get(reverse("mocks:scripts")).content.decode()
    assert script.title in page
    assert f"sat {timezone.now():%-d %b %Y}" in page
    for secret in ("learning rate", "noise", "Secret"):
        assert secret not in page
    assert script.title not in as_alice.get(reverse("mocks:scripts"), {"kind": "case"}).content.decode()


def test_what_the_interviewer_knows_is_said_only_step_by_step(as_alice, alice):
    interview = make_interview(alice)

    def page() -> str:
        return as_alice.get(interview.get_absolute_url()).content.decode()

    assert "learning rate" in page()
    for secret in ("Think of the noise", "asked aloud", "Secret", "mini-batch gradient"):
        assert secret not in page()
    as_alice.post(at("work", interview), {"go": "hint:1", "pad": "so far"})
    as_alice.post(at("work", interview), {"go": "follow_up:1"})
    assert "Think of the noise" in page()
    assert "question 1, asked aloud" in page()
    assert "question 2, asked aloud" not in page()
    assert "Secret nudge" not in page()
    as_alice.post(at("work", interview), {"go": "follow_up_hint:1"})
    assert "Secret nudge" in page()
    assert "Secret answer" not in page()
    interview.refresh_from_db()
    assert interview.pad == "so far"


def test_htmx_gets_the_part_that_changed(as_alice, alice):
    interview = make_interview(alice)
    saved = as_alice.post(at("work", interview), {"pad": "a"}, headers=PART).content.decode()
    assert 'id="saved"' in saved
    assert "<html" not in saved
    said = as_alice.post(at("work", interview), {"go": "hint:1"}, headers=PART).content.decode()
    assert 'id="talk"' in said
    assert "Think of the noise" in said


@pytest.mark.parametrize(
    "sent",
    [
        {"pad": "x" * 20_001},
        {"pad": "a\x00b"},
        {"code": "x" * 50_001},
        {"go": "answers"},
        {"go": "hint:9"},
        {"go": "hint:2"},
        {"go": "follow_up_hint:1"},
        {"go": "hint:²"},
    ],
)
def test_what_is_no_work_is_refused_with_the_page(as_alice, alice, sent):
    interview = make_interview(alice)
    assert as_alice.post(at("work", interview), sent).status_code == 422
    assert not interview.reveals.exists()


def test_a_pad_that_is_too_long_stands_in_the_page_again(as_alice, alice):
    interview = make_interview(alice)
    response = as_alice.post(at("work", interview), {"pad": "y" * 20_001})
    assert "y" * 20_001 in response.content.decode()


def test_the_preview_shows_maths_and_keeps_nothing(as_alice, alice):
    interview = make_interview(alice)
    response = as_alice.post(at("preview", interview), {"pad": "$x^2$ <script>"}, headers=PART).content.decode()
    assert "katex" in response
    assert "<script>" not in response
    interview.refresh_from_db()
    assert interview.pad == ""


def test_a_drawing_is_kept_shown_and_downloaded_as_the_servers_own_svg(as_alice, alice):
    interview = make_interview(alice)
    assert as_alice.get(at("drawing", interview)).status_code == 404
    response = as_alice.post(at("board", interview), json.dumps(BOARD.as_json()), content_type="application/json")
    assert response.json() == {"strokes": 1}
    file = as_alice.get(at("drawing", interview))
    assert file["Content-Type"] == "image/svg+xml"
    assert file.content.decode().count("<path") == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<svg/>", 400),
        ("", 400),
        ("\xff", 400),
        ("[" * 10_000, 400),
        ('{"height": 2400, "strokes": "<svg/>"}', 422),
        ('{"height": 1e999, "strokes": []}', 422),
        (json.dumps({"height": 2400, "strokes": [], "svg": "<svg/>"}), 422),
        ('"' + "x" * 400_000 + '"', 413),
    ],
)
def test_a_drawing_that_is_none_is_refused(as_alice, alice, body, status):
    interview = make_interview(alice)
    response = as_alice.post(at("board", interview), body.encode("latin-1"), content_type="application/json")
    assert response.status_code == status
    interview.refresh_from_db()
    assert interview.board_svg == ""


def test_after_the_end_nothing_is_kept_and_the_results_are_shown(as_alice, alice):
    interview = overdue(make_interview(alice))
    response = as_alice.post(at("work", interview), {"pad": "late"})
    assert response["Location"] == at("review", interview)
    part = as_alice.post(at("work", interview), {"pad": "late"}, headers=PART)
    assert part["HX-Redirect"] == at("review", interview)
    board = as_alice.post(at("board", interview), json.dumps(BOARD.as_json()), content_type="application/json")
    assert board.status_code == 409
    interview.refresh_from_db()
    assert (interview.pad, interview.board_svg, interview.finished_at) == ("", "", interview.deadline)
    assert as_alice.get(interview.get_absolute_url())["Location"] == at("review", interview)


def test_finishing_asks_first_and_keeps_what_stands_on_the_pad(as_alice, alice):
    interview = make_interview(alice)
    response = as_alice.post(at("work", interview), {"go": "finish", "pad": "last words"}, follow=True)
    assert "Finish the interview?" in response.content.decode()
    interview.refresh_from_db()
    assert (interview.pad, interview.finished_at) == ("last words", None)
    review = as_alice.post(at("finish", interview), follow=True)
    assert review.redirect_chain == [(at("review", interview), 302)]
    assert as_alice.get(at("finish", interview))["Location"] == at("review", interview)


def test_a_running_interview_has_no_results_yet(as_alice, alice):
    interview = make_interview(alice)
    assert as_alice.get(at("review", interview))["Location"] == interview.get_absolute_url()
    assert as_alice.post(at("rate", interview), GOOD)["Location"] == interview.get_absolute_url()
    assert not MockRating.objects.exists()


def test_the_review_shows_model_answers_beside_ones_own(as_alice, alice):
    interview = make_interview(alice)
    as_alice.post(at("work", interview), {"pad": "My own **words**"})
    save_board(interview=interview, board=BOARD, now=timezone.now())
    show_next(interview=interview, what=Shown.FOLLOW_UP, number=1, now=timezone.now())
    close_interview(interview=interview, now=timezone.now())
    page = as_alice.get(at("review", interview)).content.decode()
    for shown in ("My own <strong>words</strong>", 'class="drawing"', "mini-batch gradient", "Secret answer 1"):
        assert shown in page
    assert "2 follow-ups you did not reach" in page
    assert page.count("Could you answer follow-up") == 1


def test_a_rating_needs_every_mark_and_every_follow_up_that_was_asked(as_alice, alice):
    interview = make_interview(alice)
    show_next(interview=interview, what=Shown.FOLLOW_UP, number=1, now=timezone.now())
    close_interview(interview=interview, now=timezone.now())
    for sent in ({}, GOOD, {**GOOD, "follow_up_1": "perhaps"}, {**GOOD, "clarity": "5", "follow_up_1": "yes"}):
        response = as_alice.post(at("rate", interview), sent)
        assert response.status_code == 422
        assert "named below" in response.content.decode()
    assert (
        as_alice.post(at("rate", interview), {**GOOD, "follow_up_1": "yes", "explained": "partly"}).status_code == 302
    )
    rating = MockRating.objects.get()
    assert (rating.score, rating.explained, rating.follow_ups) == (1.0, "partly", {"1": "yes"})


def test_what_is_ticked_becomes_a_review_and_only_what_was_proposed_can_be(as_alice, alice):
    concept, topic = make_concept(), make_topic()
    interview, _ = closed_and_rated(alice, make_mock_script(concepts=[concept], topics=[topic]), 1, first="no")
    page = as_alice.get(at("review", interview)).content.decode()
    assert "What to look at again" in page
    refused = as_alice.post(at("take", interview), {"concepts": ["XX-1"]})
    assert refused.status_code == 422
    response = as_alice.post(at("take", interview), {"concepts": [concept.code], "follow_ups": ["1"]}, follow=True)
    assert "1 review asked for, 1 own card written" in response.content.decode()
    assert ReviewRequest.objects.of(alice).get().concept == concept


def test_nothing_is_taken_over_before_the_rating(as_alice, alice):
    interview = closed(alice)
    assert as_alice.post(at("take", interview), {})["Location"] == at("review", interview)


def test_code_is_run_with_and_without_a_script(as_alice, alice):
    interview = make_interview(alice, kind="implementation")
    page = as_alice.post(at("work", interview), {"go": "run", "code": MOCK_CODE["given"], "pad": "p"})
    assert "2 of 2 tests" not in page.content.decode()
    part = as_alice.post(at("work", interview), {"go": "run", "code": MOCK_CODE["solution"]}, headers=PART)
    assert "All 2 tests pass" in part.content.decode()
    interview.refresh_from_db()
    assert (interview.pad, interview.code) == ("p", MOCK_CODE["solution"])
    run = MockRun.objects.filter(passed=True).get()
    assert "All 2 tests pass" in as_alice.get(at("run-state", interview, run.pk), headers=PART).content.decode()
    close_interview(interview=interview, now=timezone.now())
    page = as_alice.get(at("review", interview)).content.decode()
    assert "All 2 tests pass" in page


def test_anothers_run_is_not_found(as_bob, alice, bob):
    mine = make_interview(alice, kind="implementation")
    run = MockRun.objects.create(id="8f14e45f-ceea-4675-a5c1-1d9d4b1c0a11", interview=mine, code="")
    theirs = make_interview(bob, kind="implementation")
    assert as_bob.get(at("run-state", theirs, run.pk)).status_code == 404
    assert as_bob.get(at("run-state", mine, run.pk)).status_code == 404
    sent = {"go": "run", "code": "x = 1", "id": run.pk}
    assert as_bob.post(at("work", theirs), sent).status_code == 422


def test_only_the_sitting_may_use_the_microphone(as_alice, alice):
    sitting = as_alice.get(make_interview(alice).get_absolute_url())
    assert "microphone=(self)" in sitting["Permissions-Policy"]
    assert "media-src blob:" in sitting["Content-Security-Policy"]
    home = as_alice.get(reverse("mocks:home"))
    assert "microphone=()" in home["Permissions-Policy"]
    assert "media-src" not in home["Content-Security-Policy"]


def test_reading_writes_nothing(as_alice, alice, django_assert_num_queries):
    interview = make_interview(alice)
    before = MockInterview.objects.values().get()
    as_alice.get(interview.get_absolute_url())
    as_alice.get(at("finish", interview))
    assert MockInterview.objects.values().get() == before


@pytest.mark.parametrize("rows", [1, 3])
def test_the_lists_need_as_many_queries_however_long(rows, as_alice: Client, alice, django_assert_num_queries):
    for _ in range(rows):
        closed_and_rated(alice, make_mock_script(concepts=[make_concept()]), 3)
    as_alice.get(reverse("mocks:home"))
    with django_assert_num_queries(8):
        as_alice.get(reverse("mocks:home"))
    with django_assert_num_queries(6):
        as_alice.get(reverse("mocks:scripts"))
    with django_assert_num_queries(8):
        as_alice.get(reverse("mocks:history"))


@pytest.mark.parametrize("rows", [1, 3])
def test_sitting_and_review_need_as_many_queries_however_much_was_said(
    rows, as_alice: Client, alice, django_assert_num_queries
):
    concepts = [make_concept() for _ in range(rows)]
    interview = make_interview(alice, make_mock_script(concepts=concepts, topics=[make_topic()]))
    for number in range(1, rows + 1):
        show_next(interview=interview, what=Shown.FOLLOW_UP, number=number, now=timezone.now())
    with django_assert_num_queries(6):
        as_alice.get(interview.get_absolute_url())
    as_alice.post(at("finish", interview))
    as_alice.post(at("rate", interview), {**GOOD, **{f"follow_up_{n}": "no" for n in range(1, rows + 1)}})
    as_alice.get(at("review", interview))
    with django_assert_num_queries(13):
        as_alice.get(at("review", interview))


def test_the_history_says_a_word_only_where_enough_is_known(as_alice, alice):
    from tests.factories import make_evidence

    concept = make_concept(name="Momentum")
    script = make_mock_script(concepts=[concept])
    for _ in range(6):
        make_evidence(alice, concept, credit=0.0)
    for _ in range(2):
        closed_and_rated(alice, script, 4)
    assert "Too little is known yet" in as_alice.get(reverse("mocks:history")).content.decode()
    closed_and_rated(alice, script, 4)
    page = as_alice.get(reverse("mocks:history")).content.decode()
    assert "You rate yourself higher than your answers elsewhere show, by" in page
    assert page.count("Momentum") == 1
    assert "<title>Scores of your interviews over time</title>" in page
