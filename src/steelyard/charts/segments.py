"""Where the gap sits: each segment's contribution, and everything else on the last row."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded
from steelyard.charts.theme import colour, judged_colour
from steelyard.charts.wording import Table, Wording, interval_text

WORDS = ("segment", "contribution", "share", "interval", "rest")


@dataclass(frozen=True)
class Segment:
    """A segment's contribution to the gap; `share` is its share of the whole gap as words ("54%")."""

    name: str
    contribution: float
    share: str = ""
    low: float | None = None
    high: float | None = None
    judged: str | None = None
    href: str | None = None


def chart(segments: Sequence[Segment], *, words: Wording, rest: Segment | None = None) -> dict:
    """A Vega-Lite spec: a bar a segment from zero, the rest in outline below."""
    every = _with_rest(segments, rest)
    reaches = [bound for segment in every for bound in (segment.low, segment.high)]
    domain = padded([0.0, *(segment.contribution for segment in every), *reaches], share=0.04)
    marks = [
        rows.grid(domain, count=len(every)),
        *([_bars(every, rest, words)] if every else []),
        *rows.interval_marks(_intervals(every)),
        rows.uprights([0.0], count=len(every), role="limit"),
    ]
    headings = [
        rows.Heading(segment.name, _figure(segment, words), judged_colour(segment.judged))
        for segment in every
    ]
    return rows.chart(headings, marks, words=words, domain=domain)


def table_of(segments: Sequence[Segment], *, words: Wording, rest: Segment | None = None) -> Table:
    """The contributions, which with the rest add up to the gap."""
    lines = tuple(
        (
            segment.name,
            words.change(segment.contribution),
            segment.share or "–",
            interval_text(segment.low, segment.high, words=words),
        )
        for segment in _with_rest(segments, rest)
    )
    return Table(tuple(words[code] for code in ("segment", "contribution", "share", "interval")), lines)


def _with_rest(segments: Sequence[Segment], rest: Segment | None) -> list[Segment]:
    return list(segments) if rest is None else [*segments, rest]


def _figure(segment: Segment, words: Wording) -> str:
    figure = words.change(segment.contribution)
    return f"{figure} · {segment.share}" if segment.share else figure


def _bars(every: Sequence[Segment], rest: Segment | None, words: Wording) -> dict:
    bars = []
    for place, segment in enumerate(every):
        ink = judged_colour(segment.judged, otherwise="muted")
        bars.append(
            rows.bar_at(place)
            | {"x": 0.0, "x2": segment.contribution, "fill": colour("card") if segment is rest else ink}
            | {"stroke": ink, "name": segment.name, "href": segment.href}
            | {"contribution": words.change(segment.contribution), "share": segment.share or "–"}
            | {"interval": interval_text(segment.low, segment.high, words=words)}
        )
    tips = [
        {"field": name, "type": "nominal", "title": words[word]}
        for name, word in (
            ("name", "segment"),
            ("contribution", "contribution"),
            ("share", "share"),
            ("interval", "interval"),
        )
    ]
    return rows.rectangles(bars, tips=tips)


def _intervals(every: Sequence[Segment]) -> list[dict]:
    return [
        {"x": segment.low, "x2": segment.high, "y": rows.middle_of(place)}
        for place, segment in enumerate(every)
        if segment.low is not None and segment.high is not None
    ]
