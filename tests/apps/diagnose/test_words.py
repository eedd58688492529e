"""The sentences: a table of cases in both languages, and what every one of them must keep to."""

import pytest
from django.utils import translation

from steelyard.apps.diagnose.queries.reading import Missing
from steelyard.apps.diagnose.words.headline import headline
from steelyard.apps.diagnose.words.lede import lede, missing_lines, next_step, signal_line, since_lines
from steelyard.web.numbers import is_chinese
from tests.apps.diagnose.readings import CASES, reading

# Names come from the catalogue, which the site may add to.
pytestmark = pytest.mark.django_db
SHORT = "Q4 2017 won revenue is 18.4% short of target; "
SHORT_ZH = "2017年四季度赢单金额比目标少 18.4%；"
ENGLISH = {
    "one-driver-one-segment": SHORT + "most of it is explained by a lower win rate, mainly in Central · GTX.",
    "two-drivers": SHORT + "most of it is explained by a lower win rate together with fewer opportunities "
    "closed, and no segment stands out.",
    "offsetting": SHORT + "the effect of a lower win rate is larger than that of a larger average deal "
    "size, and Central · GTX stands out.",
    "nothing-stands-out": SHORT + "most of it is explained by a lower win rate, and no segment stands out.",
    "usual": SHORT + "that is inside its usual variation, so leave it.",
    "usual-but-a-segment": SHORT + "as a whole that is its usual variation, but Central · GTX stands out.",
    "above": "Q4 2017 won revenue is 14.9% above target; most of it is explained by a higher "
    "win rate, and no segment stands out.",
    "on-target": "Q4 2017 won revenue is exactly on target.",
    "cancelled": "Q4 2017 won revenue is exactly on target; a lower win rate and a larger average "
    "deal size cancel each other out.",
    "target-too-high": SHORT + "most of it is explained by a target above last year's value together with a "
    "lower win rate, and Central · GTX stands out in its win rate.",
    "year-ago": "Q4 2017 won revenue is 9.6% lower than a year ago; most of it is explained by a "
    "lower win rate, mainly in Central · GTX.",
    "another-period": "Q4 2017 won revenue is 9.6% lower than in Q4 2016; most of it is explained by a "
    "lower win rate, mainly in Central · GTX.",
    "ratio": "Q4 2017 win rate is 8.9 pt below target; Central explains most of it.",
    "mix": "Q4 2017 win rate is 8.9 pt below target; most of it is explained by a different "
    "mix by region, and no segment stands out.",
    "lower-is-better": "Q4 2017 days sales outstanding is 15.6% above target; no segment stands out.",
    "many": "Q4 2017 opportunities are 25.0% short of target; no segment stands out.",
    "other-way": SHORT + "only East stands out, and it pulls the other way.",
    "no-baseline": "Won revenue of Q4 2017: ¥4.97 m, with nothing known of target to compare it with.",
    "no-value": "Won revenue of Q4 2017 cannot be told: it has no records.",
}
CHINESE = {
    "one-driver-one-segment": SHORT_ZH + "大部分可由赢单率下降解释，主要出在“Central · GTX”。",
    "two-drivers": SHORT_ZH + "大部分可由赢单率下降和关闭商机数减少共同解释，没有哪个细分特别突出。",
    "offsetting": SHORT_ZH + "赢单率下降的影响大于平均成单金额提高，其中“Central · GTX”明显偏离。",
    "usual": SHORT_ZH + "仍在正常波动范围内，不必处理。",
    "usual-but-a-segment": SHORT_ZH + "整体仍属正常波动，但“Central · GTX”明显偏离。",
    "on-target": "2017年四季度赢单金额正好达到目标。",
    "year-ago": "2017年四季度赢单金额比去年同期低 9.6%；大部分可由赢单率下降解释，主要出在“Central · GTX”。",
    "ratio": "2017年四季度赢单率比目标低 8.9 个百分点；大部分可由“Central”解释。",
    "no-value": "2017年四季度的赢单金额无法判断：这一期没有记录。",
}


@pytest.mark.parametrize(("case", "text"), ENGLISH.items(), ids=list(ENGLISH))
def test_the_headline_in_english(case, text):
    with translation.override("en"):
        assert headline(CASES[case]).text == text


