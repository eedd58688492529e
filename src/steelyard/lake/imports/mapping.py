"""The mapping file: which column of which file feeds which column of which table, and how."""

import fnmatch
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from steelyard.errors import Refused
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES, TYPES

ORDERS = ("ymd", "dmy", "mdy", "excel")
MEASURES = ("count", "sum", "mean")
ORIGINS = ("from", "value", "join", "first", "filled", *MEASURES)
INCREMENT, SNAPSHOT = "increment", "snapshot"
_TABLE = {"from", "join", "columns", "where", "leave", "extra", "group"}
_TOP = {"source", "reading", "covers", "files", "read", "tables", "table", "values", *_TABLE}
_COLUMN = {"from", "value", "join", "separator", "order", "unit", "decimal", "values", "otherwise", "type"}
_COLUMN |= {*MEASURES, "where", "less", "first", "filled"}
_READ = {
    "encoding",
    "delimiter",
    "sheet",
    "sheets",
    "header",
    "names",
    "totals",
    "year",
    "fill",
    "unpivot",
    "records",
}


# Column of the file → the values that a line must have there; None for any value at all.
Where = Mapping[str, tuple[str, ...] | None]


@dataclass(frozen=True)
class ColumnRule:
    """Where a column's value comes from (one of source, value, parts) and how it is read.

    Parts are joined; `is_first` takes the first that is filled instead, and `marks` are the values that
    stand for the first filled part.
    `less` is a column of the file that is taken off the source: a cost is the amount less the profit.
    `measure` adds the lines of a group up: their count, or the sum or mean of the source, over the lines
    that `where` names.
    """

    source: str = ""
    value: str | None = None
    parts: tuple[str, ...] = ()
    separator: str = "-"
    is_first: bool = False
    marks: tuple[str, ...] = ()
    order: str = ""
    unit: str = ""
    decimal: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""
    type: str = ""
    less: str = ""
    measure: str = ""
    where: Where = field(default_factory=dict)

    @property
    def sources(self) -> tuple[str, ...]:
        """The file columns that are read."""
        less = (self.less,) if self.less else ()
        return self.parts or ((self.source, *less) if self.source else ())


@dataclass(frozen=True)
class JoinRule:
    """A left join with another file of the source on columns of equal name, or on pairs."""

    file: str
    on: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TableRule:
    """How one table is fed. `leaves` are file columns that are not read, not even by their name.

    With `groups` the lines that agree in all columns but the measures make one row.
    """

    table: str
    source: str
    joins: tuple[JoinRule, ...]
    columns: Mapping[str, ColumnRule]
    where: Where
    keeps_extra: bool
    leaves: frozenset[str] = frozenset()
    groups: bool = False


@dataclass(frozen=True)
class ImportMapping:
    """A parsed mapping; `document` is the plain form it was read from.

    A file of the source adds to what there is, unless `is_snapshot` says that it is all there is: of the
    whole source, or of the stretch that it has of the date column `covers`.
    """

    source: str
    files: Mapping[str, str]
    read: Mapping[str, Any]
    tables: tuple[TableRule, ...]
    values: Mapping[str, Mapping[str, str]]
    document: Mapping[str, Any]
    is_snapshot: bool = False
    covers: str = ""

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
        read = _read(document.get("read"))
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
            is_snapshot=_is_snapshot(document),
            covers=str(document.get("covers") or ""),
        )

    def reading(self, name: str, alias: str = "") -> dict[str, Any]:
        """How a file is read under an alias: as all files, as those of its name, as those of the alias."""
        common = {key: value for key, value in self.read.items() if key != "files"}
        special = self.read.get("files") or {}
        for pattern, given in special.items():
            if pattern not in self.files and is_like(name, pattern):
                common |= given
        return common | dict(special.get(alias) or {})

    def aliases(self, name: str) -> list[str]:
        """The aliases that a file feeds: the first whose pattern it has, and others of the same pattern."""
        if not self.files:
            return [""]
        found = next((pattern for pattern in self.files.values() if is_like(name, pattern)), None)
        if found is None:
            raise Refused("import.file-not-in-mapping", file=name, patterns=list(self.files.values()))
        return [alias for alias, pattern in self.files.items() if pattern == found]

    def only(self, tables: Iterable[str]) -> "ImportMapping":
        """The same mapping, feeding these tables alone."""
        wanted = set(tables)
        kept = tuple(rule for rule in self.tables if rule.table in wanted)
        if missing := wanted - {rule.table for rule in kept}:
            raise Refused("mapping.table-not-fed", table=sorted(missing)[0])
        return replace(self, tables=kept)


