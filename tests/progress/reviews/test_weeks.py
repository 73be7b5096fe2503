"""Which week a review looks back on."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from progress.domain.weeks import ReviewWeek, why_more_work

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
weekdays = st.integers(0, 6)


@given(days, weekdays)
def test_the_latest_review_is_the_last_whose_day_has_come(today, weekday):
    week = ReviewWeek.latest_due(today, weekday)
    assert week.last <= today < week.last + timedelta(days=7)
    assert week.last.weekday() == weekday
    assert week.monday.weekday() == 0
    assert week == ReviewWeek.of(week.monday, weekday)


@given(days, weekdays)
def test_weeks_follow_one_another_without_a_gap(today, weekday):
    week = ReviewWeek.holding(today, weekday)
    following = ReviewWeek.of(week.monday + timedelta(days=7), weekday)
    assert following.first == week.last + timedelta(days=1)
    assert len(week.days()) == 7
    assert (week.days()[0], week.days()[-1]) == (week.first, week.last)


def test_on_sundays_it_is_the_calendar_week():
    week = ReviewWeek.latest_due(date(2026, 11, 26), 6)
    assert (week.monday, week.first, week.last) == (date(2026, 11, 16), date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize(
    ("evidence", "why"),
    [
        ({"answers": 5, "right": 2}, "2 of 5 right this week"),
        ({"answers": 5, "right": 3}, ""),
        ({"answers": 1, "right": 0}, ""),
        ({"answers": 2, "right": 0}, "0 of 2 right this week"),
        ({"answers": 2, "right": 1}, ""),
        ({"review_needed": True}, "your note says: review needed"),
        ({"confidence": 2}, "your note says: confidence 2 of 5"),
        ({"confidence": 3}, ""),
        ({}, ""),
    ],
)
def test_evidence_says_what_needs_work(evidence, why):
    assert why_more_work(**evidence) == why
