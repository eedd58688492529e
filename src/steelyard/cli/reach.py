"""`steelyard reach`: how likely a target is, told from a history."""

from datetime import date
from math import isfinite
from typing import Annotated

import typer

from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

_SHOWN = (0.1, 0.5, 0.9)


def _finite(value: float) -> float:
    """JSON has no word for what is no number or has no end."""
    if not isfinite(value):
        raise typer.BadParameter("a finite number is needed")
    return value


def reach(
    history: Annotated[
        str, typer.Option(metavar="FILE", help="CSV, JSON or one number a line, oldest first.")
    ],
    target: Annotated[
        float, typer.Option(help="For the total of the periods left, plus --so-far.", callback=_finite)
    ],
    periods_left: Annotated[int, typer.Option(help="How many periods are still to come.")],
    so_far: Annotated[
        float, typer.Option(help="What has come in already and counts for the target.", callback=_finite)
    ] = 0.0,
    season: Annotated[int, typer.Option(help="Periods in a cycle; 1 for none.")] = 12,
    starts: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="First month; lets 春节 (or Easter) move.")
    ] = None,
    country: Annotated[str, typer.Option(help="Whose moving holiday, with --starts.")] = "CN",
    column: Annotated[str | None, typer.Option(help="Of a CSV; default: value, else the last.")] = None,
    may_be_negative: Annotated[
        bool, typer.Option("--may-be-negative", help="Figures below zero occur.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Of the simulation.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> None:
    """Tell how likely a target is, from the history before it."""
    from steelyard.engine.forecast import outlook_of
    from steelyard.engine.forecast.files import read_history

    outlook = outlook_of(
        read_history(history, column=column),
        horizon=periods_left,
        season=season,
        starts=None if starts is None else _month(starts),
        grain={4: "quarter"}.get(season, "month"),
        country=None if starts is None else country,
        is_positive=not may_be_negative,
        seed=seed,
    )
    quantiles = {str(p): _short(outlook.quantile(p) + so_far) for p in _SHOWN}
    answer = {
        "probability": _short(outlook.chance(target - so_far)),
        "periods_left": periods_left,
        "target": target,
        "so_far": so_far,
        "quantiles": quantiles,
        "mean": _short(outlook.mean() + so_far),
        "method": outlook.method,
        "n": outlook.n,
        "season": outlook.season,
        "calibration": outlook.as_json()["calibration"],
    }
    if as_json:
        print_json(answer)
        return
    rows = [("probability", f"{answer['probability']:.1%}"), ("target", f"{target:,.6g}")]
    rows += [(f"{float(p):.0%} of totals stay below", f"{value:,.6g}") for p, value in quantiles.items()]
    rows += [("mean", f"{answer['mean']:,.6g}"), ("periods of history", str(outlook.n))]
    print_table(f"{periods_left} periods to come", ("", ""), rows)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == 7 else text).replace(day=1)
    except ValueError as fault:
        raise Refused("forecast.bad-month", text=text[:20]) from fault


def _short(value: float) -> float:
    return float(f"{value:.12g}")
