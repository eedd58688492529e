"""The fan: what came in, what was asked for, and where it may end: eight in ten, five in ten, the middle."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts.scale import padded, place_axis, spread, value_axis
from steelyard.charts.theme import as_given, colour, field, frame, named, values
from steelyard.charts.wording import Table, Wording

WORDS = ("period", "actual", "asked", "middle", "half", "most", "target")
HEIGHT = 250
LABEL_GAP = 15


@dataclass(frozen=True)
class Point:
    """The end of one period. `half` is the middle five in ten, `most` eight in ten; None where unknown.

    The last point with an actual may carry a fan too, all at the actual: there the fan opens.
    """

    label: str
    actual: float | None = None
    asked: float | None = None
    middle: float | None = None
    half: tuple[float, float] | None = None
    most: tuple[float, float] | None = None


def chart(points: Sequence[Point], *, target: float | None, words: Wording, from_zero: bool = False) -> dict:
    """A Vega-Lite spec: the fan behind, the asked-for line, the target across, the actual in ink."""
    held = [value for point in points for value in _values(point)]
    low, high = padded([*held, target, 0.0 if from_zero else None])
    low = max(low, 0.0) if from_zero else low
    x = {"scale": {"domain": [-0.3, len(points) - 0.7], "nice": False, "zero": False}}
    y = {"scale": {"domain": [low, high], "nice": False, "zero": False}}
    x_axis = field("x", axis=place_axis([point.label for point in points]), **x)
    y_axis = field("y", axis=value_axis(low, high, tick=words.tick), **y)
    marks = [
        *_band(points, "most", colour("band"), edge=True),
        *_band(points, "half", colour("line"), edge=False),
        *_line(points, "middle", colour("limit"), width=1.5, dash=[3, 3]),
        *_line(points, "asked", colour("muted"), width=1.5, dash=[6, 4]),
        *_across(points, target),
        *_line(points, "actual", colour("ink"), width=2.5),
        *_weight(points),
        *_end_labels(points, words, target=target, low=low, high=high),
        _tooltips(points, words),
    ]
    layers = [mark | {"encoding": {"x": x_axis, "y": y_axis} | mark["encoding"]} for mark in marks]
    return frame(layers, words=words, height=HEIGHT)


def table_of(points: Sequence[Point], *, words: Wording) -> Table:
    """The chart's figures, one row a period."""
    columns = tuple(words[code] for code in ("period", "actual", "asked", "middle", "most"))
    rows = tuple(
        (
            point.label,
            words.figure_or_dash(point.actual),
            words.figure_or_dash(point.asked),
            words.figure_or_dash(point.middle if point.actual is None else None),
            _span(point.most if point.actual is None else None, words),
        )
        for point in points
    )
    return Table(columns, rows)


def _span(edges: tuple[float, float] | None, words: Wording) -> str:
    if edges is None:
        return "–"
    return words.span.format(low=words.figure(edges[0]), high=words.figure(edges[1]))


def _values(point: Point) -> list[float | None]:
    return [point.actual, point.asked, point.middle, *(point.most or ())]


def _band(points: Sequence[Point], name: str, fill: str, *, edge: bool) -> list[dict]:
    rows = [
        {"x": place, "y": edges[0], "y2": edges[1]}
        for place, point in enumerate(points)
        if (edges := getattr(point, name)) is not None
    ]
    if len(rows) < 2:
        return []
    area = {
        "data": values(rows),
        "mark": {"type": "area", "fill": fill},
        "encoding": {"y2": {"field": "y2"}},
    }
    if not edge:
        return [area]
    lines = [
        {
            "data": values([{"x": row["x"], "y": row[side]} for row in rows]),
            "mark": {"type": "line", "stroke": colour("limit"), "strokeWidth": 1},
            "encoding": {},
        }
        for side in ("y", "y2")
    ]
    return [area, *lines]


def _line(
    points: Sequence[Point], name: str, ink: str, *, width: float, dash: list[int] | None = None
) -> list[dict]:
    known = [(place, getattr(point, name)) for place, point in enumerate(points)]
    rows = [{"x": place, "y": value} for place, value in known if value is not None]
    if not rows:
        return []
    mark = {"type": "line", "stroke": ink, "strokeWidth": width} | ({"strokeDash": dash} if dash else {})
    return [{"data": values(rows), "mark": mark, "encoding": {}}]


def _across(points: Sequence[Point], target: float | None) -> list[dict]:
    """The target over the whole width, as the notch of a beam stands over all that is weighed."""
    if target is None:
        return []
    rows = [{"x": -0.3, "y": target}, {"x": len(points) - 0.7, "y": target}]
    mark = {"type": "line", "stroke": colour("accent"), "strokeWidth": 1.5}
    return [{"data": values(rows), "mark": mark, "encoding": {}}]


def _weight(points: Sequence[Point]) -> list[dict]:
    """Where it stands now."""
    known = [(place, point.actual) for place, point in enumerate(points) if point.actual is not None]
    if not known:
        return []
    mark = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "fill": colour("ink"),
        "size": 60,
        "opacity": 1,
    }
    return [{"data": values([{"x": known[-1][0], "y": known[-1][1]}]), "mark": mark, "encoding": {}}]


def _end_labels(
    points: Sequence[Point], words: Wording, *, target: float | None, low: float, high: float
) -> list[dict]:
    """The names at the right end, kept apart: no legend is needed."""
    last = points[-1] if points else Point("")
    ends: list[tuple[float, str, str]] = []
    if target is not None:
        ends.append((target, words["target"], "accent"))
    if last.actual is None and last.middle is not None:
        ends.append((last.middle, words["middle"], "muted"))
    if last.actual is None and last.most is not None:
        ends += [(last.most[1], words.figure(last.most[1]), "muted")]
        ends += [(last.most[0], words.figure(last.most[0]), "muted")]
    if not ends:
        return []
    places = spread([HEIGHT * (high - value) / (high - low) for value, _, _ in ends], gap=LABEL_GAP)
    return [
        {
            "data": values([{"text": text, "fill": colour(ink)}]),
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
            "encoding": {
                "x": {"value": "width"},
                "y": {"value": place},
                "text": named("text"),
                "fill": as_given("fill"),
            },
        }
        for place, (_, text, ink) in zip(places, ends, strict=True)
    ]


def _tooltips(points: Sequence[Point], words: Wording) -> dict:
    """A field over each period's whole height."""
    table = table_of(points, words=words)
    fields = [f"column{number}" for number in range(len(table.columns))]
    rows = [
        {"x": place - 0.5, "x2": place + 0.5} | dict(zip(fields, row, strict=True))
        for place, row in enumerate(table.rows)
    ]
    tips = [
        {"field": name, "type": "nominal", "title": heading}
        for name, heading in zip(fields, table.columns, strict=True)
    ]
    return {
        "data": values(rows),
        "mark": {"type": "rect", "fill": "transparent", "clip": True},
        "encoding": {
            "x2": {"field": "x2"},
            "y": {"value": 0},
            "y2": {"value": HEIGHT},
            "tooltip": tips,
        },
    }
