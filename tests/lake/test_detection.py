"""Exports of the usual products are read without any mapping by hand."""

from dataclasses import asdict
from typing import Any

import pytest

from steelyard.lake.imports.detect import look_at
from steelyard.lake.imports.known_words import outcome_of
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.suggest import DOUBTFUL, Suggestion, suggest
from tests.lake.exports import EXPORTS, Export


def suggested(cells: dict[str, list[str]], file: str = "export.csv", table: str = "") -> list[Suggestion]:
    columns = [
        {
            "name": name,
            "blank_share": texts.count("") / len(texts),
            "distinct": list(dict.fromkeys(text for text in texts if text)),
            **asdict(look_at(texts)),
        }
        for name, texts in cells.items()
    ]
    return suggest(columns, file=file, table=table, head=list(zip(*cells.values(), strict=True)))


def plainly(column: str, rule: Any) -> Any:
    """A rule as the exports say it: a header, several, or what matters beside the header."""
    if isinstance(rule, str):
        return rule
    if "join" in rule or "first" in rule:
        return rule.get("join") or rule["first"]
    if column == "outcome":
        return rule.get("filled") or rule["values"]
    said = {key: value for key, value in rule.items() if key != "order"}
    return said["from"] if set(said) == {"from"} else said


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_an_export_needs_no_mapping_by_hand(export: Export) -> None:
    found = suggested(export.cells, export.file)
    best = found[0]
    assert best.table == export.table
    assert best.missing == ()
    assert best.confidence > max(DOUBTFUL, found[1].confidence)
    told = {column: plainly(column, rule) for column, rule in best.columns.items()}
    if isinstance(export.feeds.get("outcome"), dict):
        seen = {**told.pop("outcome")}
        assert {text: seen[text] for text in export.feeds["outcome"]} == export.feeds["outcome"]
    assert told == {column: fed for column, fed in export.feeds.items() if column != "outcome"}
    ImportMapping.parse(best.mapping("crm"))


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.name)
def test_the_name_of_the_file_is_not_needed(export: Export) -> None:
    best = suggested(export.cells)[0]
    if export.table not in ("content_days", "feedback"):  # the channel and the scale stand in it
        assert (best.table, best.missing) == (export.table, ())


UNRELATED = {
    "weather": {
        "Station": ["Oslo", "Bonn", "Lyon"],
        "Date": ["2024-01-01", "2024-01-02", "2024-01-03"],
        "Temperature": ["1.5", "2", "-3"],
        "Humidity": ["80", "75", "60"],
        "Wind": ["NW", "S", "E"],
    },
    "library": {
        "ISBN": ["9780000000001", "9780000000002", "9780000000003"],
        "书名": ["红楼梦", "边城", "活着"],
        "出版社": ["甲", "乙", "丙"],
        "页数": ["300", "120", "200"],
    },
    "measurements": {"a": ["1", "2", "3"], "b": ["4", "5", "6"], "c": ["x", "y", "z"]},
    "stock": {
        "仓库": ["一号", "二号", "一号"],
        "货位": ["A-1", "A-2", "B-1"],
        "库存": ["10", "20", "30"],
        "盘点人": ["林悦", "周敏", "林悦"],
    },
}


@pytest.mark.parametrize("name", UNRELATED)
def test_of_an_unrelated_table_nobody_is_sure(name: str) -> None:
    assert suggested(UNRELATED[name], f"{name}.csv")[0].confidence < DOUBTFUL


def test_the_expected_day_is_not_the_day_of_closing() -> None:
    cells = {
        "商机编号": ["1", "2"],
        "负责人": ["林悦", "周敏"],
        "阶段": ["赢单", "报价"],
        "预计成交日期": ["2024-01-01", "2024-02-01"],
    }
    assert "closed_on" not in suggested(cells)[0].columns


def test_a_key_is_made_only_where_it_names_each_row() -> None:
    cells = {
        "商机名称": ["续费", "续费", "扩容"],
        "客户名称": ["远山", "远山", "青禾"],
        "负责人": ["林悦", "林悦", "周敏"],
        "阶段": ["赢单", "报价", "输单"],
    }
    assert suggested(cells, table="opportunities")[0].missing == ("opportunity_id",)
    cells["创建时间"] = ["2024-01-01", "2024-02-01", "2024-02-01"]
    best = suggested(cells, table="opportunities")[0]
    assert best.columns["opportunity_id"] == {"join": ["商机名称", "客户名称", "创建时间"]}
    assert best.reasons["opportunity_id"] == {
        "code": "joined-key",
        "columns": ["商机名称", "客户名称", "创建时间"],
    }


def test_a_word_that_the_values_speak_against_is_not_believed() -> None:
    cells = {
        "Deal ID": ["1", "2"],
        "Owner": ["Ann", "Bob"],
        "Stage": ["Won", "Open"],
        "Amount": ["large", "small"],
        "Close Date": ["soon", "later"],
    }
    best = suggested(cells, "deals.csv")[0]
    assert "amount" not in best.columns
    assert "closed_on" not in best.columns


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        *(
            (text, "won")
            for text in ("赢单", "成交", "签约", "7.赢单(100%)", "阶段七：赢单", "Closed Won", "closed-won")
        ),
        *((text, "lost") for text in ("输单", "丢单", "战败", "流失", "8、输单", "Closed Lost", "Lost")),
        *(
            (text, "")
            for text in ("待赢单", "未签约", "预计成交", "方案报价", "Negotiation", "Won't decide", "")
        ),
    ],
)
def test_a_stage_in_words(text: str, outcome: str) -> None:
    assert outcome_of(text) == outcome
