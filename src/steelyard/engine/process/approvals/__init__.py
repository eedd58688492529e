"""Needless approvals: what each decides, what differs after it, what it costs, what could be done."""

from steelyard.engine.process.approvals.findings import (
    Approval,
    ChangedAfter,
    ChangedColumn,
    NextStep,
    Overlap,
    Saving,
)
from steelyard.engine.process.approvals.judge import approvals

__all__ = [
    "Approval",
    "ChangedAfter",
    "ChangedColumn",
    "NextStep",
    "Overlap",
    "Saving",
    "approvals",
]
