"""How cases get on: at the first attempt or not, how old the open ones are, and where they stop."""

from collections.abc import Collection
from datetime import datetime

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.endings import OnADay, on_a_day
from steelyard.engine.process.findings import Ageing, Breakpoint, FirstPass, OpenAt, OpenCase
from steelyard.engine.process.groups import SECOND, grouped, spans
from steelyard.engine.process.log import OUTCOMES, EventLog, Longs, instant, microseconds
from steelyard.engine.process.order import by_code
from steelyard.engine.process.shares import wilson
from steelyard.engine.process.survival import kaplan_meier


def first_pass(log: EventLog) -> tuple[FirstPass, ...]:
    """How often a case is approved by the first decision that an activity takes on it.

    Parameters
    ----------
    log
        Events with outcomes.

    Returns
    -------
    tuple of FirstPass
        One for each activity that decides, most decided cases first, then by name: `decided` cases,
        `first` of them approved at once, the rate with its 95 % interval. Empty without outcomes.

    Notes
    -----
    Source: Wilson, E. B. (1927), Probable inference, JASA 22.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 9)]
    >>> log = log_of(pyarrow.table({"case_id": ["1", "1", "2"], "activity": ["sign"] * 3,
    ...                             "finished_at": times, "outcome": ["changed", "approved", "approved"]}))
    >>> [(line.decided, line.first) for line in first_pass(log)]
    [(2, 1)]
    """
    if log.outcome is None:
        return ()
    decisions = np.flatnonzero(log.outcome > 0)
    pair = log.case[decisions].astype(np.int64) * len(log.activities) + log.activity[decisions]
    order = by_code(pair)
    is_first = np.diff(pair[order], prepend=-1) != 0
    firsts = decisions[order[is_first]]
    approved = log.outcome[firsts] == OUTCOMES.index("approved")
    names = len(log.activities)
    decided = np.bincount(log.activity[firsts], minlength=names).tolist()
    passed = np.bincount(log.activity[firsts[approved]], minlength=names).tolist()
    lines = [
        FirstPass(name, of, hits, hits / of, *wilson(hits, of))
        for name, of, hits in zip(log.activities, decided, passed, strict=True)
        if of
    ]
    return tuple(sorted(lines, key=lambda line: (-line.decided, line.activity)))


def ageing(log: EventLog, *, as_of: datetime, endings: Collection[str] | None = None) -> Ageing:
    """How old the open cases are on a day, and how long cases take with the open ones counted in.

    Parameters
    ----------
    log
        The events; those that finished after `as_of` count as not known yet.
    as_of
        The moment from which age is counted; without a zone it is taken as UTC.
    endings
        The activities that end a case; `endings_of` when left out.

    Returns
    -------
    Ageing
        `lines`: the open cases, oldest first. `expected_p90_s` is the time within which nine of ten cases
        that went on after this activity did so (None when none has), and a case is late when it has been
        idle for longer. `median_cycle_s` and `p90_cycle_s` are those of the Kaplan–Meier line `survival`
        (None where fewer cases than that have ended): open cases count up to now.

    Notes
    -----
    Age runs from a case's earliest start. Leaving open cases out would call a process quick while its slow
    cases are still open. Source: Kaplan and Meier (1958), JASA 53.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 9)]
    >>> log = log_of(pyarrow.table({"case_id": ["1", "1", "2"], "activity": ["ask", "sign", "ask"],
    ...                             "finished_at": times}))
    >>> found = ageing(log, as_of=datetime.datetime(2024, 5, 6, 12), endings=["sign"])
    >>> found.open_cases, found.lines[0].case, found.lines[0].age_s, found.lines[0].is_late
    (1, '2', 10800.0, True)
    """
    day = on_a_day(log, as_of=microseconds(as_of), endings=endings)
    opened = np.flatnonzero(day.is_open)
    patience = _patience(day)
    lines = _open_cases(day, opened, patience)
    survival = kaplan_meier(np.where(day.is_open, day.age, day.age - day.idle), ~day.is_open)
    return Ageing(
        as_of=instant(microseconds(as_of)),
        endings=day.endings,
        open_cases=len(opened),
        closed_cases=len(day.is_open) - len(opened),
        median_age_s=_median(day.age[opened]),
        median_cycle_s=survival.quantile(0.5),
        p90_cycle_s=survival.quantile(0.9),
        lines=lines,
        by_activity=_by_activity(day, opened, patience),
        survival=survival.points(),
    )


