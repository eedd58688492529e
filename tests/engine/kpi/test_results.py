"""Contracts, margins, growth, customers, marketing: small tables worked out by hand."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.kpi import judge, parse, points, summarise
from steelyard.engine.kpi.catalogue import shipped_documents
from steelyard.errors import Refused

from .conftest import table

Q2 = "2024-Q2"
DEALS = table(
    opportunity_id=["1", "2", "3", "4", "5", "6"],
    owner=["ann", "ann", "bob", "bob", "ann", "bob"],
    outcome=["won", "won", "won", "lost", "won", "won"],
    closed_on=[
        date(2024, 4, 1),
        date(2024, 5, 1),
        date(2024, 6, 30),
        date(2024, 5, 5),
        date(2023, 5, 1),
        date(2023, 6, 1),
    ],
    account_id=["A", "B", "A", "C", "B", "D"],
    lead_id=["l1", "l2", None, "l1", "l3", ""],
    amount=[100.0, 60.0, 40.0, 500.0, 80.0, 45.0],
    list_price=[125.0, 60.0, None, 900.0, 90.0, 50.0],
    cost=[70.0, None, 50.0, 1.0, 1.0, 1.0],
)
LEADS = table(lead_id=["l1", "l2", "l3"], campaign_id=["m", "", "m"], created_on=[date(2023, 1, 1)] * 3)
CAMPAIGNS = table(
    campaign_id=["m", "k"],
    name=["Fair", "Mail"],
    channel=["Event", "Mail"],
    owner=["mia", "mia"],
    started_on=[date(2024, 1, 1)] * 2,
)
DAYS = table(
    campaign_id=["m", "m", "k"],
    day=[date(2024, 4, 1), date(2024, 7, 1), date(2024, 5, 1)],
    spend=[30.0, 99.0, 20.0],
)
CONTRACTS = table(
    contract_id=["1", "2", "3", "4"],
    account_id=["A", "A", "B", "C"],
    owner=["ann", "ann", "bob", None],
    signed_on=[date(2024, 4, 2), date(2024, 5, 2), date(2024, 5, 3), date(2024, 6, 1)],
    amount=[100.0, 50.0, 30.0, 20.0],
    cost=[80.0, None, 0.0, 25.0],
    kind=["new", "renewal", "renewal", "new"],
)
TABLES = {"opportunities": DEALS, "leads": LEADS, "campaigns": CAMPAIGNS, "campaign_days": DAYS}


def one(tables, kpi, period=Q2, **options):
    (row,) = judge(summarise(tables, kpi, periods=[period], **options))
    return row


def test_contracts_by_kind():
    tables = {"contracts": CONTRACTS}
    assert one(tables, "contract_value").value == 200
    rows = judge(summarise(tables, "contract_value", periods=[Q2], by=["kind"]))
    assert {row.by["kind"]: row.value for row in rows} == {"new": 120, "renewal": 80}
    margin = one(tables, "contract_margin")
    assert (margin.numerator, margin.denominator, margin.n) == (45, 150, 3)


def test_margin_and_discount_of_wins():
    margin, discount = one(TABLES, "won_margin"), one(TABLES, "discount_rate")
    assert (margin.numerator, margin.denominator, margin.n) == (20, 140, 2)
    assert (discount.numerator, discount.denominator) == (25, 185)


def test_growth_is_against_the_same_period_a_year_before():
    assert one(TABLES, "won_revenue_year_ago").value == 125
    assert one(TABLES, "revenue_growth").value == pytest.approx(200 / 125 - 1)
    assert one(TABLES, "revenue_growth", "2023-Q2").value is None
    by_member = judge(summarise(TABLES, "revenue_growth", periods=[Q2], by=["member"]))
    assert {row.by["member"]: row.value for row in by_member} == {
        "ann": pytest.approx(1.0),
        "bob": pytest.approx(40 / 45 - 1),
    }


@pytest.mark.parametrize(
    ("tables", "count", "base"),
    [
        (TABLES, 1, "opportunities"),  # only A: B and D bought a year before
        ({"contracts": CONTRACTS}, 2, "contracts"),  # A and C; B came by a renewal
        (
            {
                "orders": table(
                    order_line_id=["1", "2", "3"],
                    ordered_on=[date(2024, 4, 1)] * 3,
                    customer=["A", "A", "B"],
                    amount=[1.0, 1.0, 1.0],
                )
            },
            2,
            "orders",
        ),
    ],
)
def test_new_customers_by_their_first_purchase(tables, count, base):
    row = one(tables, "new_customers")
    assert (row.value, row.base) == (count, base)


def test_new_customers_need_a_table_that_names_customers():
    with pytest.raises(Refused) as refusal:
        one({"campaign_days": DAYS}, "customer_acquisition_cost")
    assert refusal.value.params == {"table": "opportunities", "column": ""}


def test_what_marketing_costs_and_returns():
    assert one(TABLES, "customer_acquisition_cost").value == 50
    roi = one(TABLES, "marketing_roi")
    assert (roi.numerator, roi.denominator, roi.value) == (100, 50, 2.0)
    by_channel = judge(summarise(TABLES, "marketing_roi", periods=[Q2], by=["channel"]))
    assert {row.by["channel"]: row.value for row in by_channel} == {
        "Event": pytest.approx(100 / 30),
        "Mail": 0,
    }
    by_owner = judge(summarise(TABLES, "marketing_roi", periods=[Q2], by=["member"]))
    assert [(row.by["member"], row.value) for row in by_owner] == [("mia", 2.0)]


def test_points_say_what_judge_says():
    targets = ibis.memtable(
        pa.table({"kpi": ["won_revenue"], "period": [Q2], "unit": [""], "value": [400.0]})
    )
    tables = {**TABLES, "targets": targets}
    kpis = ["attainment", "revenue_growth", "discount_rate", "marketing_roi", "won_revenue_year_ago"]
    found = points(tables, kpis, grain="quarter", first=date(2023, 4, 1), last=date(2024, 6, 30))
    for each in found:
        for period, value in zip(each.periods, each.value[:, 0], strict=True):
            row = one(tables, each.kpi.id, period)
            assert (None if value != value else pytest.approx(value)) == row.value
    assert one(tables, "attainment").value == 0.5
    assert one(tables, "attainment", "2024-Q1").value is None


def test_revenue_per_head_by_memberships_else_by_headcount():
    never = date(2025, 1, 1)
    members = {
        "org_aliases": ibis.memtable(pa.table({"alias": ["ann", "bob"], "person": ["ann", "bob"]})),
        "org_teams": ibis.memtable(
            pa.table({"team": ["T"], "name": ["T"], "parent": pa.nulls(1, pa.string()), "region": ["R"]})
        ),
        "org_memberships": ibis.memtable(
            pa.table(
                {
                    "person": ["ann", "bob"],
                    "team": ["T", "T"],
                    "role": ["member", "member"],
                    "valid_from": [date(2024, 1, 1), date(2024, 4, 1)],
                    "valid_to": [never, date(2024, 5, 1)],
                }
            )
        ),
    }
    row = one({"opportunities": DEALS, **members}, "revenue_per_head")
    assert (row.numerator, row.denominator, row.base) == (200, 91 + 30, "memberships")
    assert float(row.value) == pytest.approx(200 / (121 / 91))
    headcount = table(team=["T"] * 3, month=[date(2024, m, 1) for m in (4, 5, 6)], people=[4.0, 4.0, 1.0])
    row = one({"opportunities": DEALS, "headcount": headcount}, "revenue_per_head")
    assert (float(row.denominator), row.base) == (4 * 30 + 4 * 31 + 30, "headcount")


@pytest.mark.parametrize(
    ("kpi", "cut"), [("won_revenue", "member"), ("discount_rate", "member"), ("won_margin", "member")]
)
def test_parts_sum_to_the_whole(kpi, cut):
    whole = one(TABLES, kpi)
    parts = judge(summarise(TABLES, kpi, periods=[Q2], by=[cut]))
    assert sum(row.numerator for row in parts) == whole.numerator
    assert sum(row.denominator or 0 for row in parts) == (whole.denominator or 0)


def test_a_range_of_days_is_a_period_like_any():
    row = one(TABLES, "won_revenue", "2024-04-01..2024-05-01")
    assert (row.value, row.period.days) == (160, 31)
    assert one(TABLES, "won_revenue_year_ago", "2024-05-01..2024-06-01").value == 125
    targets = table(kpi=["won_revenue"], period=["2024-04-01..2024-05-01"], unit=[""])
    targets = targets.mutate(value=ibis.literal(320.0))
    assert one({**TABLES, "targets": targets}, "attainment", "2024-04-01..2024-05-01").value == 0.5
    assert one({**TABLES, "targets": targets}, "attainment", "2024-04").value is None
    with pytest.raises(Refused, match=r"period\.grain"):
        list(points(TABLES, ["won_revenue"], grain="range", first=date(2024, 4, 1), last=date(2024, 5, 1)))


def test_targets_of_fiscal_periods_count_under_either_name():
    targets = table(kpi=["won_revenue"], period=["FY2025-Q1"], unit=[""]).mutate(value=ibis.literal(400.0))
    tables = {**TABLES, "targets": targets}
    for name in ("FY2025-Q1", "2024-Q2", "2024-04-01..2024-06-30"):
        (row,) = judge(summarise(tables, "attainment", periods=[name], fiscal_start=4))
        assert row.value == 0.5
    assert one(tables, "attainment").value is None  # a calendar year's FY2025-Q1 is another quarter


def test_quantiles_of_a_unit_are_its_own():
    deals = table(
        owner=["ann"] * 3 + ["bob"] * 2,
        outcome=["won"] * 5,
        created_on=[date(2024, 4, 1)] * 5,
        closed_on=[date(2024, 4, d) for d in (2, 3, 11, 21, 30)],
    )
    rows = judge(summarise({"opportunities": deals}, "sales_cycle_days", periods=["2024-04"], by=["member"]))
    assert {row.by["member"]: (row.value, row.n) for row in rows} == {"ann": (2, 3), "bob": (24.5, 2)}
    assert one({"opportunities": deals}, "sales_cycle_days", "2024-04").value == 10
    declared = {**dict(shipped_documents()["sales_cycle_days"]), "id": "slow_cycle_days"}
    slow = parse({**declared, "measure": {"days": ["created_on", "closed_on"], "quantile": 0.9}})
    (row,) = judge(summarise({"opportunities": deals}, slow, periods=["2024-04"]))
    assert row.value == pytest.approx(20 + 0.6 * 9)  # between the fourth (20) and the fifth (29) of five


def test_a_team_above_others_is_held_against_the_sum_of_their_targets():
    never = pa.nulls(2, pa.date32())
    organisation = {
        "org_aliases": ibis.memtable(pa.table({"alias": ["ann", "bob"], "person": ["ann", "bob"]})),
        "org_teams": ibis.memtable(
            pa.table(
                {
                    "team": ["top", "a", "b"],
                    "name": ["", "", ""],
                    "parent": [None, "top", "top"],
                    "region": [""] * 3,
                }
            )
        ),
        "org_memberships": ibis.memtable(
            pa.table(
                {
                    "person": ["ann", "bob"],
                    "team": ["a", "b"],
                    "role": ["member"] * 2,
                    "valid_from": [date(2020, 1, 1)] * 2,
                    "valid_to": never,
                }
            )
        ),
    }
    targets = table(kpi=["won_revenue"] * 2, period=[Q2] * 2, unit=["a", "b"]).mutate(
        value=ibis.literal(200.0)
    )
    tables = {"opportunities": DEALS, "targets": targets, **organisation}
    (company, teams) = points(
        tables,
        ["attainment"],
        grain="quarter",
        first=date(2024, 4, 1),
        last=date(2024, 6, 30),
        units=("company", "team"),
    )
    assert company.value[0, 0] == 0.5
    assert dict(zip(teams.codes, teams.value[0], strict=True)) == {"a": 0.8, "b": 0.2, "top": 0.5}
    assert one(tables, "attainment", where={"team": ["a", "b", "top"]}).value == 0.5
    assert one(tables, "attainment", where={"team": ["a", "b"]}).value is None  # no unit of the company
