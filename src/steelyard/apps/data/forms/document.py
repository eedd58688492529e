"""A mapping as the pages edit it: its rules one by one, and what each of them reads from the files."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from steelyard.lake.imports.detect import Look, date_look
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.mapping import MEASURES
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES, TableSpec, table_spec

TABLE_NAMES = (*TABLES, *ORGANISATION_TABLES)
RULE_KEYS = ("from", "join", "columns", "where", "leave", "extra", "group")
Document = Mapping[str, Any]


@dataclass(frozen=True)
class FileColumn:
    """A column as the files have it: name, kind, samples, and whether its dates are ambiguous."""

    name: str
    type: str = "text"
    order: str = ""
    decimal: str = ""
    ambiguous: bool = False
    mixed: bool = False
    blank_share: float = 0.0
    examples: tuple[str, ...] = ()
    distinct: tuple[str, ...] = ()
    answered: bool = False

    @cached_property
    def dates(self) -> Look:
        """How its dates are written if it is read as dates, whatever else stands in it."""
        if self.answered or self.order:
            return Look("date", order=self.order)
        return date_look(self.distinct)


@dataclass(frozen=True)
class Feed:
    """One rule of a mapping: a table, and how the files' columns feed it."""

    place: int
    table: str
    given: Document
    columns: tuple[FileColumn, ...]
    files: tuple[str, ...]

    @property
    def spec(self) -> TableSpec:
        return table_spec(self.table)

    @property
    def rules(self) -> Mapping[str, Any]:
        return self.given.get("columns") or {}

    @property
    def groups(self) -> bool:
        """Whether several lines make one row: columns that the mapping does not name are not read then."""
        return str(self.given.get("group", "")).casefold() == "true"

    @property
    def fed(self) -> dict[str, str]:
        """Standard column → the file column that feeds it alone, by the mapping or by its name."""
        named = {normalise(each.name): each.name for each in self.columns}
        found = {
            column: named[normalise(header)]
            for column, rule in self.rules.items()
            if column in self.spec.columns and (header := source_of(rule)) and normalise(header) in named
        }
        left = set(self.given.get("leave", ())) | set(found.values()) | self.used
        for name, header in named.items() if not self.groups else ():
            if name in self.spec.columns and name not in self.rules and header not in left:
                found[name] = header
        return found

    @property
    def used(self) -> set[str]:
        """File columns that derived or extra columns of the mapping read."""
        return {header for rule in self.rules.values() for header in headers_of(rule)}

    @property
    def reads_all(self) -> bool:
        """Whether the files have every column that the rule names and no other file is joined for."""
        here = {normalise(each.name) for each in self.columns}
        return bool(self.given.get("join")) or {normalise(each) for each in self.used} <= here

    @property
    def missing(self) -> list[str]:
        """What the table needs and nothing feeds; alternatives are joined by a bar."""
        known = set(self.fed) | set(self.rules)
        lacking = [need for need in self.spec.required if need not in known]
        return lacking + [
            "|".join(group) for group in self.spec.alternatives if not known.intersection(group)
        ]


def feeds_of(document: Document, inspections: Sequence[Document]) -> list[Feed]:
    """The rules of a mapping in order; one without a table yet reads into none and is left out."""
    return [
        Feed(place, table, given, columns_of(mine := files_of(document, given, inspections)), names(mine))
        for place, (table, given) in enumerate(rules_of(document))
        if table in TABLE_NAMES
    ]


def rules_of(document: Document) -> list[tuple[str, dict[str, Any]]]:
    """(table, rule) for each rule, whichever of the two forms the document has."""
    if "table" in document:
        return [(document["table"], {key: document[key] for key in RULE_KEYS if key in document})]
    return [
        (table, dict(each or {}))
        for table, given in (document.get("tables") or {}).items()
        for each in (given if isinstance(given, list) else [given])
    ]


def with_rules(document: Document, rules: Sequence[tuple[str, Document]]) -> dict[str, Any]:
    """The document with these rules in place of its own, in the shorter form where one is enough."""
    kept = {key: value for key, value in document.items() if key not in {"table", "tables", *RULE_KEYS}}
    if len(rules) == 1 and not kept.get("files"):
        return kept | {"table": rules[0][0], **rules[0][1]}
    tables: dict[str, list[Document]] = {}
    for table, given in rules:
        tables.setdefault(table, []).append(given)
    return kept | {"tables": {table: each[0] if len(each) == 1 else each for table, each in tables.items()}}


def with_rule(document: Document, place: int, table: str, given: Document) -> dict[str, Any]:
    """The document with one rule replaced, or added when its place is past the last."""
    rules: list[tuple[str, Document]] = list(rules_of(document))
    rules[place : place + 1] = [(table, given)]
    return with_rules(document, rules)


def files_of(document: Document, given: Document, inspections: Sequence[Document]) -> list[Document]:
    """The files that feed a rule: those that its alias names, or all."""
    pattern = (document.get("files") or {}).get(given.get("from", ""))
    if not pattern:
        return list(inspections)
    return [each for each in inspections if fnmatch.fnmatchcase(each["name"].casefold(), pattern.casefold())]


def columns_of(inspections: Sequence[Document]) -> tuple[FileColumn, ...]:
    """The columns of some files, each once, as the first file that has it shows it."""
    found: dict[str, FileColumn] = {}
    for inspection in inspections:
        for column in inspection["columns"]:
            known: dict[str, Any] = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in column.items()
                if name in FileColumn.__dataclass_fields__
            }
            found.setdefault(column["name"].casefold(), FileColumn(**known))
    return tuple(found.values())


def names(inspections: Sequence[Document]) -> tuple[str, ...]:
    return tuple(each["name"] for each in inspections)


def source_of(rule: Any) -> str:
    """The one file column that a rule reads as it is, if it reads just one."""
    if isinstance(rule, Mapping):
        return str(rule.get("from", ""))
    return str(rule)


def headers_of(rule: Any) -> list[str]:
    if isinstance(rule, Mapping) and (parts := rule.get("join") or rule.get("first")):
        return [str(each) for each in parts]
    if isinstance(rule, Mapping) and "filled" in rule:
        return [str(each) for each in rule["filled"].values()]
    if isinstance(rule, Mapping) and any(measure in rule for measure in MEASURES):
        summed = [str(rule[measure]) for measure in ("sum", "mean") if measure in rule]
        return summed + [str(header) for header in rule.get("where") or ()]
    return [source_of(rule)] if source_of(rule) else []
