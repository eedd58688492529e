"""The pages of diagnosing through their addresses: leader, manager, member, stranger."""

import io
import json

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from steelyard.apps.diagnose.actions import start_diagnosis
from steelyard.apps.diagnose.models import Diagnosis

ASKED = {"kpi": "won_revenue", "period": "2025-Q4", "against": "year-ago"}
NEW = "/diagnose/new"


@pytest.fixture
def made(snapshot, leader):
    return start_diagnosis(leader, **ASKED)


def address(diagnosis, name="diagnosis"):
    return reverse(name, args=[diagnosis.public_id])


def test_a_leader_asks_and_reads_the_answer(snapshot, leader, log_in):
    client = log_in(leader)
    answer = client.post(NEW, ASKED)
    made = Diagnosis.objects.get()
    assert answer.url == address(made)
    page = client.get(answer.url).content.decode()
    for text in (
        "won revenue is",
        "lower win rate",
        "Beam",
        "What to do",
        "Everything else",
        "The whole gap",
    ):
        assert text in page
    assert "/measure/win_rate/records/?period=2025-Q4&amp;where.product=Beam" in page


def test_the_page_is_chinese_for_who_reads_chinese(made, leader, log_in):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    page = log_in(leader).get(address(made)).content.decode()
    assert "比去年同期低" in page
    assert "差异集中在哪里" in page


def test_the_form_is_filled_from_the_address_and_changes_nothing(snapshot, leader, log_in):
    page = log_in(leader).get(NEW, ASKED | {"where.product": "Beam"}).content.decode()
    assert '<option value="won_revenue" selected>' in page
    assert 'name="where" value="product=Beam" checked' in page
    assert not Diagnosis.objects.exists()


def test_a_period_beyond_the_lists_can_be_asked_about(snapshot, leader, log_in):
    client = log_in(leader)
    answer = client.post(NEW, ASKED | {"period": "2024-W05", "against": "2024-W04"})
    page = client.get(answer.url).content.decode()
    assert '<option value="2024-W05" selected>' in page
    assert '<option value="2024-W04" selected>' in page


def test_a_condition_narrows_the_answer(snapshot, leader, log_in):
    log_in(leader).post(NEW, ASKED | {"where": ["region=East"], "dimension": "product", "value": "Beam"})
    assert Diagnosis.objects.get().where == {"region": "East", "product": "Beam"}


def test_a_refusal_stands_on_the_form(snapshot, leader, log_in):
    answer = log_in(leader).post(NEW, ASKED | {"against": "target", "where": ["product=Beam"]})
    assert answer.status_code == 422
    assert "There is no target of this KPI for Q4 2025" in answer.content.decode()


def test_values_to_pick_from_are_those_of_the_viewers_teams(snapshot, leader, manager, log_in):
    asked = {"kpi": "won_revenue", "period": "2025-Q4", "dimension": "product"}
    page = log_in(leader).get("/diagnose/values", asked).content.decode()
    assert "Beam" in page
    asked["dimension"] = "team"
    assert "marketing" not in log_in(manager).get("/diagnose/values", asked).content.decode()


def test_a_manager_sees_own_teams_and_nothing_of_the_company(made, manager, log_in):
    client = log_in(manager)
    assert client.get(address(made)).status_code == 404
    client.post(NEW, ASKED)
    own = Diagnosis.objects.get(actor=manager)
    assert client.get(address(own)).status_code == 200
    listed = client.get("/diagnose/").content.decode()
    assert address(own) in listed
    assert address(made) not in listed
    assert client.post(NEW, ASKED | {"where": ["team=marketing"]}).status_code == 404


def routes(made):
    names = (
        "diagnosis",
        "diagnosis_pdf",
        "diagnosis_png",
        "diagnosis_json",
        "diagnosis_xlsx",
        "compare_diagnoses",
    )
    return ["/diagnose/", NEW, "/diagnose/values", *(address(made, name) for name in names)]


