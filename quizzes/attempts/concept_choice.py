"""The concepts that a quiz may be about, as its form lists them: by section, found by words, the chosen ones always."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Self

from concepts.models import Concept

SHOWN = 200
"""So many at once; whoever wants others finds them by their words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A concept to tick."""

    code: str
    name: str
    section: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ConceptChoice:
    """What the form lists. `find` is what the list is narrowed to, `more` how many it leaves out."""

    find: str
    chosen: list[str]
    choices: list[Choice]
    more: int

    @classmethod
    def of(cls, chosen: Collection[str], find: str) -> Self:
        """The concepts that have all words of `find`, and the chosen ones whatever it says.

        Where no name has the words, the concepts are listed whose formula or answer has them.
        """
        named = Concept.objects.named(find)
        if find and not named.exists():
            named = Concept.objects.search(find)
        found = named.by_section().values_list("code", "name", "subsection__section__name")
        listed = list(found[: SHOWN + 1])
        more = found.count() - SHOWN if len(listed) > SHOWN else 0
        listed = listed[:SHOWN]
        missing = set(chosen) - {code for code, *_ in listed}
        if missing:
            others = Concept.objects.filter(code__in=missing).by_section()
            listed = [*others.values_list("code", "name", "subsection__section__name"), *listed]
        choices = [Choice(code, name, section, code in chosen) for code, name, section in listed]
        return cls(find, [each.code for each in choices if each.chosen], choices, more)

    @property
    def found(self) -> bool:
        """Whether the words were found, apart from what is chosen anyhow."""
        return any(not each.chosen for each in self.choices) or not self.find

    def sections(self) -> Iterator[tuple[str, list[Choice]]]:
        """The choices under their sections' names; what is chosen and not found stands first."""
        for name, choices in groupby(self.choices, key=lambda each: each.section):
            yield name, list(choices)
