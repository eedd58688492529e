"""What a cascade bears: odd figures, forged fields, pages that come too late, very many cells."""

import html
from decimal import Decimal

import pytest

from steelyard.apps.goals.queries.cascade_filling import minor_of
from steelyard.apps.goals.queries.cascade_sheets import sheet_of
from steelyard.apps.people.models import Membership, Person
from tests.apps.goals.cascading import company_goal, figures, fresh, send, start
from tests.conftest import LONG_AGO

pytestmark = pytest.mark.django_db
CELL = "lock|member:p1|2026-01"


@pytest.fixture
def draft(organisation, leader, log_in):
    wu = Person.objects.create(code="p4", name="Wu")
    Membership.objects.create(person=wu, team=organisation.west, role="member", valid_from=LONG_AGO)
    figures()
    client = log_in(leader)
    return client, start(client, company_goal(leader))


def told(answer) -> str:
    return html.unescape(answer.content.decode())


def test_a_cell_finer_than_the_smallest_unit_is_refused_by_name(draft):
    client, found = draft
    answer = send(client, found, "cell", {CELL: "12.345"})
    assert answer.status_code == 422
    assert "Lin Yue 林悦, Jan 2026: 12.345 has more decimals than the 2 of the plan." in told(answer)
    assert fresh(found).version == found.version


@pytest.mark.parametrize("typed", ["0.001", "0", "-1", "1e400"])
def test_a_step_that_the_smallest_unit_does_not_make_is_refused(draft, typed):
    client, found = draft
    answer = send(client, found, "rules", {"step": typed, "over_root": "", "over_teams": ""})
    assert answer.status_code == 422
    assert f'value="{typed}"' in told(answer)
    assert fresh(found).version == found.version


@pytest.mark.parametrize("version", ["9" * 5000, "-1", "abc", ""])
def test_a_forged_version_is_one_that_was_overtaken(draft, version):
    client, found = draft
    answer = client.post(f"/aim/cascade/{found.public_id}/cell", {"version": version, CELL: "5"})
    assert answer.status_code == 422
    assert "changed in another window" in told(answer)


@pytest.mark.parametrize(
    "name", ["lock", "lock||", "lock|nobody|", "lock|member:p1|1999-01", "leave|member:p1|x", "floor|nobody|"]
)
def test_a_forged_field_is_refused(draft, name):
    client, found = draft
    assert send(client, found, "cell", {name: "5"}).status_code == 422
    assert fresh(found).version == found.version


def test_a_sheet_may_have_thousands_of_cells(draft):
    """All that stand open are sent with the one that was typed."""
    client, found = draft
    cells = {f"other-{at}": "1" for at in range(5_000)}
    assert send(client, found, "cell", {CELL: "5", **cells}).status_code == 302
    assert sheet_of(fresh(found)).by_key["member:p1"].values[0] == 5


def test_what_drafts_have_leads_to_the_sheet_once_it_holds_or_is_undone(draft):
    client, found = draft
    assert send(client, found, "apply", {}).status_code == 302
    for state in ("applied", "undone"):
        assert fresh(found).state == state
        for page in ("methods/", "people/", "table/", "preview/"):
            answer = client.get(f"/aim/cascade/{found.public_id}/{page}")
            assert (answer.status_code, answer.url) == (302, f"/aim/cascade/{found.public_id}/")
        client.post(f"/aim/cascade/{found.public_id}/undo")
    again = client.post(f"/aim/cascade/{found.public_id}/undo", follow=True)
    assert "there is nothing to undo" in told(again)
    assert send(client, found, "apply", {}).status_code == 409


def test_a_total_that_cannot_be_counted_in_cents_is_refused(organisation, leader, log_in):
    figures()
    made = company_goal(leader, target=Decimal(10) ** 16)
    answer = log_in(leader).get(f"/aim/goal/{made.public_id}/divide/")
    assert answer.status_code == 409
    assert "cannot be divided exactly with 2 decimals" in told(answer)


def test_months_that_were_divided_finer_than_their_sum_keep_their_decimals(organisation, leader):
    """Ten and a half tonnes over months come as tenths, also where a part's own total is whole."""
    plan = [["2026-01", "2.4"], ["2026-02", "2.6"]]
    made = company_goal(leader, kpi="", unit="tonnes", target=Decimal(5), plan=plan)
    assert minor_of(made.current, None) == 1


def test_why_a_method_does_not_serve_names_it(draft):
    client, found = draft
    page = told(client.get(f"/aim/cascade/{found.public_id}/methods/"))
    assert "“By potential” has nothing to share by" in page
