"""Is a goal specific, measurable, achievable, relevant and time-bound? By rule, offline, zh and en."""

from steelyard.engine.smart.check import check
from steelyard.engine.smart.findings import LETTERS, Draft, Letter, Reason, Repair, SmartCheck

__all__ = ["LETTERS", "Draft", "Letter", "Reason", "Repair", "SmartCheck", "check"]
