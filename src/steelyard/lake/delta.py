"""Delta Lake commits on local Parquet files: which files a version has, what a commit adds and removes."""

import json
import os
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, PostCommitHookProperties, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

# Old versions stay readable for ever: a snapshot names them.
_CONFIGURATION: dict[str, str | None] = {
    "delta.enableExpiredLogCleanup": "false",
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
}
_HOOKS = PostCommitHookProperties(create_checkpoint=False, cleanup_expired_logs=False)

_ARROW = {
    "text": pa.string(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "money": pa.decimal128(18, 4),
    "number": pa.float64(),
    "integer": pa.int64(),
}
_NAMES = {arrow: name for name, arrow in _ARROW.items()}


def arrow_type(kind: str) -> pa.DataType:
    """The Arrow type in which a column of this kind is stored."""
    return _ARROW[kind]


def kind_of(arrow: pa.DataType) -> str:
    """The kind of a stored Arrow type; what is none of ours counts as text."""
    return _NAMES.get(arrow, "text")


def exists(path: Path) -> bool:
    """Whether a Delta table with at least one commit lies here."""
    return (path / "_delta_log" / f"{0:020}.json").exists()


def head(path: Path) -> int:
    """The newest version of the table."""
    return DeltaTable(str(path)).version()


def files(path: Path, version: int) -> list[str]:
    """The active Parquet files of a version, sorted."""
    uris = DeltaTable(str(path), version=version).file_uris()
    return sorted(unquote(urlparse(uri).path) if uri.startswith("file:") else uri for uri in uris)


def columns(path: Path, version: int | None = None) -> dict[str, str]:
    """Column → kind, in stored order."""
    schema = pa.schema(DeltaTable(str(path), version=version).schema().to_arrow())
    return {field.name: kind_of(field.type) for field in schema}


def orphans(path: Path) -> list[Path]:
    """Files and half-written folders that no commit names; none when part of the log is not there to ask."""
    logs = sorted((path / "_delta_log").glob("*.json"))
    if len(logs) != head(path) + 1:
        return []
    named = {
        unquote(action["add"]["path"])
        for log in logs
        for line in log.read_text(encoding="utf-8").splitlines()
        if "add" in (action := json.loads(line))
    }
    return [each for each in path.iterdir() if each.name not in named and each.name != "_delta_log"]


def metadata_of(path: Path, version: int) -> dict[str, Any]:
    """What the commit that made this version says about itself."""
    log = path / "_delta_log" / f"{version:020}.json"
    for line in log.read_text(encoding="utf-8").splitlines():
        action = json.loads(line)
        if "commitInfo" in action:
            return dict(action["commitInfo"])
    return {}


def commit(
    path: Path,
    *,
    schema: Mapping[str, str],
    add: Iterable[tuple[Path, int]] = (),
    remove: Iterable[Path] = (),
    metadata: Mapping[str, str],
) -> int:
    """Add and remove files in one commit (two when the schema grows); the new version.

    `add` holds files that already lie in the table's folder, each with its number of rows.
    """
    now = int(time.time() * 1000)
    properties = CommitProperties(custom_metadata=dict(metadata))
    actions: list[AddAction | RemoveAction] = [_added(file, rows, now) for file, rows in add]
    actions += [RemoveAction(file.name, True, now, file.stat().st_size) for file in remove]
    if not exists(path):
        create_table_with_add_actions(
            str(path),
            _delta_schema(schema),
            actions,  # type: ignore[arg-type]
            configuration=_CONFIGURATION,
            commit_properties=properties,
            post_commithook_properties=_HOOKS,
        )
        return head(path)
    table = DeltaTable(str(path))
    known = columns(path)
    fresh = {name: kind for name, kind in schema.items() if name not in known}
    if fresh:
        table.alter.add_columns(
            list(_delta_schema(fresh).fields),
            commit_properties=properties,
            post_commithook_properties=_HOOKS,
        )
        table = DeltaTable(str(path))
    table.create_write_transaction(
        actions,
        "append",
        table.schema(),
        commit_properties=properties,
        post_commithook_properties=_HOOKS,
    )
    return head(path)


def restore(path: Path, version: int, *, metadata: Mapping[str, str]) -> int:
    """Make the content of an older version the newest one; the new version."""
    DeltaTable(str(path)).restore(
        version,
        commit_properties=CommitProperties(custom_metadata=dict(metadata)),
        post_commithook_properties=_HOOKS,
    )
    return head(path)


def _added(file: Path, rows: int, now: int) -> AddAction:
    return AddAction(file.name, os.path.getsize(file), {}, now, True, json.dumps({"numRecords": rows}))


def _delta_schema(schema: Mapping[str, str]) -> Schema:
    return Schema.from_arrow(pa.schema([(name, arrow_type(kind)) for name, kind in schema.items()]))
