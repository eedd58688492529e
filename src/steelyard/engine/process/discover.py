"""The directly-follows map: what follows what, how often, after what wait, and how long work takes."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.findings import ActivityFigures, EdgeFigures, ProcessMap
from steelyard.engine.process.groups import Groups, grouped, spans
from steelyard.engine.process.log import NO_TIME, EventLog, Ints, Longs


@dataclass(frozen=True, eq=False)
class Steps:
    """Every event that has a next one in its case: where it is, where the next one is, the wait between."""

    edge: npt.NDArray[np.integer]
    edges: int
    case: Ints
    wait: Longs
    activities: int

    def ends_of(self, edge: int) -> tuple[int, int]:
        """The codes of an edge's two activities."""
        return divmod(edge, self.activities)


def discover(log: EventLog) -> ProcessMap:
    """Draw the directly-follows map of a log.

    Parameters
    ----------
    log
        The events; starts may be missing.

    Returns
    -------
    ProcessMap
        `activities` and `edges` by count, most first, then by name. Seconds; an activity's work time is
        None where none of its events has a start. `starts` and `ends` count cases by their first and
        last activity, most first.

    Notes
    -----
    An edge leads from one event to the next of its case *by start* (events without one count by their
    finish; ties by finish, then as in the file). Its wait is the next start minus this finish, and 0 where
    the two overlap. Starts, ends and variants go *by finish*. Where steps of a case never overlap both
    orders are one, and what flows into an activity flows out of it. Quantiles lie between neighbours in
    proportion. Sums are exact. Two sorts over events (edges, activities), none within Python.
    Source: van der Aalst, W. (2016), Process Mining, 2nd ed., 6.2; the same orders as PM4Py 2.7.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> day = datetime.datetime(2024, 5, 1)
    >>> found = discover(log_of(pyarrow.table({
    ...     "case_id": ["1", "1", "2"], "activity": ["ask", "sign", "ask"],
    ...     "finished_at": [day, day + datetime.timedelta(hours=1), day]})))
    >>> [(edge.source, edge.target, edge.count, edge.median_wait_s) for edge in found.edges]
    [('ask', 'sign', 1, 3600.0)]
    >>> found.starts, found.ends
    ({'ask': 2}, {'ask': 1, 'sign': 1})
    """
    return ProcessMap(
        cases=len(log.cases),
        events=len(log),
        activities=_activities(log),
        edges=_edges(log),
        starts=_tally(log, log.activity[log.first]),
        ends=_tally(log, log.activity[log.last]),
    )


def steps_of(log: EventLog, codes: Ints | None = None, *, names: int | None = None) -> Steps:
    """The steps from event to event, by start; `codes` (−1: none) are other ends of edges than activities."""
    codes, names = (log.activity, len(log.activities)) if codes is None else (codes, names or 0)
    order = log.by_start()
    begun, finished, case = log.starts(), log.finished, log.case
    if order is not None:
        begun, finished, case, codes = begun[order], finished[order], case[order], codes[order]
    wait = begun[1:] - finished[:-1]
    if log.started is not None:
        np.maximum(wait, 0, out=wait)
    edge, edges = _edge_codes(codes, names)
    edge[(case[1:] != case[:-1]) | (codes[1:] < 0) | (codes[:-1] < 0)] = edges
    return Steps(edge, edges, case[1:], wait, names)


def _edge_codes(codes: Ints, names: int) -> tuple[npt.NDArray[np.integer], int]:
    """A number for each pair of neighbours, small enough to sort by its digits where that can be."""
    edges = names * names
    if edges < 2**16:
        small = codes.astype(np.uint16)
        return small[:-1] * np.uint16(names) + small[1:], edges
    large = codes.astype(np.int64)
    return large[:-1] * names + large[1:], edges


def _edges(log: EventLog) -> tuple[EdgeFigures, ...]:
    if len(log) < 2:
        return ()
    steps = steps_of(log)
    groups = grouped(steps.edge, groups=steps.edges)
    cases = groups.owners(steps.case)
    waits = spans(steps.wait[groups.order], groups.bounds)
    totals, counts = waits.totals(), groups.counts.tolist()
    rows = zip(
        groups.codes.tolist(),
        counts,
        cases.tolist(),
        waits.quantile(0.5).tolist(),
        waits.quantile(0.9).tolist(),
        totals,
        strict=True,
    )
    found = []
    for code, count, owners, median, p90, total in rows:
        source, target = steps.ends_of(code)
        ends = log.activities[source], log.activities[target]
        found.append(EdgeFigures(*ends, count, owners, median, total / count, p90, total))
    return tuple(sorted(found, key=lambda edge: (-edge.count, edge.source, edge.target)))


def _activities(log: EventLog) -> tuple[ActivityFigures, ...]:
    groups = grouped(log.activity, groups=len(log.activities))
    cases = groups.owners(log.case).tolist()
    work = _work_times(log, groups)
    found = [
        ActivityFigures(log.activities[code], count, owners, *work.get(code, (None, None, None, None)))
        for code, count, owners in zip(groups.codes.tolist(), groups.counts.tolist(), cases, strict=True)
    ]
    return tuple(sorted(found, key=lambda activity: (-activity.count, activity.activity)))


def _work_times(log: EventLog, groups: Groups) -> dict[int, tuple[float, float, float, float]]:
    """Median, mean, p90 and total work time by activity, of the events with a start."""
    if log.started is None:
        return {}
    known = groups.order[log.started[groups.order] != NO_TIME]
    work = log.finished[known] - log.started[known]
    np.maximum(work, 0, out=work)
    counts = np.bincount(log.activity[known], minlength=len(log.activities))
    codes = np.flatnonzero(counts)
    times = spans(work, np.concatenate(([0], np.cumsum(counts[codes]))))
    figures = zip(codes.tolist(), times.quantile(0.5), times.quantile(0.9), times.totals(), strict=True)
    return {
        code: (float(median), total / int(counts[code]), float(p90), total)
        for code, median, p90, total in figures
    }


def _tally(log: EventLog, codes: Ints) -> dict[str, int]:
    counts = np.bincount(codes, minlength=len(log.activities))
    found = [(log.activities[code], int(counts[code])) for code in np.flatnonzero(counts)]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))
