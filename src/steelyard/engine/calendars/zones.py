"""Wall-clock times of a zone as moments in UTC, whole arrays at a time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_SECOND = 1_000_000


def to_utc(wall: Ints, zone: str, years: tuple[int, int]) -> Ints:
    """Microseconds on the wall of `zone` as microseconds UTC.

    A time that the clock shows twice is the first of the two; one that it skips is the moment of the skip.
    """
    moments, offsets = _changes(zone, *years)
    shown_until = np.append(moments[1:], np.iinfo(np.int64).max - abs(offsets).max()) + offsets
    stretch = np.searchsorted(shown_until, wall, side="right")
    return np.maximum(wall - offsets[stretch], moments[stretch])


@lru_cache(maxsize=64)
def _changes(zone: str, first: int, last: int) -> tuple[Ints, Ints]:
    """When the offset of a zone changed in these years, and what it was from then on."""
    clock = ZoneInfo(zone)
    day = datetime(first, 1, 1, tzinfo=UTC) - timedelta(days=2)
    moments, offsets = [np.iinfo(np.int64).min], [_offset(clock, day)]
    while day.year <= last + 1:
        after = day + timedelta(days=1)
        if _offset(clock, after) != offsets[-1]:
            moments.append(_moment_of_change(clock, day, after))
            offsets.append(_offset(clock, after))
        day = after
    return np.array(moments), np.array(offsets)


def _offset(clock: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(clock).utcoffset() or timedelta()
    return round(offset.total_seconds()) * _SECOND


def _moment_of_change(clock: ZoneInfo, before: datetime, after: datetime) -> int:
    low, high = round(before.timestamp()), round(after.timestamp())
    former = _offset(clock, before)
    while high - low > 1:
        middle = (low + high) // 2
        is_former = _offset(clock, datetime.fromtimestamp(middle, UTC)) == former
        low, high = (middle, high) if is_former else (low, middle)
    return high * _SECOND
