"""`steelyard kpi`: figures of KPIs, cut as asked, as on the pages."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.measure.queries.figures import Figures
    from steelyard.engine.kpi import Row
    from steelyard.engine.periods import Period


def kpi(
    kpis: Annotated[list[str], typer.Argument(metavar="KPI...", help="Ids of the catalogue: won_revenue …")],
    by: Annotated[
        list[str] | None, typer.Option(help="Cut by a dimension; repeat for several: team, product …")
    ] = None,
    period: Annotated[
        str | None, typer.Option(help="2017-Q4, 2017-11, 2017-W05, FY2017-Q4, 2017-03-05..2017-04-09 …")
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(help="A series by day, week, month, quarter, year, fiscal-year …, --from and --to."),
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="The first period of the series.")] = None,
    last: Annotated[str | None, typer.Option("--to", help="The last period of the series.")] = None,
    where: Annotated[
        list[str] | None, typer.Option(help="dimension=value; repeat for several, and for several values.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line for each KPI.")] = False,
) -> None:
    """Print KPIs for a period or a series; without either, for the last complete quarter."""
    actor = open_house()
    from steelyard.apps.measure.queries.figures import figures

    found = figures(
        actor,
        kpis,
        periods=periods_asked(actor, period, every=every, first=first, last=last),
        by=by or [],
        where=conditions(where or []),
    )
    for each in found:
        if as_json:
            print_json(document(each))
        else:
            show(each)


def periods_asked(
    actor: Any, period: str | None, *, every: str | None, first: str | None, last: str | None
) -> "list[Period]":
    """The one period, the series, or the last complete quarter of the data."""
    from steelyard.apps.measure.queries.calendar import periods_of, read_period
    from steelyard.apps.measure.queries.figures import default_period_of

    is_series = every is not None and first is not None and last is not None
    if (period is not None and any((every, first, last))) or (any((every, first, last)) and not is_series):
        raise Refused("measure.period-or-every")
    if every is not None and first is not None and last is not None:
        return periods_of(every, read_period(first), read_period(last))
    return [read_period(period) if period is not None else default_period_of(actor)]


def conditions(given: list[str]) -> dict[str, Any]:
    """`dimension=value`, several values of one dimension as alternatives; an empty one asks for none."""
    found: dict[str, list[str | None]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise Refused("measure.bad-where", text=text[:60])
        found.setdefault(name.strip(), []).append(value or None)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def document(found: "Figures") -> dict[str, Any]:
    return {
        "kpi": found.kpi.id,
        "unit": found.kpi.unit,
        "version": found.kpi.version,
        "snapshot": found.snapshot.pk,
        "rows": [line(row) for row in found.rows],
    }


def line(row: "Row") -> dict[str, Any]:
    return {
        "period": row.period.label,
        "by": dict(row.by),
        "value": plain(row.value),
        "numerator": plain(row.numerator),
        "denominator": plain(row.denominator),
        "n": row.n,
        **({"base": row.base} if row.base is not None else {}),
    }


def plain(value: Any) -> int | float | None:
    """Whole numbers whole, all others with twelve significant digits: the same bytes on every run."""
    if value is None:
        return None
    if isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value()):
        return int(value)
    return float(f"{value:.12g}")


def show(found: "Figures") -> None:
    by = list(found.rows[0].by) if found.rows else []
    has_base = any(row.base is not None for row in found.rows)
    rows = [
        [
            row.period.label,
            *(row.by[name] or "—" for name in by),
            *map(shown, figures_of(row)),
            *([row.base or ""] if has_base else []),
        ]
        for row in found.rows
    ]
    columns = ["period", *by, "value", "numerator", "denominator", "n", *(["base"] if has_base else [])]
    title = f"{found.kpi.id} ({found.kpi.unit}, version {found.kpi.version}, snapshot {found.snapshot.pk})"
    print_table(title, columns, rows)


def figures_of(row: "Row") -> tuple[Any, ...]:
    return row.value, row.numerator, row.denominator, row.n


def shown(value: Any) -> str:
    number = plain(value)
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.4f}".rstrip("0").rstrip(".")
