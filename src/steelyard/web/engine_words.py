"""What the engine, the sample company and the command line refuse, in words: they know no language."""

from django.utils.translation import gettext_lazy as _

FORMULAS = {
    "formula.syntax": _("The formula cannot be read from character %(column)s on. Check signs and brackets."),
    "formula.not-allowed": _(
        "Character %(column)s of the formula: %(part)s is not allowed. "
        "Use names, numbers, + - * / and brackets."
    ),
    "formula.too-long": _(
        "The formula is too long (%(length|count)s; %(limit|count)s are allowed). Split it."
    ),
    "formula.too-deep": _("The formula has more than %(limit)s brackets inside each other. Split it."),
    "formula.missing-value": _("The formula needs a value for %(names)s. Give one, or take it out."),
    "formula.cycle": _("These formulas need each other in a circle: %(names)s. Break it at one of them."),
}
DRIVERS = {
    "drivers.different-factors": _(
        "Baseline and actual do not have the same factors (%(names)s). Give both the same."
    ),
    "drivers.too-many-factors": _(
        "%(count)s factors changed; a gap can be split among %(limit)s. Leave some out of the formula."
    ),
    "drivers.division-by-zero": _(
        "%(formula)s would divide by zero on the way from baseline to actual. Choose another period."
    ),
    "drivers.not-a-number": _("%(names)s have no finite value. Check the figures behind them."),
    "drivers.undefined-factor": _("%(names)s cannot be told for %(period)s. Choose another period."),
    "lmdi.non-positive": _("%(names)s are zero or negative; this split needs positive factors. Use Shapley."),
    "lmdi.not-products": _("The formula is not a sum of products, which this split needs. Use Shapley."),
    "lmdi.unequal-length": _("The factors have different numbers of rows (%(lengths)s). Give each the same."),
    "mix.no-denominator": _(
        "The denominator of %(period)s is zero, so there is no mix to compare. Choose another period."
    ),
}
LOCALISE = {
    "localise.unreadable-file": _("%(file)s cannot be read as a table. Give a CSV or Parquet file."),
    "localise.no-such-column": _("There is no column “%(column)s”. Check the name."),
    "localise.column-named-twice": _("A column is named twice. Name each once."),
    "localise.which-columns": _(
        "Name actual and expected, or the numerators and denominators of both; not a part of either."
    ),
    "localise.no-dimensions": _("There is no dimension to search. Name at least one."),
    "localise.not-a-dimension": _("“%(column)s” cannot be a dimension. Leave it out."),
    "localise.too-many-dimensions": _("%(given)s dimensions are too many; name %(most)s or fewer."),
    "localise.too-many-combinations": _(
        "The dimensions have too many combinations of values. Leave one out."
    ),
    "localise.no-rows": _("The table has no rows, so there is nothing to search."),
    "localise.not-a-number": _("“%(column)s” holds values that are no numbers. Mend them."),
    "localise.number-missing": _("“%(column)s” has empty cells. Write 0 where nothing was."),
    "localise.no-denominator": _("The denominators add up to zero, so there is no ratio to explain."),
    "localise.bad-alpha": _("A level of %(alpha)s is out of range. Give one between 0 and 1, such as 0.05."),
}
SIGNALS = {
    "signals.too-few-points": _(
        "There are %(n)s values; %(limit)s are needed to tell signals. Import earlier ones."
    ),
    "signals.too-many-points": _(
        "There are %(n|count)s values; at most %(limit|count)s are judged. Take months for days."
    ),
    "signals.no-such-point": _("There is no value at place %(index)s of %(n)s."),
    "signals.season-too-short": _("A season of %(length)s is too short. Give 2 or more."),
    "signals.season-non-positive": _(
        "A value is zero or negative, so the season cannot be a ratio. Take differences."
    ),
}
KPIS = {
    "kpi.not-additive": _(
        "%(kpi)s does not add up over segments, so its gap cannot be searched. Use its parts."
    ),
    "kpi.units-differ": _("The formula adds figures of different units. Bring them to one."),
}
CALENDARS = {
    "calendar.unreadable": _("The calendar is no YAML: line %(line)s cannot be read."),
    "calendar.not-a-mapping": _("Calendar, %(place)s: names with values are needed here."),
    "calendar.unknown-key": _("Calendar, %(place)s: “%(value)s” is not known. Check how it is written."),
    "calendar.no-hours": _("The calendar has no hours. Give them, such as hours: {mon-fri: 09:00-18:00}."),
    "calendar.day": _(
        "Calendar, %(place)s: “%(value)s” is no day of the week. Write mon, mon-fri or mon,wed."
    ),
    "calendar.day-twice": _("Calendar, %(place)s: %(value)s is named twice. Name each day once."),
    "calendar.time": _(
        "Calendar, %(place)s: “%(value)s” is no span of time. Write 09:00-18:00 or, at night, 22:00-06:00."
    ),
    "calendar.overlap": _("Calendar, %(place)s: two spans of one day overlap. Part them."),
    "calendar.date": _(
        "Calendar, %(place)s: “%(value)s” is no day. Write 2024-05-01, or 2024-05-01..2024-05-05 for several."
    ),
    "calendar.zone": _(
        "Calendar, %(place)s: “%(value)s” is no time zone. Write a name such as Asia/Shanghai."
    ),
    "calendar.country": _(
        "Calendar, %(place)s: the holidays of “%(value)s” are not known. Write a code such as CN or DE-BY."
    ),
    "calendar.team": _("Calendar, %(place)s: there is no team “%(value)s” in the calendar."),
    "calendar.years": _(
        "The times lie too far apart for a calendar (%(first)s to %(last)s). Check the dates in the data."
    ),
}
PROCESSES = {
    "process.missing-column": _("The log has no column “%(column)s”, which this needs. Say which one it is."),
    "process.not-a-time": _("The column “%(column)s” holds no times. Choose another column."),
    "process.no-such-attribute": _("The log has no attribute “%(column)s”. Check how it is written."),
}
FLOWS = {
    "flow.unreadable": _("The flow is no YAML: line %(line)s cannot be read."),
    "flow.not-a-mapping": _("Flow, %(place)s: names with values are needed here."),
    "flow.not-a-list": _("Flow, %(place)s: a list is needed here."),
    "flow.unknown-key": _("Flow, %(place)s: “%(value)s” is not known. Check how it is written."),
    "flow.missing-key": _("Flow: %(place)s is missing. Add it."),
    "flow.not-text": _("Flow, %(place)s: a text is needed here."),
    "flow.bad-key": _(
        "Flow, %(place)s: “%(value)s” is no key. Begin with a letter; write a to z, 0 to 9, - and _ only."
    ),
    "flow.not-a-number": _("Flow, %(place)s: “%(value)s” is no number above zero that fits here."),
    "flow.not-a-date": _("Flow, %(place)s: “%(value)s” is no day. Write it as 2024-07-01."),
    "flow.not-a-truth": _("Flow, %(place)s: “%(value)s” is neither true nor false."),
    "flow.no-steps": _("The flow has no steps. Add one at least."),
    "flow.used-twice": _(
        "Flow, %(place)s: “%(value)s” is used twice. Each key and each activity belongs to one step."
    ),
}
WHAT_IFS = {
    "whatif.no-cases": _("There are no cases to play through. Widen the filter."),
    "whatif.runs": _("%(value)s runs cannot be made. Choose 1 to %(limit)s."),
    "whatif.unknown-activity": _("The log has no step “%(activity)s”. Choose one that is in it."),
    "whatif.unknown-kind": _(
        "“%(kind)s” is no change that can be tried. Choose remove, merge, parallelise, automate or staff."
    ),
    "whatif.unknown-key": _("“%(key)s” says nothing about a change. Check how it is written."),
    "whatif.activities": _(
        "This change needs %(needed)s or more different steps; a change of one step names just one."
    ),
    "whatif.bad-number": _("“%(value)s” is out of range for %(key)s. Correct it."),
    "whatif.not-a-number-column": _(
        "“%(column)s” holds no numbers, so it cannot be a limit. Choose another column."
    ),
    "approvals.unknown-activity": _("The log has no step “%(activity)s”. Choose one that is in it."),
}
FORECASTS = {
    "forecast.too-short": _(
        "%(found)s periods with a value are too few to say what to expect; %(needed)s are needed."
    ),
    "forecast.beyond-horizon": _(
        "The forecast reaches %(horizon)s periods ahead, not %(periods)s. Ask for fewer."
    ),
    "forecast.bad-horizon": _("%(horizon)s periods cannot be forecast. Choose 1 to %(limit)s."),
    "forecast.bad-probability": _("%(p)s is no probability. Give a number between 0 and 1."),
    "forecast.bad-season": _("A season of %(season)s periods is no season. Give 2 to %(limit)s, or none."),
    "forecast.not-an-outlook": _("What was kept of this forecast cannot be read. Make it anew."),
    "forecast.not-a-number": _(
        "Period %(place)s of the history is no finite number. Mend it or leave it empty."
    ),
    "forecast.unequal-length": _(
        "There are %(first)s numerators and %(second)s denominators. Give one of each per period."
    ),
    "forecast.no-denominator": _("The denominators are all zero, so there is no ratio to forecast."),
    "forecast.unknown-country": _("The holidays of “%(value)s” are not known. Write a code such as CN."),
    "forecast.unknown-grain": _("“%(grain)s” has no profile of the year. Choose month or quarter."),
    "forecast.bad-elapsed": _("%(elapsed)s periods cannot have passed of %(count)s."),
    "forecast.unreadable-file": _("%(file)s cannot be read as a history. Give a CSV, JSON or text file."),
    "forecast.no-column": _("%(file)s has no column “%(column)s” with the figures. Name one that it has."),
    "forecast.bad-line": _("%(file)s, line %(line)s: “%(text)s” is no number."),
    "forecast.bad-month": _("“%(text)s” is no month. Write the first one as 2024-01."),
}
SMART = {
    "smart.not-a-goal": _("%(file)s, line %(line)s: there is no goal. Give a JSON object with a text."),
    "smart.bad-field": _("%(file)s, line %(line)s: “%(value)s” does not fit %(field)s. Correct it."),
}
CASCADES = {
    "cascade.unreadable": _("The plan is no YAML: line %(line)s cannot be read."),
    "cascade.not-a-mapping": _("Plan, %(place)s: names with values are needed here."),
    "cascade.not-a-list": _("Plan, %(place)s: a list is needed here."),
    "cascade.not-text": _("Plan, %(place)s: a name is needed here."),
    "cascade.missing-key": _("Plan: %(place)s is missing. Add it."),
    "cascade.unknown-key": _("Plan, %(place)s: “%(value)s” is not known. Check how it is written."),
    "cascade.misspelt-key": _("Plan, %(place)s: “%(value)s” is not known. Did you mean “%(suggestion)s”?"),
    "cascade.key-twice": _("Plan, %(place)s: this was said before in other words. Leave one out."),
    "cascade.not-a-number": _("Plan, %(place)s: “%(value)s” is no number that fits here."),
    "cascade.not-a-date": _("Plan, %(place)s: “%(value)s” is no day. Write it as 2026-07-01."),
    "cascade.below-zero": _("Plan, %(place)s: %(value)s is below zero. Give zero or more."),
    "cascade.too-fine": _(
        "Plan, %(place)s: %(value)s has more decimals than the %(decimals)s of the plan. Round it."
    ),
    "cascade.too-large": _("Plan, %(place)s: %(value)s is too large to be exact. Use a larger unit."),
    "cascade.wrong-length": _("Plan, %(place)s: there are %(found)s values, and %(needed)s are needed."),
    "cascade.bad-share": _(
        "Plan, %(place)s: leave of %(value)s is more than the period has. Give a share of 1 or less, or "
        "working days."
    ),
    "cascade.bad-outlook": _(
        "Plan, %(place)s: an outlook needs both its mean and its spread. Add what is missing."
    ),
    "cascade.bad-periods": _(
        "Plan, %(place)s: “%(value)s” is no period. Write 2026, 2026-Q1, 2026-01..2026-06, or a list."
    ),
    "cascade.period-twice": _(
        "Plan, %(place)s: the days of %(value)s are in another period already. Leave one out."
    ),
    "cascade.unknown-period": _(
        "Plan, %(place)s: “%(value)s” is none of the plan's periods. Choose one of these."
    ),
    "cascade.no-dates": _(
        "%(unit)s joins or leaves on a day, but the plan's periods have no dates. Name them by month or "
        "quarter."
    ),
    "cascade.no-units": _("Plan, %(place)s: there is nobody to share the total. Add a team or a person."),
    "cascade.unit-twice": _("Plan, %(place)s: “%(value)s” is used twice. Give each unit a code of its own."),
    "cascade.unknown-unit": _("Plan, %(place)s: “%(value)s” is no unit of the plan. Check the name."),
    "cascade.misspelt-unit": _(
        "Plan, %(place)s: “%(value)s” is no unit of the plan. Did you mean “%(suggestion)s”?"
    ),
    "cascade.unknown-parent": _(
        "%(unit)s belongs to “%(parent)s”, which is not in the plan. Add it, or correct the name."
    ),
    "cascade.cycle": _("These units stand above each other in a circle: %(units)s. Break it at one of them."),
    "cascade.lock-twice": _("%(place)s is locked twice. Leave one lock out."),
    "cascade.bad-method": _("“%(value)s” is no method. Choose one of %(methods)s."),
    "cascade.bad-kind": _("“%(value)s” is no kind of goal. Write sum or ratio."),
    "cascade.bad-step": _("A step of %(value)s cannot be used. Give one above zero."),
    "cascade.bad-over": _(
        "Plan, %(place)s: an over-assignment of %(value)s cannot be used. Give a team a share from −0.5 to 1."
    ),
    "cascade.needs-denominator": _(
        "A ratio needs a base: the plan's denominator, or one of every unit; %(unit)s has none."
    ),
    "cascade.ratio-history": _(
        "Plan, %(place)s: ratios cannot be added up. Give numerators and denominators, or one ratio."
    ),
    "cascade.ratio-without-base": _(
        "%(place)s is locked at a ratio, but has no denominator. Give it one, or take the lock away."
    ),
    "cascade.no-weights": _(
        "“%(place)s” has nothing to share by: every weight is missing or zero. Choose another method."
    ),
    "cascade.history-below-zero": _(
        "The past of %(unit)s adds up to less than zero, which is no share. Choose another method."
    ),
    "cascade.no-outlook": _(
        "Nobody has an outlook or a past (%(units)s), so chances cannot be made equal. Choose another method."
    ),
    "cascade.floor-above-ceiling": _(
        "%(place)s: the floor %(floor)s is above the ceiling %(ceiling)s. Lower one, or raise the other."
    ),
    "cascade.lock-below-floor": _(
        "%(place)s: the lock %(lock)s is below %(bound)s, which is the least. Change one of them."
    ),
    "cascade.lock-above-ceiling": _(
        "%(place)s: the lock %(lock)s is above %(bound)s, which is the most. Change one of them."
    ),
    "cascade.locked-while-absent": _(
        "%(place)s has a lock or a floor, but nobody is there then. Take it away, or correct the dates."
    ),
    "cascade.locks-above-total": _(
        "The locks hold %(needed)s, more than the total of %(total)s: %(constraints)s. "
        "Release one, or raise the total."
    ),
    "cascade.floors-above-total": _(
        "Floors and locks need %(needed)s, more than the total of %(total)s: %(constraints)s. "
        "Lower one, or raise the total."
    ),
    "cascade.ceilings-below-total": _(
        "Ceilings and locks allow %(ceilings)s, less than the total of %(total)s: %(constraints)s. "
        "Raise one, or lower the total."
    ),
    "cascade.parts-above": _(
        "%(place)s: its parts need at least %(needed)s, but it may have %(allowed)s. Give one of them room."
    ),
    "cascade.parts-below": _(
        "%(place)s: its parts can take at most %(needed)s, but it must have %(allowed)s. Give one of "
        "them room."
    ),
    "cascade.cannot-be-met": _(
        "These bounds leave no room together: %(constraints)s. They would have to give way by %(short)s."
    ),
    "cascade.fixed-above-total": _(
        "The closed periods hold %(fixed)s; the total of %(total)s leaves nothing for the rest. Raise "
        "the total."
    ),
    "cascade.fixed-above-ceiling": _(
        "%(unit)s has %(fixed)s in closed periods, above its %(ceiling)s. Raise the ceiling or the lock."
    ),
    "cascade.bad-give-way": _("“%(value)s” cannot give way. Choose siblings, months or parent."),
    "cascade.closed-period": _("%(period)s is closed. Change a period that is still open."),
    "cascade.nobody-gives-way": _(
        "%(place)s cannot become %(value)s: what should give way is locked or bound. Choose another way."
    ),
    "cascade.actuals-missing": _("The actual of %(place)s is missing. Give it; zero is a figure, too."),
    # Warnings, which are told beside what was found.
    "cascade.profile-equal": _("The year has no profile and no dated past, so all periods weigh the same."),
    "cascade.profile-from-history": _("The periods follow the season of past years."),
    "cascade.profile-bent": _("Locks and bounds move these periods away from the profile: %(periods)s."),
    "cascade.median-of-peers": _(
        "No figure for %(method)s: %(units)s. They got the median of their peers per head."
    ),
    "cascade.outlook-of-peers": _("No outlook for %(units)s. They were given the median of their peers."),
    "cascade.fair-by-history": _(
        "Nobody's spread is known, so the fair split is that of the past: equal only if all vary alike."
    ),
    "cascade.short-history": _("The past of %(units)s is too short for a forecast; their chances are rough."),
    "cascade.nobody-there": _("Nobody is there in %(periods)s, so these periods carry nothing."),
    "cascade.step-not-kept": _(
        "Locks and bounds leave no room for steps of %(step)s; the smallest unit was used."
    ),
    "cascade.no-target": _("%(units)s got no target: the share is zero, or less than the step."),
    "cascade.step-coarse": _("With steps of %(step)s many cells are zero. Choose a smaller step."),
}
COMMANDS = {
    "sample.seed-out-of-range": _("The seed must be %(low)s or more."),
    "sample.scale-out-of-range": _("The scale must lie between %(low)s and %(high)s."),
    "sample.strength-out-of-range": _("The strength must lie between %(low)s and %(high)s."),
    "sample.unknown-kind": _("There is no cause named “%(kind)s” to plant. Choose from: %(kinds)s."),
    "cli.not-a-day": _("That is no day or time (%(reason)s). Write it as 2024-03-31 or 2024-03-31T18:30."),
    "cli.unknown-user": _("There is no active account with the address %(email)s."),
    "cli.port-taken": _(
        "Something already listens on port %(port)s. Stop it, or choose another port: PORT=8001 make demo."
    ),
    "cli.unreadable-file": _("%(file)s cannot be read as text. Check the name of the file."),
    "cli.unknown-language": _("There is no language “%(language)s”. Say en or zh."),
}
WORDS = {
    **FORMULAS,
    **DRIVERS,
    **LOCALISE,
    **SIGNALS,
    **KPIS,
    **CALENDARS,
    **PROCESSES,
    **FLOWS,
    **WHAT_IFS,
    **FORECASTS,
    **SMART,
    **CASCADES,
    **COMMANDS,
}
