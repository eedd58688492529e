"""The catalogue, the card of a KPI, and the form that declares one."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from django.test import Client

from steelyard.apps.accounts.models import User
from steelyard.apps.measure.actions import save_definition
from steelyard.apps.measure.forms import DefinitionForm, document_of, fields_of
from steelyard.apps.measure.forms.fields import split
from steelyard.apps.measure.models import KpiDefinition
from steelyard.apps.measure.queries.declaring import numbers_in
from steelyard.apps.measure.queries.definitions import known_kpi
from steelyard.engine.kpi import parse
from steelyard.engine.kpi.catalogue import shipped_documents
from tests.apps.measure.conftest import deals
from tests.apps.measure.declared import big_wins, share_of_big_wins

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]
CATALOGUE = "/measure/catalogue/"
DAYS = {"days": ["created_on", "closed_on"], "quantile": 0.5}
CHINESE = {"HTTP_ACCEPT_LANGUAGE": "zh-hans"}


@pytest.fixture
def stored(publish: Any) -> Any:
    return publish(opportunities=deals(), compute=False)


def sent(document: dict[str, Any], **more: str) -> dict[str, str]:
    """What the browser sends for a declaration."""
    return {key: str(value) for key, value in fields_of(document).items()} | {"as": "form", **more}


def test_the_catalogue_says_what_the_data_tell(
    published: Any, member: User, log_in: LogIn, django_assert_max_num_queries: Any
):
    client = log_in(member)
    client.get(CATALOGUE)
    with django_assert_max_num_queries(16):
        page = client.get(CATALOGUE).content.decode()
    assert "Win rate" in page
    assert "told by the data" in page
    assert "missing: invoices" in page
    chinese = client.get(CATALOGUE, **CHINESE).content.decode()
    assert "赢单率" in chinese
    assert "数据可算" in chinese


@pytest.mark.parametrize(
    ("asked", "there", "absent"),
    [
        ("q=赢单率", "/win_rate/", "/won_revenue/"),
        ("q=won+revenue", "/won_revenue/", "/leads/"),
        ("dimension=customer", "", "/won_revenue/"),
        ("table=opportunities", "/win_rate/", "/collected/"),
        ("state=lacking", "/collected/", "/win_rate/"),
        ("state=available", "/win_rate/", "/collected/"),
    ],
)
def test_it_is_searched_and_filtered(
    published: Any, leader: User, log_in: LogIn, asked: str, there: str, absent: str
):
    client = log_in(leader)
    page = client.get(f"{CATALOGUE}?{asked}", headers={"HX-Request": "true", "HX-Target": "catalogue-list"})
    body = page.content.decode()
    assert body.startswith('<div id="catalogue-list"')
    assert there in body
    assert absent not in body


def test_nothing_found_says_so(stored: Any, leader: User, log_in: LogIn):
    page = log_in(leader).get(f"{CATALOGUE}?q=zzz").content.decode()
    assert "No KPI fits what you asked for." in page


def test_a_card_teaches_with_the_kpis_own_numbers(published: Any, member: User, log_in: LogIn):
    page = log_in(member).get(f"{CATALOGUE}win_rate/").content.decode()
    for told in (
        "Won ÷ (won + lost)",
        "What moves it",
        "How it can be gamed",
        "the mean is 50.0%",
        "Version 1",
    ):
        assert told in page
    assert "Change the definition" not in page
    chinese = log_in(member).get(f"{CATALOGUE}win_rate/", **CHINESE).content.decode()
    assert "平均值为 50.0%" in chinese


def test_a_card_warns_of_small_numbers(published: Any, member: User, log_in: LogIn):
    page = log_in(member).get(f"{CATALOGUE}win_rate/").content.decode()
    assert "Careful, small numbers" in page


def test_a_card_leads_to_what_a_kpi_is_made_of(stored: Any, analyst: User, leader: User, log_in: LogIn):
    save_definition(analyst, big_wins(), based_on=0)
    save_definition(analyst, share_of_big_wins(), based_on=0)
    page = log_in(leader).get(f"{CATALOGUE}share_of_big_wins/").content.decode()
    assert f'href="{CATALOGUE}big_wins/"' in page
    assert (
        f'href="{CATALOGUE}share_of_big_wins/"'
        in log_in(leader).get(f"{CATALOGUE}big_wins/").content.decode()
    )


def test_an_unknown_kpi_has_no_card(stored: Any, leader: User, log_in: LogIn):
    assert log_in(leader).get(f"{CATALOGUE}nothing/").status_code == 404


def test_who_sees_no_figures_sees_no_catalogue(stored: Any, administrator: User, log_in: LogIn):
    for path in ("", "win_rate/", "win_rate/definition.yaml", "new/", "win_rate/change/"):
        assert log_in(administrator).get(CATALOGUE + path).status_code == 404


def test_who_may_not_define_reads_only(stored: Any, leader: User, manager: User, member: User, log_in: LogIn):
    for viewer in (leader, manager, member):
        client = log_in(viewer)
        assert client.get(f"{CATALOGUE}new/").status_code == 404
        assert client.post(f"{CATALOGUE}new/", sent(big_wins(), do="publish")).status_code == 404
        assert client.post(f"{CATALOGUE}preview/", sent(big_wins())).status_code == 404
        assert client.post(f"{CATALOGUE}win_rate/take-back/", {"reason": "no"}).status_code == 404
    assert not KpiDefinition.objects.exists()


def test_a_kpi_is_declared_in_the_form(stored: Any, analyst: User, log_in: LogIn):
    client = log_in(analyst)
    answer = client.post(f"{CATALOGUE}new/", sent(big_wins(), do="publish", based_on="0"))
    assert answer.status_code == 302
    assert answer["Location"] == f"{CATALOGUE}big_wins/"
    assert known_kpi("big_wins") == parse(big_wins(version=1, valid_from=known_kpi("big_wins").valid_from))
    card = client.get(f"{CATALOGUE}big_wins/").content.decode()
    assert "of this site" in card
    assert "Retire this KPI" in card


def test_what_is_wrong_is_said_at_its_field(stored: Any, analyst: User, log_in: LogIn):
    client = log_in(analyst)
    wrong = sent(big_wins(date="closed", note={"en": "Wins."}), do="publish", based_on="0")
    answer = client.post(f"{CATALOGUE}new/", wrong)
    assert answer.status_code == 422
    assert 'id="id_note_zh_error"' in answer.content.decode()
    answer = client.post(f"{CATALOGUE}new/", sent(big_wins(date="closed"), do="publish", based_on="0"))
    page = answer.content.decode()
    place = page.index('id="id_date_error"')
    assert "has no column “closed”" in page[place : place + 200]
    wrong = sent(big_wins(where={"outcome": "wom"}), do="publish", based_on="0")
    page = client.post(f"{CATALOGUE}new/", wrong, **CHINESE).content.decode()
    place = page.index('id="id_w0_values_error"')
    assert "“outcome”不会是“wom”" in page[place : place + 200]
    assert not KpiDefinition.objects.exists()


def test_of_two_editors_the_second_is_told(stored: Any, analyst: User, make_user: Any, log_in: LogIn):
    other = make_user("analyst", name="Other")
    save_definition(other, big_wins(), based_on=0)
    save_definition(other, big_wins(direction="down"), based_on=1, reason="first")
    mine = sent(big_wins(direction="band"), do="publish", based_on="1", reason="second")
    answer = log_in(analyst).post(f"{CATALOGUE}big_wins/change/", mine)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Meanwhile Other has saved version 2" in page
    assert 'value="band" selected' in page


def test_a_change_shows_as_changed_here_and_can_be_taken_back(stored: Any, analyst: User, log_in: LogIn):
    client = log_in(analyst)
    own = {**shipped_documents()["opportunities_won"], "dimension": "process"}
    sending = sent(own, do="publish", based_on="1", reason="it is process to us")
    assert client.post(f"{CATALOGUE}opportunities_won/change/", sending).status_code == 302
    page = client.get(f"{CATALOGUE}opportunities_won/").content.decode()
    for told in (
        "changed here",
        "it is process to us",
        "<del>results</del> → <ins>process</ins>",
        "Version 2",
    ):
        assert told in page
    back = {"based_on": "2", "reason": "not after all"}
    client.post(f"{CATALOGUE}opportunities_won/take-back/", back)
    assert known_kpi("opportunities_won").dimension == "results"


def test_the_form_and_yaml_are_one_declaration(stored: Any, analyst: User, log_in: LogIn):
    client = log_in(analyst)
    page = client.post(f"{CATALOGUE}new/", sent(big_wins(), do="to-yaml"))
    text = page.context["form"]["text"].value()
    assert yaml.safe_load(text) == big_wins()
    page = client.post(f"{CATALOGUE}new/", {"as": "yaml", "text": text, "do": "to-form"})
    assert page.context["form"].document == big_wins()
    answer = client.post(f"{CATALOGUE}new/", {"as": "yaml", "text": text, "do": "publish", "based_on": "0"})
    assert answer.status_code == 302
    kept = yaml.safe_load(client.get(f"{CATALOGUE}big_wins/definition.yaml").content)
    assert kept == big_wins(version=1, valid_from=known_kpi("big_wins").valid_from)


def test_broken_yaml_is_said_with_its_line(stored: Any, analyst: User, log_in: LogIn):
    answer = log_in(analyst).post(
        f"{CATALOGUE}new/", {"as": "yaml", "text": "id: a\nnames: {", "do": "publish"}
    )
    assert answer.status_code == 422
    assert "line 2 cannot be read" in answer.content.decode()


def test_every_shipped_kpi_goes_through_the_form_unchanged(db: None):
    for name, document in shipped_documents().items():
        form = DefinitionForm(sent(dict(document)), is_new=False)
        shared = document.get("table", "")
        tables = {
            part: (document.get(part) or {}).get("table") or shared for part in ("numerator", "denominator")
        }
        direct = document_of(fields_of(document), numbers_in({"": shared, "measure": shared, **tables}))
        for made in (form.document, direct):
            own = {key: document[key] for key in ("version", "valid_from") if key in document}
            assert parse({**json.loads(json.dumps(made)), **own}) == parse(document), name


def test_values_with_commas_stand_in_quotes():
    assert split('won, "a, b"，失败') == ["won", "a, b", "失败"]
    held = big_wins(where={"lost_reason": ["price, terms", 'a "b"', " x"]})
    assert document_of(fields_of(held), {})["where"] == held["where"]


def test_the_preview_tells_before_it_counts(stored: Any, analyst: User, log_in: LogIn):
    fields = sent(big_wins(id="", names={}, note={}))
    page = log_in(analyst).post(f"{CATALOGUE}preview/", fields).content.decode()
    for told in ("Dec 2025", "Marketing", "Some of the records", "Stranger", "3 records"):
        assert told in page
    assert not KpiDefinition.objects.exists()


def test_the_preview_says_what_the_data_lack(stored: Any, analyst: User, log_in: LogIn):
    lacking = big_wins(table="orders", date="ordered_on", where={})
    page = log_in(analyst).post(f"{CATALOGUE}preview/", sent(lacking)).content.decode()
    assert "The data lack what this KPI is made of" in page
    page = log_in(analyst).post(f"{CATALOGUE}preview/", sent({"kind": "count"})).content.decode()
    assert "the preview stands here" in page


@pytest.mark.parametrize(
    "more",
    [
        {
            "kind": "quantile",
            "unit": "days",
            "measure": {"days": ["created_on", "closed_on"], "quantile": 0.5},
        },
        {"kind": "distinct", "measure": {"distinct": "owner"}},
        {"kind": "sum", "unit": "money", "measure": {"sum": "amount"}},
        {"kind": "snapshot", "date": "created_on", "when": "end", "measure": {"count": "rows"}},
        {"where": {"amount": {"less": 1000}, "lost_reason": {"present": False}}},
    ],
)
def test_each_kind_is_previewed(publish: Any, analyst: User, log_in: LogIn, more: dict[str, Any]):
    rows = [{**each, "lost_reason": None} for each in deals()]
    publish(opportunities=rows, compute=False)
    page = log_in(analyst).post(f"{CATALOGUE}preview/", sent(big_wins(**more))).content.decode()
    assert "Its last twelve months" in page or "lacks" in page or "lack" in page


def test_a_preview_that_takes_too_long_is_stopped(
    stored: Any, analyst: User, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
):
    import duckdb

    from steelyard.apps.measure.queries import preview

    def endless(*_: Any, **__: Any) -> Any:
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    monkeypatch.setattr(preview, "_rows", endless)
    page = log_in(analyst).post(f"{CATALOGUE}preview/", sent(big_wins())).content.decode()
    assert "takes longer than 10 seconds" in page


def test_the_chart_says_that_the_definition_changed(publish: Any, analyst: User, leader: User, log_in: LogIn):
    own = {**shipped_documents()["opportunities_won"], "direction": "band"}
    save_definition(analyst, own, based_on=1, reason="more is not always better")
    publish(opportunities=deals())
    page = log_in(leader).get("/measure/opportunities_won/").content.decode()
    assert "Definition changed on" in page
    assert "as version 2 counts them" in page


def test_choosing_a_kind_changes_the_fields_and_keeps_the_focus(stored: Any, analyst: User, log_in: LogIn):
    changed = sent(big_wins(kind="ratio"))
    page = log_in(analyst).post(f"{CATALOGUE}new/", changed, headers={"HX-Trigger-Name": "kind"})
    body = page.content.decode()
    assert "Denominator: what it is divided by" in body
    assert body.count("autofocus") == 1
    assert page.context["form"].now("date") == "closed_on"
