"""Mix and rate: how much of a ratio's change came from what was done, how much from where."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded
from steelyard.charts.theme import colour, judged_colour, values
from steelyard.charts.wording import Table, Wording

WORDS = ("category", "rate", "mix", "both")
THICKNESS, SHIFT = 6.0, 4.5


@dataclass(frozen=True)
class Effect:
    """A category's two effects on the whole ratio, in the ratio's own unit."""

    name: str
    rate: float
    mix: float
    judged: str | None = None
    href: str | None = None


def chart(effects: Sequence[Effect], *, words: Wording) -> dict:
    """A Vega-Lite spec: per category a filled bar (rate effect) over a hollow one (mix effect)."""
    known = [value for effect in effects for value in (effect.rate, effect.mix)]
    domain = padded([0.0, *known], share=0.04)
    marks = [
        rows.grid(domain, count=len(effects)),
        *([_bars(effects, words), _key(words)] if effects else []),
        rows.uprights([0.0], count=len(effects), role="limit"),
    ]
    headings = [
        rows.Heading(effect.name, words.change(effect.rate + effect.mix), judged_colour(effect.judged))
        for effect in effects
    ]
    return rows.chart(headings, marks, words=words, domain=domain)


def table_of(effects: Sequence[Effect], *, words: Wording) -> Table:
    """Both effects of each category and their sum."""
    lines = tuple(
        (
            effect.name,
            words.change(effect.rate),
            words.change(effect.mix),
            words.change(effect.rate + effect.mix),
        )
        for effect in effects
    )
    return Table(tuple(words[code] for code in WORDS), lines)


def _bars(effects: Sequence[Effect], words: Wording) -> dict:
    bars = []
    for place, effect in enumerate(effects):
        ink = judged_colour(effect.judged, otherwise="muted")
        for kind, value, shift, fill in (
            ("rate", effect.rate, -SHIFT, ink),
            ("mix", effect.mix, SHIFT, colour("card")),
        ):
            bars.append(
                rows.bar_at(place, thickness=THICKNESS, shift=shift)
                | {"x": 0.0, "x2": value, "fill": fill, "stroke": ink, "href": effect.href}
                | {"name": effect.name, "kind": words[kind], "value": words.change(value)}
            )
    tips = [
        {"field": "name", "type": "nominal", "title": words["category"]},
        {"field": "value", "type": "nominal", "title": words["both"]},
        {"field": "kind", "type": "nominal", "title": " "},
    ]
    return rows.rectangles(bars, tips=tips)


def _key(words: Wording) -> dict:
    """A legend below: filled and hollow, in ink."""
    kinds = [words["rate"], words["mix"]]
    scale = {"domain": kinds, "range": [colour("muted"), colour("card")]}
    legend = {
        "symbolType": "square",
        "symbolStrokeColor": colour("muted"),
        "symbolStrokeWidth": 1,
        "direction": "horizontal",
    }
    return {
        "data": values([{"kind": kind, "x": 0.0, "y": 0.0} for kind in kinds]),
        "mark": {"type": "point", "opacity": 0, "size": 0},
        "encoding": {"fill": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}},
    }
