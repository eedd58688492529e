"""What is pointed out beside a text: blame of a person, a circle of whys."""

from django.utils.translation import gettext as _

from steelyard.apps.causes.queries.blame import Blame


def blame(found: Blame | None) -> str:
    """About the matter, not the person."""
    if found is None:
        return ""
    if found.person:
        return _(
            "This reads as blame of %(person)s (“%(words)s”). "
            "Ask what in the work would let anybody end up there, and write that."
        ) % {"person": found.person, "words": found.words}
    return _(
        "This reads as blame of a person (“%(words)s”). "
        "Ask what in the work would let anybody end up there, and write that."
    ) % {"words": found.words}


def circle(above: str) -> str:
    return _("This goes round in a circle: further up it says “%(text)s” already.") % {"text": above}
