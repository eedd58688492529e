"""The pages: what they say, to whom, and with how many queries."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.actions import run_here
from tests.apps.measure.conftest import deal, deals

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]


def text(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return (
        answer.content.decode()
        if not answer.streaming
        else b"".join(answer.streaming_content).decode("utf-8-sig")
    )


def test_the_scorecard_opens_with_its_conclusion(published: Any, leader: User, log_in: LogIn):
    page = text(log_in(leader), "/measure/")
    assert "Q4 2025: won revenue is 2.6% above target" in page
    assert "Cannot be told yet" in page
    assert "/measure/won_revenue/?unit=company&amp;period=2025-Q4" in page


def test_the_same_in_chinese(published: Any, leader: User, log_in: LogIn):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    assert "2025年四季度：赢单金额比目标值高" in text(log_in(leader), "/measure/")


def test_before_the_first_record_there_is_no_year_ago(publish: Any, leader: User, log_in: LogIn):
    """A CRM begins with open deals: the months before the first close had nothing to win."""
    early = deal(9000, "Lin", 10, 2023, 0, "open") | {"closed_on": None}
    later = [each for each in deals() if each["closed_on"].year == 2024]
    publish(opportunities=[early, *later])
    page = text(log_in(leader), "/measure/?period=2024-Q4")
    assert "won revenue is ¥3.90\u00a0k;" in page
    assert "it is too early to tell signals" in page
    assert "KPIs shows a signal" not in page


@pytest.mark.parametrize("condition", ["closed_on=soon", "amount=much"])
def test_a_condition_that_no_value_can_meet_is_told(
    published: Any, leader: User, log_in: LogIn, condition: str
):
    page = text(log_in(leader), f"/measure/won_revenue/records/?where.{condition}", status=400)
    assert condition.partition("=")[2] in page


def test_records_name_the_team_they_are_of(published: Any, leader: User, log_in: LogIn):
    assert "Team: Sales" in text(log_in(leader), "/measure/won_revenue/records/?where.team=sales")


def test_a_scorecard_asks_the_same_number_of_queries_for_any_unit(
    published: Any, leader: User, log_in: LogIn, django_assert_max_num_queries: Any
):
    client = log_in(leader)
    text(client, "/measure/")
    for path in (
        "/measure/",
        "/measure/?unit=team:sales&period=2025-11",
        "/measure/?unit=member:p1&period=2025",
    ):
        with django_assert_max_num_queries(22):
            text(client, path)


@pytest.mark.parametrize(
    "path", ["/measure/?unit=team:nope", "/measure/?unit=x", "/measure/nope/", "/measure/?period=2025-W03"]
)
def test_what_is_not_there_is_not_found(published: Any, leader: User, log_in: LogIn, path: str):
    text(log_in(leader), path, status=404)


@pytest.mark.parametrize(
    "path", ["/measure/?unit=company", "/measure/?unit=team:marketing", "/measure/?unit=member:p2"]
)
def test_what_is_not_theirs_answers_a_member_as_unknown(
    published: Any, member: User, log_in: LogIn, path: str
):
    text(log_in(member), path, status=404)


def test_a_kpi_page_shows_chart_cut_and_definition(published: Any, leader: User, log_in: LogIn):
    page = text(log_in(leader), "/measure/win_rate/?by=member")
    assert "data-chart" in page
    assert "Lin Yue" in page
    assert "count(opportunities; outcome = won)" in page
    assert "by=outcome" not in page
    assert page.count('class="figure" href="/measure/win_rate/records/') > 2
    assert "opportunities closed × win rate × average deal size" in text(
        log_in(leader), "/measure/won_revenue/"
    )
    assert "/diagnose/new?kpi=win_rate" in page


def test_the_cut_fragment_is_what_the_page_shows(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    fragment = text(client, "/measure/win_rate/cut/?by=product")
    assert fragment.lstrip().startswith("<section")
    assert fragment.strip() in text(client, "/measure/win_rate/?by=product")


def test_a_kpi_without_data_says_what_is_missing(published: Any, leader: User, log_in: LogIn):
    assert "no invoices yet" in text(log_in(leader), "/measure/invoiced/")


def test_no_data_says_what_to_do_next(analyst: User, leader: User, lake: Any, log_in: LogIn):
    assert "/data/import/" in text(log_in(analyst), "/measure/")
    assert "/data/import/" not in text(log_in(leader), "/measure/")


def test_when_every_import_was_undone_there_are_no_figures(
    published: Any, publish: Any, analyst: User, log_in: LogIn
):
    """Nothing left is not a quarter of zeros."""
    emptied = publish(compute=False, opportunities=[])
    emptied.data_to = None
    emptied.save(update_fields=["data_to"])
    run_here(LOCAL_OPERATOR, "measure.points", {"snapshot": emptied.pk})
    client = log_in(analyst)
    assert "There are no figures yet." in text(client, "/measure/")
    assert "There are no figures yet." in text(client, "/measure/won_revenue/")


def test_data_without_points_say_that_they_are_coming(publish: Any, leader: User, log_in: LogIn):
    publish(compute=False, opportunities=[])
    assert "The figures are being computed." in text(log_in(leader), "/measure/")


def test_home_is_for_each_their_own(published: Any, leader: User, manager: User, member: User, log_in: LogIn):
    assert log_in(leader).get("/").headers["Location"] == "/measure/"
    assert log_in(manager).get("/").headers["Location"] == "/measure/"
    page = text(log_in(member), "/")
    assert "Q4 2025: your won revenue is" in page
    assert "Who can see this about me" in page
    assert "Boss" in page
    assert "Mate" not in page


def test_records_are_paged_and_a_member_reads_their_own(
    published: Any, leader: User, member: User, log_in: LogIn
):
    assert "1 to 50 of 72" in text(log_in(leader), "/measure/win_rate/records/?period=2025")
    page = text(log_in(member), "/measure/win_rate/records/?period=2025")
    assert "24 records behind" in page
    assert "You see your own records here." in page
    assert "Mate" not in page


def test_an_export_neutralises_formulas_and_keeps_numbers(published: Any, leader: User, log_in: LogIn):
    rows = list(
        csv.DictReader(io.StringIO(text(log_in(leader), "/measure/won_revenue/records.csv?period=2025-Q4")))
    )
    assert len(rows) == 9
    assert {row["product"] for row in rows} <= {"'=Beam", "Anchor"}
    assert {float(row["amount"]) for row in rows} == {100, 200, 1000}


def test_an_export_holds_what_the_viewer_may_see(published: Any, member: User, manager: User, log_in: LogIn):
    def owners(user: User) -> set[str]:
        answer = text(log_in(user), "/measure/won_revenue/records.csv?period=2025-Q4")
        return {row["owner"] for row in csv.DictReader(io.StringIO(answer))}

    assert owners(member) == {"Lin"}
    assert owners(manager) == {"Lin", "Mate"}


def test_a_spreadsheet_holds_real_numbers_and_dates(published: Any, leader: User, log_in: LogIn):
    from python_calamine import CalamineWorkbook

    answer = log_in(leader).get("/measure/won_revenue/records.xlsx?period=2025-Q4")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(
        0
    )
    head, *rows = sheet.to_python()
    assert isinstance(rows[0][head.index("amount")], int | float)
    assert str(rows[0][head.index("closed_on")]).startswith("2025-")
