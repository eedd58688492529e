"""One paste for everyone: what goes out comes back in unchanged, and what is wrong is told by row."""

import html
import io
import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.goals.queries.cascade_sheets import sheet_of
from steelyard.apps.people.models import Membership, Person
from tests.apps.goals.cascading import company_goal, figures, fresh, send, start, value
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db
MONTHS = [f"2026-{at:02}" for at in range(1, 13)]


@pytest.fixture
def draft(organisation, leader, log_in):
    wu = Person.objects.create(code="p4", name="Wu")
    Membership.objects.create(person=wu, team=organisation.west, role="member", valid_from=LONG_AGO)
    figures()
    client = log_in(leader)
    return client, start(client, company_goal(leader))


def workbook(client, found) -> bytes:
    answer = client.get(f"/aim/cascade/{found.public_id}/table.xlsx")
    assert answer.status_code == 200
    return answer.content


def pasted(client, found, rows, **more):
    text = "\n".join("\t".join(map(str, row)) for row in rows)
    return send(client, found, "table/", {"table": text, **more})


def test_figures_of_the_workbook_are_numbers_and_codes_are_hidden(draft):
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook(*draft))).get_sheet_by_index(0).to_python()
    head = next(row for row in rows if "2026-01" in row)
    lin = next(row for row in rows if row[0] == "member:p1")
    assert head[:3] == ["code", "Unit", "Total"]
    assert lin[2] == 2000.0
    assert all(isinstance(cell, float) for cell in lin[2:])


def test_what_goes_out_comes_back_in_unchanged(draft):
    client, found = draft
    entries = AuditEntry.objects.filter(action="goals.export")
    before = {key: value(found, key) for key in sheet_of(found).by_key}
    file = SimpleUploadedFile("table.xlsx", workbook(client, found))
    assert entries.count() == 1
    page = send(client, found, "table/", {"file": file}).content.decode()
    assert "7 rows read, 0 cells are new" in page
    assert "Every cell is given: the table becomes the whole plan." in page
    text = html.unescape(re.findall(r'<textarea name="table" hidden>(.*?)</textarea>', page, re.S)[0])
    answer = send(client, found, "table/", {"table": text, "take": "1"})
    assert answer.status_code == 302, answer.content.decode()
    assert {key: value(found, key) for key in before} == before


def test_a_few_pasted_cells_become_locks(draft):
    client, found = draft
    rows = [["Name", "2026-01", "Feb 2026", "2026年3月"], ["Lin Yue 林悦", "150", "", "1,500.50"]]
    assert "1 rows read" in pasted(client, found, rows).content.decode()
    assert pasted(client, found, rows, take="1").status_code == 302
    assert value(found, "member:p1", "2026-01") == 150
    assert value(found, "member:p1", "2026-03") == Decimal("1500.50")
    assert fresh(found).result["sheet"]["locks"]["member:p1"] == ["2026-01", "2026-03"]
    send(client, found, "back", {})
    assert fresh(found).result["sheet"]["locks"] == {}


def test_errors_are_told_by_row_and_nothing_is_taken(draft):
    client, found = draft
    rows = [
        ["Name", "2026-01", "2026-02"],
        ["Nobody", "1", "2"],
        ["p1", "much", "-2"],
        ["p1", "1", "1"],
        ["p2", "1.234", "1"],
    ]
    page = pasted(client, found, rows, take="1").content.decode()
    assert "Rows with errors are not taken over." in page
    page = html.unescape(pasted(client, found, rows).content.decode())
    for told in (
        "“Nobody”",
        "“much” is no number",
        "-2 is below zero",
        "“p1” stands there twice",
        "decimals",
    ):
        assert told in page, told
    assert fresh(found).version == found.version


def whole(**cells):
    """Every person's months; 100, 200 and 700 unless said otherwise."""
    usual = {"p1": "100", "p2": "200", "p4": "700"}
    rows = [["code", "Name", *MONTHS]]
    for code, text in usual.items():
        rows.append([f"member:{code}", "", *[cells.get(f"{code}_{at}", text) for at in range(1, 13)]])
    return rows


def test_a_whole_plan_is_taken_as_it_is(draft):
    client, found = draft
    assert pasted(client, found, whole(), take="1").status_code == 302
    assert value(found, "member:p4", "2026-05") == 700
    assert value(found, "team:east", "2026-05") == 300
    assert value(found, "company") == 12_000


def test_sums_that_do_not_hold_are_refused_by_team_and_month_or_declared(draft):
    client, found = draft
    rows = [*whole(), ["team:east", "", "350"]]
    answer = pasted(client, found, rows, take="1")
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    assert "In Jan 2026 the people of East add up to 300, the team to 350." in page
    answer = pasted(client, found, whole(p1_4="150"), take="1")
    assert "The rows add up to 12,050, the goal to 12,000." in html.unescape(answer.content.decode())
    answer = pasted(client, found, whole(p1_4="150"), take="1", declares="on")
    assert answer.status_code == 302, answer.content.decode()
    assert value(found, "member:p1", "2026-04") == 150
    assert value(found, "company") == 12_000


def test_a_table_without_months_and_a_broken_file_are_refused(draft):
    client, found = draft
    assert "No column names a month" in pasted(client, found, [["Name", "x"], ["p1", "1"]]).content.decode()
    broken = SimpleUploadedFile("table.xlsx", b"no workbook at all")
    assert send(client, found, "table/", {"file": broken}).status_code == 422
    assert send(client, found, "table/", {"table": " "}).status_code == 422


def test_a_month_that_heads_two_columns_is_named(draft):
    """As a merged head comes out of a spreadsheet: which of the columns holds the targets is not known."""
    client, found = draft
    rows = [["code", "2026-01", "2026-01"], ["member:p1", 5, 6]]
    answer = pasted(client, found, rows)
    assert answer.status_code == 422
    assert "More than one column is headed Jan 2026." in html.unescape(answer.content.decode())


@pytest.mark.parametrize("typed", ["1e400", "9e99", "NaN", "9" * 30])
def test_a_figure_that_cannot_be_kept_is_told_by_its_row(draft, typed):
    client, found = draft
    answer = pasted(client, found, [["code", "2026-01"], ["member:p1", typed]])
    assert answer.status_code == 200
    assert f"“{typed}” is no number." in html.unescape(answer.content.decode())


def test_figures_are_read_from_either_keyboard(draft):
    client, found = draft
    answer = pasted(client, found, [["code", "2026-01"], ["member:p1", "１２３"]], take="1")
    assert answer.status_code == 302, answer.content.decode()
    assert sheet_of(fresh(found)).by_key["member:p1"].values[0] == Decimal(123)
