"""A total carried down to teams, people and months, so that everything adds up."""

from steelyard.engine.cascade.findings import Allocation, Cell, Check, Fairness, Moved, Total, Warned
from steelyard.engine.cascade.plan import METHODS, Lock, Plan, UnitPlan

__all__ = [
    "METHODS",
    "Allocation",
    "Cell",
    "Check",
    "Fairness",
    "Lock",
    "Moved",
    "Plan",
    "Total",
    "UnitPlan",
    "Warned",
]
