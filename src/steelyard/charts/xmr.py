"""The process behaviour chart (XmR): a KPI over time with its natural process limits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from steelyard.charts.scale import padded, place_axis, spread, value_axis
from steelyard.charts.theme import as_given, colour, field, frame, judged_colour, named, values
from steelyard.charts.wording import Table, Wording
from steelyard.engine.signals import Band, Signal

WORDS = (
    "period",
    "value",
    "mean",
    "lower",
    "upper",
    "target",
    "signal",
    "no-signal",
    "outside",
    "run",
    "near-limit",
    "change",
)
SHAPES = {"outside": "diamond", "run": "square", "near-limit": "triangle-up"}
SIZES = {"outside": 150, "run": 90, "near-limit": 130}
HEIGHT = 240
LABEL_GAP = 15


@dataclass(frozen=True)
class Point:
    """A KPI in one period. Limits may differ from point to point; a missing value is None, not zero.

    `label` is the period in the reader's words; `signal` is a code of `SHAPES` or None; `judged` is
    "better" or "worse" than the target; `starts` marks the first point of a new baseline.
    """

    label: str
    value: float | None
    centre: float | None = None
    lower: float | None = None
    upper: float | None = None
    target: float | None = None
    signal: str | None = None
    judged: str | None = None
    starts: bool = False


def points_of(
    signal: Signal,
    *,
    values: Sequence[float | None],
    labels: Sequence[str],
    targets: Sequence[float | None] | None = None,
    direction: str = "up",
) -> list[Point]:
    """What the engine judged, as points of a chart; colour only where a signal runs off its target."""
    targets = targets or [None] * len(values)
    points = []
    for place, (value, label, target) in enumerate(zip(values, labels, targets, strict=True)):
        band, rules = signal.bands[place], signal.rules[place]
        points.append(
            Point(
                label=label,
                value=value,
                centre=band.centre if band else None,
                lower=band.lower if band else None,
                upper=band.upper if band else None,
                target=target,
                signal=next((code for code in SHAPES if code in rules), None),
                judged=_judged(value, target, direction) if rules and _is_off(band, value, target) else None,
                starts=place in signal.starts,
            )
        )
    return points


def _is_off(band: Band | None, value: float | None, target: float | None) -> bool:
    """Whether the value strayed from its mean on the side on which it strayed from the target."""
    if band is None or value is None or target is None:
        return False
    return (value > band.centre) == (value > target)


def _judged(value: float | None, target: float | None, direction: str) -> str | None:
    if value is None or target is None or value == target or direction not in ("up", "down"):
        return None
    return "better" if (value > target) == (direction == "up") else "worse"


def chart(points: Sequence[Point], *, words: Wording) -> dict:
    """A Vega-Lite spec: points in order, limits, mean, target, signals by shape and ink."""
    low, high = padded(
        value for point in points for value in (point.value, point.lower, point.upper, point.target)
    )
    x = {"scale": {"domain": [-0.5, len(points) - 0.5], "nice": False, "zero": False}}
    y = {"scale": {"domain": [low, high], "nice": False, "zero": False}}
    x_axis = field("x", axis=place_axis([point.label for point in points]), **x)
    y_axis = field("y", axis=value_axis(low, high, tick=words.tick), **y)
    marks = [
        *_limits(points),
        *_step_line(points, "centre", colour("muted"), width=1),
        *_step_line(points, "target", colour("ink"), width=1.5, dash=[6, 4]),
        *_changes(points, words),
        *_values(points),
        *_signals(points, words),
        *_end_labels(points, words, low=low, high=high),
        _tooltips(points, words),
    ]
    return frame([_placed(mark, x_axis, y_axis) for mark in marks], words=words, height=HEIGHT)


def table_of(points: Sequence[Point], *, words: Wording) -> Table:
    """The chart's figures, one row a period."""
    columns = tuple(words[code] for code in ("period", "value", "mean", "lower", "upper", "target", "signal"))
    rows = tuple(
        (
            point.label,
            words.figure_or_dash(point.value),
            words.figure_or_dash(point.centre),
            words.figure_or_dash(point.lower),
            words.figure_or_dash(point.upper),
            words.figure_or_dash(point.target),
            words[point.signal or "no-signal"],
        )
        for point in points
    )
    return Table(columns, rows)


def _placed(mark: dict, x_axis: dict, y_axis: dict) -> dict:
    """A layer with the shared axes, unless it says where it stands."""
    return mark | {"encoding": {"x": x_axis, "y": y_axis} | mark["encoding"]}


def _baselines(points: Sequence[Point]) -> list[list[tuple[int, Point]]]:
    """Runs of points under one baseline, each with its place in the whole."""
    number, runs = 0, []
    for place, point in enumerate(points):
        number += point.starts
        runs.append((number, (place, point)))
    return [[point for _, point in run] for _, run in groupby(runs, key=lambda pair: pair[0])]


def _edges(points: Sequence[Point], name: str) -> list[dict]:
    """Both ends of each point's step, per baseline; a gap where the value is unknown."""
    rows = []
    for number, run in enumerate(_baselines(points)):
        stretch = 0
        for place, point in run:
            value = getattr(point, name)
            if value is None:
                stretch += 1
                continue
            part = f"{number}-{stretch}"
            rows += [{"x": place + side, "y": value, "part": part} for side in (-0.5, 0.5)]
    return rows


