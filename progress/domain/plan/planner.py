"""The planner: lays items, reviews, cards and habits on days, so that each day keeps within its minutes.

A day is filled in this order: the countdown's habits, due cards, the weekly review, a mock interview, what was asked
to be looked at again, spaced reviews, then what is to be learnt, in the course's order. Where not everything fits
before the interview, the most valuable items are chosen (`choosing`), each with all that it needs, long texts only with
their most valuable parts, and the choice is made smaller until everything chosen has its place. The same input gives
the same plan.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from progress.domain.plan.choosing import choose, in_order
from progress.domain.plan.days import Day, Frame, Stage, days_of
from progress.domain.plan.desk import Desk
from progress.domain.plan.habits import Habit
from progress.domain.plan.items import Item, Kind, Laid, LeftOut, Window
from progress.domain.plan.memory import Past

_TRIES = 12
_BUILDS_ON = "Builds on what is left out too"
_SHORTENED = "Begun with what matters most; no room for the rest"
REHEARSED = {Window.REHEARSAL, Window.ALOUD}


def lay(  # noqa: PLR0913 (all by keyword)
    *,
    items: Sequence[Item],
    frame: Frame,
    past: Past | None = None,
    cards: Mapping[date, int] | None = None,
    habits: Sequence[Habit] = (),
    aside: Sequence[LeftOut] = (),
) -> Laid:
    """Lay the items on the frame's days.

    items: what is not done yet. past: what is. cards: minutes of due cards by day, as forecast. aside: what was left
    out before, to be listed too.
    """
    past, cards, days = past or Past(), cards or {}, days_of(frame)
    fitting, too_long = _fitting(items, max((day.minutes for day in days), default=0))
    rehearsals = in_order(item for item in fitting if item.window in REHEARSED)
    kept = [item for item in fitting if item.window not in REHEARSED]
    room = sum(day.minutes for day in days)
    desk = Desk(days, frame, past, cards, habits)
    chosen = in_order(kept)
    for _ in range(_TRIES):
        desk = Desk(days, frame, past, cards, habits)
        keys = {item.key for item in chosen}
        spare = [item for item in kept if item.key not in keys] + _rests(kept, chosen)
        desk.fill(chosen, rehearsals, spare)
        if not (missing := desk.missing(chosen)):
            break
        room = min(room - 1, sum(item.minutes for item in chosen) - missing)
        chosen = choose(kept, room)
    left = [
        *aside,
        *too_long,
        *_left_out(kept, desk),
        *_shortened(_rests(kept, chosen), desk),
        *_not_rehearsed(rehearsals, kept, desk),
    ]
    return Laid(tuple(sorted(desk.tasks, key=lambda task: task.day)), tuple(left))


def stages(frame: Frame) -> list[tuple[Stage, date, date]]:
    """The stages of the days up to the interview, each with its first and last day."""
    spans: list[tuple[Stage, date, date]] = []
    for day in days_of(frame) if frame.interview else []:
        if spans and spans[-1][0] == day.stage:
            spans[-1] = (day.stage, spans[-1][1], day.date)
        else:
            spans.append((day.stage, day.date, day.date))
    return spans


def _fitting(items: Sequence[Item], longest: int) -> tuple[list[Item], list[LeftOut]]:
    """The items of which every piece fits into the longest day, and the others with all that builds on them."""
    reasons: dict[str, str] = {}
    titles = {item.key: item.title for item in items}
    for item in items:
        least = max((minutes for _, minutes in item.pieces), default=item.minutes)
        if least > longest:
            reasons[item.key] = f"Takes {least} minutes in one go; your longest day has {longest}"
    found = bool(reasons)
    while found:
        found = False
        for item in items:
            before = next((need for need in item.needs if need in reasons), None)
            if before and item.key not in reasons:
                reasons[item.key], found = f"{_BUILDS_ON}: {titles[before]}", True
    kept = [item for item in items if item.key not in reasons]
    left = [
        LeftOut(item.key, item.title, item.minutes, reasons[item.key], item.concepts)
        for item in items
        if item.key in reasons and item.window not in REHEARSED
    ]
    return kept, left


def _left_out(items: Sequence[Item], desk: Desk) -> list[LeftOut]:
    placed, titles = desk.placed, {item.key: item.title for item in items}
    left = []
    for item in in_order(items):
        if item.key in placed:
            continue
        before = next((titles[need] for need in item.needs if need in titles and need not in placed), None)
        reason = f"{_BUILDS_ON}: {before}" if before else _no_room(desk.days)
        title = f"Quiz: {item.title}" if item.kind is Kind.QUIZ else item.title
        left.append(LeftOut(item.key, title, desk.minutes_left(item), reason, item.concepts))
    return left


def _rests(items: Sequence[Item], chosen: Sequence[Item]) -> list[Item]:
    """What the choice left of items that it took up in part."""
    known = {item.key: item for item in items}
    rests = [known[item.key].beyond(item.cut) for item in chosen if item.cut]
    return [rest for rest in rests if rest]


def _shortened(rests: Sequence[Item], desk: Desk) -> list[LeftOut]:
    """The rests that found no room, of items that did."""
    return [
        LeftOut(rest.key, f"The rest of {rest.title}", desk.minutes_left(rest), _SHORTENED, rest.concepts)
        for rest in in_order(rests)
        if rest.key not in desk.placed and set(rest.needs) <= desk.placed
    ]


def _not_rehearsed(rehearsals: Sequence[Item], items: Sequence[Item], desk: Desk) -> list[LeftOut]:
    """Rehearsals that found no room; of what is left out itself there is nothing to rehearse."""
    unknown = {item.key for item in items} - desk.placed
    return [
        LeftOut(item.key, item.title, item.minutes, _no_room(desk.days), item.concepts)
        for item in rehearsals
        if item.key not in desk.placed and not unknown & set(item.needs)
    ]


def _no_room(days: Sequence[Day]) -> str:
    has_date = bool(days) and days[-1].left is not None
    return "No room for it before the interview" if has_date or not days else "No room for it in twelve weeks"