def as_pattern(name: str) -> str:
    """A file's name as a pattern that means itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def is_like(name: str, pattern: str) -> bool:
    """Whether a file's name has a pattern, in whatever case."""
    return fnmatch.fnmatchcase(name.casefold(), pattern.casefold())


def _read(given: Any) -> dict[str, Any]:
    """The reading of all files, and under `files` that of single ones by alias or pattern."""
    read = _dictionary(given, "read")
    _known(read, _READ | {"files"}, "read")
    for pattern, own in _dictionary(read.get("files"), "read.files").items():
        _known(own, _READ, f"read.files.{pattern}")
    return read


def _is_snapshot(document: Mapping[str, Any]) -> bool:
    """Whether the file is all there is; it is held against what its source brought, so it needs a name."""
    reading = str(document.get("reading") or INCREMENT)
    _among(reading, (INCREMENT, SNAPSHOT), "reading")
    if reading == SNAPSHOT and not document.get("source"):
        raise Refused("mapping.snapshot-without-source")
    return reading == SNAPSHOT


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
    rules = {str(name): _column(each, f"{table}.{name}") for name, each in columns.items()}
    groups = _flag(given.get("group", "false"), f"{table}.group")
    if measured := [name for name, rule in rules.items() if rule.measure and not groups]:
        raise Refused("mapping.measure-without-group", place=f"{table}.{measured[0]}")
    return TableRule(
        table=table,
        source=source,
        joins=joins,
        columns=rules,
        where=_where(given.get("where"), f"{table}.where"),
        keeps_extra=extra == "keep" and table in TABLES and not groups,
        leaves=frozenset(
            _name(each, f"{table}.leave") for each in _list(given.get("leave"), f"{table}.leave")
        ),
        groups=groups,
    )


def _column(given: Any, place: str) -> ColumnRule:
    if not isinstance(given, dict):
        return ColumnRule(source=_name(given, place))
    _known(given, _COLUMN, place)
    origins = [key for key in ORIGINS if key in given]
    if len(origins) != 1:
        raise Refused("mapping.one-origin", place=place)
    measure = origins[0] if origins[0] in MEASURES else ""
    for key, allowed in (("where", bool(measure)), ("less", origins == ["from"])):
        if key in given and not allowed:
            raise Refused("mapping.unknown-key", place=place, key=key)
    if measure == "count" and given["count"] != "rows":
        raise Refused("mapping.bad-value", place=f"{place}.count", value=str(given["count"])[:80])
    rule = ColumnRule(
        source=_name(given[origins[0]], place) if origins[0] in ("from", "sum", "mean") else "",
        value=str(given["value"]) if "value" in given else None,
        parts=_parts(given, origins[0], place),
        is_first=origins[0] == "first",
        marks=tuple(str(mark) for mark in _dictionary(given.get("filled"), f"{place}.filled")),
        separator=str(given.get("separator", "-")),
        order=str(given.get("order", "")),
        unit=str(given.get("unit", "")),
        decimal=str(given.get("decimal", "")),
        values=_values(given.get("values", {}), place),
        otherwise=str(given.get("otherwise", "")),
        type=str(given.get("type", "")),
        less=_name(given["less"], place) if "less" in given else "",
        measure=measure,
        where=_where(given.get("where"), f"{place}.where"),
    )
    if rule.unit:
        _number(rule.unit, f"{place}.unit")
    _among(rule.order, ORDERS, f"{place}.order")
    _among(rule.type, TYPES, f"{place}.type")
    _among(rule.decimal, (".", ","), f"{place}.decimal")
    return rule


def _parts(given: Mapping[str, Any], origin: str, place: str) -> tuple[str, ...]:
    """The columns that are joined, tried one after the other, or looked at for being filled."""
    if origin == "filled":
        return tuple(_name(each, place) for each in _dictionary(given[origin], place).values())
    if origin not in ("join", "first"):
        return ()
    return tuple(_name(each, place) for each in _list(given[origin], f"{place}.{origin}"))


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


def _where(given: Any, place: str) -> dict[str, tuple[str, ...] | None]:
    return {str(name): _condition(each) for name, each in _dictionary(given, place).items()}


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


def _flag(given: Any, place: str) -> bool:
    """A yes or no, as YAML's base loader or JSON has it."""
    text = str(given).casefold()
    if text not in ("true", "false"):
        raise Refused("mapping.bad-value", place=place, value=text[:80])
    return text == "true"


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
