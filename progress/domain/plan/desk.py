"""A plan being laid: the days one after the other, each filled until its minutes are used up."""

from collections.abc import Mapping, Sequence
from datetime import date

from progress.domain.plan.days import Day, Frame, Stage
from progress.domain.plan.habits import MOCK_MINUTES, Habit, mock_is_due, weekly_review
from progress.domain.plan.items import Item, Kind, Task, Window
from progress.domain.plan.memory import REVIEW_MINUTES, Memory, Past

_CARDS_SHARE = 0.4
_REVIEW_SHARE = 0.5
"""While new things are learnt, reviews and cards leave time for them."""
_SHORT_REVIEW_SHARE = 0.3
"""Where not everything fits, reviews leave time for exercises on every day."""
_REHEARSAL_SHARE = 0.5
_LEAST_PORTION = 10
"""A portion of a longer text is at least so many minutes, so that days are not shredded."""
_WEEKEND = (5, 6)

_OPEN = {
    Window.LEARNING: {Stage.LEARN},
    Window.PRACTICE: {Stage.LEARN, Stage.REVIEW, Stage.LAST_WEEK},
    Window.REHEARSAL: {Stage.REVIEW, Stage.LAST_WEEK},
    Window.ALOUD: {Stage.LAST_WEEK, Stage.LIGHT},
}


