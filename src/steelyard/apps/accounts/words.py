"""What the accounts refuse, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "accounts.already-set-up": _(
        "This site is set up already. Log in, or ask an administrator for an account."
    ),
    "accounts.known-email": _("There is an account with the address %(email)s already."),
    "accounts.unknown-role": _("There is no role “%(role)s”."),
    "accounts.last-administrator": _(
        "This is the last active administrator. Make somebody else administrator first."
    ),
    "accounts.invitation-void": _(
        "This link has been used or is too old. Ask your administrator for a new one."
    ),
}
