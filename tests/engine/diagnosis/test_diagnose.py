"""Diagnosis on worked tables, on a simulated firm with one cause, and on the published data."""

import json
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
import pyarrow as pa
import pytest

from steelyard.engine.diagnosis import diagnose
from steelyard.errors import Refused

MONEY = pa.decimal128(18, 4)
REGIONS, PRODUCTS, SOURCES = ("East", "North", "South", "West"), ("Beam", "Pivot", "Scale"), ("Direct", "Web")
OWNERS = ("ann", "bo", "cai", "dan")
FIRST, LAST = date(2022, 1, 1), date(2024, 12, 31)
CAUSE = {"region": "East", "product": "Beam"}
SINCE = date(2024, 8, 1)


def firm(seed, *, drop, per_day=7):
    """Three years of closed deals; from SINCE on the win rate of CAUSE is lower by `drop`."""
    draw = np.random.default_rng(seed)
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1) for _ in range(per_day)]
    region, product = draw.choice(REGIONS, len(days)), draw.choice(PRODUCTS, len(days))
    is_hit = (region == CAUSE["region"]) & (product == CAUSE["product"])
    is_hit &= np.array([day >= SINCE for day in days])
    won = draw.random(len(days)) < np.where(is_hit, 0.4 - drop, 0.4)
    amount = [Decimal(int(cents)).scaleb(-2) for cents in draw.lognormal(13, 0.5, len(days))]
    order = draw.permutation(len(days))
    columns = {
        "opportunity_id": [f"o{n}" for n in range(len(days))],
        "owner": list(draw.choice(OWNERS, len(days))),
        "region": list(region),
        "product": list(product),
        "source": list(draw.choice(SOURCES, len(days))),
        "twin": [f"same as {each}" for each in product],
        "outcome": ["won" if each else "lost" for each in won],
        "stage": ["Won" if each else "Lost" for each in won],
        "closed_on": days,
        "amount": amount,
    }
    typed = {name: pa.array(values, MONEY if name == "amount" else None) for name, values in columns.items()}
    return pa.table(typed).take(pa.array(order))


@pytest.fixture(scope="module")
def con():
    return ibis.duckdb.connect(threads=1)


@pytest.fixture(scope="module")
def short(con):
    return {"opportunities": con.create_table("short", firm(3, drop=0.3), temp=True)}


@pytest.fixture(scope="module")
def level(con):
    return {"opportunities": con.create_table("level", firm(4, drop=0.0), temp=True)}


@pytest.fixture(scope="module")
def found(short):
    return diagnose(short, "won_revenue", period="2024-Q4")


def test_the_cause_is_named_dated_and_weighed(found):
    assert found.verdict == "found"
    assert found.driver == "win_rate"
    assert [segment.where for segment in found.segments] == [CAUSE]
    assert found.since["segment"].period == "2024-08"
    (segment,) = found.segments
    assert segment.low < segment.contribution < segment.high < 0
    assert segment.actual < segment.expected


def test_drivers_and_segments_add_up(found):
    gap = float(found.gap)
    assert sum(driver.contribution for driver in found.drivers) + found.residual == pytest.approx(
        gap, rel=1e-9
    )
    assert found.residual == 0
    driver = next(each for each in found.drivers if each.kpi == found.driver)
    parts = sum(segment.contribution for segment in found.segments) + found.rest
    assert parts == pytest.approx(driver.contribution, rel=1e-9)
    for effect in found.mix_and_rate:
        assert effect.mix + effect.rate == pytest.approx(driver.actual - driver.baseline)


def test_a_dimension_that_repeats_another_is_searched_once(found):
    assert found.dimensions == ("product", "region", "source")


def test_the_json_is_the_same_for_shuffled_rows(con, short, found):
    shuffled = (
        short["opportunities"].to_pyarrow().take(np.random.default_rng(1).permutation(len(OWNERS) * 1918))
    )
    columns = sorted(shuffled.column_names, reverse=True)
    tables = {"opportunities": con.create_table("shuffled", shuffled.select(columns), temp=True)}
    again = diagnose(tables, "won_revenue", period="2024-Q4")
    assert json.dumps(again.as_json(), sort_keys=True) == json.dumps(found.as_json(), sort_keys=True)


def test_where_nothing_happened_nothing_is_named(level):
    for kpi in ("won_revenue", "win_rate", "opportunities_closed"):
        quiet = diagnose(level, kpi, period="2024-Q4")
        assert (quiet.verdict, quiet.segments) == ("nothing-stands-out", ())


def test_a_condition_narrows_everything(short):
    inside = diagnose(short, "win_rate", period="2024-Q4", where={"region": "East"})
    assert [segment.where for segment in inside.segments] == [{"product": "Beam"}]
    assert "region" not in inside.dimensions
    outside = diagnose(short, "win_rate", period="2024-Q4", where={"region": "West"})
    assert outside.segments == ()


