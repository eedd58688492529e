"""What was found wrong with the facts: by source, behind a figure, and the rows themselves."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import (
    Import,
    NameAnswer,
    QualityAcceptance,
    QualityCheck,
    QualityFinding,
    Snapshot,
    Source,
)
from steelyard.apps.data.queries import facts, newest_snapshot
from steelyard.errors import Refused

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from steelyard.engine.kpi import Definitions, Kpi
    from steelyard.engine.quality import Context, Finding, Gate

SIZE = 50
Key = tuple[str, str, str, str]
# Table → the columns of it that a figure reads; None: any of them.
Reads = Mapping[str, frozenset[str] | None]


@dataclass(frozen=True)
class Told:
    """A finding as it was kept; with `acceptance` it was accepted as it is."""

    record: QualityFinding
    finding: "Finding"
    acceptance: QualityAcceptance | None = None


@dataclass(frozen=True)
class Quality:
    """What a check found, of all sources or of one; without a check nothing is known yet."""

    check: QualityCheck | None
    snapshot: Snapshot | None
    open: tuple[Told, ...] = ()
    accepted: tuple[Told, ...] = ()

    @property
    def is_checked(self) -> bool:
        return self.check is not None

    @property
    def is_behind(self) -> bool:
        """Newer data are being checked."""
        return self.check is not None and self.check.snapshot != self.snapshot

    @property
    def faults(self) -> int:
        return sum(each.finding.severity == "fault" for each in self.open)


def context_of(snapshot: Snapshot) -> "Context":
    """Which import came from where, and what was declared to be nobody."""
    from steelyard.engine.quality import Context, Origin

    imports = Import.objects.filter(published_at__isnull=False).order_by("published_at", "pk")
    listed = imports.values_list("public_id", "source__name")
    nobody = NameAnswer.objects.filter(person=None).values_list("source__name", "text")
    return Context(
        imports={each: Origin(name or "", place) for place, (each, name) in enumerate(listed)},
        as_of=snapshot.created_at.date(),
        base_currency=settings.STEELYARD_CURRENCY,
        nobody=frozenset((source or "", text) for source, text in nobody),
    )


def newest_check() -> QualityCheck | None:
    return QualityCheck.objects.select_related("snapshot").first()


def quality_seen_by(viewer: Any, source: str | None = None) -> Quality:
    """Findings of the newest check; `source` "" is what no source brought, None all of them."""
    authorize(viewer, "data.quality")
    check, snapshot = newest_check(), newest_snapshot()
    if check is None:
        return Quality(None, snapshot)
    told = [each for each in told_of(check) if source is None or each.finding.source == source]
    return Quality(
        check,
        snapshot,
        tuple(each for each in told if each.acceptance is None),
        tuple(each for each in told if each.acceptance is not None),
    )


def told_of(check: QualityCheck) -> list[Told]:
    """The findings of a check, faults first."""
    from steelyard.engine.quality.finding import weight

    accepted = {_key(each): each for each in QualityAcceptance.objects.select_related("source", "actor")}
    records = check.findings.select_related("source")
    told = [Told(each, finding_of(each), accepted.get(_key(each))) for each in records]
    return sorted(told, key=lambda each: weight(each.finding))


def finding_of(record: QualityFinding) -> "Finding":
    from steelyard.engine.quality import Finding

    return Finding(
        rule=record.rule,
        table=record.table,
        column=record.column,
        source=record.source.name if record.source else "",
        count=record.count,
        rows=record.rows,
        amount=record.amount,
        total=record.total,
        detail=record.detail,
    )


def _key(each: QualityFinding | QualityAcceptance) -> Key:
    return (each.source.name if each.source else "", each.table, each.rule, each.column)


def reads_behind(snapshot: Snapshot, kpi: "Kpi", *, definitions: "Definitions") -> Reads:
    """Which tables of a snapshot a KPI reads, and which of their columns."""
    from steelyard.engine.quality import reads_of

    with facts(snapshot.versions) as lake:
        return reads_of(lake.tables, kpi, definitions=definitions)


def quality_gate(snapshot: Snapshot, reads: Reads, *, ask: bool = True) -> "Gate":
    """Whether figures that read these tables of a snapshot may be relied on.

    A snapshot that was not checked yet is, for these tables alone; with ask=False it is said to be unchecked.
    """
    from steelyard.engine.quality import Gate, concerning, gate_of

    check = QualityCheck.objects.filter(snapshot=snapshot).first()
    if check is None and not ask:
        return Gate("unchecked")
    found = [each.finding for each in told_of(check)] if check else _checked_now(snapshot, reads)
    accepted = _accepted_keys()
    touching = concerning(found, reads)
    standing = [each for each in touching if each.key not in accepted]
    return gate_of(standing, accepted=len(touching) - len(standing))


def _accepted_keys() -> set[Key]:
    return {_key(each) for each in QualityAcceptance.objects.select_related("source")}


def _checked_now(snapshot: Snapshot, reads: Reads) -> "list[Finding]":
    from steelyard.engine.quality.summary import check_tables

    context = context_of(snapshot)
    with facts(snapshot.versions) as lake:
        held = {name for name, table in lake.tables.items() if "_import" in table.columns}
        return list(check_tables(lake.tables, sorted(held.intersection(reads)), context))


def gate_json(gate: "Gate", snapshot: Snapshot) -> dict[str, Any]:
    """The gate as a diagnosis or a pay run keeps it: codes and numbers."""
    return {
        "verdict": gate.verdict,
        "snapshot": snapshot.pk,
        "accepted": gate.accepted,
        "findings": [
            {
                "rule": each.rule,
                "table": each.table,
                "column": each.column,
                "source": each.source,
                "count": each.count,
                "rows": each.rows,
                "share": each.share,
                "amount_share": each.amount_share,
                "severity": each.severity,
                "grain": each.detail.get("grain", ""),
            }
            for each in gate.findings
        ],
    }


@dataclass(frozen=True)
class FindingRows:
    """One page of the rows of a finding."""

    told: Told
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    page: Page[Any]


def finding_seen_by(viewer: Any, public_id: str) -> Told:
    authorize(viewer, "data.quality")
    record = QualityFinding.objects.select_related("source", "check_of__snapshot").filter(public_id=public_id)
    found = record.first()
    if found is None:
        raise Refused("access.denied", 404)
    accepted = QualityAcceptance.objects.filter(
        source=found.source, table=found.table, rule=found.rule, column=found.column
    )
    return Told(found, finding_of(found), accepted.first())


def finding_rows(viewer: Any, public_id: str, *, page: Any = 1) -> FindingRows:
    told = finding_seen_by(viewer, public_id)
    with _rows(told) as table:
        total = int(table.count().to_pyarrow().as_py())
        shown = Paginator(range(total), SIZE).get_page(page)
        first = max(shown.start_index() - 1, 0)
        rows = table.limit(SIZE, offset=first).to_pyarrow()
    columns = tuple(rows.column_names)
    return FindingRows(told, columns, tuple(tuple(row.values()) for row in rows.to_pylist()), shown)


@contextmanager
def finding_batches(
    viewer: Any, public_id: str
) -> Iterator[tuple[list[str], Iterator[list[tuple[Any, ...]]]]]:
    """All rows of a finding in batches, as long as the block is open: (columns, batches)."""
    with _rows(finding_seen_by(viewer, public_id)) as table:
        reader = table.to_pyarrow_batches(chunk_size=10_000)
        yield (
            list(reader.schema.names),
            ([tuple(row.values()) for row in batch.to_pylist()] for batch in reader),
        )


@contextmanager
def _rows(told: Told) -> "Iterator[ir.Table]":
    """What the rule is about comes first; ordered by the key, so that pages never overlap."""
    from steelyard.engine.quality import rows_of
    from steelyard.lake.tables import table_spec

    snapshot = told.record.check_of.snapshot
    with facts(snapshot.versions) as lake:
        table = rows_of(lake.tables, told.finding, context_of(snapshot))
        first = [*table_spec(told.finding.table).key, told.finding.column]
        known = [name for name in dict.fromkeys(first) if name in table.columns]
        rest = [name for name in table.columns if name not in known]
        yield table.select(*known, *rest).order_by([*known, *rest])


def sources_checked(viewer: Any) -> list[tuple[str, int, int]]:
    """(source, faults, remarks) of every source that has rows, "" being none; the worst first."""
    open_findings = [each.finding for each in quality_seen_by(viewer).open]
    names = {*_sources_with_data(), *(each.source for each in open_findings)}
    found = []
    for name in names:
        faults = [each.severity == "fault" for each in open_findings if each.source == name]
        found.append((name, sum(faults), len(faults) - sum(faults)))
    return sorted(found, key=lambda each: (-each[1], -each[2], each[0]))


def _sources_with_data() -> list[str]:
    published = Q(imports__state=Import.State.PUBLISHED)
    return list(Source.objects.filter(published).values_list("name", flat=True).distinct())
