"""Achievable: which figure of the history a target asks for, and the chance to reach it."""

import math
from datetime import date

import pytest

from steelyard.engine.forecast import Outlook
from steelyard.engine.smart import Draft, check
from steelyard.engine.smart.aim import aim_of
from steelyard.engine.smart.reading import read
from steelyard.errors import Refused

STEADY = (100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 98.0, 102.0, 100.0, 105.0, 96.0, 101.0)
RATES = (0.40, 0.42, 0.41, 0.43, 0.42, 0.44, 0.41, 0.42, 0.43, 0.42, 0.41, 0.43)
QUARTER = {"start": date(2027, 4, 1), "end": date(2027, 6, 30)}


def aim(text: str, **fields):
    draft = Draft(text, **fields)
    found = aim_of(draft, read(draft.text))
    assert found is not None
    return found.target, found.periods, found.is_total, found.is_ceiling


def test_a_target_of_the_size_of_the_span_is_its_total():
    assert aim("Win 310 customers", target=310, history=STEADY, **QUARTER) == (310, 3, True, False)
    assert aim("Win 1,250 customers in 2027", history=STEADY) == (1250, 12, True, False)


def test_a_target_of_the_size_of_a_period_is_a_level():
    assert aim("Win customers", target=110, history=STEADY, **QUARTER) == (110, 3, False, False)
    assert aim("每月签下 300 家", target=300, history=STEADY, **QUARTER) == (300, 3, False, False)


def test_with_an_end_alone_what_is_won_comes_in_over_the_span_that_ends():
    fields = {"history": STEADY, "end": date(2027, 6, 30)}
    assert aim("签下 600 家客户", target=600, **fields) == (600, 6, True, False)
    assert aim("Win 310 customers", target=310, **fields) == (310, 3, True, False)
    assert aim("Grow monthly leads to 310", target=310, **fields) == (310, 1, False, False)
    assert aim("Win 310 customers", target=310, history=STEADY, end=date(2027, 5, 31))[1:3] == (1, False)


def test_a_rate_is_a_level_and_written_as_the_history_is():
    assert aim("Win rate", kpi="win_rate", target=63, unit="%", history=RATES) == (0.63, 1, False, False)
    assert aim("win rate to 45% in Q3", kpi="win_rate", unit="percent", history=RATES) == (
        0.45,
        3,
        False,
        False,
    )


def test_a_change_is_taken_from_the_baseline():
    assert aim("Raise orders by 15%", baseline=100, history=STEADY)[0] == pytest.approx(115)
    assert aim("订单翻一番", baseline=100, history=STEADY)[0] == 200
    assert aim("成本降低两成", baseline=100, history=STEADY) == (80, 1, False, True)


@pytest.mark.parametrize(
    ("text", "fields", "is_ceiling"),
    [
        ("Keep complaints below 90", {}, True),
        ("客诉不超过 90 起", {}, True),
        ("客户数不少于 90", {}, False),
        ("Churn", {"kpi": "churn", "target": 90.0}, True),
        ("Anything", {"baseline": 120.0, "target": 90.0}, True),
        ("Cost per lead", {"kind": "keep-above", "target": 90.0}, False),
        ("Orders", {"kind": "keep-below", "target": 90.0}, True),
    ],
)
def test_whether_less_is_better(text: str, fields: dict, is_ceiling: bool):
    assert aim(text, history=STEADY, **fields)[3] is is_ceiling


def test_without_history_or_target_nothing_is_told():
    assert check(Draft("Win 20 customers")).achievable.verdict is None
    assert check(Draft("Win customers", history=STEADY)).achievable.verdict is None
    assert check(Draft("Win 20 customers", history=(None, None))).achievable.verdict is None


def test_the_chance_of_a_floor_and_of_a_ceiling_add_up():
    up = check(Draft("at least", kpi="orders", target=103, history=STEADY))
    down = check(Draft("at most", kpi="orders", kind="keep-below", target=103, history=STEADY))
    assert up.chance is not None
    assert down.chance is not None
    assert up.chance + down.chance == pytest.approx(1)


