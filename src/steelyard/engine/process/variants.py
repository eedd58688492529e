"""The ways that cases take through a process, and the one that most take to an end."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from steelyard.engine.process.findings import Variant
from steelyard.engine.process.groups import grouped, spans
from steelyard.engine.process.log import EventLog, Longs

# A last activity of fewer cases than this share is where a case broke off, not an end of the process.
END_SHARE = 0.05


def variants(log: EventLog) -> tuple[Variant, ...]:
    """Count the distinct sequences of activities that cases take.

    Parameters
    ----------
    log
        The events; their order is by finish, then as in the file.

    Returns
    -------
    tuple of Variant
        Most frequent first, ties by path. `share` of all cases; `median_cycle_s` and `p90_cycle_s` from the
        earliest start to the last finish; `example` the first of its cases by name.

    Notes
    -----
    Cases are told apart by a 64-bit number of their sequence, and every case is then compared, event by
    event, with the one that stands for its number, so that the counts are exact.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> day = datetime.datetime(2024, 5, 1)
    >>> log = log_of(pyarrow.table({"case_id": ["1", "2", "3"], "activity": ["a", "b", "a"],
    ...                             "finished_at": [day, day, day]}))
    >>> [(way.path, way.count, way.example) for way in variants(log)]
    [(('a',), 2, '1'), (('b',), 1, '2')]
    """
    if not len(log):
        return ()
    way, first = ways_of(log)
    groups = grouped(way, groups=len(first))
    cycle = spans(log.cycle_times()[groups.order], groups.bounds)
    codes = log.activity.tolist() if len(first) * 4 > len(log.cases) else log.activity
    found = []
    examples = log.cases.take(pa.array(first)).to_pylist()
    figures = (groups.counts.tolist(), cycle.quantile(0.5).tolist(), cycle.quantile(0.9).tolist())
    limits = (log.bounds[first].tolist(), log.bounds[first + 1].tolist())
    for begin, end, example, count, median, p90 in zip(*limits, examples, *figures, strict=True):
        path = tuple(log.activities[code] for code in codes[begin:end])
        found.append(Variant(path, count, count / len(log.cases), median, p90, example))
    return tuple(sorted(found, key=lambda variant: (-variant.count, variant.path)))


def happy_path(found: Sequence[Variant]) -> Variant | None:
    """The most frequent variant whose last activity ends at least 5 % of all cases; None without a case."""
    ends: Counter[str] = Counter()
    for variant in found:
        ends[variant.path[-1]] += variant.count
    needed = END_SHARE * ends.total()
    return next((variant for variant in found if ends[variant.path[-1]] >= needed), None)


def ways_of(log: EventLog) -> tuple[npt.NDArray[np.int32], Longs]:
    """The number of each case's sequence, and the first case with each number."""
    numbers = _numbers(log)
    _, first, way = np.unique(numbers, return_index=True, return_inverse=True)
    while (strays := _strays(log, first[way])).any():
        numbers[strays] += np.uint64(1)
        _, first, way = np.unique(numbers, return_index=True, return_inverse=True)
    return way.astype(np.int32), first.astype(np.int64)


def _numbers(log: EventLog) -> npt.NDArray[np.uint64]:
    """A sum over each case's events of random numbers of their activity and place."""
    random = np.random.default_rng(20240501)
    lengths = np.diff(log.bounds)
    of_activity = random.integers(1, 2**64, len(log.activities), dtype=np.uint64, endpoint=False)
    of_place = random.integers(0, 2**63, int(lengths.max()), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    terms = of_activity[log.activity]
    place = np.arange(len(log), dtype=np.int32)
    place -= log.bounds.astype(np.int32)[log.case]
    terms *= of_place[place]
    terms ^= terms >> np.uint64(29)
    return np.add.reduceat(terms, log.first) + lengths.astype(np.uint64)


def _strays(log: EventLog, standing: Longs) -> npt.NDArray[np.bool_]:
    """Cases whose sequence is not that of the case that stands for their number."""
    lengths = np.diff(log.bounds)
    shorter = lengths != lengths[standing]
    if shorter.any():
        return shorter
    shift = (log.first[standing] - log.first).astype(np.int32)
    place = np.arange(len(log), dtype=np.int32)
    place += shift[log.case]
    other = log.activity[place] != log.activity
    found = np.zeros(len(log.cases), bool)
    found[log.case[other]] = True
    return found
