"""The published data sets through the shipped mappings: page and command line say what is known of them.

Each figure of oracles.json that a KPI of the product can tell is asked for by its name; KPIs that a data set
needs and no other are in the example's kpis.yaml, added as a site would.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.jobs.actions import run_here
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.web import numbers
from tests.processes import ROOT
from tests.shared import SHARED

BUSINESS = SHARED / "business"
EXAMPLES = ROOT / "examples"

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not BUSINESS.is_dir(), reason=f"no data sets in {BUSINESS}"),
]


@pytest.fixture
def brought(lake_folder: Path) -> Callable[..., dict[str, Any]]:
    """brought(example, files, oracle, mapping=…) → what is known of it, once it is published with points."""

    def bring(
        example: str, files: Sequence[str], oracle: str, mapping: str = "mapping.yaml"
    ) -> dict[str, Any]:
        document = dict(ImportMapping.load(EXAMPLES / example / mapping).document)
        paths = [(name, BUSINESS / example / name) for name in files]
        taken = actions.take_in(LOCAL_OPERATOR, paths, limits=Limits.browser(), mapping=document)
        actions.set_mapping(LOCAL_OPERATOR, taken, document)
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
        declare(EXAMPLES / example / "kpis.yaml")
        run_here(LOCAL_OPERATOR, "measure.points", {})
        return dict(json.loads((BUSINESS / "oracles.json").read_text("utf-8"))[oracle])

    return bring


def declare(path: Path) -> None:
    from steelyard.apps.measure.actions.definitions import save_definition

    for document in yaml.safe_load(path.read_text("utf-8")) if path.exists() else ():
        save_definition(LOCAL_OPERATOR, document, based_on=0)


def said(kpi: str, *words: str) -> list[dict[str, Any]]:
    """The rows of `steelyard kpi KPI … --json`."""
    from steelyard.cli import app

    answer = CliRunner().invoke(app, ["kpi", kpi, *words, "--json"], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return list(json.loads(answer.stdout)["rows"])


def one(kpi: str, period: str, *words: str) -> dict[str, Any]:
    (row,) = said(kpi, "--period", period, *words)
    return row


def cut(kpi: str, period: str, by: str, *words: str) -> dict[Any, dict[str, Any]]:
    return {row["by"][by]: row for row in said(kpi, "--period", period, "--by", by, *words)}


def values(rows: dict[Any, dict[str, Any]], places: int | None = None) -> dict[Any, Any]:
    return {
        name: row["value"] if places is None else round(row["value"], places) for name, row in rows.items()
    }


def page(client: Any, kpi: str, period: str, by: str = "") -> Any:
    """What the page of a KPI shows for the company; each figure stands on it in its written form."""
    answer = client.get(f"/measure/{kpi}/", {"period": period, "by": by}, follow=True)
    assert answer.status_code == 200
    shown, text = answer.context["each"], answer.content.decode()
    written = numbers.figure(shown.now.value, unit=shown.kpi.unit, currency=answer.context["points"].currency)
    assert written.text in text
    if not by:
        return shown.now.value
    for line in answer.context["lines"]:
        assert line["value"].text in text
    return {line.value: float(line.row.value) for line in answer.context["cut"].lines}


def rounded(found: dict[Any, float], places: int) -> dict[Any, float]:
    return {name: round(value, places) for name, value in found.items()}


def test_maven_crm(brought: Any, leader: Any, log_in: Any) -> None:
    files = ["sales_pipeline.csv.gz", "sales_teams.csv", "accounts.csv", "products.csv"]
    known = brought("maven_crm", files, "maven_crm")
    assert one("won_revenue", "2017")["value"] == known["won_value"] == known["duckdb_won_value"]
    rate = one("win_rate", "2017")
    assert round(rate["value"], 4) == known["win_rate_closed"]
    assert rate["n"] == known["stages"]["Won"] + known["stages"]["Lost"]
    assert one("sales_cycle_days", "2017")["value"] == known["median_days_won"]
    every = ("--every", "quarter", "--from", "2017-Q1", "--to", "2017-Q4")
    for kpi, name in (("won_revenue", "revenue_by_quarter"), ("opportunities_won", "won_by_quarter")):
        assert {row["period"].replace("-", ""): row["value"] for row in said(kpi, *every)} == known[name]
    for by, name in (("region", "region"), ("team", "manager")):
        assert values(cut("won_revenue", "2017", by)) == known[f"revenue_by_{name}"]
        assert values(cut("win_rate", "2017", by), 4) == known[f"win_rate_by_{name}"]

    revenue, won = cut("won_revenue", "2017", "member"), cut("opportunities_won", "2017", "member")
    ordered = sorted(revenue, key=lambda name: -revenue[name]["value"])
    assert {name: [revenue[name]["value"], won[name]["value"]] for name in ordered[:5]} == known[
        "top5_agents"
    ]
    assert {name: revenue[name]["value"] for name in ordered[-3:]} == known["bottom3_agents"]
    assert len(revenue) == known["agents_in_pipeline"]
    rates = values(cut("win_rate", "2017", "member"), 4)
    best = sorted(rates.items(), key=lambda pair: -pair[1])
    assert [list(pair) for pair in best[:3]] == known["best_win_agent"]
    assert [list(pair) for pair in best[-3:]] == known["worst_win_agent"]

    # The mapping writes GTXPro as the price list does.
    products = {"GTX Pro" if name == "GTXPro" else name: pair for name, pair in known["top_products"].items()}
    revenue, won = cut("won_revenue", "2017", "product"), cut("opportunities_won", "2017", "product")
    assert {name: [revenue[name]["value"], won[name]["value"]] for name in products} == products
    stages = [cut("opportunities", year, "stage") for year in ("2016", "2017")]
    created = {name: sum(each[name]["n"] for each in stages if name in each) for name in known["stages"]}
    # Prospecting has no date of creation: it is in no period.
    assert created == known["stages"] | {"Prospecting": 0}

    client = log_in(leader)
    assert page(client, "won_revenue", "2017") == known["won_value"]
    assert page(client, "won_revenue", "2017", "team") == known["revenue_by_manager"]
    assert page(client, "won_revenue", "2017", "region") == known["revenue_by_region"]
    assert round(page(client, "win_rate", "2017"), 4) == known["win_rate_closed"]
    assert rounded(page(client, "win_rate", "2017", "team"), 4) == known["win_rate_by_manager"]
    assert page(client, "sales_cycle_days", "2017") == known["median_days_won"]
    for quarter, value in known["revenue_by_quarter"].items():
        assert page(client, "won_revenue", f"{quarter[:4]}-{quarter[4:]}") == value


def test_watson_accounts_receivable(brought: Any, leader: Any, log_in: Any) -> None:
    file = "WA_Fn-UseC_-Accounts-Receivable.csv.gz"
    known = brought("watson_accounts_receivable", [file], "watson_ar")
    always = "2012-01-01..2014-12-31"
    invoiced = one("invoiced", always)
    assert (invoiced["value"], invoiced["n"]) == (known["amount"], known["rows"])
    late = one("late_share", always)
    assert (round(late["value"], 4), late["n"]) == (known["late_share"], known["rows"])
    figures = {
        "late_share_of_amount": "late_share_amount",
        "mean_days_late": "mean_days_late",
        "mean_days_late_if_late": "mean_days_late_if_late",
        "settlement_days": "mean_days_to_settle",
        "disputed_share": "disputed",
    }
    for kpi, name in figures.items():
        assert round(one(kpi, always)["value"], 4) == known[name], kpi
    assert one("invoiced_customers", always)["value"] == known["customers"]
    assert values(cut("late_share", always, "disputed"), 4) == known["late_by_dispute"]
    assert values(cut("settlement_days", always, "paper_or_electronic"), 4) == known["settle_by_bill"]
    countries = values(cut("late_share", always, "country"), 4)
    assert (countries, len(countries)) == (known["late_by_country"], known["countries"])

    client = log_in(leader)
    years = [page(client, "invoiced", year) for year in ("2012", "2013")]
    assert round(sum(years), 2) == known["amount"]
    for year in ("2012", "2013"):
        assert page(client, "late_share", year) == pytest.approx(one("late_share", year)["value"], rel=1e-11)
        assert page(client, "settlement_days", year, "country").keys() == known["late_by_country"].keys()


def test_cn_superstore(brought: Any, leader: Any, log_in: Any) -> None:
    known = brought("cn_superstore", ["示例 - 超市.xls"], "cn_superstore")
    always = "2014-01-01..2017-12-30"
    sales = one("sales_amount", always)
    assert (sales["value"], sales["n"]) == (known["sales"], known["rows"])
    years = said("sales_amount", "--every", "year", "--from", "2014", "--to", "2017")
    assert {row["period"]: row["value"] for row in years} == known["sales_by_year"]
    margin = one("gross_margin", always)
    assert (margin["numerator"], margin["denominator"]) == (known["profit"], known["sales"])
    amounts, margins = cut("sales_amount", always, "member"), cut("gross_margin", always, "member")
    assert {name: [row["value"], margins[name]["numerator"]] for name, row in amounts.items()} == known[
        "by_manager"
    ]
    returned = one("return_rate", always)
    assert (returned["denominator"], returned["numerator"]) == (known["orders"], known["returned_orders"])
    assert round(returned["value"], 4) == known["return_rate"]

    client = log_in(leader)
    for year, value in known["sales_by_year"].items():
        assert page(client, "sales_amount", year) == pytest.approx(value, rel=1e-11)
    by_page: dict[str, float] = {}
    for year in known["sales_by_year"]:
        for name, value in page(client, "sales_amount", year, "member").items():
            by_page[name] = by_page.get(name, 0) + value
    assert rounded(by_page, 3) == {name: pair[0] for name, pair in known["by_manager"].items()}


def test_cn_superstore_as_two_csv_files(brought: Any) -> None:
    files = ["订单_gb18030.csv.gz", "销售人员_gbk.csv"]
    known = brought("cn_superstore", files, "cn_superstore", "mapping-csv.yaml")
    sales = one("sales_amount", "2014-01-01..2017-12-30")
    assert (sales["value"], sales["n"]) == (known["sales"], known["gb_rows"])
    assert values(cut("sales_amount", "2014-01-01..2017-12-30", "member")) == {
        name: pair[0] for name, pair in known["by_manager"].items()
    }


def test_facebook_post_metrics(brought: Any, leader: Any, log_in: Any) -> None:
    known = brought("facebook_post_metrics", ["dataset_Facebook.csv"], "facebook_posts")
    reach = one("reach_per_post", "2014")
    assert (round(reach["value"], 2), reach["n"]) == (known["reach_mean"], known["rows"])
    by_type = cut("reach_per_post", "2014", "type")
    assert {name: row["denominator"] for name, row in by_type.items()} == known["types"]
    assert values(by_type, 4) == known["reach_by_type"]
    assert one("content_interactions", "2014")["value"] == known["interactions_total"]
    assert round(one("engagement_rate", "2014")["value"], 4) == known["engaged_per_reach"]
    paid = cut("interactions_per_post", "2014", "paid")
    assert paid.pop(None)["n"] == known["missing"]["Paid"]
    written = {"0.0": "no", "1.0": "yes"}
    assert values(paid, 4) == {written[name]: value for name, value in known["interactions_by_paid"].items()}
    months = said("interactions_per_post", "--every", "month", "--from", "2014-01", "--to", "2014-12")
    best = sorted(months, key=lambda row: -row["value"])[:2]
    assert {str(int(row["period"][5:])): round(row["value"], 1) for row in best} == known["best_month"]

    client = log_in(leader)
    assert round(page(client, "reach_per_post", "2014"), 2) == known["reach_mean"]
    assert rounded(page(client, "reach_per_post", "2014", "type"), 4) == known["reach_by_type"]
    assert page(client, "content_interactions", "2014") == known["interactions_total"]
    assert round(page(client, "engagement_rate", "2014"), 4) == known["engaged_per_reach"]


def test_kag_facebook_ads(brought: Any, leader: Any, log_in: Any) -> None:
    known = brought("kag_facebook_ads", ["KAG_conversion_data_campaign1178.csv"], "kag_ads_1178")
    spend = one("spend", "2017")
    assert (round(spend["value"], 2), spend["n"]) == (known["spent"], known["rows"])
    rate = one("click_through_rate", "2017")
    assert (rate["numerator"], rate["denominator"]) == (known["clicks"], known["imp"])
    # oracles.json states this share in percent.
    assert round(100 * rate["value"], 4) == known["ctr"]
    assert round(one("cost_per_click", "2017")["value"], 4) == known["cpc"]
    cost = one("cost_per_lead", "2017")
    assert (round(cost["value"], 4), cost["denominator"]) == (known["cost_per_approved"], known["appr"])
    assert one("enquiries", "2017")["value"] == known["conv"]
    assert [int(each) for each in cut("spend", "2017", "campaign")] == known["campaigns"]
    for by in ("age", "gender"):
        assert values(cut("cost_per_lead", "2017", by), 4) == known[f"cpa_by_{by}"]

    client = log_in(leader)
    assert round(page(client, "cost_per_lead", "2017"), 4) == known["cost_per_approved"]
    assert round(page(client, "cost_per_click", "2017"), 4) == known["cpc"]
    assert round(100 * page(client, "click_through_rate", "2017"), 4) == known["ctr"]
    for by in ("age", "gender"):
        assert rounded(page(client, "cost_per_lead", "2017", by), 4) == known[f"cpa_by_{by}"]


def test_pierce_county_survey_as_a_whole(brought: Any, leader: Any, log_in: Any) -> None:
    file = "employee_survey_raw.xlsx"
    known = brought("pierce_county_survey", [file], "pierce_survey", "mapping-whole.yaml")
    answered = sum(known["response"][f"{answer}.0"] for answer in (1, 2, 3, 4))
    index = one("engagement_index", "2018")
    assert (round(index["value"], 4), index["denominator"]) == (known["fav_share"], answered)
    assert index["numerator"] == known["response"]["3.0"] + known["response"]["4.0"]
    assert round(one("survey_mean", "2018")["value"], 4) == known["overall_mean"]
    means = values(cut("survey_mean", "2018", "question"), 4)
    assert max(means.items(), key=lambda pair: pair[1]) == (known["best_q"], known["best"])
    assert min(means.items(), key=lambda pair: pair[1]) == (known["worst_q"], known["worst"])
    shares = values(cut("engagement_index", "2018", "question"), 4)
    assert shares[known["worst_q"]] == known["fav_worst"]

    client = log_in(leader)
    assert round(page(client, "engagement_index", "2018"), 4) == known["fav_share"]
    assert round(page(client, "survey_mean", "2018"), 4) == known["overall_mean"]
    assert rounded(page(client, "survey_mean", "2018", "question"), 4) == means


def test_pierce_county_survey_by_department(brought: Any) -> None:
    known = brought("pierce_county_survey", ["employee_survey_raw.xlsx"], "pierce_survey")
    means = cut("survey_mean", "2018", "team")
    # Four answers to a question are too few: the smallest department is not there.
    small = "Family Justice Center"
    assert known["small_depts_under10"][-1] == small
    assert small not in means
    assert len(means) == known["departments"] - 1
    told = {name: [round(row["value"], 4), row["denominator"]] for name, row in means.items()}
    for name, pair in (known["lowest_depts"] | known["highest_depts"]).items():
        if name != small:
            assert told[name] == pair
    shown = one("engagement_index", "2018")
    answered = sum(known["response"][f"{answer}.0"] for answer in (1, 2, 3, 4))
    assert shown["denominator"] == answered - known["highest_depts"][small][1]


def test_adventureworks_sales(brought: Any, leader: Any, log_in: Any) -> None:
    files = [
        "Sales.SalesOrderHeader.first1000.csv.gz",
        *(f"{name}.csv" for name in ("SalesPerson", "SalesPersonQuotaHistory", "Employee")),
        *(f"{name}.csv" for name in ("SalesTerritory", "SalesTerritoryHistory")),
    ]
    known = brought("adventureworks_sales", files, "adventureworks_orders1000")
    quarter = "2011-05-31..2011-08-30"
    assert one("sales_amount", "2011")["n"] == known["rows"]
    resellers = ("--where", "channel=reseller")
    assert one("sales_amount", "2011", *resellers)["n"] == known["reseller"]
    assert one("sales_amount", quarter, *resellers)["value"] == known["sales_2011_05_31_to_08_30"]
    amounts = cut("sales_amount", quarter, "member")
    attained = cut("sales_attainment", quarter, "member")
    told = {
        name: [round(amounts[name]["value"], 2), row["denominator"], round(row["value"], 4)]
        for name, row in attained.items()
        if row["value"] is not None
    }
    assert told == known["attainment_q1"]

    client = log_in(leader)
    by_page = page(client, "sales_amount", "2011", "member")
    sellers = {name: by_page[name] for name in known["attainment_q1"]}
    assert rounded(sellers, 4) == rounded(
        {name: cut("sales_amount", "2011", "member")[name]["value"] for name in sellers}, 4
    )
