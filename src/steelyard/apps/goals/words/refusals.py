"""What goals refuse, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "goals.no-title": _("There is nothing written yet. Say in a sentence what will be reached."),
    "goals.text-too-long": _("That is too long: at most %(most|count)s characters."),
    "goals.unknown-kind": _("“%(kind)s” is no kind of goal. Choose one from the list."),
    "goals.no-number": _("A goal with a figure needs its number: how much will be reached?"),
    "goals.no-unit": _("A goal with a figure needs its unit: money, percent, days, customers …?"),
    "goals.no-end": _("A goal with a figure needs its end: by which day will it be reached?"),
    "goals.ends-before-start": _("The goal would end before it begins. Check both days."),
    "goals.bad-number": _("“%(value)s” is no number that can be kept exactly. Six decimals are the most."),
    "goals.no-upper-edge": _("A range needs both its edges: from what to what?"),
    "goals.band-upside-down": _("The upper edge of the range must lie above the lower one."),
    "goals.bad-levels": _("Each further level (floor, stretch, challenge) stands once, with its number."),
    "goals.bad-consequence": _(
        "What follows needs from which attainment on, of what kind it is, and a text or an amount."
    ),
    "goals.shared-twice": _("The same team or person shares the goal twice. Add the two parts up."),
    "goals.bad-share": _("A part in a goal is more than 0 %%, with two decimals at most."),
    "goals.shares-not-whole": _("The parts in the goal add up to %(whole)s %%, not to 100 %%."),
    "goals.bad-plan": _("“%(text)s” is no line of a plan: a period that comes once, and its number."),
    "goals.plan-not-whole": _("The periods of the plan add up to %(whole)s, not to the target %(target)s."),
    "goals.bad-over": _(
        "How much more the parts of a goal carry is a percent with two decimals, from −100 %% to below "
        "10,000 %%; as a share, %(over)s is none."
    ),
    "goals.parent-not-open": _(
        "“%(parent)s” is not open, so nothing can hang below it. Choose another goal."
    ),
    "goals.circle": _("“%(goal)s” would end up below itself. Choose another goal above it."),
    "goals.open-parts": _(
        "%(count|count)s goals below this one are still open: %(goals)s. Close them first, or move them."
    ),
    "goals.theme-retired": _("The theme “%(theme)s” is retired. Choose one that holds."),
    "goals.no-reason": _("Say why, in a sentence: it stands beside the version for everybody to read."),
    "goals.overtaken": _(
        "%(by)s saved version %(number)s first. Read it, then send yours again or leave it."
    ),
    "goals.superseded": _("Version %(number)s holds by now, so this older proposal cannot. Propose it anew."),
    "goals.decided-already": _("Somebody has decided on this already. Load the page again."),
    "goals.in-cascade": _(
        "This number is part of a cascade whose sums must hold. Change it in the cascade, or take the goal "
        "out of it."
    ),
    "goals.closed": _("This goal is closed and stays as it was. Reopen it to change it."),
    "goals.not-closed": _("This goal is not closed."),
    "goals.not-active": _("This goal does not hold yet: it waits for approval."),
    "goals.withdrawn": _("This goal was withdrawn. Set or propose a new one."),
    "goals.nothing-to-weigh": _("There is no open goal to weigh here."),
    "goals.weight-of-another": _("One of these goals is closed or moved by now. Load the page again."),
    "goals.weights-missing": _("Every goal needs its weight; these have none: %(goals)s."),
    "goals.bad-weight": _("A weight is a percent from 0 to 100, with two decimals at most."),
    "goals.weights-not-whole": _("The weights add up to %(whole)s, not to 100. Nothing was saved."),
    "goals.other-themes": _("The themes have changed meanwhile. Load the page again."),
    "goals.no-confidence": _("Confidence is a number from 1 (unlikely) to 5 (certain)."),
    "goals.figure-comes-from-kpi": _("A KPI measures this goal, so its figure comes from the data."),
    "goals.check-in-withdrawn": _("This check-in was withdrawn already."),
    "goals.milestone-dropped": _("This milestone is no longer part of the goal."),
    "goals.in-the-future": _("The date lies in the future. When was it?"),
    "goals.same-level-names": _("Two levels would have the same name. Give each its own."),
    "goals.said-twice": _("The same goal stands there twice. Say each once."),
    "goals.changed-since": _(
        "%(count|count)s goals were changed or closed after this cascade: %(goals)s. Undoing it would lose "
        "that; change them back first."
    ),
    "goals.no-round": _("No round of targets is over yet."),
    "job.kind.goals.outlooks": _("Working out what to expect"),
    "job.kind.goals.publish-targets": _("Letting the scorecard's targets follow the goals"),
    "job.step.outlooks": _("Working out what to expect, unit by unit"),
}
