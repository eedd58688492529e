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
from steelyard.engine.forecast.outlook import outlook_of, ratio_outlook_of

__all__ = [
    "LEVELS",
    "Attained",
    "Calibration",
    "Outlook",
    "Pace",
    "Profile",
    "QuotaQuality",
    "UsualRate",
    "outlook_of",
    "ratio_outlook_of",
]
