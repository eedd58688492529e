"""What if a step were removed, merged, run beside another, automated, or done by more people?"""

from steelyard.engine.process.whatif.changes import (
    Change,
    automate,
    change_of,
    merge,
    parallelise,
    remove,
    staff,
)
from steelyard.engine.process.whatif.outcome import ActivityOutcome, Contrast, CycleTimes, Outcome
from steelyard.engine.process.whatif.simulate import simulate

__all__ = [
    "ActivityOutcome",
    "Change",
    "Contrast",
    "CycleTimes",
    "Outcome",
    "automate",
    "change_of",
    "merge",
    "parallelise",
    "remove",
    "simulate",
    "staff",
]
