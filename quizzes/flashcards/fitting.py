"""A learner's own weights: fitted by a worker, used only where they are better, undone with a click."""

from collections.abc import Callable
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResult, TaskResultStatus, task

from progress.models import User
from quizzes.domain.fsrs import DEFAULT_WEIGHTS
from quizzes.domain.fsrs_fitting import FEWEST_REVIEWS, Fit, History, count_reviews, fit
from quizzes.flashcards.models import UNDER_WAY, CardEvent, EventKind, FitState, FlashcardSettings, WeightsFit


class TooFewReviews(Exception):
    """There are fewer reviews than a fit takes; `missing` says how many."""

    def __init__(self, missing: int) -> None:
        super().__init__(f"{missing} reviews are missing")
        self.missing = missing


class FitIsRunning(Exception):
    """A fit of this learner has not ended yet."""


_READ = 0.4
"""The share of a fit's time by which a long log is read, as measured."""
_STEP = 0.05
"""Progress is written down no finer than that."""


@transaction.atomic
def begin_fit(*, learner: User) -> WeightsFit:
    """Put a fit into the queue. Raises TooFewReviews and FitIsRunning."""
    if (missing := reviews_missing(learner)) > 0:
        raise TooFewReviews(missing)
    User.objects.select_for_update().get(pk=learner.pk)
    if WeightsFit.objects.of(learner).under_way(timezone.now()).exists():
        raise FitIsRunning
    begun = WeightsFit.objects.create(learner=learner)
    fit_weights.enqueue(begun.pk)
    return begun


@task()
def fit_weights(fit_id: int) -> str:
    """The queue's part: fit, and give the state it led to. Done twice it changes nothing the second time."""
    begun = WeightsFit.objects.filter(pk=fit_id).select_related("learner").first()
    if begun is None:
        # The account was deleted meanwhile.
        return ""
    return run_fit(begun).state


def note_failure(task_result: TaskResult, **_facts: object) -> None:
    """Tell a fit that the queue has given it up; receives the queue's signal that a task has ended."""
    if task_result.status == TaskResultStatus.FAILED and task_result.task.module_path == fit_weights.module_path:
        unended = WeightsFit.objects.filter(state__in=UNDER_WAY)
        unended.filter(pk=task_result.args[0]).update(state=FitState.FAILED)


def reviews_missing(learner: User) -> int:
    """How many more reviews a fit takes."""
    return max(0, FEWEST_REVIEWS - count_reviews(histories_of(learner)))


def run_fit(begun: WeightsFit) -> WeightsFit:
    """Fit, compare, and take the weights over where they are better; a fit that has ended stays as it is."""
    unended = WeightsFit.objects.filter(pk=begun.pk, state__in=UNDER_WAY)
    if not unended.update(state=FitState.RUNNING, share=0):
        return begun
    told = 0.0

    def tell(share: float) -> None:
        nonlocal told
        if share >= told + _STEP:
            told = share
            unended.update(share=share)

    settings, _ = FlashcardSettings.objects.get_or_create(learner=begun.learner)
    histories = histories_of(begun.learner, lambda share: tell(_READ * share))
    current = tuple(settings.weights or DEFAULT_WEIGHTS)
    found = fit(histories, current, lambda share: tell(_READ + (1 - _READ) * share))
    with transaction.atomic():
        locked = unended.select_for_update().first()
        if locked is None:
            # Another worker has done the same meanwhile.
            return WeightsFit.objects.get(pk=begun.pk)
        locked.share, locked.reviews, locked.weights = 1.0, found.reviews, list(found.weights)
        locked.former_weights, locked.former_version = settings.weights, settings.weights_version
        locked.qualities = _qualities(found)
        locked.state = FitState.APPLIED if found.is_better else FitState.NO_BETTER
        locked.save()
        if found.is_better:
            _use(begun.learner, locked.weights, begun.pk)
    return locked


@transaction.atomic
def undo_fit(*, fit: WeightsFit) -> None:
    """Go back to the weights from before a fit that is in use; another one stays as it is."""
    in_use = FlashcardSettings.objects.of(fit.learner).filter(weights_version=fit.pk)
    if fit.state == FitState.APPLIED and in_use.exists():
        _use(fit.learner, fit.former_weights, fit.former_version)
        WeightsFit.objects.filter(pk=fit.pk).update(state=FitState.UNDONE)


def histories_of(learner: User, tell: Callable[[float], None] = lambda share: None) -> list[History]:
    """Every card's answers since it was begun (anew) last, in the learner's days.

    tell: called now and then with the share that is read.
    """
    events = (
        CardEvent.objects.of(learner)
        .standing()
        .filter(kind__in=[EventKind.ANSWER, EventKind.QUIZ, EventKind.RESET])
        .order_by("pk")
    )
    histories: dict[int, History] = {}
    total = events.count()
    rows = events.values_list("card", "kind", "rating", "day").iterator()
    for number, (card, kind, rating, day) in enumerate(rows, 1):
        if number % 1000 == 0:
            tell(number / total)
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
    FlashcardSettings.objects.of(learner).update(weights=weights, weights_version=version)


def _qualities(found: Fit) -> dict[str, object]:
    return {name: asdict(getattr(found, name)) for name in ("fitted", "current", "average")}
