"""Fixed schedules: the file that holds them, and the days on which their topics begin."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings

from concepts.library.files import FileFaults, read_front_matter
from progress.domain.plan.schedules import first_monday, halves
from progress.plans.shelf import PlanShelf, plans

EMPTY = "schedules: []\ncountdown: []\nroles: []\n"
SCHEDULE = """
schedules:
  - key: short
    title: A short one
    summary: Two topics in a week, for this test.
    minutes: [60, 60, 60, 60, 60, 60, 60]
    weeks:
      - title: The week
        days:
          mon: {topics: [second]}
          tue: {topics: [first]}
countdown: []
roles: []
"""


def topics(**needs: list[str]) -> dict[str, object]:
    return {
        slug: SimpleNamespace(slug=slug, fields=SimpleNamespace(prerequisites=many)) for slug, many in needs.items()
    }


def faults(tmp_path, text: str, library: dict[str, object]) -> list[str]:
    path = tmp_path / "plans.yaml"
    path.write_text(text)
    shelf = PlanShelf()
    assert shelf.paths(tmp_path) == [path]
    return [str(fault) for fault in shelf.check({"topics": library, "plans": {path: shelf.read(path)}})]


def test_the_librarys_own_file_has_no_fault(tmp_path):
    found = {}
    for path in settings.LIBRARY_DIR.glob("topics/*/topic.md"):
        slug = path.parent.name.partition("-")[2]
        found |= topics(**{slug: read_front_matter(path)[0].data["prerequisites"]})
    assert faults(tmp_path, (settings.LIBRARY_DIR / "plans.yaml").read_text(), found) == []
    assert [schedule.key for schedule in plans().schedules] == ["intensive", "comfortable", "deep-learning"]


def test_every_link_of_the_countdown_leads_somewhere(db):
    from mlprep.plan.links import url_of
    from progress.models import PlanTask

    guides = {path.stem for path in settings.LIBRARY_DIR.glob("guides/*.md")}
    for habit in plans().countdown:
        url = url_of(PlanTask(key=f"{habit.key}:2026-12-01", kind="free"), {})
        assert url
        assert not url.startswith("/guides/") or habit.link in guides


@pytest.mark.parametrize(
    ("text", "library", "said"),
    [
        (SCHEDULE, topics(first=[], second=["first"]), "plans.yaml:7: short: second builds on first"),
        (SCHEDULE, topics(second=[]), "plans.yaml:7: short: there is no topic first"),
        (SCHEDULE.replace("[first]", "[second]"), topics(second=[]), "plans.yaml:7: short: second begins 2 times"),
        (
            EMPTY.replace("roles: []", "roles:\n  - {key: one, title: One, topics: [third]}"),
            topics(first=[]),
            "plans.yaml:4: roles: there is no topic third",
        ),
        (
            EMPTY.replace("roles: []", "roles:\n" + 2 * "  - {key: one, title: One, topics: []}\n"),
            topics(),
            "plans.yaml:3: roles: the key one is used 2 times",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path, text, library, said):
    assert faults(tmp_path, text, library) == [f"{tmp_path}/{said}"]


def test_a_countdown_that_counts_up_is_refused(tmp_path):
    habit = "countdown:\n  - {key: skim, title: Skim, minutes: 10, from: 1, to: 3}"
    with pytest.raises(FileFaults, match="count down"):
        faults(tmp_path, EMPTY.replace("countdown: []", habit), {})


def test_a_schedule_begins_on_a_monday():
    assert first_monday(date(2026, 11, 26)) == date(2026, 11, 30)
    assert first_monday(date(2026, 11, 30)) == date(2026, 11, 30)
    schedule = plans().schedules[0].read()
    begins = schedule.begins(date(2026, 11, 30))
    assert begins["backpropagation"] == date(2026, 12, 8)
    assert all(day.weekday() < 5 for day in begins.values())
    assert len(schedule.weeks) == 4


def test_a_long_task_may_lie_on_several_days():
    assert halves(30) == ()
    assert [minutes for _, minutes in halves(100)] == [34, 33, 33]
    (task, *_) = plans().schedules[0].read().tasks(date(2026, 11, 30))
    assert task.not_before == date(2026, 11, 30) + timedelta(days=5)
    assert sum(minutes for _, minutes in task.pieces) == task.minutes == 120
