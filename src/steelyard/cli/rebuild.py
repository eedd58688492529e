"""`steelyard rebuild`: the lake anew from the kept originals."""

from typing import Annotated

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json
from steelyard.cli.progress import watching


def rebuild(as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Replay every import and undo in order; refuse where the content would differ."""
    actor = open_house()
    from steelyard.apps.jobs.actions import run_here

    with watching(quiet=as_json) as watch:
        job = run_here(actor, "data.rebuild", {}, watch=watch)
    result = job.result or {}
    if as_json:
        print_json(result)
    else:
        print(f"Rebuilt {result['snapshots']} snapshots; every table is equal by content.")
