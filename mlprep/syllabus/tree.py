"""The syllabus as the page shows it: sections, headings and bullets with their links and the learner's coverage."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from concepts.models import SyllabusSource
from concepts.syllabus.schema import Entry
from mlprep.syllabus.places import KINDS, Place, Places, mock_place

LEVELS = 5
WEAK_BELOW = 0.5
"""A bullet is weak for a learner whose coverage of it is less."""
TOP_HEADING = 3
"""Sections are h3: above them stand the page's and the source's headings."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much the app covers of some bullets, and the learner of those: share from 0 to 1, None where not measured."""

    bullets: int
    covered: int
    in_part: int
    share: float | None

    @property
    def percent(self) -> int:
        return round(100 * (self.share or 0.0))

    @property
    def level(self) -> int:
        """The step of the mastery ramp, 0 to 4."""
        return min(LEVELS - 1, int((self.share or 0.0) * LEVELS))


@dataclass(frozen=True, slots=True)
class Bullet:
    """A bullet with the places that cover it, by kind, and the guides that only name it."""

    entry: Entry
    links: list[tuple[str, list[Place]]]
    named_in: list[Place]
    coverage: Coverage

    @property
    def covered(self) -> bool:
        return self.coverage.covered > 0

    @property
    def is_open(self) -> bool:
        """Whether something of it is not covered yet."""
        return not self.covered or bool(self.entry.missing)

    @property
    def is_weak(self) -> bool:
        """Whether the learner could learn it here and has not."""
        return self.coverage.share is not None and self.coverage.share < WEAK_BELOW


@dataclass(frozen=True, slots=True)
class Group:
    """Bullets under one heading; before the first heading of a section there is none (level 0)."""

    level: int
    entry: Entry | None
    bullets: list[Bullet]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a source: what of it is shown, and how much of the whole is covered."""

    entry: Entry
    guides: list[Place]
    groups: list[Group]
    coverage: Coverage

    @property
    def shown(self) -> int:
        """How many bullets are shown."""
        return sum(len(group.bullets) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Source:
    """One of the lists with its sections."""

    slug: str
    title: str
    note: str
    sections: list[Section]
    coverage: Coverage

    @property
    def shown(self) -> int:
        return sum(section.shown for section in self.sections)


def tree_of(source: SyllabusSource, places: Places, wanted: Callable[[Bullet], bool]) -> Source:
    """A source with the bullets that are wanted; headings and sections without any are left out."""
    whole = [_section(Entry.model_validate(entry), places) for entry in source.entries]
    every = [bullet for section in whole for group in section.groups for bullet in group.bullets]
    sections = [_only(section, wanted) for section in whole]
    return Source(
        source.slug, source.title, source.note, [section for section in sections if section.shown], coverage_of(every)
    )


def coverage_of(bullets: Sequence[Bullet]) -> Coverage:
    """Bullets counted; the learner's share is the mean over those that the app covers and measures."""
    shares = [bullet.coverage.share for bullet in bullets if bullet.coverage.share is not None]
    return Coverage(
        bullets=len(bullets),
        covered=sum(bullet.covered for bullet in bullets),
        in_part=sum(bool(bullet.entry.missing) for bullet in bullets),
        share=mean(shares) if shares else None,
    )


def _section(entry: Entry, places: Places) -> Section:
    groups = list(_groups(entry, TOP_HEADING, places))
    bullets = [bullet for group in groups for bullet in group.bullets]
    return Section(entry, _found("guides", entry.guides, places), groups, coverage_of(bullets))


def _groups(heading: Entry, level: int, places: Places) -> Iterator[Group]:
    own = [_bullet(entry, places) for entry in heading.items if not entry.items]
    yield Group(level, heading, own) if level > TOP_HEADING else Group(0, None, own)
    for entry in heading.items:
        if entry.items:
            yield from _groups(entry, level + 1, places)


def _only(section: Section, wanted: Callable[[Bullet], bool]) -> Section:
    """The section with the wanted bullets; a heading stays where anything below it does."""
    kept: list[Group] = []
    below: list[int] = []
    for group in reversed(section.groups):
        bullets = [bullet for bullet in group.bullets if wanted(bullet)]
        if bullets or (group.entry and any(level > group.level for level in below)):
            kept.append(Group(group.level, group.entry, bullets))
            below = [level for level in below if level <= group.level] + [group.level]
    return Section(section.entry, section.guides, kept[::-1], section.coverage)


def _bullet(entry: Entry, places: Places) -> Bullet:
    links = [(kind, found) for kind in KINDS if (found := _found(kind, getattr(entry, kind), places))]
    shares = [place.share for kind, found in links if kind != "guides" for place in found if place.share is not None]
    if not shares:
        shares = [place.share for _, found in links for place in found if place.share is not None]
    coverage = Coverage(1, int(bool(links)), int(bool(entry.missing)), mean(shares) if shares else None)
    return Bullet(entry, links, _found("guides", entry.named_in, places), coverage)


def _found(kind: str, names: Sequence[str], places: Places) -> list[Place]:
    """The places with these names; what the library has retired meanwhile is left out."""
    if kind == "mocks":
        return [mock_place(name) for name in names]
    return [places[kind, name] for name in names if (kind, name) in places]
