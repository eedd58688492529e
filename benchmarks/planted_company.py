"""One sample company out of a lake of its own: written, imported as anybody would, with its organisation."""

import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa
import yaml

from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.plan import plan
from steelyard.lake.imports.stage import stage
from steelyard.lake.store import Lake
from steelyard.sample import Truth, tables_of, write_company

OPPORTUNITIES = ("opportunities",)
OF_LENSES = (
    "accounts",
    "leads",
    "opportunities",
    "stage_changes",
    "activities",
    "work_events",
    "survey_scores",
    "skill_assessments",
    "headcount",
    "campaigns",
    "campaign_days",
    "targets",
)
_TEXT, _DAY = pa.string(), pa.date32()
_SPAN = [("valid_from", _DAY), ("valid_to", _DAY)]
_ORGANISATION = {
    "org_people": [
        ("person", _TEXT),
        ("name", _TEXT),
        ("email", _TEXT),
        ("joined_on", _DAY),
        ("left_on", _DAY),
    ],
    "org_teams": [("team", _TEXT), ("name", _TEXT), ("parent", _TEXT), ("region", _TEXT)],
    "org_memberships": [("person", _TEXT), ("team", _TEXT), ("role", _TEXT), *_SPAN],
    "org_manager_links": [("person", _TEXT), ("manager", _TEXT), ("kind", _TEXT), *_SPAN],
}


@contextmanager
def company(
    seed: int, *, needed: Collection[str], **options: Any
) -> Iterator[tuple[Truth, dict[str, ir.Table]]]:
    """What was planted, and the tables needed as a snapshot would hold them."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        truth = write_company(home / "files", seed=seed, **options)
        lake = Lake(home / "lake")
        versions = imported(home / "files", needed, lake)
        with lake.open(versions) as facts:
            yield truth, {**facts.tables, **organisation(home / "files")}


def imported(files: Path, needed: Collection[str], lake: Lake) -> dict[str, int]:
    """The needed tables in one import, as one system's export would be."""
    parts = {
        table: (path, yaml.safe_load(mapping.read_text(encoding="utf-8")))
        for table, path, mapping in tables_of(files)
        if table in needed
    }
    mapping = ImportMapping.parse(
        {
            "source": "sample",
            "files": {table: path.name for table, (path, _) in parts.items()},
            "tables": {
                table: {"from": table, "columns": one["columns"]} for table, (_, one) in parts.items()
            },
        }
    )
    originals = [keep_original(path, lake.root) for path, _ in parts.values()]
    staged = stage(originals, mapping, lake=lake, import_id="sample")
    return apply(plan(staged, lake, {}), lake, "sample")


def organisation(files: Path) -> dict[str, ir.Table]:
    """The organisation as a snapshot freezes it: people are known by code, e-mail and name."""
    found = {}
    for name, columns in _ORGANISATION.items():
        rows = pl.read_csv(files / f"{name[4:]}.csv", infer_schema=False).rename(
            {"code": "person" if name == "org_people" else "team"}, strict=False
        )
        found[name] = {
            column: pa.array([_read(value, kind) for value in rows[column].to_list()], kind)
            for column, kind in columns
        }
    people = found["org_people"]
    known = {
        alias.as_py().lower(): person.as_py()
        for column in ("person", "email", "name")
        for alias, person in zip(people[column], people["person"], strict=True)
    }
    found["org_aliases"] = {
        "alias": pa.array(sorted(known)),
        "person": pa.array([known[a] for a in sorted(known)]),
    }
    return {name: ibis.memtable(pa.table(columns)) for name, columns in found.items()}


def _read(value: str | None, kind: pa.DataType) -> Any:
    if value is None or value == "":
        return None
    return date.fromisoformat(value) if kind == _DAY else value
