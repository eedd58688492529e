"""Numbers in both languages."""

from decimal import Decimal

import pytest
from django.utils import translation

from steelyard.web import numbers


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (4_970_000, "¥4.97 m", "497 万元"),
        (-611_000, "−¥611 k", "−61.1 万元"),
        (123_000_000, "¥123 m", "1.23 亿元"),
        (999_600, "¥1.00 m", "100 万元"),
        (99_996_000, "¥100 m", "1.00 亿元"),
        (950, "¥950", "950 元"),
        (Decimal("12.5"), "¥12.50", "12.50 元"),
        (0, "¥0", "0 元"),
        (None, "—", "—"),
        (float("nan"), "—", "—"),
        (float("inf"), "—", "—"),
    ],
)
def test_money_for_overviews(value: numbers.Number | None, english: str, chinese: str) -> None:
    assert numbers.money(value, language="en") == english
    assert numbers.money(value, language="zh-hans") == chinese


def test_money_exactly_and_in_other_currencies() -> None:
    assert numbers.money(Decimal("8730.67"), exact=True, language="zh-hans") == "¥8,730.67"
    assert numbers.money(-1_200_000, currency="USD", language="zh-hans") == "−$120 万"
    assert numbers.money(1500, currency="SEK", language="en") == "SEK 1.50 k"
    assert numbers.money(10_005_534, currency="", language="en") == "10.0 m"


def test_shares_and_points() -> None:
    assert numbers.percent(0.63154) == "63.2%"
    assert numbers.points(-0.048, language="en") == "−4.8 pt"
    assert numbers.points(0.017, language="zh-hans") == "+1.7 个百分点"
    assert numbers.points(0.00001, language="en") == "0.0 pt"


@pytest.mark.parametrize(
    ("value", "unit", "english", "chinese"),
    [
        (17.25, "hours", "17.3 hours", "17.3 小时"),
        (1, "hours", "1 hour", "1 小时"),
        (None, "hours", "—", "—"),
        (22.52, "score", "22.5", "22.5 分"),
        (Decimal("-66.66"), "score", "−66.7", "−66.7 分"),
        (None, "score", "—", "—"),
        (0.08, "count", "0.08", "0.08"),
        (2.59, "count", "2.6", "2.6"),
    ],
)
def test_hours_scores_and_numbers_a_head(value, unit: str, english: str, chinese: str) -> None:
    for language, told in (("en", english), ("zh-hans", chinese)):
        with translation.override(language):
            assert numbers.figure(value, unit=unit).text == told


def test_a_score_changes_by_points_of_its_own() -> None:
    with translation.override("en"):
        assert numbers.difference(-8, 4, unit="score") == "−12"
        assert numbers.change(30.5, 20, unit="score") == "▲ 10.5"
        assert numbers.difference(6, 4, unit="hours") == "+50.0%"


def test_half_is_rounded_up_and_a_rounded_zero_has_no_sign() -> None:
    assert numbers.percent(0.6665, digits=1) == "66.7%"
    assert numbers.percent(-0.0001) == "0.0%"


def test_a_difference_is_relative_except_of_shares_and_from_zero() -> None:
    with translation.override("en"):
        assert numbers.difference(4.97, 6.09, unit="money") == "−18.4%"
        assert numbers.difference(0.541, 0.63, unit="percent") == "−8.9 pt"
        assert numbers.difference(12000, 0, unit="money") == "+¥12.0 k"
        assert numbers.difference(-2, -4, unit="count") == "+50.0%"
        assert numbers.difference(None, 4, unit="count") == "—"


def test_a_change_says_its_direction_in_ink() -> None:
    with translation.override("zh-hans"):
        assert numbers.change(110, 100, unit="count") == "▲ 10.0%"
        assert numbers.change(0.50, 0.55, unit="percent") == "▼ 5.0 个百分点"
        assert numbers.change(5, 5, unit="count") == "= 0.0%"


@pytest.mark.parametrize(("value", "text"), [(1, "1 day"), (4.2, "4.2 days"), (1.04, "1 day"), (0, "0 days")])
def test_days(value: float, text: str) -> None:
    with translation.override("en"):
        assert numbers.days(value).replace("1.0", "1") == text


def test_a_figure_is_short_in_print_and_exact_on_demand() -> None:
    with translation.override("en"):
        assert numbers.figure(4_970_123.4, unit="money") == numbers.Shown("¥4.97 m", "¥4,970,123.40")
        assert numbers.figure(84_120, unit="count").text == "84,120"
        assert numbers.figure(2_500_000, unit="count") == numbers.Shown("2.50 m", "2,500,000")


@pytest.mark.parametrize(
    ("told", "whole"),
    [
        ("▲ 2.4 个百分点", "▲\u00a02.4\u00a0个\u2060百\u2060分\u2060点"),
        ("低 1,634 万元", "低 1,634\u00a0万\u2060元"),
        ("up 4.8 pt, 12 days", "up 4.8\u00a0pt, 12\u00a0days"),
        ("8 in a row", "8 in a row"),
    ],
)
def test_a_figure_stays_with_its_unit(told: str, whole: str) -> None:
    assert numbers.unbroken(told) == whole
