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
    **COMMANDS,
}
