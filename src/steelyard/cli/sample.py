"""`steelyard sample`: write the sample company as files."""

from pathlib import Path
from typing import Annotated

import typer

from steelyard.cli.output import print_json, print_table


def sample(
    folder: Annotated[Path, typer.Argument(help="Where the files go; made when absent.")] = Path("sample"),
    seed: Annotated[int, typer.Option(help="The same seed writes the same bytes.")] = 7,
    scale: Annotated[float, typer.Option(help="Multiplies rows; about 70,000 at 1.")] = 1.0,
    strength: Annotated[float, typer.Option(help="Share of the planted causes' full strength.")] = 1.0,
    planted: Annotated[
        bool, typer.Option("--planted/--nothing-planted", help="Whether causes are planted.")
    ] = True,
    plant: Annotated[
        list[str] | None, typer.Option(help="Plant this kind of cause alone; repeat for several.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write four years of a fictional company as CSV and XLSX files, and the truth about it beside them."""
    from steelyard.sample import tables_of, write_company

    truth = write_company(
        folder, seed=seed, scale=scale, strength=strength, planted=planted, kinds=plant or None
    )
    files = {table: path.name for table, path, _ in tables_of(folder)}
    rows = [
        {"table": name, "file": files.get(name, f"{name}.csv"), "rows": n} for name, n in truth.rows.items()
    ]
    total = sum(truth.rows.values())
    if as_json:
        print_json({"folder": str(folder), "rows": total, "files": rows, "truth": truth.as_json()})
        return
    print_table(str(folder), ["table", "file", "rows"], [tuple(row.values()) for row in rows])
    print(f"{total:,} rows; what is planted: {folder / 'truth.json'}")
