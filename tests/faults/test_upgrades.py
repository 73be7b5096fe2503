"""The library is loaded anew and a next version migrates the database, while learners read and write."""

import shutil
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.installation import FULL, ROOT, Installation
from tests.faults.visitor import Visitor
from tests.faults.writers import Ledger, losses, writing

pytestmark = pytest.mark.django_db

READ = ("/concepts/", "/concepts/MATH-001/", "/concepts/MATH-001/", "/formulas/", "/topics/", "/flashcards/review/")


def library(folder: Path) -> Path:
    """A library to change: the whole one, or two concepts with their questions and cards."""
    place = folder / "library"
    if FULL:
        shutil.copytree(ROOT / "fixtures", place)
        return place
    for shelf in ("concepts", "questions", "cards"):
        (place / shelf).mkdir(parents=True)
        for path in (ROOT / "fixtures" / shelf).glob("MATH-00[12].*"):
            shutil.copy(path, place / shelf)
    shutil.copy(ROOT / "fixtures" / "tracker.yaml", place)
    return place


class Reader(threading.Thread):
    """Somebody signed in who opens page after page."""

    def __init__(self, site: Installation) -> None:
        super().__init__(daemon=True)
        self.visitor, self.stopping = Visitor(site), threading.Event()
        self.statuses: Counter[int] = Counter()

    def run(self) -> None:
        self.visitor.sign_in()
        while not self.stopping.is_set():
            for path in READ:
                try:
                    self.statuses[self.visitor.get(path).status] += 1
                except OSError:
                    self.statuses[0] += 1


def test_nobody_notices_a_reload_or_a_migration(installation, tmp_path, figure):
    files = library(tmp_path)
    installation.run("manage.py", "load_library", str(files))
    installation.start()
    ledger, reader = Ledger(), Reader(installation)
    reader.start()
    with writing(installation, ledger, writers=6):
        for sentence in ("A first new sentence.", "A second new sentence."):
            for path in (files / "concepts").glob("MATH-*.md"):
                path.write_text(path.read_text().replace("---\n\n", f"---\n\n{sentence} ", 1))
            installation.run("manage.py", "load_library", str(files))
        installation.run("manage.py", "migrate", "--verbosity=0", DJANGO_SETTINGS_MODULE="tests.faults.next_settings")
        time.sleep(0.5)
        reader.stopping.set()
    reader.join()
    answers = installation.database.rows(
        "SELECT body FROM concepts_modelanswer answer JOIN concepts_concept concept ON concept.id = answer.concept_id "
        "WHERE concept.code LIKE %s",
        ["MATH-00_"],
    )
    columns = installation.database.rows("SELECT COUNT(words) FROM progress_comment")
    errors = sum(ledger.statuses.values()) + sum(n for status, n in reader.statuses.items() if status != 200)
    figure(
        "library reload and migration during use",
        f"{errors} errors in {ledger.total} writes and {sum(reader.statuses.values())} pages",
        "0 errors",
    )
    assert columns[0][0] > 0
    assert answers
    assert all("A second new sentence. A first new sentence." in body for (body,) in answers)
    assert not ledger.statuses, ledger.bad[:3]
    assert reader.statuses.keys() == {200}
    assert not losses(installation, ledger)
