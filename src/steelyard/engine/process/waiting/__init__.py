"""Why work waits: batching, contention, prioritisation, unavailability, and the rest."""

from steelyard.engine.process.waiting.causes import waiting_causes
from steelyard.engine.process.waiting.findings import (
    ActivityWaits,
    EdgeWaits,
    PerformerWaits,
    WaitFigures,
    Waiting,
)
from steelyard.engine.process.waiting.hours import PerformerHours, always_open, hours_given, hours_inferred
from steelyard.engine.process.waiting.waits import CAUSES, Waits, waits_of

__all__ = [
    "CAUSES",
    "ActivityWaits",
    "EdgeWaits",
    "PerformerHours",
    "PerformerWaits",
    "WaitFigures",
    "Waiting",
    "Waits",
    "always_open",
    "hours_given",
    "hours_inferred",
    "waiting_causes",
    "waits_of",
]
