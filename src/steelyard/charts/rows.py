"""Charts made of rows: a name and its figure on one line, the drawing on the next.

The name stands above its bar, not beside it, so that long names and 360 px both fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.charts.scale import text_width, ticks, value_axis
from steelyard.charts.theme import as_given, colour, field, frame, named, values
from steelyard.charts.wording import Wording

ROW = 46.0
NAME_LINE, BAR_LINE = 13.0, 30.0
BAR = 8.0
# Labels whose tick is nearer to an end than this are turned inwards instead of widening the chart.
FLUSH = 32
HALO = {"stroke": colour("card"), "strokeWidth": 4, "strokeJoin": "round"}


@dataclass(frozen=True)
class Heading:
    """What stands on a row's first line."""

    name: str
    figure: str
    ink: str = colour("ink")


def chart(
    headings: Sequence[Heading],
    marks: list[dict],
    *,
    words: Wording,
    domain: tuple[float, float],
    axis: dict | None = None,
    row: float = ROW,
) -> dict:
    """The rows' first lines, hairlines between them, and `marks` on shared scales.

    Marks use `x` in the values' own unit and `y` in pixels from the top (see `bar_at`).
    """
    height = row * len(headings)
    low, high = domain
    axis = axis or value_axis(low, high, tick=words.tick) | {"grid": False}
    scale = {"domain": [low, high], "nice": False, "zero": False}
    x = field("x", scale=scale, axis=axis | {"labelFlush": FLUSH})
    y = field("y", scale=_pixels(height), axis=None)
    placed = [mark | {"encoding": {"x": x, "y": y} | mark["encoding"]} for mark in marks]
    layers = [*_hairlines(len(headings), row, y), *placed, *_first_lines(headings, row, y)]
    return frame(layers, words=words, height=height)


def bar_at(row: int, *, thickness: float = BAR, shift: float = 0.0) -> dict[str, float]:
    """Upper and lower edge of a bar on a row's second line, in pixels."""
    middle = row * ROW + BAR_LINE + shift
    return {"y": middle - thickness / 2, "y2": middle + thickness / 2}


def middle_of(row: int, *, shift: float = 0.0) -> float:
    return row * ROW + BAR_LINE + shift


def interval_marks(rows: list[dict]) -> list[dict]:
    """Thin lines from `x` to `x2` at `y`, with ends, for intervals."""
    if not rows:
        return []
    spans = {
        "data": values(rows),
        "mark": {"type": "rule", "stroke": colour("ink"), "strokeWidth": 1},
        "encoding": {"x2": {"field": "x2"}},
    }
    ends = [{"x": row[end], "y": row["y"]} for row in rows for end in ("x", "x2")]
    caps = {
        "data": values(ends),
        "mark": {"type": "tick", "orient": "vertical", "size": 7, "thickness": 1, "color": colour("ink")},
        "encoding": {},
    }
    return [spans, caps]


def rectangles(rows: list[dict], *, tips: list[dict]) -> dict:
    """Bars from `x` to `x2`, in the rows' own `fill` and `stroke`; a row's `href` opens its records."""
    encoding = {
        "x2": {"field": "x2"},
        "y2": {"field": "y2"},
        "fill": as_given("fill"),
        "stroke": as_given("stroke"),
        "tooltip": tips,
    }
    if any(row.get("href") for row in rows):
        encoding["href"] = {"field": "href", "type": "nominal"}
    return {
        "data": values(rows),
        "mark": {"type": "rect", "strokeWidth": 1, "cornerRadius": 1},
        "encoding": encoding,
    }


def uprights(positions: Sequence[float], *, count: int, role: str = "line") -> dict:
    """Lines across each row's second line, never through its words: a grid, zero, the baseline."""
    lines = [
        {"x": x, "y": row * ROW + BAR_LINE - 9, "y2": row * ROW + BAR_LINE + 9}
        for row in range(count)
        for x in positions
    ]
    return {
        "data": values(lines),
        "mark": {"type": "rule", "stroke": colour(role), "strokeWidth": 1},
        "encoding": {"y2": {"field": "y2"}},
    }


def grid(domain: tuple[float, float], *, count: int) -> dict:
    return uprights(ticks(*domain), count=count)


def _pixels(height: float) -> dict:
    return {"domain": [0, height], "reverse": True, "nice": False, "zero": False}


def _first_lines(headings: Sequence[Heading], row: float, y: dict) -> list[dict]:
    """Names left and figures right, each over its own halo, so that a line behind does not cross it."""
    lines = [
        {"y": place * row + NAME_LINE, "name": heading.name, "figure": heading.figure, "ink": heading.ink}
        for place, heading in enumerate(headings)
    ]
    room = max((text_width(heading.figure) for heading in headings), default=0) + 16
    limit = {"limit": {"expr": f"max(80, width - {room:.0f})"}}
    name = {"x": {"value": 0}, "y": y, "text": named("name")}
    figure = {"x": {"value": "width"}, "y": y, "text": named("figure")}
    return [
        _text(lines, name, align="left", **limit, **HALO),
        _text(lines, name, align="left", **limit),
        _text(lines, figure, align="right", **HALO),
        _text(lines, figure | {"fill": as_given("ink")}, align="right"),
    ]


def _text(lines: list[dict], encoding: dict, **mark: Any) -> dict:
    return {
        "data": values(lines),
        "mark": {"type": "text", "baseline": "middle", **mark},
        "encoding": encoding,
    }


def _hairlines(count: int, row: float, y: dict) -> list[dict]:
    if count < 2:
        return []
    return [
        {
            "data": values([{"y": place * row} for place in range(1, count)]),
            "mark": {"type": "rule", "stroke": colour("line")},
            "encoding": {"x": {"value": 0}, "x2": {"value": "width"}, "y": y},
        }
    ]
