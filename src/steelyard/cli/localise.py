"""`steelyard localise`: which segments of a leaf table explain its gap."""

import json
import sys
from typing import Annotated, Any

import typer

from steelyard.cli.output import print_json, print_table, sentence
from steelyard.errors import Refused

Column = Annotated[str | None, typer.Option(metavar="COL")]


def localise(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="CSV, CSV.GZ, TSV or Parquet.")],
    actual: Column = None,
    expected: Column = None,
    actual_numerator: Column = None,
    actual_denominator: Column = None,
    expected_numerator: Column = None,
    expected_denominator: Column = None,
    dimensions: Annotated[
        str | None, typer.Option(metavar="A,B,...", help="Columns to cut by; all others when left out.")
    ] = None,
    alpha: Annotated[float, typer.Option(help="Chance of naming a segment where nothing happened.")] = 0.05,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a file.")] = False,
) -> None:
    """Find the segments of a leaf table that explain the gap between actual and expected."""
    from steelyard.engine.localise.files import localise_file

    named = {
        "actual": actual,
        "expected": expected,
        "actual_numerator": actual_numerator,
        "actual_denominator": actual_denominator,
        "expected_numerator": expected_numerator,
        "expected_denominator": expected_denominator,
    }
    figures = {name: column for name, column in named.items() if column is not None}
    wanted = [name.strip() for name in dimensions.split(",")] if dimensions else None
    refused = False
    for file in files:
        try:
            answer = localise_file(file, figures=figures, dimensions=wanted, alpha=alpha)
        except Refused as refusal:
            refused = True
            _complain(file, refusal, as_json=as_json)
            continue
        if as_json:
            print_json(answer)
        else:
            _show(answer)
    if refused:
        raise typer.Exit(2)


def _complain(file: str, refusal: Refused, *, as_json: bool) -> None:
    """One file that cannot be read does not keep the others from their answers."""
    if as_json:
        fault = {"file": file, "error": refusal.code, **refusal.params}
        print(json.dumps(fault, ensure_ascii=False, default=str), file=sys.stderr)
    else:
        print(f"{file}: {sentence(refusal)}", file=sys.stderr)


def _show(answer: dict[str, Any]) -> None:
    rows = [
        (
            " · ".join(f"{name}={value}" for name, value in segment["where"].items()),
            *(f"{segment[name]:,.6g}" for name in ("actual", "expected", "contribution", "low", "high")),
            f"{segment['p']:.2g}",
            str(segment["n"]),
        )
        for segment in answer["segments"]
    ]
    rows.append(("everything else", "", "", f"{answer['rest']:,.6g}", "", "", "", ""))
    rows.append(("gap", "", "", f"{answer['gap']:,.6g}", "", "", "", ""))
    columns = ("segment", "actual", "expected", "contribution", "low", "high", "p", "n")
    print_table(f"{answer['file']}: {answer['verdict']}", columns, rows)
