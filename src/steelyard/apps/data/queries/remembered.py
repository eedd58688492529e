"""Which source files come from, told by their columns: its mapping is then used again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.apps.data.models import Import, Source
from steelyard.errors import Refused
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.mapping import ImportMapping, TableRule, as_pattern

# Share of columns that must be the same for files to be of one source.
ALIKE = 0.6
Inspected = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Remembered:
    """A source whose last files looked like these, and its mapping with the names of these files.

    `new` are columns that its files did not have the last time, `gone` those that they had; `unread` are
    columns that the mapping reads and does not find.
    """

    source: Source
    mapping: Mapping[str, Any]
    new: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether the files have the very columns of the last time."""
        return not (self.new or self.gone or self.unread)

    @property
    def changes(self) -> int:
        return len(self.new) + len(self.gone) + len(self.unread)


def remembered(
    inspections: Inspected, *, sources: Iterable[Source], taken: Import | None = None
) -> list[Remembered]:
    """The sources whose files looked alike, the likeliest first; `taken` is the import that they are of."""
    found = [each for source in sources if (each := _compared(source, inspections, taken)) is not None]
    return sorted(found, key=lambda each: (bool(each.unread), each.changes, each.source.name))


def plain_choice(found: Sequence[Remembered]) -> Remembered | None:
    """The source to take without asking: one that fits, and no other fits as well."""
    fitting = [each for each in found if not each.unread]
    if not fitting or (len(fitting) > 1 and fitting[0].changes == fitting[1].changes):
        return None
    return fitting[0]


def _compared(source: Source, inspections: Inspected, taken: Import | None) -> Remembered | None:
    last = _last_import(source, taken)
    if not source.mapping or last is None:
        return None
    files = [_likest(inspection, last.inspections) for inspection in inspections]
    if not all(files):
        return None
    document = _renamed(source.mapping, list(zip(inspections, files, strict=True)))
    if document is None:
        return None
    before = {header for file in files for header in _headers(file)}
    now = {header for inspection in inspections for header in _headers(inspection)}
    return Remembered(
        source=source,
        mapping=document,
        new=_unlike(now, before),
        gone=_unlike(before, now),
        unread=_unread(ImportMapping.parse(document), inspections),
    )


def _last_import(source: Source, taken: Import | None) -> Import | None:
    """The last import of the source, if possible one that was read; none that was dropped."""
    known = source.imports.exclude(state=Import.State.DISCARDED).order_by("-pk")
    if taken is not None:
        known = known.exclude(pk=taken.pk)
    return known.exclude(state=Import.State.UPLOADED).first() or known.first()


def _likest(inspection: Mapping[str, Any], files: Inspected) -> Mapping[str, Any]:
    """The file of the last time whose columns are most like these; none when none is alike."""
    best = max(files, key=lambda file: _likeness(inspection, file), default={})
    return best if best and _likeness(inspection, best) >= ALIKE else {}


def _likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    ours, theirs = ({normalise(header) for header in _headers(each)} for each in (one, other))
    return len(ours & theirs) / max(len(ours | theirs), 1)


def _renamed(
    mapping: Mapping[str, Any], pairs: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> dict[str, Any] | None:
    """The mapping with patterns that these files have; none when it takes the last time's files apart."""
    parsed = ImportMapping.parse(mapping)
    if not parsed.files:
        return dict(mapping)
    patterns = dict(parsed.files)
    for inspection, file in pairs:
        try:
            parsed.aliases(inspection["name"])
        except Refused:
            try:
                aliases = parsed.aliases(file["name"])
            except Refused:
                return None
            patterns |= {alias: as_pattern(inspection["name"]) for alias in aliases}
    return {**mapping, "files": patterns}


def _unread(mapping: ImportMapping, inspections: Inspected) -> tuple[str, ...]:
    """Columns that the rules read from files at hand and that are not there."""
    by_alias: dict[str, set[str]] = {}
    for inspection in inspections:
        try:
            aliases = mapping.aliases(inspection["name"])
        except Refused:
            continue
        for alias in aliases:
            by_alias.setdefault(alias, set()).update(_headers(inspection))
    sheets = len(by_alias) - len({mapping.files.get(alias) for alias in by_alias})
    lacking = [header for rule in mapping.tables for header in _lacking(rule, by_alias)]
    # Sheets of one workbook are looked at as one file: what they lack shows when they are read.
    return () if sheets else tuple(dict.fromkeys(lacking))


def _lacking(rule: TableRule, by_alias: Mapping[str, set[str]]) -> list[str]:
    if rule.source not in by_alias:
        return []
    absent = [join.file for join in rule.joins if join.file not in by_alias]
    here = {normalise(each) for alias in by_alias for each in by_alias[alias]}
    here |= {normalise(f"{alias}.{each}") for alias in by_alias for each in by_alias[alias]}
    wanted = [source for column in rule.columns.values() for source in column.sources]
    wanted += [*rule.where, *(name for column in rule.columns.values() for name in column.where)]
    return absent + [header for header in wanted if normalise(header) not in here]


def _headers(inspection: Mapping[str, Any]) -> list[str]:
    return [column["name"] for column in inspection.get("columns", ())]


def _unlike(ours: set[str], theirs: set[str]) -> tuple[str, ...]:
    known = {normalise(header) for header in theirs}
    return tuple(sorted(header for header in ours if normalise(header) not in known))
