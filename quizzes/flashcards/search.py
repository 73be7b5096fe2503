"""A learner's cards by the search language."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet

from progress.models import User
from quizzes.domain.card_search import Term, parse_search
from quizzes.domain.cards import State
from quizzes.flashcards.models import CardEvent, LearnerCard

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
ORDERS = {
    "due": ("state", "due_on", "position"),
    "position": ("position", "pk"),
    "stability": ("-stability", "pk"),
    "difficulty": ("-difficulty", "pk"),
    "lapses": ("-lapses", "pk"),
    "concept": ("card__concept__position", "position"),
}


def find_cards(learner: User, search: str, today: date, order: str = "") -> QuerySet[LearnerCard]:
    """The learner's cards that meet every term. Raises SearchError."""
    cards = LearnerCard.objects.of(learner).select_related("card__concept")
    for term in parse_search(search):
        condition = _condition(term, learner, today)
        cards = cards.exclude(condition) if term.excluded else cards.filter(condition)
    return cards.order_by(*ORDERS.get(order, ORDERS["position"]))


def _condition(term: Term, learner: User, today: date) -> Q:
    if term.name in _COUNTED:
        return Q(**{f"{_COUNTED[term.name]}__{term.comparison}": term.value})
    if term.name == "due":
        day = today + timedelta(days=int(term.value))
        return Q(**{"state": State.REVIEW, f"due_on__{term.comparison}": day})
    if term.name == "rated":
        events = CardEvent.objects.of(learner).answers().filter(day__gt=today - timedelta(days=int(term.value)))
        if term.rating:
            events = events.filter(rating=term.rating)
        return Q(pk__in=events.values("card"))
    text = str(term.value)
    return _state(text, learner, today) if term.name == "is" else _words(term.name, text)


def _words(name: str, text: str) -> Q:
    sides = Q(card__front_html__icontains=text) | Q(card__back_html__icontains=text)
    return {
        "tag": Q(card__tags__icontains=f'"{text}'),
        "concept": Q(card__concept__code__iexact=text),
        "kind": Q(card__kind=text),
        "section": Q(card__concept__subsection__section__slug=text),
        "text": sides | Q(card__concept__name__icontains=text),
    }[name]


def _state(name: str, learner: User, today: date) -> Q:
    return {
        "new": Q(state=State.NEW),
        "learning": Q(state__in=[State.LEARNING, State.RELEARNING]),
        "review": Q(state=State.REVIEW),
        "due": Q(state=State.REVIEW, due_on__lte=today, suspended=False),
        "suspended": Q(suspended=True),
        "buried": Q(buried_until__gt=today),
        "flagged": Q(flag__gt=0),
        "own": Q(card__owner=learner),
        "leech": Q(lapses__gte=_LEECH_LAPSES),
    }[name]
