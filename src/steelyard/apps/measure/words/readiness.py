"""What is there and what is to be added, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from steelyard.apps.data.words import column_label, table_label
from steelyard.apps.measure.queries import readiness as codes
from steelyard.apps.measure.queries.readiness import Depth, Readiness, Step
from steelyard.apps.measure.words import names

EFFORTS = {
    codes.MORE_COLUMNS: gettext_lazy("Little: more columns in a file you import already"),
    codes.EXPORT: gettext_lazy("Some: an export of a system you have"),
    codes.KEPT_LIST: gettext_lazy("More: a list that somebody keeps"),
    codes.SET_UP: gettext_lazy("Most: something to set up first"),
}
# Where a table comes from in a usual company.
SOURCES = {
    "opportunities": gettext_lazy("The CRM: all opportunities with owner, stage, amount and dates."),
    "leads": gettext_lazy("The CRM or the marketing tool: leads with creation date, source and owner."),
    "accounts": gettext_lazy("The CRM: accounts with owner, industry and region."),
    "contracts": gettext_lazy("The contract ledger, or the CRM: contracts with date, owner and amount."),
    "collection_plan": gettext_lazy("The contract ledger: what falls due when, by contract."),
    "orders": gettext_lazy("The ERP or shop: order lines with date, amount and, for margins, cost."),
    "stage_changes": gettext_lazy(
        "The CRM's stage history; where it exports none, full snapshots of opportunities give it."
    ),
    "invoices": gettext_lazy("Finance: invoices with issue date, due date, customer and amount."),
    "receipts": gettext_lazy("Finance: receipts with date, amount and the invoice they pay."),
    "campaigns": gettext_lazy("The marketing calendar: campaigns with channel, start and budget."),
    "campaign_days": gettext_lazy("The ad platforms' daily reports: spend, clicks, registrations, leads."),
    "content_days": gettext_lazy("The accounts' statistics: reach, reads and shares of each post."),
    "touches": gettext_lazy("The marketing tool: which lead met which campaign, and when."),
    "activities": gettext_lazy("The CRM: calls, visits and meetings with date, owner and account."),
    "feedback": gettext_lazy("A short question to customers after each deal or delivery: NPS or CSAT."),
    "work_events": gettext_lazy(
        "Approvals or the ticket tool, such as Feishu, WeCom or DingTalk: each step with performer and time."
    ),
    "tool_use": gettext_lazy("The usage reports of your tools: who used which one on which day."),
    "survey_scores": gettext_lazy("A staff survey, as team results; groups under five are never read."),
    "skill_assessments": gettext_lazy("HR: the level of each person in each skill, with the date."),
    "learning": gettext_lazy("The learning tool, or HR's list of courses: person, course, day, hours."),
    "ideas": gettext_lazy("The list of suggestions: who raised what on which day."),
    "headcount": gettext_lazy("HR: people by team and month."),
    "targets": gettext_lazy("Type them in under “Set targets”, or import the sheet you plan with."),
    "exchange_rates": gettext_lazy("Finance: the rate of each currency with the day from which it holds."),
}


def headline(found: Readiness) -> str:
    if not found.count:
        return _("No KPI can be told yet: the first export opens the first of them.")
    shown: dict[str, object] = {"count": found.count, "whole": found.whole}
    if not found.steps:
        return _("The data at hand tell all %(whole)d KPIs.") % shown
    best = max(found.steps, key=lambda step: (len(step.opens), -step.effort))
    shown |= {"table": table_label(best.table), "more": len(best.opens)}
    if not best.opens:
        return _("The data at hand tell %(count)d of %(whole)d KPIs.") % shown
    return (
        ngettext(
            "The data at hand tell %(count)d of %(whole)d KPIs; “%(table)s” would add one more.",
            "The data at hand tell %(count)d of %(whole)d KPIs; “%(table)s” would add %(more)d more.",
            len(best.opens),
        )
        % shown
    )


def depth(each: Depth) -> str:
    """What can be compared with what, and what it takes where it cannot."""
    count = {"count": each.count}
    if each.code == "targets" and each.is_there:
        text = ngettext("Targets are set for one KPI.", "Targets are set for %(count)d KPIs.", each.count)
        return text % count
    texts = {
        ("signals", True): _("Signals are told from usual variation: the data span %(count)d months."),
        ("signals", False): _("Too early for signals: they take six months of data; there are %(count)d."),
        ("year-ago", True): _("Each figure has one of a year ago beside it."),
        ("year-ago", False): _("No comparison with a year ago yet: it takes 13 months; there are %(count)d."),
        ("targets", False): _("No targets yet: figures are shown, and nothing judges them."),
        ("teams", True): _("%(count)d teams can be compared."),
        ("teams", False): _("No teams yet: import people and teams to see who stands where."),
        ("members", True): _("%(count)d people have figures of their own where files name them."),
        ("members", False): _("No people yet: names in files belong to nobody."),
    }
    return texts[each.code, each.is_there] % count


def step(each: Step) -> dict[str, object]:
    """One line of the list: what, where from, which columns, what it opens."""
    return {
        "name": table_label(each.table),
        "is_new": each.is_new,
        "effort": EFFORTS[each.effort],
        "source": SOURCES.get(each.table, ""),
        "columns": _("Columns: %(columns)s")
        % {"columns": listed([column_label(name) for name in each.columns])}
        if each.columns
        else "",
        "opens": each.opens,
        "helps": listed([names.kpi_name(kpi) for kpi in each.helps]),
    }


def columns(each: Step) -> str:
    names_of = [column_label(name) for name in each.columns]
    return _("Columns: %(columns)s") % {"columns": listed(names_of)} if names_of else ""


def listed(words: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(words)
