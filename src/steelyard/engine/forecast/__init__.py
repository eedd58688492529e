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
from steelyard.engine.forecast.pacing import pace
from steelyard.engine.forecast.profile import seasonal_profile
from steelyard.engine.forecast.rates import quota_quality, usual_rate

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
    "pace",
    "quota_quality",
    "ratio_outlook_of",
    "seasonal_profile",
    "usual_rate",
]
