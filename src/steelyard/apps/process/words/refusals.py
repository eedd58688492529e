"""What the room refuses, and what to do about it."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "process.no-team": _(
        "Nobody's work is yours to see yet. Ask whoever keeps people to make you lead a team."
    ),
    "process.calendar-too-long": _("The calendar is too long: %(most|count)s characters are the most."),
    "process.calendar-edited": _(
        "Meanwhile somebody saved version %(version)s. What you entered is still in the form: look at that "
        "version below, take over what is needed, and save again."
    ),
    "process.calendar-unchanged": _("Nothing was changed, so there is no new version."),
    "process.flow-edited": _(
        "Meanwhile %(by)s saved version %(version)s. What you entered is still in the form: "
        "look at that version, take over what is needed, and save again."
    ),
    "process.flow-unchanged": _("Nothing was changed, so there is no new version."),
    "process.flow-too-early": _("The version before holds from %(day)s on. Choose that day or a later one."),
    "process.no-changes": _("Nothing is changed yet. Choose a change first."),
    "process.too-many-changes": _("More than %(most)s changes at once tell nothing. Leave some out."),
    "process.no-name": _("Give the scenario a name."),
    "process.not-worked-out": _("This is not played through and saved yet. Do that first."),
    "job.kind.process.what-if": _("Playing the cases through"),
    "job.step.playing": _("Playing the cases through"),
    "process.no-log": _("There is no log of work yet. Import one first."),
}
