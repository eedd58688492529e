"""A mapping made exact for the files at hand: every output column, its kind and what it is read from."""

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from steelyard.errors import Refused
from steelyard.lake.imports.detect import date_look, decimal_of, look_at
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.mapping import ColumnRule, ImportMapping, JoinRule, TableRule
from steelyard.lake.imports.prepare import Prepared
from steelyard.lake.tables import TableSpec, table_spec

_NAMED_LIKE_A_CODE = (
    "id",
    "code",
    "no",
    "number",
    "phone",
    "tel",
    "zip",
    "编号",
    "编码",
    "代码",
    "电话",
    "单号",
)


@dataclass(frozen=True)
class FileSet:
    """The files under one alias, with the columns that any of them has and the texts of their first rows."""

    alias: str
    files: tuple[tuple[int, Prepared], ...]
    samples: Mapping[str, Sequence[str]]

    @property
    def headers(self) -> list[str]:
        """Columns in the order of the files, each once."""
        return list(dict.fromkeys(header for _, prepared in self.files for header in prepared.headers))

    def find(self, column: str) -> str | None:
        """The header that this name means: exactly, or in another spelling."""
        by_form: dict[str, str] = {}
        for header in self.headers:
            by_form.setdefault(normalise(header), header)
        return column if column in self.headers else by_form.get(normalise(column))


@dataclass(frozen=True)
class OutColumn:
    """A column to write.

    `sources` are (number of the file set, header), the main set being 0; `demotable` marks a number that is
    only guessed to be one.
    """

    name: str
    kind: str
    rule: ColumnRule
    sources: tuple[tuple[int, str], ...]
    demotable: bool = False
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TablePlan:
    """One rule of a mapping, resolved. `joins` and the sets after the first belong together."""

    spec: TableSpec
    sets: tuple[FileSet, ...]
    joins: tuple[tuple[tuple[str, str], ...], ...]
    columns: tuple[OutColumn, ...]
    where: tuple[tuple[str, tuple[str, ...] | None], ...]
    values: Mapping[str, Mapping[str, str]]

    @property
    def schema(self) -> dict[str, str]:
        """Column → kind."""
        return {column.name: column.kind for column in self.columns}

    @property
    def needs(self) -> list[tuple[int, ...]]:
        """The positions of columns of which a row must fill at least one."""
        position = {column.name: i for i, column in enumerate(self.columns)}
        groups = [(name,) for name in self.spec.required] + list(self.spec.alternatives)
        return [tuple(position[name] for name in group if name in position) for group in groups]


def file_sets(
    mapping: ImportMapping, prepared: Sequence[Prepared], samples: Sequence[Mapping[str, list[str]]]
) -> dict[str, FileSet]:
    """The files sorted by the mapping's globs; all under "" when it names none."""
    groups: dict[str, list[int]] = {}
    for index, each in enumerate(prepared):
        alias = _alias(mapping, each.name) if mapping.files else ""
        groups.setdefault(alias, []).append(index)
    result = {}
    for alias, indices in groups.items():
        merged: dict[str, list[str]] = {}
        files = []
        for index in indices:
            each = _labelled(prepared[index], list(merged))
            label_of = dict(zip(each.columns, each.labels, strict=True))
            for header, texts in samples[index].items():
                merged.setdefault(label_of[header], []).extend(texts)
            files.append((index, each))
        result[alias] = FileSet(alias, tuple(files), merged)
    return result


def _labelled(prepared: Prepared, known: Sequence[str]) -> Prepared:
    """The file with its columns called as in the files before it, where only the spelling differs."""
    free = [name for name in known if name not in prepared.columns]
    labels = []
    for column in prepared.columns:
        alike = [name for name in free if column and normalise(name) == normalise(column)]
        if column in known or not alike:
            labels.append(column)
            continue
        labels.append(alike[0])
        free.remove(alike[0])
    return replace(prepared, labels=tuple(labels))


def resolve(
    mapping: ImportMapping,
    rule: TableRule,
    sets: Mapping[str, FileSet],
    *,
    known: Mapping[str, str],
) -> TablePlan:
    """Find every column's header and kind; what the file lacks is refused by name."""
    spec, main = table_spec(rule.table), sets[rule.source]
    reachable = (main, *(_joined(sets, join, mapping) for join in rule.joins))
    columns = [_mapped(name, each, spec, mapping, reachable, known) for name, each in rule.columns.items()]
    columns += _unmapped(rule, spec, mapping, main, columns, known)
    _check_needs(spec, columns, main)
    return TablePlan(
        spec=spec,
        sets=reachable,
        joins=tuple(
            tuple((_header(main, left), _header(other, right)) for left, right in join.on)
            for join, other in zip(rule.joins, reachable[1:], strict=True)
        ),
        columns=tuple(_with_signs(column, reachable) for column in columns),
        where=tuple((_header(main, name), wanted) for name, wanted in rule.where.items()),
        values=mapping.values,
    )


def texts_of(column: OutColumn, sets: Sequence[FileSet]) -> list[str]:
    """The sampled texts of a column that is read from one header."""
    if len(column.sources) != 1:
        return []
    number, header = column.sources[0]
    return list(sets[number].samples.get(header, ()))


