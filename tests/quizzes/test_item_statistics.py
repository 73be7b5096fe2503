"""How questions do: the figures, their uncertainty, and the page that shows them."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts.services import close_attempt, rate_answer, save_answer
from quizzes.bank.models import QuestionVersion
from quizzes.domain.intervals import bootstrap, fisher, wilson
from quizzes.domain.item_statistics import FEWEST_ANSWERS, Response, correlation, item_statistics
from quizzes.items.services import statistics_of
from tests.factories import keys_of, make_attempt, make_attempt_at, make_question_of


def responses(credits: list[float], rest: list[float] | None = None, chosen: list[int] | None = None) -> list[Response]:
    rest = rest or [0.5 + 0.01 * index for index in range(len(credits))]
    chosen = chosen or [0] * len(credits)
    return [
        Response(credit, other, 10.0 + index, (option,))
        for index, (credit, other, option) in enumerate(zip(credits, rest, chosen, strict=True))
    ]


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (50, 100, 0.4038, 0.5962)]
)
def test_wilson_gives_the_published_values(successes, trials, low, high):
    interval = wilson(successes, trials)
    assert (interval.low, interval.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@given(st.integers(1, 500), st.data())
def test_wilson_contains_the_share_and_stays_between_0_and_1(trials, data):
    successes = data.draw(st.integers(0, trials))
    interval = wilson(successes, trials)
    assert 0 <= interval.low <= successes / trials + 1e-12
    assert successes / trials - 1e-12 <= interval.high <= 1


def test_the_bootstrap_of_a_mean_agrees_with_theory():
    rng = np.random.Generator(np.random.PCG64(1))
    sample = rng.normal(0, 1, 400)
    interval = bootstrap(lambda index: sample[index].mean(axis=1), 400, rng, resamples=2000)
    assert interval.high - interval.low == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_correlation_is_pearsons_and_undefined_without_variation():
    rng = np.random.Generator(np.random.PCG64(2))
    a, b = rng.normal(size=(2, 50))
    assert float(correlation(a, b)) == pytest.approx(np.corrcoef(a, b)[0, 1])
    assert np.isnan(correlation(np.ones(5), np.arange(5.0)))


def test_too_few_answers_give_no_figures():
    shown = item_statistics(responses([1.0] * (FEWEST_ANSWERS - 1)))
    assert shown.answers == FEWEST_ANSWERS - 1
    assert shown.facility is None


def test_facility_is_the_mean_credit_and_median_time_the_median():
    shown = item_statistics(responses([1, 1, 0.5, 0, 1, 1]))
    assert shown.facility.value == pytest.approx(0.75)
    assert shown.facility.interval.low < 0.75 < shown.facility.interval.high
    assert shown.median_seconds.value == pytest.approx(12.5)


def test_an_item_that_the_better_ones_get_wrong_is_suspicious():
    credits = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    shown = item_statistics(responses(credits, rest=[0.9, 0.8, 0.9, 0.7, 0.8, 0.2, 0.1, 0.3, 0.2, 0.3]))
    assert shown.discrimination.value < -0.9
    assert shown.discrimination.interval.high < 0
    assert "negative discrimination" in shown.suspicions[0].text
    assert shown.suspicions[0].sure


def test_nobody_is_sure_of_a_negative_discrimination_below_five_right_and_five_wrong():
    low, high = [0.1, 0.15, 0.2, 0.12], [0.8 + 0.01 * index for index in range(20)]
    for credits in ([1.0] * 4 + [0.0] * 20, [1.0] * 20 + [0.0] * 4):
        rest = low + high if credits[4] == 0 else [1 - value for value in high] + [1 - value for value in low]
        shown = item_statistics(responses(credits, rest=rest))
        assert shown.discrimination.interval.high < 0
        assert [suspicion.sure for suspicion in shown.suspicions if "discrimination" in suspicion.text] == [False]


@pytest.mark.parametrize("place", range(30))
def test_one_right_answer_out_of_thirty_accuses_no_item(place):
    credits = [float(index == place) for index in range(30)]
    shown = item_statistics(responses(credits, rest=list(np.linspace(0.4, 0.9, 30))))
    assert not any(suspicion.sure for suspicion in shown.suspicions if "discrimination" in suspicion.text)
    assert shown.discrimination.interval.low < 0 < shown.discrimination.interval.high


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("size", [10, 30, 60])
def test_without_a_relation_the_interval_misses_0_in_at_most_8_percent(size, share):
    rng = np.random.Generator(np.random.PCG64(size))
    missed = []
    while len(missed) < 250:
        credits = (rng.random(size) < share).astype(float)
        shown = item_statistics(responses(list(credits), rest=list(rng.beta(5, 2, size)))).discrimination
        if shown:
            missed.append(not shown.interval.low <= 0 <= shown.interval.high)
    assert np.mean(missed) <= 0.08


def test_the_interval_of_a_correlation_is_fishers_published_one_and_open_beside_a_perfect_one():
    interval = fisher(0.6, 28)
    assert (interval.low, interval.high) == (pytest.approx(0.2923, abs=1e-3), pytest.approx(0.7949, abs=1e-3))
    perfect = item_statistics(responses([0, 0, 1, 1, 1], rest=[0.2, 0.2, 0.8, 0.8, 0.8])).discrimination
    assert perfect.interval.low < 0.99 < perfect.interval.high


def test_a_distractor_chosen_more_than_the_key_is_suspicious():
    shown = item_statistics(responses([1, 0, 0, 0, 1, 0], chosen=[0, 2, 2, 2, 0, 1]), right_options=frozenset({0}))
    rates = {option: rate.value for option, rate in shown.choice_rates.items()}
    assert rates == {0: pytest.approx(1 / 3), 1: pytest.approx(1 / 6), 2: pytest.approx(1 / 2)}
    assert all(rate.interval.low < rate.value < rate.interval.high for rate in shown.choice_rates.values())
    assert [suspicion.sure for suspicion in shown.suspicions if "distractor" in suspicion.text] == [False]


def test_with_many_answers_it_is_sure_that_a_distractor_beats_the_key():
    chosen = [2] * 30 + [0] * 10
    shown = item_statistics(responses([float(key == 0) for key in chosen], chosen=chosen), right_options=frozenset({0}))
    assert any("distractor" in suspicion.text and suspicion.sure for suspicion in shown.suspicions)


def test_a_healthy_item_is_not_suspicious():
    shown = item_statistics(
        responses([0, 0, 1, 1, 1, 1], rest=[0.2, 0.3, 0.6, 0.7, 0.8, 0.9], chosen=[1, 2, 0, 0, 0, 0]),
        right_options=frozenset({0}),
    )
    assert shown.suspicions == ()


def test_the_share_that_left_a_question_open_is_of_all_who_were_asked():
    shown = item_statistics(responses([1, 1, 0, 1, 1]), left_open=4, unrated=1)
    assert shown.facility.value == pytest.approx(0.8)
    assert shown.left_open.value == pytest.approx(0.4)
    assert shown.left_open.interval.low < 0.4 < shown.left_open.interval.high
    assert item_statistics(responses([1]), left_open=4).left_open.value == pytest.approx(0.8)
    assert item_statistics(responses([1]), left_open=3).left_open is None


def answer_all(learner, attempt, *, right: bool) -> None:
    for question in attempt.questions.all():
        good, bad = keys_of(attempt, question.number)
        save_answer(attempt=attempt, number=question.number, given=(good if right else bad)[0], now=timezone.now())
    close_attempt(attempt=attempt, now=timezone.now())


def test_the_administrator_sees_how_questions_do(as_mona, alice):
    question = make_question_of("single_choice")
    for right in [True, True, False, True, False]:
        answer_all(alice, make_attempt_at(alice, question), right=right)
    page = as_mona.get("/quizzes/items/").content.decode()
    assert question.slug in page
    assert "0.60" in page
    assert "60% ✓" in page


def test_suspicious_questions_can_be_listed_alone(as_mona, alice):
    bad = make_question_of("single_choice")
    good = make_question_of("single_choice")
    for _ in range(6):
        answer_all(alice, make_attempt_at(alice, bad), right=False)
        answer_all(alice, make_attempt_at(alice, good), right=True)
    page = as_mona.get("/quizzes/items/?show=suspicious").content.decode()
    assert bad.slug in page
    assert good.slug not in page


@pytest.mark.parametrize("rows", [1, 4])
def test_the_page_needs_as_many_queries_however_many_questions(rows, as_mona, alice, django_assert_num_queries):
    for _ in range(rows):
        answer_all(alice, make_attempt(alice, questions=1), right=True)
    with django_assert_num_queries(9):
        as_mona.get("/quizzes/items/")


def test_overdue_quizzes_of_others_count(as_mona, alice):
    question = make_question_of("single_choice")
    for _ in range(5):
        attempt = make_attempt_at(alice, question)
        save_answer(attempt=attempt, number=1, given=keys_of(attempt, 1)[0][0], now=timezone.now())
        attempt.deadline = timezone.now() - timedelta(minutes=1)
        attempt.save()
    assert "1.00" in as_mona.get("/quizzes/items/").content.decode()


def test_only_the_question_as_it_is_now_is_judged(as_mona, alice):
    question = make_question_of("single_choice")
    for _ in range(5):
        answer_all(alice, make_attempt_at(alice, question), right=False)
    former = question.current
    question.current = QuestionVersion.objects.create(
        question=question, digest="mended", content=former.content, rendered=former.rendered
    )
    question.save()
    answer_all(alice, make_attempt_at(alice, question), right=True)
    assert [row.statistics.answers for row in statistics_of([question])] == [1]


def test_an_open_answer_counts_once_it_is_rated(alice):
    question = make_question_of("open")
    attempts = [make_attempt_at(alice, question) for _ in range(2)]
    for attempt in attempts:
        save_answer(attempt=attempt, number=1, given="In my own words.", now=timezone.now())
    closed = [close_attempt(attempt=attempt, now=timezone.now()) for attempt in attempts]
    rate_answer(attempt=closed[0], number=1, covered=[1, 2])
    assert [row.statistics.answers for row in statistics_of([question])] == [1]


def test_how_often_a_question_was_left_open_stands_beside_its_facility(as_mona, alice):
    question = make_question_of("open")
    for answered in (True, True, True, False):
        attempt = make_attempt_at(alice, question)
        if answered:
            save_answer(attempt=attempt, number=1, given="In my own words.", now=timezone.now())
        close_attempt(attempt=attempt, now=timezone.now())
    make_attempt_at(alice, question)
    attempt = make_attempt_at(alice, question)
    save_answer(attempt=attempt, number=1, given="Rated.", now=timezone.now())
    rate_answer(attempt=close_attempt(attempt=attempt, now=timezone.now()), number=1, covered=[1])
    [row] = statistics_of([question])
    assert row.statistics.left_open.value == pytest.approx(1 / 5)
    assert "Left open" in (page := as_mona.get("/quizzes/items/").content.decode())
    assert "20% <span" in page


def test_learners_do_not_see_it(as_alice, client):
    assert as_alice.get("/quizzes/items/").status_code == 404
    assert client.get("/quizzes/items/").url.startswith("/accounts/login/")
