"""`steelyard data`: what the lake holds."""

from typing import Annotated

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json, print_table


def data(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """List tables with their rows, snapshots and sources."""
    actor = open_house()
    from steelyard.apps.data.queries import holdings_seen_by

    holdings = holdings_seen_by(actor)
    if as_json:
        print_json(holdings)
        return
    print_table(
        "Tables",
        ["table", "rows", "columns", "version"],
        [list(each.values()) for each in holdings["tables"]],
    )
    print_table("Sources", ["source", "imports"], [list(each.values()) for each in holdings["sources"]])
    print_table(
        "Snapshots (newest first)",
        ["snapshot", "cause", "made", "data to"],
        [list(each.values()) for each in holdings["snapshots"]],
    )
