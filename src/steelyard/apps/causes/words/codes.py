"""The engine's codes of the lenses and their sentences.

A placeholder says its form after a bar: percent, points (a size, in percentage points), signed-points,
hours, days, money, times, number, kpi (in the unit of the KPI). A code with a `group` has one for each.
"""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Forms = Mapping[str, "str | Promise"]

FACTS: Forms = {
    "goals.chance": _(
        "Of %(team)s %(target|kpi)s was asked, where %(expected|kpi)s was to be expected: "
        "a chance of %(chance|percent)s to reach it."
    ),
    "goals.split": _("The targets below %(unit)s add up to %(sum|kpi)s, where its own is %(own|kpi)s."),
    "process.wait": _(
        "Before “%(step)s” the work waited %(now|hours)s on average, after %(then|hours)s before, "
        "over %(n)s times."
    ),
    "process.rework": _(
        "“%(step)s” was done again in %(now|percent)s of cases, after %(then|percent)s before."
    ),
    "resources.load": _(
        "%(team)s took in %(now|number)s opportunities a head after %(then|number)s, "
        "with %(heads|number)s people after %(heads_then|number)s."
    ),
    "resources.first-contact": _(
        "The first contact of a lead took %(times|times)s as long as before, against the others."
    ),
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
    "goals.out-of-reach": _("The target was out of reach: a chance of less than one in five"),
    "goals.performance-usual": _("What was reached lies within what was to be expected"),
    "goals.spread-follows-allocation": _("Attainment follows what was asked, not what was done"),
    "goals.children-do-not-sum": _("The targets below %(unit)s do not add up to its own"),
    "process.rose": _("Work waits longer before one step"),
    "process.rework-rose": _("One step is done again more often"),
    "process.whoever-does-it": _("It shows whoever does it: with %(rose)s of %(performers)s people"),
    "process.lost-after-waiting": _("What waited long is lost more often"),
    "resources.load-rose": _("There is more work a head"),
    "resources.answers-later": _("Leads are answered later"),
    "resources.converts-less": _("“%(step)s” is passed less often there"),
    "resources.budget": _("Less was spent on campaigns, and fewer leads came"),
    "resources.tools": _("Tools are used by fewer than before"),
    "resources.coverage": _("Customers are without an owner: %(uncovered)s of %(accounts)s"),
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
# Checks whose effect is a level, not a change: it has no sign.
LEVELS = frozenset(
    {
        "goals.out-of-reach",
        "goals.spread-follows-allocation",
        "process.whoever-does-it",
        "resources.coverage",
        "skills.people-differ",
    }
)
CHARTS: Forms = {
    "goals.target-and-forecast": _("To be expected (dot), asked (line) and reached (diamond)"),
    "process.hours-waited": _("Hours waited before each step; the line marks what it was before"),
    "resources.load-per-head": _("Opportunities a head; the line marks what it was before"),
    "market.change-by-value": _("Change of the conversion, part by part"),
    "market.lost-reasons": _("Why opportunities were lost; the line marks what it was before"),
    "morale.favourable": _("Share of favourable answers, by wave"),
    "skills.conversion-by-member": _("Conversion by member, small counts drawn to the middle"),
    "strategy.mix": _("Share of each part; the line marks what it was before"),
}
# The unit of a chart, where it is not that of its lens.
CHART_UNITS: Mapping[str, str] = {
    "goals.target-and-forecast": "kpi",
    "process.hours-waited": "hours",
    "resources.load-per-head": "count",
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
    "share.gap-is-not-to-target": _(
        "A target explains a gap to the target alone; this gap is to a past period."
    ),
    "share.not-linked": _("The work events name no opportunity, so what the waits cost cannot be computed."),
    "share.not-lost-more": _("What waited long was not lost more often, so no share of the gap is told."),
    "share.of-leads": _("How much of the gap that is cannot be computed: it is about leads."),
}
# What is missing, where no table or column is.
OTHERWISE: Forms = {
    "lens.no-skill-of-stage": _(
        "No skill that was assessed bears the name of a step, so none can be held against it."
    ),
    "lens.no-target": _("There is no target of this KPI for the period and unit."),
    "lens.range-has-no-series": _("A range of days has no past of its own: diagnose a month or a quarter."),
    "lens.no-whole-months": _("The test goes by whole months: diagnose a month or a quarter."),
}
# What a lens would need more of, and words of the data's own.
COUNTED: Forms = {
    "fiscal-quarter": _("quarters of history"),
    "opportunities-closed": _("closed opportunities"),
    "people-assessed-and-selling": _("people who sell and were assessed"),
    "month": _("months of history"),
    "quarter": _("quarters of history"),
    "year": _("years of history"),
    "opportunities-per-team": _("opportunities a team"),
    "steps-in-both-periods": _("steps of work in both periods"),
    "work-events": _("work events"),
    "survey-waves": _("survey waves"),
}
LABELS: Forms = {
    "closed": _("from closing to winning"),
    "others": pgettext_lazy("of a chart", "the others"),
    "unit": pgettext_lazy("of a chart", "the team"),
    "then": pgettext_lazy("of a chart", "before"),
    "target": pgettext_lazy("of a chart", "asked"),
    "actual": pgettext_lazy("of a chart", "reached"),
    "": pgettext_lazy("of a chart", "not named"),
}
