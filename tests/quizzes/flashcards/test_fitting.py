"""Fitting the weights: better where there is something to learn, left alone where there is not, always undone."""

import re
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from quizzes.domain.fsrs import DEFAULT_WEIGHTS, FSRS, Memory
from quizzes.domain.fsrs_fitting import (
    FEWEST_REVIEWS,
    History,
    auc,
    count_reviews,
    fit,
    moving_average,
    quality,
    replay,
)
from quizzes.flashcards import fitting
from quizzes.flashcards.models import CardEvent, FitState, FlashcardSettings, LearnerCard, WeightsFit
from tests.factories import learned, make_card

FORGETFUL = tuple(np.array(DEFAULT_WEIGHTS) * np.array([0.3, 0.3, 0.3, 0.3, *[1.0] * 4, 0.75, *[1.0] * 12]))


def simulated(weights: tuple[float, ...], cards: int, seed: int = 1) -> list[History]:
    """Histories of a learner whose memory truly follows these weights; reviewed about when the defaults say."""
    rng = np.random.default_rng(seed)
    truth, believed = FSRS(weights), FSRS()
    histories = []
    for _ in range(cards):
        day = int(rng.integers(0, 300))
        rating = int(rng.choice([1, 3, 3, 4]))
        history = History([rating], [0], [day])
        real, thought = truth.first(rating), believed.first(rating)
        for _ in range(7):
            wait = max(1, round(float(believed.interval(thought.stability, 0.9)) * float(np.exp(rng.normal(0, 0.9)))))
            rating = int(rng.choice([2, 3, 3, 4])) if rng.random() < truth.retrievability(real.stability, wait) else 1
            day += wait
            history.ratings.append(rating)
            history.elapsed.append(wait)
            history.days.append(day)
            real, thought = truth.after(real, rating, wait), believed.after(thought, rating, wait)
        histories.append(history)
    return histories


def test_a_learner_unlike_the_average_is_predicted_better_after_a_fit():
    found = fit(simulated(FORGETFUL, 2_000), DEFAULT_WEIGHTS)
    assert found.is_better
    assert found.fitted.log_loss < found.current.log_loss - 0.003
    assert found.fitted.rmse_bins < found.current.rmse_bins
    assert found.reviews == 14_000


def test_where_recall_is_mere_chance_a_fit_is_not_taken_over():
    rng = np.random.default_rng(4)
    histories = [
        History([3, *rng.choice([1, 3], 5).tolist()], [0, *rng.integers(1, 50, 5).tolist()], np.arange(6).tolist())
        for _ in range(120)
    ]
    found = fit(histories, DEFAULT_WEIGHTS)
    assert not found.is_better or found.fitted.log_loss < found.average.log_loss


def test_too_few_reviews_are_refused():
    histories = simulated(DEFAULT_WEIGHTS, 50)
    assert count_reviews(histories) < FEWEST_REVIEWS
    with pytest.raises(ValueError, match=f"takes {FEWEST_REVIEWS} reviews, there are 350"):
        fit(histories, DEFAULT_WEIGHTS)


def test_a_replay_predicts_each_review_from_those_before_it():
    history = History([3, 3, 1, 3], [0, 0, 4, 2], [0, 0, 4, 6])
    fsrs = FSRS()
    memory = fsrs.after(fsrs.first(3), 3, 0)
    first = fsrs.retrievability(memory.stability, 4)
    lapsed: Memory = fsrs.after(memory, 1, 4)
    predictions = replay([history, History([], [], [])], fsrs)
    assert predictions.recall == pytest.approx([first, fsrs.retrievability(lapsed.stability, 2)])
    assert predictions.recalled.tolist() == [0, 1]
    assert len(replay([], fsrs).recall) == 0


def test_the_moving_average_looks_back_only():
    assert moving_average(np.array([1.0, 0.0, 1.0, 1.0]), window=2).tolist() == [0.9, 1.0, 0.5, 0.5]


@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_share_of_pairs_in_the_right_order(pairs):
    scores = np.array([score / 20 for score, _ in pairs])
    recalled = np.array([float(right) for _, right in pairs])
    good, bad = scores[recalled == 1], scores[recalled == 0]
    expected = 0.5
    if len(good) and len(bad):
        expected = float(np.mean([(a > b) + 0.5 * (a == b) for a in good for b in bad]))
    assert auc(scores, recalled) == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_quality_is_finite_whatever_is_predicted(pairs):
    found = quality(np.array([p for p, _ in pairs]), np.array([float(right) for _, right in pairs]))
    assert np.isfinite([found.log_loss, found.rmse_bins, found.auc]).all()
    assert sum(count for _, _, count in found.reliability) == len(pairs)


def fill_log(learner, histories: list[History]) -> None:
    """The log that these histories would have left."""
    for history in histories:
        card = learned(learner, make_card(learner=learner))
        for rating, day in zip(history.ratings, history.days, strict=True):
            CardEvent.objects.create(
                learner=learner, card=card, kind="answer", key=f"{card.pk}:{CardEvent.objects.count()}",
                happened_at=timezone.now(), day=learner.day_of(timezone.now()).fromordinal(700_000 + day),
                state_before="review", rating=rating, before={}, after={},
            )  # fmt: skip


