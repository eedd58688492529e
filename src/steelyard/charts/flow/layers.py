"""Where each step stands: its column by how far the work has come, its row so that few lines cross."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fast_sugiyama import from_edges

from steelyard.charts.flow.order import Ends, forward_order

SPACING = 100.0
ROOM_OF_A_LINE = 0.55
# It tells each of its steps at the level of information.
for name in ("rust-sugiyama", "connected_components"):
    logging.getLogger(name).setLevel(logging.WARNING)


@dataclass(frozen=True)
class Place:
    """A column counted from 0 and a height in rows, 0 at the top."""

    column: int
    row: float


@dataclass(frozen=True)
class Layers:
    """Places of the nodes, and for each pair the places that its line passes between two columns apart.

    `way` runs from left to right, whichever way the link goes.
    """

    nodes: Mapping[int, Place]
    way: Mapping[Ends, tuple[Place, ...]]
    columns: int
    rows: float

    def is_back(self, ends: Ends) -> bool:
        """Whether a link runs from right to left."""
        source, target = ends
        return self.nodes[source].column > self.nodes[target].column


def layers(nodes: Iterable[int], weights: Mapping[Ends, float]) -> Layers:
    """Lay out a graph in layers from left to right.

    Parameters
    ----------
    nodes
        Numbers of steps, START and END among them where they are drawn.
    weights
        (source, target) → weight. Links between the same two nodes share one way.

    Returns
    -------
    Layers
        The same for the same graph, in whatever order it is given.

    Notes
    -----
    Circles are cut where least weight goes back (`forward_order`); layers, crossings and heights are those
    of `fast_sugiyama` (Sugiyama's method with Brandes and Köpf's coordinates). Parts that are not connected
    stand one below the other.
    """
    order = forward_order(nodes, weights)
    number = {node: place for place, node in enumerate(order)}
    edges = sorted({_forward(number[a], number[b]) for a, b in weights if a != b})
    found: dict[int, Place] = {}
    ways: dict[Ends, tuple[Place, ...]] = {}
    below = 0.0
    for part in _parts(edges, len(order)):
        places = {node: Place(column, row + below) for node, (column, row) in part[0].items()}
        found |= {order[node]: place for node, place in places.items() if node < len(order)}
        for (first, last), passed in part[1].items():
            ways[(order[first], order[last])] = tuple(places[each] for each in passed)
        below = max(place.row for place in places.values()) + 1.0
    columns = 1 + max((place.column for place in found.values()), default=0)
    # The library tells places in an order that changes from run to run.
    found = dict(sorted(found.items()))
    return Layers(found, ways, columns, max((place.row for place in found.values()), default=0.0) + 1.0)


Part = tuple[dict[int, tuple[int, float]], dict[Ends, list[int]]]


def _forward(one: int, other: int) -> Ends:
    return (min(one, other), max(one, other))


def _parts(edges: Sequence[Ends], count: int) -> list[Part]:
    """Connected parts, the one with the first node first; then the nodes without any link."""
    alone = sorted(set(range(count)) - {end for edge in edges for end in edge})
    singles: list[Part] = [({node: (0, 0.0)}, {}) for node in alone]
    if not edges:
        return singles
    # The library numbers what it adds from the count of the nodes it was given: they must have no gaps.
    used = sorted({end for edge in edges for end in edge})
    number = {node: place for place, node in enumerate(used)}
    found = from_edges(
        [(number[a], number[b]) for a, b in edges],
        vertex_spacing=SPACING,
        dummy_vertices=True,
        dummy_size=ROOM_OF_A_LINE,
        ranking_type="minimize",
        crossing_minimization="barycenter",
        check_layout=False,
    )

    def name(node: int | str) -> int:
        place = int(node)
        return used[place] if place < len(used) else count + place

    parts = []
    for positions, _width, _height, lines in found:
        top = max(y for _, (_, y) in positions)
        left = min(x for _, (x, _) in positions)
        places = {
            name(node): (round((top - y) / SPACING), (x - left) / SPACING) for node, (x, y) in positions
        }
        parts.append((places, _ways([(name(a), name(b)) for a, b in lines or ()], count)))
    parts.sort(key=lambda part: min(part[0]))
    return [*parts, *singles]


def _ways(lines: Iterable[Ends], count: int) -> dict[Ends, list[int]]:
    """From a node through what was added on the way to the next node."""
    after = {a: b for a, b in lines if a >= count}
    ways = {}
    for first, following in lines:
        if first >= count:
            continue
        passed = []
        while following >= count:
            passed.append(following)
            following = after[following]
        ways[(first, following)] = passed
    return ways
