"""Why is a KPI where it is: signal, drivers, segments, bright spots, since when."""

from steelyard.engine.diagnosis.diagnose import diagnose
from steelyard.engine.diagnosis.finding import (
    Change,
    Diagnosis,
    DimensionEffect,
    Driver,
    SegmentFinding,
    SignalFinding,
)

__all__ = [
    "Change",
    "Diagnosis",
    "DimensionEffect",
    "Driver",
    "SegmentFinding",
    "SignalFinding",
    "diagnose",
]
