"""Periods, totals, headers and values as people write them."""

import datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from steelyard.lake import sql
from steelyard.lake.imports import cast
from steelyard.lake.imports.headers import bare, known_as, unit_in_title, unit_of
from steelyard.lake.imports.mapping import ColumnRule
from steelyard.lake.imports.periods import When, header_period, settled, when_in
from steelyard.lake.imports.reading import ReadRule
from steelyard.lake.imports.shape import find_shape
from steelyard.lake.imports.totals import is_note, is_total, may_hold_totals


@pytest.mark.parametrize(
    ("name", "year", "month"),
    [
        ("2026年3月", 2026, 3),
        ("3月", None, 3),
        ("十二月", None, 12),
        ("202603", 2026, 3),
        ("Jan 2026", 2026, 1),
        ("26年回款", 2026, None),
        ("2025-2026年度", None, None),
        ("1月-3月", None, None),
        ("May", None, 5),
        ("Mayer", None, None),
        ("Sheet1", None, None),
    ],
)
def test_what_a_name_tells(name: str, year: int | None, month: int | None) -> None:
    found = when_in(name)
    assert (found.year, found.month) == (year, month)


def test_who_is_believed_about_the_year() -> None:
    assert settled("2025年1月", ["2026年报表"], "x.xlsx").year == 2025
    assert settled("1月", ["2026年报表"], "x.xlsx") == When(2026, 1)
    assert settled("1月", ["2026年报表"], "2025.xlsx").year is None
    # The day on which a file was written says nothing about its rows.
    assert settled("1月", [], "导出_20260105.xlsx").year is None
    assert settled("1月", [], "导出_20260105.xlsx", 2025).year == 2025


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("3月", "2026-03"),
        ("三月", "2026-03"),
        ("2025年3月", "2025-03"),
        ("2025-03", "2025-03"),
        ("Mar", "2026-03"),
        ("Mar-25", "2025-03"),
        ("Q2", "2026-Q2"),
        ("第二季度", "2026-Q2"),
        ("2025Q2", "2025-Q2"),
        ("5日", "2026-04-05"),
        ("2025年", "2025"),
        ("3月销售额", None),
        ("金额", None),
        ("market", None),
    ],
)
def test_a_header_that_is_a_period(header: str, label: str | None) -> None:
    found = header_period(header)
    assert (found and found.label(When(2026, 4))) == label


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (["合计", "", "100"], True),
        (["合  计：", "", "1,200元"], True),
        (["华东", "小计", "100"], True),
        (["华东小计", "", "100"], True),
        (["North Total", "", "$5"], True),
        (["Grand Totals (25 records)", "", "5"], True),
        (["本年累计", "", "12.5万"], True),
        (["合计科技有限公司", "", "100"], False),
        (["A1", "总计科技", "100"], False),
        (["合计", "李明", "100"], False),
        (["A1", "Gift Total", "100"], False),
        (["TotalEnergies", "", "100"], False),
        (["统计", "", "100"], False),
    ],
)
def test_totals(row: list[str], expected: bool) -> None:
    assert is_total(row, usual=3) is expected
    assert may_hold_totals(("\nA,B,C\n" + ",".join(row) + "\n").encode()) is expected or "," in "".join(row)


def test_notes() -> None:
    assert is_note(["制表人：王芳", "", "审核：李明"])
    assert is_note(["备注：仅供参考"])
    assert is_note(["Confidential Information - Do Not Distribute"])
    assert not is_note(["备注客户", "100"])
    assert not is_note(["A1", "备注：加急"])


