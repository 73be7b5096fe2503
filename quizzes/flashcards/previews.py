"""What each button would do to a card, and the promise that it does just that."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.signing import BadSignature, Signer

from progress.models import User
from quizzes.domain.cards import RATINGS, CardState, prospects
from quizzes.domain.fsrs import Rating
from quizzes.domain.fuzz import LONGEST_BALANCED, balanced, fuzz_range, unit_draw
from quizzes.domain.waits import describe_wait
from quizzes.flashcards.models import FlashcardSettings, LearnerCard
from quizzes.flashcards.preferences import policy_of
from quizzes.flashcards.statements import count_due_on

_SALT = "flashcards.preview"
_MARGIN = 4


@dataclass(frozen=True, slots=True)
class Preview:
    """The card's state after each rating, as of one of the learner's days."""

    card: LearnerCard
    day: date
    states: Mapping[Rating, CardState]

    def wait(self, rating: Rating, now: datetime) -> str:
        """How long until the card comes again, in short words."""
        state = self.states[rating]
        if state.due_at:
            return describe_wait(state.due_at - now)
        return describe_wait(timedelta(days=(state.due_on - self.day).days if state.due_on else 0))

    def promise(self) -> str:
        """A sealed word of the days that the buttons show, for the form."""
        return Signer(salt=_SALT).sign(
            _shown(self.card, self.day, [self.states[rating].interval for rating in RATINGS])
        )


def preview(card: LearnerCard, settings: FlashcardSettings, learner: User, now: datetime) -> Preview:
    """What the four ratings would make of the card, spread over days that are not full yet."""
    today = learner.day_of(now)
    ahead = prospects(card.memory_state, policy_of(settings), today)
    ranges: list[tuple[int, int]] = []
    ahead.days(_recording(ranges))
    load = _load(learner, today, ranges)
    draw = unit_draw(learner.pk, card.card_id, card.reps)

    def spread(interval: float, shortest: int, longest: int) -> int:
        return balanced(interval, shortest, longest, draw, today=today, load=load, easiness=settings.easiness)

    states = {rating: ahead.outcome(rating, days, now) for rating, days in ahead.days(spread).items()}
    return Preview(card, today, states)


def promised_state(  # noqa: PLR0913 (all by keyword)
    *, card: LearnerCard, rating: Rating, settings: FlashcardSettings, learner: User, now: datetime, promise: str
) -> CardState:
    """What the rating makes of the card, with the days that the page showed.

    A promise that is not ours, or not of this state and day, is left aside. Other cards may have been scheduled since
    it was made, which would move the balance.
    """
    today = learner.day_of(now)
    days = _promised_days(card, today, promise)
    if days is None:
        return preview(card, settings, learner, now).states[rating]
    return prospects(card.memory_state, policy_of(settings), today).outcome(rating, days[rating], now)


def _shown(card: LearnerCard, day: date, days: Iterable[object]) -> str:
    """The card as it stands, the learner's day, and the days that the four buttons show."""
    return "/".join(map(str, (card.pk, card.version, day, *days)))


def _promised_days(card: LearnerCard, today: date, promise: str) -> dict[Rating, int] | None:
    try:
        seen = Signer(salt=_SALT).unsign(promise)
    except BadSignature:
        return None
    days = seen.split("/")[-len(RATINGS) :]
    return dict(zip(RATINGS, map(int, days), strict=True)) if seen == _shown(card, today, days) else None


def _recording(ranges: list[tuple[int, int]]) -> Callable[[float, int, int], int]:
    """A spread that takes the middle and notes which days would come into question."""

    def spread(interval: float, shortest: int, longest: int) -> int:
        low, high = fuzz_range(interval, shortest, longest)
        ranges.append((low, high + _MARGIN))
        return low

    return spread


def _load(learner: User, today: date, ranges: list[tuple[int, int]]) -> dict[int, int]:
    """How many reviews are due on the days in question, in days from today."""
    near = [days for days in ranges if days[1] <= LONGEST_BALANCED + _MARGIN]
    days = {day for low, high in near for day in range(low, high + 1)}
    due = count_due_on(learner, [today + timedelta(days=day) for day in sorted(days)])
    return {(due_on - today).days: count for due_on, count in due}
