"""Work that is done again: the same step at once, after others, or to and fro between two."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from steelyard.engine.process.findings import Rework, ReworkKind, ReworkLine
from steelyard.engine.process.groups import grouped
from steelyard.engine.process.log import NO_TIME, EventLog, Ints, Longs
from steelyard.engine.process.order import by_code

KINDS: tuple[ReworkKind, ...] = ("self-loop", "return", "ping-pong")
_HOUR = 3_600_000_000


def rework(log: EventLog, *, hourly_cost: Decimal | None = None) -> Rework:
    """Find the events that repeat an activity of their case.

    Parameters
    ----------
    log
        The events, in their order by finish.
    hourly_cost
        What an hour of work costs. Money is known only where starts are, because the hours from one finish
        to the next are mostly waiting.

    Returns
    -------
    Rework
        Cases with a repeat, their share, and a line for each kind, activity and `via`, most hours first. Each
        repeat is of one kind: `self-loop` when the event before is of the same activity; `ping-pong` when
        two activities take turns (A B A B), `via` the other of the two; else `return`, `via` the activity
        from which the case came back.

    Notes
    -----
    `hours` run from the finish of the event before to the repeat's own, waiting included; hours of several
    lines never count the same time twice. `work_hours` are those from start to finish; `money` is these
    times the cost, to the cent, and None without a start or a cost.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 12)]
    >>> log = log_of(pyarrow.table({"case_id": ["1"] * 3, "activity": ["ask", "sign", "ask"],
    ...                             "finished_at": times}))
    >>> [(line.kind, line.activity, line.via, line.hours) for line in rework(log).lines]
    [('return', 'ask', 'sign', 2.0)]
    """
    repeats = repeats_of(log)
    if not len(repeats):
        return Rework(cases=0, share=0.0, lines=())
    names = len(log.activities)
    kind = _kinds(log)[repeats]
    before = log.activity[repeats - 1].astype(np.int64)
    key = (kind * names + log.activity[repeats]) * names + np.where(kind == 0, 0, before)
    groups = grouped(key, groups=3 * names * names)
    cases = groups.owners(log.case[repeats])
    lost = log.finished[repeats] - log.finished[repeats - 1]
    lines = []
    for place, code in enumerate(groups.codes.tolist()):
        rows = groups.order[groups.bounds[place] : groups.bounds[place + 1]]
        kind_activity, via = divmod(code, names)
        which, activity = divmod(kind_activity, names)
        work = _work_hours(log, repeats[rows])
        lines.append(
            ReworkLine(
                kind=KINDS[which],
                activity=log.activities[activity],
                via="" if which == 0 else log.activities[via],
                cases=int(cases[place]),
                events=len(rows),
                hours=int(lost[rows].sum()) / _HOUR,
                work_hours=work,
                money=_money(work, hourly_cost),
            )
        )
    reworked = len(np.unique(log.case[repeats]))
    lines.sort(key=lambda line: (-line.hours, KINDS.index(line.kind), line.activity, line.via))
    return Rework(cases=reworked, share=reworked / len(log.cases), lines=tuple(lines))


def repeats_of(log: EventLog) -> Longs:
    """Where the events are whose activity the case has had before."""
    if not len(log):
        return np.empty(0, np.int64)
    pair = log.case.astype(np.int64) * len(log.activities) + log.activity
    order = by_code(pair)
    again = order[1:][pair[order[1:]] == pair[order[:-1]]]
    again.sort()
    return again


def _kinds(log: EventLog) -> Longs:
    """The kind that each event has if it is a repeat, as its place in KINDS."""
    same = [_same_as(log, back) for back in (1, 2)]
    alternates = same[1] & ~same[0]
    run = np.zeros(len(log), bool)
    run[1:] = alternates[1:] & alternates[:-1]
    partners = run.copy()
    partners[:-1] |= run[1:]
    kinds = np.full(len(log), KINDS.index("return"), np.int64)
    kinds[partners] = KINDS.index("ping-pong")
    kinds[same[0]] = KINDS.index("self-loop")
    return kinds


def _same_as(log: EventLog, back: int) -> Ints:
    """Whether each event is of the activity that its case had so many events before."""
    found = np.zeros(len(log), bool)
    found[back:] = (log.case[back:] == log.case[:-back]) & (log.activity[back:] == log.activity[:-back])
    return found


def _work_hours(log: EventLog, events: Longs) -> float | None:
    if log.started is None:
        return None
    timed = events[log.started[events] != NO_TIME]
    if not len(timed):
        return None
    work = np.maximum(log.finished[timed] - log.started[timed], 0)
    return int(work.sum()) / _HOUR


def _money(work_hours: float | None, hourly_cost: Decimal | None) -> Decimal | None:
    if work_hours is None or hourly_cost is None:
        return None
    return (Decimal(repr(work_hours)) * hourly_cost).quantize(Decimal("0.01"), ROUND_HALF_UP)
