"""Whether each step keeps the time that it promises."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.declared.findings import SlaLine
from steelyard.engine.process.declared.flow import Flow, Step
from steelyard.engine.process.declared.visits import Visits
from steelyard.engine.process.log import NO_TIME, EventLog, Longs
from steelyard.engine.process.shares import wilson
from steelyard.engine.process.worktime import micros_between

HOUR = 3_600_000_000
EXAMPLES = 10
Truths = npt.NDArray[np.bool_]


def sla_lines(
    log: EventLog, flow: Flow, visits: Visits, *, calendars: Calendars | None
) -> tuple[tuple[SlaLine, ...], Truths]:
    """One line a step, and which cases were late at any."""
    taken, is_measured = visit_times(log, visits, calendars=calendars)
    owner, at = log.case[visits.begins], visits.step[visits.begins]
    is_late = np.zeros(len(log.cases), bool)
    lines = []
    for index, step in enumerate(flow.steps):
        here = np.flatnonzero((at == index) & is_measured)
        unmeasured = len(np.unique(owner[(at == index) & ~is_measured]))
        line, late = _line(log, step, owner[here], taken[here], unmeasured)
        is_late[late] = True
        lines.append(line)
    return tuple(lines), is_late


def visit_times(log: EventLog, visits: Visits, *, calendars: Calendars | None) -> tuple[Longs, Truths]:
    """How long each visit took from the end of the declared step before it, and where that is known.

    The first visit of a case runs from the case's earliest start. It is not known where nothing but one
    event's finish is.
    """
    begins, ends = visits.begins, visits.ends
    if not len(begins):
        return np.empty(0, np.int64), np.empty(0, bool)
    owner = log.case[begins]
    is_first = np.append(True, owner[1:] != owner[:-1])
    before = np.append(0, ends[:-1])
    case_begun = np.minimum.reduceat(np.minimum(log.starts(), log.finished), log.first)[owner]
    ready = np.where(is_first, case_begun, log.finished[before])
    is_lone = is_first & (ends == log.first[owner])
    if log.started is not None:
        is_lone &= log.started[ends] == NO_TIME
    # Steps that overlap end in the log's order, so nothing here is negative.
    return micros_between(log, ends, ready, log.finished[ends], calendars=calendars), ~is_lone


def _line(
    log: EventLog, step: Step, owner: npt.NDArray[np.int32], taken: Longs, unmeasured: int
) -> tuple[SlaLine, npt.NDArray[np.int64]]:
    hours = None if step.sla is None else float(step.sla)
    cases, place = np.unique(owner, return_inverse=True)
    longest = np.zeros(len(cases), np.int64)
    np.maximum.at(longest, place, taken)
    if not len(cases):
        return SlaLine(step.key, hours, 0, unmeasured, 0, None, None, None, None, None, ()), cases.astype(
            np.int64
        )
    median, p90 = (float(one) for one in np.quantile(longest / HOUR, (0.5, 0.9)))
    if step.sla is None:
        line = SlaLine(step.key, None, len(cases), unmeasured, 0, None, None, None, median, p90, ())
        return line, cases[:0].astype(np.int64)
    is_late = longest > int(step.sla * HOUR)
    late = int(is_late.sum())
    low, high = wilson(len(cases) - late, len(cases))
    share = 1 - late / len(cases)
    worst = np.lexsort((cases, -longest))[:EXAMPLES]
    examples = tuple(log.cases.take(pa.array(cases[worst[is_late[worst]]])).to_pylist())
    line = SlaLine(step.key, hours, len(cases), unmeasured, late, share, low, high, median, p90, examples)
    return line, cases[is_late].astype(np.int64)
