"""A process as its own log tells it: what follows what, where it waits, comes back, and stops."""

from steelyard.engine.process.compare import compare
from steelyard.engine.process.discover import discover
from steelyard.engine.process.endings import endings_of
from steelyard.engine.process.handoffs import handoffs
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.log_quality import log_quality
from steelyard.engine.process.progress import ageing, breakpoints, first_pass
from steelyard.engine.process.rework import rework
from steelyard.engine.process.variants import happy_path, variants

__all__ = [
    "EventLog",
    "ageing",
    "breakpoints",
    "compare",
    "discover",
    "endings_of",
    "first_pass",
    "handoffs",
    "happy_path",
    "log_of",
    "log_quality",
    "rework",
    "variants",
]
