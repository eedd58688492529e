"""`steelyard cascade`: a total carried down to teams, people and months, from a file of its own."""

import re
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.cascade import Allocation

_SHOWN = 40
_COLUMNS = 6
_MONTH = re.compile(r"\d{4}-\d\d", re.ASCII)


def cascade(
    file: Annotated[
        Path, typer.Argument(metavar="PLAN.yaml", help="Total, periods, units, method, locks, step.")
    ],
    method: Annotated[
        str | None, typer.Option(help="equal, history, potential, capacity or fair; else the plan's.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line.")] = False,
) -> None:
    """Split a total over periods, teams and people, exactly, within locks, floors and ceilings."""
    from steelyard.engine.cascade import Plan, with_outlooks
    from steelyard.engine.cascade import cascade as carried_down
    from steelyard.engine.cascade.reading import mapping, parsed

    document = mapping(parsed(_text(file)), "")
    plan = Plan.load(document if method is None else {**document, "method": method})
    found = carried_down(with_outlooks(plan))
    if as_json:
        print_json(found.as_json())
    else:
        _show(found)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused("cli.unreadable-file", file=str(file)) from fault


def _show(found: "Allocation") -> None:
    answer = found.as_json()
    groups = _groups(found.periods, can_add=found.cells[0].denominator is None)
    cells = {(cell["unit"], cell["period"]): cell["value"] for cell in answer["cells"] + answer["subtotals"]}
    rows = [
        (
            line["unit"],
            *(_figure(_sum(cells, line["unit"], labels)) for labels in groups.values()),
            _figure(line["total"]),
            "" if line["chance"] is None else f"{line['chance']:.0%}",
        )
        for line in answer["units"]
    ]
    sums = "every sum holds" if answer["totals_check"] else "SUMS DO NOT HOLD"
    title = f"{answer['method']}: {_figure(answer['total'])}, {len(found.cells):,} cells, {sums}"
    print_table(title, ("unit", *groups, "total", "chance"), rows[:_SHOWN])
    if len(rows) > _SHOWN:
        print(f"… and {len(rows) - _SHOWN:,} units more; --json has them all.")
    for line in answer["warnings"]:
        print(f"- {_warning(line)}")


def _groups(periods: Sequence[str], *, can_add: bool) -> dict[str, tuple[str, ...]]:
    """The columns to show: the periods, quarters of many months, none of many others (nor of ratios)."""
    if len(periods) <= _COLUMNS:
        return {period: (period,) for period in periods}
    groups: dict[str, tuple[str, ...]] = {}
    for label in periods:
        if not (can_add and _MONTH.fullmatch(label)):
            return {}
        quarter = f"{label[:4]}-Q{(int(label[5:]) + 2) // 3}"
        groups[quarter] = (*groups.get(quarter, ()), label)
    return groups


def _sum(cells: dict[tuple[str, str], Any], unit: str, labels: Sequence[str]) -> Any:
    values = [cells[unit, label] for label in labels]
    return values[0] if len(values) == 1 else sum(Decimal(str(value or 0)) for value in values)


def _figure(value: Any) -> str:
    return "" if value is None else f"{value:,}"


def _warning(line: dict[str, Any]) -> str:
    """The warning in words, as a refusal is told."""
    from steelyard.cli.output import sentence

    return sentence(Refused(line["code"], **{name: value for name, value in line.items() if name != "code"}))
