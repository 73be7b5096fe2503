"""On simulated learners of three forms: predictions are calibrated, and better than what is simpler."""

from dataclasses import replace

import numpy as np
import pytest

from progress.domain.mastery import group_mastery
from progress.domain.traces import MODEL, VERSION, Model
from tests.progress.mastery.candidates import (
    calibration_error,
    covered,
    decaying_factors,
    elo,
    filtered,
    followed,
    log_loss,
    share_of_all,
    share_of_right,
)
from tests.progress.mastery.learners import GENERATORS

FITTED_FACTORS = (-1.31, 0.38, 0.77, 0.9, -0.35, -0.05, -0.33)
"""Fitted to the same learners (seed 100) as the model's constants."""


@pytest.fixture(scope="module", params=[(name, seed) for name in GENERATORS for seed in (1, 2)], ids=str)
def history(request):
    """Learners that the constants were not fitted to."""
    name, seed = request.param
    return GENERATORS[name](np.random.default_rng(seed))


def test_predictions_are_calibrated(history):
    assert calibration_error(filtered(history), history.right) < 0.05


def test_the_interval_holds_the_true_chance_nine_times_in_ten(history):
    assert 0.88 < covered(history).mean() < 0.94


def test_a_groups_interval_holds_the_true_mean_nine_times_in_ten(history):
    """Of each learner the last answer on every concept, as a group."""
    predicted, low, high = followed(history)
    known, middle = ((chance - history.guess) / (1 - history.guess) for chance in (history.chance, predicted))
    holds = []
    for learner, concepts in enumerate(history.concept):
        last = [np.flatnonzero(concepts == concept)[-1] for concept in np.unique(concepts)]
        rows = learner, last
        group = group_mastery(middle[rows], low[rows], high[rows], np.ones(len(last)))
        holds.append(group.low <= known[rows].mean() <= group.high)
    assert 0.84 < np.mean(holds) < 0.99


def test_predictions_are_a_tenth_better_than_the_share_of_right_answers_so_far(history):
    ours = log_loss(filtered(history), history.right)
    assert ours < 0.9 * log_loss(share_of_right(history), history.right)
    assert ours < 0.9 * log_loss(share_of_all(history), history.right)


def test_predictions_are_better_than_plain_elo_whatever_its_step(history):
    ours = log_loss(filtered(history), history.right)
    for step in (0.1, 0.2, 0.4, 0.8, 1.2, 1.6):
        assert ours < 0.97 * log_loss(elo(history, step), history.right)
        assert ours < 0.97 * log_loss(elo(history, step, own=False), history.right)


def test_predictions_are_as_good_as_decaying_factors_that_give_no_interval(history):
    ours = log_loss(filtered(history), history.right)
    assert ours < 1.02 * log_loss(decaying_factors(history, FITTED_FACTORS), history.right)


def test_forgetting_and_learning_earn_their_place(history):
    ours = log_loss(filtered(history), history.right)
    assert ours < log_loss(filtered(history, replace(MODEL, decay=0.0)), history.right)
    assert ours < log_loss(filtered(history, replace(MODEL, teaches=0.0)), history.right)


def test_a_changed_constant_needs_a_new_version():
    assert (
        1,
        Model(
            start_strength=-0.8,
            start_variance=3.5,
            start_stability=6.0,
            floor=-1.25,
            decay=0.7,
            variance_decay=0.7,
            least_variance=0.25,
            teaches=0.16,
            falls=0.48,
            stability_step=2.2,
            spacing=0.4,
            kept_by_lapse=0.25,
            least_stability=2.0,
        ),
    ) == (VERSION, MODEL)
