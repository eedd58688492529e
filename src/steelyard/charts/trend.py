"""Small multiples: one line a series, each on its own scale, and the sparkline of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import place_axis
from steelyard.charts.theme import colour, field, frame, values
from steelyard.charts.wording import Table, Wording

WORDS = ("series", "period", "value")
ROW, LINE = 64.0, 28.0
SPARK = 28.0


@dataclass(frozen=True)
class Series:
    """A KPI (or a segment of one) over the same periods as its neighbours; None where unknown."""

    name: str
    values: tuple[float | None, ...]


def chart(series: Sequence[Series], *, periods: Sequence[str], words: Wording) -> dict:
    """A Vega-Lite spec: rows of lines over shared periods, the last known figure at the right."""
    headings = [rows.Heading(one.name, words.figure_or_dash(_last(one)[1])) for one in series]
    points = [
        point | {"series": str(place)}
        for place, one in enumerate(series)
        for point in _line(one, bottom=(place + 1) * ROW - 8, reach=LINE, periods=periods, words=words)
    ]
    return rows.chart(
        headings,
        _marks(points, words=words),
        words=words,
        domain=(-0.5, len(periods) - 0.5),
        axis=place_axis(periods),
        row=ROW,
    )


def sparkline(series: Series, *, periods: Sequence[str], words: Wording) -> dict:
    """A line alone, without axis or words: for a cell of a table."""
    points = _line(series, bottom=SPARK - 5, reach=SPARK - 10, periods=periods, words=words)
    y = field("y", scale={"domain": [0, SPARK], "reverse": True, "nice": False, "zero": False}, axis=None)
    x = field("x", scale={"domain": [-0.5, len(periods) - 0.5], "nice": False, "zero": False}, axis=None)
    marks = _marks([point | {"series": "0"} for point in points], words=words)
    layers = [mark | {"encoding": {"x": x, "y": y} | mark["encoding"]} for mark in marks]
    return frame(layers, words=words, height=SPARK)


def table_of(series: Sequence[Series], *, periods: Sequence[str], words: Wording) -> Table:
    """A row a series, a column a period."""
    lines = tuple((one.name, *(words.figure_or_dash(value) for value in one.values)) for one in series)
    return Table((words["series"], *periods), lines)


def _last(series: Series) -> tuple[int, float | None]:
    known = [(place, value) for place, value in enumerate(series.values) if value is not None]
    return known[-1] if known else (0, None)


def _line(
    series: Series, *, bottom: float, reach: float, periods: Sequence[str], words: Wording
) -> list[dict]:
    """The series within its own least and greatest value, as pixels above `bottom`."""
    known = [value for value in series.values if value is not None]
    low, span = (min(known), max(known) - min(known)) if known else (0.0, 0.0)
    last, _ = _last(series)
    points, stretch = [], 0
    for place, value in enumerate(series.values):
        if value is None:
            stretch += 1
            continue
        height = (value - low) / span if span else 0.5
        points.append(
            {"x": place, "y": bottom - height * reach, "part": stretch, "last": place == last}
            | {"name": series.name, "period": periods[place], "value": words.figure(value)}
        )
    return points


def _marks(points: list[dict], *, words: Wording) -> list[dict]:
    parts = [point | {"part": f"{point['series']}-{point['part']}"} for point in points]
    tips = [
        {"field": name, "type": "nominal", "title": words[word]}
        for name, word in (("name", "series"), ("period", "period"), ("value", "value"))
    ]
    line = {
        "data": values(parts),
        "mark": {"type": "line", "stroke": colour("muted"), "strokeWidth": 1.5},
        "encoding": {"detail": {"field": "part", "type": "nominal"}},
    }
    weight = {
        "data": values([point for point in parts if point["last"]]),
        "mark": {
            "type": "point",
            "shape": "circle",
            "filled": True,
            "fill": colour("ink"),
            "size": 44,
            "opacity": 1,
        },
        "encoding": {},
    }
    hits = {
        "data": values(parts),
        "mark": {"type": "point", "shape": "circle", "filled": True, "fill": "transparent", "size": 200},
        "encoding": {"tooltip": tips},
    }
    return [line, weight, hits]
