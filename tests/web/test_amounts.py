"""Amounts as people type them, on either keyboard; what cannot be kept is no number."""

from decimal import Decimal

import pytest

from steelyard.web import amounts


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1,200,000", "1200000"),
        ("1 200 000", "1200000"),
        ("120万", "1200000"),
        ("1.2 亿元", "120000000"),
        ("3万亿", "3000000000000"),
        ("1.2m", "1200000"),
        ("¥500", "500"),
        ("￥５００", "500"),
        ("１，２３４．５", "1234.5"),
        ("21%", "0.21"),
        ("２１％", "0.21"),
        ("−5", "-5"),
        ("8 小时", "8"),
        ("1e+16", "10000000000000000"),
        (".5", "0.5"),
    ],
)
def test_a_number_is_read(typed: str, value: str) -> None:
    assert amounts.read(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed", ["1e400", "9e99", "NaN", "Infinity", "½", "²", "--5", "12x", "0x10", "9" * 30]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=typed[:3]):
        amounts.read(typed)


def test_nothing_typed_is_no_number_and_zero_has_no_sign() -> None:
    assert amounts.read("  ") is None
    assert str(amounts.read("-0")) == "0"


def test_a_share_is_typed_in_percent() -> None:
    assert amounts.read("63", is_share=True) == amounts.read("63%", is_share=True) == Decimal("0.63")
