"""Lines that are added up to rows of a table, and rows that stand for too few people to be told."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steelyard.errors import Refused
from steelyard.lake.imports.mapping import ImportMapping

SURVEY = {
    "table": "survey_scores",
    "group": "true",
    "where": {"Status": "Complete"},
    "columns": {
        "wave": {"value": "2024-06"},
        "team": "Dept",
        "question": {"from": "Question", "values": {"Q1 ": "Q1", "Q1 & more": "Q1"}},
        "answers": {"count": "rows", "where": {"Answer": ["1", "2", "3", "4"]}},
        "favourable": {"count": "rows", "where": {"Answer": ["3", "4"]}},
        "mean": {"mean": "Answer", "where": {"Answer": ["1", "2", "3", "4"]}},
        "points": {"sum": "Answer", "where": {"Answer": ["1", "2", "3", "4"]}},
    },
}


def lines(*rows: str) -> str:
    return "\n".join(["Status,Dept,Question,Answer", *rows]) + "\n"


def test_answers_are_added_up_to_team_scores(importer: Any, write: Callable[..., Path]) -> None:
    given = [f"Complete,East,Q1,{answer}" for answer in (4, 4, 3, 2, 0)]
    given += ["Complete,East,Q1 & more,1", "Incomplete,East,Q1,4"]
    total = importer.run([write("answers.csv", lines(*given))], SURVEY).total
    assert (total.read, total.created, total.rejected) == (1, 1, 0)
    assert importer.rows("SELECT team, question, answers, favourable, mean, points FROM survey_scores") == [
        ("East", "Q1", 5, 3.0, 2.8, 14.0)
    ]
    # The same file again changes nothing, and neither does it in another order.
    assert importer.run([write("again.csv", lines(*reversed(given)))], SURVEY).total.unchanged == 1


def test_a_group_of_fewer_than_five_is_rejected_at_its_first_line(
    importer: Any, write: Callable[..., Path]
) -> None:
    many = [f"Complete,East,Q1,{answer}" for answer in (4, 4, 3, 2, 1)]
    few = [f"Complete,West,Q1,{answer}" for answer in (4, 4, 0, 0, 3, 2)]
    total = importer.run([write("answers.csv", lines(*many, *few))], SURVEY).total
    assert (total.read, total.created, total.rejected) == (2, 1, 1)
    assert importer.rejects() == [(7, "answers", "small-group")]
    assert importer.rows("SELECT team FROM survey_scores") == [("East",)]


def test_a_row_of_a_survey_tool_is_rejected_below_five_as_well(
    importer: Any, write: Callable[..., Path]
) -> None:
    text = "wave,team,question,answers,favourable\n2024,East,Q1,5,3\n2024,West,Q1,4,4\n"
    path = write("scores.csv", text)
    total = importer.run([path], {"table": "survey_scores", "columns": {}}).total
    assert (total.created, total.rejected) == (1, 1)
    assert importer.rejects() == [(3, "answers", "small-group")]


def test_what_is_no_number_is_never_left_out_of_a_sum(importer: Any, write: Callable[..., Path]) -> None:
    mapping = {
        "table": "campaign_days",
        "group": "true",
        "columns": {
            "campaign_id": "Ad",
            "day": "Day",
            "spend": {"sum": "Spend"},
            "clicks": {"sum": "Clicks"},
        },
    }
    rows = "Ad,Day,Spend,Clicks\nA,2024-01-02,1.10,3\nA,2024/1/2,2.20,\nB,2024-01-02,x,1\nB,2024-01-02,1,1\n"
    rows += "C,2024-13-01,5,5\nC,2024-13-01,5,5\n,2024-01-02,1,1\n"
    total = importer.run([write("ads.csv", rows)], mapping).total
    assert (total.read, total.created, total.rejected) == (4, 1, 3)
    assert importer.rejects() == [
        (4, "Spend", "not-a-number"),
        (6, "Day", "not-a-date"),
        (8, "Ad", "missing"),
    ]
    assert importer.rows("SELECT campaign_id, day::VARCHAR, spend::DOUBLE, clicks FROM campaign_days") == [
        ("A", "2024-01-02", 3.3, 3)
    ]


def test_groups_that_differ_beside_the_key_contradict_each_other(
    importer: Any, write: Callable[..., Path]
) -> None:
    mapping = {
        "table": "campaign_days",
        "group": "true",
        "columns": {"campaign_id": "Ad", "day": "Day", "age": "Age", "clicks": {"sum": "Clicks"}},
    }
    rows = "Ad,Day,Age,Clicks\nA,2024-01-02,30-34,3\nA,2024-01-02,35-39,1\nA,2024-01-02,30-34,2\n"
    total = importer.run([write("ads.csv", rows)], mapping).total
    assert (total.read, total.created, total.rejected) == (2, 1, 1)
    assert importer.rows("SELECT age, clicks FROM campaign_days") == [("30-34", 5)]
    assert importer.rejects() == [(3, "campaign_id, day", "duplicate-key")]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"group": "false"}, "mapping.measure-without-group"),
        ({"group": "maybe"}, "mapping.bad-value"),
        ({"columns": {"answers": {"count": "Answer"}}}, "mapping.bad-value"),
        ({"columns": {"answers": {"from": "Answer", "where": {"Answer": "1"}}}}, "mapping.unknown-key"),
        ({"columns": {"answers": {"sum": "Answer", "value": "1"}}}, "mapping.one-origin"),
    ],
)
def test_a_group_that_cannot_be_meant_is_refused(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        ImportMapping.parse(SURVEY | change)
    assert refusal.value.code == code


def test_only_numbers_are_measured(importer: Any, write: Callable[..., Path]) -> None:
    wrong = SURVEY | {"columns": SURVEY["columns"] | {"team": {"count": "rows"}}}  # type: ignore[operator]
    with pytest.raises(Refused) as refusal:
        importer.stage([write("answers.csv", lines("Complete,East,Q1,4"))], wrong)
    assert refusal.value.code == "mapping.bad-value"


def test_a_value_can_stand_for_nothing(importer: Any, write: Callable[..., Path]) -> None:
    mapping = {
        "table": "orders",
        "columns": {
            "order_line_id": "Id",
            "ordered_on": "Day",
            "amount": {"from": "Amount", "values": {"none": ""}},
            "owner": {"from": "Seller", "values": {"NULL": "", "0": ""}},
        },
    }
    rows = "Id,Day,Amount,Seller\n1,2024-01-02,5,NULL\n2,2024-01-02,6,0\n"
    rows += "3,2024-01-02,7,Lin\n4,2024-01-02,none,Lin\n"
    importer.run([write("orders.csv", rows)], mapping)
    assert importer.rows("SELECT order_line_id, owner FROM orders ORDER BY 1") == [
        ("1", None),
        ("2", None),
        ("3", "Lin"),
    ]
    assert importer.rejects() == [(5, "Amount", "missing")]


def test_a_cost_is_the_amount_less_the_profit(importer: Any, write: Callable[..., Path]) -> None:
    mapping = {
        "table": "orders",
        "columns": {
            "order_line_id": "单号",
            "ordered_on": "日期",
            "amount": "销售额",
            "cost": {"from": "销售额", "less": "利润"},
        },
    }
    rows = "单号,日期,销售额,利润\n1,2024-01-02,100.10,-20.3\n2,2024-01-02,50,\n3,2024-01-02,50,很多\n"
    importer.run([write("orders.csv", rows)], mapping)
    assert importer.rows("SELECT amount::DOUBLE, cost::DOUBLE FROM orders ORDER BY order_line_id") == [
        (100.1, 120.4),
        (50.0, None),
    ]
    assert importer.rejects() == [(4, "销售额 + 利润", "not-a-number")]
    with pytest.raises(Refused) as refusal:
        ImportMapping.parse({"table": "orders", "columns": {"cost": {"value": "1", "less": "利润"}}})
    assert refusal.value.code == "mapping.unknown-key"


def test_a_deal_is_closed_on_the_day_it_was_won_or_lost(importer: Any, write: Callable[..., Path]) -> None:
    mapping = {
        "table": "opportunities",
        "columns": {
            "opportunity_id": "Id",
            "owner": "Owner",
            "stage": "Stage",
            "closed_on": {"first": ["Won", "Lost"]},
            "outcome": {"filled": {"won": "Won", "lost": "Lost"}, "otherwise": "open"},
        },
    }
    rows = "Id,Owner,Stage,Won,Lost\n1,Lin,Offer,2024-01-02,\n2,Lin,Offer,,2024-01-03\n3,Lin,Offer,,\n"
    importer.run([write("deals.csv", rows)], mapping)
    assert importer.rows("SELECT closed_on::VARCHAR, outcome FROM opportunities ORDER BY opportunity_id") == [
        ("2024-01-02", "won"),
        ("2024-01-03", "lost"),
        (None, "open"),
    ]