def test_a_known_outlook_is_taken_as_it_is():
    draft = Draft("Orders", target=44, history=(10.0,) * 6, start=date(2027, 1, 1), end=date(2027, 4, 30))
    found = check(draft, outlook=Outlook.normal(mean=40, spread=4, periods=4))
    assert found.chance == pytest.approx(0.158655254)
    assert found.achievable.verdict is False


def test_what_asks_little_is_a_remark():
    found = check(Draft("Orders", target=50, history=STEADY)).achievable
    assert found.verdict
    assert [reason.code for reason in found.reasons if reason.is_remark] == ["smart.asks-little"]


def test_a_short_history_is_told_of_only_without_doubt():
    assert check(Draft("Orders", target=500, history=(100.0, 110.0, 105.0))).achievable.verdict is False
    assert check(Draft("Orders", target=90, history=(100.0, 110.0, 105.0))).achievable.verdict is True
    assert check(Draft("Orders", target=115, history=(100.0, 110.0, 105.0))).achievable.verdict is None
    assert check(Draft("Orders", target=500, history=(100.0, 110.0))).achievable.verdict is None


@pytest.mark.parametrize(
    ("text", "kpi"),
    [
        ("在用车辆年底不少于90辆", "在用车辆"),
        ("月活不跌破90万", "月活"),
        ("在线商户保持在90家以上", "在线商户"),
        ("毛利率守住90%", "毛利率"),
        ("Stay above 90 active gyms", "active gyms"),
        ("Occupancy no lower than 90% in August", "occupancy"),
        ("Don't let the member count fall below 90", "members"),
    ],
)
def test_a_floor_below_the_baseline_stays_a_floor(text: str, kpi: str):
    assert aim(text, kpi=kpi, baseline=100.0, target=90.0, history=STEADY)[3] is False


@pytest.mark.parametrize(
    ("text", "kpi"),
    [
        ("获客成本不高于110元", "获客成本"),
        ("退租户数控制在110户以内", "退租户数"),
        ("发货时长不长于110小时", "发货时长"),
        ("Delivery time no longer than 110 hours", "delivery hours"),
        ("Discounts at most 110 a month", "discounts"),
        ("Staff spend not to exceed 110k", "staff spend"),
    ],
)
def test_a_ceiling_above_the_baseline_stays_a_ceiling(text: str, kpi: str):
    assert aim(text, kpi=kpi, baseline=100.0, target=110.0, history=STEADY)[3] is True


def test_down_to_a_figure_is_less_whatever_came_before():
    assert aim("Bring the cost per visit down to 9", target=9.0, history=STEADY)[3] is True
    assert (
        check(Draft("Bring the cost per visit down to 9", target=9, history=STEADY)).achievable.verdict
        is False
    )


def test_so_many_a_month_and_their_sum_aim_at_the_sum():
    year = {"start": date(2027, 1, 1), "end": date(2027, 12, 31)}
    text = "每月至少100场，全年累计1200场"
    target, periods, is_total, _ = aim(text, kpi="场次", target=1200.0, unit="场", history=STEADY, **year)
    assert (target, periods, is_total) == (1200.0, 12, True)


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1e300])
@pytest.mark.parametrize("field", ["history", "target", "baseline"])
def test_what_is_no_figure_is_refused_by_its_field(field: str, value: float):
    given = {"history": STEADY, "target": 100.0, "baseline": 100.0}
    given[field] = (*STEADY, value) if field == "history" else value
    with pytest.raises(Refused) as refused:
        check(Draft("Orders", kpi="orders", **given))
    assert (refused.value.code, refused.value.params["field"]) == ("smart.bad-field", field)


def test_dates_that_stand_the_wrong_way_round_are_borne():
    draft = Draft("Orders", target=100, history=STEADY, start=date(2027, 6, 1), end=date(2027, 1, 31))
    assert check(draft).achievable.verdict is not None
    assert check(Draft("Orders", start=date.max)).time_bound.verdict is False