@pytest.mark.parametrize(("case", "text"), CHINESE.items(), ids=list(CHINESE))
def test_the_headline_in_chinese(case, text):
    with translation.override("zh-hans"):
        assert headline(CASES[case]).text == text


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("case", CASES, ids=list(CASES))
def test_every_case_is_said_in_whole_sentences(case, language):
    with translation.override(language):
        found = CASES[case]
        told = headline(found)
        texts = [told.text, lede(found), next_step(found), signal_line(found), since_lines(found)]
        end = "。？" if is_chinese() else ".?"
        for text in filter(None, texts):
            assert text[-1] in end, text
            assert "%(" not in text
            assert "None" not in text
            assert "caus" not in text.lower()
            assert "导致" not in text
            assert "造成" not in text
        assert told.emphasis in told.text
        assert "".join(told.parts) == told.text
        assert texts == [
            headline(found).text,
            lede(found),
            next_step(found),
            signal_line(found),
            since_lines(found),
        ]


def test_only_a_target_with_a_signal_of_its_own_is_judged():
    assert headline(CASES["one-driver-one-segment"]).judged == "worse"
    assert headline(CASES["above"]).judged == "better"
    assert headline(CASES["lower-is-better"]).judged == "worse"
    for quiet in ("usual", "year-ago", "too-early", "signal-the-other-way"):
        assert headline(CASES[quiet]).judged == ""


def test_what_to_do_follows_from_what_was_found():
    with translation.override("en"):
        assert next_step(CASES["usual"]).startswith("Leave it.")
        assert next_step(CASES["since"]) == (
            "Start with Central · GTX: ask what has been different there since Aug 2017."
        )
        assert next_step(CASES["above"]) == "Find out what East does differently, and pass it on."
        assert "what all parts share" in next_step(CASES["nothing-stands-out"])
        assert next_step(CASES["on-target"]) == ""


def test_the_lede_says_how_much_and_what_held():
    with translation.override("en"):
        assert lede(CASES["one-driver-one-segment"]) == (
            "It came to ¥4.97 m, where ¥6.09 m was the target: a gap of ¥1.12 m. "
            "What moved it: a lower win rate (−¥790 k). Little or nothing comes from average deal size. "
            "Where more than chance is at work: Central · GTX (−¥611 k, 55% of the gap)."
        )
        assert "too early" in lede(CASES["too-early"])
        assert "No driver moved by more than chance" in lede(CASES["all-noise"])


def test_below_target_without_a_signal_is_said_to_be_none():
    with translation.override("en"):
        assert signal_line(CASES["usual"]).startswith("Below target is not yet a signal")
        assert signal_line(CASES["signal-the-other-way"]).endswith("It points the other way than the gap.")


def test_what_is_missing_names_the_import_that_would_help():
    found = reading(
        missing=(
            Missing("kpi.missing-column", {"table": "leads", "column": ""}),
            Missing("kpi.missing-column", {"table": "leads", "column": "created_on"}),
            Missing("diagnosis.no-baseline"),
            Missing("diagnosis.no-organisation"),
            Missing("diagnosis.short-history"),
        )
    )
    with translation.override("en"):
        lines = missing_lines(found)
    assert lines[0] == "The drivers of won revenue need leads; there are none yet."
    assert lines[1] == "The drivers of won revenue need the column “created_on” of leads; the data lack it."
    assert len(lines) == 4


def test_since_when_tells_the_segment_first():
    with translation.override("en"):
        assert since_lines(CASES["since"]) == (
            "Central · GTX: win rate has been lower since Aug 2017, 33.0% on average after 62.0%. "
            "As a whole: won revenue has been lower since Jul 2017, ¥1.65 m on average after ¥1.90 m."
        )
        assert since_lines(CASES["usual"]).startswith("No point can be named")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "No signal can be told of a range of days: it is no point of a series."),
        ("zh-hans", "自选日期无法判断异常信号：它不属于任何一列连续的期间。"),
    ],
)
def test_a_range_of_days_says_that_it_has_no_signal(language, told):
    found = reading(period="2017-10-01..2017-12-05", signal="too-early")
    with translation.override(language):
        assert signal_line(found) == told
        assert ("1 Oct – 5 Dec 2017" if language == "en" else "2017年10月1日—12月5日") in headline(found).text
