"""What a lens looked at: lines over time, or one row a place with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded, place_axis, value_axis
from steelyard.charts.theme import colour, field, frame, values
from steelyard.charts.wording import Table, Wording, interval_text

WORDS = ("row", "value", "interval")
HEIGHT = 170.0
INKS = ("ink", "accent", "muted", "limit")
DASHES = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3])


@dataclass(frozen=True)
class Point:
    """A value at a place (a period, a team …) of a series; bounds are None where none are known."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: str = ""


def lines(points: Sequence[Point], *, words: Wording) -> dict:
    """A Vega-Lite spec: a line a series over the labels in their order, a band where bounds are known."""
    labels = list(dict.fromkeys(point.label for point in points))
    names = list(dict.fromkeys(point.series for point in points))
    low, high = padded(value for point in points for value in (point.value, point.low, point.high))
    x = field(
        "x",
        scale={"domain": [-0.5, len(labels) - 0.5], "nice": False, "zero": False},
        axis=place_axis(labels),
    )
    y = field(
        "y",
        scale={"domain": [low, high], "nice": False, "zero": False},
        axis=value_axis(low, high, tick=words.tick),
    )
    told = [_row(point, labels, names, words) for point in points if point.value is not None]
    marks = [*_bands(points, labels), *_strokes(told, names), _hits(told, words)]
    return frame(
        [mark | {"encoding": {"x": x, "y": y} | mark["encoding"]} for mark in marks],
        words=words,
        height=HEIGHT,
    )


def places(points: Sequence[Point], *, words: Wording, has_bars: bool = False) -> dict:
    """A Vega-Lite spec: a row a point, as a bar from zero or as a dot, with its interval."""
    reaches = [value for point in points for value in (point.value, point.low, point.high)]
    domain = padded([0.0, *reaches] if has_bars else reaches, share=0.06)
    spans = [
        {"x": point.low, "x2": point.high, "y": rows.middle_of(place)}
        for place, point in enumerate(points)
        if point.low is not None and point.high is not None
    ]
    marks = [rows.grid(domain, count=len(points))]
    marks += [_bars(points)] if has_bars else []
    marks += rows.interval_marks(spans)
    marks += [] if has_bars else [_dots(points)]
    headings = [rows.Heading(point.label, words.figure_or_dash(point.value)) for point in points]
    return rows.chart(headings, marks, words=words, domain=domain)


def table_of(points: Sequence[Point], *, words: Wording) -> Table:
    """The same figures, one row a point."""
    found = tuple(
        (
            f"{point.series} · {point.label}" if point.series else point.label,
            words.figure_or_dash(point.value),
            interval_text(point.low, point.high, words=words),
        )
        for point in points
    )
    return Table(tuple(words[code] for code in WORDS), found)


def _row(point: Point, labels: list[str], names: list[str], words: Wording) -> dict:
    return {
        "x": labels.index(point.label),
        "y": point.value,
        "series": point.series,
        "place": names.index(point.series),
        "label": point.label,
        "value": words.figure_or_dash(point.value),
    }


def _bands(points: Sequence[Point], labels: list[str]) -> list[dict]:
    bounded = [
        {"x": labels.index(point.label), "y": point.low, "y2": point.high, "series": point.series}
        for point in points
        if point.low is not None and point.high is not None
    ]
    if not bounded:
        return []
    return [
        {
            "data": values(bounded),
            "mark": {"type": "area", "fill": colour("band"), "opacity": 0.7},
            "encoding": {"y2": {"field": "y2"}, "detail": {"field": "series", "type": "nominal"}},
        }
    ]


def _strokes(told: list[dict], names: list[str]) -> list[dict]:
    """Told apart by ink and by dashes, and named in a legend where there are several."""
    mark = {"type": "line", "strokeWidth": 1.5, "point": {"size": 30, "filled": True}}
    if len(names) < 2:
        ink = {"stroke": colour("ink"), "point": {"size": 30, "fill": colour("ink")}}
        return [{"data": values(told), "mark": mark | ink, "encoding": {}}]
    scale = {"domain": names, "range": [colour(INKS[place % len(INKS)]) for place in range(len(names))]}
    dashes = {"domain": names, "range": [DASHES[place % len(DASHES)] for place in range(len(names))]}
    coded = {"field": "series", "type": "nominal"}
    encoding = {"color": coded | {"scale": scale}, "strokeDash": coded | {"scale": dashes}}
    return [{"data": values(told), "mark": mark, "encoding": encoding}]


def _hits(told: list[dict], words: Wording) -> dict:
    tips = [
        {"field": "label", "type": "nominal", "title": words["row"]},
        {"field": "value", "type": "nominal", "title": words["value"]},
    ]
    mark = {"type": "point", "shape": "circle", "filled": True, "fill": "transparent", "size": 200}
    return {"data": values(told), "mark": mark, "encoding": {"tooltip": tips}}


def _bars(points: Sequence[Point]) -> dict:
    drawn = [
        rows.bar_at(place)
        | {"x": 0.0, "x2": point.value, "fill": colour("muted"), "stroke": colour("muted")}
        | {"label": point.label}
        for place, point in enumerate(points)
        if point.value is not None
    ]
    return rows.rectangles(drawn, tips=[{"field": "label", "type": "nominal", "title": ""}])


def _dots(points: Sequence[Point]) -> dict:
    drawn = [
        {"x": point.value, "y": rows.middle_of(place)}
        for place, point in enumerate(points)
        if point.value is not None
    ]
    mark = {
        "type": "point",
        "shape": "circle",
        "filled": True,
        "fill": colour("ink"),
        "size": 70,
        "opacity": 1,
    }
    return {"data": values(drawn), "mark": mark, "encoding": {}}
