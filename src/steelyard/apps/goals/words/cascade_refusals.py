"""What dividing a goal refuses, and what to do about it."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "goals.cannot-divide": _(
        "Only a number that is reached as a sum, or a ratio of two sums, can be divided. "
        "Give teams and people goals of their own for this one."
    ),
    "goals.cannot-divide-so": _(
        "%(value)s cannot be divided exactly with %(decimals)s decimals. Round it, or use a larger unit."
    ),
    "goals.nobody-takes-part": _(
        "Nobody belongs to these teams in the goal's period. Choose other teams, or count managers in."
    ),
    "goals.nothing-to-take-back": _("There is no change left to take back."),
    "goals.cascade-edited": _("This draft was changed in another window meanwhile. Load the page again."),
    "goals.cascade-is-applied": _(
        "This cascade is applied and stays as it is. Change months, or divide anew."
    ),
    "goals.cascade-not-applied": _("This cascade does not hold, so there is nothing to undo."),
    "goals.cascade-not-exact": _("The sums do not hold yet. Let go of a lock, or declare the difference."),
    "goals.not-divided": _("This goal is not divided by months yet. Divide it first."),
    "goals.ratio-is-divided-anew": _(
        "Single months of a ratio hang together by their bases. Divide the whole goal anew."
    ),
    "goals.change-months-only": _("Change a month: the total is the sum of the months."),
    "goals.difference-needs-reason": _(
        "The parts no longer add up to the whole. Say why: it stands beside the difference for all to read."
    ),
    "goals.no-other-months": _(
        "%(unit)s has no other months that could make up for %(period)s. Choose what else gives way."
    ),
    "goals.total-is-from-above": _("This total was divided from above. Whoever set it can change it there."),
    "goals.no-actuals": _("No KPI measures this goal, so what was reached in past months is not known."),
    "goals.no-actuals-yet": _(
        "The data do not reach the end of %(period)s yet. Publish newer data, or take what was set."
    ),
    "goals.month-from-above": _("The months of the whole were divided from above and stay."),
    "goals.no-outlooks": _(
        "What to expect of each person is not worked out yet, so an equal chance cannot be found."
    ),
    "goals.sheet-unreadable": _("This is no workbook that can be read. Save it as .xlsx and try again."),
    "goals.sheet-no-months": _(
        "No column names a month of this goal, such as 2027-01. Keep the head of the exported sheet."
    ),
    "goals.sheet-month-twice": _(
        "More than one column is headed %(period)s. Keep the one that holds the targets."
    ),
    "goals.sheet-has-errors": _("Rows with errors are not taken over. Mend them and try again."),
    "goals.sheet-team-sum": _(
        "In %(period)s the people of %(unit)s add up to %(found)s, the team to %(expected)s. "
        "Make both equal, or declare the difference."
    ),
    "goals.sheet-total": _(
        "The rows add up to %(found)s, the goal to %(expected)s. Make both equal, or leave cells empty: "
        "they are filled."
    ),
}
