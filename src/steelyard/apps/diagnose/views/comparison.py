"""Two diagnoses laid out side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.comparing import Comparison, SegmentPair
from steelyard.apps.diagnose.queries.reading import Reading
from steelyard.apps.diagnose.views.listing import Line, lines_of
from steelyard.apps.diagnose.words import figures, names
from steelyard.web import numbers


@dataclass(frozen=True)
class PairLine:
    name: str
    before: str
    now: str
    state: str = ""


@dataclass(frozen=True)
class ComparisonSheet:
    headline: str
    kpi: str
    before: Line
    now: Line
    figures: tuple[PairLine, ...]
    drivers: tuple[PairLine, ...]
    segments: tuple[PairLine, ...]


def comparison_sheet(before: Diagnosis, now: Diagnosis, both: Comparison) -> ComparisonSheet:
    old, new = lines_of([before, now])
    return ComparisonSheet(
        headline=headline_of(both),
        kpi=new.kpi,
        before=old,
        now=new,
        figures=tuple(_figures(both)),
        drivers=tuple(
            PairLine(names.kpi_name(each.kpi), _part(both.before, each.before), _part(both.now, each.now))
            for each in both.drivers
        ),
        segments=tuple(_segment(both, each) for each in both.segments),
    )


def headline_of(both: Comparison) -> str:
    """What stayed, what appeared, what went."""
    states = [each.state for each in both.segments]
    shown = {
        "kpi": names.kpi_inside(both.now.kpi),
        "before": _part(both.before, both.before.gap),
        "now": _part(both.now, both.now.gap),
        "stayed": states.count("stayed"),
        "appeared": states.count("appeared"),
        "went": states.count("went"),
    }
    if not states:
        return (
            _("The gap of %(kpi)s went from %(before)s to %(now)s; no segment stood out in either.") % shown
        )
    return (
        _(
            "The gap of %(kpi)s went from %(before)s to %(now)s; segments that stayed: %(stayed)s, "
            "appeared: %(appeared)s, went: %(went)s."
        )
        % shown
    )


def _figures(both: Comparison) -> Sequence[PairLine]:
    def pair(name: str, before: float | None, now: float | None) -> PairLine:
        return PairLine(name, figures.value(both.before, before), figures.value(both.now, now))

    return [
        pair(_("Actual"), both.before.actual, both.now.actual),
        pair(_("Held against"), both.before.baseline, both.now.baseline),
        PairLine(
            pgettext("to a baseline", "Gap"),
            _part(both.before, both.before.gap),
            _part(both.now, both.now.gap),
        ),
        PairLine(pgettext("how many", "Records"), numbers.count(both.before.n), numbers.count(both.now.n)),
    ]


def _segment(both: Comparison, each: SegmentPair) -> PairLine:
    states = {
        "stayed": pgettext("segment in both", "stayed"),
        "appeared": pgettext("segment only in the newer", "appeared"),
        "went": pgettext("segment only in the older", "went"),
    }
    return PairLine(
        names.segment_name(each.where, {**both.before.names, **both.now.names}),
        _part(both.before, each.before),
        _part(both.now, each.now),
        states[each.state],
    )


def _part(reading: Reading, amount: float | None) -> str:
    return figures.part(reading, amount)
