"""`steelyard cascade`: a total carried down to teams, people and months, from a file of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.cascade import Allocation

_SHOWN = 40


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
    periods = found.periods
    lines = {unit["unit"]: unit for unit in answer["units"]}
    cells = {(cell["unit"], cell["period"]): cell["value"] for cell in answer["cells"] + answer["subtotals"]}
    rows = [
        (
            unit,
            *(_figure(cells[unit, period]) for period in periods),
            _figure(line["total"]),
            "" if line["chance"] is None else f"{line['chance']:.0%}",
        )
        for unit, line in lines.items()
    ]
    sums = "every sum holds" if answer["totals_check"] else "SUMS DO NOT HOLD"
    title = f"{answer['method']}: {_figure(answer['total'])}, {len(found.cells):,} cells, {sums}"
    print_table(title, ("unit", *periods, "total", "chance"), rows[:_SHOWN])
    if len(rows) > _SHOWN:
        print(f"… and {len(rows) - _SHOWN:,} units more; --json has them all.")
    for line in answer["warnings"]:
        print(f"- {_warning(line)}")


def _figure(value: Any) -> str:
    return "" if value is None else f"{value:,}"


def _warning(line: dict[str, Any]) -> str:
    """The warning in words, as a refusal is told."""
    from steelyard.cli.output import sentence

    return sentence(Refused(line["code"], **{name: value for name, value in line.items() if name != "code"}))
