"""The filter chips of the concept list: each is a link to the same list with one choice more or less."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Chip:
    """One choice of a filter: its label, whether it is on, and the query that turns it over."""

    label: str
    value: str
    on: bool
    query: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter of the list."""

    name: str
    label: str
    chips: list[Chip]


def facet(name: str, label: str, choices: Iterable[tuple[object, str]], query: QueryDict) -> Facet:
    """The chips of one filter, given the list's present query."""
    chosen = query.getlist(name)
    chips = [Chip(text, str(key), str(key) in chosen, _turned_over(query, name, str(key))) for key, text in choices]
    return Facet(name, label, chips)


def _turned_over(query: QueryDict, name: str, value: str) -> str:
    turned = query.copy()
    values = turned.getlist(name)
    turned.setlist(name, [v for v in values if v != value] if value in values else [*values, value])
    # Another filter is another list: back to its first page.
    turned.pop("page", None)
    return turned.urlencode()
