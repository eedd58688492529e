"""Numbers in both languages: what they are worth and which of them measure."""

import pytest

from steelyard.engine.smart.measures import measure_of
from steelyard.engine.smart.numbers import chinese_number, numbers_in
from steelyard.engine.smart.text import text_of

WORTH = {
    "1,200": 1_200,
    "１，２００": 1_200,
    "2.5m": 2_500_000,
    "50w": 500_000,
    "5 万": 50_000,
    "1.2亿": 120_000_000,
    "3 千万": 30_000_000,
    "twenty-five": 25,
    "one hundred and twenty": 120,
    "a dozen": 12,
    "half a million": 500_000,
    "两千五百万": 25_000_000,
    "一千二百": 1_200,
    "十二": 12,
    "百分之十": 0.1,
    "百分之六十三点五": 0.635,
    "三成": 0.3,
    "两成半": 0.25,
    "三分之二": 2 / 3,
    "一点五": 1.5,
    "one in five": 0.2,
    "9 out of 10": 0.9,
    "two thirds of it": 2 / 3,
    "by a third": 1 / 3,
    "double": 2,
    "halve": 0.5,
    "翻一番": 2,
    "翻两番": 4,
    "减半": 0.5,
    "1/3": 1 / 3,
}
KINDS = {
    "63%": "percent",
    "3 percentage points": "points",
    "提升 3 个百分点": "points",
    "￥500 万": "money",
    "€4m": "money",
    "500万元": "money",
    "in 30 minutes": "duration",
    "压到 45 天": "duration",
    "twelve case studies": "count",
    "签下 20 家": "count",
    "做到 3 倍": "multiple",
    "nps 45": "bare",
}
NO_MEASURE = (
    "the 12-person team",
    "our 12 reps sell",
    "团队10人要努力",
    "b2b customers",
    "第 3 项",
    "top 10 accounts",
    "7×24 hotline",
    "the 20%-off bundle",
    "用上8折券",
    "the 240-page catalogue",
    "进一步",
    "打造一支团队",
    "become one team",
    "iso 9001",
)


@pytest.mark.parametrize("text", WORTH)
def test_what_a_number_is_worth(text: str):
    (number,) = numbers_in(text_of(text).plain)
    assert number.value == pytest.approx(WORTH[text])


@pytest.mark.parametrize("text", KINDS)
def test_what_kind_of_figure_a_number_is(text: str):
    plain = text_of(text).plain
    (measure,) = [found for number in numbers_in(plain) if (found := measure_of(plain, number))]
    assert measure.kind == KINDS[text]


@pytest.mark.parametrize("text", NO_MEASURE)
def test_what_only_counts_a_team_or_belongs_to_a_name_is_no_measure(text: str):
    plain = text_of(text).plain
    assert [found for number in numbers_in(plain) if (found := measure_of(plain, number))] == []


def test_what_is_no_number_in_chinese_is_told():
    assert chinese_number("半") == 0.5
    assert chinese_number("点三") is None
    assert chinese_number("二〇二七") == 2027
