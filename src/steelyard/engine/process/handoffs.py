"""Who hands work to whom, how often, and how long it lies in between."""

from typing import Literal

from steelyard.engine.process.discover import steps_of
from steelyard.engine.process.findings import HandOff, HandOffs
from steelyard.engine.process.groups import grouped, spans
from steelyard.engine.process.log import EventLog
from steelyard.errors import Refused


def handoffs(log: EventLog, *, by: Literal["performer", "role"] = "performer") -> HandOffs:
    """Count the steps in which work goes from one performer, or role, to another.

    Parameters
    ----------
    log
        Events with performers, or roles; those of an unknown one hand nothing on and take nothing over.
    by
        Whose hands.

    Returns
    -------
    HandOffs
        A line for each giver and taker, most hand-offs first, then by name; `steps` whose both ends are
        known, and the share of them that changes hands (None when there is none).

    Raises
    ------
    Refused
        `process.missing-column` (with column) for a log without performers, or roles.

    Notes
    -----
    Steps and waits are those of `discover`: by start, a wait from this finish to the next start.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 12)]
    >>> log = log_of(pyarrow.table({"case_id": ["1"] * 3, "activity": ["ask", "sign", "pay"],
    ...                             "finished_at": times, "performer": ["Li", "Wang", "Wang"]}))
    >>> found = handoffs(log)
    >>> [(line.giver, line.taker, line.median_wait_s) for line in found.lines], found.share_handed
    ([('Li', 'Wang', 3600.0)], 0.5)
    """
    codes, names = (log.performer, log.performers) if by == "performer" else (log.role, log.roles)
    if codes is None:
        raise Refused("process.missing-column", column=by)
    steps = steps_of(log, codes, names=len(names))
    groups = grouped(steps.edge, groups=steps.edges)
    cases = groups.owners(steps.case).tolist()
    waits = spans(steps.wait[groups.order], groups.bounds)
    medians, totals = waits.quantile(0.5).tolist(), waits.totals()
    figures = zip(groups.counts.tolist(), cases, medians, totals, strict=True)
    lines, known = [], int(groups.counts.sum())
    for code, found in zip(groups.codes.tolist(), figures, strict=True):
        giver, taker = steps.ends_of(code)
        if giver != taker:
            lines.append(HandOff(names[giver], names[taker], *found))
    lines.sort(key=lambda line: (-line.count, line.giver, line.taker))
    handed = sum(line.count for line in lines)
    return HandOffs(by=by, steps=known, lines=tuple(lines), share_handed=handed / known if known else None)
