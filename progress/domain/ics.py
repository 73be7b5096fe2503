"""iCalendar text by RFC 5545: lines ended by CRLF and folded at 75 octets, text escaped."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_LONGEST_LINE = 75
_PRODUCT = "-//mlprep//study plan//EN"


@dataclass(frozen=True, slots=True)
class Event:
    """A whole-day event. uid: the same for the same thing, so that a calendar moves it and does not double it."""

    uid: str
    day: date
    summary: str
    description: str = ""
    url: str = ""
    alarm_hour: int | None = None


def calendar(name: str, events: Iterable[Event], stamp: datetime) -> str:
    """A calendar with these events. stamp: when they last changed (aware), so that equal events give equal text."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
        *(line for event in events for line in _event(event, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """Text as a property's value; control characters, which no value may have, are left out."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(sign for sign in text if sign == "\t" or (sign >= " " and sign != "\x7f"))


def folded(line: str) -> str:
    """The line broken so that none is longer than 75 octets of UTF-8, no character cut in two."""
    parts, part, length = [], "", 0
    for sign in line:
        size = len(sign.encode("utf-8", errors="surrogatepass"))
        if length + size > _LONGEST_LINE:
            parts.append(part)
            part, length = " ", 1
        part, length = part + sign, length + size
    return "\r\n".join([*parts, part])


def _event(event: Event, stamp: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    if event.description:
        yield f"DESCRIPTION:{escaped(event.description)}"
    if event.url:
        yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    if event.alarm_hour is not None:
        yield from _alarm(event, event.alarm_hour)
    yield "END:VEVENT"


def _alarm(event: Event, hour: int) -> Iterator[str]:
    """An alarm so many hours into the day; a whole-day event begins at midnight where the calendar is read."""
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escaped(event.summary)}"
    yield f"TRIGGER:PT{hour}H"
    yield "END:VALARM"
