"""A repair that is applied mends its letter."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.smart import Draft, Repair, check
from steelyard.engine.smart.repairs import quarter_end

LINES = (Path(__file__).parent / "goals.txt").read_text("utf-8").splitlines()[1:]
TEXTS = [line.rsplit(" | ", 1)[0] for line in LINES]
STEADY = (100.0, 104.0, 97.0, 101.0, 99.0, 103.0, 98.0, 102.0, 100.0, 105.0, 96.0, 101.0)


def applied(draft: Draft, repair: Repair) -> list[Draft]:
    if isinstance(repair.value, tuple):
        return [replace(draft, text=text) for text in repair.value]
    return [replace(draft, **{repair.field: repair.value})]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(
    "fields",
    [{}, {"start": date(2027, 1, 1)}, {"kpi": "win_rate", "baseline": 40.0, "unit": "%"}],
    ids=["text", "start", "kpi"],
)
def test_each_repair_mends_its_letter(text: str, fields: dict):
    draft = Draft(text, **fields)
    found = check(draft)
    for name, letter in found.letters.items():
        assert letter.verdict is not False or letter.repairs
        if letter.verdict is not False:
            continue
        for repair in letter.repairs:
            if repair.value is not None:
                assert all(check(each).letters[name].verdict for each in applied(draft, repair))


@pytest.mark.parametrize("text", ["Win 400 customers in May", "5月签下 400 家客户"])
def test_the_target_that_is_proposed_is_within_reach(text: str):
    draft = Draft(text, target=400, history=STEADY)
    found = check(draft)
    assert found.achievable.verdict is False
    (repair,) = found.achievable.repairs
    mended = check(replace(draft, target=repair.value))
    assert mended.achievable.verdict
    assert mended.chance == pytest.approx(0.6, abs=0.1)


def test_a_vague_end_is_replaced_and_the_rest_stays():
    (repair, _) = check(Draft("Sign five anchor tenants as soon as possible.")).time_bound.repairs
    assert repair.value == "Sign five anchor tenants by the end of this quarter."


def test_words_go_before_the_purpose():
    (repair, _) = check(Draft("Publish 12 case studies so that sales has proof")).time_bound.repairs
    assert repair.value == "Publish 12 case studies by the end of this quarter so that sales has proof"


def test_a_figure_says_from_where_to_where():
    draft = Draft("提升赢单率", kpi="win_rate", baseline=0.42, unit="percent")
    (repair,) = check(draft).measurable.repairs
    assert repair.value == "提升赢单率，从 42% 到 46.2%"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("大力提升收入", "大力提升收入，从 2,919万 到 3,210万"),
        ("Raise revenue.", "Raise revenue from 29.19 million to 32.1 million."),
    ],
)
def test_large_figures_are_written_as_people_write_them(text: str, said: str):
    draft = Draft(text, kpi="won_revenue", baseline=29_193_600.0, unit="money")
    (repair,) = check(draft).measurable.repairs
    assert repair.value == said
    assert check(replace(draft, text=said)).measurable.verdict


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_end_of_a_quarter_lies_six_weeks_off_at_least(day: date):
    end = quarter_end(day)
    assert end.month in (3, 6, 9, 12)
    assert 42 <= (end - day).days <= 42 + 92
