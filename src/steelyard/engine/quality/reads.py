"""Which tables and columns stand behind a KPI: what its data check is about."""

from collections.abc import Iterable, Mapping, Sequence

from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi, Part
from steelyard.engine.kpi.expand import parts_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.sources import DERIVED, relation
from steelyard.engine.quality.finding import Finding
from steelyard.engine.quality.rules import OWNERS, concerns_all
from steelyard.errors import Refused

Reads = Mapping[str, frozenset[str] | None]


def reads_of(tables: Tables, kpi: Kpi | str, *, definitions: Definitions | None = None) -> Reads:
    """Tell which tables a KPI reads and which of their columns; None: any of them.

    Parameters
    ----------
    tables
        The lake's tables by name.
    kpi
        A KPI or its id; a formula reads what its factors read.
    definitions
        The catalogue to look ids up in; the shipped one by default.

    Returns
    -------
    dict
        Table → columns. A relation that is derived of several tables (receivables) reads any column of each.

    Raises
    ------
    Refused
        `kpi.unknown`, and `kpi.missing-column` where a table is absent.
    """
    found: dict[str, frozenset[str] | None] = {}
    for part in parts_of(kpi_of(kpi, definitions=definitions), definitions=definitions):
        source = relation(tables, part.table)
        for table in source.needs:
            columns = None if part.table in DERIVED else columns_of(part)
            known = found.get(table, frozenset())
            found[table] = None if columns is None or known is None else known | columns
    return found


def kpis_touched(
    tables: Tables, findings: Sequence[Finding], *, definitions: Definitions
) -> dict[tuple[str, str, str, str], list[str]]:
    """Tell for each finding, by its key, the KPIs whose figures it touches, in the catalogue's order.

    Parameters
    ----------
    tables, definitions
        As for `reads_of`; a KPI that these tables do not give is left out.
    findings
        What a check of the same tables came to.

    Returns
    -------
    dict
        Key of a finding → ids of KPIs.
    """
    found: dict[tuple[str, str, str, str], list[str]] = {each.key: [] for each in findings}
    for kpi in definitions.values():
        try:
            reads = reads_of(tables, kpi, definitions=definitions)
        except Refused:
            continue
        for each in findings:
            if is_touched(each, reads):
                found[each.key].append(kpi.id)
    return found


def is_touched(finding: Finding, reads: Reads) -> bool:
    """Say whether a figure that reads this is touched by a finding."""
    return finding.table in reads and _touches(finding, reads[finding.table])


def columns_of(part: Part) -> frozenset[str]:
    """The columns that a part reads by name."""
    names = {part.date, *part.measure.columns, *(each.column for each in part.where)}
    return frozenset(names | {each.column for each in part.timing})


def concerning(findings: Iterable[Finding], reads: Reads) -> list[Finding]:
    """Keep the findings that a figure which reads these tables is touched by."""
    return [each for each in findings if is_touched(each, reads)]


def _touches(finding: Finding, columns: frozenset[str] | None) -> bool:
    if columns is None or finding.column in columns or finding.column in OWNERS:
        return True
    return concerns_all(finding.rule, finding.table, finding.column)