def test_against_the_previous_quarter_and_a_named_one(short):
    previous = diagnose(short, "win_rate", period="2024-Q4", against="previous")
    assert previous.baseline_period == "2024-Q3"
    named = diagnose(short, "win_rate", period="2024-Q4", against="2023-Q2")
    assert (named.against, named.baseline_period) == ("2023-Q2", "2023-Q2")
    assert [segment.where for segment in named.segments] == [CAUSE]


def targets(value, kpi="won_revenue"):
    return ibis.memtable({"kpi": [kpi], "period": ["2024-Q4"], "unit": ["company"], "value": [float(value)]})


def test_the_distance_to_the_target_is_a_driver_of_its_own(short):
    tables = {**short, "targets": targets(1e9)}
    against = diagnose(tables, "won_revenue", period="2024-Q4", against="target")
    assert against.baseline == Decimal(10**9)
    assert sum(each.contribution for each in against.drivers) == pytest.approx(float(against.gap), rel=1e-9)
    assert against.drivers[-1].kpi == "target"
    assert [segment.where for segment in against.segments] == [CAUSE]


def test_verdicts_against_a_target(level):
    below = diagnose(
        {**level, "targets": targets(0.45, "win_rate")}, "win_rate", period="2024-Q4", against="target"
    )
    assert below.verdict == "below-target-no-signal"
    above = diagnose(
        {**level, "targets": targets(0.2, "win_rate")}, "win_rate", period="2024-Q4", against="target"
    )
    assert above.verdict == "on-target"
    with pytest.raises(Refused, match=r"diagnosis\.no-target"):
        diagnose(level, "win_rate", period="2024-Q4", against="target")


def test_without_a_baseline_it_says_so(level):
    first = diagnose(level, "won_revenue", period="2022-Q1")
    assert (first.verdict, first.gap, first.signal.status) == ("no-baseline", None, "too-early")
    assert {each["code"] for each in first.missing} >= {"diagnosis.no-baseline", "diagnosis.short-history"}
    empty = diagnose(level, "win_rate", period="2030-Q1")
    assert empty.verdict == "no-data"


def test_a_tree_that_cannot_be_read_says_what_is_missing(con):
    table = firm(5, drop=0, per_day=1).append_column("created_on", pa.array([date(2024, 11, 5)] * 1096))
    tables = {"opportunities": con.create_table("no_leads", table, temp=True)}
    found = diagnose(tables, "opportunities", period="2024-Q4")
    assert found.drivers == ()
    assert {"code": "kpi.missing-column", "table": "leads", "column": ""} in found.missing


def test_bright_spots_are_members_far_above_expectation(con):
    table = firm(6, drop=0.0)
    late = np.array([day >= date(2024, 10, 1) for day in table["closed_on"].to_pylist()])
    is_ann = np.array(table["owner"].to_pylist()) == "ann"
    lucky = np.random.default_rng(2).random(len(late)) < 0.5
    outcome = np.where(late & is_ann & lucky, "won", np.array(table["outcome"].to_pylist()))
    place = table.column_names.index("outcome")
    bright = table.set_column(place, "outcome", pa.array(list(outcome)))
    tables = {"opportunities": con.create_table("bright", bright, temp=True)}
    found = diagnose(tables, "win_rate", period="2024-Q4")
    assert [spot.where for spot in found.bright_spots] == [{"member": "ann"}]


def test_too_little_is_not_explained():
    rows = {
        "owner": ["ann", "bo", "ann"],
        "outcome": ["won", "lost", "won"],
        "product": ["x", "y", "y"],
        "amount": pa.array([Decimal(5), Decimal(1), Decimal(9)], MONEY),
        "closed_on": [date(2024, 5, 1), date(2024, 5, 2), date(2023, 5, 3)],
    }
    found = diagnose({"opportunities": ibis.memtable(pa.table(rows))}, "won_revenue", period="2024-Q2")
    assert found.gap == Decimal("-4.00")
    assert found.segments == ()
    assert sum(each.contribution for each in found.drivers) == pytest.approx(-4)


def test_a_range_of_days_has_a_gap_and_no_signal(level):
    found = diagnose(level, "won_revenue", period="2024-10-01..2024-12-31")
    whole = diagnose(level, "won_revenue", period="2024-Q4")
    assert (found.actual, found.baseline, found.gap) == (whole.actual, whole.baseline, whole.gap)
    assert found.baseline_period == "2023-10-01..2023-12-31"
    assert [each.contribution for each in found.drivers] == [each.contribution for each in whole.drivers]
    assert (found.signal.status, found.signal.n) == ("too-early", 1)
    codes = {each["code"] for each in found.missing}
    assert "diagnosis.range-has-no-series" in codes
    assert "diagnosis.short-history" not in codes
