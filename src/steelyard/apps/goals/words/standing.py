"""Many goals in one sentence, and what helps with one of them now."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.goals.words.progress import status_word
from steelyard.web import numbers

# What asks for a reaction, then what is open, then what is over.
ORDER = (
    "behind",
    "missed",
    "below-pace",
    "no-signal",
    "on-pace",
    "just-begun",
    "not-begun",
    "no-data",
    "reached",
    "done",
    "withheld",
)


def place(status: str) -> int:
    return ORDER.index(status)


def headline(counts: Mapping[str, int], *, is_mine: bool) -> str:
    """3 goals: 1 behind, 2 on pace; what asks for a reaction first."""
    whole = sum(counts.values())
    if not whole:
        return _("You have no goals yet.") if is_mine else _("No goals are set yet.")
    if is_mine:
        first = ngettext("You have %(n)d goal", "You have %(n)d goals", whole) % {"n": whole}
    else:
        first = ngettext("%(n)d goal", "%(n)d goals", whole) % {"n": whole}
    listed = [
        pgettext("a count of goals", "%(n)d %(status)s")
        % {"n": counts[status], "status": status_word(status)}
        for status in ORDER
        if counts.get(status)
    ]
    # A status may hold a comma itself.
    between = "；" if numbers.is_chinese() else "; "
    return _("%(goals)s: %(told)s.") % {"goals": first, "told": between.join(listed)}


def next_step(status: str, *, may_close: bool) -> str:
    """What helps now, as the words of a link; "" where nothing asks for it."""
    steps = {
        "behind": _("See what is behind it"),
        "below-pace": _("Say how it goes"),
        "no-data": _("Say how it goes"),
    }
    if may_close:
        steps |= {
            "missed": _("Close it, with a word on why"),
            "reached": _("Close it"),
            "done": _("Close it"),
        }
    return steps.get(status, "")