def test_members_strangers_and_administrators_find_nothing(made, member, organisation, administrator, log_in):
    for who in (member, organisation.stranger, administrator):
        client = log_in(who)
        assert {client.get(path).status_code for path in routes(made)} == {404}
        assert client.post(NEW, ASKED).status_code == 404
        assert client.post(address(made, "diagnosis_note"), {"note": "x"}).status_code == 404


def test_who_is_not_logged_in_is_asked_to(made, client):
    assert {client.get(path).status_code for path in routes(made)} == {302}


def test_newer_data_leave_the_answer_and_offer_to_run_again(made, publish, leader, log_in):
    client = log_in(leader)
    before = client.get(address(made)).content.decode()
    assert "The data have changed" not in before
    publish()
    after = client.get(address(made)).content.decode()
    assert "The data have changed" in after
    assert before.count("−¥") == after.count("−¥")


def test_the_list_is_empty_before_there_are_data(db, data_folder, leader, analyst, log_in):
    assert "Whoever keeps the data" in log_in(leader).get("/diagnose/").content.decode()
    assert "/data/import/" in log_in(analyst).get("/diagnose/").content.decode()


def test_the_list_asks_the_same_number_of_questions_however_long(
    snapshot, leader, log_in, django_assert_max_num_queries
):
    for month in range(1, 7):
        start_diagnosis(leader, kpi="win_rate", period=f"2025-{month:02}", against="previous")
    client = log_in(leader)
    client.get("/diagnose/")
    with django_assert_max_num_queries(20):
        client.get("/diagnose/")


def test_two_diagnoses_stand_side_by_side(made, leader, log_in):
    earlier = start_diagnosis(leader, kpi="won_revenue", period="2025-Q3", against="year-ago")
    page = (
        log_in(leader).get(address(made, "compare_diagnoses"), {"with": earlier.public_id}).content.decode()
    )
    assert page.index("Q3 2025") < page.index("Q4 2025")
    assert "appeared" in page


def test_different_kpis_are_not_compared(made, leader, log_in):
    other = start_diagnosis(leader, kpi="win_rate", period="2025-Q4", against="year-ago")
    answer = log_in(leader).get(address(made, "compare_diagnoses"), {"with": other.public_id})
    assert answer.status_code == 409


def test_a_note_is_written_by_post_only(made, leader, log_in):
    client = log_in(leader)
    assert client.get(address(made, "diagnosis_note")).status_code == 405
    client.post(address(made, "diagnosis_note"), {"note": "<b>asked</b>"})
    assert "&lt;b&gt;asked&lt;/b&gt;" in client.get(address(made)).content.decode()


def test_exports(made, leader, log_in):
    client = log_in(leader)
    assert client.get(address(made, "diagnosis_pdf")).content.startswith(b"%PDF")
    assert client.get(address(made, "diagnosis_png")).content.startswith(b"\x89PNG")
    told = json.loads(client.get(address(made, "diagnosis_json")).content)
    assert told["snapshot"] == made.snapshot_id
    assert told["kpi"] == "won_revenue"
    answer = client.get(address(made, "diagnosis_xlsx"))
    assert "attachment" in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    _head, *drivers = book.get_sheet_by_name("Drivers").to_python()
    assert {row[0] for row in drivers} == {"Win rate", "Opportunities closed", "Average deal size"}
    assert all(isinstance(row[1], float) for row in drivers)


def test_a_diagnosis_is_talked_about_by_those_who_see_it(made, leader, manager, log_in):
    talk = reverse("conversation", args=["diagnosis", made.public_id])
    client = log_in(leader)
    assert talk in client.get(address(made)).content.decode()
    client.post(talk, {"text": "What of the fair?", "question": "yes"})
    assert "What of the fair?" in client.get("/comments/").content.decode()
    assert log_in(manager).get(talk).status_code == 404
    assert "What of the fair?" not in log_in(manager).get("/comments/").content.decode()
