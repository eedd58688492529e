"""What KPIs, periods and the pages of measuring refuse, in words."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "kpi.unknown": _("There is no KPI “%(kpi)s”."),
    "kpi.missing-column": _(
        "The data lack what this KPI is made of: table %(table)s, column %(column)s. Import it first."
    ),
    "kpi.missing-rate": _(
        "There are amounts in %(currency)s and no exchange rate for their dates. Import exchange rates first."
    ),
    "kpi.unknown-dimension": _("%(table)s cannot be cut by “%(dimension)s”."),
    "kpi.unreadable-value": _("“%(value)s” is no value of “%(dimension)s”."),
    "kpi.no-records": _("A formula has no records of its own. Open the records of its factors."),
    "kpi.no-period": _("Name at least one period."),
    "kpi.invalid": _("The declaration of the KPI “%(kpi)s” is not valid: %(key)s, %(reason)s."),
    "period.unreadable": _(
        "“%(text)s” is no period. Write 2017-Q4, 2017-11, 2017, 2017-W05, 2017-11-03 or FY2017-Q4."
    ),
    "period.grain": _("“%(grain)s” is no length of a period. Take day, week, month, quarter or year."),
    "period.fiscal-start": _("A fiscal year starts in a month from 1 to 12, not %(month)s."),
    "period.too-many": _("That is %(periods|count)s periods; at most %(limit|count)s at once."),
    "measure.no-data": _("There are no data yet. Import some first."),
    "measure.no-unit": _(
        "Your account belongs to nobody in a team yet, so there are no figures to show. "
        "Ask those who keep people to add you to a team."
    ),
    "measure.no-points-for-grain": _("Figures are kept by month, quarter and year; “%(period)s” is none."),
    "measure.too-many-for-xlsx": _(
        "A spreadsheet holds at most %(limit|count)s rows. Export a CSV file, or fewer rows."
    ),
    "job.step.computing": _("Working the figures out"),
    "job.step.saving": _("Saving the figures"),
    "job.kind.measure.publish-targets": _("Publishing the targets"),
    "job.kind.measure.undo-targets": _("Undoing the targets"),
    "measure.bad-where": _("“%(text)s” is no condition. Write dimension=value."),
    "measure.period-or-every": _(
        "Name one period with --period, or a series with --every, --from and --to; not both."
    ),
    "measure.bad-target": _("“%(value)s” is no number (%(unit)s, %(period)s). Nothing was saved."),
    "measure.cannot-clear-target": _(
        "A target cannot be emptied here (%(unit)s, %(period)s): undo the import that brought it. "
        "Nothing was saved."
    ),
    "measure.no-targets-given": _("No target was typed in or changed, so nothing was saved."),
}
