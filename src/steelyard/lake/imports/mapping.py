"""The mapping file: which column of which file feeds which column of which table, and how."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from steelyard.errors import Refused
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES, TYPES

ORDERS = ("ymd", "dmy", "mdy", "excel")
_TABLE = {"from", "join", "columns", "where", "leave", "extra"}
_TOP = {"source", "files", "read", "tables", "table", "values", *_TABLE}
_COLUMN = {"from", "value", "join", "separator", "order", "unit", "decimal", "values", "otherwise", "type"}
_READ = {"encoding", "delimiter", "sheet", "header"}


@dataclass(frozen=True)
class ColumnRule:
    """Where a column's value comes from (one of source, value, parts) and how it is read."""

    source: str = ""
    value: str | None = None
    parts: tuple[str, ...] = ()
    separator: str = "-"
    order: str = ""
    unit: str = ""
    decimal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    type: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The file columns that are read."""
        return self.parts or ((self.source,) if self.source else ())


@dataclass(frozen=True)
class JoinRule:
    """A left join with another file of the source on columns of equal name, or on pairs."""

    file: str
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableRule:
    """How one table is fed. `leaves` are file columns that are not read, not even by their name."""

    table: str
    source: str
    joins: tuple[JoinRule, ...]
    columns: Mapping[str, ColumnRule]
    where: Mapping[str, tuple[str, ...] | None]
    keeps_extra: bool
    leaves: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ImportMapping:
    """A parsed mapping; `document` is the plain form it was read from."""

    source: str
    files: Mapping[str, str]
    read: Mapping[str, Any]
    tables: tuple[TableRule, ...]
    values: Mapping[str, Mapping[str, str]]
    document: Mapping[str, Any]

    @classmethod
    def load(cls, path: Path) -> "ImportMapping":
        """Read a YAML file."""
        try:
            # The base loader leaves every scalar a string: `on` is a key here and 007 a code.
            document = yaml.load(Path(path).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as fault:
            raise Refused("mapping.unreadable", file=Path(path).name, reason=str(fault)[:200]) from fault
        return cls.parse(document)

    @classmethod
    def parse(cls, document: Any) -> "ImportMapping":
        """Check a plain mapping and give it its shape."""
        _known(document, _TOP, "")
        files = {str(k): str(v) for k, v in _dictionary(document.get("files", {}), "files").items()}
        read = _dictionary(document.get("read", {}), "read")
        _known(read, _READ, "read")
        return cls(
            source=str(document.get("source", "")),
            files=files,
            read=read,
            tables=tuple(_tables(document, files)),
            values={
                name: _values(each, name)
                for name, each in _dictionary(document.get("values", {}), "values").items()
            },
            document=document,
        )

    def only(self, tables: Iterable[str]) -> "ImportMapping":
        """The same mapping, feeding these tables alone."""
        wanted = set(tables)
        kept = tuple(rule for rule in self.tables if rule.table in wanted)
        if missing := wanted - {rule.table for rule in kept}:
            raise Refused("mapping.table-not-fed", table=sorted(missing)[0])
        return ImportMapping(self.source, self.files, self.read, kept, self.values, self.document)


def _tables(document: Mapping[str, Any], files: Mapping[str, str]) -> Iterable[TableRule]:
    if "table" in document:
        table = _name(document["table"], "table")
        rules = {table: {key: document[key] for key in _TABLE if key in document}}
    else:
        rules = _dictionary(document.get("tables", {}), "tables")
    if not rules:
        raise Refused("mapping.feeds-nothing")
    for table, given in rules.items():
        if table not in TABLES and table not in ORGANISATION_TABLES:
            raise Refused("mapping.unknown-table", table=str(table))
        for each in given if isinstance(given, list) else [given]:
            yield _table(table, each or {}, document, files)


def _table(table: str, given: Any, document: Mapping[str, Any], files: Mapping[str, str]) -> TableRule:
    _known(given, _TABLE, table)
    extra = given.get("extra", document.get("extra", "keep"))
    if extra not in ("keep", "drop"):
        raise Refused("mapping.bad-value", place=f"{table}.extra", value=str(extra))
    source = str(given.get("from", ""))
    joins = tuple(_join(each, table) for each in given.get("join", []))
    for alias in [source, *(join.file for join in joins)]:
        if alias and alias not in files:
            raise Refused("mapping.unknown-file", table=table, file=alias)
    if files and not source:
        raise Refused("mapping.no-file-named", table=table)
    columns = _dictionary(given.get("columns", {}), f"{table}.columns")
    where = _dictionary(given.get("where", {}), f"{table}.where")
    return TableRule(
        table=table,
        source=source,
        joins=joins,
        columns={str(name): _column(each, f"{table}.{name}") for name, each in columns.items()},
        where={str(name): _condition(each) for name, each in where.items()},
        keeps_extra=extra == "keep" and table in TABLES,
        leaves=frozenset(
            _name(each, f"{table}.leave") for each in _list(given.get("leave"), f"{table}.leave")
        ),
    )


def _column(given: Any, place: str) -> ColumnRule:
    if not isinstance(given, dict):
        return ColumnRule(source=_name(given, place))
    _known(given, _COLUMN, place)
    if sum(key in given for key in ("from", "value", "join")) != 1:
        raise Refused("mapping.one-origin", place=place)
    rule = ColumnRule(
        source=_name(given["from"], place) if "from" in given else "",
        value=str(given["value"]) if "value" in given else None,
        parts=tuple(_name(each, place) for each in given.get("join", [])),
        separator=str(given.get("separator", "-")),
        order=str(given.get("order", "")),
        unit=str(given.get("unit", "")),
        decimal=str(given.get("decimal", "")),
        values=_values(given.get("values", {}), place),
        otherwise=str(given.get("otherwise", "")),
        type=str(given.get("type", "")),
    )
    if rule.unit:
        _number(rule.unit, f"{place}.unit")
    _among(rule.order, ORDERS, f"{place}.order")
    _among(rule.type, TYPES, f"{place}.type")
    _among(rule.decimal, (".", ","), f"{place}.decimal")
    return rule


def _join(given: Any, table: str) -> JoinRule:
    _known(given, {"file", "on"}, f"{table}.join")
    on = given.get("on")
    pairs = (
        on.items()
        if isinstance(on, dict)
        else [(each, each) for each in (on if isinstance(on, list) else [on])]
    )
    named = tuple((_name(left, table), _name(right, table)) for left, right in pairs)
    return JoinRule(file=str(given.get("file", "")), on=named)


def _condition(given: Any) -> tuple[str, ...] | None:
    """The values that a row must have; None for "any value at all"."""
    if given == "present":
        return None
    return tuple(str(each) for each in given) if isinstance(given, list) else (str(given),)


def _values(given: Any, place: str) -> dict[str, str]:
    return {str(key): str(value) for key, value in _dictionary(given, place).items()}


def _name(given: Any, place: str) -> str:
    if given is None or isinstance(given, dict | list) or str(given) == "":
        raise Refused("mapping.bad-value", place=place, value=str(given)[:80])
    return str(given)


def _number(given: str, place: str) -> None:
    try:
        finite = Decimal(given).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise Refused("mapping.bad-value", place=place, value=given[:80])


def _dictionary(given: Any, place: str) -> dict[Any, Any]:
    if given is None or given == "":
        return {}
    if not isinstance(given, dict):
        raise Refused("mapping.bad-value", place=place, value=str(given)[:80])
    return given


def _list(given: Any, place: str) -> list[Any]:
    if given is None or given == "":
        return []
    if not isinstance(given, list):
        raise Refused("mapping.bad-value", place=place, value=str(given)[:80])
    return given


def _known(given: Any, allowed: set[str], place: str) -> None:
    if not isinstance(given, dict):
        raise Refused("mapping.bad-value", place=place, value=str(given)[:80])
    if unknown := [str(key) for key in given if key not in allowed]:
        raise Refused("mapping.unknown-key", place=place, key=unknown[0])


def _among(value: str, allowed: tuple[str, ...], place: str) -> None:
    if value and value not in allowed:
        raise Refused("mapping.bad-value", place=place, value=value)
