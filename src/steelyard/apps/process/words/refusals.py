"""What the room refuses, and what to do about it."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "process.no-team": _(
        "Nobody's work is yours to see yet. Ask whoever keeps people to make you lead a team."
    ),
    "process.no-log": _("There is no log of work yet. Import one first."),
}
