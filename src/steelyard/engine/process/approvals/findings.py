"""What is found of each approval step: what it decides, what it costs, and what to do with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from steelyard.engine.process.findings import Finding
from steelyard.engine.process.shares import Estimate
from steelyard.engine.process.worktime import Clock

Proposal = Literal["drop", "merge", "sample", "delegate", "keep", "cannot-tell"]
# A code and its figures.
Reason = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True)
class NextStep(Finding):
    """What came directly after decisions of one kind; `activity` is "" where the case ended."""

    outcome: str
    activity: str
    decisions: int
    share: float


@dataclass(frozen=True)
class ChangedColumn(Finding):
    """A case column that became another at the step or directly after it.

    `share` is of all decisions, `share_approved` of those that approved. A column that is another after
    most approvals is a mark of the step itself (`is_mark`) and no correction.
    """

    column: str
    decisions: int
    share: float
    share_approved: float
    is_mark: bool


@dataclass(frozen=True)
class ChangedAfter(Finding):
    """What was another after the step: the next step by outcome, case columns, and cases sent back."""

    next_steps: tuple[NextStep, ...]
    columns: tuple[ChangedColumn, ...]
    sent_back: int


@dataclass(frozen=True)
class Overlap(Finding):
    """Another approval of the same cases.

    `share_of_cases` of this step's cases have both. Each decision is set beside the other's last one
    before it (its next one, where there is none). Of these pairs are shares: `same_performer` (None
    where names do not tell people apart), `same_decision`, `adjacent` (nothing in between), `same_round`
    (nothing but approvals in between), `comes_before` (the other one was first).
    """

    activity: str
    turn: int
    cases: int
    share_of_cases: float
    pairs: int
    same_performer: float | None
    same_performer_low: float | None
    same_decision: float
    adjacent: float
    same_round: float
    comes_before: float


@dataclass(frozen=True)
class Saving(Finding):
    """What the proposal would save, by replaying the log: per case that it touches, and in all."""

    cases: int
    median_days: Estimate
    mean_days: Estimate
    total_hours: float


@dataclass(frozen=True)
class Approval(Finding):
    """One approval step.

    `activities` are the names in the log that tell it (approved and rejected may have their own); `turn`
    is the place in a row of approvers of one name, 0 where there is no row. `cases` have the step, `decided`
    of them an outcome; `affected` of those were rejected, changed or sent back, or a column was mended.
    Rates have Wilson's interval. `wait` is in seconds by the `clock`; `saving_days` is the median of
    `saving`. `reasons` are codes with their figures.
    """

    activity: str
    activities: tuple[str, ...]
    turn: int
    cases: int
    decided: int
    decisions: int
    undecided: int
    approve_rate: float | None
    low: float | None
    high: float | None
    changed: int
    rejected: int
    affected: int
    affected_rate: float | None
    affected_low: float | None
    affected_high: float | None
    changed_after: ChangedAfter
    overlap: tuple[Overlap, ...]
    approvers: int
    clock: Clock
    median_wait_s: float
    total_wait_s: float
    work_hours: float | None
    cost: Decimal | None
    proposal: Proposal
    with_activity: str | None
    with_turn: int
    below: tuple[str, float] | None
    saving_days: Estimate | None
    saving: Saving | None
    reasons: tuple[Reason, ...]
