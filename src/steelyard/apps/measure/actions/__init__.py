"""Writes of measuring: the points of a snapshot, targets that are typed in."""

from .points import compute_points, currency_of
from .targets import number_typed, type_targets, undo_typed_targets

__all__ = ["compute_points", "currency_of", "number_typed", "type_targets", "undo_typed_targets"]
