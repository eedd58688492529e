"""Writes on data: take files in, check them, publish them as one snapshot, undo, rebuild."""

from .imports import (
    check,
    discard,
    import_rows,
    later_imports,
    publish,
    set_mapping,
    take_in,
    undo,
)
from .reading import answer_dates, look_again, proposed, remember
from .rebuild import rebuild
from .snapshots import publish_organisation, settle

__all__ = [
    "answer_dates",
    "check",
    "discard",
    "import_rows",
    "later_imports",
    "look_again",
    "proposed",
    "publish",
    "publish_organisation",
    "rebuild",
    "remember",
    "set_mapping",
    "settle",
    "take_in",
    "undo",
]
