"""A diagnosis laid out: every word and figure of the page, the paper and the terminal, made once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from steelyard.apps.data.words.quality import gate_line, gate_text
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.reading import TARGET, Driver, Reading, Segment, Standing, reading_of
from steelyard.apps.diagnose.views import drawings, links
from steelyard.apps.diagnose.views.drawings import Drawing
from steelyard.apps.diagnose.words import figures, headline, lede, names, phrases
from steelyard.web import numbers
from steelyard.web.beams import Row as BeamRow
from steelyard.web.beams import beam_row

MOST = drawings.MOST_SEGMENTS


@dataclass(frozen=True)
class DriverLine:
    name: str
    part: str
    share: str
    interval: str
    before: str
    now: str
    note: str
    is_noise: bool
    href: str | None
    href_before: str | None


@dataclass(frozen=True)
class SegmentLine:
    name: str
    dimensions: str
    part: str
    share: str
    interval: str
    n: str
    p: str
    now: str
    expected: str
    bar: float
    tone: str
    href: str | None = None
    ask: str = ""


@dataclass(frozen=True)
class Definition:
    name: str
    text: str


@dataclass(frozen=True)
class Sheet:
    """One diagnosis in the reader's language."""

    diagnosis: Diagnosis
    reading: Reading
    headline: headline.Headline
    lede: str
    next_step: str
    signal: str
    since: str
    period: str
    against: str
    scope: str
    beams: tuple[BeamRow, ...]
    drivers: tuple[DriverLine, ...]
    segments: tuple[SegmentLine, ...]
    more_segments: int
    sums: tuple[SegmentLine, ...]
    bright_spots: tuple[SegmentLine, ...]
    definitions: tuple[Definition, ...]
    missing: tuple[str, ...]
    bridge: Drawing | None
    mix: Drawing | None
    localised: Drawing | None
    history: Drawing | None

    @property
    def kpi(self) -> str:
        return names.kpi_name(self.reading.kpi)

    @property
    def before(self) -> str:
        """The period that the drivers are compared with; a year ago where the baseline is a target."""
        return names.period_name(self.reading.baseline_period or "")

    @property
    def cut(self) -> str:
        """The KPI that was cut into segments, as the head of a column."""
        return names.kpi_name(self.reading.cut) if self.reading.cut else ""

    @property
    def interval_title(self) -> str:
        return _("95% interval")

    @property
    def segments_note(self) -> str:
        if not self.reading.is_driver_cut:
            return _("the lines add up to the whole gap")
        return _("the part of %(kpi)s, cut; the lines add up to the whole gap") % {
            "kpi": names.kpi_inside(self.reading.cut)
        }

    @property
    def nothing(self) -> str:
        """What stands where no segment does."""
        if not self.reading.is_localised:
            return _(
                "The data could not be cut: there is nothing to compare with, or no dimension to cut by."
            )
        dimensions = phrases.listed([names.dimension_name(name).lower() for name in self.reading.dimensions])
        return _("No segment stands out; looked at by %(dimensions)s.") % {"dimensions": dimensions}

    @property
    def has_chart(self) -> bool:
        return any((self.localised, self.bridge, self.history))

    @property
    def ask(self) -> str:
        """The start form, filled in with this question."""
        found = self.diagnosis
        return links.question(found.kpi, found.period, found.against, found.where)

    @property
    def panels(self) -> list[tuple[str, str]]:
        """What other rooms say of this gap: the name of each panel and its address."""
        found = self.diagnosis
        process = links.process_panel(found.period, found.where)
        panels = [
            (_("Which cause fits"), links.onward(found.public_id)),
            (_("Where the work waits"), process),
        ]
        return [(name, address) for name, address in panels if address]

    @property
    def gate(self) -> str:
        """What the data check said when the answer was made."""
        return gate_text(self.diagnosis.result.get("quality"))

    @property
    def gate_line(self) -> str:
        """The same as a sentence."""
        return gate_line(self.diagnosis.result.get("quality"))

    @property
    def gate_failed(self) -> bool:
        return (self.diagnosis.result.get("quality") or {}).get("verdict") == "failed"

    @property
    def data_line(self) -> str:
        """Which data and which engine the answer was made with."""
        return _("Snapshot %(snapshot)s of %(date)s; engine %(engine)s") % {
            "snapshot": self.diagnosis.snapshot_id,
            "date": date_format(localtime(self.diagnosis.snapshot.created_at), "DATE_FORMAT"),
            "engine": self.diagnosis.engine_version,
        }


