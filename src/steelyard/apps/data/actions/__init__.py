"""Writes on data: take files in, check them, publish them as one snapshot, undo, rebuild."""

from .arrivals import receive, watch_inbox
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
from .names import Answer, answer_names, withdraw_answer
from .quality import accept_finding, check_quality, withdraw_acceptance
from .reading import accept_rejects, answer_dates, look_again, proposed, remember
from .rebuild import rebuild
from .snapshots import publish_organisation, settle
from .time import confirm_retiring, place_in_time

__all__ = [
    "Answer",
    "accept_finding",
    "accept_rejects",
    "answer_dates",
    "answer_names",
    "check",
    "check_quality",
    "confirm_retiring",
    "discard",
    "import_rows",
    "later_imports",
    "look_again",
    "place_in_time",
    "proposed",
    "publish",
    "publish_organisation",
    "rebuild",
    "receive",
    "remember",
    "set_mapping",
    "settle",
    "take_in",
    "undo",
    "watch_inbox",
    "withdraw_acceptance",
    "withdraw_answer",
]
