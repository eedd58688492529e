"""Contracts, margins, growth, customers, marketing: small tables worked out by hand."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.kpi import judge, points, summarise
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
