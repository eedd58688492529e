"""The published data sets give the published figures."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import catalogue, dimensions, judge, summarise
from steelyard.engine.periods import Period, periods

YEAR = Period.parse("2017")
YEARS = [Period.parse(str(year)) for year in (2012, 2013, 2014)]


def values(tables, kpi, *, by=(), where=None, within=(YEAR,)):
    rows = judge(summarise(tables, kpi, periods=within, by=by, where=where or {}))
    return {tuple(row.by.values()) or row.period.label: row.value for row in rows}


def overall(tables, kpi, **where):
    rows = judge(summarise(tables, kpi, periods=YEARS, where=where))
    return float(Fraction(sum(row.numerator for row in rows)) / sum(row.denominator for row in rows))


def test_maven_totals(maven):
    rows = judge(summarise(maven, ["won_revenue", "win_rate", "sales_cycle_days"], periods=[YEAR]))
    revenue, rate, cycle = rows
    assert revenue.value == Decimal(10005534)
    assert (revenue.n, rate.numerator, rate.denominator) == (4238, 4238, 6711)
    assert round(rate.value, 4) == 0.6315
    assert cycle.value == 57.0


def test_maven_by_quarter(maven, oracles):
    quarters = periods("quarter", YEAR, YEAR)
    found = values(maven, "won_revenue", within=quarters)
    expected = {
        f"{key[:4]}-{key[4:]}": value for key, value in oracles["maven_crm"]["revenue_by_quarter"].items()
    }
    assert found == expected
    won = values(maven, "opportunities_won", within=quarters)
    assert list(won.values()) == list(oracles["maven_crm"]["won_by_quarter"].values())


@pytest.mark.parametrize("within", [[YEAR], periods("month", YEAR, YEAR)])
@pytest.mark.parametrize("dimension", ["region", "manager"])
def test_maven_by_region_and_manager(maven, oracles, dimension, within):
    rows = judge(summarise(maven, ["won_revenue", "win_rate"], periods=within, by=[dimension]))
    revenue, won, closed = {}, {}, {}
    for row in rows:
        unit = row.by[dimension]
        if row.kpi == "won_revenue":
            revenue[unit] = revenue.get(unit, 0) + row.value
        else:
            won[unit] = won.get(unit, 0) + row.numerator
            closed[unit] = closed.get(unit, 0) + row.denominator
    assert revenue == oracles["maven_crm"][f"revenue_by_{dimension}"]
    rates = {unit: round(won[unit] / closed[unit], 4) for unit in won}
    assert rates == oracles["maven_crm"][f"win_rate_by_{dimension}"]


def test_maven_by_member_and_product(maven, oracles):
    members = values(maven, "won_revenue", by=["member"])
    for agent, (amount, _) in oracles["maven_crm"]["top5_agents"].items():
        assert members[agent,] == amount
    products = values(maven, "won_revenue", by=["product"])
    assert products["GTX Pro",] == oracles["maven_crm"]["top_products"]["GTXPro"][0]


def test_maven_by_account_attribute_keeps_blank_accounts(maven):
    by_industry = values(maven, "won_revenue", by=["industry"])
    assert sum(by_industry.values()) == Decimal(10005534)
    assert len(by_industry) == 10


def test_maven_dimensions(maven):
    assert dimensions(maven, "won_revenue") == [
        "account_id", "outcome", "product", "stage", "member", "team", "region", "manager", "industry",
    ]  # fmt: skip


def test_maven_pipeline_is_missing_where_amounts_are(maven):
    (row,) = judge(summarise(maven, "pipeline_coverage", periods=["2017-Q4"]))
    assert row.value is None
    assert row.denominator == Decimal(2982255)


def test_watson_late_share_and_settlement(watson, oracles):
    known = oracles["watson_ar"]
    assert round(overall(watson, "late_share"), 4) == known["late_share"]
    assert round(overall(watson, "settlement_days"), 4) == known["mean_days_to_settle"]
    for bill, days in known["settle_by_bill"].items():
        assert round(overall(watson, "settlement_days", bill=bill), 4) == days
    for disputed, share in known["late_by_dispute"].items():
        assert round(overall(watson, "late_share", disputed=disputed), 4) == share


def test_watson_late_share_by_country(watson, oracles):
    rows = judge(summarise(watson, "late_share", periods=YEARS, by=["country"]))
    late, settled = {}, {}
    for row in rows:
        late[row.by["country"]] = late.get(row.by["country"], 0) + row.numerator
        settled[row.by["country"]] = settled.get(row.by["country"], 0) + row.denominator
    shares = {country: round(late[country] / settled[country], 4) for country in late}
    assert shares == oracles["watson_ar"]["late_by_country"]


def test_watson_invoiced_and_collected_are_the_same_money(watson):
    for kpi in ("invoiced", "collected"):
        assert sum(values(watson, kpi, within=YEARS).values()) == Decimal("147703.18")
    assert values(watson, "receivable", within=YEARS)["2014"] == 0


@pytest.mark.parametrize(
    ("data", "kpi", "years"), [("maven", "won_revenue", [2017]), ("watson", "collected", [2012, 2013])]
)
def test_the_shipped_trees_leave_no_residual(request, data, kpi, years):
    tree = Formula.parse(catalogue()[kpi].tree)
    within = [
        quarter for year in years for quarter in periods("quarter", date(year, 1, 1), date(year, 12, 31))
    ]
    rows = judge(summarise(request.getfixturevalue(data), [kpi, *tree.names], periods=within))
    for quarter in within:
        exact = {row.kpi: row.exact for row in rows if row.period == quarter}
        assert exact[kpi] - tree.evaluate(exact) == 0
