"""The three verdicts in words, the same wherever something was tested."""

from django.utils.translation import gettext as _

SIGNS = {"supported": "●", "not-supported": "○", "cannot-tell": "?"}


def word(code: str) -> str:
    return {
        "supported": _("supported"),
        "not-supported": _("not supported"),
        "cannot-tell": _("cannot tell"),
    }[code]
