"""What a file is taken for before it is imported."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steelyard.lake.imports.detect import date_look, decimal_of, look_at
from steelyard.lake.imports.headers import normalise
from steelyard.lake.imports.inspect import Inspection, inspect
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.suggest import suggest
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES


@pytest.fixture
def looked_at(importer: Any) -> Callable[..., Inspection]:
    return lambda path, **more: inspect(
        keep_original(path, importer.lake.root), limits=importer.limits, **more
    )


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("maven_crm/sales_pipeline.csv.gz", "opportunities"),
        ("maven_crm/accounts.csv", "accounts"),
        ("watson_accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv.gz", "invoices"),
        ("cn_superstore/订单_gb18030.csv.gz", "orders"),
    ],
)
def test_the_table_is_found(name: str, table: str, shared_data: Path, looked_at: Any) -> None:
    found = looked_at(shared_data / "business" / name)
    assert found.suggestions[0].table == table
    assert found.suggestions[0].missing == ()
    assert found.suggestions[0].confidence > found.suggestions[1].confidence


def test_what_is_shown(looked_at: Any, write: Callable[..., Path]) -> None:
    rows = "商机编号;负责人;阶段;金额;关闭日期;备注\n"
    rows += "A1;李明;赢单;1.234,50;13.04.2017;\nA2;王芳;跟进;7,25;02.04.2017;x\n"
    found = looked_at(write("商机.csv", rows.encode("gb18030")))
    assert (found.format, found.encoding, found.delimiter, found.header_line) == ("csv", "gb18030", ";", 1)
    columns = {each["name"]: each for each in found.columns}
    assert (columns["金额"]["type"], columns["金额"]["decimal"]) == ("number", ",")
    assert (columns["关闭日期"]["type"], columns["关闭日期"]["order"]) == ("date", "dmy")
    assert columns["备注"]["blank_share"] == 0.5
    best = found.suggestions[0]
    assert best.table == "opportunities"
    assert best.columns == {
        "opportunity_id": "商机编号",
        "owner": "负责人",
        "stage": "阶段",
        "amount": {"from": "金额", "decimal": ","},
        "closed_on": {"from": "关闭日期", "order": "dmy"},
        "outcome": {
            "from": "阶段",
            "values": {
                **dict.fromkeys(("赢单", "成交"), "won"),
                **dict.fromkeys(("输单", "丢单", "战败", "流失"), "lost"),
            },
            "otherwise": "open",
        },
    }


def test_a_suggestion_can_be_imported(importer: Any, looked_at: Any, shared_data: Path) -> None:
    path = shared_data / "business" / "maven_crm" / "sales_pipeline_us_dates.csv.gz"
    best = looked_at(path, table="opportunities").suggestions[0]
    total = importer.run([path], best.mapping("crm")).total
    assert (total.created, total.rejected) == (8800, 0)
    assert importer.rows("SELECT sum(amount)::BIGINT FROM opportunities WHERE outcome = 'won'") == [
        (10_005_534,)
    ]


@pytest.mark.parametrize(
    ("values", "kind", "order", "ambiguous"),
    [
        (["2017-01-02", ""], "date", "ymd", False),
        (["20170102"], "date", "ymd", False),
        (["2017年3月1日"], "date", "ymd", False),
        (["13/02/2017", "01/02/2017"], "date", "dmy", False),
        (["01/02/2017", "1/13/2017"], "date", "mdy", False),
        (["01/02/2017", "11/12/2017"], "date", "", True),
        (["01/02/17"], "date", "", True),
        (["2017-01-02 10:30"], "timestamp", "ymd", False),
        (["3 Mar 2017"], "date", "ymd", False),
        (["1,200", "¥3.5", "-"], "number", "", False),
        (["0012", "13"], "text", "", False),
        (["6222020200112233445"], "text", "", False),
        (["1", "x"], "text", "", False),
    ],
)
def test_looks(values: list[str], kind: str, order: str, ambiguous: bool) -> None:
    look = look_at(values)
    assert (look.type, look.order, look.ambiguous) == (kind, order, ambiguous)


def test_days_of_a_spreadsheet_and_contradictions() -> None:
    assert date_look(["42736", "42737.5"]).order == "excel"
    assert date_look(["13/04/2017", "05/26/2017"]).mixed
    assert decimal_of(["1,234", "5"]) == "."
    assert decimal_of(["1.234,5", "5"]) == ","


@pytest.mark.parametrize(
    "header", ["Close Date", "closeDate", "CLOSE_DATE", " ＣＬＯＳＥ　ＤＡＴＥ ", "close-date"]
)
def test_spellings_of_a_header_are_one(header: str) -> None:
    assert normalise(header) == "close_date"


@pytest.mark.parametrize("name", [*TABLES, *ORGANISATION_TABLES])
def test_a_table_with_its_own_names_is_recognised(name: str) -> None:
    spec = {**TABLES, **ORGANISATION_TABLES}[name]
    looks = {"money": "number", "integer": "number"}
    common = {"order": "ymd", "decimal": ".", "blank_share": 0, "distinct": []}
    columns = [{"name": each, "type": looks.get(kind, kind), **common} for each, kind in spec.columns.items()]
    best = suggest(columns, file="export.csv")[0]
    assert (best.table, best.missing) == (name, ())
    assert best.columns.keys() == spec.columns.keys()
