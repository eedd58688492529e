"""A process as its own log tells it: what follows what, where it waits, comes back, and stops."""

from steelyard.engine.process.discover import discover
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.variants import happy_path, variants

__all__ = ["EventLog", "discover", "happy_path", "log_of", "variants"]
