"""What a check comes to: counts and codes, no sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from steelyard.engine.quality.rules import limit_of

Severity = Literal["remark", "fault"]
Verdict = Literal["passed", "remarks", "failed", "unchecked"]


@dataclass(frozen=True)
class Origin:
    """Where the rows of an import come from: the source's name ("" for none) and its place in time."""

    source: str
    place: int


@dataclass(frozen=True)
class Finding:
    """One rule broken in one table by one source.

    `count` of `rows` break it, worth `amount` of `total` (None where the table has no amount). For gaps
    `count` is days, weeks or months without a row. `detail` holds what only this rule tells.
    """

    rule: str
    table: str
    column: str
    source: str
    count: int
    rows: int
    amount: Decimal | None = None
    total: Decimal | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it in a snapshot."""
        return (self.source, self.table, self.rule, self.column)

    @property
    def share(self) -> float:
        """The part of the rows; of a gap, the part of the days that should have had some."""
        return self.count / self.rows if self.rows else 0.0

    @property
    def amount_share(self) -> float | None:
        """The part of the amount, where there is one to speak of."""
        if self.amount is None or not self.total:
            return None
        return float(abs(self.amount) / abs(self.total))

    @property
    def severity(self) -> Severity:
        """A fault from the rule's limit on, by rows or by amount; else a remark."""
        limit = limit_of(self.rule, self.table, self.column)
        reached = max(self.share, self.amount_share or 0.0)
        return "fault" if limit is not None and reached >= limit else "remark"


@dataclass(frozen=True)
class Gate:
    """Whether figures made of some tables may be relied on, as the checks of a snapshot say."""

    verdict: Verdict
    findings: tuple[Finding, ...] = ()
    accepted: int = 0


def gate_of(findings: Iterable[Finding], *, accepted: int = 0) -> Gate:
    """Sum findings up: failed with one fault, passed with none at all.

    Parameters
    ----------
    findings
        Of the tables behind a figure, those that somebody accepted as they are left out.
    accepted
        How many were left out.

    Returns
    -------
    Gate
        Its findings with the faults first, then by share.

    Examples
    --------
    >>> gate_of([]).verdict
    'passed'
    >>> gate_of([Finding("orphan", "receipts", "invoice_id", "", 1, 100)]).verdict
    'remarks'
    >>> gate_of([Finding("orphan", "receipts", "invoice_id", "", 6, 100)]).verdict
    'failed'
    """
    listed = tuple(sorted(findings, key=weight))
    if not listed:
        return Gate("passed", accepted=accepted)
    has_fault = any(each.severity == "fault" for each in listed)
    return Gate("failed" if has_fault else "remarks", listed, accepted)


def weight(finding: Finding) -> tuple[Any, ...]:
    """Faults first, then what concerns most, then by name."""
    reached = max(finding.share, finding.amount_share or 0.0)
    return (finding.severity != "fault", -reached, -finding.count, finding.key)


@dataclass(frozen=True)
class Gap:
    """A stretch without a row in a table that has them steadily: first and last day, and how many of them."""

    first: date
    last: date
    missing: int
    grain: str
