"""`steelyard catalogue`: which KPIs there are, and KPIs of one's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.jobs.actions import Actor
    from steelyard.apps.measure.queries.catalogue import Entry


def catalogue(
    text: Annotated[str, typer.Argument(help="Only KPIs that this word finds: an id, a name, a table.")] = "",
    add: Annotated[
        Path | None, typer.Option(help="Declare a KPI, or a new version of one, as this YAML file says.")
    ] = None,
    take_back: Annotated[
        str | None, typer.Option(help="Take the site's declaration of this KPI back.")
    ] = None,
    reason: Annotated[str, typer.Option(help="Why: it stands beside the version for everybody.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, a line for each KPI.")] = False,
) -> None:
    """List the KPIs with what the data lack for each; declare one of your own, or take it back."""
    actor = open_house()
    from steelyard.apps.measure.queries.catalogue import catalogue_seen_by, entry_seen

    if add is not None and take_back is not None:
        raise Refused("kpi.add-or-take-back")
    if add is not None:
        written(actor, add, reason=reason)
        return
    if take_back is not None:
        from steelyard.apps.measure.actions import retire_definition
        from steelyard.apps.measure.queries.versions import version_to_edit

        entry_seen(actor, take_back)
        made = retire_definition(actor, take_back, based_on=version_to_edit(take_back)[1], reason=reason)
        print(f"{made.kpi} version {made.version}: {made.state}")
        return
    found = catalogue_seen_by(actor, text=text).entries
    if as_json:
        for each in found:
            print_json(document(each))
    else:
        rows = [
            (e.kpi.id, e.kpi.names["en"], e.kpi.names["zh"], e.kpi.unit, e.origin, lack(e)) for e in found
        ]
        print_table("KPI catalogue", ["id", "name", "名称", "unit", "origin", "missing"], rows)


def written(actor: "Actor", path: Path, *, reason: str) -> None:
    """Every KPI of a file, one or a list, each as a version of its own."""
    import yaml

    from steelyard.apps.jobs.actions import run_queued
    from steelyard.apps.measure.actions import save_definition
    from steelyard.apps.measure.queries.declaring import plain
    from steelyard.apps.measure.queries.versions import version_to_edit

    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except OSError as error:
        raise Refused("kpi.no-file", 404, file=path.name) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise Refused("kpi.bad-yaml", line=mark.line + 1 if mark else 1) from error
    for each in found if isinstance(found, list) else [found]:
        declared = plain(each)
        name = str(declared.get("id", "")) if isinstance(declared, Mapping) else ""
        made = save_definition(actor, declared, based_on=version_to_edit(name)[1], reason=reason)
        print(f"{made.kpi} version {made.version}: {made.state}")
    run_queued()


def document(entry: "Entry") -> dict[str, Any]:
    kpi = entry.kpi
    return {
        "kpi": kpi.id,
        "version": kpi.version,
        "names": dict(kpi.names),
        "dimension": kpi.dimension,
        "kind": kpi.kind,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "origin": entry.origin,
        "tables": list(entry.tables),
        "told": entry.is_told,
        "missing": {"table": entry.lack.table, "column": entry.lack.column} if entry.lack else None,
    }


def lack(entry: "Entry") -> str:
    if entry.lack is None:
        return ""
    return f"{entry.lack.table}.{entry.lack.column}" if entry.lack.column else entry.lack.table
