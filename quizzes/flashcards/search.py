"""A learner's cards by the search language."""

import json
from datetime import date, timedelta
from typing import Any

from django.db.models import DateField, F, FloatField, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.utils import timezone

from progress.domain.calendar import days_between
from progress.models import User
from quizzes.domain.card_search import Term, parse_search
from quizzes.domain.cards import State
from quizzes.domain.fsrs import FSRS
from quizzes.domain.generators import GENERATORS
from quizzes.flashcards.models import Card, CardEvent, CardText, LearnerCard
from quizzes.flashcards.preferences import policy_of, settings_of

_LEECH_LAPSES = 8
_COUNTED = {
    "week": "card__concept__week",
    "lapses": "lapses",
    "reps": "reps",
    "interval": "interval",
    "stability": "stability",
    "difficulty": "difficulty",
    "flag": "flag",
}
_FORGOTTEN = 0.0001
"""Recall below this share is nothing to search by."""
_ROUNDING = 1e-9

ORDERS: dict[str, tuple[str, ...]] = {
    "position": ("position",),
    "concept": ("card__concept__position", "position"),
    "state": ("state", "position"),
    "due": ("due_on", "due_at", "position"),
    "recall": ("-faded",),
    "stability": ("-stability",),
    "difficulty": ("-difficulty",),
    "lapses": ("-lapses",),
}
"""What cards can be sorted by, and how; a minus in front of the name turns it round."""


class DaysSince(Func):
    """Whole days from the second day to the first."""

    arity = 2
    output_field = FloatField()
    template = "(%(expressions)s)"
    arg_joiner = " - "

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, template="(JULIANDAY(%(expressions)s))", arg_joiner=") - JULIANDAY(", **extra
        )


def find_cards(learner: User, search: str, today: date, order: str = "") -> QuerySet[LearnerCard]:
    """The learner's cards that meet every term, each with `faded`: days since its review over its stability.

    Raises SearchError.
    """
    faded = DaysSince(Value(today, output_field=DateField()), F("last_on")) / F("stability")
    cards = LearnerCard.objects.of(learner).select_related("card__concept").annotate(faded=faded)
    found = Q()
    for terms in parse_search(search):
        wanted = Q()
        for term in terms:
            condition = _condition(term, learner, today)
            wanted &= ~condition if term.excluded else condition
        found |= wanted
    return cards.filter(found).order_by(*_ordering(order))


def recall_now(card: LearnerCard, fsrs: FSRS, today: date) -> float | None:
    """The chance that the learner recalls the card today; None for one never seen."""
    if not card.stability or not card.last_on:
        return None
    return float(fsrs.retrievability(card.stability, max(0, days_between(card.last_on, today))))


def is_order(name: str) -> bool:
    """Whether cards can be sorted so."""
    return name.removeprefix("-") in ORDERS


def _ordering(order: str) -> list[Combinable | str]:
    """What has no value comes last, however it is sorted."""
    name = order.removeprefix("-")
    found: list[Any] = []
    for field in ORDERS.get(name, ORDERS["position"]):
        falls = field.startswith("-") != (order.startswith("-") and name in ORDERS)
        expression = F(field.removeprefix("-"))
        found.append(expression.desc(nulls_last=True) if falls else expression.asc(nulls_last=True))
    return [*found, "pk"]


def _recall(term: Term, learner: User) -> Q:
    """Recall falls as days grow against stability, so its bound is one of that quotient; `=` is to a percent."""
    fsrs = FSRS(tuple(policy_of(settings_of(learner)).weights))

    def faded(percent: float) -> float:
        return float(fsrs.interval(1.0, min(1.0, max(_FORGOTTEN, percent / 100))))

    percent = float(term.value)
    if term.comparison == "exact":
        return Q(faded__isnull=False, faded__lte=faded(percent - 0.5), faded__gt=faded(percent + 0.5))
    turned, slack = {"lt": ("gt", 1), "lte": ("gte", -1), "gt": ("lt", -1), "gte": ("lte", 1)}[term.comparison]
    return Q(**{"faded__isnull": False, f"faded__{turned}": faded(percent) * (1 + slack * _ROUNDING)})


def _condition(term: Term, learner: User, today: date) -> Q:
    if term.name in _COUNTED:
        return Q(**{f"{_COUNTED[term.name]}__{term.comparison}": term.value})
    if term.name == "due":
        day = today + timedelta(days=int(term.value))
        return Q(**{"state": State.REVIEW, f"due_on__{term.comparison}": day})
    if term.name == "recall":
        return _recall(term, learner)
    if term.name == "rated":
        events = CardEvent.objects.of(learner).answers().filter(day__gt=today - timedelta(days=int(term.value)))
        if term.rating:
            events = events.filter(rating=term.rating)
        return Q(pk__in=events.values("card"))
    text = str(term.value)
    return {
        "is": lambda: _state(text, learner, today),
        "text": lambda: _words(text, learner),
        "tag": lambda: _tagged(text),
        "concept": lambda: Q(card__concept__code__iexact=text),
        "kind": lambda: Q(card__kind=text),
        "section": lambda: Q(card__concept__subsection__section__slug=text),
    }[term.name]()


def _words(text: str, learner: User) -> Q:
    """In what was written, formulas as LaTeX: the markup of a page is not what anybody looks for."""
    asked = [name for name, generator in GENERATORS.items() if text.lower() in generator.title.lower()]
    written = Q(content__front__icontains=text) | Q(content__back__icontains=text)
    cards = Card.objects.filter(written | Q(concept__name__icontains=text) | Q(content__generator__in=asked))
    own = CardText.objects.of(learner).filter(Q(front__icontains=text) | Q(back__icontains=text))
    return Q(card__in=cards.values("pk")) | Q(card__in=own.values("card"))


def _tagged(text: str) -> Q:
    """By the library or the learner; a star at the end stands for any rest."""
    found = Q()
    # PostgreSQL keeps letters as they are, SQLite as `json` writes them.
    for tag in {text, json.dumps(text)[1:-1]}:
        needle = f'"{tag[:-1]}' if tag.endswith("*") else f'"{tag}"'
        found |= Q(card__tags__icontains=needle) | Q(tags__icontains=needle)
    return found


def _step_over() -> Q:
    return Q(state__in=[State.LEARNING, State.RELEARNING], due_at__lte=timezone.now())


def _state(name: str, learner: User, today: date) -> Q:
    return {
        "new": Q(state=State.NEW),
        "learning": Q(state__in=[State.LEARNING, State.RELEARNING]),
        "review": Q(state=State.REVIEW),
        "due": Q(suspended=False)
        & (Q(buried_until=None) | Q(buried_until__lte=today))
        & (Q(state=State.REVIEW, due_on__lte=today) | _step_over()),
        "suspended": Q(suspended=True),
        "buried": Q(buried_until__gt=today),
        "flagged": Q(flag__gt=0),
        "own": Q(card__owner=F("learner")),
        "leech": Q(lapses__gte=_LEECH_LAPSES),
    }[name]
