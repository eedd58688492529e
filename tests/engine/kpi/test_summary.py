"""Evaluation by hand-worked tables and properties: levels, cuts, organisation in time, money, midnight."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import isnan

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine import organisation
from steelyard.engine.kpi import available, dimensions, judge, leaves, points, records, summarise
from steelyard.engine.periods import Period, periods
from steelyard.errors import Refused

YEAR = Period.parse("2024")
QUARTERS = periods("quarter", YEAR, YEAR)
KEYS = ("owner", "product", "outcome", "closed_on", "amount")


def deals(rows, **more):
    """Rows: (owner, product, outcome, closed_on, amount)."""
    columns = dict(zip(KEYS, zip(*rows, strict=True), strict=True))
    return ibis.memtable(
        pa.table(
            {
                **{name: pa.array(columns[name], pa.string()) for name in ("owner", "product", "outcome")},
                "closed_on": pa.array(columns["closed_on"]),
                "amount": pa.array(columns["amount"], pa.decimal128(18, 4)),
                "opportunity_id": [f"o{n}" for n in range(len(rows))],
                **{name: pa.array(values) for name, values in more.items()},
            }
        )
    )


def company(
    *, memberships, aliases=(("ann", "A"), ("bo", "B")), teams=(("N", "North"), ("S", "South")), links=()
):
    """Memberships: (person, team, from, to); links: (person, manager, kind, from, to)."""

    def frame(rows, *names, dates=()):
        columns = zip(*rows, strict=True) if rows else [()] * len(names)
        kinds = [pa.date32() if name in dates else pa.string() for name in names]
        return ibis.memtable(
            pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)})
        )

    days = ("valid_from", "valid_to")
    return {
        "org_aliases": frame(aliases, "alias", "person"),
        "org_teams": frame(
            [(code, code, None, region) for code, region in teams],
            "team", "name", "parent", "region",
        ),
        "org_memberships": frame(
            [(p, t, "member", start, end) for p, t, start, end in memberships],
            "person", "team", "role", *days, dates=days,
        ),
        "org_manager_links": frame(links, "person", "manager", "kind", *days, dates=days),
    }  # fmt: skip


ROW = st.tuples(
    st.sampled_from(["Ann", " BO ", "nobody", "", None]),
    st.sampled_from(["x", "y", None]),
    st.sampled_from(["won", "lost", "open"]),
    st.integers(0, 365).map(lambda n: date(2024, 1, 1) + timedelta(days=n)),
    st.integers(-10_000, 10**9).map(lambda n: Decimal(n).scaleb(-2)),
)
PEOPLE = company(
    memberships=[
        ("A", "N", date(2020, 1, 1), date(2024, 5, 16)),
        ("A", "S", date(2024, 5, 16), None),
        ("B", "S", None, None),
    ],
    links=[("A", "B", "solid", date(2024, 2, 1), date(2024, 8, 1)), ("A", "C", "dotted", None, None)],
)


@given(
    rows=st.lists(ROW, min_size=1, max_size=30),
    by=st.sets(st.sampled_from(["product", "team", "member", "region", "manager"]), max_size=3),
)
@settings(max_examples=12, deadline=None)
def test_parts_sum_to_the_whole_over_any_dimensions(rows, by):
    tables = {"opportunities": deals(rows), **PEOPLE}
    kpis = ["won_revenue", "opportunities_closed", "win_rate"]
    whole = judge(summarise(tables, kpis, periods=QUARTERS))
    parts = judge(summarise(tables, kpis, periods=QUARTERS, by=sorted(by)))
    for row in whole:
        own = [part for part in parts if (part.kpi, part.period) == (row.kpi, row.period)]
        assert sum(part.numerator for part in own) == row.numerator
        assert sum(part.n for part in own) == row.n
        if row.kpi == "win_rate":
            assert sum(part.denominator for part in own) == row.denominator
            assert all(part.value == part.numerator / part.denominator for part in own if part.denominator)


@given(rows=st.lists(ROW, min_size=1, max_size=30))
@settings(max_examples=12, deadline=None)
def test_figures_agree_with_plain_loops(rows):
    found = judge(summarise({"opportunities": deals(rows)}, ["won_revenue", "win_rate"], periods=QUARTERS))
    for quarter, revenue, rate in zip(QUARTERS, found[:4], found[4:], strict=True):
        inside = [row for row in rows if quarter.start <= row[3] < quarter.end]
        won = [row for row in inside if row[2] == "won"]
        closed = len(won) + sum(row[2] == "lost" for row in inside)
        assert revenue.value == sum((row[4] for row in won), Decimal(0))
        assert rate.value == (len(won) / closed if closed else None)


@given(rows=st.lists(ROW, min_size=1, max_size=20))
@settings(max_examples=10, deadline=None)
def test_a_condition_gives_what_the_cut_shows(rows):
    tables = {"opportunities": deals(rows), **PEOPLE}
    for row in judge(summarise(tables, "won_revenue", periods=[YEAR], by=["team", "product"])):
        (own,) = judge(summarise(tables, "won_revenue", periods=[YEAR], where=row.by))
        assert own.value == row.value
        listed = records(tables, "won_revenue", period=YEAR, where=row.by).to_pyarrow().to_pylist()
        assert sum(each["amount"] for each in listed) == row.value
        assert len(listed) == row.n


def test_a_fact_belongs_to_the_team_of_its_day():
    rows = [
        ("Ann", "x", "won", day, Decimal(1))
        for day in (date(2024, 5, 15), date(2024, 5, 16), date(2024, 5, 17))
    ]
    tables = {"opportunities": deals(rows), **PEOPLE}
    (may,) = periods("month", date(2024, 5, 1), date(2024, 5, 2))
    by_team = judge(summarise(tables, "won_revenue", periods=[may], by=["team", "region", "manager"]))
    assert [(row.by, row.value) for row in by_team] == [
        ({"team": "N", "region": "North", "manager": "B"}, 1),
        ({"team": "S", "region": "South", "manager": "B"}, 2),
    ]


def test_two_teams_at_once_count_once():
    both = company(memberships=[("A", "N", date(2020, 1, 1), None), ("A", "S", date(2023, 1, 1), None)])
    tables = {"opportunities": deals([("ann", "x", "won", date(2024, 3, 1), Decimal(5))]), **both}
    (row,) = judge(summarise(tables, "won_revenue", periods=[YEAR], by=["team"]))
    assert (row.by["team"], row.value) == ("S", 5)


def test_spans_cover_all_time_without_overlap():
    spans = sorted(
        organisation.read(PEOPLE).spans.to_pylist(), key=lambda row: (row["alias"], row["valid_from"])
    )
    for alias in ("ann", "bo"):
        own = [span for span in spans if span["alias"] == alias]
        assert (own[0]["valid_from"], own[-1]["valid_to"]) == (date.min, date.max)
        assert all(a["valid_to"] == b["valid_from"] for a, b in pairwise(own))


def test_midnight_opens_the_day():
    moments = [datetime(2024, 3, 31, 23, 59, 59, 999999), datetime(2024, 4, 1), datetime(2024, 4, 1, 0, 0, 1)]  # noqa: DTZ001
    tables = {"opportunities": deals([("ann", "x", "won", at, Decimal(1)) for at in moments]), **PEOPLE}
    for by in ([], ["team"]):
        rows = judge(summarise(tables, "won_revenue", periods=["2024-Q1", "2024-Q2"], by=by))
        assert [row.value for row in rows] == [1, 2]
    (day,) = judge(summarise(tables, "won_revenue", periods=["2024-03-31"]))
    assert day.value == 1


def test_fiscal_overlapping_and_distant_periods():
    rows = [("ann", "x", "won", date(2024, month, 1), Decimal(month)) for month in range(1, 13)]
    tables = {"opportunities": deals(rows)}
    names = ["FY2024-Q4", "2024-01", "2024", "2024-12"]
    found = judge(summarise(tables, "won_revenue", periods=names, fiscal_start=4))
    assert [row.value for row in found] == [1 + 2 + 3, 1, 78, 12]


def test_money_is_exact_and_a_median_is_one():
    rows = [("ann", "x", "won", date(2024, 1, 31), Decimal("0.1"))] * 3
    tables = {
        "opportunities": deals(rows, created_on=[date(2024, 1, 1), date(2024, 1, 11), date(2024, 1, 30)])
    }
    revenue, size, cycle = judge(
        summarise(tables, ["won_revenue", "average_deal_size", "sales_cycle_days"], periods=[YEAR])
    )
    assert revenue.value == Decimal("0.3")
    assert size.value == Decimal("0.1")
    assert cycle.value == 20


@pytest.mark.parametrize("base", ["CNY", None])
def test_currencies_are_converted_at_the_rate_of_the_day(base):
    rows = [("ann", "x", "won", date(2024, month, 5), Decimal(100)) for month in (1, 2, 2)]
    table = deals(rows, currency=["USD", "usd", "CNY"])
    rates = pa.table(
        {
            "currency": ["USD", "USD", "CNY"],
            "valid_from": pa.array([date(2023, 1, 1), date(2024, 2, 1), date(2023, 1, 1)]),
            "rate": [7.1, 7.25, 1.0],
        }
    )
    tables = {"opportunities": table, "exchange_rates": ibis.memtable(rates)}
    (row,) = judge(summarise(tables, "won_revenue", periods=[YEAR], base_currency=base))
    assert row.value == Decimal(710 + 725 + 100)
    (size,) = judge(summarise(tables, "average_deal_size", periods=[YEAR], base_currency=base))
    assert size.exact * 3 == 1535


def test_a_missing_rate_is_refused_and_one_currency_needs_none():
    rows = [("ann", "x", "won", date(2024, 1, 5), Decimal(100))] * 2
    mixed = {"opportunities": deals(rows, currency=["USD", "CNY"])}
    with pytest.raises(Refused, match=r"kpi\.missing-rate") as refusal:
        judge(summarise(mixed, "won_revenue", periods=[YEAR], base_currency="CNY"))
    assert refusal.value.params == {"currency": "USD"}
    single = {"opportunities": deals(rows, currency=["USD", None])}
    assert judge(summarise(single, "won_revenue", periods=[YEAR], base_currency="CNY"))[0].value == 200


def test_what_is_missing_is_named():
    tables = {"opportunities": deals([("ann", "x", "won", date(2024, 1, 1), Decimal(1))])}
    with pytest.raises(Refused) as refusal:
        summarise(tables, "sales_cycle_days", periods=[YEAR])
    assert refusal.value.params == {"table": "opportunities", "column": "created_on"}
    found, refused = available(tables, ["win_rate", "collected", "pipeline_coverage"])
    assert [kpi.id for kpi in found] == ["win_rate"]
    assert refused["collected"].params == {"table": "receipts", "column": ""}
    with pytest.raises(Refused, match=r"kpi\.unknown-dimension"):
        summarise(tables, "win_rate", periods=[YEAR], by=["colour"])
    assert dimensions(tables, "win_rate") == ["outcome", "product", "member"]


def test_conditions_on_dates_and_amounts_are_read_as_such():
    rows = [("ann", "x", "won", date(2024, 1, day), Decimal(100 * day)) for day in (1, 2)]
    tables = {"opportunities": deals(rows)}
    for column, value in (("closed_on", "2024-01-02"), ("amount", "200"), ("amount", Decimal(200))):
        (row,) = judge(summarise(tables, "won_revenue", periods=[YEAR], where={column: value}))
        assert row.value == 200
    for column, value in (("closed_on", "soon"), ("amount", "much"), ("amount", "NaN")):
        with pytest.raises(Refused, match=r"kpi\.unreadable-value") as refusal:
            summarise(tables, "won_revenue", periods=[YEAR], where={column: value})
        assert refusal.value.params == {"dimension": column, "value": value}


def test_points_add_up_and_show_months_without_records():
    rows = [
        ("Ann", "x", "won", date(2024, 1, 5), Decimal(3)),
        ("bo", "x", "won", date(2024, 3, 5), Decimal(4)),
    ]
    tables = {"opportunities": deals(rows), **PEOPLE}
    span = {"first": date(2024, 1, 1), "last": date(2024, 3, 31)}
    found = list(points(tables, ["won_revenue", "win_rate"], grain="month", **span))

    def shown(kpi: str, unit_kind: str, code: str) -> list[float | None]:
        (block,) = [each for each in found if (each.kpi.id, each.unit_kind) == (kpi, unit_kind)]
        place = block.codes.index(code)
        kept = zip(block.value[:, place].tolist(), block.kept[:, place].tolist(), strict=True)
        return [value for value, is_kept in kept if is_kept]

    assert shown("won_revenue", "company", "") == [3, 0, 4]
    assert shown("won_revenue", "team", "N") == [3, 0, 0]
    assert shown("won_revenue", "team", "S") == [4]
    assert shown("won_revenue", "member", "A") == [3, 0, 0]
    assert shown("won_revenue", "member", "B") == [4]
    assert isnan(shown("win_rate", "company", "")[1])
    assert shown("win_rate", "member", "B") == [1]


def test_leaves_stand_side_by_side():
    rows = [
        ("a", "x", "won", date(2024, 1, 5), Decimal(3)),
        ("a", "y", "lost", date(2024, 1, 5), None),
        ("a", None, "won", date(2023, 1, 5), Decimal(8)),
    ]
    tables = {"opportunities": deals(rows)}
    actual, baseline = Period.parse("2024-Q1"), Period.parse("2023-Q1")
    sums = leaves(tables, "won_revenue", actual=actual, baseline=baseline, dimensions=["product"])
    assert sums.to_pylist() == [
        {"product": "x", "actual": 3.0, "expected": 0.0, "actual_n": 1, "expected_n": 0},
        {"product": None, "actual": 0.0, "expected": 8.0, "actual_n": 0, "expected_n": 1},
    ]
    rates = leaves(tables, "win_rate", actual=actual, baseline=baseline, dimensions=["product"])
    assert rates["actual_denominator"].to_pylist() == [1, 1, 0]
    assert rates["expected_numerator"].to_pylist() == [0, 0, 1]


def test_the_pipeline_stands_until_it_is_closed():
    rows = [
        ("a", "x", "won", date(2024, 4, 1), Decimal(5)),
        ("a", "x", "lost", date(2024, 3, 31), Decimal(7)),
        ("a", "x", "open", date(2024, 9, 9), Decimal(11)),
    ]
    tables = {"opportunities": deals(rows, created_on=[date(2024, 1, 5), date(2024, 1, 5), date(2024, 2, 5)])}
    quarters = [Period.parse(f"2024-Q{n}") for n in (1, 2, 3)]
    found = judge(summarise(tables, "open_pipeline", periods=quarters))
    assert [(row.value, row.n) for row in found] == [(0, 0), (16, 2), (11, 1)]
    coverage = judge(summarise(tables, "pipeline_coverage", periods=quarters))
    assert [row.value for row in coverage] == [None, None, 11 / 5]
    targets = ibis.memtable(
        {
            "kpi": ["won_revenue"] * 2,
            "period": ["2024-Q2", "2024-Q3"],
            "unit": ["company", ""],
            "value": [8.0, 22.0],
        }
    )
    coverage = judge(summarise({**tables, "targets": targets}, "pipeline_coverage", periods=quarters))
    assert [(row.value, row.base) for row in coverage] == [
        (None, "previous"),
        (2.0, "target"),
        (0.5, "target"),
    ]
