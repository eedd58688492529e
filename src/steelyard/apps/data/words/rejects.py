"""Why a row was rejected, and the states of an import."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.web.words import say

REJECTS = {
    "reject.missing": _("Empty, and the table needs it"),
    "reject.not-a-date": _("Not a date, or in another order of day and month"),
    "reject.not-a-number": _("Not a number"),
    "reject.not-whole": _("Not a whole number"),
    "reject.out-of-range": _("Too large, or a year far from today"),
    "reject.not-a-value": _("None of the values that this column may have; add it to the value map"),
    "reject.too-long": _("Longer than 10,000 bytes"),
    "reject.control-character": _("Holds a control character"),
    "reject.ragged-row": _("The row has more or fewer cells than the header"),
    "reject.approval-not-understood": _(
        "A part of the approval's record is not understood, so that none of its steps is read"
    ),
    "reject.namesake": _(
        "Another row has the same name and nothing tells the two apart; give each a code or an e-mail"
    ),
    "reject.duplicate-key": _("An earlier row has the same key and other values"),
    "reject.small-group": _("Fewer than five answers: single people could be told, so the group is not kept"),
}
STATES: Mapping[str, "str | Promise"] = {
    "uploaded": pgettext_lazy("state of an import", "being mapped"),
    "checked": pgettext_lazy("state of an import", "checked, not committed"),
    "published": pgettext_lazy("state of an import", "committed"),
    "undone": pgettext_lazy("state of an import", "undone"),
    "discarded": pgettext_lazy("state of an import", "discarded"),
}
CAUSES: Mapping[str, "str | Promise"] = {
    "import": pgettext_lazy("cause of a snapshot", "import"),
    "undo": pgettext_lazy("cause of a snapshot", "undo of an import"),
    "organisation": pgettext_lazy("cause of a snapshot", "people and teams"),
}
STEPS = (
    pgettext_lazy("step of an import", "Files"),
    pgettext_lazy("step of an import", "What was found"),
    pgettext_lazy("step of an import", "Columns"),
    pgettext_lazy("step of an import", "Dry run"),
    pgettext_lazy("step of an import", "Committed"),
)


def reason(code: str, **params: Any) -> str:
    """Why a row was rejected; rows of people and teams are rejected with the words of a refusal."""
    return say(code if "." in code else f"reject.{code}", **params)


def state_label(state: str) -> str:
    return str(STATES[state])


def cause_label(cause: str) -> str:
    return str(CAUSES[cause])
