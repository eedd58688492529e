"""What is checked: each rule with its table, its columns and how the rows that break it are told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir

from steelyard.engine.kpi.relations import day_of, is_present

# The day on which a row of a table happened; the column that says what it is worth.
DAYS = {
    "leads": "created_on",
    "contracts": "signed_on",
    "opportunities": "created_on",
    "orders": "ordered_on",
    "stage_changes": "changed_at",
    "invoices": "issued_on",
    "receipts": "received_on",
    "campaigns": "started_on",
    "campaign_days": "day",
    "content_days": "day",
    "touches": "touched_at",
    "activities": "done_at",
    "feedback": "given_on",
    "work_events": "finished_at",
    "tool_use": "day",
    "learning": "day",
    "skill_assessments": "assessed_on",
    "ideas": "raised_on",
}
AMOUNTS = {"campaigns": "budget", "campaign_days": "spend"}
OWNERS = ("owner", "received_by", "performer", "person", "author", "by")
# A part of a table's rows or of its amount from which a figure made of them is not to be relied on.
FAILS_AT = 0.05
Flag = Callable[[ir.Table, "Place"], ir.BooleanValue]


@dataclass(frozen=True)
class Place:
    """What a flag may look at beside its own table."""

    tables: Any
    as_of: Any
    base_currency: str


@dataclass(frozen=True)
class Rule:
    """One check of one table.

    `columns` are those that the table must have, the first being what the finding is about; `others` are
    tables that must be there. From `fails_at` (share of rows or of the amount) on, figures made of the table
    do not pass; None: a remark whatever its size. `is_of_rows`: it concerns every figure made of the rows,
    not only those that read its columns.
    """

    id: str
    table: str
    columns: tuple[str, ...]
    flag: Flag
    others: tuple[str, ...] = ()
    fails_at: float | None = FAILS_AT
    is_of_rows: bool = True

    @property
    def column(self) -> str:
        """The column that the finding is about."""
        return self.columns[0] if self.columns else ""


def _orphans() -> Iterable[Rule]:
    links = """receipts.invoice_id invoices.invoice_id
    receipts.plan_id collection_plan.plan_id
    collection_plan.contract_id contracts.contract_id
    contracts.account_id accounts.account_id
    contracts.opportunity_id opportunities.opportunity_id
    opportunities.account_id accounts.account_id
    opportunities.lead_id leads.lead_id
    stage_changes.opportunity_id opportunities.opportunity_id
    invoices.opportunity_id opportunities.opportunity_id
    invoices.credited_invoice_id invoices.invoice_id
    leads.campaign_id campaigns.campaign_id
    campaign_days.campaign_id campaigns.campaign_id
    touches.campaign_id campaigns.campaign_id
    touches.lead_id leads.lead_id
    touches.account_id accounts.account_id
    activities.account_id accounts.account_id
    feedback.campaign_id campaigns.campaign_id"""
    for line in links.splitlines():
        (table, column), (other, key) = (each.split(".") for each in line.split())
        yield Rule("orphan", table, (column,), _names_none(column, other, key), (other,), is_of_rows=False)


def _names_none(column: str, other: str, key: str) -> Flag:
    """Filled, and not in the other table; an account may be named by its id or by its name."""

    def flag(table: ir.Table, place: Place) -> ir.BooleanValue:
        known = place.tables[other]
        found = table[column].isin(known.filter(known[key].notnull())[key])
        if other == "accounts" and "name" in known.columns:
            found |= table[column].isin(known.filter(known.name.notnull()).name)
        return is_present(table[column]) & ~found

    return flag


# Rows of equal content under different keys: what is compared; ! must be filled, of those with ? one must.
_SAME = {
    "receipts": ("receipt_id", "invoice_id? plan_id? amount! received_on!"),
    "invoices": ("invoice_id", "customer! amount! issued_on! due_on"),
    "contracts": ("contract_id", "account_id! amount! signed_on!"),
    "opportunities": ("opportunity_id", "account_id! owner product amount! created_on!"),
    "collection_plan": ("plan_id", "contract_id! amount! due_on! milestone"),
    "orders": ("order_line_id", "order_id customer! owner product! quantity amount! ordered_on!"),
    "leads": ("lead_id", "created_on! campaign_id source owner region score first_contact_at!"),
    "activities": ("activity_id", "owner! kind! done_at! account_id! contact_id minutes"),
    "touches": ("touch_id", "touched_at! lead_id? account_id? campaign_id kind person"),
    "feedback": ("feedback_id", "customer! given_on! score! scale owner campaign_id comment!"),
}


def _duplicates() -> Iterable[Rule]:
    for table, (key, marked) in _SAME.items():
        names = [each.rstrip("!?") for each in marked.split()]
        filled = tuple(each.rstrip("!") for each in marked.split() if each.endswith("!"))
        either = tuple(each.rstrip("?") for each in marked.split() if each.endswith("?"))
        yield Rule("duplicate", table, (key, *filled), _repeats(key, names, filled, either))


def _repeats(key: str, names: list[str], filled: tuple[str, ...], either: tuple[str, ...]) -> Flag:
    """Any but the first of rows with the same content; a currency must agree, too."""

    def flag(table: ir.Table, _place: Place) -> ir.BooleanValue:
        held = [table[name] for name in (*names, "currency") if name in table.columns]
        is_told = all_of(table[name].notnull() for name in filled)
        if either:
            known = [table[name] for name in either if name in table.columns]
            is_told &= any_of(is_present(each) for each in known)
        return is_told & (table[key] != table[key].min().over(group_by=held))

    return flag


def all_of(tests: Iterable[Any]) -> Any:
    """Every one of the tests."""
    return reduce(and_, tests, ibis.literal(True))


def any_of(tests: Iterable[Any]) -> Any:
    """At least one of the tests."""
    return reduce(or_, tests, ibis.literal(False))


def _below_zero(column: str, *, unless: str = "") -> Flag:
    def flag(table: ir.Table, _place: Place) -> ir.BooleanValue:
        test = table[column] < 0
        if unless and unless in table.columns:
            test &= ~_says_yes(table[unless])
        return test

    return flag


def _says_yes(column: ir.Value) -> ir.BooleanValue:
    """A mark of a return or of a credit note: anything but blank, no and zero."""
    if not column.type().is_string():
        return column.cast("float64").fill_null(0) != 0
    return column.strip().lower().fill_null("").notin(["", "0", "no", "n", "false", "否", "无"])


def _signs() -> Iterable[Rule]:
    columns = """opportunities.amount opportunities.list_price opportunities.cost
    contracts.amount contracts.cost
    collection_plan.amount receipts.amount orders.cost orders.list_price campaigns.budget campaign_days.spend
    campaign_days.impressions campaign_days.clicks campaign_days.registrations campaign_days.attendees
    activities.minutes learning.hours"""
    for table, column in (each.split(".") for each in columns.split()):
        yield Rule("negative", table, (column,), _below_zero(column), is_of_rows=False)
    credit = _below_zero("amount", unless="credited_invoice_id")
    yield Rule("negative", "invoices", ("amount",), credit, is_of_rows=False)
    yield Rule("negative", "orders", ("amount",), _below_zero("amount", unless="returned"), is_of_rows=False)
    yield Rule("no-amount", "opportunities", ("amount", "outcome"), _won_for_nothing, is_of_rows=False)
    yield Rule("no-quantity", "orders", ("quantity", "amount"), _sold_none, is_of_rows=False)
    for part, whole in (("clicks", "impressions"), ("attendees", "registrations")):
        more = _more_than(part, whole)
        yield Rule("more-than-whole", "campaign_days", (part, whole), more, is_of_rows=False)


def _won_for_nothing(table: ir.Table, _place: Place) -> ir.BooleanValue:
    return (table.outcome == "won") & (table.amount.isnull() | (table.amount == 0))


def _sold_none(table: ir.Table, _place: Place) -> ir.BooleanValue:
    return (table.quantity <= 0) & (table.amount > 0)


def _more_than(part: str, whole: str) -> Flag:
    return lambda table, _place: table[part] > table[whole]


def _dates() -> Iterable[Rule]:
    for table, column in DAYS.items():
        yield Rule("future", table, (column,), _after_today(column))
    yield Rule("future", "opportunities", ("closed_on", "outcome"), _closed_after_today)
    pairs = """opportunities.created_on<closed_on leads.created_on<first_contact_at leads.created_on<mql_on
    leads.mql_on<sql_on invoices.issued_on<due_on campaigns.started_on<ended_on
    work_events.started_at<finished_at ideas.raised_on<answered_on"""
    for each in pairs.split():
        table, both = each.split(".")
        earlier, later = both.split("<")
        ends_first = _ends_first(earlier, later)
        yield Rule("backwards", table, (later, earlier), ends_first, is_of_rows=False)


def _after_today(column: str) -> Flag:
    return lambda table, place: day_of(table[column]) > place.as_of


def _closed_after_today(table: ir.Table, place: Place) -> ir.BooleanValue:
    return table.outcome.isin(["won", "lost"]) & (day_of(table.closed_on) > place.as_of)


def _ends_first(earlier: str, later: str) -> Flag:
    def flag(table: ir.Table, _place: Place) -> ir.BooleanValue:
        start, end = table[earlier], table[later]
        if start.type().is_timestamp() and end.type().is_timestamp():
            return end < start
        return day_of(end) < day_of(start)

    return flag


def _outcomes() -> Iterable[Rule]:
    yield Rule("closed-undated", "opportunities", ("closed_on", "outcome"), _closed_undated, is_of_rows=False)
    yield Rule(
        "open-past-close",
        "opportunities",
        ("closed_on", "outcome"),
        _open_past,
        fails_at=None,
        is_of_rows=False,
    )


def _closed_undated(table: ir.Table, _place: Place) -> ir.BooleanValue:
    return table.outcome.isin(["won", "lost"]) & table.closed_on.isnull()


def _open_past(table: ir.Table, place: Place) -> ir.BooleanValue:
    is_open = table.outcome.fill_null("open") == "open"
    return is_open & (day_of(table.closed_on) < place.as_of)


def _currencies() -> Iterable[Rule]:
    for table, day in DAYS.items():
        yield Rule("no-currency", table, ("currency",), _no_currency)
        yield Rule("no-rate", table, ("currency", day), _no_rate(day))


def _code(table: ir.Table) -> ir.StringValue:
    return table.currency.strip().upper().nullif("")


def _no_currency(table: ir.Table, _place: Place) -> ir.BooleanValue:
    """Blank where other rows of the table name one."""
    return _code(table).isnull() & (_code(table).max().over() != "")


def _no_rate(day: str) -> Flag:
    """Neither the base currency nor the only one of the table, and no rate that early."""

    def flag(table: ir.Table, place: Place) -> ir.BooleanValue:
        code = _code(table)
        is_foreign = code.notnull() & (code != place.base_currency.upper())
        is_foreign &= code.min().over() != code.max().over()
        if "exchange_rates" not in place.tables:
            return is_foreign
        rates = place.tables["exchange_rates"]
        first = rates.group_by(_of=rates.currency.strip().upper()).agg(_from=rates.valid_from.min())
        since = {row["_of"]: row["_from"] for row in first.to_pyarrow().to_pylist() if row["_of"]}
        if not since:
            return is_foreign
        is_early = any_of((code == each) & (day_of(table[day]) < held) for each, held in since.items())
        return is_foreign & (code.notin(sorted(since)) | is_early)

    return flag


RULES: tuple[Rule, ...] = (
    *_orphans(),
    *_duplicates(),
    *_signs(),
    *_currencies(),
    *_dates(),
    *_outcomes(),
)
# Rules that look at more than single rows; their findings come of days and of names.
LATE, GAP, STALE, UNKNOWN, AMBIGUOUS = "late", "gap", "stale", "unknown-owner", "ambiguous-owner"
# From which share on they fail a figure; None: never.
OTHER_LIMITS: dict[str, float | None] = {
    LATE: None,
    GAP: None,
    STALE: None,
    UNKNOWN: FAILS_AT,
    AMBIGUOUS: FAILS_AT,
}


def rules_of(tables: Any, name: str) -> list[Rule]:
    """The rules of a table that its columns and the tables at hand allow."""
    held = set(tables[name].columns)
    return [
        rule
        for rule in RULES
        if rule.table == name
        and held.issuperset(rule.columns)
        and all(each in tables for each in rule.others)
    ]


def limit_of(rule: str, table: str, column: str) -> float | None:
    """The share from which a finding fails; None where it stays a remark."""
    if rule in OTHER_LIMITS:
        return OTHER_LIMITS[rule]
    found = [each for each in RULES if (each.id, each.table, each.column) == (rule, table, column)]
    return found[0].fails_at if found else None


def concerns_all(rule: str, table: str, column: str) -> bool:
    """Whether a finding concerns every figure of the table, not only those that read its column."""
    found = [each for each in RULES if (each.id, each.table, each.column) == (rule, table, column)]
    return found[0].is_of_rows if found else rule not in (STALE,)