def decide_order(column: OutColumn, texts: Sequence[str]) -> str:
    """The date order that the texts show; "" when they do not, refused when they contradict themselves."""
    look = date_look(texts)
    if look.mixed:
        raise Refused("import.mixed-dates", column=column.sources[0][1], examples=list(look.examples))
    return look.order


def _alias(mapping: ImportMapping, name: str) -> str:
    for alias, pattern in mapping.files.items():
        if fnmatch.fnmatchcase(name.casefold(), pattern.casefold()):
            return alias
    raise Refused("import.file-not-in-mapping", file=name, patterns=list(mapping.files.values()))


def _joined(sets: Mapping[str, FileSet], join: JoinRule, mapping: ImportMapping) -> FileSet:
    if join.file not in sets:
        raise Refused("import.file-missing", pattern=mapping.files[join.file])
    return sets[join.file]


def _mapped(
    name: str,
    rule: ColumnRule,
    spec: TableSpec,
    mapping: ImportMapping,
    reachable: Sequence[FileSet],
    known: Mapping[str, str],
) -> OutColumn:
    sources = tuple(_source(column, reachable) for column in rule.sources)
    rule = replace(rule, values={**mapping.values.get(name, {}), **rule.values})
    if name in spec.columns:
        return OutColumn(name, spec.columns[name], rule, sources, allowed=spec.values.get(name, ()))
    column = OutColumn(_extra_name(name), "text", rule, sources)
    kind, guessed = (rule.type, False) if rule.type else _extra_kind(column, reachable, known)
    return replace(column, kind=kind, demotable=guessed)


def _unmapped(
    rule: TableRule,
    spec: TableSpec,
    mapping: ImportMapping,
    main: FileSet,
    mapped: Sequence[OutColumn],
    known: Mapping[str, str],
) -> list[OutColumn]:
    """Columns that the mapping does not name: standard ones by their name, others as extra ones."""
    used = {source for column in mapped for source in column.sources}
    taken = {column.name for column in mapped}
    result: list[OutColumn] = []
    for header in main.headers:
        name = _extra_name(header)
        if (0, header) in used or header in rule.leaves:
            continue
        if name in taken:
            name = _numbered(name, taken)
        column = OutColumn(name, "text", ColumnRule(source=header), ((0, header),))
        if name in spec.columns:
            column = _mapped(name, column.rule, spec, mapping, [main], known)
        elif not rule.keeps_extra:
            continue
        else:
            kind, guessed = _extra_kind(column, [main], known)
            values = mapping.values.get(name, {})
            column = replace(column, kind=kind, demotable=guessed, rule=replace(column.rule, values=values))
        taken.add(name)
        result.append(column)
    return result


def _numbered(name: str, taken: set[str]) -> str:
    return next(each for i in count(2) if (each := f"{name}_{i}") not in taken)


def _source(column: str, reachable: Sequence[FileSet]) -> tuple[int, str]:
    for number, each in enumerate(reachable):
        plain = column.removeprefix(f"{each.alias}.") if each.alias else column
        if header := each.find(plain):
            return number, header
    return 0, _header(reachable[0], column)


def _header(files: FileSet, column: str) -> str:
    if header := files.find(column):
        return header
    raise Refused("import.missing-column", column=column, file=files.files[0][1].name, has=files.headers[:50])


def _extra_kind(column: OutColumn, sets: Sequence[FileSet], known: Mapping[str, str]) -> tuple[str, bool]:
    """(kind, whether it is a guess): as the lake has it, else a number when the sample holds nothing else."""
    if column.name in known:
        return known[column.name], False
    if column.rule.values or any(column.name.split("_")[-1].endswith(end) for end in _NAMED_LIKE_A_CODE):
        return "text", False
    number = look_at(texts_of(column, sets)).type == "number"
    return ("number", True) if number else ("text", False)


def _extra_name(header: str) -> str:
    """A column name that Delta, DuckDB and an address bar all take."""
    name = normalise(header).lstrip("_") or "column"
    return f"c_{name}"[:120] if name[0].isdigit() else name[:120]


def _with_signs(column: OutColumn, sets: Sequence[FileSet]) -> OutColumn:
    """The decimal sign and the date order as the sample shows them, where the mapping does not say."""
    rule = column.rule
    if column.kind in ("money", "number", "integer") and not rule.decimal:
        return replace(column, rule=replace(rule, decimal=decimal_of(texts_of(column, sets))))
    if column.kind in ("date", "timestamp") and not rule.order:
        texts = texts_of(column, sets)
        order = decide_order(column, texts) if texts else "ymd"
        return replace(column, rule=replace(rule, order=order))
    return column


def _check_needs(spec: TableSpec, columns: Sequence[OutColumn], main: FileSet) -> None:
    names = {column.name for column in columns}
    lacking = [need for need in spec.required if need not in names]
    lacking += ["|".join(each) for each in spec.alternatives if not names.intersection(each)]
    if lacking:
        raise Refused(
            "import.unmapped-need",
            table=spec.name,
            column=lacking[0],
            file=main.files[0][1].name,
            has=main.headers[:50],
        )
