"""The next files of a source are known by their columns and read by its mapping, with nothing asked again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import actions
from steelyard.apps.data.models import Import, Source
from steelyard.lake.imports.limits import Limits
from tests.apps.data.wizard import CSV, Wizard

pytestmark = [pytest.mark.django_db(transaction=True)]
EUROPEAN = "Opportunity ID,Owner,Stage,Close Date\nO-1,Lin Yue,Won,03/04/2026\nO-2,Mate,Lost,05/06/2026\n"


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., Import]:
    """taken(name=text, …) → an import of these files, of which nothing is said."""

    def take(*named: tuple[str, str], table: str = "all") -> Import:
        paths = []
        for name, text in named:
            path = tmp_path / name
            path.write_text(text, encoding="utf-8")
            paths.append((name, path))
        return actions.take_in(LOCAL_OPERATOR, paths, limits=Limits.browser(), table=table)

    return take


def mapped(taken: Import, **changes: Any) -> Import:
    actions.set_mapping(LOCAL_OPERATOR, taken, taken.mapping | changes)
    return taken


def test_the_next_file_takes_the_mapping_of_its_source(wizard: Wizard) -> None:
    first = wizard.upload(("deals.csv", CSV))
    hue = wizard.place(first, "Hue")
    wizard.send(first, do="save", **{f"to_{hue}": "product"})
    second = wizard.upload(("deals2.csv", CSV))
    taken = Import.objects.first()
    assert taken is not None
    assert (taken.mapping["columns"]["product"], taken.source) == ("Hue", Source.objects.get())
    page = wizard.client.get(f"{second}columns/")
    assert page.context["recalled"].is_same
    assert "as the last time" in page.content.decode()
    assert wizard.check(second).context["total"]["created"] == 3


def test_what_is_new_and_what_is_gone_is_said(wizard: Wizard) -> None:
    wizard.send(wizard.upload(("deals.csv", CSV)), do="save")
    changed = CSV.replace("Hue", "Shade", 1)
    address = wizard.upload(("deals.csv", changed))
    page = wizard.client.get(f"{address}columns/")
    known = page.context["recalled"]
    assert (known.new, known.gone, known.unread) == (("Shade",), ("Hue",), ())
    assert "New columns since then: Shade." in page.content.decode()


def test_a_mapping_that_lost_a_column_is_offered_and_not_taken(wizard: Wizard) -> None:
    wizard.send(wizard.upload(("deals.csv", CSV)), do="save")
    address = wizard.upload(("deals.csv", CSV.replace("Owner", "Colour", 1)))
    assert Import.objects.first().source is None
    page = wizard.client.get(f"{address}columns/")
    assert page.context["recalled"] is None
    (known,) = page.context["offered"]
    assert known.unread == ("Owner",)
    assert "choose others for them: Owner" in page.content.decode()
    wizard.client.post(f"{address}source/", {"source": "crm"})
    assert Import.objects.first().source.name == "crm"


def test_an_answer_about_dates_is_not_asked_for_again(taken: Any) -> None:
    first = taken(("deals.csv", EUROPEAN))
    places = [place for place, each in enumerate(first.inspections[0]["columns"]) if each["ambiguous"]]
    actions.answer_dates(LOCAL_OPERATOR, first, {(0, places[0]): "dmy"})
    mapped(first, source="crm")
    again = taken(("april.csv", EUROPEAN.replace("O-", "P-")))
    assert again.mapping["columns"]["closed_on"] == {"from": "Close Date", "order": "dmy"}
    assert not any(each["ambiguous"] for each in again.inspections[0]["columns"])


def test_files_without_a_header_are_recognised_by_how_they_are_read(taken: Any) -> None:
    columns = {"kpi": {"value": "won_revenue"}, "unit": "who", "period": "when", "value": "goal"}
    document = {
        "source": "quotas",
        "read": {"header": "none", "names": ["who", "when", "goal"]},
        "table": "targets",
        "columns": columns,
    }
    first = taken(("quotas.txt", "274\t2011-Q2\t28000\n275\t2011-Q2\t367000\n"))
    actions.look_again(LOCAL_OPERATOR, first, document["read"], limits=Limits.browser())
    actions.set_mapping(LOCAL_OPERATOR, first, document)
    again = taken(("quotas-3.txt", "274\t2011-Q3\t7000\n275\t2011-Q3\t8000\n"))
    assert (again.source.name, again.mapping) == ("quotas", document)
    assert [each["name"] for each in again.inspections[0]["columns"]] == ["who", "when", "goal"]


def test_several_files_are_recognised_under_new_names(taken: Any) -> None:
    teams = "team,name\nE,East\n"
    first = taken(("deals-01.csv", CSV), ("teams-01.csv", teams))
    document = {
        "source": "crm",
        "files": {"deals": "deals-01.csv", "teams": "teams-01.csv"},
        "tables": {
            "opportunities": {
                "from": "deals",
                "columns": {"opportunity_id": "Opportunity ID", "owner": "Owner", "stage": "Stage"},
            },
            "teams": {"from": "teams", "columns": {"code": "team", "name": "name"}},
        },
    }
    actions.set_mapping(LOCAL_OPERATOR, first, document)
    again = taken(("Export Feb.csv", CSV), ("Org Feb.csv", teams))
    assert again.mapping["files"] == {"deals": "Export Feb.csv", "teams": "Org Feb.csv"}
    assert again.mapping["tables"] == document["tables"]


def test_of_two_sources_alike_none_is_guessed(taken: Any) -> None:
    mapped(taken(("north.csv", CSV)), source="north")
    second = taken(("south.csv", CSV))
    assert second.source.name == "north"
    mapped(second, source="south")
    assert taken(("west.csv", CSV)).source is None


def test_another_table_is_not_taken_for_the_source(taken: Any) -> None:
    mapped(taken(("deals.csv", CSV)), source="crm")
    other = taken(("people.csv", "code,name,email\np-1,Lin Yue,lin@example.com\n"))
    assert (other.source, other.mapping["table"]) == (None, "people")
    named = taken(("deals.csv", CSV), table="orders")
    assert (named.source, named.mapping["table"]) == (None, "orders")


def test_a_key_made_of_columns_says_why(wizard: Wizard) -> None:
    rows = "商机名称,客户名称,负责人,阶段,创建时间\n"
    rows += "一期,远山,林悦,赢单,2026-01-05\n二期,青禾,周敏,报价,2026-01-06\n"
    address = wizard.upload(("商机.csv", rows))
    assert Import.objects.get().mapping["columns"]["opportunity_id"] == {
        "join": ["商机名称", "客户名称", "创建时间"]
    }
    assert "No column numbers the rows" in wizard.client.get(f"{address}columns/").content.decode()
    assert wizard.check(address).context["total"]["created"] == 2
