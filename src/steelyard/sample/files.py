"""Tables as the files a person would export: CSV with and without BOM, GB18030 with Chinese headers, XLSX."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import yaml

ORGANISATION = ("people", "teams", "team_parents", "memberships", "manager_links")
# What is referred to comes before what refers to it.
IMPORT_ORDER = (
    "exchange_rates",
    "accounts",
    "campaigns",
    "campaign_days",
    "content_days",
    "leads",
    "touches",
    "opportunities",
    "stage_changes",
    "activities",
    "work_events",
    "contracts",
    "collection_plan",
    "orders",
    "invoices",
    "receipts",
    "feedback",
    "survey_scores",
    "skill_assessments",
    "learning",
    "tool_use",
    "ideas",
    "headcount",
    "targets",
)
_SPREADSHEET_ROWS = 1_000_000


@dataclass(frozen=True)
class Export:
    """How one table leaves its system.

    `standard` gives columns the standard table's name, `headers` the name that the file has instead.
    """

    source: str = "crm"
    encoding: str = "utf-8"
    spreadsheet: bool = False
    date_format: str = "%Y-%m-%d"
    standard: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)


_EXPORTS = {
    "people": Export(source="hr", standard={"person": "code"}),
    "teams": Export(source="hr", standard={"team": "code"}),
    "memberships": Export(source="hr"),
    "manager_links": Export(source="hr"),
    "accounts": Export(encoding="utf-8-sig"),
    "leads": Export(rules={"created_at": {"type": "timestamp"}}),
    "opportunities": Export(encoding="utf-8-sig"),
    "receipts": Export(
        source="finance",
        encoding="gb18030",
        date_format="%Y/%m/%d",
        headers={
            "receipt_id": "回款编号",
            "received_on": "回款日期",
            "amount": "金额",
            "invoice_id": "发票编号",
            "plan_id": "回款计划编号",
            "received_by": "回款人",
            "currency": "币种",
            "region": "地区",
        },
        rules={"received_on": {"order": "ymd"}, "amount": {"unit": 1}},
    ),
    "collection_plan": Export(
        source="finance",
        encoding="gb18030",
        date_format="%Y/%m/%d",
        headers={
            "plan_id": "计划编号",
            "contract_id": "合同编号",
            "due_on": "应收日期",
            "amount": "计划金额",
            "milestone": "回款节点",
        },
        rules={"due_on": {"order": "ymd"}, "amount": {"unit": 1}},
    ),
    "orders": Export(source="shop", values={"product": {"BeamOne": "Beam One", "BeamPro": "Beam Pro"}}),
    "invoices": Export(source="finance", encoding="utf-8-sig"),
    "campaigns": Export(
        source="marketing",
        spreadsheet=True,
        headers={
            "campaign_id": "活动编号",
            "name": "活动名称",
            "channel": "渠道",
            "started_on": "开始日期",
            "ended_on": "结束日期",
            "budget": "预算",
            "owner": "负责人",
            "product": "产品",
        },
        rules={"budget": {"unit": 1}},
    ),
    "feedback": Export(source="service", encoding="utf-8-sig"),
    "survey_scores": Export(source="survey", spreadsheet=True),
    "headcount": Export(source="hr", spreadsheet=True),
    "targets": Export(source="planning", spreadsheet=True),
}


def write_tables(folder: Path, tables: dict[str, pl.DataFrame]) -> dict[str, int]:
    """Write every table and its mapping; rows by table, in import order."""
    (folder / "mappings").mkdir(parents=True, exist_ok=True)
    for name in (*ORGANISATION, *IMPORT_ORDER):
        export = _EXPORTS.get(name, Export())
        table = tables[name].rename(export.standard)
        _remove_other_kind(folder, name)
        if export.spreadsheet and table.height < _SPREADSHEET_ROWS:
            _write_spreadsheet(folder / f"{name}.xlsx", table.rename(export.headers))
        else:
            _write_csv(folder / f"{name}.csv", table.rename(export.headers), export)
        if name != "team_parents":
            _write_mapping(folder / "mappings" / f"{name}.yaml", name, table.columns, export)
    return {name: tables[name].height for name in (*ORGANISATION, *IMPORT_ORDER)}


def tables_of(folder: Path) -> list[tuple[str, Path, Path]]:
    """(table, file, mapping) of a written company, in the order in which to import them."""
    return [
        (name, _file_of(folder, name), folder / "mappings" / f"{name}.yaml")
        for name in (*ORGANISATION, *IMPORT_ORDER)
        if name != "team_parents"
    ]


def sources_of(folder: Path) -> dict[str, tuple[list[Path], dict[str, Any]]]:
    """Source → (its files, one mapping for all of them), as each system's export would be imported."""
    found: dict[str, tuple[list[Path], dict[str, Any]]] = {}
    for table, path, mapping in tables_of(folder):
        one = yaml.safe_load(mapping.read_text(encoding="utf-8"))
        source = one["source"]
        files, whole = found.setdefault(source, ([], {"source": source, "files": {}, "tables": {}}))
        files.append(path)
        whole["files"][table] = path.name
        whole["tables"][table] = {"from": table, "columns": one["columns"]}
        if "values" in one:
            whole.setdefault("values", {}).update(one["values"])
    return found


def _file_of(folder: Path, name: str) -> Path:
    return next(path for path in (folder / f"{name}.csv", folder / f"{name}.xlsx") if path.exists())


def write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _remove_other_kind(folder: Path, name: str) -> None:
    """A folder written before at another scale may hold the table in its other form."""
    for kind in ("csv", "xlsx"):
        (folder / f"{name}.{kind}").unlink(missing_ok=True)


def _write_csv(path: Path, table: pl.DataFrame, export: Export) -> None:
    text = table.write_csv(date_format=export.date_format, datetime_format="%Y-%m-%d %H:%M:%S")
    path.write_bytes(text.encode(export.encoding))


def _write_spreadsheet(path: Path, table: pl.DataFrame) -> None:
    """Dates are real dates; the creation date is fixed so that the same company has the same bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": datetime(2026, 1, 4, 9, 0)})  # noqa: DTZ001  a workbook knows no zones
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, table.columns)
        for number, row in enumerate(table.iter_rows(), start=1):
            sheet.write_row(number, 0, row)


def _write_mapping(path: Path, table: str, names: list[str], export: Export) -> None:
    columns: dict[str, Any] = {}
    for name in names:
        header, rule = export.headers.get(name, name), export.rules.get(name)
        columns[name] = {"from": header, **rule} if rule else header
    mapping: dict[str, Any] = {"table": table, "source": export.source, "columns": columns}
    if export.values:
        mapping["values"] = export.values
    path.write_text(yaml.safe_dump(mapping, allow_unicode=True, sort_keys=False), encoding="utf-8")
