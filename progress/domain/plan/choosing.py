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
    """As many of the most valuable layers of items as `room` minutes hold, in the course's order.

    Each comes with the layers before it, and with the first layer of all that its item needs.
    """
    known = {item.key: item for item in items}
    offers = [
        (-layer.value, item.order, item.key, count)
        for item in known.values()
        for count, layer in enumerate(item.layered(), start=1)
    ]
    taken: dict[str, int] = {}
    for *_, key, count in sorted(offers):
        if taken.get(key, 0) >= count:
            continue
        wanted = {one.key: 1 for one in closure(known[key], known) if one.key not in taken} | {key: count}
        minutes = sum(
            known[name].minutes_of(layer)
            for name, depth in wanted.items()
            for layer in known[name].layered()[taken.get(name, 0) : depth]
        )
        if minutes <= room:
            room -= minutes
            taken |= wanted
    return in_order(known[key].down_to(count) for key, count in taken.items())


def in_order(items: Iterable[Item]) -> list[Item]:
    """By their place in the course."""
    return sorted(items, key=lambda item: (item.order, item.key))
