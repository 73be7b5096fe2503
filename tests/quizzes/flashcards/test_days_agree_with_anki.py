"""Anki and we agree on which day it is and how many days have passed: rollover hours, zones, clocks put on and back.

Anki's Python API sets neither the time nor the zone. The zone is set by the variable TZ of a process of its own, and a
change of the clocks is brought to now by a zone made for the test, whose clocks are changed some days ago. What cannot
be had so: Anki's view of a moment to come, and an answer given in Anki before the change (it is put into the card).
"""

import struct
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from progress.domain.calendar import days_between, learner_day, start_of_day
from quizzes.domain.fsrs import FSRS, Memory, Rating
from tests.quizzes.flashcards.anki_oracle import under_another_clock

pytest.importorskip("anki.collection", reason="Anki's package is for Linux on x86-64 here")

HOUR = timedelta(hours=1)
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Honolulu"]


def zone_of(rule: str) -> ZoneInfo:
    """The zone of a rule as in the variable TZ, by a file without any change in it (RFC 9636)."""
    header = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 4)
    body = struct.pack(">lbb", 0, 0, 0) + b"UTC\x00"
    return ZoneInfo.from_file(BytesIO(header + body + header + body + f"\n{rule}\n".encode()))


def clocks_changed(days_ago: int, hours: int) -> str:
    """A rule of a zone near Greenwich whose clocks were put on (1) or back (-1) at two at night so many days ago."""
    changed = datetime.now(UTC) - timedelta(days=days_ago)
    other = changed - timedelta(days=90)
    on, back = (changed, other) if hours > 0 else (other, changed)
    return f"STD0DST-1,{on.timetuple().tm_yday - 1}/2,{back.timetuple().tm_yday - 1}/3"


def asked_now(zone: str, where: ZoneInfo, *, rollovers: list[int], answered: list[float] = ()) -> dict:
    """Anki's answers, asked again where a quarter of an hour ended meanwhile."""
    created = datetime.now(where).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=100)
    west = -int(created.utcoffset().total_seconds() // 60)
    while True:
        began = time.time()
        asked = {"rollovers": rollovers, "created": int(created.timestamp()), "minutes_west": west}
        answer = under_another_clock(zone, answered=list(answered), **asked)
        if began // 900 == time.time() // 900:
            return answer | {"created": created}


def assert_same_day(answer: dict, where: ZoneInfo, *, sure_of_tomorrow: bool = True) -> None:
    now = datetime.fromtimestamp(answer["now"], UTC)
    for rollover, (day, next_day_at) in answer["days"].items():
        today = learner_day(now, where, int(rollover))
        assert day == (today - answer["created"].date()).days, rollover
        ours = start_of_day(today + timedelta(days=1), where, int(rollover)).timestamp()
        assert abs(next_day_at - ours) <= (0 if sure_of_tomorrow else 3600), rollover


@pytest.mark.parametrize("zone", ZONES)
def test_every_rollover_hour_begins_the_day_when_anki_begins_it(zone):
    """Where the clocks change before tomorrow begins, Anki reckons with today's: it is an hour off until then."""
    where = ZoneInfo(zone)
    answer = asked_now(zone, where, rollovers=list(range(24)))
    now = datetime.fromtimestamp(answer["now"], where)
    changes = now.utcoffset() != (now + timedelta(days=2)).utcoffset()
    assert_same_day(answer, where, sure_of_tomorrow=not changes)


@pytest.mark.parametrize("hours", [1, -1], ids=["on", "back"])
@pytest.mark.parametrize("days_ago", [1, 3])
@pytest.mark.parametrize("rollover", [0, 4, 23])
def test_days_since_an_answer_agree_after_the_clocks_were_changed(hours, days_ago, rollover):
    """An answer at any hour of five days around the change; its days until now give the stability after Good.

    Anki counts in spans of 24 hours back from the end of today. So it takes the hour that the change has moved over
    the rollover for the day beside it; we keep the learner's day as it was lived.
    """
    rule = clocks_changed(days_ago, hours)
    where = zone_of(rule)
    hour = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - HOUR
    moments = [hour - number * HOUR for number in range(24 * (days_ago + 2))]
    answered = [moment.timestamp() for moment in moments]
    answer = asked_now(rule, where, rollovers=[rollover], answered=answered)
    assert len({moment.astimezone(where).utcoffset() for moment in moments}) == 2
    assert_same_day(answer, where)
    today = learner_day(datetime.fromtimestamp(answer["now"], UTC), where, rollover)
    ours = [days_between(learner_day(moment, where, rollover), today) for moment in moments]
    theirs = elapsed_days(answer["stabilities"][str(rollover)])
    offset = datetime.fromtimestamp(answer["now"], where).utcoffset()
    for moment, our, their in zip(moments, ours, theirs, strict=True):
        moved = moment.astimezone(where).utcoffset() != offset
        local = moment.astimezone(where)
        beside = (local + hours * HOUR).hour if moved else local.hour
        over = moved and (beside == rollover if hours > 0 else local.hour == rollover)
        assert our == their or (over and abs(our - their) == 1), moment


@pytest.mark.parametrize(("home", "away"), [("Europe/Berlin", "America/New_York"), ("Asia/Kolkata", "Europe/Berlin")])
def test_days_since_an_answer_agree_after_a_journey(home, away):
    """Answers given at home, and now away. Anki keeps no day of an answer but the moment and counts back from here.

    So only answers that fall on the same day in both zones can be compared; else we keep the day as it was lived.
    """
    here, there = ZoneInfo(home), ZoneInfo(away)
    hour = datetime.now(UTC).replace(minute=40, second=0, microsecond=0) - HOUR
    moments = [hour - number * HOUR for number in range(24 * 6)]
    answer = asked_now(away, there, rollovers=[4], answered=[moment.timestamp() for moment in moments])
    now = datetime.fromtimestamp(answer["now"], UTC)
    if (now - timedelta(days=7)).astimezone(there).utcoffset() != now.astimezone(there).utcoffset():
        pytest.skip("the clocks were changed this week, which has its own test")
    today = learner_day(now, there)
    compared = 0
    for moment, their in zip(moments, elapsed_days(answer["stabilities"]["4"]), strict=True):
        lived = learner_day(moment, here)
        if lived == learner_day(moment, there):
            assert days_between(lived, today) == their, moment
            compared += 1
    assert compared > 24 * 3


def elapsed_days(stabilities: list[float]) -> list[int]:
    """After how many days a card of stability 10 and difficulty 5 gets each of these by Good."""
    days = np.arange(30)
    grown = FSRS().after(Memory(np.full(30, 10.0), np.full(30, 5.0)), Rating.GOOD, days).stability
    places = [int(np.argmin(np.abs(grown - stability))) for stability in stabilities]
    assert [grown[place] for place in places] == pytest.approx(stabilities, rel=1e-4)
    return places
