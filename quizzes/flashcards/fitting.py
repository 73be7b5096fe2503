"""A learner's own weights: fitted in a process of its own, used only where they are better, undone with a click."""

import subprocess
import sys
from dataclasses import asdict

from django.conf import settings as django_settings
from django.db import transaction
from django.utils import timezone

from progress.models import User
from quizzes.domain.fsrs import DEFAULT_WEIGHTS
from quizzes.domain.fsrs_fitting import FEWEST_REVIEWS, Fit, History, count_reviews, fit
from quizzes.flashcards.models import CardEvent, EventKind, FitState, FlashcardSettings, WeightsFit


class TooFewReviews(Exception):
    """There are fewer reviews than a fit takes; `missing` says how many."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} reviews are missing")
        self.missing = missing


class FitIsRunning(Exception):
    """A fit of this learner has not ended yet."""


def begin_fit(*, learner: User) -> WeightsFit:
    """Start a fit in a process of its own. Raises TooFewReviews and FitIsRunning."""
    if (missing := reviews_missing(learner)) > 0:
        raise TooFewReviews(missing)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=learner.pk)
        if WeightsFit.objects.of(learner).under_way(timezone.now()).exists():
            raise FitIsRunning
        begun = WeightsFit.objects.create(learner=learner)
    command = [sys.executable, str(django_settings.BASE_DIR / "manage.py"), "fit_flashcards", str(begun.pk)]
    subprocess.Popen(command, start_new_session=True)  # noqa: S603 (our own command, a number)
    return begun


def reviews_missing(learner: User) -> int:
    """How many more reviews a fit takes."""
    return max(0, FEWEST_REVIEWS - count_reviews(histories_of(learner)))


def run_fit(begun: WeightsFit) -> WeightsFit:
    """Fit, compare, and take the weights over where they are better."""
    WeightsFit.objects.filter(pk=begun.pk).update(state=FitState.RUNNING)
    settings, _ = FlashcardSettings.objects.get_or_create(learner=begun.learner)
    try:
        found = fit(histories_of(begun.learner), tuple(settings.weights or DEFAULT_WEIGHTS))
    except Exception:
        WeightsFit.objects.filter(pk=begun.pk).update(state=FitState.FAILED)
        raise
    with transaction.atomic():
        begun.reviews, begun.weights = found.reviews, list(found.weights)
        begun.former_weights, begun.former_version = settings.weights, settings.weights_version
        begun.qualities = _qualities(found)
        begun.state = FitState.APPLIED if found.is_better else FitState.NO_BETTER
        begun.save()
        if found.is_better:
            _use(begun.learner, begun.weights, begun.pk)
    return begun


@transaction.atomic
def undo_fit(*, fit: WeightsFit) -> None:
    """Go back to the weights from before a fit that is in use; another one stays as it is."""
    in_use = FlashcardSettings.objects.filter(learner=fit.learner, weights_version=fit.pk)
    if fit.state == FitState.APPLIED and in_use.exists():
        _use(fit.learner, fit.former_weights, fit.former_version)
        WeightsFit.objects.filter(pk=fit.pk).update(state=FitState.UNDONE)


def histories_of(learner: User) -> list[History]:
    """Every card's answers since it was begun (anew) last, in the learner's days."""
    events = (
        CardEvent.objects.of(learner)
        .standing()
        .filter(kind__in=[EventKind.ANSWER, EventKind.QUIZ, EventKind.RESET])
        .order_by("pk")
    )
    histories: dict[int, History] = {}
    for card, kind, rating, day in events.values_list("card", "kind", "rating", "day").iterator():
        if kind == EventKind.RESET:
            histories.pop(card, None)
            continue
        history = histories.setdefault(card, History([], [], []))
        ordinal = day.toordinal()
        history.elapsed.append(max(0, ordinal - history.days[-1]) if history.days else 0)
        history.days.append(ordinal)
        history.ratings.append(rating or 1)
    return list(histories.values())


def _use(learner: User, weights: list[float] | None, version: int) -> None:
    FlashcardSettings.objects.filter(learner=learner).update(weights=weights, weights_version=version)


def _qualities(found: Fit) -> dict[str, object]:
    return {name: asdict(getattr(found, name)) for name in ("fitted", "current", "average")}