def _step_line(
    points: Sequence[Point], name: str, ink: str, *, width: float, dash: list[int] | None = None
) -> list[dict]:
    rows = _edges(points, name)
    if not rows:
        return []
    mark = {"type": "line", "stroke": ink, "strokeWidth": width} | ({"strokeDash": dash} if dash else {})
    return [
        {"data": values(rows), "mark": mark, "encoding": {"detail": {"field": "part", "type": "nominal"}}}
    ]


def _limits(points: Sequence[Point]) -> list[dict]:
    """The band between the limits, edged by lines that stand out from the card."""
    bounded = [point if None not in (point.lower, point.upper) else _unbounded(point) for point in points]
    lower, upper = _edges(bounded, "lower"), _edges(bounded, "upper")
    rows = [low | {"y2": high["y"]} for low, high in zip(lower, upper, strict=True)]
    if not rows:
        return []
    area = {
        "data": values(rows),
        "mark": {"type": "area", "fill": colour("band")},
        "encoding": {"y2": {"field": "y2"}, "detail": {"field": "part", "type": "nominal"}},
    }
    return [
        area,
        *_step_line(points, "lower", colour("limit"), width=1),
        *_step_line(points, "upper", colour("limit"), width=1),
    ]


def _unbounded(point: Point) -> Point:
    return replace(point, lower=None, upper=None)


def _changes(points: Sequence[Point], words: Wording) -> list[dict]:
    """An upright line where a new baseline starts; the latest is named."""
    starts = [place - 0.5 for place, point in enumerate(points) if point.starts and place > 0]
    if not starts:
        return []
    rows = [{"x": start, "text": words["change"]} for start in starts]
    rule = {
        "data": values(rows),
        "mark": {"type": "rule", "stroke": colour("accent"), "strokeWidth": 1.5, "strokeDash": [2, 3]},
        "encoding": {"y": {"value": 0}, "y2": {"value": HEIGHT}},
    }
    later_half = starts[-1] > len(points) / 2
    label = {
        "data": values(rows[-1:]),
        "mark": {
            "type": "text",
            "align": "right" if later_half else "left",
            "dx": -5 if later_half else 5,
            "baseline": "top",
            "fill": colour("accent"),
        },
        "encoding": {"y": {"value": 0}, "text": named("text")},
    }
    return [rule, label]


def _values(points: Sequence[Point]) -> list[dict]:
    rows, stretch = [], 0
    for place, point in enumerate(points):
        if point.value is None:
            stretch += 1
            continue
        rows.append({"x": place, "y": point.value, "part": str(stretch), "signal": point.signal is not None})
    line = {
        "data": values(rows),
        "mark": {"type": "line", "stroke": colour("muted"), "strokeWidth": 1.5},
        "encoding": {"detail": {"field": "part", "type": "nominal"}},
    }
    quiet = {
        "data": values([row for row in rows if not row["signal"]]),
        "mark": {
            "type": "point",
            "shape": "circle",
            "filled": True,
            "fill": colour("muted"),
            "size": 36,
            "opacity": 1,
        },
        "encoding": {},
    }
    return [line, quiet]


def _signals(points: Sequence[Point], words: Wording) -> list[dict]:
    rows = [
        {"x": place, "y": point.value, "name": words[point.signal], "fill": judged_colour(point.judged)}
        | {"size": SIZES[point.signal]}
        for place, point in enumerate(points)
        if point.signal is not None and point.value is not None
    ]
    present = [code for code in SHAPES if any(point.signal == code for point in points)]
    if not rows:
        return []
    shape = {
        "field": "name",
        "type": "nominal",
        "scale": {"domain": [words[code] for code in present], "range": [SHAPES[code] for code in present]},
        "legend": {"direction": "vertical", "symbolFillColor": colour("ink"), "symbolStrokeWidth": 0},
    }
    mark = {
        "type": "point",
        "filled": True,
        "opacity": 1,
        "stroke": colour("card"),
        "strokeWidth": 1.5,
    }
    return [
        {
            "data": values(rows),
            "mark": mark,
            "encoding": {"shape": shape, "fill": as_given("fill"), "size": field("size", scale=None)},
        }
    ]


def _end_labels(points: Sequence[Point], words: Wording, *, low: float, high: float) -> list[dict]:
    """The lines' names at their right end, kept apart."""
    names = (("upper", "upper"), ("centre", "mean"), ("lower", "lower"), ("target", "target"))
    last = points[-1] if points else Point("", None)
    ends = [(getattr(last, name), words[word], name) for name, word in names]
    ends = [end for end in ends if end[0] is not None]
    if not ends:
        return []
    places = spread([HEIGHT * (high - value) / (high - low) for value, _, _ in ends], gap=LABEL_GAP)
    rows = [
        {"pixel": place, "text": text, "fill": colour("ink" if name == "target" else "muted")}
        for place, (_, text, name) in zip(places, ends, strict=True)
    ]
    return [
        {
            "data": values([row]),
            "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 6},
            "encoding": {
                "x": {"value": "width"},
                "y": {"value": row["pixel"]},
                "text": named("text"),
                "fill": as_given("fill"),
            },
        }
        for row in rows
    ]


def _tooltips(points: Sequence[Point], words: Wording) -> dict:
    """A field over each period's whole height: no need to hit the point itself."""
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
        "mark": {"type": "rect", "fill": "transparent"},
        "encoding": {
            "x2": {"field": "x2"},
            "y": {"value": 0},
            "y2": {"value": HEIGHT},
            "tooltip": tips,
        },
    }
