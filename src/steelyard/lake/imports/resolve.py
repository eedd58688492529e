"""A mapping made exact for the files at hand: every output column, its kind and what it is read from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from steelyard.errors import Refused
from steelyard.lake.imports.detect import date_look, decimal_of, look_at
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.mapping import ColumnRule, ImportMapping, JoinRule, TableRule, Where
from steelyard.lake.imports.prepare import Prepared
from steelyard.lake.tables import TableSpec, table_spec

NUMBERS = ("money", "number", "integer")
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


# A header of the main files and the texts that a line must have there; None for any text at all.
Condition = tuple[str, tuple[str, ...] | None]


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
class Reading:
    """A file as it is read under an alias: its place among the originals, and the texts of its first rows."""

    number: int
    alias: str
    prepared: Prepared
    sample: Mapping[str, list[str]]


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
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class TablePlan:
    """One rule of a mapping, resolved. `joins` and the sets after the first belong together."""

    spec: TableSpec
    sets: tuple[FileSet, ...]
    joins: tuple[tuple[tuple[str, str], ...], ...]
    columns: tuple[OutColumn, ...]
    where: tuple[Condition, ...]
    values: Mapping[str, Mapping[str, str]]
    groups: bool = False

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


def file_sets(readings: Iterable[Reading]) -> dict[str, FileSet]:
    """The files by alias; all under "" when the mapping names none."""
    groups: dict[str, list[Reading]] = {}
    for reading in readings:
        groups.setdefault(reading.alias, []).append(reading)
    result = {}
    for alias, members in groups.items():
        merged: dict[str, list[str]] = {}
        files = []
        for reading in members:
            each = _labelled(reading.prepared, list(merged))
            label_of = dict(zip(each.columns, each.labels, strict=True))
            for header, texts in reading.sample.items():
                merged.setdefault(label_of[header], []).extend(texts)
            files.append((reading.number, each))
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
    if not rule.groups:
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
        where=_conditions(rule.where, main),
        values=mapping.values,
        groups=rule.groups,
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
    where = _conditions(rule.where, reachable[0])
    if name in spec.columns:
        kind, allowed = spec.columns[name], spec.values.get(name, ())
        if (rule.measure or rule.less) and kind not in NUMBERS:
            raise Refused("mapping.bad-value", place=f"{spec.name}.{name}", value=rule.measure or rule.less)
        return OutColumn(name, kind, rule, sources, allowed=allowed, where=where)
    column = OutColumn(_extra_name(name), "text", rule, sources, where=where)
    if rule.measure or rule.less:
        return replace(column, kind=rule.type if rule.type in NUMBERS else "number")
    kind, guessed = (rule.type, False) if rule.type else _extra_kind(column, reachable, known)
    return replace(column, kind=kind, demotable=guessed)


def _conditions(where: Where, main: FileSet) -> tuple[Condition, ...]:
    return tuple((_header(main, name), wanted) for name, wanted in where.items())


def _unmapped(
    rule: TableRule,
    spec: TableSpec,
    mapping: ImportMapping,
    main: FileSet,
    mapped: Sequence[OutColumn],
    known: Mapping[str, str],
) -> list[OutColumn]:
    """Columns that the mapping does not name: standard ones by their name, others as extra ones."""
    # What is only part of a key, or looked at for being filled, is kept as well.
    used = {source for column in mapped if not column.rule.parts for source in column.sources}
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
    if column.kind in NUMBERS and not rule.decimal:
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
