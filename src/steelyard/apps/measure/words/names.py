"""Names of KPIs, periods, units, dimensions and tables in the reader's language."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.data.words import table_label
from steelyard.apps.measure.queries.units import Unit
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import RANGE, Period
from steelyard.web.numbers import is_chinese

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def kpi_name(kpi: Kpi) -> str:
    return kpi.names["zh" if is_chinese() else "en"]


def kpi_inside(kpi: Kpi) -> str:
    """Inside a sentence English writes it small, but for abbreviations."""
    name = kpi_name(kpi)
    return name if is_chinese() or name[:2].isupper() else name[:1].lower() + name[1:]


def kpi_note(kpi: Kpi) -> str:
    return kpi.note["zh" if is_chinese() else "en"]


def period_name(period: Period) -> str:
    """Q4 2017, Nov 2017, 2017; 2017年四季度, 2017年11月, 2017年. A form of figures, as numbers are."""
    if period.grain == RANGE:
        return range_name(period)
    year = period.label.split("-")[0]
    if is_chinese():
        year = f"{year[2:]}财年" if year.startswith("FY") else f"{year}年"
        if period.grain == "month":
            return f"{year}{period.start.month}月"
        return f"{year}{'一二三四'[int(period.label[-1]) - 1]}季度" if "quarter" in period.grain else year
    if period.grain == "month":
        return f"{MONTHS[period.start.month - 1]} {year}"
    return f"{period.label[-2:]} {year}" if "quarter" in period.grain else year


def range_name(period: Period) -> str:
    """31 May – 30 Aug 2011; 2011年5月31日—8月30日. A year is said twice where it changes."""
    first, last = period.start, period.end - datetime.timedelta(days=1)
    is_one_year = first.year == last.year
    if is_chinese():
        start = f"{first.year}年{first.month}月{first.day}日"
        return f"{start}—{'' if is_one_year else f'{last.year}年'}{last.month}月{last.day}日"
    start, end = (f"{day.day} {MONTHS[day.month - 1]}" for day in (first, last))
    return f"{start if is_one_year else f'{start} {first.year}'} – {end} {last.year}"


def unit_name(unit: Unit) -> str:
    return unit.name or _("The company")


def grain_name(grain: str) -> str:
    return {
        "month": pgettext("length of a period", "Month"),
        "quarter": pgettext("length of a period", "Quarter"),
        "year": pgettext("length of a period", "Year"),
        "fiscal-quarter": pgettext("length of a period", "Fiscal quarter"),
        "fiscal-year": pgettext("length of a period", "Fiscal year"),
    }[grain]


def direction_name(kpi: Kpi) -> str:
    return {
        "up": _("higher is better"),
        "down": _("lower is better"),
        "band": _("best inside its range"),
    }[kpi.direction]


def part_of_scorecard(dimension: str) -> str:
    return {
        "results": pgettext("part of the scorecard", "Results"),
        "process": pgettext("part of the scorecard", "Process"),
        "customer": pgettext("part of the scorecard", "Customer"),
        "people": pgettext("part of the scorecard", "People"),
    }[dimension]


def dimension_name(name: str) -> str:
    """Standard columns have words; a column of the file's own keeps its name."""
    known = {
        "team": _("Team"),
        "member": pgettext("person", "Member"),
        "manager": pgettext("person", "Manager"),
        "owner": pgettext("of a record", "Owner"),
        "region": _("Region"),
        "product": _("Product"),
        "industry": _("Industry"),
        "segment": pgettext("of customers", "Segment"),
        "level": pgettext("of customers", "Level"),
        "size": pgettext("of customers", "Size"),
        "source": pgettext("of leads", "Source"),
        "currency": _("Currency"),
        "customer": _("Customer"),
        "account_id": pgettext("of a deal", "Account"),
        "campaign_id": _("Campaign"),
        "stage": pgettext("of opportunities", "Stage"),
        "outcome": pgettext("of opportunities", "Outcome"),
        "lost_reason": _("Lost reason"),
        "competitor": _("Competitor"),
        "received_by": _("Received by"),
        "kind": pgettext("of a record", "Kind"),
        "reason": pgettext("of a record", "Reason"),
    }
    return known.get(name) or name.replace("_", " ").capitalize()


def no_value(name: str) -> str:
    """Records that have none of a dimension."""
    return _("no %(dimension)s") % {"dimension": dimension_name(name).lower()}


def condition(name: str, label: str) -> str:
    """Team: East."""
    return _("%(dimension)s: %(value)s") % {
        "dimension": dimension_name(name),
        "value": label or no_value(name),
    }


def column_name(name: str) -> str:
    """A column of records, as the table's head has it."""
    known = {
        "opportunity_id": _("Opportunity"),
        "invoice_id": _("Invoice"),
        "receipt_id": _("Receipt"),
        "lead_id": pgettext("of sales", "Lead"),
        "created_on": _("Created on"),
        "closed_on": _("Closed on"),
        "issued_on": _("Issued on"),
        "due_on": _("Due on"),
        "received_on": _("Received on"),
        "happened_on": _("Happened on"),
        "settled_on": _("Settled on"),
        "amount": _("Amount"),
        "balance": _("Balance"),
        "list_price": _("List price"),
        "cost": pgettext("money", "Cost"),
        "days_late": _("Days late"),
        "days_to_settle": _("Days to settle"),
    }
    return known.get(name) or dimension_name(name)


def table_name(name: str) -> str:
    """The table inside a sentence."""
    label = table_label(name)
    return label[:1].lower() + label[1:]
