"""What the organisation refuses, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "people.known-code": _("The code %(code)s is taken. Choose another."),
    "people.unknown-team": _("There is no team with the code “%(team)s”."),
    "people.unknown-person": _("Nobody is known as “%(person)s”."),
    "people.ambiguous-person": _("Several people are known as “%(person)s”. Use the code."),
    "people.namesake": _(
        "%(person)s is known already, with the code %(known)s. If this is somebody else, "
        "give each a code or an e-mail of their own; nobody was merged."
    ),
    "people.known-alias": _("“%(alias)s” already names %(person)s. A text can name one person only."),
    "people.team-circle": _("A team cannot stand below itself: %(team)s is already under it."),
    "people.ends-before-start": _("It would end before it begins. Choose a later end."),
    "people.leaves-before-joining": _("The day of leaving lies before the day of joining."),
    "people.overlap": _(
        "It would overlap another membership, from %(valid_from)s. A person is in one team at a time."
    ),
    "people.own-manager": _("Nobody manages themselves. Choose another person."),
    "people.missing-value": _("The column %(column)s is empty."),
    "people.bad-date": _("“%(value)s” is not a date. Write dates as 2026-01-31."),
    "people.unknown-kind": _("“%(value)s” is not a reporting line. Write solid or dotted."),
    "people.account-taken": _("This account already belongs to %(person)s."),
}
