"""The reliability diagram of a fit."""

import pytest

from quizzes.flashcards.models import FitState, WeightsFit
from quizzes.flashcards.reliability import LARGEST, SIDE, reliability

QUALITY = {"log_loss": 0.3, "rmse_bins": 0.02, "auc": 0.7, "reliability": [(0.75, 0.5, 25), (0.95, 1.0, 100)]}
LABELS = [("fitted", "Fitted to you"), ("current", "Before the fit"), ("average", "Your average of late")]


def test_what_is_recalled_as_predicted_lies_on_the_diagonal_and_areas_go_by_counts():
    rows = [(0.2, 0.2, 25), (0.9, 0.9, 100)]
    (series,) = reliability({"fitted": {"reliability": rows}}, [("fitted", "Fitted")])
    few, many = series.marks
    assert few.x + few.y == pytest.approx(SIDE)
    assert many.x + many.y == pytest.approx(SIDE)
    assert (few.radius, many.radius) == (LARGEST / 2, LARGEST)


def test_the_page_draws_the_three_predictors_and_has_a_table_of_each(as_alice, alice):
    qualities = {name: QUALITY for name, _ in LABELS}
    WeightsFit.objects.create(learner=alice, state=FitState.APPLIED, qualities=qualities, reviews=400)
    page = as_alice.get("/flashcards/model/").content.decode()
    assert page.count("<polyline") == 3
    for _, label in LABELS:
        assert f"<title>{label}: predicted 75 %, recalled 50 % of 25 reviews</title>" in page
        assert f"<caption>{label}</caption>" in page
