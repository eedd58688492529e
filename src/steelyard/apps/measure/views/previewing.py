"""What a preview shows: the value, its last months, the teams, and a few of the records."""

from typing import Any

from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.preview import LIMIT_SECONDS, Preview
from steelyard.apps.measure.views.records import cell
from steelyard.apps.measure.words import names
from steelyard.engine.kpi import Row
from steelyard.web import numbers

DIGITS = 1


def preview_context(found: Preview) -> dict[str, Any]:
    points = newest_points()
    currency = points.currency if points else ""
    largest = max((abs(float(row.value)) for row in found.series if row.value is not None), default=0.0)
    return {
        "preview": found,
        "period_name": names.period_name(found.period),
        "value": numbers.figure(found.now.value, unit=found.kpi.unit, currency=currency),
        "n": found.now.n,
        "series": [
            line_of(row, names.period_name(row.period), found, currency=currency, largest=largest)
            for row in found.series
        ],
        "teams": [
            line_of(row, name or names.no_value("team"), found, currency=currency, largest=0.0)
            for name, row in found.teams
        ],
        "columns": [names.column_name(name) for name in found.columns],
        "records": [[cell(value) for value in record] for record in found.records],
        "seconds": f"{found.seconds:.{DIGITS}f}",
        "limit": int(LIMIT_SECONDS),
    }


def line_of(row: Row, name: str, found: Preview, *, currency: str, largest: float) -> dict[str, Any]:
    share = abs(float(row.value)) / largest if row.value is not None and largest else 0
    return {
        "name": name,
        "value": numbers.figure(row.value, unit=found.kpi.unit, currency=currency),
        "n": row.n,
        "share": share,
    }
