"""All notes of a learner as a folder of Markdown files."""

import io
import zipfile
from collections import defaultdict
from datetime import datetime

from progress.accounts.models import User
from progress.domain.note_files import file_name, note_file
from progress.focus.models import FocusSession
from progress.notes.models import Note
from progress.subjects import key_of

FOLDER = "mlprep-notes"


def zip_of_notes(learner: User, *, now: datetime) -> bytes:
    """`mlprep-notes/concepts/DL-021-Softmax.md`, `mlprep-notes/topics/04-….md`, each with front matter."""
    focus = _focus_minutes(learner, now)
    buffer = io.BytesIO()
    notes = Note.objects.of(learner).with_subject().prefetch_related("concepts_named", "topics_named")
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for note in notes.order_by("concept__position", "topic__number", "pk"):
            changed = note.changed_at.astimezone(learner.zone)
            entry = zipfile.ZipInfo(f"{FOLDER}/{_path(note)}", changed.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, note_file(_front(note, learner, focus), note.body))
    return buffer.getvalue()


def _path(note: Note) -> str:
    if note.concept:
        return f"concepts/{file_name(note.concept.code, note.concept.name)}"
    assert note.topic is not None
    return f"topics/{file_name(f'{note.topic.number:02}', note.topic.slug)}"


def _front(note: Note, learner: User, focus: dict[tuple[int | None, int | None], float]) -> dict[str, object]:
    return {
        "title": note.title,
        "concept" if note.concept else "topic": key_of(note.subject),
        "minutes": note.minutes + round(focus[note.concept_id, note.topic_id] / 60),
        "difficulty": note.difficulty or None,
        "confidence": note.confidence,
        "review_needed": note.review_needed,
        "connections": [key_of(subject) for subject in note.named],
        "created": note.created_at.astimezone(learner.zone).isoformat(timespec="seconds"),
        "changed": note.changed_at.astimezone(learner.zone).isoformat(timespec="seconds"),
    }


def _focus_minutes(learner: User, now: datetime) -> dict[tuple[int | None, int | None], float]:
    """Seconds of the timer by concept and topic."""
    seconds: dict[tuple[int | None, int | None], float] = defaultdict(float)
    for session in FocusSession.objects.of(learner):
        seconds[session.concept_id, session.topic_id] += session.seconds_at(now)
    return seconds