def do_what_waits() -> None:
    """What a worker does."""
    call_command("work", "--batch")


def test_the_page_says_how_many_reviews_are_missing(as_alice, alice):
    fill_log(alice, simulated(DEFAULT_WEIGHTS, 2))
    assert f"{FEWEST_REVIEWS - 14} are missing" in as_alice.get("/flashcards/model/").content.decode()
    page = as_alice.post("/flashcards/model/", follow=True).content.decode()
    assert f"{FEWEST_REVIEWS - 14} are missing" in page
    assert not WeightsFit.objects.exists()


def test_a_better_fit_is_used_shown_and_undone(as_alice, as_bob, alice):
    fill_log(alice, simulated(FORGETFUL, 120))
    page = as_alice.post("/flashcards/model/", follow=True).content.decode()
    assert "Waiting for its turn" in page
    assert "0 % done" in page
    do_what_waits()
    page = as_alice.get("/flashcards/model/").content.decode()
    done = WeightsFit.objects.get()
    assert done.state == FitState.APPLIED
    assert "In use" in page
    assert "Reliability" in page
    settings = FlashcardSettings.objects.get(learner=alice)
    assert (settings.weights, settings.weights_version) == (done.weights, done.pk)
    assert as_bob.post(f"/flashcards/model/{done.pk}/undo/").status_code == 404
    as_alice.post(f"/flashcards/model/{done.pk}/undo/")
    settings.refresh_from_db()
    assert (settings.weights, settings.weights_version) == (None, 0)
    assert WeightsFit.objects.get().state == FitState.UNDONE


def test_one_fit_runs_at_a_time(as_alice, alice, monkeypatch):
    monkeypatch.setattr(fitting, "reviews_missing", lambda _learner: 0)
    as_alice.post("/flashcards/model/")
    page = as_alice.post("/flashcards/model/", follow=True).content.decode()
    assert "running already" in page
    assert DBTaskResult.objects.count() == WeightsFit.objects.count() == 1
    assert "every 2s" in page


def test_the_page_tells_how_much_of_a_fit_is_done(as_alice, alice, monkeypatch):
    fill_log(alice, simulated(FORGETFUL, 60))
    begun = WeightsFit.objects.create(learner=alice)
    seen = []

    def look(shares):
        for share in (0.0, 0.5, 1.0):
            shares(share)
            page = as_alice.get("/flashcards/model/").content.decode()
            seen.append(int(re.search(r'<progress max="100" value="(\d+)"', page)[1]))

    def fit_and_look(histories, current, tell):
        look(tell)
        return fit(histories, current)

    monkeypatch.setattr(fitting, "fit", fit_and_look)
    fitting.run_fit(begun)
    assert seen == [40, 70, 100]
    assert "<progress" not in as_alice.get("/flashcards/model/").content.decode()


def test_a_fit_that_was_lost_holds_nobody_up_for_ever(as_alice, alice, monkeypatch):
    monkeypatch.setattr(fitting, "reviews_missing", lambda _learner: 0)
    WeightsFit.objects.create(learner=alice, state=FitState.RUNNING, created_at=timezone.now() - timedelta(hours=25))
    assert "every 2s" not in as_alice.get("/flashcards/model/").content.decode()
    as_alice.post("/flashcards/model/")
    assert WeightsFit.objects.count() == 2


def test_a_fit_that_fails_is_told(as_alice, alice, monkeypatch):
    with monkeypatch.context() as enough:
        enough.setattr(fitting, "reviews_missing", lambda _learner: 0)
        as_alice.post("/flashcards/model/")
    do_what_waits()
    assert "Failed" in as_alice.get("/flashcards/model/").content.decode()


def test_a_fit_done_twice_is_taken_over_once(alice):
    fill_log(alice, simulated(FORGETFUL, 120))
    begun = WeightsFit.objects.create(learner=alice)
    first = fitting.run_fit(begun)
    again = fitting.fit_weights.call(begun.pk)
    assert (first.state, again) == (FitState.APPLIED, FitState.APPLIED)
    assert WeightsFit.objects.get().former_weights is None


def test_a_card_begun_anew_is_learnt_from_its_new_beginning(alice):
    fill_log(alice, [History([3, 1], [0, 3], [0, 3])])
    card = LearnerCard.objects.get()
    day = alice.day_of(timezone.now())
    for number, (kind, rating) in enumerate([("reset", None), ("answer", 4)]):
        CardEvent.objects.create(
            learner=alice, card=card, kind=kind, key=f"later{number}", happened_at=timezone.now(), day=day,
            state_before="new", rating=rating, before={}, after={},
        )  # fmt: skip
    assert [history.ratings for history in fitting.histories_of(alice)] == [[4]]
