"""The bridge: from the baseline, driver by driver, to the actual value."""

from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.charts import rows
from steelyard.charts.scale import padded
from steelyard.charts.theme import as_given, colour, judged_colour, values
from steelyard.charts.wording import Table, Wording, interval_text

WORDS = ("part", "amount", "interval", "baseline", "actual", "residual")


@dataclass(frozen=True)
class Step:
    """One driver's contribution to the gap; `judged` only where the baseline is a target."""

    name: str
    contribution: float
    low: float | None = None
    high: float | None = None
    judged: str | None = None
    href: str | None = None


def chart(
    steps: Sequence[Step],
    *,
    baseline: float,
    actual: float,
    words: Wording,
    residual: float = 0.0,
    is_target: bool = False,
) -> dict:
    """A Vega-Lite spec: the baseline as a notch (target) or ring, a bar a driver, the actual as the weight.

    The ends are marks, not bars, so that the axis may leave out the stretch below all of them. A
    residual has its own bar only where it is not zero.
    """
    steps = _with_residual(steps, residual, words)
    starts = _starts(steps, baseline)
    ends = [start + step.contribution for start, step in zip(starts, steps, strict=True)]
    reaches = [start + bound for start, step in zip(starts, steps, strict=True) for bound in _bounds(step)]
    domain = padded([baseline, actual, *ends, *reaches], share=0.06)
    marks = [
        rows.grid(domain, count=len(steps) + 2),
        _links(baseline, ends),
        *([_bars(steps, starts, ends, words)] if steps else []),
        *rows.interval_marks(_intervals(steps, starts)),
        _baseline_mark(baseline, is_target=is_target, words=words),
        _actual_mark(actual, row=len(steps) + 1, judged=_whole(steps, is_target), words=words),
    ]
    return rows.chart(
        _headings(steps, baseline, actual, words),
        marks,
        words=words,
        domain=domain,
    )


def table_of(
    steps: Sequence[Step], *, baseline: float, actual: float, words: Wording, residual: float = 0.0
) -> Table:
    """Baseline, drivers, residual if any, actual: the amounts between the ends add up to the gap."""
    middle = [
        (step.name, words.change(step.contribution), interval_text(step.low, step.high, words=words))
        for step in _with_residual(steps, residual, words)
    ]
    first = (words["baseline"], words.figure(baseline), "–")
    last = (words["actual"], words.figure(actual), "–")
    return Table((words["part"], words["amount"], words["interval"]), (first, *middle, last))


def _with_residual(steps: Sequence[Step], residual: float, words: Wording) -> list[Step]:
    return [*steps, Step(words["residual"], residual)] if residual else list(steps)


def _starts(steps: Sequence[Step], baseline: float) -> list[float]:
    starts, level = [], baseline
    for step in steps:
        starts.append(level)
        level += step.contribution
    return starts


def _bounds(step: Step) -> tuple[float, ...]:
    return () if step.low is None or step.high is None else (step.low, step.high)


def _whole(steps: Sequence[Step], is_target: bool) -> str | None:
    """Whether the actual value is better or worse than the target: what its largest step says."""
    if not is_target:
        return None
    total = sum(step.contribution for step in steps)
    same_side = [step for step in steps if step.judged and step.contribution * total > 0]
    return same_side[0].judged if same_side else None


def _headings(steps: Sequence[Step], baseline: float, actual: float, words: Wording) -> list[rows.Heading]:
    middle = [
        rows.Heading(step.name, words.change(step.contribution), judged_colour(step.judged)) for step in steps
    ]
    first = rows.Heading(words["baseline"], words.figure(baseline))
    return [first, *middle, rows.Heading(words["actual"], words.figure(actual))]


def _bars(steps: Sequence[Step], starts: list[float], ends: list[float], words: Wording) -> dict:
    bars = []
    for place, (step, start, end) in enumerate(zip(steps, starts, ends, strict=True), start=1):
        ink = judged_colour(step.judged, otherwise="muted")
        bars.append(
            rows.bar_at(place)
            | {"x": start, "x2": end, "fill": ink, "stroke": ink, "name": step.name, "href": step.href}
            | {
                "amount": words.change(step.contribution),
                "interval": interval_text(step.low, step.high, words=words),
            }
        )
    tips = [
        {"field": name, "type": "nominal", "title": words[word]}
        for name, word in (("name", "part"), ("amount", "amount"), ("interval", "interval"))
    ]
    return rows.rectangles(bars, tips=tips if any(_bounds(step) for step in steps) else tips[:2])


def _links(baseline: float, ends: list[float]) -> dict:
    """Where one row ends the next begins: a thin line between the two."""
    links = [
        {"x": level, "y": rows.middle_of(place), "y2": rows.middle_of(place + 1)}
        for place, level in enumerate([baseline, *ends])
    ]
    mark = {"type": "rule", "stroke": colour("limit"), "strokeWidth": 1, "strokeDash": [2, 3]}
    return {"data": values(links), "mark": mark, "encoding": {"y2": {"field": "y2"}}}


def _intervals(steps: Sequence[Step], starts: list[float]) -> list[dict]:
    return [
        {"x": start + bounds[0], "x2": start + bounds[1], "y": rows.middle_of(place)}
        for place, (step, start) in enumerate(zip(steps, starts, strict=True), start=1)
        if (bounds := _bounds(step))
    ]


def _baseline_mark(baseline: float, *, is_target: bool, words: Wording) -> dict:
    row = [{"x": baseline, "y": rows.middle_of(0), "text": words.figure(baseline)}]
    tips = [{"field": "text", "type": "nominal", "title": words["baseline"]}]
    notch = {"type": "tick", "orient": "vertical", "size": 18, "thickness": 2, "color": colour("ink")}
    ring = {
        "type": "point",
        "shape": "circle",
        "size": 90,
        "fill": colour("card"),
        "stroke": colour("muted"),
        "strokeWidth": 1.5,
        "opacity": 1,
    }
    return {"data": values(row), "mark": notch if is_target else ring, "encoding": {"tooltip": tips}}


def _actual_mark(actual: float, *, row: int, judged: str | None, words: Wording) -> dict:
    data = [
        {
            "x": actual,
            "y": rows.middle_of(row),
            "fill": judged_colour(judged),
            "text": words.figure(actual),
        }
    ]
    tips = [{"field": "text", "type": "nominal", "title": words["actual"]}]
    mark = {"type": "point", "shape": "circle", "size": 150, "opacity": 1, "strokeWidth": 0}
    return {"data": values(data), "mark": mark, "encoding": {"fill": as_given("fill"), "tooltip": tips}}