def breakpoints(
    log: EventLog, *, as_of: datetime, endings: Collection[str] | None = None
) -> tuple[Breakpoint, ...]:
    """Find the activities after which cases stop and never go on.

    Parameters
    ----------
    log
        The events; those that finished after `as_of` count as not known yet.
    as_of
        The moment up to which a case may have gone on; without a zone it is taken as UTC.
    endings
        The activities that end a case; `endings_of` when left out. Give them where cases can also stop
        at an ordinary step, or a step at which most stop counts as an end.

    Returns
    -------
    tuple of Breakpoint
        Activities with a stopped case, most stopped first, then by name: `reached` cases, `stopped` of
        them, the rate with its 95 % interval (Wilson), and how long the stopped ones have lain.

    Notes
    -----
    An open case has stopped after its last activity when it has been idle for longer than nine of ten
    cases took that went on from there; where none ever went on, every open case has. The ninth decile is
    of those that went on, so it does not grow with those that never will.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 9)]
    >>> log = log_of(pyarrow.table({"case_id": ["1", "1", "2"], "activity": ["ask", "sign", "ask"],
    ...                             "finished_at": times}))
    >>> found = breakpoints(log, as_of=datetime.datetime(2024, 5, 6, 12), endings=["sign"])
    >>> [(line.activity, line.reached, line.stopped) for line in found]
    [('ask', 2, 1)]
    """
    day = on_a_day(log, as_of=microseconds(as_of), endings=endings)
    at = day.log.activity[day.log.last]
    stopped = np.flatnonzero(day.is_open & (day.idle > _limits(_patience(day))[at]))
    reached = grouped(day.log.activity, groups=len(day.log.activities))
    cases = dict(zip(reached.codes.tolist(), reached.owners(day.log.case).tolist(), strict=True))
    groups = grouped(at[stopped], groups=len(day.log.activities))
    idle = spans(day.idle[stopped][groups.order], groups.bounds).quantile(0.5).tolist()
    lines = [
        Breakpoint(
            day.log.activities[code],
            cases[code],
            count,
            count / cases[code],
            *wilson(count, cases[code]),
            lain,
        )
        for code, count, lain in zip(groups.codes.tolist(), groups.counts.tolist(), idle, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.stopped, line.activity)))


def _patience(day: OnADay) -> list[float | None]:
    """The seconds within which nine of ten went on, by activity; None where none did."""
    log = day.log
    going = np.flatnonzero(log.case[1:] == log.case[:-1])
    groups = grouped(log.activity[going], groups=len(log.activities))
    times = spans((log.finished[going + 1] - log.finished[going])[groups.order], groups.bounds)
    found: list[float | None] = [None] * len(log.activities)
    for code, seconds in zip(groups.codes.tolist(), times.quantile(0.9).tolist(), strict=True):
        found[code] = seconds
    return found


def _limits(patience: list[float | None]) -> npt.NDArray[np.float64]:
    return np.array([-1.0 if seconds is None else seconds * SECOND for seconds in patience])


def _open_cases(day: OnADay, opened: Longs, patience: list[float | None]) -> tuple[OpenCase, ...]:
    log = day.log
    names = log.cases.take(opened).to_pylist()
    lines = []
    for case, name in zip(opened.tolist(), names, strict=True):
        last = int(log.last[case])
        idle, expected = int(day.idle[case]) / SECOND, patience[log.activity[last]]
        lines.append(
            OpenCase(
                case=name,
                last_activity=log.activities[log.activity[last]],
                since=instant(log.finished[last]),
                age_s=int(day.age[case]) / SECOND,
                idle_s=idle,
                expected_p90_s=expected,
                is_late=expected is not None and idle > expected,
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.age_s, line.case)))


def _by_activity(day: OnADay, opened: Longs, patience: list[float | None]) -> tuple[OpenAt, ...]:
    at = day.log.activity[day.log.last[opened]]
    groups = grouped(at, groups=len(day.log.activities))
    limit = np.array([np.inf if seconds is None else seconds * SECOND for seconds in patience])
    late = np.bincount(at[day.idle[opened] > limit[at]], minlength=len(patience))
    idle = spans(day.idle[opened][groups.order], groups.bounds).quantile(0.5).tolist()
    lines = [
        OpenAt(day.log.activities[code], count, int(late[code]), lain)
        for code, count, lain in zip(groups.codes.tolist(), groups.counts.tolist(), idle, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: (-line.cases, line.activity)))


def _median(values: Longs) -> float | None:
    return float(np.median(values)) / SECOND if len(values) else None
