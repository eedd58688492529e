"""The engine's codes of the lenses and their sentences.

A placeholder says its form after a bar: percent, points (a size, in percentage points), hours, days, money,
number, signed. A code with a `group` has a sentence for each.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Forms = Mapping[str, "str | Promise"]

FACTS: Forms = {
    "market.conversion": _(
        "At the step “%(step)s”, %(now|percent)s passed after %(then|percent)s before, "
        "over %(n)s opportunities."
    ),
    "market.discount": _("The discount is %(now|percent)s after %(then|percent)s."),
    "morale.change": _(
        "In %(team)s the share of favourable answers is %(change|signed-points)s against the year before, "
        "over %(answers)s answers."
    ),
    "morale.left": _("%(left)s people have left %(team)s since %(since)s."),
    "skills.group.joined": _(
        "Who joined %(team)s lately (%(people)s) passes “%(stage)s” %(shortfall|points)s less often than the "
        "others, and is assessed %(levels|number)s levels lower in %(skill)s."
    ),
    "skills.group.below-needed": _(
        "Who is assessed below what “%(skill)s” needs (%(people)s) passes “%(stage)s” %(shortfall|points)s "
        "less often than the others."
    ),
    "strategy.channel-share": _(
        "Leads from %(value)s are %(share_now|percent)s of all after %(share_then|percent)s, and "
        "%(rate_now|percent)s of them become opportunities."
    ),
    "strategy.value-share": _(
        "%(value)s makes up %(share_now|percent)s of what was closed after %(share_then|percent)s, "
        "and %(rate_now|percent)s of it is won."
    ),
    "strategy.split": _(
        "By %(dimension)s, the mix accounts for %(mix|signed-points)s and the rates within it for "
        "%(rate|signed-points)s."
    ),
}
CHECKS: Forms = {
    "market.fell": _("Conversion fell at one step"),
    "market.shared": _("Everybody shares the fall: no part of the data strays from it"),
    "market.best-fell": _("Also those fell who were the best before"),
    "market.reasons-moved": _("Other reasons for losing than before: most of all “%(value)s”"),
    "morale.fell": _("Answers became less favourable"),
    "morale.came-before": _("They did so in a wave before the result fell"),
    "morale.result-fell-there": _("The result fell where morale did"),
    "morale.activity-fell": _("There were fewer activities per head"),
    "skills.assessed-lower": _("The skill that the step needs is assessed lower in this group"),
    "skills.converts-lower": _("This group passes the step less often"),
    "skills.other-stages-alike": _("At the other steps the same people are as good as the others"),
    "skills.people-differ": _("People differ at “%(stage)s” by more than chance"),
    "strategy.mix-moved": _("By %(dimension)s, the mix moved to what is won less often"),
    "strategy.mix-of-leads": _("The mix of leads moved to sources that convert worse"),
}
CHARTS: Forms = {
    "market.change-by-value": _("Change of the conversion, part by part"),
    "market.lost-reasons": _("Why opportunities were lost, now and before"),
    "morale.favourable": _("Share of favourable answers, by wave"),
    "skills.conversion-by-member": _("Conversion by member, small counts drawn to the middle"),
    "strategy.mix": _("Share of each part, now and before"),
}
# The unit of a chart, where it is not that of its lens.
CHART_UNITS: Mapping[str, str] = {
    "market.lost-reasons": "count",
    "morale.favourable": "percent",
    "skills.conversion-by-member": "percent",
    "strategy.mix": "percent",
}
# Why no share of the gap can be stated.
SHARES: Forms = {
    "share.no-algebra": _("How much of the gap that is cannot be computed for this KPI."),
    "share.no-gap": _("There is no gap to take a share of."),
    "share.gap-is-not-adverse": _("The gap is one for the better, so no share of it is told."),
    "share.of-leads": _("How much of the gap that is cannot be computed: it is about leads."),
}
# What a lens would need more of, and words of the data's own.
COUNTED: Forms = {
    "opportunities-closed": _("closed opportunities"),
    "people-assessed-and-selling": _("people who sell and were assessed"),
    "survey-waves": _("survey waves"),
}
LABELS: Forms = {
    "closed": _("from closing to winning"),
    "others": pgettext_lazy("of a chart", "the others"),
    "unit": pgettext_lazy("of a chart", "the team"),
    "now": pgettext_lazy("of a chart", "now"),
    "then": pgettext_lazy("of a chart", "before"),
    "": pgettext_lazy("of a chart", "not named"),
}
