"""The charts of a diagnosis: what the reading says, handed to `steelyard.charts` in the reader's words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.diagnose.queries.reading import TARGET, Reading, Segment
from steelyard.apps.diagnose.views import links
from steelyard.apps.diagnose.words import figures, names, phrases
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.scorecard import signal_of
from steelyard.charts import bridge, mix, segments, xmr
from steelyard.charts.wording import Table, Wording
from steelyard.web import numbers

MOST_SEGMENTS = 5
MOST_CATEGORIES = 12


@dataclass(frozen=True)
class Drawing:
    """A chart with the table that says the same."""

    name: str
    label: str
    spec: dict[str, Any]
    table: Table


def wording(
    reading: Reading,
    description: str,
    *,
    kpi: str = "",
    tick: Callable[[str, float], str] | None = None,
    **labels: str,
) -> Wording:
    """Figures in the unit of the diagnosed KPI, or of another one."""
    return Wording(
        language=get_language() or "en",
        description=description,
        figure=lambda value: figures.value(reading, value, kpi),
        change=lambda value: figures.part(reading, value, kpi),
        tick=lambda value: (tick or _tick)(unit(kpi or reading.kpi), value),
        labels=labels,
        span=_("{low} to {high}"),
    )


def _tick(unit: str, value: float) -> str:
    if value == 0:
        return "0"
    if unit == "percent":
        return numbers.percent(value, digits=0 if abs(value) >= 0.1 else 1)
    if unit in ("days", "hours", "score"):
        return numbers.count(value)
    return numbers.count(value, exact=False)


def _tick_of_change(unit: str, value: float) -> str:
    """Differences of shares are points."""
    return numbers.points(value) if unit == "percent" and value else _tick(unit, value)


def bridge_of(reading: Reading) -> Drawing | None:
    """From the baseline to the actual value, driver by driver."""
    if not reading.drivers or reading.actual is None or reading.baseline is None:
        return None
    label = _("From %(baseline)s to actual, by driver") % {"baseline": _start(reading)}
    words = wording(
        reading,
        label,
        part=_("Part"),
        amount=_("Effect on the gap"),
        interval=_("95% interval"),
        baseline=phrases.capital(_start(reading)),
        actual=_("Actual, %(period)s") % {"period": names.period_name(reading.period)},
        residual=_("Not explained by the drivers"),
    )
    steps = [
        bridge.Step(
            name=names.kpi_name(each.kpi) if not each.is_noise else _noise_name(each.kpi),
            contribution=each.contribution,
            low=each.low,
            high=each.high,
            judged="" if each.is_noise else reading.judged_part(each.contribution),
            href=links.kpi(reading, each.kpi),
        )
        for each in sorted(reading.drivers, key=lambda each: each.kpi != TARGET)
    ]
    actual, baseline, residual = reading.actual, reading.baseline, reading.residual
    spec = bridge.chart(
        steps,
        baseline=baseline,
        actual=actual,
        words=words,
        residual=residual,
        is_target=reading.is_target,
    )
    table = bridge.table_of(steps, baseline=baseline, actual=actual, words=words, residual=residual)
    return Drawing("bridge", label, spec, table)


def _noise_name(kpi: str) -> str:
    return _("%(kpi)s (within chance)") % {"kpi": names.kpi_name(kpi)}


def _start(reading: Reading) -> str:
    if reading.is_target:
        return pgettext("to compare with", "target")
    return names.period_name(reading.baseline_period or "")


def mix_of(reading: Reading) -> Drawing | None:
    """Which categories converted differently, and which grew or shrank: by the dimension that says most."""
    cut = max(reading.mixes, key=lambda each: abs(each.mix), default=None)
    if cut is None or not cut.categories:
        return None
    dimension = names.dimension_name(cut.dimension)
    shown = {"kpi": names.kpi_name(reading.cut), "dimension": dimension.lower()}
    label = _("%(kpi)s by %(dimension)s: rate and mix") % shown
    words = wording(
        reading,
        label,
        tick=_tick_of_change,
        kpi=reading.cut,
        category=dimension,
        rate=_("Rate: what was done"),
        mix=_("Mix: where it was done"),
        both=_("Both"),
    )
    effects = [
        mix.Effect(
            name=names.value_name(cut.dimension, each.category, reading.names),
            rate=each.rate,
            mix=each.mix,
            judged=reading.judged_part(each.rate + each.mix),
            href=links.records(reading, {cut.dimension: each.category}),
        )
        for each in cut.categories[:MOST_CATEGORIES]
    ]
    return Drawing("mix", label, mix.chart(effects, words=words), mix.table_of(effects, words=words))


def segments_of(reading: Reading) -> Drawing | None:
    """Where the gap sits; the last row is everything else."""
    if not reading.segments:
        return None
    label = _("Where the gap sits")
    words = wording(
        reading,
        label,
        tick=_tick_of_change,
        segment=pgettext("of the data", "Segment"),
        contribution=_("Effect on the gap"),
        share=_("Share of the gap"),
        interval=_("95% interval"),
        rest=_("Everything else"),
    )
    shown = [_bar(reading, each) for each in reading.segments[:MOST_SEGMENTS]]
    rest = segments.Segment(
        name=_("Everything else"),
        contribution=reading.rest_beyond(MOST_SEGMENTS),
        share=figures.share(reading, reading.rest_beyond(MOST_SEGMENTS)),
    )
    spec = segments.chart(shown, words=words, rest=rest)
    return Drawing("segments", label, spec, segments.table_of(shown, words=words, rest=rest))


def _bar(reading: Reading, each: Segment) -> segments.Segment:
    return segments.Segment(
        name=names.segment_name(each.where, reading.names),
        contribution=each.contribution,
        share=figures.share(reading, each.contribution),
        low=each.low,
        high=each.high,
        judged=reading.judged_part(each.contribution),
        href=links.records(reading, each.where, kpi=each.kpi),
    )


def history_of(reading: Reading, label: str) -> Drawing | None:
    """The KPI over time with its natural process limits."""
    if not reading.history:
        return None
    # Codes with a hyphen are no names of arguments.
    coded: dict[str, Any] = {
        "no-signal": pgettext("signal", "None"),
        "near-limit": _("Three of four near a limit"),
    }
    words = wording(
        reading,
        label,
        period=_("Period"),
        value=names.kpi_name(reading.kpi),
        mean=_("Mean"),
        lower=_("Lower limit"),
        upper=_("Upper limit"),
        target=_("Target"),
        signal=_("Signal"),
        **coded,
        outside=_("Outside the limits"),
        run=_("Eight on one side"),
        change=_("Change of level"),
    )
    values = [each.value for each in reading.history]
    periods = [read_period(each.period) for each in reading.history]
    points = xmr.points_of(
        signal_of(reading.declared, values, grain=str(periods[-1].grain)),
        values=values,
        labels=[names.period_name(period.label) for period in periods],
        targets=[
            reading.baseline if reading.is_target and period.label == reading.period else None
            for period in periods
        ],
        direction=reading.declared.direction,
    )
    return Drawing("since", label, xmr.chart(points, words=words), xmr.table_of(points, words=words))


def unit(kpi: str) -> str:
    return once_known_kpis()[kpi].unit


def direction(kpi: str) -> str:
    return once_known_kpis()[kpi].direction


def drawn(*drawings: Drawing | None) -> list[Drawing]:
    return [each for each in drawings if each is not None]
