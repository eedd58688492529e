"""What the engine finds in the log that is seen; each worked out once for the same cases."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings

from steelyard.apps.process.queries.seen import Seen
from steelyard.engine.process.discover import discover
from steelyard.engine.process.findings import ProcessMap, Variant
from steelyard.engine.process.log import EventLog, instant
from steelyard.engine.process.variants import variants


def map_of(seen: Seen) -> ProcessMap:
    return seen.kept("map", discover)


def variants_of(seen: Seen) -> tuple[Variant, ...]:
    return seen.kept("variants", variants)


def activities_of(log: EventLog) -> tuple[str, ...]:
    """The steps that this part of the log has; its codes number those of the whole."""
    return tuple(log.activities[code] for code in np.unique(log.activity).tolist())


def known_until(seen: Seen) -> datetime:
    """The end of the last day that the data tell of; a log without days is known until its last event."""
    zone = ZoneInfo(settings.TIME_ZONE)
    last = instant(seen.log.finished.max()) if len(seen.log) else datetime(1970, 1, 1, tzinfo=zone)
    if seen.snapshot.data_to is None:
        return last
    told = datetime.combine(seen.snapshot.data_to + timedelta(days=1), time(), tzinfo=zone)
    return max(told, last)


def median_cycle_of(seen: Seen) -> float | None:
    """From the first start to the last finish, in seconds."""
    return seen.kept("cycle", _median_cycle)


def _median_cycle(log: EventLog) -> float | None:
    times = log.cycle_times()
    return float(np.median(times)) / 1e6 if len(times) else None
