"""How sections and concepts are asked for."""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.db import connections, models
from django.db.models.expressions import RawSQL

from concepts.domain.search_text import query_words

if TYPE_CHECKING:
    from concepts.models import Concept, Section, Subsection

_POSTGRES_MATCH = "SELECT concept_id FROM concepts_searchentry WHERE document @@ to_tsquery('mlprep', %s)"
_POSTGRES_RANK = (
    "SELECT -ts_rank(document, to_tsquery('mlprep', %s)) FROM concepts_searchentry"
    " WHERE concept_id = concepts_concept.id"
)


class SectionManager(models.Manager["Section"]):
    def get_by_natural_key(self, slug: str) -> Section:
        return self.get(slug=slug)


class SubsectionQuerySet(models.QuerySet["Subsection"]):
    def with_section(self) -> Self:
        return self.select_related("section")


class SubsectionManager(models.Manager["Subsection"]):
    def get_by_natural_key(self, section: str, slug: str) -> Subsection:
        return self.get(section__slug=section, slug=slug)


class ConceptQuerySet(models.QuerySet["Concept"]):
    def in_page_order(self) -> Self:
        """The tracker's order, each with its sub-section and section."""
        return self.select_related("subsection__section").order_by("position", "code")

    def by_section(self) -> Self:
        """Section by section, so that each can stand under one heading."""
        return self.in_page_order().order_by(
            "subsection__section__position", "subsection__position", "position", "code"
        )

    def as_list(self) -> Self:
        """The tracker's order, each with just what a list shows of it."""
        return self.only("code", "name", "priority", "week", "position", "subsection_id").order_by("position", "code")

    def in_sections(self, slugs: Collection[str]) -> Self:
        return self.filter(subsection__section__slug__in=slugs)

    def in_subsections(self, slugs: Collection[str]) -> Self:
        return self.filter(subsection__slug__in=slugs)

    def in_weeks(self, weeks: Collection[int]) -> Self:
        return self.filter(week__in=weeks)

    def of_priorities(self, priorities: Collection[str]) -> Self:
        return self.filter(priority__in=priorities)

    def named(self, text: str) -> Self:
        """Concepts whose code, name, sub-section or section hold every word of `text`; all where it has none."""
        found = self
        for word in text.split():
            names = ("code", "name", "subsection__name", "subsection__section__name")
            found = found.filter(reduce(or_, (models.Q(**{f"{name}__icontains": word}) for name in names)))
        return found

    def search(self, text: str) -> Self:
        """Concepts that have every word of `text`, best first: code and name weigh most, the answer least.

        A text without words (such as '?') finds nothing.
        """
        words = query_words(text)
        if not words:
            return self.none()
        if connections[self.db].vendor == "postgresql":
            query = " & ".join(f"{word}:*" for word in words)
            matches, rank = RawSQL(_POSTGRES_MATCH, [query]), RawSQL(_POSTGRES_RANK, [query])  # noqa: S611 (parameters)
            return self.filter(pk__in=matches).order_by(rank, "position")
        query = " ".join(f'"{word}"*' for word in words)
        return self.filter(search_hit__match=query).order_by("search_hit__rank", "position")

    def neighbours(self, concept: Concept) -> tuple[Concept | None, Concept | None]:
        """The concepts before and after `concept` in the tracker's order."""
        place = (concept.position, concept.code)
        before = models.Q(position=place[0], code__lt=place[1]) | models.Q(position__lt=place[0])
        after = models.Q(position=place[0], code__gt=place[1]) | models.Q(position__gt=place[0])
        return (
            self.filter(before).order_by("-position", "-code").first(),
            self.filter(after).order_by("position", "code").first(),
        )

    def weeks(self) -> list[int]:
        """The tracker's weeks that have a concept, ascending."""
        return list(self.order_by("week").values_list("week", flat=True).distinct())


class ConceptManager(models.Manager["Concept"]):
    def get_by_natural_key(self, code: str) -> Concept:
        return self.get(code=code)
