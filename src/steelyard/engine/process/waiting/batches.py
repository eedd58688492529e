"""Events that one performer did together: batches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.process.log import Longs


@dataclass(frozen=True, eq=False)
class Batches:
    """`batch` numbers the batch of each event (-1: none); `ready` is when the last of each was enabled."""

    batch: Longs
    ready: Longs


def batches_of(
    performer: Longs, activity: NDArray[np.int32], enabled: Longs, started: Longs, finished: Longs
) -> Batches:
    """Find the batches among events.

    Notes
    -----
    In the order of their starts, an event joins the batch of the same performer and activity before it
    if it was enabled when the batch began and starts no later than the last of the batch finished. Two
    events make a batch. A batch is ready when its last event was enabled.
    Source: Lashkevich et al., "Unveiling the causes of waiting time in business processes from event
    logs", Information Systems 2024 (batch-processing-discovery).
    """
    order = np.lexsort((enabled, finished, started, activity, performer))
    who, what = performer[order], activity[order]
    since, begin, end = enabled[order], started[order], finished[order]
    is_first = np.append(True, (who[1:] != who[:-1]) | (what[1:] != what[:-1]))[: len(who)]
    is_first |= who < 0
    is_first = _with_breaks(is_first, since, begin, end)
    number = np.cumsum(is_first) - 1
    size = np.bincount(number) if len(number) else number
    renumbered = np.cumsum(size > 1) - 1
    places = np.flatnonzero(size[number] > 1)
    batch = np.full(len(order), -1, np.int64)
    batch[order[places]] = renumbered[number[places]]
    heads = np.flatnonzero(is_first[places])
    if not len(heads):
        return Batches(batch, np.empty(0, np.int64))
    return Batches(batch, np.maximum.reduceat(since[places], heads))


def _with_breaks(is_first: NDArray[np.bool_], since: Longs, begin: Longs, end: Longs) -> NDArray[np.bool_]:
    """Where batches begin, single events counted as batches of one."""
    # Most breaks show from neighbours alone: not enabled even when the event before it started.
    is_first = is_first.copy()
    is_first[1:] |= since[1:] > begin[:-1]
    heads = np.flatnonzero(is_first)
    lengths = np.diff(np.append(heads, len(is_first)))
    for head, length in zip(heads[lengths > 1].tolist(), lengths[lengths > 1].tolist(), strict=True):
        _split(is_first, head, head + length, since, begin, end)
    return is_first


def _split(is_first: NDArray[np.bool_], head: int, stop: int, since: Longs, begin: Longs, end: Longs) -> None:
    """Walk through one run of candidates: whether one joins depends on where its batch began."""
    times = zip(since[head:stop].tolist(), begin[head:stop].tolist(), end[head:stop].tolist(), strict=True)
    _, begun, reach = next(times)
    for place, (enabled, started, finished) in enumerate(times, head + 1):
        if enabled <= begun and started <= reach:
            reach = max(reach, finished)
        else:
            is_first[place] = True
            begun, reach = started, finished
