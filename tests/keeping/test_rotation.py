"""Which backups are kept."""

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mlprep.keeping.rotation import outdated, taken_at

NOW = datetime(2026, 11, 26, 12)


def named(moment: datetime) -> Path:
    return Path(f"mlprep-{moment:%Y%m%d-%H%M%S}.sqlite3")


def test_an_hourly_backup_for_two_years_leaves_a_day_of_hours_and_then_days_weeks_and_months():
    paths = [named(NOW - timedelta(hours=hour)) for hour in range(2 * 365 * 24)]
    kept = sorted(set(paths) - set(outdated(paths)), reverse=True)
    assert kept[:24] == paths[:24]
    days = {taken_at(path).date() for path in kept}
    assert {NOW.date() - timedelta(days=day) for day in range(7)} <= days
    assert {(2026, month) for month in range(6, 12)} <= {(day.year, day.month) for day in days}
    assert len(kept) <= 24 + 7 + 4 + 6


def test_files_that_are_no_backups_are_left_alone():
    others = [Path("notes.txt"), Path("mlprep-20200101-000000.sqlite3.part"), Path("mlprep-backup.dump")]
    old = named(NOW - timedelta(days=4000))
    assert outdated([*others, named(NOW), old], days=1, weeks=1, months=1) == [old]
    assert outdated(others) == []


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=60),
    st.integers(0, 9),
    st.integers(0, 9),
    st.integers(0, 9),
)
def test_the_newest_is_always_kept_and_clearing_twice_removes_nothing_more(hours, days, weeks, months):
    paths = {named(NOW - timedelta(hours=hour)) for hour in hours}
    spans = {"days": days, "weeks": weeks, "months": months}
    left = paths - set(outdated(paths, **spans))
    assert max(paths) in left
    assert outdated(left, **spans) == []
