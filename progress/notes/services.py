"""Writing notes: saved as they are typed, from as many pages as are open, and nothing typed is lost."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from concepts.models import Concept
from mlprep.shared.limits.taking import take_one
from mlprep.shared.rendering import RENDERER_VERSION, render_learner_text
from progress.accounts.models import User
from progress.domain.merging import digest, settle
from progress.kept.models import KeptText
from progress.kept.services import keep_aside, put_below
from progress.notes.models import MAX_NOTE_LENGTH, Note
from progress.subjects import Subject, Subjects, lookup_of, title_of

_HEADINGS_FROM = 3
"""A note stands under a heading of its page."""


class NoteChanged(Exception):
    """The note is not the one that the change was made for."""


class NoteTooLong(Exception):
    """The two texts together are longer than a note may be."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a learner ticks about a concept or topic, beside the text. minutes: spent without the focus timer."""

    minutes: int = 0
    difficulty: str = ""
    confidence: int | None = None
    review_needed: bool = False

    @property
    def digest(self) -> str:
        return digest(repr(self))


@dataclass(frozen=True, slots=True)
class Origin:
    """The page that sends a note: its name, and the digests of the text and of the marks it was made with."""

    page: str
    body: str
    marks: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The stored note, and whether what was sent is kept aside because another page has changed the text."""

    note: Note
    kept_aside: bool = False


def marks_of(note: Note | None) -> Marks:
    """The note's marks, or those of one that is not written yet."""
    if note is None:
        return Marks()
    return Marks(note.minutes, note.difficulty, note.confidence, note.review_needed)


@transaction.atomic
def save_note(  # noqa: PLR0913 (all by keyword)
    *, learner: User, subject: Subject, body: str, marks: Marks, now: datetime, origin: Origin | None = None
) -> Saved:
    """Save the note on a concept or topic, making it where there is none.

    origin: the page it comes from; without one it replaces what is stored. What a page has not changed stays as
    another page has left it; where both changed the text, the stored one stays and the other is kept aside.
    Raises TooManyKept, and LimitReached where the learner has changed notes very often lately.
    """
    note = _locked(learner, subject, now)
    stored = marks_of(note)
    if origin:
        same_page = note.page == origin.page
        settled = settle(note.body, body, base=origin.body, same_page=same_page)
        if settled.in_conflict:
            keep_aside(learner=learner, place=note.place, page=origin.page, body=settled.kept_aside, now=now)
            return Saved(note, kept_aside=True)
        body = settled.text
        if not same_page and marks.digest == origin.marks:
            marks = stored
    if (body, marks) != (note.body, stored):
        _store(note, body, marks, page=origin.page if origin else "", now=now)
    return Saved(note)


@transaction.atomic
def replace_note(  # noqa: PLR0913 (all by keyword)
    *, learner: User, subject: Subject, body: str, marks: Marks, version: str, now: datetime
) -> Note:
    """Replace the note whose text has the digest `version`. Raises NoteChanged where it has another; LimitReached."""
    note = _locked(learner, subject, now)
    if version != digest(note.body):
        raise NoteChanged
    _store(note, body, marks, page="", now=now)
    return note


@transaction.atomic
def take_kept(*, note: Note, kept: KeptText, now: datetime) -> Note:
    """Put a text that was kept aside below the note. Raises NoteTooLong."""
    note = Note.objects.select_for_update(of=("self",)).with_subject().get(pk=note.pk)
    body = put_below(note.body, kept, limit=MAX_NOTE_LENGTH)
    if body is None:
        raise NoteTooLong
    _store(note, body, marks_of(note), page="", now=now)
    kept.delete()
    return note


@transaction.atomic
def delete_note(*, note: Note) -> None:
    """Delete the note and what was kept aside for it; the times of the focus timer stay."""
    KeptText.objects.of(note.learner).at(note.place).delete()
    note.delete()


def link_to(text: str, subject: Subject) -> str:
    """The text with a link to the subject at its end."""
    link = f"[[{title_of(subject)}]]" if not isinstance(subject, Concept) else f"[[{subject.code}]]"
    return f"{text.rstrip()}\n\n{link}" if text.strip() else link


def render_note(body: str) -> tuple[str, list[Subject]]:
    """The note's HTML, and the concepts and topics that it links to by `[[DL-021]]`, each once."""
    if "[[" not in body:
        return render_learner_text(body, headings_from=_HEADINGS_FROM), []
    subjects, named = Subjects.load(), dict[str, Subject]()

    def address(name: str) -> tuple[str, str] | None:
        subject = subjects.find(name)
        if subject is None:
            return None
        named[subject.get_absolute_url()] = subject
        return subject.get_absolute_url(), title_of(subject)

    return render_learner_text(body, link_to=address, headings_from=_HEADINGS_FROM), list(named.values())


def render_stale_notes() -> int:
    """Render the notes that an older renderer made; returns how many.

    Harmless while the app runs: what its learner writes in the meantime keeps the learner's text.
    """
    stale = Note.objects.exclude(renderer_version=RENDERER_VERSION).values_list("pk", "body")
    # Read whole before the first write: SQLite refuses to write beside a reader that others have overtaken.
    return sum(
        Note.objects.filter(pk=pk, body=body).update(body_html=render_note(body)[0], renderer_version=RENDERER_VERSION)
        for pk, body in list(stale)
    )


def _locked(learner: User, subject: Subject, now: datetime) -> Note:
    """The note on the subject, made where there is none, for this transaction to change."""
    about = lookup_of(subject)
    made = {"renderer_version": RENDERER_VERSION, "created_at": now, "changed_at": now}
    Note.objects.get_or_create(learner=learner, **about, defaults=made)
    return Note.objects.of(learner).select_for_update(of=("self",)).with_subject().get(**about)


def _store(note: Note, body: str, marks: Marks, *, page: str, now: datetime) -> None:
    for field, value in asdict(marks).items():
        setattr(note, field, value)
    if body != note.body:
        take_one("notes", note.learner_id)
        before = note.body
        note.body, note.renderer_version = body, RENDERER_VERSION
        note.body_html, named = render_note(body)
        if named or "[[" in before:
            note.concepts_named.set(subject for subject in named if isinstance(subject, Concept))
            note.topics_named.set(subject for subject in named if not isinstance(subject, Concept))
    note.page, note.changed_at = page, now
    note.save()
