"""How a mapping says that files are read: without a header, each in its own way, sheet by sheet."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from steelyard.errors import Refused
from steelyard.lake.imports.mapping import ImportMapping

QUOTAS = {
    "table": "targets",
    "read": {"header": "none", "names": ["person", "quarter", "quota"]},
    "columns": {
        "kpi": {"value": "sales_amount"},
        "period": "quarter",
        "unit": "person",
        "value": "quota",
    },
}


def test_a_file_without_a_header_is_read_by_given_names(importer: Any, write: Callable[..., Path]) -> None:
    total = importer.run([write("quotas.txt", "274\t2011-Q2\t28000\n275\t2011-Q2\t367000\n")], QUOTAS).total
    assert (total.read, total.created) == (2, 2)
    assert importer.rows('SELECT unit, period, "value" FROM targets ORDER BY 1') == [
        ("274", "2011-Q2", 28000.0),
        ("275", "2011-Q2", 367000.0),
    ]
    total = importer.run([write("more.txt", "276\t2011-Q2\t5\n277\t2011-Q2\n")], QUOTAS).total
    assert (total.created, importer.rejects()) == (1, [(2, None, "ragged-row")])


def test_names_are_asked_for(importer: Any, write: Callable[..., Path]) -> None:
    with pytest.raises(Refused) as refusal:
        importer.stage([write("quotas.txt", "274\t28000\n")], QUOTAS | {"read": {"header": "none"}})
    assert refusal.value.code == "mapping.names-missing"


def test_each_file_is_read_in_its_own_way(importer: Any, write: Callable[..., Path]) -> None:
    mapping = {
        "files": {"sales": "sales*.csv", "people": "people*.txt"},
        "read": {
            "delimiter": ";",
            "files": {"people*.txt": {"header": "none", "names": ["id", "who"], "delimiter": "|"}},
        },
        "tables": {
            "orders": {
                "from": "sales",
                "join": [{"file": "people", "on": {"Seller": "id"}}],
                "columns": {"order_line_id": "Id", "ordered_on": "Day", "amount": "Amount", "owner": "who"},
            }
        },
    }
    files = [
        write("sales.csv", "Id;Day;Amount;Seller\n1;2024-01-02;5,5;7\n"),
        write("people.txt", "7|Lin Yue\n"),
    ]
    importer.run(files, mapping)
    assert importer.rows("SELECT order_line_id, owner, amount::DOUBLE FROM orders") == [("1", "Lin Yue", 5.5)]


def test_the_sheets_of_a_workbook_can_be_files_of_their_own(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "shop.xlsx"
    with xlsxwriter.Workbook(path) as book:
        orders, back = book.add_worksheet("订单"), book.add_worksheet("退货")
        for row, cells in enumerate(
            [("单号", "日期", "金额"), ("A-1", "2024-01-02", 5), ("A-2", "2024-01-03", 6)]
        ):
            orders.write_row(row, 0, cells)
        for row, cells in enumerate([("单号", "退回"), ("A-2", "是")]):
            back.write_row(row, 0, cells)
    mapping = {
        "files": {"orders": "shop*.xlsx", "back": "shop*.xlsx"},
        "read": {"files": {"orders": {"sheet": "订单"}, "back": {"sheet": "退货"}}},
        "tables": {
            "orders": {
                "from": "orders",
                "join": [{"file": "back", "on": "单号"}],
                "columns": {
                    "order_line_id": "单号",
                    "ordered_on": "日期",
                    "amount": "金额",
                    "returned": {"from": "退回", "values": {"是": "yes"}},
                },
            }
        },
    }
    importer.run([path], mapping)
    assert importer.rows("SELECT order_line_id, returned FROM orders ORDER BY 1") == [
        ("A-1", None),
        ("A-2", "yes"),
    ]


@pytest.mark.parametrize("read", [{"sheat": "x"}, {"files": {"a*.csv": {"sheat": "x"}}}])
def test_an_unknown_way_of_reading_is_refused(read: dict[str, Any]) -> None:
    with pytest.raises(Refused) as refusal:
        ImportMapping.parse({"table": "orders", "read": read})
    assert (refusal.value.code, refusal.value.params["key"]) == ("mapping.unknown-key", "sheat")
