"""How a flow is kept, as rows of tables, a chart, and files."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.words.names import period_name
from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries.flows import words_of
from steelyard.apps.process.views.approvals import interval
from steelyard.apps.process.views.sheets import Sheet
from steelyard.apps.process.words import flows as words
from steelyard.apps.process.words import troubles
from steelyard.charts import lens
from steelyard.charts.wording import Wording
from steelyard.engine.process.declared import Flow as Declared
from steelyard.engine.process.declared import FlowCheck
from steelyard.errors import Refused
from steelyard.web import numbers


def deviation_lines(check: FlowCheck, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "told": words.deviation_words(each, names),
            "kind": words.deviation_kind(each.kind),
            "cases": numbers.count(each.cases),
            "share": numbers.percent(each.share),
            "bar": each.share,
            "interval": troubles.interval(each.low, each.high),
            "examples": each.examples,
        }
        for each in check.deviations
    ]


def breach_lines(check: FlowCheck, names: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": names.get(each.step, each.step),
            "sla": words.hours_words(each.sla_hours),
            "cases": numbers.count(each.cases),
            "late": numbers.count(each.late) if each.sla_hours else numbers.MISSING,
            "share": words.in_time(each),
            "interval": interval(each.low, each.high),
            "median": words.hours_words(each.median_hours),
            "p90": words.hours_words(each.p90_hours),
            "examples": each.examples,
        }
        for each in check.breaches
    ]


def step_cards(flow: Declared) -> list[dict[str, Any]]:
    """What is agreed on each step, as it is printed."""
    language = get_language() or "en"
    between = "、" if language.startswith("zh") else ", "
    return [
        {
            "name": words_of(step.names, language),
            "facts": [
                (label, told)
                for label, told in (
                    (_("Owner"), words_of(step.owner, language)),
                    (pgettext("of a step", "Input"), words_of(step.input, language)),
                    (pgettext("of a step", "Output"), words_of(step.output, language)),
                    (_("Time limit"), words.hours_words(float(step.sla)) if step.sla else ""),
                    (_("Decision right"), words_of(step.decision_right, language)),
                    (_("Called in the log"), between.join(step.activities)),
                )
                if told
            ],
            "checklist": [words_of(one, language) for one in step.checklist],
            "is_optional": step.optional,
            "may_repeat": step.may_repeat,
        }
        for step in flow.steps
    ]


def adherence_chart(history: Sequence[tuple[Flow, FlowCheck]]) -> dict[str, Any] | None:
    """Month by month with its interval; a line a version where several held."""
    told = [(flow, month) for flow, check in history for month in check.months]
    if not told:
        return None
    is_several = len({flow.pk for flow, _month in told}) > 1
    points = [
        lens.Point(
            period_name(read_period(month.month)),
            month.share,
            month.low,
            month.high,
            series=_("Version %(version)s") % {"version": flow.version} if is_several else "",
        )
        for flow, month in sorted(told, key=lambda each: each[1].month)
    ]
    label = _("Cases that keep to the flow, by the month in which they ended, with 95% intervals")
    spoken = Wording(
        language=get_language() or "en",
        description=label,
        figure=numbers.percent,
        change=numbers.points,
        tick=lambda value: numbers.percent(value, digits=0),
        labels={
            "row": pgettext("of a chart", "Part"),
            "value": pgettext("of a chart", "Value"),
            "interval": _("95% interval"),
        },
        span=_("{low} to {high}"),
    )
    table = lens.table_of(points, words=spoken)
    return {"label": label, "spec": lens.lines(points, words=spoken), "table": table}


def flow_sheet(name: str, check: FlowCheck, names: dict[str, str]) -> Sheet:
    """One of the tables in plain numbers."""
    if name == "deviations":
        return deviations(check, names)
    if name == "time-limits":
        return limits(check, names)
    if name == "months":
        return months(check)
    raise Refused("access.denied", 404)


def deviations(check: FlowCheck, names: dict[str, str]) -> Sheet:
    columns = [
        pgettext("deviation", "Kind"),
        pgettext("of a process", "Step"),
        _("Activity"),
        pgettext("of a process", "Cases"),
        _("Share of cases"),
        _("Low"),
        _("High"),
        _("Such as"),
    ]
    return Sheet(
        columns,
        [
            [
                words.deviation_kind(each.kind),
                names.get(each.step, each.step),
                each.activity,
                each.cases,
                each.share,
                each.low,
                each.high,
                "; ".join(each.examples),
            ]
            for each in check.deviations
        ],
    )


def limits(check: FlowCheck, names: dict[str, str]) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        _("Time limit, hours"),
        pgettext("of a process", "Cases"),
        _("Late"),
        _("In time"),
        _("Low"),
        _("High"),
        _("Median, hours"),
        _("P90, hours"),
        _("Such as"),
    ]
    return Sheet(
        columns,
        [
            [
                names.get(each.step, each.step),
                each.sla_hours,
                each.cases,
                each.late,
                each.share,
                each.low,
                each.high,
                each.median_hours,
                each.p90_hours,
                "; ".join(each.examples),
            ]
            for each in check.breaches
        ],
    )


def months(check: FlowCheck) -> Sheet:
    columns = [
        pgettext("length of a period", "Month"),
        pgettext("of a process", "Cases"),
        _("Keep to the flow"),
        _("Share of cases"),
        _("Low"),
        _("High"),
    ]
    rows = [[each.month, each.cases, each.adherent, each.share, each.low, each.high] for each in check.months]
    return Sheet(columns, rows)