def sheet_of(diagnosis: Diagnosis) -> Sheet:
    reading = reading_of(diagnosis.result)
    largest = max(
        [abs(each.contribution) for each in (*reading.segments, *reading.bright_spots)], default=0.0
    )
    return Sheet(
        diagnosis=diagnosis,
        reading=reading,
        headline=headline.headline(reading),
        lede=lede.lede(reading),
        next_step=lede.next_step(reading),
        signal=lede.signal_line(reading),
        since=lede.since_lines(reading),
        period=names.period_name(reading.period),
        against=names.against_name(reading.against, reading.baseline_period),
        scope=scope_name(diagnosis, reading),
        beams=tuple(_beam(reading, each) for each in reading.standings),
        drivers=tuple(_driver(reading, each) for each in reading.drivers),
        segments=tuple(_segment(reading, each, largest) for each in reading.segments[:MOST]),
        more_segments=max(0, len(reading.segments) - MOST),
        sums=tuple(_sums(reading)),
        bright_spots=tuple(_segment(reading, each, largest) for each in reading.bright_spots[:MOST]),
        definitions=tuple(_definitions(diagnosis)),
        missing=tuple(lede.missing_lines(reading)),
        bridge=drawings.bridge_of(reading),
        mix=drawings.mix_of(reading),
        localised=drawings.segments_of(reading),
        history=drawings.history_of(reading, _("%(kpi)s over time") % {"kpi": names.kpi_name(reading.kpi)}),
    )


def scope_name(diagnosis: Diagnosis, reading: Reading) -> str:
    """All teams; East; East · Beam One."""
    if not diagnosis.where:
        return _("All teams")
    return names.segment_name(diagnosis.where, reading.names)


def _beam(reading: Reading, each: Standing) -> BeamRow:
    return beam_row(
        names.kpi_name(each.kpi),
        each.actual,
        target=each.target,
        before=each.before,
        low=each.low,
        high=each.high,
        direction=drawings.direction(each.kpi),
        unit=drawings.unit(each.kpi),
        currency=reading.currency,
        is_signal=each.is_signal_of_gap,
        is_contrary=each.side is not None and not each.is_signal_of_gap,
        note=_("a signal") if each.is_signal_of_gap else "",
        href=links.records(reading, kpi=each.kpi),
    )


def _driver(reading: Reading, each: Driver) -> DriverLine:
    def value(amount: float | None) -> str:
        return "" if each.kpi == TARGET else figures.value(reading, amount, each.kpi)

    return DriverLine(
        name=names.kpi_name(each.kpi),
        part=figures.part(reading, each.contribution),
        share=figures.share(reading, each.contribution),
        interval=interval(reading, each.low, each.high),
        before=value(each.baseline),
        now=value(each.actual),
        note=_("within what chance alone does") if each.is_noise else "",
        is_noise=each.is_noise,
        href=links.kpi(reading, each.kpi),
        href_before=links.kpi(reading, each.kpi, period=reading.baseline_period),
    )


def _segment(reading: Reading, each: Segment, largest: float) -> SegmentLine:
    question = {**reading.asked, **each.where}
    return SegmentLine(
        name=names.segment_name(each.where, reading.names),
        dimensions=names.segment_dimensions(each.where),
        part=figures.part(reading, each.contribution),
        share=figures.share(reading, each.contribution),
        interval=interval(reading, each.low, each.high),
        n=numbers.count(each.n),
        p=figures.p_value(each.p),
        now=figures.value(reading, each.actual, each.kpi),
        expected=figures.value(reading, each.expected, each.kpi),
        bar=abs(each.contribution) / largest if largest else 0.0,
        tone=reading.judged_part(each.contribution),
        href=links.records(reading, each.where, kpi=each.kpi),
        ask=links.question(reading.kpi, reading.period, reading.asked_against, question),
    )


def _sums(reading: Reading) -> Sequence[SegmentLine]:
    """Everything else, and the drivers that were not cut: with the segments they make the gap."""
    if not reading.segments:
        return []
    rest = reading.rest_beyond(MOST)
    lines = [_sum(reading, _("Everything else"), rest)]
    if reading.is_driver_cut:
        cut = names.kpi_inside(reading.cut)
        lines[0] = _sum(reading, _("Everything else in %(kpi)s") % {"kpi": cut}, rest)
        lines.append(_sum(reading, _("Other drivers"), reading.outside_cut))
    lines.append(_sum(reading, _("The whole gap"), reading.gap or 0.0))
    return lines


def _sum(reading: Reading, name: str, amount: float) -> SegmentLine:
    return SegmentLine(
        name=name,
        dimensions="",
        part=figures.part(reading, amount),
        share=figures.share(reading, amount),
        interval="",
        n="",
        p="",
        now="",
        expected="",
        bar=0.0,
        tone="",
    )


def interval(reading: Reading, low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return ""
    shown = {"low": figures.part(reading, low), "high": figures.part(reading, high)}
    return _("%(low)s to %(high)s") % shown


def _definitions(diagnosis: Diagnosis) -> list[Definition]:
    return [
        Definition(
            _("%(kpi)s, version %(version)s") % {"kpi": names.kpi_name(kpi), "version": version},
            names.kpi_note(kpi),
        )
        for kpi, version in diagnosis.kpi_versions.items()
    ]


def title_of(sheet: Sheet) -> str:
    shown = {"kpi": sheet.kpi, "period": sheet.period, "against": sheet.against}
    return phrases.capital(_("%(kpi)s, %(period)s against %(against)s") % shown)
