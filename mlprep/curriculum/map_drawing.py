"""The map as a drawing: in layers on a wide screen, in one column with arcs on a narrow one.

All lengths are in CSS pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from concepts.domain.graph_layout import layers_of, layers_with_bends, without_shortcuts

LEVELS = 5
MARGIN = 8


@dataclass(frozen=True, slots=True)
class Node:
    """A topic or concept. mastery: 0 to 1. needs: codes of what it builds on. holds: the concepts of a topic."""

    code: str
    title: str
    url: str
    mastery: float
    needs: Sequence[str] = ()
    holds: Sequence["Node"] = ()

    @property
    def level(self) -> int:
        """The step of the mastery ramp, 0 to 4."""
        return min(LEVELS - 1, int(self.mastery * LEVELS))

    @property
    def percent(self) -> int:
        return round(100 * self.mastery)


@dataclass(frozen=True, slots=True)
class Box:
    """A node with its place. is_part: a concept that hangs below its topic."""

    node: Node
    x: float
    y: float
    width: float
    height: float
    is_part: bool = False

    @property
    def text_x(self) -> float:
        """Where the title stands: a part's begins there, a node's has its middle there."""
        return 10 if self.is_part else self.width / 2

    @property
    def percent_at(self) -> tuple[float, float]:
        """Where the percentage stands: at the end of a part, below the title of a node."""
        return (self.width - 8, self.height / 2 + 4) if self.is_part else (self.width / 2, self.height - 8)

    @property
    def lines(self) -> list[tuple[float, str]]:
        """The title in at most two lines that fit, each with its base line."""
        room, step = ((self.width - 46) / 6.6, 13) if self.is_part else (self.width / 7.6, 15)
        texts = wrapped(self.node.title, int(room))
        middle = self.height / 2 if self.is_part else (self.height - 14) / 2
        top = middle + 4 - step / 2 * (len(texts) - 1)
        return [(top + step * row, text) for row, text in enumerate(texts)]


@dataclass(frozen=True, slots=True)
class Edge:
    """A line. kind: `needs` from what comes first to what builds on it, `holds` from a topic to its concept."""

    path: str
    kind: Literal["needs", "holds"] = "needs"


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map. name: also the class of its picture."""

    name: Literal["layers", "column"]
    boxes: list[Box]
    edges: list[Edge]
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sizes:
    """Of the boxes and the room between them."""

    width: float
    height: float
    gap_x: float
    gap_y: float
    part_height: float
    part_gap: float = 6
    indent: float = 14
    bend: float = 10


WIDE = Sizes(width=172, height=56, gap_x=16, gap_y=46, part_height=36)
NARROW = Sizes(width=250, height=54, gap_x=0, gap_y=14, part_height=34)
ARCS = 64
"""The room beside the column."""


def in_layers(nodes: Mapping[str, Node]) -> Drawing:
    """Each node below all that it builds on; lines that say nothing new are left out."""
    layers, chains = layers_with_bends(without_shortcuts({code: node.needs for code, node in nodes.items()}))
    widths = [_length(layer, nodes) for layer in layers]
    wide = max(widths, default=0.0)
    boxes: list[Box] = []
    ends: dict[str, tuple[float, float, float]] = {}
    y = float(MARGIN)
    for layer, own in zip(layers, widths, strict=True):
        x = MARGIN + (wide - own) / 2
        tall = max(_tall(nodes[code], WIDE) for code in layer if code in nodes)
        for name in layer:
            is_node = name in nodes
            width = WIDE.width if is_node else WIDE.bend
            ends[name] = (x + width / 2, y, y + (_tall(nodes[name], WIDE) if is_node else tall))
            boxes += _boxes(nodes[name], x, y, WIDE) if is_node else []
            x += width + WIDE.gap_x
        y += tall + WIDE.gap_y
    edges = [Edge(_falling([ends[name] for name in chain])) for chain in chains]
    return Drawing("layers", boxes, edges + _hangings(boxes), wide + 2 * MARGIN, y - WIDE.gap_y + MARGIN)


