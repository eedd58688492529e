"""`steelyard import`: files into the lake, as the pages do it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json, print_table
from steelyard.cli.progress import watching
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.data.models import Import
    from steelyard.apps.jobs.actions import Actor

SHOWN_REJECTS = 1000


def import_files(
    table: Annotated[
        str, typer.Argument(help="A standard table, or `all` for every table that the mapping feeds.")
    ],
    files: Annotated[list[Path], typer.Argument(help="CSV, TSV, XLSX, XLS or Parquet; .gz too.")],
    mapping: Annotated[
        Path | None, typer.Option(help="Which column feeds which (YAML). Default: detected.")
    ] = None,
    dry_run: Annotated[bool, typer.Option(help="Count what would change, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import files as one unit, undoable as one unit."""
    actor = open_house()
    from steelyard.apps.data.queries import rejects_of

    taken = take_in(actor, table, files, mapping)
    counts = run(actor, taken, kind="data.check" if dry_run else "data.publish", quiet=as_json)
    work_off(quiet=as_json)
    rejects = [
        {name: reject[name] for name in ("file", "line", "column", "code")}
        for reject in rejects_of(actor, taken, limit=SHOWN_REJECTS)
    ]
    answer = {
        **counts["total"],
        "rejects": rejects,
        "snapshot": counts.get("snapshot"),
        "tables": counts["tables"],
    }
    if as_json:
        print_json(answer)
    else:
        show(answer, dry_run=dry_run)


def take_in(actor: "Actor", table: str, files: list[Path], mapping: Path | None) -> "Import":
    """Keep the files and settle the mapping: the one given, else the one that was detected."""
    from steelyard.apps.data import actions
    from steelyard.lake.imports.limits import Limits
    from steelyard.lake.imports.mapping import ImportMapping
    from steelyard.lake.tables import ORGANISATION_TABLES, TABLES

    if table != "all" and table not in {**TABLES, **ORGANISATION_TABLES}:
        raise Refused("import.unknown-table", 404, table=table, tables=", ".join(TABLES))
    document = dict(ImportMapping.load(mapping).document) if mapping is not None else None
    taken = actions.take_in(
        actor,
        [(path.name, path) for path in files],
        limits=Limits.command_line(),
        table=table,
        mapping=document,
    )
    if document is not None:
        actions.set_mapping(actor, taken, document if table == "all" else only(document, table))
    return taken


def only(document: dict[str, Any], table: str) -> dict[str, Any]:
    """A mapping that feeds this table alone."""
    if document.get("table") == table:
        return document
    if table not in document.get("tables", {}):
        raise Refused("mapping.table-not-fed", table=table)
    return document | {"tables": {table: document["tables"][table]}}


def run(actor: "Actor", taken: "Import", *, kind: str, quiet: bool = False) -> dict[str, Any]:
    """Check or publish in this process."""
    from steelyard.apps.jobs.actions import run_here

    with watching(quiet=quiet) as watch:
        job = run_here(actor, kind, {"public_id": taken.public_id}, watch=watch)
    return dict(job.result or {})


def work_off(*, quiet: bool = False) -> None:
    """Do the work that publications ask for, where no worker may be running."""
    from steelyard.apps.jobs.actions import run_queued

    with watching(quiet=quiet) as watch:
        run_queued(watch=watch)


def show(answer: dict[str, Any], *, dry_run: bool) -> None:
    columns = ["table", "read", "created", "updated", "unchanged", "rejected"]
    rows = [[table, *(counts[name] for name in columns[1:])] for table, counts in answer["tables"].items()]
    title = "Dry run: nothing has changed" if dry_run else f"Published as snapshot {answer['snapshot']}"
    print_table(title, columns, rows)
    if answer["rejects"]:
        first = [
            [each["file"], each["line"], each["column"], each["code"]] for each in answer["rejects"][:20]
        ]
        print_table("Rejected (the first 20; --json lists more)", ["file", "line", "column", "code"], first)
