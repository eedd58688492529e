"""What the engine finds in the log that is seen; each worked out once for the same cases."""

from steelyard.apps.process.queries.seen import Seen
from steelyard.engine.process.discover import discover
from steelyard.engine.process.findings import ProcessMap, Variant
from steelyard.engine.process.log import EventLog
from steelyard.engine.process.variants import variants


def map_of(seen: Seen) -> ProcessMap:
    return seen.kept("map", discover)


def variants_of(seen: Seen) -> tuple[Variant, ...]:
    return seen.kept("variants", variants)


def median_cycle_of(seen: Seen) -> float | None:
    """From the first start to the last finish, in seconds."""
    return seen.kept("cycle", _median_cycle)


def _median_cycle(log: EventLog) -> float | None:
    import numpy as np

    times = log.cycle_times()
    return float(np.median(times)) / 1e6 if len(times) else None