def in_a_column(nodes: Mapping[str, Node]) -> Drawing:
    """One below the other, each after all that it builds on, with arcs beside them."""
    needs = without_shortcuts({code: node.needs for code, node in nodes.items()})
    boxes: list[Box] = []
    middles: dict[str, float] = {}
    y = float(MARGIN)
    for code in (code for layer in layers_of(needs) for code in layer):
        middles[code] = y + NARROW.height / 2
        boxes += _boxes(nodes[code], ARCS, y, NARROW)
        y += _tall(nodes[code], NARROW) + NARROW.gap_y
    arcs = [Edge(_arc(middles[other], middles[code], y)) for code, others in needs.items() for other in others]
    width = ARCS + NARROW.width + MARGIN
    return Drawing("column", boxes, arcs + _hangings(boxes), width, y - NARROW.gap_y + MARGIN)


def _boxes(node: Node, x: float, y: float, sizes: Sizes) -> list[Box]:
    """The node's box, and below it the boxes of what it holds."""
    boxes = [Box(node, x, y, sizes.width, sizes.height)]
    top = y + sizes.height + sizes.part_gap
    for place, part in enumerate(node.holds):
        at = top + place * (sizes.part_height + sizes.part_gap)
        boxes.append(Box(part, x + sizes.indent, at, sizes.width - sizes.indent, sizes.part_height, is_part=True))
    return boxes


def _hangings(boxes: Sequence[Box]) -> list[Edge]:
    """A line to each part from the box that it hangs below."""
    edges = []
    for box in boxes:
        if not box.is_part:
            holder = box
            continue
        half = (box.x - holder.x) / 2
        start = holder.y + holder.height
        edges.append(Edge(f"M{box.x - half:.1f} {start:.1f}V{box.y + box.height / 2:.1f}h{half:.1f}", "holds"))
    return edges


def _tall(node: Node, sizes: Sizes) -> float:
    return sizes.height + len(node.holds) * (sizes.part_height + sizes.part_gap)


def _length(layer: Sequence[str], nodes: Mapping[str, Node]) -> float:
    return sum((WIDE.width if name in nodes else WIDE.bend) + WIDE.gap_x for name in layer) - WIDE.gap_x


def _falling(ends: Sequence[tuple[float, float, float]]) -> str:
    """From the first node's lower edge, through the bends, to the last one's upper edge."""
    x, _, y = ends[0]
    path = f"M{x:.1f} {y:.1f}"
    for to_x, upper, lower in ends[1:]:
        half = (upper - y) / 2
        path += f"C{x:.1f} {y + half:.1f} {to_x:.1f} {upper - half:.1f} {to_x:.1f} {upper:.1f}"
        x, y = to_x, upper
        if (to_x, upper, lower) != ends[-1]:
            path += f"V{lower:.1f}"
            y = lower
    return path


def _arc(start: float, end: float, height: float) -> str:
    """Beside the column from one box down to another, the deeper the farther."""
    depth = 24 + (ARCS - 16) * 4 / 3 * ((end - start) / height) ** 0.6
    depth = min(depth, (ARCS - 4) * 4 / 3)
    return f"M{ARCS} {start:.1f}C{ARCS - depth:.1f} {start:.1f} {ARCS - depth:.1f} {end:.1f} {ARCS} {end:.1f}"


def wrapped(title: str, length: int) -> list[str]:
    """The title in at most two lines of about `length` characters, cut with … where it is longer."""
    lines = [""]
    for word in title.replace("/", "/ ").split():
        if lines[-1] and len(lines[-1]) + len(word) + 1 > length:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], f"{' '.join(lines[1:])[: length - 1]}…"]
    return [line.replace("/ ", "/") for line in lines]
