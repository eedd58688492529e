"""What a log lacks, before anybody trusts what is read from it."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.endings import endings_of
from steelyard.engine.process.findings import LogQuality
from steelyard.engine.process.log import NO_TIME, EventLog, instant


def log_quality(log: EventLog, *, endings: Collection[str] | None = None) -> LogQuality:
    """Count what makes a log's figures doubtful.

    Parameters
    ----------
    log
        The events.
    endings
        The activities that end a case; `endings_of` when left out.

    Returns
    -------
    LogQuality
        `dropped`: rows without a case, an activity or a finish. `duplicates`: events with the same case,
        activity, times and performer as an earlier one. `ties`: events of a case that finished at the same
        instant as the one before, so that their order is that of the file, and the cases with them.
        `single_timestamps`: events without a start. `negative_durations`: starts after their finish.
        `overlaps`: events that started before the one before had finished. `missing_performers`,
        `without_outcome`: events. `open_cases`: cases whose last activity ends none. `varying`: columns that
        differ within a case. Times of the first and last finish.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> day = datetime.datetime(2024, 5, 6)
    >>> found = log_quality(log_of(pyarrow.table(
    ...     {"case_id": ["1", "1"], "activity": ["ask", "ask"], "finished_at": [day, day]})))
    >>> found.ties, found.duplicates, found.single_timestamps, found.missing_performers
    (1, 1, 2, 2)
    """
    if not len(log):
        return LogQuality(0, 0, log.dropped, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, log.varying, None, None)
    tied = _next_in_case(log) & (log.finished[1:] == log.finished[:-1])
    named = endings_of(log) if endings is None else endings
    codes = [code for code, name in enumerate(log.activities) if name in named]
    return LogQuality(
        cases=len(log.cases),
        events=len(log),
        dropped=log.dropped,
        duplicates=_duplicates(log),
        ties=int(tied.sum()),
        cases_with_ties=len(np.unique(log.case[1:][tied])),
        single_timestamps=len(log) if log.started is None else int((log.started == NO_TIME).sum()),
        negative_durations=0 if log.started is None else int((log.started > log.finished).sum()),
        overlaps=_overlaps(log),
        missing_performers=len(log) if log.performer is None else int((log.performer < 0).sum()),
        without_outcome=len(log) if log.outcome is None else int((log.outcome == 0).sum()),
        open_cases=int((~np.isin(log.activity[log.last], codes)).sum()),
        one_event_cases=int((np.diff(log.bounds) == 1).sum()),
        varying=log.varying,
        first_at=instant(log.finished.min()),
        last_at=instant(log.finished.max()),
    )


def _next_in_case(log: EventLog) -> npt.NDArray[np.bool_]:
    return log.case[1:] == log.case[:-1]


def _duplicates(log: EventLog) -> int:
    columns = [log.started, log.performer, log.activity, log.finished, log.case]
    known = [column for column in columns if column is not None]
    order = np.lexsort(known)
    same = np.ones(len(log) - 1, bool)
    for column in known:
        same &= column[order[1:]] == column[order[:-1]]
    return int(same.sum())


def _overlaps(log: EventLog) -> int:
    if log.started is None:
        return 0
    order = log.by_start()
    order = np.arange(len(log)) if order is None else order
    begun, finished = log.starts()[order], log.finished[order]
    return int((_next_in_case(log) & (begun[1:] < finished[:-1])).sum())
