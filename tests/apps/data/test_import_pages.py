"""An import through its pages: files, columns, dry run, commit, undo."""

import csv
import io
from typing import Any

import pytest
import yaml

from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries import lake, newest_versions
from tests.apps.data.wizard import CSV, Wizard, named

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]
EUROPEAN = "Opportunity ID,Owner,Stage,Close Date\nO-1,Lin Yue,Won,03/04/2026\nO-2,Mate,Lost,05/06/2026\n"


def rows() -> int:
    return lake().rows("opportunities", newest_versions()["opportunities"])


def test_from_upload_to_snapshot_and_back(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    result = wizard.check(address)
    assert result.context["total"] == {
        "read": 3, "created": 3, "updated": 0, "unchanged": 0, "rejected": 0
    }  # fmt: skip
    assert "3 read = 3 new + 0 changed + 0 same + 0 rejected" in result.content.decode()
    assert not Snapshot.objects.exists()
    done = wizard.commit(address)
    assert "Committed" in done.content.decode()
    assert rows() == 3
    assert "What is taken back" in wizard.client.get(f"{address}undo/").content.decode()
    assert rows() == 3
    wizard.follow(wizard.client.post(f"{address}undo/"))
    assert rows() == 0
    assert Import.objects.get().state == Import.State.UNDONE


def test_the_undo_page_names_what_is_replayed(wizard: Wizard) -> None:
    first, second = wizard.upload(("a.csv", CSV)), wizard.upload(("b.csv", CSV.replace("1000", "2000")))
    for address in (first, second):
        wizard.check(address)
        wizard.commit(address)
    assert "b.csv" in wizard.client.get(f"{first}undo/").content.decode()


def test_gb18030_is_found_and_read(wizard: Wizard) -> None:
    text = (
        "商机编号,负责人,阶段,关闭日期,金额\nO-1,林悦,赢单,2026-01-31,1000\nO-2,周敏,输单,2026-02-01,\n" * 1
    )
    address = wizard.upload(("商机.csv", text.encode("gb18030")))
    assert "GB18030" in wizard.client.get(f"{address}files/").content.decode()
    assert wizard.check(address).context["total"]["created"] == 2


def test_an_ambiguous_date_is_asked_about_and_never_guessed(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", EUROPEAN))
    page = wizard.client.get(f"{address}files/")
    assert len(page.context["dates"].fields) == 1
    refused = wizard.send(address, do="check")
    assert refused.status_code == 200
    assert "Say which comes first" in refused.content.decode()
    name = next(iter(page.context["dates"].fields))
    answered = wizard.client.post(f"{address}files/", {"form": "dates", name: "dmy"})
    assert answered.status_code == 302
    assert wizard.check(address).context["total"]["created"] == 2
    wizard.commit(address)
    with lake().open(newest_versions()) as facts:
        days = facts.tables["opportunities"].closed_on.execute()
    assert sorted(str(day)[:10] for day in days) == ["2026-04-03", "2026-06-05"]


def test_a_missing_need_is_said_at_its_field_and_one_value_fills_it(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    owner = wizard.place(address, "Owner")
    refused = wizard.send(address, do="check", **{f"to_{owner}": "-"})
    assert refused.status_code == 200
    assert "one-owner" in refused.context["form"].errors
    filled = wizard.send(address, do="check", one_owner="Lin Yue", **{f"to_{owner}": "-"})
    assert wizard.follow(filled).context["total"]["created"] == 3
    assert Import.objects.get().mapping["columns"]["owner"] == {"value": "Lin Yue"}


def test_a_column_is_kept_dropped_or_feeds_another(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    hue, amount = wizard.place(address, "Hue"), wizard.place(address, "Amount")
    wizard.send(address, do="save", **{f"to_{hue}": "product", f"to_{amount}": "-"})
    mapping = Import.objects.get().mapping
    assert mapping["columns"]["product"] == "Hue"
    assert mapping["leave"] == ["Amount"]
    wizard.check(address)
    wizard.commit(address)
    columns = lake().columns("opportunities", newest_versions()["opportunities"])
    assert "product" in columns
    assert "amount" not in columns


def test_two_columns_cannot_feed_one(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    hue = wizard.place(address, "Hue")
    refused = wizard.send(address, do="check", **{f"to_{hue}": "owner"})
    assert f"to-{hue}" in refused.context["form"].errors


def test_saving_a_form_untouched_changes_nothing_of_a_mapping_by_hand(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    by_hand = {
        "source": "crm",
        "table": "opportunities",
        "where": {"Stage": "present"},
        "columns": {
            "opportunity_id": {"join": ["Opportunity ID", "Owner"], "separator": "/"},
            "owner": "Owner",
            "stage": "Stage",
            "outcome": {"from": "Stage", "values": {"Won": "won", "Lost": "lost"}, "otherwise": "open"},
            "closed_on": {"from": "Close Date", "order": "ymd"},
            "amount": {"from": "Amount", "unit": "10000"},
            "currency": {"value": "USD"},
            "shade": "Hue",
        },
    }
    answer = wizard.client.post(f"{address}mapping/", {"text": yaml.safe_dump(by_hand)})
    assert answer.status_code == 302
    wizard.send(address, do="save")
    assert Import.objects.get().mapping == by_hand


def test_the_preview_reads_as_the_form_says_and_keeps_nothing(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    before = Import.objects.get().mapping
    amount = wizard.place(address, "Amount")
    sent = wizard.form(address) | {f"unit-{amount}": "10000"}
    page = wizard.client.post(f"{address}preview/", sent, headers={"HX-Request": "true"}).content.decode()
    assert "10000000" in page
    assert 'hx-swap-oob="true"' in page
    assert Import.objects.get().mapping == before


def test_rejects_are_listed_with_line_and_reason_and_downloaded_harmless(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV + "O-4,Mate,Won,2026-03-01,=1+1,red\n,Mate,Won,,,\n"))
    page = wizard.check(address)
    assert page.context["total"]["rejected"] == 2
    assert [(each["line"], each["reason"]) for each in page.context["rejects"]] == [
        (5, "Not a number"),
        (6, "Empty, and the table needs it"),
    ]
    text = wizard.client.get(f"{address}rejects.csv").content.decode("utf-8-sig")
    listed = list(csv.DictReader(io.StringIO(text)))
    assert listed[0]["value"] == "'=1+1"
    assert listed[0]["file"] == "deals.csv"


def test_rejects_come_in_pages(wizard: Wizard) -> None:
    bad = "".join(f"B-{number},Mate,Won,,no,red\n" for number in range(120))
    page = wizard.check(wizard.upload(("deals.csv", CSV + bad)))
    assert page.context["page"].paginator.count == 120
    third = wizard.client.get(page.wsgi_request.path, {"page": "3"})
    assert [each["line"] for each in third.context["rejects"]] == list(range(105, 125))


def test_another_encoding_reads_the_file_again(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV.replace(",", ";")))
    answer = wizard.client.post(f"{address}files/", {"form": "read", "delimiter": ","})
    assert answer.status_code == 302
    taken = Import.objects.get()
    assert len(taken.inspections[0]["columns"]) == 1
    assert taken.mapping["read"] == {"delimiter": ","}
    refused = wizard.client.post(f"{address}files/", {"form": "read", "header": "99"})
    assert "header" in refused.content.decode()


def test_people_teams_and_memberships_take_the_same_way(wizard: Wizard) -> None:
    from steelyard.apps.people.models import Membership

    address = wizard.upload(
        ("people.csv", "code,name,email\np-1,Lin Yue 林悦,lin@example.com\n"),
        ("teams.csv", "code,name,parent\nsales,Sales,\neast,East,sales\n"),
        ("memberships.csv", "person,team,valid_from\np-1,east,2024-01-01\np-9,east,2024-01-01\n"),
    )
    assert len(wizard.client.get(f"{address}columns/").context["feeds"]) == 3
    page = wizard.check(address)
    assert page.context["total"]["rejected"] == 1
    assert "p-9" in page.content.decode()
    assert not Membership.objects.exists()
    wizard.commit(address)
    assert Membership.objects.get().team.code == "east"


def test_a_refused_upload_says_what_to_do_and_keeps_nothing(wizard: Wizard) -> None:
    for name, content, said in [
        ("empty.csv", "", "empty"),
        ("page.csv", "<html><table></table></html>", "web page"),
        ("locked.pdf", "%PDF-1.7 binary", "not a table"),
    ]:
        page = wizard.client.post("/data/import/", {"files": [named(name, content)]})
        assert said in page.content.decode()
    assert "No file was chosen" in wizard.client.post("/data/import/", {}).content.decode()
    assert not Import.objects.exists()


def test_reload_and_back_find_the_import_where_it_stands(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    assert wizard.client.get(address)["Location"].endswith("/columns/")
    assert wizard.client.get(f"{address}result/")["Location"].endswith("/columns/")
    running = wizard.send(address, do="check")
    assert wizard.client.get(address)["Location"].startswith("/jobs/")
    again = wizard.client.post(f"{address}check/")
    assert again["Location"] == running["Location"]
    wizard.follow(running)
    wizard.commit(address)
    assert wizard.client.get(f"{address}columns/")["Location"].endswith("/result/")
    late = wizard.client.post(f"{address}discard/")
    assert late.status_code == 409


def test_nothing_can_be_committed_unchecked_or_after_it_was_discarded(wizard: Wizard) -> None:
    address = wizard.upload(("deals.csv", CSV))
    assert wizard.client.post(f"{address}commit/").status_code == 409
    assert wizard.client.post(f"{address}discard/").status_code == 302
    assert Import.objects.get().state == Import.State.DISCARDED
    assert "discarded" in wizard.client.get(address, follow=True).content.decode()


@pytest.mark.parametrize("part", ["commit/", "check/", "discard/", "preview/", "source/"])
def test_no_state_changes_by_get(wizard: Wizard, part: str) -> None:
    address = wizard.upload(("deals.csv", CSV))
    assert wizard.client.get(f"{address}{part}").status_code == 405


@pytest.mark.parametrize("role", ["leader", "manager", "member", "administrator", "finance"])
def test_an_import_does_not_exist_for_who_keeps_no_data(
    wizard: Wizard, role: str, make_user: Any, log_in: Any
) -> None:
    address = wizard.upload(("deals.csv", CSV))
    other = log_in(make_user(role))
    for part in ("", "files/", "columns/", "mapping/", "mapping.yaml", "result/", "rejects.csv", "undo/"):
        assert other.get(f"{address}{part}").status_code == 404
    assert other.post(f"{address}commit/").status_code == 404
    assert other.get("/data/import/").status_code == 404


def test_a_file_that_is_too_large_is_not_even_kept(wizard: Wizard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steelyard.web.uploads.Guard.limit", 100)
    page = wizard.client.post("/data/import/", {"files": [named("a.csv", CSV), named("b.csv", "a,b\n1,2\n")]})
    assert "a.csv is" in page.content.decode()
    assert "100\xa0bytes are taken here" in page.content.decode()
    assert not Import.objects.exists()


def test_who_is_not_logged_in_uploads_nothing(client: Any) -> None:
    answer = client.post("/data/import/", {"files": [named("a.csv", CSV)]})
    assert answer.status_code in (302, 400, 403)
    assert not answer.wsgi_request.FILES
    assert not Import.objects.exists()


def test_a_mapping_that_adds_lines_up_stays_as_it_is(wizard: Wizard) -> None:
    text = "Status,Dept,Question,Answer\n" + "".join(f"Complete,East,Q1,{n}\n" for n in (4, 3, 3, 2, 1))
    address = wizard.upload(("answers.csv", text))
    by_hand = {
        "source": "crm",
        "table": "survey_scores",
        "group": "true",
        "where": {"Status": ["Complete"]},
        "columns": {
            "wave": {"value": "2024"},
            "team": "Dept",
            "question": "Question",
            "answers": {"count": "rows", "where": {"Answer": ["1", "2", "3", "4"]}},
            "favourable": {"count": "rows", "where": {"Answer": ["3", "4"]}},
        },
    }
    assert wizard.client.post(f"{address}mapping/", {"text": yaml.safe_dump(by_hand)}).status_code == 302
    wizard.send(address, do="save")
    assert Import.objects.get().mapping == by_hand
    assert wizard.check(address).context["total"]["created"] == 1
