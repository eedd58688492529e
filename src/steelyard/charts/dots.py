"""Every unit as a dot on one scale, in rows by group: how far a round of targets spread."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded
from steelyard.charts.theme import as_given, colour, values
from steelyard.charts.wording import Table, Wording

WORDS = ("group", "name", "value", "flag")
ROW, FLOOR = 74.0, 64.0
# Dots nearer than this share of the scale stand on each other; a pile is at most so many dots high.
APART, STEP, HIGHEST = 0.018, 6.0, 5


@dataclass(frozen=True)
class Dot:
    """A unit of a group: `is_full` fills its dot, `flag` is a word on why it stands out."""

    group: str
    name: str
    value: float
    is_full: bool = False
    flag: str = ""


def chart(dots: Sequence[Dot], *, mark: float, words: Wording, headings: Sequence[rows.Heading]) -> dict:
    """A Vega-Lite spec: a row a group, dots at their values, `mark` across all rows."""
    low, high = padded([mark, *(dot.value for dot in dots)], share=0.06)
    groups = [heading.name for heading in headings]
    told = [row for place, group in enumerate(groups) for row in _row(dots, group, place, low, high, words)]
    lines = [{"x": mark, "y": place * ROW + 22, "y2": (place + 1) * ROW - 4} for place in range(len(groups))]
    across = {
        "data": values(lines),
        "mark": {"type": "rule", "stroke": colour("accent"), "strokeWidth": 1.5},
        "encoding": {"y2": {"field": "y2"}},
    }
    tips = [{"field": name, "type": "nominal", "title": words[name]} for name in ("name", "value", "flag")]
    points = {
        "data": values(told),
        "mark": {
            "type": "point",
            "shape": "circle",
            "filled": True,
            "size": 46,
            "opacity": 1,
            "strokeWidth": 1.5,
        },
        "encoding": {"fill": as_given("fill"), "stroke": as_given("stroke"), "tooltip": tips},
    }
    return rows.chart(headings, [across, points], words=words, domain=(low, high), row=ROW)


def table_of(dots: Sequence[Dot], *, words: Wording) -> Table:
    """A row a unit."""
    columns = tuple(words[code] for code in WORDS)
    lines = tuple((dot.group, dot.name, words.figure(dot.value), dot.flag or "–") for dot in dots)
    return Table(columns, lines)


def _row(dots: Sequence[Dot], group: str, place: int, low: float, high: float, words: Wording) -> list[dict]:
    """The dots of a group, piled up where they would cover each other; the tallest pile is pressed flat."""
    piles: dict[int, int] = {}
    found = []
    for dot in sorted((each for each in dots if each.group == group), key=lambda dot: (dot.value, dot.name)):
        spot = round((dot.value - low) / (high - low) / APART)
        piles[spot] = piles.get(spot, 0) + 1
        found.append((dot, piles[spot] - 1))
    tallest = max(piles.values(), default=1)
    step = STEP * min(1.0, HIGHEST / tallest)
    return [
        {
            "x": dot.value,
            "y": place * ROW + FLOOR - level * step,
            "fill": colour("ink") if dot.is_full else colour("card"),
            "stroke": colour("worse") if dot.flag else colour("ink"),
            "name": dot.name,
            "value": words.figure(dot.value),
            "flag": dot.flag or "–",
        }
        for dot, level in found
    ]
