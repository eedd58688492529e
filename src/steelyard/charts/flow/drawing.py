"""The map in pixels: boxes with their words, arrows with their labels."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from steelyard.charts.flow.layers import Layers, Place, layers
from steelyard.charts.flow.order import END, START, Ends
from steelyard.charts.flow.paths import Point, Run, arc, head, loop, through
from steelyard.charts.flow.text import bold_width, lines_of
from steelyard.charts.scale import spread, text_width

MARGIN = 16.0
BOX_WIDTH, LINE, PADDING = 136.0, 16.0, 8.0
ROW = 104.0
DOT = 11.0
# Between two columns: room for the longest label, and for an arrow to be seen as one.
NARROWEST_GAP, LABEL_ROOM = 56.0, 30.0
THINNEST, THICKEST = 1.2, 7.0
LABEL_HEIGHT = 15.0


@dataclass(frozen=True)
class Step:
    """A box: its name, a line below it, how dark it is from 0 to 1, what it says when pointed at."""

    name: str
    note: str = ""
    share: float = 0.0
    title: str = ""
    href: str = ""


@dataclass(frozen=True)
class Link:
    """An arrow between two steps by their numbers, or from START, or to END.

    `weight`, from 0 to 1, is how wide it is; `flow`, in any unit, which way the map runs: with the same flows
    another weight changes no box's place.
    """

    source: int
    target: int
    label: str = ""
    weight: float = 0.0
    title: str = ""
    is_marked: bool = False
    flow: float = 1.0

    @property
    def ends(self) -> Ends:
        return (self.source, self.target)


@dataclass(frozen=True)
class Box:
    """A step where it stands; `step` is None for the dots at the start and the end."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    number: int
    step: Step | None

    @property
    def middle(self) -> Point:
        return (self.x + self.width / 2, self.y + self.height / 2)


@dataclass(frozen=True)
class Arrow:
    """A link where it runs: the line, its head, and where its label stands."""

    link: Link
    path: str
    head: str
    width: float
    label_at: Point


@dataclass(frozen=True)
class Drawing:
    """Everything lies within `width` and `height` from (0, `top`)."""

    top: float
    width: float
    height: float
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(steps: Sequence[Step], links: Sequence[Link]) -> Drawing:
    """Lay out a map.

    Parameters
    ----------
    steps
        Numbered from 0 in their order. All are drawn.
    links
        At most one for a pair of ends. START and END are drawn where a link names them.

    Returns
    -------
    Drawing
        In pixels at 12 px text. Steps run from left to right in the direction of the largest flows; a link
        that goes back leaves and enters its boxes from above or below.
    """
    nodes = sorted({*range(len(steps)), *(end for link in links for end in link.ends)})
    placed = layers(nodes, {link.ends: max(link.flow, 1e-9) for link in links})
    sized = {node: _sized(node, steps) for node in placed.nodes}
    columns = _columns(placed, {node: box.width for node, box in sized.items()}, _gaps(placed, links))
    boxes = {node: _set(box, placed.nodes[node], columns) for node, box in sized.items()}
    runs = [_run(link, placed, boxes, columns) for link in links]
    arrows = _labels_apart(_arrow(link, run) for link, run in zip(links, runs, strict=True))
    return _framed(list(boxes.values()), arrows, [y for run in runs for y in run.heights])


def _set(box: Box, place: Place, columns: Sequence[tuple[float, float]]) -> Box:
    """In the middle of its column."""
    left, width = columns[place.column]
    return replace(box, x=left + (width - box.width) / 2, y=_height(place) - box.height / 2)


def _height(place: Place) -> float:
    return (place.row + 0.5) * ROW


def _sized(node: int, steps: Sequence[Step]) -> Box:
    if node in (START, END):
        return Box(0, 0, 2 * DOT, 2 * DOT, (), node, None)
    step = steps[node]
    lines = lines_of(step.name, width=BOX_WIDTH - 2 * PADDING, most=2)
    widest = max(*map(bold_width, lines), text_width(step.note))
    width = min(max(widest + 2 * PADDING, 72.0), BOX_WIDTH)
    return Box(0, 0, width, 2 * PADDING + LINE * (len(lines) + bool(step.note)), lines, node, step)


def _gaps(placed: Layers, links: Sequence[Link]) -> list[float]:
    """The room after each column, by the labels that stand in it."""
    gaps = [NARROWEST_GAP] * max(placed.columns - 1, 0)
    for link in links:
        one, other = sorted(placed.nodes[end].column for end in link.ends)
        if other - one == 1:
            gaps[one] = max(gaps[one], text_width(link.label) + LABEL_ROOM)
    return gaps


