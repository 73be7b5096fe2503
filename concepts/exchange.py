"""The tracker's page into the database, and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction
from django.utils.text import slugify

from concepts.domain.tracker import Tracker, TrackerConcept, TrackerSection, TrackerSubsection
from concepts.models import Concept, Priority, Section, Status, Subsection

_STATUS_WORDS = {Status.NOT_STARTED: "Not Started", Status.LEARNING: "Learning", Status.MASTERED: "Mastered"}
_STATUS_OF_WORD = {word: status for status, word in _STATUS_WORDS.items()}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """How many concepts of the page are new here, and how many were there already."""

    created: int
    updated: int
    statuses: Mapping[str, Status]
    """By code: the status that the page gives each concept."""


@transaction.atomic
def import_tracker(tracker: Tracker) -> ImportReport:
    """Bring the database up to date with the page; what the page does not name stays as it is.

    A formula that changes loses its LaTeX form, which would not fit any more.
    """
    created, position = 0, 0
    statuses: dict[str, Status] = {}
    for section_place, section in enumerate(tracker.sections, start=1):
        kept_section, _ = Section.objects.update_or_create(
            slug=slugify(section.name), defaults={"name": section.name, "position": section_place}
        )
        for place, subsection in enumerate(section.subsections, start=1):
            kept_subsection, _ = Subsection.objects.update_or_create(
                section=kept_section,
                slug=slugify(subsection.name) or f"subsection-{place}",
                defaults={"name": subsection.name, "position": place},
            )
            for line in subsection.concepts:
                position += 1
                created += _store(line, kept_subsection, position)
                statuses[line.code] = _STATUS_OF_WORD[line.status]
    return ImportReport(created, position - created, statuses)


def current_tracker(statuses: Mapping[str, Status] | None = None) -> Tracker:
    """The database as a page; `statuses` by code are a learner's, otherwise each concept has the page's own."""
    concepts = {
        pk: tuple(_line(concept, statuses) for concept in group)
        for pk, group in groupby(
            Concept.objects.order_by("subsection__section__position", "subsection__position", "position", "code"),
            key=lambda concept: concept.subsection_id,
        )
    }
    subsections = Subsection.objects.with_section().order_by("section__position", "position")
    by_section = {section.pk: (section.name, []) for section in Section.objects.all()}  # type: ignore[var-annotated]
    for subsection in subsections:
        by_section[subsection.section_id][1].append(TrackerSubsection(subsection.name, concepts.get(subsection.pk, ())))
    return Tracker(tuple(TrackerSection(name, tuple(parts)) for name, parts in by_section.values()))


def _store(line: TrackerConcept, subsection: Subsection, position: int) -> bool:
    """Write one concept; says whether it is new."""
    concept = Concept.objects.filter(code=line.code).first() or Concept(code=line.code)
    is_new = concept.pk is None
    if concept.formula != line.formula:
        concept.formula_latex = ""
    concept.name, concept.subsection, concept.position = line.name, subsection, position
    concept.priority, concept.week = Priority[line.priority.upper()], line.week
    concept.tracker_status = _STATUS_OF_WORD[line.status]
    concept.formula, concept.interview_question = line.formula, line.interview_question
    concept.resource_url, concept.notes = line.resource_url, line.notes
    concept.save()
    return is_new


def _line(concept: Concept, statuses: Mapping[str, Status] | None) -> TrackerConcept:
    status = concept.tracker_status if statuses is None else statuses.get(concept.code, Status.NOT_STARTED)
    return TrackerConcept(
        code=concept.code,
        name=concept.name,
        priority=Priority(concept.priority).label,
        status=_STATUS_WORDS[Status(status)],
        week=concept.week,
        formula=concept.formula,
        interview_question=concept.interview_question,
        resource_url=concept.resource_url,
        notes=concept.notes,
    )
