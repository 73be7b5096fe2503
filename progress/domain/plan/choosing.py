"""Which items a plan takes up when there is not time for all: the most valuable, each with all that it needs."""

from collections.abc import Collection, Iterable, Mapping

from progress.domain.plan.items import Item


def closure(item: Item, items: Mapping[str, Item]) -> list[Item]:
    """The item with everything it needs, needs first; a circle is passed through once."""
    found: dict[str, Item] = {}
    entered: set[str] = set()
    path: list[tuple[str, bool]] = [(item.key, False)]
    while path:
        key, leaving = path.pop()
        if leaving:
            found[key] = items[key]
        elif key in items and key not in entered:
            entered.add(key)
            path.append((key, True))
            path += [(need, False) for need in reversed(items[key].needs)]
    return list(found.values())


def choose(items: Collection[Item], room: int) -> list[Item]:
    """As many of the most valuable items as `room` minutes hold, each with what it needs, in the course's order."""
    known = {item.key: item for item in items}
    chosen: dict[str, Item] = {}
    for item in sorted(items, key=lambda item: (-item.value, item.order, item.key)):
        if item.key in chosen:
            continue
        wanted = [one for one in closure(item, known) if one.key not in chosen]
        if (minutes := sum(one.minutes for one in wanted)) <= room:
            room -= minutes
            chosen |= {one.key: one for one in wanted}
    return in_order(chosen.values())


def in_order(items: Iterable[Item]) -> list[Item]:
    """By their place in the course."""
    return sorted(items, key=lambda item: (item.order, item.key))
