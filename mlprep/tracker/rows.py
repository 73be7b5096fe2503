"""What the list shows of a concept, and how the rows stand under their headings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from concepts.models import Concept, Section, Status, Subsection
from progress.standing import Standing


@dataclass(frozen=True, slots=True)
class Row:
    """A concept with the learner's standing and the number of visible comments."""

    concept: Concept
    standing: Standing
    comments: int = 0

    @property
    def statuses(self) -> Iterable[tuple[Status, bool]]:
        """Each status, and whether it is the learner's."""
        return [(status, status == self.standing.status) for status in Status]


@dataclass(frozen=True, slots=True)
class Group:
    """A sub-section and its rows; `opens_section` on the first of its section."""

    section: Section
    subsection: Subsection
    opens_section: bool
    rows: Sequence[Row] = field(default_factory=list)


def group_by_subsection(
    rows: Sequence[Row], subsections: Sequence[Subsection], *, first: bool = True, last: bool = True
) -> list[Group]:
    """Rows under the headings of `subsections`, which come in order.

    Those without rows stand where they belong too: those before the page's first row on the `first` page only,
    those after its last row on the `last` page only.
    """
    filled: dict[int, list[Row]] = {}
    for row in rows:
        filled.setdefault(row.concept.subsection_id, []).append(row)
    places = [place for place, subsection in enumerate(subsections) if subsection.pk in filled]
    begin = 0 if first or not places else places[0]
    end = len(subsections) if last or not places else places[-1] + 1
    groups: list[Group] = []
    for subsection in subsections[begin:end]:
        opens = not groups or groups[-1].section.pk != subsection.section_id
        groups.append(Group(subsection.section, subsection, opens, filled.get(subsection.pk, [])))
    return groups
