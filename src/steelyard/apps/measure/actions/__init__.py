"""Writes of measuring: the points of a snapshot, targets that are typed in, scorecards."""

from .definitions import retire_definition, save_definition
from .evaluations import ask_to_keep, keep_month, keep_what_is_due
from .points import compute_points, currency_of
from .scorecards import (
    check_weights,
    restore_template,
    retire_template,
    save_template,
    see_scorecard,
)
from .targets import number_typed, type_targets, undo_typed_targets

__all__ = [
    "ask_to_keep",
    "check_weights",
    "compute_points",
    "currency_of",
    "keep_month",
    "keep_what_is_due",
    "number_typed",
    "restore_template",
    "retire_definition",
    "retire_template",
    "save_definition",
    "save_template",
    "see_scorecard",
    "type_targets",
    "undo_typed_targets",
]
