"""`steelyard import`: files into the lake, as the pages do it."""

import datetime
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
    source: Annotated[
        str, typer.Option(help="The source's name. One that is known lends its mapping, unless one is given.")
    ] = "",
    snapshot: Annotated[
        bool | None,
        typer.Option(
            "--snapshot/--increment",
            help="The file is all that the source has: rows that it lacks are removed. Default: as mapped.",
        ),
    ] = None,
    covers: Annotated[
        str, typer.Option(help="A snapshot of a stretch of this date column alone, such as created_on.")
    ] = "",
    covered_from: Annotated[str, typer.Option("--from", help="The first day of the stretch.")] = "",
    covered_to: Annotated[str, typer.Option("--to", help="The last day of the stretch.")] = "",
    as_of: Annotated[
        str, typer.Option(help="When the file was exported. Default: as its name says, else now.")
    ] = "",
    confirm_removal: Annotated[
        bool, typer.Option("--confirm-removal", help="Remove even most rows of the source.")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="Count what would change, and change nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Import files as one unit, undoable as one unit."""
    actor = open_house()
    from steelyard.apps.data.queries import rejects_of

    taken = take_in(actor, table, files, mapping, source=source, snapshot=snapshot, covers=covers)
    place_in_time(actor, taken, as_of=as_of, covered=(covered_from, covered_to))
    if confirm_removal and not dry_run:
        run(actor, taken, kind="data.check", quiet=as_json)
        confirm(actor, taken)
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


def take_in(
    actor: "Actor",
    table: str,
    files: list[Path],
    mapping: Path | None,
    *,
    source: str = "",
    snapshot: bool | None = None,
    covers: str = "",
) -> "Import":
    """Keep the files and settle the mapping: the one given, else the source's, else what was detected."""
    from steelyard.apps.data import actions
    from steelyard.lake.imports.limits import Limits
    from steelyard.lake.imports.mapping import ImportMapping
    from steelyard.lake.tables import ORGANISATION_TABLES, TABLES

    if table != "all" and table not in {**TABLES, **ORGANISATION_TABLES}:
        raise Refused("import.unknown-table", 404, table=table, tables=", ".join(TABLES))
    known = dict(ImportMapping.load(mapping).document) if mapping else remembered(source)
    document = only(known, table) if known and table != "all" else known
    named = [(path.name, path) for path in files]
    limits = Limits.command_line()
    taken = actions.take_in(actor, named, limits=limits, table=table, mapping=document)
    said: dict[str, Any] = {"source": source} if source else {}
    if snapshot is not None:
        said["reading"] = "snapshot" if snapshot else "increment"
    if covers:
        said["covers"] = covers
    if document or said:
        actions.set_mapping(actor, taken, {**(document or taken.mapping), **said})
    return taken


def remembered(source: str) -> dict[str, Any] | None:
    """The mapping of a source that is known."""
    from steelyard.apps.data.models import Source

    found = Source.objects.filter(name=source).first() if source else None
    return dict(found.mapping) if found and found.mapping else None


def place_in_time(actor: "Actor", taken: "Import", *, as_of: str, covered: tuple[str, str]) -> None:
    """Say when the files were exported, and the stretch they cover, where the options say it."""
    from steelyard.apps.data import actions

    if not (as_of or any(covered)):
        return
    try:
        moment = datetime.datetime.fromisoformat(as_of) if as_of else taken.taken_on
        first, last = (datetime.date.fromisoformat(day) if day else None for day in covered)
    except ValueError as fault:
        raise Refused("cli.not-a-day", reason=str(fault)) from fault
    assert moment is not None  # noqa: S101  what was taken in has its moment
    actions.place_in_time(actor, taken, as_of=moment.replace(tzinfo=None), covered=(first, last))


def confirm(actor: "Actor", taken: "Import") -> None:
    """Consent to what the dry run would remove."""
    from steelyard.apps.data import actions

    taken.refresh_from_db()
    actions.confirm_retiring(actor, taken)


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
    columns += [
        name for name in ("retired", "derived") if any(each.get(name) for each in answer["tables"].values())
    ]
    rows = [
        [table, *(counts.get(name, 0) for name in columns[1:])] for table, counts in answer["tables"].items()
    ]
    title = "Dry run: nothing has changed" if dry_run else f"Published as snapshot {answer['snapshot']}"
    print_table(title, columns, rows)
    if answer["rejects"]:
        first = [
            [each["file"], each["line"], each["column"], each["code"]] for each in answer["rejects"][:20]
        ]
        print_table("Rejected (the first 20; --json lists more)", ["file", "line", "column", "code"], first)
