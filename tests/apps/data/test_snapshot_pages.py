"""A full snapshot in the browser: said on the page of columns, seen before it is committed, consented to."""

import pytest

from steelyard.apps.data import queries
from steelyard.apps.data.models import Import, Source
from tests.apps.data import crm
from tests.apps.data.conftest import content
from tests.apps.data.test_full_snapshots import row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def january(tmp_path) -> Import:
    rows = [row(number) for number in range(1, 6)]
    return crm.commit(crm.take(crm.export(tmp_path, rows, day="2024-01-31")))


def send(wizard, tmp_path, *rows, day="2024-02-29", **fields: str):
    path = crm.export(tmp_path, list(rows), day=day)
    address = wizard.upload((path.name, path.read_bytes()))
    form = wizard.form(address) | {"source": "crm", "reading": "snapshot", "do": "check"} | fields
    return address, wizard.client.post(f"{address}columns/", form)


def test_the_page_of_columns_asks_what_the_file_holds(wizard, tmp_path):
    path = crm.export(tmp_path, [row(1)], day="2024-02-29")
    address = wizard.upload((path.name, path.read_bytes()))
    page = wizard.client.get(f"{address}columns/").content.decode()
    assert 'value="2024-02-29T00:00"' in page
    assert 'value="increment" id="id_reading_0"' in page or 'name="reading"' in page
    assert "a stretch of “created on”" in page


def test_what_is_said_there_is_kept(wizard, tmp_path):
    answer = send(
        wizard, tmp_path, row(1), as_of="2024-03-01T18:30", covers="created_on", covered_to="2024-02-29"
    )[1]
    wizard.follow(answer)
    taken = Import.objects.get()
    assert taken.taken_on == crm.at("2024-03-01T18:30")
    assert (str(taken.covered_to), taken.covered_from) == ("2024-02-29", None)
    assert (taken.mapping["reading"], taken.mapping["covers"]) == ("snapshot", "created_on")
    assert Source.objects.get().reading == "snapshot"


def test_a_snapshot_without_a_source_is_told_there(wizard, tmp_path):
    _, answer = send(wizard, tmp_path, row(1), source="")
    assert "the source needs a name" in answer.content.decode()


def test_the_rows_that_would_go_are_listed_and_can_be_taken_along(wizard, tmp_path, january):
    address, answer = send(wizard, tmp_path, row(1, "Won"), row(2), row(3), row(4))
    page = wizard.follow(answer).content.decode()
    assert "1 row is no longer in the source and is removed." in page
    assert "<td>O5</td>" in page
    assert "Stage changes: 1" in page
    file = wizard.client.get(f"{address}removed/opportunities.csv").content.decode("utf-8-sig")
    assert file.splitlines()[0].startswith("opportunity_id,owner,stage")
    assert [line.split(",")[0] for line in file.splitlines()[1:]] == ["O5"]
    assert wizard.client.get(f"{address}removed/invoices.csv").status_code == 404
    wizard.commit(address)
    assert len(content("opportunities", "opportunity_id")) == 4


def test_most_rows_go_only_with_the_box_ticked(wizard, tmp_path, january):
    address, answer = send(wizard, tmp_path, row(1))
    page = wizard.follow(answer).content.decode()
    assert "Yes, remove 4 of the 5 rows of Opportunities" in page
    refused = wizard.client.post(f"{address}commit/")
    assert refused.status_code == 409
    assert "would remove 4 of the 5 rows" in refused.content.decode()
    wizard.follow(wizard.client.post(f"{address}commit/", {"confirm": "opportunities"}))
    assert len(content("opportunities", "opportunity_id")) == 1


def test_the_undo_says_what_comes_back(wizard, tmp_path, january):
    address, answer = send(wizard, tmp_path, row(1, "Won"), row(2), row(3), row(4))
    wizard.follow(answer)
    wizard.commit(address)
    page = wizard.client.get(f"{address}undo/").content.decode()
    assert "1 removed row comes back" in page
    assert "1 change that was seen between two snapshots goes" in page


def test_a_source_says_how_many_rejects_it_accepts(wizard, january):
    wizard.client.post("/data/sources/crm/", {"form": "watching", "accept": "2.5"})
    assert Source.objects.get().accept_rejects_up_to == 0.025
    page = wizard.client.get("/data/sources/crm/").content.decode()
    assert 'value="2.5"' in page
    assert str(queries.lake_root().parent / "inbox" / "crm") in page


def test_removed_rows_are_for_those_who_import(log_in, leader, january):
    answer = log_in(leader).get(f"/data/import/{january.public_id}/removed/opportunities.csv")
    assert answer.status_code == 404
