"""`steelyard smart` answers each goal in its own language, in the order of the file."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steelyard.cli import app
from steelyard.errors import Refused

KEYS = ["specific", "measurable", "achievable", "relevant", "time_bound", "reasons", "repairs"]
STEADY = [100, 104, 97, 101, 99, 103, 98, 102, 100, 105, 96, 101]


def run(tmp_path: Path, *goals: object) -> list[dict]:
    file = tmp_path / "goals.jsonl"
    lines = [goal if isinstance(goal, str) else json.dumps(goal, ensure_ascii=False) for goal in goals]
    file.write_text("\n".join(lines), encoding="utf-8")
    done = CliRunner().invoke(app, ["smart", str(file), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_each_goal_is_answered_in_order_with_the_same_keys(tmp_path: Path):
    answers = run(tmp_path, {"text": "提升赢单率至 63%"}, "", {"text": "Work harder", "lang": "en"})
    assert [list(answer) for answer in answers] == [KEYS, KEYS]
    assert [answer["specific"] for answer in answers] == [True, False]
    assert answers[0]["reasons"][-1] == "没有截止时间。"
    assert answers[1]["reasons"][-1] == "It has no end."
    assert answers[0]["achievable"] is None


def test_fields_are_read_however_they_are_written(tmp_path: Path):
    (answer,) = run(
        tmp_path,
        {
            "text": "Win rate",
            "kpi": "win_rate",
            "baseline": "42%",
            "target": "63%",
            "unit": "percent",
            "start": "2027-01",
            "end": "2027-Q1",
            "owner": None,
            "parent": {"title": "Revenue 2027"},
            "colour": "red",
        },
    )
    assert [answer[key] for key in KEYS[:5]] == [True, True, None, True, True]
    assert "It ends on 2027-03-31." in answer["reasons"]


def test_an_end_in_words_is_read_with_the_text(tmp_path: Path):
    one, other = run(
        tmp_path, {"text": "Win 5 deals", "end": "end of Q3"}, {"text": "签 5 单", "end": "尽快"}
    )
    assert one["time_bound"] is True
    assert other["time_bound"] is False


def test_a_history_gives_a_chance_and_a_target_within_reach(tmp_path: Path):
    reached, missed = run(
        tmp_path,
        {"text": "Win 101 customers in May", "history": STEADY},
        {"text": "5月签下 400 家客户", "target": 400, "history": STEADY},
    )
    assert reached["achievable"] is True
    assert missed["achievable"] is False
    assert any("达成概率" in each for each in missed["repairs"])


@pytest.mark.parametrize("line", ["not json", "[1]", '{"lang": "en"}', '{"text": 5}'])
def test_a_line_that_is_no_goal_is_named(tmp_path: Path, line: str):
    with pytest.raises(Refused) as refused:
        run(tmp_path, {"text": "Win 5 deals"}, line)
    assert refused.value.code == "smart.not-a-goal"
    assert refused.value.params["line"] == 2


@pytest.mark.parametrize(
    "field",
    [{"target": "many"}, {"history": "1,2"}, {"history": [1, "x"]}, {"end": "2027-02-31"}, {"target": True}],
)
def test_a_field_that_does_not_fit_is_named(tmp_path: Path, field: dict):
    with pytest.raises(Refused) as refused:
        run(tmp_path, {"text": "Win 5 deals", **field})
    assert refused.value.code == "smart.bad-field"
    assert refused.value.params["field"] == next(iter(field))
