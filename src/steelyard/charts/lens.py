"""What a lens looked at: lines over time, or one row a place with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded, place_axis, value_axis
from steelyard.charts.theme import colour, field, frame, values
from steelyard.charts.wording import Table, Wording, interval_text

WORDS = ("row", "value", "interval")  # and "mark", "also" where points have them
HEIGHT = 170.0
INKS = ("ink", "accent", "muted", "limit")
DASHES = ([1, 0], [6, 3], [2, 3], [8, 3, 2, 3])


@dataclass(frozen=True)
class Point:
    """A value at a place (a period, a team …) of a series; bounds are None where none are known.

    `mark` is what the value is held against (before, a target), `also` a second value (what was reached).
    """

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    series: str = ""
    mark: float | None = None
    also: float | None = None


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
    reaches = [
        value for point in points for value in (point.value, point.low, point.high, point.mark, point.also)
    ]
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
    marks += [_notches(points)] if any(point.mark is not None for point in points) else []
    marks += [_others(points)] if any(point.also is not None for point in points) else []
    headings = [rows.Heading(point.label, _told(point, words)) for point in points]
    return rows.chart(headings, marks, words=words, domain=domain)


def table_of(points: Sequence[Point], *, words: Wording) -> Table:
    """The same figures, one row a point."""
    has_mark = any(point.mark is not None for point in points)
    has_also = any(point.also is not None for point in points)
    found = tuple(
        (
            f"{point.series} · {point.label}" if point.series else point.label,
            words.figure_or_dash(point.value),
            interval_text(point.low, point.high, words=words),
            *([words.figure_or_dash(point.mark)] if has_mark else []),
            *([words.figure_or_dash(point.also)] if has_also else []),
        )
        for point in points
    )
    columns = [*WORDS, *(["mark"] if has_mark else []), *(["also"] if has_also else [])]
    return Table(tuple(words[code] for code in columns), found)


def _told(point: Point, words: Wording) -> str:
    """The value, and what it is held against."""
    values = [point.value] + [each for each in (point.mark, point.also) if each is not None]
    return " · ".join(words.figure_or_dash(each) for each in values)


def _notches(points: Sequence[Point]) -> dict:
    """An upright line at what a value is held against."""
    drawn = [
        {"x": point.mark, "y": rows.middle_of(place) - 9, "y2": rows.middle_of(place) + 9}
        for place, point in enumerate(points)
        if point.mark is not None
    ]
    mark = {"type": "rule", "stroke": colour("ink"), "strokeWidth": 2}
    return {"data": values(drawn), "mark": mark, "encoding": {"y2": {"field": "y2"}}}


def _others(points: Sequence[Point]) -> dict:
    """A diamond at the second value."""
    drawn = [
        {"x": point.also, "y": rows.middle_of(place)}
        for place, point in enumerate(points)
        if point.also is not None
    ]
    mark = {"type": "point", "shape": "diamond", "filled": True, "fill": colour("accent"), "size": 80}
    return {"data": values(drawn), "mark": mark | {"opacity": 1}, "encoding": {}}


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
