"""What an approval changes: outcomes other than yes, columns that are mended, cases that go back."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.approvals.findings import ChangedAfter, ChangedColumn, NextStep
from steelyard.engine.process.approvals.recognise import Recognised
from steelyard.engine.process.log import OUTCOMES, EventLog, Longs
from steelyard.engine.process.order import run_starts

APPROVED, REJECTED, CHANGED = (OUTCOMES.index(name) for name in ("approved", "rejected", "changed"))
# A column that differs after more approvals than this is a mark of the step, such as a status.
MARK_SHARE = 0.5
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Effects:
    """The decided events of a step, and what they did; `cases` and `is_affected` are by decided case."""

    events: Longs
    outcome: npt.NDArray[np.int8]
    cases: npt.NDArray[np.int32]
    is_affected: Truths
    changed_after: ChangedAfter


def effects_of(log: EventLog, step: Recognised, *, is_approval: Truths) -> Effects:
    """See what the decisions of a step did."""
    is_decided = step.outcome > 0
    events, outcome = step.events[is_decided], step.outcome[is_decided]
    has_next = events < log.last[log.case[events]]
    following = np.minimum(events + 1, len(log) - 1)
    goes_back = _goes_back(log, step, events, following, has_next & ~is_approval[following])
    columns, is_mended = _columns(log, events, outcome, following, has_next)
    is_effect = (outcome != APPROVED) | goes_back | is_mended
    begins = run_starts(log.case[events])
    cases = log.case[events[begins]]
    is_affected = np.logical_or.reduceat(is_effect, begins) if len(begins) else np.zeros(0, bool)
    after = ChangedAfter(_next_steps(log, outcome, following, has_next), columns, int(goes_back.sum()))
    return Effects(events, outcome, cases, is_affected, after)


def _goes_back(log: EventLog, step: Recognised, events: Longs, following: Longs, may_be: Truths) -> Truths:
    """Whether the next step is one that the case did before it first came here."""
    first_here = np.zeros(len(log.cases), np.int64)
    firsts = step.events[run_starts(log.case[step.events])]
    first_here[log.case[firsts]] = firsts
    is_next = np.zeros(len(log.activities), bool)
    is_next[log.activity[following[may_be]]] = True
    before = np.flatnonzero(is_next[log.activity])
    before = before[before < first_here[log.case[before]]]
    return may_be & np.isin(
        _pairs(log, log.case[events], log.activity[following]),
        _pairs(log, log.case[before], log.activity[before]),
    )


def _pairs(log: EventLog, case: npt.NDArray[np.int32], activity: npt.NDArray[np.int32]) -> Longs:
    return case.astype(np.int64) * len(log.activities) + activity


def _columns(
    log: EventLog, events: Longs, outcome: npt.NDArray[np.int8], following: Longs, has_next: Truths
) -> tuple[tuple[ChangedColumn, ...], Truths]:
    """The columns that were another at or directly after a decision, and where one was mended."""
    found, is_mended = [], np.zeros(len(events), bool)
    is_yes = outcome == APPROVED
    for name, places in log.altered.items():
        is_other = np.isin(events, places) | (has_next & np.isin(following, places))
        if not is_other.any():
            continue
        of_yes = float(is_other[is_yes].mean()) if is_yes.any() else 0.0
        is_mark = of_yes > MARK_SHARE
        if not is_mark:
            is_mended |= is_other
        found.append(
            ChangedColumn(name, int(is_other.sum()), float(is_other.mean()), of_yes, is_mark=is_mark)
        )
    return tuple(sorted(found, key=lambda one: (-one.decisions, one.column))), is_mended


def _next_steps(
    log: EventLog, outcome: npt.NDArray[np.int8], following: Longs, has_next: Truths
) -> tuple[NextStep, ...]:
    activity = np.where(has_next, log.activity[following], -1)
    counts = Counter(zip(outcome.tolist(), activity.tolist(), strict=True))
    totals = Counter(outcome.tolist())
    lines = [
        NextStep(OUTCOMES[told], "" if code < 0 else log.activities[code], count, count / totals[told])
        for (told, code), count in counts.items()
    ]
    return tuple(sorted(lines, key=lambda one: (one.outcome, -one.decisions, one.activity)))
