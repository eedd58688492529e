"""Lines of the map as SVG paths, written with one decimal so that the same map is the same text."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

Point = tuple[float, float]
LOOP = 15.0
ARC = 46.0


@dataclass(frozen=True)
class Run:
    """A line, where it ends and in which direction, where its label stands, and the heights it reaches."""

    path: str
    end: Point
    tip: Point
    label_at: Point
    heights: tuple[float, ...]
    is_level: bool = False


def through(points: Sequence[Point], *, tip: Point, out: Point = (1.0, 0.0)) -> Run:
    """A smooth line that sets off in one direction, passes each point level, and arrives in another."""
    text = f"M{_at(points[0])}"
    last = len(points) - 2
    for place, ((x, y), (next_x, next_y)) in enumerate(pairwise(points)):
        bend = (next_x - x) * 0.5
        first = (x, next_y) if out[1] and place == 0 else (x + bend, y)
        second = (next_x, y) if tip[1] and place == last else (next_x - bend, next_y)
        text += f"C{_at(first)} {_at(second)} {_at((next_x, next_y))}"
    middle = points[len(points) // 2 - 1], points[len(points) // 2]
    label = ((middle[0][0] + middle[1][0]) / 2, (middle[0][1] + middle[1][1]) / 2)
    is_level = abs(middle[0][1] - middle[1][1]) < 1.0
    return Run(text, points[-1], tip, label, tuple(y for _, y in points), is_level)


def arc(x: float, y: float, to_x: float, to_y: float, low: float) -> Run:
    """Under two neighbours, from one to the other."""
    depth = low + ARC
    text = f"M{_at((x, y))}C{_at((x, depth))} {_at((to_x, depth))} {_at((to_x, to_y))}"
    bottom = (y + 6 * depth + to_y) / 8
    return Run(text, (to_x, to_y), (0.0, -1.0), ((x + to_x) / 2, bottom), (bottom,))


def loop(x: float, y: float) -> Run:
    """From the top of a box back to it."""
    top = y - 2 * LOOP
    text = f"M{_at((x + LOOP, y))}C{_at((x + 2 * LOOP, top))} {_at((x - 2 * LOOP, top))} {_at((x - LOOP, y))}"
    peak = y - 1.5 * LOOP
    return Run(text, (x - LOOP, y), (0.4, 0.9), (x, peak - 8.0), (peak,))


def head(end: Point, tip: Point, width: float) -> str:
    """A triangle that ends where the line does."""
    size = 5.0 + width * 0.9
    length = (tip[0] ** 2 + tip[1] ** 2) ** 0.5
    x, y = tip[0] / length, tip[1] / length
    back = (end[0] - x * size * 1.2, end[1] - y * size * 1.2)
    sides = (
        (back[0] - y * size * 0.6, back[1] + x * size * 0.6),
        (back[0] + y * size * 0.6, back[1] - x * size * 0.6),
    )
    return f"M{_at(end)}L{_at(sides[0])}L{_at(sides[1])}Z"


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
