"""Which imports stood at which moment, and from where they have to be replayed when one of them goes."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries.retired import changes
from steelyard.lake.imports.derive import OPPORTUNITIES
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.snapshots import DERIVED, FullSnapshot

# Changes are read off opportunities: what takes one of these back takes all of them back.
TOGETHER = frozenset({OPPORTUNITIES, *DERIVED})


@dataclass(frozen=True)
class History:
    """Every import that was ever published, in order, and every snapshot.

    A moment is the number of the last snapshot that counts; None is now.
    """

    imports: tuple[Import, ...]
    snapshots: tuple[Snapshot, ...]

    @classmethod
    def load(cls) -> "History":
        states = (Import.State.PUBLISHED, Import.State.UNDONE)
        imports = Import.objects.filter(state__in=states).select_related("source").defer("inspections")
        snapshots = tuple(Snapshot.objects.order_by("pk"))
        made = {each.import_record_id for each in snapshots if each.cause == Snapshot.Cause.IMPORT}

        def place(taken: Import) -> tuple[int, bool, datetime.datetime | None, int]:
            """One that changed nothing made no snapshot, and comes after the one that it found."""
            return (place_of(taken), taken.pk not in made, taken.published_at, taken.pk)

        return cls(tuple(sorted(imports, key=place)), snapshots)

    @cached_property
    def undone_at(self) -> Mapping[int | None, int]:
        undos = (each for each in self.snapshots if each.cause == Snapshot.Cause.UNDO)
        return {each.import_record_id: each.pk for each in undos}

    def standing(self, moment: int | None = None) -> list[Import]:
        """The imports that were published and not undone, in the order of their publication."""
        return self._standing(self.imports, moment)

    def before(self, taken: Import, moment: int | None = None) -> list[Import]:
        """Of those that stood, the ones that were published before this one; all, if it never was."""
        standing = self.standing(moment)
        order = {each.pk: number for number, each in enumerate(self.imports)}
        mine = order.get(taken.pk, len(order))
        return [each for each in standing if order[each.pk] < mine]

    def way_without(
        self, taken: Import, tables: Iterable[str], moment: int | None = None
    ) -> tuple[Snapshot | None, list[Import]]:
        """The newest state that holds no more than is left, and what is to be replayed on it, in order."""
        wanted = frozenset(tables)
        feeding = [each for each in self.imports if wanted & fed_tables(each)]
        target = [each for each in self._standing(feeding, moment) if each.pk != taken.pk]
        best, since = 0, None
        for snapshot in self.snapshots:
            if snapshot.pk > self._last(moment):
                break
            held = self._standing(feeding, snapshot.pk)
            if len(held) >= best and held == target[: len(held)]:
                best, since = len(held), snapshot
        return since, target[best:]

    def tables_of(self, taken: Import, moment: int | None = None) -> set[str]:
        """The tables that go back with an import: its own, and those whose rows were read off them."""
        tables = fact_tables(taken) | (fed_tables(taken) if taken.is_snapshot else set())
        has_snapshots = any(each.is_snapshot for each in self.standing(moment))
        return tables | TOGETHER if has_snapshots and tables & TOGETHER else tables

    def _standing(self, imports: Iterable[Import], moment: int | None) -> list[Import]:
        last = self._last(moment)
        gone = self.undone_at
        return [each for each in imports if place_of(each) <= last < gone.get(each.pk, last + 1)]

    def _last(self, moment: int | None) -> int:
        if moment is not None:
            return moment
        return self.snapshots[-1].pk if self.snapshots else 0


def place_of(taken: Import) -> int:
    """The snapshot that an import made, or found when it changed nothing."""
    return int(taken.counts.get("snapshot") or 0)


def fed_tables(taken: Import) -> set[str]:
    """The tables of the lake of which an import had rows, whether they changed anything or not."""
    return {table for table, counts in taken.counts.get("tables", {}).items() if "retired" in counts}


def fact_tables(taken: Import) -> set[str]:
    """The tables that an import changed in the lake."""
    return {
        table
        for table, counts in taken.counts.get("tables", {}).items()
        if "retired" in counts and changes(counts)
    }


def full_snapshot(taken: Import, before: Iterable[Import]) -> FullSnapshot | None:
    """How an import is held against those that stood before it; None for an increment."""
    mapping = ImportMapping.parse(taken.mapping)
    if not mapping.is_snapshot or taken.taken_on is None:
        return None
    own = [each for each in before if each.source_id == taken.source_id]
    times = {
        table: each.taken_on
        for each in own
        if each.is_snapshot and each.taken_on
        for table in fed_tables(each)
    }
    fed = {rule.table for rule in mapping.tables} | {
        table for each in own for table in each.counts["tables"] if is_fed(each, table)
    }
    everyone = Import.objects.filter(source=taken.source_id).values_list("public_id", flat=True)
    return FullSnapshot(
        imports=frozenset(everyone),
        as_of=taken.taken_on,
        before=times,
        covers=mapping.covers,
        first=taken.covered_from,
        last=taken.covered_to,
        derives=tuple(table for table in DERIVED if table not in fed),
    )


def is_fed(taken: Import, table: str) -> bool:
    """Whether the files of an import had rows of a table, beyond what was read off others."""
    return bool(taken.counts["tables"][table]["read"])
