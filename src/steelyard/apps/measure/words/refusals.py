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
    "kpi.unknown-table": _("There is no table “%(table)s”."),
    "kpi.unknown-column": _("The table %(table)s has no column “%(column)s”."),
    "kpi.column-kind": _("The column “%(column)s” of %(table)s cannot be used so: it holds something else."),
    "kpi.never-met": _("“%(column)s” never holds “%(value)s”; it holds %(known)s."),
    "kpi.nothing-changed": _("Nothing was changed, so there is no new version."),
    "kpi.no-reason": _("Say why this changes: it stands beside the version for everybody to read."),
    "kpi.not-own": _("This KPI is as it ships: there is no version of this site to take back."),
    "kpi.edited-meanwhile": _(
        "Meanwhile %(by)s has saved version %(version)s of this KPI. Your text is still in the form: "
        "look at that version, then open the form anew and put in what is still needed."
    ),
    "kpi.preview-too-slow": _(
        "The preview takes longer than %(seconds)s seconds. The KPI can be saved all the same: "
        "its figures are computed in the background."
    ),
    "kpi.other-id": _("The id of a KPI stays: this page is about “%(kpi)s”."),
    "kpi.no-file": _("The file %(file)s cannot be opened."),
    "kpi.add-or-take-back": _("Either add a declaration or take one back, not both at once."),
    "kpi.bad-yaml": _("This is no YAML: line %(line)s cannot be read."),
    "period.unreadable": _(
        "“%(text)s” is no period. Write 2017-Q4, 2017-11, 2017, 2017-W05, 2017-11-03, FY2017-Q4 or "
        "2017-03-05..2017-04-09."
    ),
    "period.backwards": _("The range ends on %(last)s, before it starts on %(first)s."),
    "period.grain": _("“%(grain)s” is no length of a period. Take day, week, month, quarter or year."),
    "period.fiscal-start": _("A fiscal year starts in a month from 1 to 12, not %(month)s."),
    "period.too-many": _("That is %(periods|count)s periods; at most %(limit|count)s at once."),
    "measure.keeps-months": _("Only whole months are kept; %(period)s is none. Choose a month."),
    "measure.month-not-over": _(
        "%(period)s is not over in the data: they end on %(last)s. It is kept once they cover the month."
    ),
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
    "measure.small-group": _("These figures would tell of fewer than five people, so they are withheld."),
    "measure.bad-weight": _("A weight is a whole percent from 0 to 100. Nothing was saved."),
    "measure.weights-not-whole": _("The weights add up to %(whole)s, not to 100. Nothing was saved."),
    "measure.too-many-weights": _("A scorecard holds at most %(limit|count)s KPIs. Nothing was saved."),
    "measure.one-company-scorecard": _("The company has one scorecard: change its weights instead."),
    "measure.shipped-scorecard": _("A scorecard that ships cannot be retired. Change its weights instead."),
    "measure.no-targets-given": _("No target was typed in or changed, so nothing was saved."),
}
