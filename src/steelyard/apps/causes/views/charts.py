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

MOST_ROWS = 10


@dataclass(frozen=True)
class Drawn:
    """A chart with the table that says the same."""

    label: str
    spec: dict[str, Any]
    table: Table


def drawn_of(report: ReportReading, series: Series, *, unit: str) -> Drawn:
    label = facts.chart(report, series)
    unit = facts.unit_of(report, facts.chart_unit(series.code) or unit)
    points = [points_of(report, row) for row in series.rows]
    shown = shown_of(points, series.kind)
    if len(shown) < len(points):
        label = _("%(chart)s (%(n)s of %(all)s)") % {"chart": label, "n": len(shown), "all": len(points)}
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
            "mark": facts.mark_name(series.code),
            "also": facts.label(report, "actual"),
        },
        span=_("{low} to {high}"),
    )
    if series.kind == "line":
        spec = lens.lines(shown, words=words)
    else:
        spec = lens.places(shown, words=words, has_bars=series.kind == "bars")
    return Drawn(label, spec, lens.table_of(points, words=words))


def points_of(report: ReportReading, row: Mapping[str, Any]) -> lens.Point:
    """A row's point: now against before, what was expected against what was asked, or a value alone."""
    held = row.get("x", row.get("label", ""))
    is_goal = "target" in row
    name = _("the whole company") if is_goal and held is None else facts.label(report, held)
    now, then = (row.get(side, row.get(f"share_{side}")) for side in ("now", "then"))
    return lens.Point(
        label=name,
        value=number(now if now is not None else row.get("y", row.get("value"))),
        low=number(row.get("low")),
        high=number(row.get("high")),
        series=facts.label(report, row["series"]) if row.get("series") else "",
        mark=number(row["target"] if is_goal else then),
        also=number(row.get("actual")),
    )


def shown_of(points: list[lens.Point], kind: str) -> list[lens.Point]:
    """As many rows as a page can hold, those that lie lowest or changed most; the table has all."""
    if kind == "line" or len(points) <= MOST_ROWS:
        return points
    if any(point.mark is not None for point in points):
        return sorted(points, key=_change, reverse=True)[:MOST_ROWS]
    return sorted(points, key=lambda point: (point.value is None, point.value or 0.0))[:MOST_ROWS]


def _change(point: lens.Point) -> float:
    return abs((point.value or 0.0) - (point.mark or 0.0))
