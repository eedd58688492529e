"""The scorecard as files: the figures of the page, the spreadsheet's own charts, nobody else's figures."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from steelyard.apps.accounts.models import User
from steelyard.apps.measure.queries.scorecard import as_dict, scorecard_of

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]


def rows_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(sheet).to_python()


def test_the_workbook_says_what_the_page_says(published: Any, leader: User, log_in: LogIn):
    answer = log_in(leader).get("/measure/scorecard.xlsx?unit=team:sales&period=2025-Q4")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="scorecard-sales-2025-Q4.xlsx"'
    rows = rows_of(answer.content)
    card = as_dict(scorecard_of(leader, unit="team:sales", period="2025-Q4"))
    shown = {row[0]: row for row in rows}
    revenue = next(each for each in card["kpis"] if each["kpi"] == "won_revenue")
    assert shown["Won revenue"][3] == revenue["value"] == 900
    assert shown["Won revenue"][4] == revenue["target"] == 1800
    assert shown["Won revenue"][5] == pytest.approx(0.5)
    assert shown["Measured of 100"][1] == card["total"]["measured"]
    # What has no target has an empty cell, not a zero.
    assert shown["Win rate"][4] == ""
    assert "unit=team%3Asales&period=2025-Q4" in shown["The same view"][1]


def test_the_page_leads_to_both_files(published: Any, leader: User, log_in: LogIn):
    page = log_in(leader).get("/measure/?unit=team:sales&period=2025-Q4").content.decode()
    for form in ("pdf", "xlsx"):
        assert f'href="/measure/scorecard.{form}?unit=team%3Asales&amp;period=2025-Q4"' in page


def test_its_charts_are_the_spreadsheets_own(published: Any, leader: User, log_in: LogIn):
    content = log_in(leader).get("/measure/scorecard.xlsx").content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        charts = [name for name in book.namelist() if name.startswith("xl/charts/chart")]
        drawn = b"".join(book.read(name) for name in charts)
    assert len(charts) >= 3
    assert b"<c:barChart>" in drawn
    assert b"<c:lineChart>" in drawn
    trend = rows_of(content, 1)
    assert trend[0][:2] == ["Period", "Won revenue"]
    assert trend[-1][:2] == ["2025-Q4", 3900]


def test_pages_on_paper_in_both_languages(published: Any, leader: User, log_in: LogIn):
    for language in ("en", "zh-hans"):
        leader.language = language
        leader.save(update_fields=["language"])
        answer = log_in(leader).get("/measure/scorecard.pdf?period=2025-Q4")
        assert answer.status_code == 200
        assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("form", ["xlsx", "pdf"])
def test_a_member_takes_along_what_they_may_see(
    published: Any, member: User, administrator: User, log_in: LogIn, form: str
):
    client = log_in(member)
    assert client.get(f"/measure/scorecard.{form}?unit=member:p1").status_code == 200
    assert client.get(f"/measure/scorecard.{form}?unit=team:east").status_code == 200
    for unit in ("company", "team:marketing", "member:p2"):
        assert client.get(f"/measure/scorecard.{form}?unit={unit}").status_code == 404
    assert log_in(administrator).get(f"/measure/scorecard.{form}").status_code == 404
