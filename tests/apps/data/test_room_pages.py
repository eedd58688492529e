"""The data room: what there is, who sees how much of it, sources and templates."""

from typing import Any

import pytest

from steelyard.apps.data.forms import TABLE_NAMES
from steelyard.apps.data.models import Source
from tests.apps.data.wizard import CSV, Wizard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


@pytest.fixture
def imported(wizard: Wizard) -> Wizard:
    address = wizard.upload(("deals.csv", CSV))
    wizard.check(address)
    wizard.commit(address)
    return wizard


def test_an_empty_room_says_what_to_import_first(wizard: Wizard, member: Any, log_in: Any) -> None:
    page = wizard.client.get("/data/").content.decode()
    assert "There is no data yet." in page
    assert "/data/templates/opportunities.csv" in page
    assert "steelyard demo" in page
    theirs = log_in(member).get("/data/").content.decode()
    assert "An analyst does that" in theirs
    assert "/data/import/" not in theirs


def test_the_room_opens_with_its_conclusion(imported: Wizard) -> None:
    page = imported.client.get("/data/")
    assert "Data up to Feb. 28, 2026: 3 rows in one table." in page.content.decode()
    assert [(label, each.rows) for label, each in page.context["tables"]] == [("Opportunities", 3)]
    assert "deals.csv" in page.content.decode()
    assert [each.name for each in page.context["sources"]] == ["crm"]


@pytest.mark.parametrize("role", ["leader", "manager", "member"])
def test_readers_see_the_tables_and_not_the_journal(
    imported: Wizard, role: str, make_user: Any, log_in: Any
) -> None:
    page = log_in(make_user(role)).get("/data/").content.decode()
    assert "3 rows in one table" in page
    for hidden in ("deals.csv", "mapping.yaml", "/data/import/", "Snapshots"):
        assert hidden not in page


def test_an_administrator_alone_has_no_data_room(administrator: Any, log_in: Any) -> None:
    assert log_in(administrator).get("/data/").status_code == 404


def test_the_room_asks_the_database_a_fixed_number_of_times(
    imported: Wizard, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        address = imported.upload((f"more-{number}.csv", CSV.replace("O-", f"P{number}-")))
        imported.check(address)
        imported.commit(address)
    imported.client.get("/data/")
    with django_assert_max_num_queries(17):
        imported.client.get("/data/")


def test_a_template_has_the_header_of_its_table_and_comes_back_in(wizard: Wizard) -> None:
    for table in TABLE_NAMES:
        assert wizard.client.get(f"/data/templates/{table}.csv").status_code == 200
    text = wizard.client.get("/data/templates/opportunities.csv").content.decode("utf-8-sig")
    assert text.startswith("opportunity_id,owner,stage")
    assert wizard.client.get("/data/templates/secrets.csv").status_code == 404


def test_a_sources_mapping_is_read_changed_and_downloaded(imported: Wizard, leader: Any, log_in: Any) -> None:
    page = imported.client.get("/data/sources/crm/")
    assert "opportunity_id: Opportunity ID" in page.content.decode()
    wrong = imported.client.post("/data/sources/crm/", {"text": "table: nowhere"})
    assert "does not exist" in wrong.content.decode()
    text = "table: opportunities\ncolumns: {opportunity_id: Number}\n"
    assert imported.client.post("/data/sources/crm/", {"text": text}).status_code == 302
    assert Source.objects.get().mapping == {
        "table": "opportunities",
        "columns": {"opportunity_id": "Number"},
        "source": "crm",
    }
    assert b"Number" in imported.client.get("/data/sources/crm/mapping.yaml").content
    assert log_in(leader).get("/data/sources/crm/").status_code == 404
    assert imported.client.get("/data/sources/unknown/").status_code == 404


def test_a_mapping_in_yaml_cannot_make_objects(imported: Wizard) -> None:
    page = imported.client.post("/data/sources/crm/", {"text": "table: !!python/object/apply:os.getcwd []"})
    assert page.status_code == 200
