"""How much may come in by the end of a period, and how likely a target is."""

from steelyard.engine.forecast.findings import (
    LEVELS,
    Attained,
    Calibration,
    Outlook,
    Pace,
    Profile,
    QuotaQuality,
    UsualRate,
)

__all__ = [
    "LEVELS",
    "Attained",
    "Calibration",
    "Outlook",
    "Pace",
    "Profile",
    "QuotaQuality",
    "UsualRate",
]
