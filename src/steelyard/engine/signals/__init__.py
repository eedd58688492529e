"""What is a signal, what is the usual up and down, and since when."""

from steelyard.engine.signals.change import ChangePoint, change_point, suggest_starts
from steelyard.engine.signals.seasonal import Season, adjusted, seasonal_factors
from steelyard.engine.signals.xmr import Band, Limits, Signal, fired_rules, judge_signal, process_limits

__all__ = [
    "Band",
    "ChangePoint",
    "Limits",
    "Season",
    "Signal",
    "adjusted",
    "change_point",
    "fired_rules",
    "judge_signal",
    "process_limits",
    "seasonal_factors",
    "suggest_starts",
]