def test_units_in_headers() -> None:
    headers = ("金额（万元）", "金额/万元", "Amount (K)", "金额(元)", "占比（%）", "金额")
    assert [unit_of(each) for each in headers] == ["10000", "10000", "1000", "1", "0.01", ""]
    assert (unit_in_title("单位：万元"), unit_in_title("in thousands"), unit_in_title("单位：台")) == (
        "10000",
        "1000",
        "",
    )
    assert (bare("*金额（含税）（万元）"), bare("（甲方）")) == ("*金额", "（甲方）")
    assert known_as(["计划 / 金额", "实际 / 金额", "客户 / 名称"]) == {
        "计划 / 金额": "计划 / 金额",
        "实际 / 金额": "实际 / 金额",
        "客户 / 名称": "名称",
    }


def read(kind: str, texts: list[str], **rule: str) -> list[tuple[Any, Any]]:
    """(value, code) for each text."""
    made = cast.cell("r", "v", kind=kind, rule=ColumnRule(source="x", **rule), thorough=True)
    raw = cast.trimmed("x", thorough=True)
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (n INTEGER, x VARCHAR)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(texts)))
        value = f"CAST({made.value} AS {sql.DUCK[kind]})"
        rows = f"SELECT n, r, {value} AS v FROM (SELECT n, {raw} AS r FROM t)"  # noqa: S608  no foreign text
        return connection.execute(f"SELECT v, {made.problem} FROM ({rows}) ORDER BY n").fetchall()  # noqa: S608


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12.5万", "125000"),
        ("1.2亿", "120000000"),
        ("2千万元", "20000000"),
        ("12.34567万", "123456.7"),
        ("3.5k", "3500"),
        ("1,200元", "1200"),
        ("￥ 1 200", "1200"),
        ("１，２００．５", "1200.5"),
        ("（1,200）", "-1200"),
        ("1,200-", "-1200"),
        ("−3", "-3"),
        ("▲3", "-3"),
        ("RMB 1,200", "1200"),
        ("1\u00a0200\u3000.5", "1200.5"),
        ("'00120", "120"),
    ],
)
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert read("money", [text]) == [(Decimal(value), None)]


@pytest.mark.parametrize("text", ["壹万", "12万3千", "1.2.3", "30m", "--5", "85%", "1/2", "约100"])
def test_what_is_not_surely_a_number_is_rejected(text: str) -> None:
    assert read("money", [text]) == [(None, "not-a-number")]


def test_a_number_that_says_how_large_it_is_keeps_out_of_the_unit() -> None:
    found = read("money", ["1.5", "8,000元", "2万", "12.34567"], unit="10000")
    assert [value for value, _ in found] == [15_000, 8_000, 20_000, Decimal("123456.7")]
    assert read("number", ["85%", "85"], unit="0.01") == [(0.85, None), (0.85, None)]


@pytest.mark.parametrize(
    "text",
    [
        *("2026.3.5", "2026年3月5日", "2026 年 3 月 5 日", "26年3月5日", "２０２６年３月５日", "20260305"),
        *("46086", "2026-03-05 星期四", "2026年3月5日(周四)", "'2026-03-05"),
    ],
)
def test_days_as_people_write_them(text: str) -> None:
    assert read("date", [text], order="ymd") == [(datetime.date(2026, 3, 5), None)]


def test_two_digits_of_a_year() -> None:
    assert read("date", ["05.03.26", "05.03.2026"], order="dmy") == [(datetime.date(2026, 3, 5), None)] * 2


def test_a_header_of_two_lines_without_merged_cells() -> None:
    rows = [
        (1, ["报表", "", "", ""]),
        (2, ["客户", "1月", "", "备注"]),
        (3, ["", "目标", "实际", ""]),
        (4, ["远山", "5", "6", ""]),
    ]
    shape = find_shape(rows, (), ReadRule(unpivot=False))
    assert (shape.header_lines, shape.titles) == ((2, 3), ("报表",))
    assert shape.names == ("客户", "1月 / 目标", "1月 / 实际", "备注")


def test_an_ordinary_header_stays_one_line() -> None:
    rows = [(1, ["a", "b", "", "d"]), (2, ["x", "", "y", "z"]), (3, ["1", "2", "3", "4"])]
    assert find_shape(rows, (), ReadRule()).header_lines == (1,)
