"""Which activities end a case, and which cases are still open on a day."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.log import EventLog, Longs

# An activity after which at least this share of its occurrences go no further ends a case.
ENDING_SHARE = 0.5
# Where there is none such, one that is the last of at least this share of the cases does.
LAST_SHARE = 0.05


@dataclass(frozen=True, eq=False)
class OnADay:
    """Where cases are on a day: the log up to then, which cases are open, since when each lies still."""

    log: EventLog
    endings: tuple[str, ...]
    is_open: npt.NDArray[np.bool_]
    idle: Longs
    age: Longs


def endings_of(log: EventLog) -> tuple[str, ...]:
    """The activities after which at least half of their occurrences go no further, by name.

    A log may have none: one that tells of schedule, start and completion in rows of their own, or whose steps
    come back often. There every activity that is the last of at least 5 % of the cases counts as an ending.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> times = [datetime.datetime(2024, 5, 6, hour) for hour in (9, 10, 9)]
    >>> endings_of(log_of(pyarrow.table({"case_id": ["1", "1", "2"], "activity": ["ask", "sign", "ask"],
    ...                                  "finished_at": times})))
    ('ask', 'sign')
    """
    names = len(log.activities)
    seen = np.bincount(log.activity, minlength=names)
    ended = np.bincount(log.activity[log.last], minlength=names)
    ends = (ended > 0) & (ended >= seen * ENDING_SHARE)
    if not ends.any():
        ends = (ended > 0) & (ended >= len(log.cases) * LAST_SHARE)
    return tuple(log.activities[code] for code in np.flatnonzero(ends).tolist())


def on_a_day(log: EventLog, *, as_of: int, endings: Collection[str] | None = None) -> OnADay:
    """Look at a log as it stood at a moment (microseconds since 1970); later events count as not known."""
    seen = log.until(as_of)
    named = endings_of(seen) if endings is None else tuple(sorted(endings))
    codes = [code for code, name in enumerate(seen.activities) if name in named]
    finished = seen.finished[seen.last]
    return OnADay(
        log=seen,
        endings=named,
        is_open=~np.isin(seen.activity[seen.last], codes),
        idle=as_of - finished,
        age=as_of - finished + seen.cycle_times(),
    )