class Desk:
    """Where the plan is laid; afterwards `tasks` has what was placed and `placed` the keys of whole items."""

    def __init__(
        self, days: Sequence[Day], frame: Frame, past: Past, cards: Mapping[date, int], habits: Sequence[Habit]
    ) -> None:
        self.days, self.frame, self.past, self.cards, self.habits = days, frame, past, cards, habits
        self.memories = {memory.topic: memory for memory in past.memories}
        self.learnt_on = [memory.last_on for memory in past.memories]
        self.tasks: list[Task] = []
        self.placed: set[str] = set()
        self._mocks, self._last_mock = past.mocks, past.last_mock
        self._left, self._is_short = 0, False
        self._begun: dict[str, int] = {}
        self._portions = dict(past.portions)

    def fill(self, chosen: Sequence[Item], rehearsals: Sequence[Item], spare: Sequence[Item]) -> None:
        """Lay the chosen items; spare ones only where minutes are left over that no chosen one can use.

        rehearsals: what belongs into the last weeks; it comes first there, in half of the day's minutes.
        """
        self._keys = {item.key for items in (chosen, rehearsals, spare) for item in items}
        self._is_short = bool(spare)
        waiting, extra = list(chosen), sorted(spare, key=lambda item: (-item.value, item.order, item.key))
        to_rehearse = list(rehearsals)
        for day in self.days:
            self._left = day.minutes
            if not day.minutes:
                continue
            self._habits(day)
            waiting = self._asked_again(day, waiting)
            self._reviews(day)
            to_rehearse = self._rehearse(day, to_rehearse)
            waiting = self._learn(day, waiting)
            # Half of the day is kept for rehearsals; what they leave of it goes to the most valuable of the rest.
            extra = self._learn(day, extra, in_one_go=True)
            to_rehearse = self._learn(day, to_rehearse)

    def missing(self, items: Sequence[Item]) -> int:
        """The minutes of those items that were not placed whole."""
        return sum(self.minutes_left(item) for item in items if item.key not in self.placed)

    def minutes_left(self, item: Item) -> int:
        """The minutes of an item that are not placed."""
        return (
            sum(minutes for _, minutes in item.pieces[self._begun.get(item.key, 0) :]) if item.pieces else item.minutes
        )

    def _habits(self, day: Day) -> None:
        for habit in self.habits:
            self._put(habit.on(day))
        if (due := min(self.cards.get(day.date, 0), int(day.minutes * _CARDS_SHARE))) and day.stage is not Stage.EVE:
            self._put(Task(day.date, f"cards:{day.date:%Y-%m-%d}", Kind.CARDS, "Flashcards that are due", due))
        self._put(weekly_review(day, self.frame.review_weekday))
        if mock_is_due(day, self._last_mock, self.learnt_on):
            task = Task(day.date, f"mock:{self._mocks + 1}", Kind.MOCK, "Mock interview", MOCK_MINUTES)
            if self._put(task):
                self._mocks, self._last_mock = self._mocks + 1, day.date

    def _asked_again(self, day: Day, waiting: list[Item]) -> list[Item]:
        """What a mock interview or weekly review asked for comes before anything new."""
        asked = [item for item in waiting if item.kind is Kind.REVIEW and item.window is Window.PRACTICE]
        rest = self._learn(day, asked) if asked else []
        kept = {item.key for item in rest}
        return [item for item in waiting if item not in asked or item.key in kept]

    def _reviews(self, day: Day) -> None:
        """Spaced reviews that are due, the longest overdue first, in their share of the day."""
        if day.stage is Stage.EVE:
            return
        room = min(self._left, int(day.minutes * self._review_share(day)))
        due = [memory for memory in self.memories.values() if memory.due_on <= day.date]
        for memory in sorted(due, key=lambda memory: (memory.due_on, memory.topic)):
            if room < REVIEW_MINUTES:
                break
            key = f"review:{memory.topic}:{memory.times + 1}"
            task = Task(day.date, key, Kind.REVIEW, memory.title, REVIEW_MINUTES, topic=memory.topic)
            if self._put(task):
                room -= REVIEW_MINUTES
                self.memories[memory.topic] = memory.reviewed(day.date)

    def _review_share(self, day: Day) -> float:
        if self._is_short:
            return _SHORT_REVIEW_SHARE
        return _REVIEW_SHARE if day.stage is Stage.LEARN and day.date.weekday() not in _WEEKEND else 1.0

    def _learn(self, day: Day, waiting: list[Item], *, in_one_go: bool = False) -> list[Item]:
        """Place what is ready, in order; returns what still waits. in_one_go: nothing is begun that cannot be ended."""
        rest = []
        for item in waiting:
            fits = not in_one_go or item.minutes <= self._left
            if not (fits and self._may_lie(item, day) and self._place(item, day)):
                rest.append(item)
        return rest

    def _rehearse(self, day: Day, waiting: list[Item]) -> list[Item]:
        kept = max(0, self._left - int(day.minutes * _REHEARSAL_SHARE))
        self._left -= kept
        rest = self._learn(day, waiting)
        self._left += kept
        return rest

    def _may_lie(self, item: Item, day: Day) -> bool:
        if day.stage not in _OPEN[item.window] or (item.not_before and day.date < item.not_before):
            return False
        return all(need in self.placed or need not in self._keys for need in item.needs)

    def _place(self, item: Item, day: Day) -> bool:
        """Place the item, or as many of its pieces as fit; whether all of it is placed now."""
        if not item.pieces:
            task = Task(day.date, item.key, item.kind, item.title, item.minutes, topic=item.topic)
            return self._finish(item, day) if self._put(task) else False
        start = self._begun.get(item.key, 0)
        pieces: list[tuple[str, int]] = []
        for name, minutes in item.pieces[start:]:
            if sum(taken for _, taken in pieces) + minutes > self._left:
                break
            pieces.append((name, minutes))
        whole = start + len(pieces) == len(item.pieces)
        taken = sum(minutes for _, minutes in pieces)
        if not pieces or (not whole and taken < min(_LEAST_PORTION, day.minutes // 2)):
            return False
        portion = self._portions[item.key] = self._portions.get(item.key, 0) + 1
        names = tuple(name for name, _ in pieces)
        self._put(Task(day.date, item.key, item.kind, item.title, taken, portion, item.topic, names))
        self._begun[item.key] = start + len(pieces)
        return self._finish(item, day) if whole else False

    def _finish(self, item: Item, day: Day) -> bool:
        self.placed.add(item.key)
        if item.kind is Kind.READ and item.topic and item.topic not in self.memories and not item.is_glance:
            self.learnt_on.append(day.date)
            self.memories[item.topic] = Memory(item.topic, item.title, day.date)
        return True

    def _put(self, task: Task | None) -> bool:
        if task is None or task.minutes > self._left or task.key in self.past.done:
            return False
        self._left -= task.minutes
        self.tasks.append(task)
        return True
