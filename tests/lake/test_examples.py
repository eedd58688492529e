"""The mappings that ship read the published data sets to their published figures."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from steelyard.lake.imports.mapping import ImportMapping

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture
def oracles(shared_data: Path) -> dict[str, Any]:
    return json.loads((shared_data / "business" / "oracles.json").read_text(encoding="utf-8"))


def test_maven_crm(importer: Any, shared_data: Path, oracles: dict[str, Any]) -> None:
    folder, known = shared_data / "business" / "maven_crm", oracles["maven_crm"]
    mapping = ImportMapping.load(EXAMPLES / "maven_crm" / "mapping.yaml")
    names = ("sales_teams.csv", "accounts.csv", "products.csv")
    files = [folder / "sales_pipeline.csv.gz", *(folder / name for name in names)]
    counts = importer.run(files, mapping).counts
    assert (counts["opportunities"].read, counts["opportunities"].created) == (8800, 8800)
    assert counts["accounts"].created == 85

    assert importer.rows("SELECT sum(amount) FILTER (outcome = 'won') FROM opportunities") == [
        (Decimal(10005534),)
    ]
    assert importer.rows(
        "SELECT round(avg((outcome = 'won')::INTEGER), 4) FROM opportunities WHERE outcome IN ('won', 'lost')"
    ) == [(0.6315,)]
    quarters = importer.rows(
        "SELECT year(closed_on) || 'Q' || quarter(closed_on), sum(amount) FROM opportunities "
        "WHERE outcome = 'won' GROUP BY 1 ORDER BY 1"
    )
    assert {label: float(total) for label, total in quarters} == known["revenue_by_quarter"]
    assert importer.rows(
        "SELECT count(*) FILTER (account_id IS NULL), count(*) FILTER (created_on IS NULL), "
        "count(*) FILTER (list_price IS NULL), count(*) FILTER (product = 'GTXPro') FROM opportunities"
    ) == [(known["missing_account"], 500, 0, 0)]

    staged = importer.last
    region_of = {team["code"]: team["region"] for team in staged.organisation_rows("teams")}
    teams = {
        each["person"]: each["team"]
        for each in staged.organisation_rows("memberships")
        if each["role"] == "member"
    }
    assert (len(region_of), len(teams)) == (6, 35)
    by_manager: dict[str, float] = {}
    by_region: dict[str, float] = {}
    sums = importer.rows("SELECT owner, sum(amount) FROM opportunities WHERE outcome = 'won' GROUP BY 1")
    for owner, total in sums:
        manager = teams[owner]
        by_manager[manager] = by_manager.get(manager, 0) + float(total)
        by_region[region_of[manager]] = by_region.get(region_of[manager], 0) + float(total)
    assert by_manager == known["revenue_by_manager"]
    assert by_region == known["revenue_by_region"]

    files[0] = folder / "sales_pipeline_us_dates.csv.gz"
    assert importer.run(files, mapping).counts["opportunities"].unchanged == 8800


def test_watson_accounts_receivable(importer: Any, shared_data: Path, oracles: dict[str, Any]) -> None:
    file = shared_data / "business" / "watson_accounts_receivable" / "WA_Fn-UseC_-Accounts-Receivable.csv.gz"
    known = oracles["watson_ar"]
    mapping = ImportMapping.load(EXAMPLES / "watson_accounts_receivable" / "mapping.yaml")
    counts = importer.run([file], mapping).counts
    assert {table: each.created for table, each in counts.items()} == {"invoices": 2466, "receipts": 2466}
    assert importer.rows(
        "SELECT sum(amount)::DOUBLE, round(avg((days_late > 0)::INTEGER), 4), round(avg(days_to_settle), 4), "
        "min(issued_on)::VARCHAR, max(issued_on)::VARCHAR, "
        "count(*) FILTER (greatest(settled_on - due_on, 0) = days_late) FROM invoices"
    ) == [
        (
            known["amount"],
            known["late_share"],
            known["mean_days_to_settle"],
            known["invoice"][0][:10],
            known["invoice"][1][:10],
            known["rows"],
        )
    ]
    assert importer.rows("SELECT count(*) FROM receipts JOIN invoices USING (invoice_id)") == [(2466,)]
    assert importer.rows("SELECT invoice_id FROM invoices WHERE invoice_id LIKE '0000611365'") == [
        ("0000611365",)
    ]


def test_chinese_orders_read_alike_from_a_workbook_and_from_gb18030(importer: Any, shared_data: Path) -> None:
    folder = shared_data / "business" / "cn_superstore"
    mapping = {
        "table": "orders",
        "columns": {
            "order_line_id": "行 ID",
            "ordered_on": "订单日期",
            "amount": "销售额",
            "customer": "客户名称",
            "region": "地区",
            "product": "产品名称",
        },
    }
    first = importer.run([folder / "订单_gb18030.csv.gz"], mapping).total
    assert (first.read, first.created, first.rejected) == (10000, 10000, 0)
    book = {**mapping, "read": {"sheet": "订单"}}
    second = importer.run([folder / "示例 - 超市.xls"], book).total
    assert (second.created, second.rejected, second.read) == (0, 0, 10000)
    assert importer.rows("SELECT count(DISTINCT region) FROM orders") == [(6,)]


def test_adventureworks_quotas(importer: Any, shared_data: Path, oracles: dict[str, Any]) -> None:
    folder, known = shared_data / "business" / "adventureworks_sales", oracles["adventureworks"]
    mapping = ImportMapping.load(EXAMPLES / "adventureworks_sales" / "mapping.yaml")
    names = ("SalesPersonQuotaHistory", "SalesPerson", "SalesTerritory", "SalesTerritoryHistory", "Employee")
    counts = importer.run([folder / f"{name}.csv" for name in names], mapping).counts
    assert (counts["targets"].created, counts["targets"].rejected) == (known["quota_rows"], 0)
    assert importer.rows('SELECT sum("value"), count(DISTINCT unit) FROM targets') == [
        (known["quota_total"], known["quota_people"])
    ]
    periods = importer.rows("SELECT DISTINCT period FROM targets ORDER BY 1")
    assert [period.split("..")[0] for (period,) in periods] == known["quota_dates"]
    staged = importer.last
    assert len(staged.organisation_rows("people")) == known["salespeople"]


def test_pierce_county_keeps_no_small_group(
    importer: Any, shared_data: Path, oracles: dict[str, Any]
) -> None:
    file = shared_data / "business" / "pierce_county_survey" / "employee_survey_raw.xlsx"
    known = oracles["pierce_survey"]
    mapping = ImportMapping.load(EXAMPLES / "pierce_county_survey" / "mapping.yaml")
    total = importer.run([file], mapping).total
    # 12 spellings are ten questions; one of 21 departments has four answers to each.
    assert known["questions"] == 12
    assert (total.read, total.created, total.rejected) == (10 * known["departments"], 200, 10)
    assert {code for _, _, code in importer.rejects()} == {"small-group"}
    assert importer.rows("SELECT min(answers) >= 5, count(DISTINCT question) FROM survey_scores") == [
        (True, 10)
    ]


def test_watson_days_late(importer: Any, shared_data: Path, oracles: dict[str, Any]) -> None:
    file = shared_data / "business" / "watson_accounts_receivable" / "WA_Fn-UseC_-Accounts-Receivable.csv.gz"
    importer.run([file], ImportMapping.load(EXAMPLES / "watson_accounts_receivable" / "mapping.yaml"))
    assert importer.rows("SELECT max(days_late) FROM invoices") == [(oracles["watson_ar"]["max_late"],)]
