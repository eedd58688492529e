"""Sentences about the whys: how far they have come."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.causes.queries.tree import Tree, Whys

ENDS = ".。!！?？"


def question(text: str) -> str:
    return _("Why? “%(text)s”") % {"text": text.rstrip(ENDS)}


def headline(found: Whys) -> str:
    """What is open, or that every branch has come to something to be done."""
    ends = found.ends
    if not ends:
        return _("Ask why until something can be done.")
    acted = sum(end.why.is_actionable for end in ends)
    left = len(ends) - acted
    if not left:
        return ngettext(
            "The whys have come to something that can be acted on.",
            "All %(n)s branches have come to something that can be acted on.",
            len(ends),
        ) % {"n": len(ends)}
    if acted:
        return _("%(acted)s of %(n)s branches can be acted on; the others ask for the next why.") % {
            "acted": acted,
            "n": len(ends),
        }
    return ngettext(
        "No answer can be acted on yet: ask the next why.",
        "None of %(n)s branches can be acted on yet: ask the next why.",
        len(ends),
    ) % {"n": len(ends)}


def state(tree: Tree) -> str:
    """3 whys deep."""
    if not tree.branches:
        return ""
    return ngettext("%(n)s why deep", "%(n)s whys deep", tree.depth) % {"n": tree.depth}
