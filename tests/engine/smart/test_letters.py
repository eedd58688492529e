"""The letters of goals in many writings, as a person labelled them."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.smart import Draft, check
from steelyard.engine.smart.reading import read
from steelyard.engine.smart.text import MOST_SIGNS, text_of

LETTERS = ("specific", "measurable", "relevant", "time_bound")
SAYS = {"1": True, "0": False}
PIECES = (
    *("提升", "3%", " to ", "9" * 400, "翻番", "½", "²", "İ", "百分之", "零分之", "0/0", " half a ", "点五"),
    *("万亿亿", " q3 ", "2027-99-99", "\x00", "\u202e", "每", " by ", " so that ", "因为", "（", "|", "，"),
    *(" in 0 days ", "-5%"),
)
FILES = ("goals.txt", "goals_by_class.txt")


def goals_of(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / name).read_text("utf-8").splitlines()[1:]
    return [line.rsplit(" | ", 1) for line in lines]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("verdict", [True, False])
def test_at_most_one_in_twenty_is_called_otherwise(name: str, letter: str, verdict: bool):
    place = LETTERS.index(letter)
    labelled = [(text, SAYS[label[place]]) for text, label in goals_of(name) if label[place] != "?"]
    told = [(text, label, check(Draft(text)).letters[letter].verdict) for text, label in labelled]
    called = [each for each in told if each[2] is verdict]
    meant = [each for each in told if each[1] is verdict]
    assert [each[0] for each in called if each[1] is not verdict][len(called) // 20 :] == []
    assert [each[0] for each in meant if each[2] is not verdict][len(meant) // 20 :] == []


def test_fields_stand_for_what_the_text_leaves_out():
    draft = Draft(
        "Win rate",
        kpi="win_rate",
        target=0.63,
        unit="percent",
        end=date(2027, 3, 31),
        parent="Revenue 2027",
    )
    found = check(draft)
    assert [found.letters[name].verdict for name in LETTERS] == [True] * 4
    assert found.achievable.verdict is None


def test_a_slogan_stays_one_whatever_its_fields_hold():
    assert not check(Draft("再创辉煌", kpi="won_revenue", target=5e6)).specific.verdict


def test_a_cause_serves_as_well_as_a_parent():
    assert check(Draft("提升赢单率至 63%", cause="报价太慢")).relevant.verdict


def test_spaces_and_widths_do_not_matter():
    one = check(Draft("６月３０日前，将赢单率从４２％提升至４８％，以支撑营收目标"))
    two = check(Draft("6 月 30 日 前，将 赢单率 从 42 % 提升至 48 %，以 支撑 营收目标"))
    assert [each.verdict for each in one.letters.values()] == [each.verdict for each in two.letters.values()]
    assert one.specific.verdict
    assert one.relevant.verdict
    assert one.time_bound.verdict


def test_a_missing_owner_and_baseline_are_remarks_only():
    found = check(Draft("Raise win rate by 15% in Q3"))
    assert found.specific.verdict
    assert found.measurable.verdict
    remarks = {
        reason.code for letter in found.letters.values() for reason in letter.reasons if reason.is_remark
    }
    assert {"smart.no-owner", "smart.no-baseline"} <= remarks


def test_what_is_second_in_a_double_goal_is_named_as_it_was_written():
    (reason, *_) = check(Draft("Grow MQLs to 500 and cut CPL to 200 by year end")).specific.reasons
    assert reason.code == "smart.double"
    assert reason.params == {"words": "cut CPL to 200 by year end"}


@pytest.mark.parametrize(
    "text", ["", " ", "!!!", "。", "|", "1", "%", "的", "to", "\n", "x" * 3000, "a, " * 900, "1 2 " * 5000]
)
def test_any_text_gets_an_answer(text: str):
    assert check(Draft(text)).letters["specific"].verdict is not None


@given(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_it(text: str, pieces: list[str]):
    found = check(Draft(text + "".join(pieces)))
    assert {letter.verdict for name, letter in found.letters.items() if name in LETTERS} <= {True, False}
    assert found.as_json()


def test_of_a_long_text_the_beginning_is_read():
    """No work grows with the text: 2,000 numbers in a row are read as far as a goal may go."""
    assert len(text_of("1 2 " * 5000).plain) <= MOST_SIGNS
    assert len(read("1 2 " * 5000).measures) <= MOST_SIGNS / 2
    goal = "Win 20 customers by 30 June so that the plant is full"
    long, short = check(Draft(goal + "." + " " * 20_000)), check(Draft(goal))
    assert [each.verdict for each in long.letters.values()] == [
        each.verdict for each in short.letters.values()
    ]
