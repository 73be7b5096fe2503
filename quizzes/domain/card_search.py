"""The language of searching cards: `is:due week:1 tag:loss lapses:>3 rated:7:again`, words, and `or` between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizzes.domain.flags import FLAGS, flag_number
from quizzes.domain.fsrs import Rating

_TERM = re.compile(r'(?P<minus>-)?(?:(?P<name>[a-z]+):)?(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))', re.IGNORECASE)
_NUMBER = re.compile(r"(?P<sign><=|>=|<|>|=)?(?P<number>\d{1,6}(?:\.\d{1,4})?)")
_MAX_TERMS = 20
_LARGEST = 999_999
_LATEST_DUE = 36_500

STATES = ("new", "learning", "review", "due", "suspended", "buried", "flagged", "own", "leech")
COUNTED = ("due", "week", "lapses", "reps", "interval", "stability", "difficulty", "recall", "flag")
NAMED = ("tag", "concept", "kind", "section")
_SIGNS = {None: "exact", "=": "exact", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}


class SearchError(ValueError):
    """A term cannot be read; the message says which and what would be one."""


@dataclass(frozen=True, slots=True)
class Term:
    """One condition. `comparison` is a lookup such as gt; `rating` belongs to `rated`; `due` counts days from today;
    `recall` is in percent."""

    name: str
    value: str | float
    comparison: str = "exact"
    excluded: bool = False
    rating: Rating | None = None


def parse_search(text: str) -> list[list[Term]]:
    """What a search asks for: all terms of one of the alternatives, which stand apart by `or`. Raises SearchError."""
    alternatives: list[list[Term]] = [[]]
    for term in _terms(text):
        if term is None:
            alternatives.append([])
        else:
            alternatives[-1].append(term)
    if len(alternatives) > 1 and not all(alternatives):
        raise SearchError('`or` stands between two terms; the word itself is searched as "or".')
    if sum(map(len, alternatives)) > _MAX_TERMS:
        raise SearchError(f"At most {_MAX_TERMS} terms.")
    return alternatives


def _terms(text: str) -> Iterator[Term | None]:
    """The terms in order, with None for each `or`."""
    for match in _TERM.finditer(text):
        name = (match["name"] or "").lower()
        if match[0].lower() == "or":
            yield None
        else:
            value = match["quoted"] if match["quoted"] is not None else match["bare"]
            yield _term(name, value, excluded=bool(match["minus"]))


def _term(name: str, value: str, *, excluded: bool) -> Term:
    if not name:
        return Term("text", value, excluded=excluded)
    if name == "is":
        if value.lower() not in STATES:
            raise SearchError(f"is:{value} is none of is:{', is:'.join(STATES)}.")
        return Term("is", value.lower(), excluded=excluded)
    if name in NAMED:
        return Term(name, value.lower(), excluded=excluded)
    if name == "rated":
        return _rated(value, excluded=excluded)
    if name in COUNTED:
        return _counted(name, value, excluded=excluded)
    known = ", ".join(f"{word}:" for word in ("is", *NAMED, *COUNTED, "rated"))
    raise SearchError(f"There is no {name}:. There are {known} and plain words.")


def _counted(name: str, value: str, *, excluded: bool) -> Term:
    if name == "flag" and (flag := flag_number(value)):
        return Term(name, flag, excluded=excluded)
    if not (number := _NUMBER.fullmatch(value)):
        if name == "flag":
            raise SearchError(
                f"flag:{value} needs a colour or a number, such as flag:red ({', '.join(FLAGS.values())})."
            )
        raise SearchError(f"{name}:{value} needs a number, such as {name}:3 or {name}:>3.")
    amount = min(float(number["number"]), _LATEST_DUE if name == "due" else _LARGEST)
    return Term(name, amount, _SIGNS[number["sign"]], excluded=excluded)


def _rated(value: str, *, excluded: bool) -> Term:
    days, _, rating = value.partition(":")
    ratings = {rating.name.lower(): rating for rating in Rating}
    if not days.isascii() or not days.isdigit() or not 1 <= int(days[:6]) <= 3650:
        raise SearchError(f"rated:{value} needs a number of days, such as rated:7 or rated:7:again.")
    if rating and rating.lower() not in ratings:
        raise SearchError(f"rated:{value} ends in none of {', '.join(ratings)}.")
    return Term("rated", float(days), "gte", excluded=excluded, rating=ratings.get(rating.lower()))
