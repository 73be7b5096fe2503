"""The iCalendar text by RFC 5545, read by the icalendar package."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from progress.domain.ics import Event, calendar, folded

STAMP = datetime(2026, 11, 26, 9, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)


def read(text: str) -> list:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_an_event_is_read_as_it_was_written():
    event = Event("plan-1-2026-11-26@x", date(2026, 11, 26), "Read: A, b; c\\d", "One\nTwo", "https://x/?a=1&b=2#c", 7)
    (found,) = read(calendar("Plan", [event], STAMP))
    assert str(found["SUMMARY"]) == "Read: A, b; c\\d"
    assert str(found["DESCRIPTION"]) == "One\nTwo"
    assert found["DTSTART"].dt == date(2026, 11, 26)
    assert found["DTEND"].dt == date(2026, 11, 27)
    assert found["DTSTAMP"].dt == STAMP
    assert str(found["URL"]) == "https://x/?a=1&b=2#c"
    (alarm,) = found.walk("VALARM")
    assert alarm["TRIGGER"].dt == timedelta(hours=7)
    assert not found.errors


def test_without_an_hour_there_is_no_alarm():
    (found,) = read(calendar("Plan", [Event("u", date(2026, 1, 1), "S")], STAMP))
    assert not found.walk("VALARM")


@given(texts, texts)
def test_any_text_is_read_back_and_no_line_is_longer_than_75_octets(summary, description):
    text = calendar(summary, [Event("u", date(2026, 1, 1), summary, description)], STAMP)
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line and b"\r" not in line for line in lines)
    (found,) = read(text)
    kept = "".join(sign for sign in summary.replace("\r\n", "\n").replace("\r", "\n") if sign in "\t\n" or sign >= " ")
    assert str(found["SUMMARY"]) == kept.replace("\x7f", "")


def test_a_fold_never_cuts_a_character():
    line = "SUMMARY:" + "é→🙂" * 40
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part.removeprefix(" ") for part in parts[1:]) == line


def test_an_unchanged_plan_gives_equal_text():
    events = [Event("u", date(2026, 1, 1), "S")]
    assert calendar("P", events, STAMP) == calendar("P", events, STAMP)