def _columns(placed: Layers, widths: Mapping[int, float], gaps: Sequence[float]) -> list[tuple[float, float]]:
    """Left edge and width of each column, which is as wide as its widest box."""
    found = []
    left = MARGIN
    for column in range(placed.columns):
        here = [widths[node] for node, place in placed.nodes.items() if place.column == column]
        found.append((left, max(here, default=0.0)))
        left += found[-1][1] + (gaps[column] if column < len(gaps) else 0.0)
    return found


def _run(link: Link, placed: Layers, boxes: Mapping[int, Box], columns: Sequence[tuple[float, float]]) -> Run:
    source, target = boxes[link.source], boxes[link.target]
    if link.source == link.target:
        return loop(source.middle[0], source.y)
    if placed.is_back(link.ends):
        passed = [_passing(each, columns) for each in placed.way[(link.target, link.source)]]
        return _back(source, target, passed[::-1])
    passed = [_passing(each, columns) for each in placed.way[link.ends]]
    start, end = (source.x + source.width, source.middle[1]), (target.x, target.middle[1])
    return through([start, *(point for pair in passed for point in pair), end], tip=(1.0, 0.0))


def _passing(place: Place, columns: Sequence[tuple[float, float]]) -> tuple[Point, Point]:
    """A line passes a column level, from its left edge to its right."""
    left, width = columns[place.column]
    return ((left, _height(place)), (left + width, _height(place)))


def _back(source: Box, target: Box, passed: Sequence[tuple[Point, Point]]) -> Run:
    """Out of a box and into the other one above or below, on the side where the way runs."""
    if not passed:
        low = max(source.y + source.height, target.y + target.height)
        return arc(
            source.middle[0], source.y + source.height, target.middle[0], target.y + target.height, low
        )
    points = [point for left, right in passed for point in (right, left)]
    start, way_out = _door(source, points[0][1], side=source.x)
    end, way_in = _door(target, points[-1][1], side=target.x + target.width)
    return through([start, *points, end], out=way_out, tip=(-way_in[0], -way_in[1]))


def _door(box: Box, level: float, *, side: float) -> tuple[Point, Point]:
    """Where a line at a level leaves a box, and in which direction: above, below, or at the side."""
    x, y = box.middle
    if abs(level - y) <= box.height / 2:
        return (side, y), (math.copysign(1.0, side - x), 0.0)
    way = math.copysign(1.0, level - y)
    return (x, y + way * box.height / 2), (0.0, way)


def _arrow(link: Link, run: Run) -> Arrow:
    width = THINNEST + (THICKEST - THINNEST) * math.sqrt(min(max(link.weight, 0.0), 1.0))
    x, y = run.label_at
    # On a level line the label stands above it, where it can be read best.
    lift = width / 2 + LABEL_HEIGHT / 2 if run.is_level else 0.0
    return Arrow(link, run.path, head(run.end, run.tip, width), width, (x, y - lift))


def _labels_apart(arrows: Iterable[Arrow]) -> list[Arrow]:
    """Labels that stand near each other in one gap are moved up and down until none covers another."""
    listed = list(arrows)
    gaps: dict[int, list[int]] = defaultdict(list)
    for place, arrow in enumerate(listed):
        if arrow.link.label:
            gaps[round(arrow.label_at[0] / 40)].append(place)
    for places in gaps.values():
        moved = spread([listed[place].label_at[1] for place in places], gap=LABEL_HEIGHT)
        for place, y in zip(places, moved, strict=True):
            listed[place] = replace(listed[place], label_at=(listed[place].label_at[0], y))
    return listed


def _framed(boxes: Sequence[Box], arrows: Sequence[Arrow], heights: Iterable[float]) -> Drawing:
    """With a margin around everything."""
    labels = [arrow.label_at for arrow in arrows if arrow.link.label]
    levels = [*heights, *(edge for box in boxes for edge in (box.y, box.y + box.height))]
    levels += [y + side for _, y in labels for side in (-LABEL_HEIGHT, LABEL_HEIGHT)]
    rights = [box.x + box.width for box in boxes]
    rights += [arrow.label_at[0] + text_width(arrow.link.label) / 2 for arrow in arrows]
    top, low = min(levels, default=0.0) - MARGIN, max(levels, default=0.0) + MARGIN
    return Drawing(top, max(rights, default=0.0) + MARGIN, low - top, tuple(boxes), tuple(arrows))
