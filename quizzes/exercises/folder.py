"""A topic's folder as a zip, in the course's own form: it runs with `python exercises.py`."""

import io
import zipfile
from pathlib import Path

from concepts.models import Topic
from quizzes.domain.exercises import checks
from quizzes.domain.exercises.files import ExerciseFiles, exercises_file, notes_file, solutions_file, topic_file
from quizzes.exercises.models import Exercise

_STAMP = (2026, 1, 1, 0, 0, 0)
"""The same content gives the same file."""


def zip_of(topic: Topic, text: str) -> bytes:
    """`topic.md` (the text given) with its pictures, `exercises.py`, `solutions.py`, `notes.md` and the assertions."""
    exercises = [
        ExerciseFiles(item.slug, item.title, item.folder_stub or item.stub, item.solution, item.tests)
        for item in Exercise.objects.current().filter(topic=topic)
    ]
    folder = f"{topic.number:02}-{topic.slug}"
    files = {
        "topic.md": topic_file(text),
        "exercises.py": exercises_file(topic.title, exercises),
        "solutions.py": solutions_file(topic.title, exercises),
        "notes.md": notes_file(topic.title),
        "checks.py": Path(checks.__file__).read_text(encoding="utf-8"),
        **dict(topic.files.values_list("path", "text")),
    }
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(f"{folder}/{name}", _STAMP), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()
