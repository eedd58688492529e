"""Workbooks of real companies are read right, with at most one question asked."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from steelyard.lake.imports import child
from steelyard.lake.imports import inspect as inspecting
from steelyard.lake.imports import stage as staging
from steelyard.lake.imports.inspect import Inspection, inspect
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.resolve import _extra_name
from tests.lake.workbooks.books import Book, book
from tests.lake.workbooks.expected import BOOKS

COLLECTED = {"receipt_id": "回款编号", "received_on": "回款日期", "amount": "回款金额"}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work of the child process, done in this one."""

    def run(task: str, folder: Path, *, limits: Any, given: Mapping[str, Any], **_: Any) -> Any:
        folder.mkdir(parents=True, exist_ok=True)
        job = {"task": task, "folder": str(folder), "limits": limits.as_dict(), **given}
        return json.loads(json.dumps(child._do(json.loads(json.dumps(job))), default=str))

    monkeypatch.setattr(inspecting, "run_child", run)
    monkeypatch.setattr(staging, "run_child", run)


@pytest.mark.parametrize("book", [pytest.param(each, id=each.id) for each in BOOKS])
def test_a_workbook_is_read_right(
    book: Book, importer: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not book.by_child:
        request.getfixturevalue("here")
    path = tmp_path / book.file
    book.write(path)
    original = keep_original(path, importer.lake.root, limits=importer.limits)

    found = inspect(original, limits=importer.limits)
    assert questions(found, book) == ([book.question] if book.question else [])
    if book.answer:
        found = inspect(original, limits=importer.limits, read=book.answer)
        assert questions(found, book) == []
    best = found.suggestions[0]
    assert (best.table, [need for need in best.missing if need not in book.constants]) == (book.table, [])

    columns = {**best.columns, **book.constants}
    if book.question == "date-order":
        columns = {name: answered(rule) for name, rule in columns.items()}
    mapping = {**best.mapping("real"), "columns": columns, "read": dict(book.answer)}
    staged = importer.stage([path], mapping)
    table = {**staged.facts, **staged.organisation}[book.table]
    assert importer.rejects() == []
    assert rows_of(table, book) == sorted(book.rows, key=repr)
    assert table.dropped == book.dropped
    assert set(book.notes) <= {code for column in found.columns for code in column["read_as"]}


def questions(found: Inspection, book: Book) -> list[str]:
    """What must be asked: by the file, or of the table that it feeds best."""
    asked = list(dict.fromkeys(each["code"] for each in found.questions))
    lacking = [need for need in found.suggestions[0].missing if not book.answer]
    return asked + ["need"] * len(lacking)


def answered(rule: Any) -> Any:
    """A date column of which a person has said that the day comes first."""
    is_date = rule in ("Invoice Date", "Due Date")
    return {"from": rule, "order": "dmy"} if is_date else rule


def rows_of(table: Any, book: Book) -> list[tuple[Any, ...]]:
    names = [_extra_name(column) for column in book.columns]
    rows = [row for file in table.files for row in pq.read_table(file).to_pylist()]
    return sorted((tuple(row[name] for name in names) for row in rows), key=repr)


def test_the_superstore_as_it_is(importer: Any, shared_data: Path) -> None:
    """Three sheets of different tables: which is meant is asked, and each can be read."""
    path = shared_data / "business" / "cn_superstore" / "示例 - 超市.xls"
    original = keep_original(path, importer.lake.root, limits=importer.limits)
    found = inspect(original, limits=importer.limits)
    assert [each["code"] for each in found.questions] == ["sheet"]
    assert found.questions[0]["options"] == [["订单"], ["退货"], ["销售人员"]]
    best = found.suggestions[0]
    assert (best.table, best.missing) == ("orders", ())
    staged = importer.stage([path], best.mapping("superstore") | {"read": {"sheet": "订单"}})
    assert (staged.facts["orders"].rows, staged.facts["orders"].dropped) == (10_000, 0)
    assert importer.rejects() == []
    others = inspect(original, limits=importer.limits, read={"sheet": "退货"})
    assert ([each["name"] for each in others.columns], others.questions) == (["订单 ID", "退回"], [])


def test_a_reject_names_its_sheet_and_line(importer: Any, tmp_path: Path) -> None:
    path = tmp_path / "回款.xlsx"

    def month(day: str, amount: str) -> Any:
        return lambda page: page.row("回款编号", "回款日期", "回款金额").row(f"R{day}", day, amount)

    book(("1月", month("2026-01-05", "100")), ("2月", month("2026-02-30", "many")))(path)
    importer.stage([path], {"table": "receipts"} | {"columns": COLLECTED})
    assert [(each["file"], each["line"], each["code"]) for each in importer.last.rejects()] == [
        ("回款.xlsx · 2月", 2, "not-a-date"),
        ("回款.xlsx · 2月", 2, "not-a-number"),
    ]
