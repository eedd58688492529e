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
from .rebuild import finish_rebuild, rebuild
from .snapshots import publish_organisation

__all__ = [
    "check",
    "discard",
    "finish_rebuild",
    "import_rows",
    "later_imports",
    "publish",
    "publish_organisation",
    "rebuild",
    "set_mapping",
    "take_in",
    "undo",
]
