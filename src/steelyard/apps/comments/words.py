"""What comments refuse, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "comments.empty": _("Write something first."),
    "comments.too-long": _("At most %(most|count)s characters. Shorten the text, or write two comments."),
}
