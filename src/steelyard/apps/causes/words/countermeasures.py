"""Sentences about countermeasures, and the heads of their table."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.causes.models import Countermeasure
from steelyard.apps.causes.words import names


def headline(options: Sequence[Countermeasure]) -> str:
    """What is chosen, or how many options there are to choose from."""
    if not options:
        return _("What could be done about it? List options, then compare them.")
    chosen = [each for each in options if each.chosen]
    if len(chosen) == 1:
        return _("Chosen: %(text)s") % {"text": chosen[0].text}
    if chosen:
        return ngettext(
            "%(n)s countermeasure is chosen.", "%(n)s countermeasures are chosen.", len(chosen)
        ) % {"n": len(chosen)}
    return ngettext(
        "One option is listed, and none is chosen yet.",
        "%(n)s options are listed, and none is chosen yet.",
        len(options),
    ) % {"n": len(options)}


def columns() -> list[tuple[str, str]]:
    """Ways to sort."""
    return [
        ("worth", pgettext("sort by", "Worth it")),
        *((name, names.weigh_name(name)) for name in ("impact", "effort", "risk")),
        ("cause", pgettext("sort by", "Cause")),
    ]
