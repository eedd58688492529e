"""The charts behind a lens: what it looked at, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.causes.queries.reading import ReportReading, Series, number
from steelyard.apps.causes.words import amounts, facts
from steelyard.charts import lens
from steelyard.charts.wording import Table, Wording


@dataclass(frozen=True)
class Drawn:
    """A chart with the table that says the same."""

    label: str
    spec: dict[str, Any]
    table: Table


def drawn_of(report: ReportReading, series: Series, *, unit: str) -> Drawn:
    label = facts.chart(report, series)
    unit = facts.unit_of(report, facts.chart_unit(series.code) or unit)
    points = [point for row in series.rows for point in points_of(report, row)]
    words = Wording(
        language=get_language() or "en",
        description=label,
        figure=lambda value: amounts.amount(value, unit, report.currency),
        change=lambda value: amounts.amount(value, unit, report.currency),
        tick=lambda value: amounts.amount(value, unit, report.currency),
        labels={
            "row": pgettext("of a chart", "Part"),
            "value": pgettext("of a chart", "Value"),
            "interval": _("95% interval"),
        },
        span=_("{low} to {high}"),
    )
    if series.kind == "line":
        spec = lens.lines(points, words=words)
    else:
        spec = lens.places(points, words=words, has_bars=series.kind == "bars")
    return Drawn(label, spec, lens.table_of(points, words=words))


def points_of(report: ReportReading, row: Mapping[str, Any]) -> list[lens.Point]:
    """A row's point; one that holds now and before is two, a goal with what was expected of it three."""
    if "target" in row:
        return _goal(report, row)
    name = facts.label(report, row.get("x", row.get("label", "")))
    pairs = [(side, row.get(side, row.get(f"share_{side}"))) for side in ("now", "then")]
    if all(value is not None for _side, value in pairs):
        return [lens.Point(f"{name} · {facts.label(report, side)}", number(value)) for side, value in pairs]
    return [
        lens.Point(
            label=name,
            value=number(row.get("y", row.get("value"))),
            low=number(row.get("low")),
            high=number(row.get("high")),
            series=facts.label(report, row["series"]) if row.get("series") else "",
        )
    ]


def _goal(report: ReportReading, row: Mapping[str, Any]) -> list[lens.Point]:
    name = facts.label(report, row["label"]) if row["label"] else _("the whole company")
    expected, target, actual = (
        f"{name} · {facts.label(report, each)}" for each in ("forecast", "target", "actual")
    )
    return [
        lens.Point(expected, number(row["y"]), number(row["low"]), number(row["high"])),
        lens.Point(target, number(row["target"])),
        lens.Point(actual, number(row["actual"])),
    ]
