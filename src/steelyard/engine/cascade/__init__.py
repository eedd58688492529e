"""A total carried down to teams, people and months, so that everything adds up."""

from steelyard.engine.cascade.carrying import cascade, compare_methods
from steelyard.engine.cascade.change import change_cell, recascade
from steelyard.engine.cascade.document import check_fits
from steelyard.engine.cascade.findings import (
    Allocation,
    Cell,
    Check,
    Declared,
    Fairness,
    Moved,
    Total,
    Warned,
)
from steelyard.engine.cascade.outlooks import with_outlooks
from steelyard.engine.cascade.plan import METHODS, Lock, Plan, UnitPlan

__all__ = [
    "METHODS",
    "Allocation",
    "Cell",
    "Check",
    "Declared",
    "Fairness",
    "Lock",
    "Moved",
    "Plan",
    "Total",
    "UnitPlan",
    "Warned",
    "cascade",
    "change_cell",
    "check_fits",
    "compare_methods",
    "recascade",
    "with_outlooks",
]
