"""The pages of the room through their addresses: leader, manager, another team's manager, member."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from steelyard.apps.process.queries.kept import _answers, _logs
from steelyard.apps.process.views.sheets import SHEETS
from tests.apps.process.made_up import CONTRACTS

ROOM = "/improve/process/"
PAGES = [
    "",
    "?view=frequency&detail=50",
    "waiting/",
    "variants/",
    "rework/",
    "handoffs/",
    "handoffs/?by=performer",
    "open/",
    "compare/",
    "compare/?team=east&with_team=west",
    "quality/",
    "approvals/",
]


def text_of(client, address: str) -> str:
    return client.get(ROOM + address).content.decode()


def rows_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_opens_for_a_leader_and_a_manager_and_not_for_a_member(
    address, snapshot, leader, manager, member, log_in
):
    assert log_in(leader).get(ROOM + address).status_code == 200
    assert log_in(manager).get(ROOM + address).status_code == 200
    assert log_in(member).get(ROOM + address).status_code == 404


def test_the_room_is_where_improving_starts(snapshot, leader, member, log_in):
    assert log_in(leader).get("/improve/").url == ROOM
    assert log_in(member).get("/improve/").status_code == 404
    assert 'href="/improve/"' in text_of(log_in(leader), "")


def test_the_map_says_where_work_waits_most_and_draws_it(snapshot, leader, log_in):
    page = text_of(log_in(leader), "")
    assert "Work waits most on the way discount approval → legal approval" in page
    assert "60 cases with" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="flow"' in page
    assert "style=" not in page.split("<svg")[1].split("</svg>")[0]


def test_the_map_is_chinese_for_who_reads_chinese(snapshot, leader, log_in):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    page = text_of(log_in(leader), "")
    assert "等待最多的流转是" in page
    assert "流程图" in page


def test_a_filter_stays_in_every_link_of_the_room(snapshot, organisation, leader, log_in):
    page = text_of(log_in(leader), "?team=east&period=2025-Q2&where.product=Beam")
    assert page.count("team=east&amp;period=2025-Q2&amp;where.product=Beam") > 10
    assert '<option value="east" selected>' in page


def test_another_teams_work_is_as_unknown_as_any(snapshot, manager, make_user, log_in):
    assert log_in(manager).get(f"{ROOM}?team=marketing").status_code == 404
    assert log_in(manager).get(f"{ROOM}tables/steps.csv?team=marketing").status_code == 404
    page = text_of(log_in(manager), "?process=Purchases 采购审批")
    assert "No case fits" in page
    assert "request" not in page.split("<main")[1]
    assert log_in(make_user("manager", name="Other")).get(ROOM).status_code == 409


def test_the_usual_way_is_named_and_a_return_is_marked(snapshot, leader, log_in):
    page = text_of(log_in(leader), "variants/")
    assert "83% of the cases take the usual way; there are 3 ways in all." in page
    assert page.count('class="again"') == 2


def test_rework_is_told_in_cases_time_and_money(snapshot, leader, log_in):
    page = text_of(log_in(leader), "rework/")
    assert "10% of the cases do a step more than once" in page
    # Six quotes of two hours and six approvals of one, an hour at 75.
    assert "The repeated work alone costs ¥1.35\u00a0k" in page
    assert "90.0%" in page, "six of sixty discounts were changed first"


def test_open_cases_and_where_they_stop(snapshot, leader, log_in):
    page = text_of(log_in(leader), "open/")
    assert "4 cases are open" in page
    assert "4 of the 60 cases that reached discount approval never went on." in page
    assert "As of Dec. 31, 2025." in page


def test_hand_offs_by_role_or_by_performer(snapshot, leader, log_in):
    assert "manager → legal" in text_of(log_in(leader), "handoffs/")
    assert "p0 → Legal" in text_of(log_in(leader), "handoffs/?by=performer")


def test_two_teams_side_by_side(snapshot, organisation, leader, log_in):
    page = text_of(log_in(leader), "compare/?team=east&with_team=west")
    assert "30 cases against 30." in page
    assert '<option value="west" selected>' in page


def test_the_panel_is_short_and_leads_to_the_room(snapshot, publish, leader, log_in):
    client = log_in(leader)
    page = client.get(
        f"{ROOM}panel/?team=east&period=2025-Q4", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in page
    assert client.get(f"{ROOM}panel/?team=east").url == f"{ROOM}?team=east"
    assert "/improve/process/?process=" in page
    publish(without=("work_events",))
    assert client.get(f"{ROOM}panel/", headers={"HX-Request": "true"}).content == b""


def test_without_a_log_the_room_says_what_to_bring(publish, leader, analyst, log_in):
    publish(without=("work_events",))
    assert "Whoever keeps the data can import it." in text_of(log_in(leader), "")
    assert 'href="/data/import/"' in text_of(log_in(analyst), "")
    assert log_in(leader).get(f"{ROOM}map.svg").status_code == 409


@pytest.mark.parametrize("name", SHEETS)
def test_every_table_can_be_taken_along(name, snapshot, leader, member, log_in):
    answer = log_in(leader).get(f"{ROOM}tables/{name}.csv")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    columns, *rows = rows_of(answer)
    assert rows
    assert {len(row) for row in rows} == {len(columns)}
    book = CalamineWorkbook.from_object(io.BytesIO(log_in(leader).get(f"{ROOM}tables/{name}.xlsx").content))
    assert len(book.get_sheet_by_index(0).to_python()) == len(rows) + 1
    assert log_in(member).get(f"{ROOM}tables/{name}.csv").status_code == 404


def test_a_table_holds_what_the_page_shows_in_plain_numbers(snapshot, leader, log_in):
    _, *rows = rows_of(log_in(leader).get(f"{ROOM}tables/transitions.csv?where.region=East"))
    found = {(row[0], row[1]): row[2:] for row in rows}
    # Even numbers: thirty cases, six of them back to the quote, of which two stopped at 22 and 52.
    assert found[("legal approval", "signed")][0] == "28"
    assert float(found[("legal approval", "signed")][2]) == 7.0
    assert log_in(leader).get(f"{ROOM}tables/nothing.csv").status_code == 404


def test_the_map_goes_on_paper_and_into_a_file(snapshot, leader, log_in):
    client = log_in(leader)
    assert client.get(f"{ROOM}map.pdf").content.startswith(b"%PDF")
    svg = client.get(f"{ROOM}map.svg?view=frequency")
    assert svg["Content-Disposition"] == 'attachment; filename="process-map.svg"'
    assert "<style>" in svg.content.decode()


def test_a_warm_page_asks_the_database_little_and_the_lake_nothing(
    snapshot, leader, log_in, django_assert_max_num_queries, monkeypatch
):
    client = log_in(leader)
    client.get(ROOM)
    monkeypatch.setattr("steelyard.apps.process.queries.work.facts", None)
    with django_assert_max_num_queries(12):
        assert client.get(ROOM).status_code == 200
    assert len(_logs) <= 4
    assert len(_answers) <= 256


def test_a_process_may_be_called_anything(snapshot, leader, log_in):
    assert CONTRACTS in text_of(log_in(leader), "")
    assert log_in(leader).get(f"{ROOM}?process=<script>").status_code == 200


def test_each_approval_has_a_proposal_with_its_reasons(snapshot, leader, log_in):
    page = text_of(log_in(leader), "approvals/")
    assert "legal approval" in page
    assert "Keep" in page, "six of sixty discounts were changed"
    assert "sent back 6 of 60 cases" in page
    assert "An approval may prevent what it never has to refuse." in page
