"""Where the nodes of a graph of prerequisites stand: in layers, each after all that it builds on.

Source: Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures" (1981):
layers by longest path, order within a layer by the mean place of the neighbours.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

Node = TypeVar("Node", bound=Hashable)
SWEEPS = 8


def layers_of(needs: Mapping[Node, Sequence[Node]]) -> list[list[Node]]:
    """The nodes in layers, crossings of the lines between them kept few; the same input gives the same layers.

    needs: for each node what it builds on. A node stands one layer after the last of these. Names that are no
    nodes are left out. Raises ValueError where nodes need one another in a circle.
    """
    known = {node: [other for other in others if other in needs] for node, others in needs.items()}
    depth = _depths(known)
    layers: list[list[Node]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node in known:
        layers[depth[node]].append(node)
    leads_to: dict[Node, list[Node]] = {node: [] for node in known}
    for node, others in known.items():
        for other in others:
            leads_to[other].append(node)
    for sweep in range(SWEEPS):
        forwards = sweep % 2 == 0
        neighbours = known if forwards else leads_to
        for layer in layers if forwards else reversed(layers):
            _sort_by_neighbours(layer, layers, neighbours)
    return layers


def _depths(known: Mapping[Node, Sequence[Node]]) -> dict[Node, int]:
    """For each node the longest way to it. Raises ValueError where there is a circle."""
    depth: dict[Node, int] = {}
    while len(depth) < len(known):
        ready = [n for n, others in known.items() if n not in depth and all(o in depth for o in others)]
        if not ready:
            raise ValueError("the nodes need one another in a circle")
        for node in ready:
            depth[node] = 1 + max((depth[other] for other in known[node]), default=-1)
    return depth


def without_shortcuts(needs: Mapping[Node, Sequence[Node]]) -> dict[Node, list[Node]]:
    """The same graph without what follows from the rest: where c needs b and b needs a, "c needs a" says nothing new.

    Names that are no nodes are left out. Raises ValueError where nodes need one another in a circle.
    """
    known = {node: [other for other in others if other in needs] for node, others in needs.items()}
    depth = _depths(known)
    reached: dict[Node, set[Node]] = {}
    for node in sorted(known, key=lambda name: depth[name]):
        reached[node] = set(known[node]).union(*(reached[other] for other in known[node]))
    return {
        node: [other for other in others if not any(other in reached[between] for between in others)]
        for node, others in known.items()
    }


def layers_with_bends(needs: Mapping[str, Sequence[str]]) -> tuple[list[list[str]], list[list[str]]]:
    """The same, with a bend in every layer that a long line crosses, so that it passes beside the nodes.

    Gives the layers, bends among the nodes, and for each line the names that it runs through, first what is needed.
    """
    depth = {node: row for row, layer in enumerate(layers_of(needs)) for node in layer}
    longer: dict[str, list[str]] = {node: [] for node in needs}
    chains = []
    for node, others in needs.items():
        for other in others:
            if other not in depth:
                continue
            chain = [other]
            for row in range(depth[other] + 1, depth[node]):
                bend = f"{other} → {node} {row}"
                longer[bend] = [chain[-1]]
                chain.append(bend)
            longer[node].append(chain[-1])
            chains.append([*chain, node])
    return layers_of(longer), chains


def _sort_by_neighbours(layer: list[Node], layers: list[list[Node]], neighbours: Mapping[Node, Sequence[Node]]) -> None:
    """Sort a layer by the mean place of each node's neighbours; one without any keeps its place."""
    place = {node: (k + 0.5) / len(row) for row in layers for k, node in enumerate(row)}

    def wanted(node: Node) -> float:
        places = [place[other] for other in neighbours[node]]
        return sum(places) / len(places) if places else place[node]

    layer.sort(key=wanted)
