"""Times in both languages: which is an end, and which is not."""

import pytest

from steelyard.engine.smart.text import text_of
from steelyard.engine.smart.times import times_in

ENDS = {
    "by end of Q3": 3,
    "by 30 June 2027": None,
    "before the trade fair on 12 May": None,
    "in H1 2027": 6,
    "in FY27": 12,
    "by mid-year": None,
    "by Friday": None,
    "within 90 days": 3,
    "in the next six months": 6,
    "from January to March 2027": None,
    "this quarter": 3,
    "before Black Friday": None,
    "no later than 2027-10-31": None,
    "6 月 30 日前": None,
    "３月底": 1,
    "第三季度": 3,
    "Q3 FY27 达到": 3,
    "下半年": 6,
    "上半年": 6,
    "年底前": 12,
    "本财年": 12,
    "2027年": 12,
    "30天内完成": 1,
    "三个月内": 3,
    "1-6月完成": None,
    "2027.07.01前": None,
    "双十一前": None,
    "下周五前": None,
}
NO_ENDS = {
    "as soon as possible": "vague",
    "in the coming weeks": "vague",
    "尽快": "vague",
    "持续": "vague",
    "every Friday": "rhythm",
    "three a month": "rhythm",
    "每周五前": "rhythm",
    "than last year": "past",
    "10% over 2026": "past",
    "较 2025 年提升": "past",
    "同比去年四季度": "past",
    "from January on": "start",
    "starting in April": "start",
    "从3月起": "start",
    "respond to all leads within 2 days": "speed",
    "在24小时内响应": "speed",
    "将回款周期缩短到45天以内": "speed",
    "publish the 2027 price list": "name",
    "发布2027年产品手册": "name",
    "we may win": None,
}


def roles(text: str) -> list[str]:
    return [time.role for time in times_in(text_of(text).plain)]


@pytest.mark.parametrize("text", ENDS)
def test_an_end_is_told(text: str):
    assert "end" in roles(text)


@pytest.mark.parametrize("text", [text for text, months in ENDS.items() if months])
def test_the_months_of_a_span_are_told(text: str):
    spans = {time.months for time in times_in(text_of(text).plain) if time.role == "end"}
    assert ENDS[text] in spans


@pytest.mark.parametrize("text", NO_ENDS)
def test_what_is_no_end_is_told(text: str):
    found = roles(text)
    assert "end" not in found
    assert NO_ENDS[text] is None or NO_ENDS[text] in found
