"""Declared flows: who declares and changes, versions by day, how the log keeps to them, what is refused."""

import csv
import datetime
import io
import json

import pytest
from django.urls import reverse

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.process.actions.calendars import save_calendar
from steelyard.apps.process.actions.flows import change_flow, declare_flow, end_flow, restore_flow
from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries.flows import check_of, checked, declared_of, log_for_flow
from steelyard.apps.process.queries.seen import Asked
from steelyard.engine.process.declared import MARKETING_FLOW
from steelyard.errors import Refused
from tests.apps.process.made_up import CONTRACTS

PAGE = "/improve/process/flow/"
BEGIN = datetime.date(2025, 1, 1)
STEPS = ("quote", "discount approval", "legal approval", "signed")
FLOW = {
    "key": "contracts",
    "names": {"en": "Contracts as agreed", "zh": "约定的合同流程"},
    "steps": [
        {"key": f"step-{place}", "names": name, "activities": [name], "sla": "24"}
        for place, name in enumerate(STEPS, start=1)
    ],
}


@pytest.fixture
def declare(snapshot, leader):
    def made(document=FLOW, *, valid_from=BEGIN, actor=leader, **more) -> Flow:
        return declare_flow(
            actor, document, process=CONTRACTS, kind="declared", valid_from=valid_from, **more
        )

    return made


def sent(**more: str) -> dict[str, str]:
    """The form of FLOW as a browser sends it."""
    data = {"key": "contracts", "kind": "declared", "name_en": "Contracts as agreed", "name_zh": "约定"}
    data |= {"valid_from": "2025-01-01", "note": "", "based_on": "0", "do": "save", "steps": "4"}
    for place, name in enumerate(STEPS):
        data |= {f"step-{place}-key": f"step-{place + 1}", f"step-{place}-name_en": name}
        data |= {f"step-{place}-activities": name, f"step-{place}-sla": "24"}
    return data | more


def code_of(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def checked_by(viewer, flow):
    return checked(log_for_flow(viewer, flow, Asked()), flow)


def test_cases_are_held_against_the_flow_since_it_holds(declare, leader, log_in):
    found = declare()
    check = checked_by(leader, found).check
    assert (check.cases, check.adherent) == (56, 50)  # every tenth of sixty goes back, four never end
    page = log_in(leader).get(f"{PAGE}{found.public_id}/").content.decode()
    assert "89% of the cases keep to “Contracts as agreed”." in page
    assert "comes again" in page
    assert "data-chart" in page
    later = declare(valid_from=datetime.date(2025, 7, 1))
    assert checked_by(leader, later).check.cases < 56


def test_a_flow_that_holds_from_today_is_tried_on_the_cases_before(declare, leader, log_in):
    found = declare(valid_from=datetime.date(2026, 1, 1))
    held = checked_by(leader, found)
    assert held.check.cases == 0
    assert held.trial.cases == 56
    page = log_in(leader).get(f"{PAGE}{found.public_id}/").content.decode()
    assert "of the cases before, 89% went that way." in page
    assert "holds all cases before against it" in page


def test_time_limits_count_the_hours_of_the_calendar_in_force(declare, analyst, leader):
    found = declare()
    elapsed = checked_by(leader, found).check
    assert elapsed.clock == "elapsed"
    save_calendar(analyst, 'hours: {mon-fri: ["09:00-18:00"]}', based_on=0)
    working = checked_by(leader, found).check
    assert working.clock == "working"
    assert sum(line.late for line in working.breaches) < sum(line.late for line in elapsed.breaches)


def test_a_version_holds_until_the_next_and_nothing_of_it_changes(declare, leader):
    first = declare()
    july = datetime.date(2025, 7, 1)
    shorter = {**FLOW, "steps": FLOW["steps"][:2] + FLOW["steps"][3:]}
    before = check_of(log_for_flow(leader, first, Asked()), first)
    second = change_flow(leader, first, shorter, based_on=1, valid_from=july)
    first.refresh_from_db()
    assert (first.valid_to, second.valid_to, second.version) == (july, None, 2)
    assert len(declared_of(first).steps) == 4
    held = [check_of(log_for_flow(leader, each, Asked()), each) for each in (first, second)]
    assert held[0].cases + held[1].cases == before.cases
    assert held[1].adherent == 0  # the legal approval is no step any more
    third = restore_flow(leader, first, based_on=2, valid_from=july)
    assert third.document == first.document
    assert AuditEntry.objects.filter(action="process.change-flow").count() == 2


def test_what_is_refused_makes_no_version(declare, leader, make_user):
    found = declare()
    day = datetime.date(2025, 7, 1)
    assert code_of(lambda: change_flow(leader, found, FLOW, based_on=1, valid_from=BEGIN)) == (
        "process.flow-unchanged"
    )
    assert code_of(lambda: change_flow(leader, found, FLOW, based_on=0, valid_from=day)) == (
        "process.flow-edited"
    )
    early = datetime.date(2024, 1, 1)
    assert code_of(lambda: change_flow(leader, found, FLOW, based_on=1, valid_from=early)) == (
        "process.flow-too-early"
    )
    wrong = {**FLOW, "steps": []}
    assert code_of(lambda: change_flow(leader, found, wrong, based_on=1, valid_from=day)) == "flow.no-steps"
    assert Flow.objects.count() == 1


def test_the_form_declares_and_changes(snapshot, leader, log_in):
    client = log_in(leader)
    response = client.post(f"{PAGE}new/", sent(**{"step-0-checklist_en": "Price is right\nName is right"}))
    made = Flow.objects.get()
    assert response.url == f"{PAGE}{made.public_id}/"
    assert made.process == CONTRACTS
    assert [one["en"] for one in made.document["steps"][0]["checklist"]] == [
        "Price is right",
        "Name is right",
    ]
    assert made.document["steps"][0]["names"] == {"en": "quote", "zh": "quote"}
    change = sent(based_on="1", valid_from="2025-09-01", **{"step-1-sla": "8"})
    assert client.post(f"{PAGE}{made.public_id}/change/", change).status_code == 302
    assert Flow.objects.order_by("-version").first().document["steps"][1]["sla"] == "8"
    late = client.post(f"{PAGE}{made.public_id}/change/", {**change, "step-1-sla": "9"})
    assert late.status_code == 422
    assert "Meanwhile Leader saved version 2." in late.content.decode().replace("leader", "Leader")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"step-2-sla": "soon"}, "step-2-sla"),
        ({"step-2-activities": "quote"}, "step-2-activities"),
        ({"step-2-name_en": ""}, "step-2-name_en"),
        ({"name_en": "", "name_zh": ""}, "name_en"),
        ({"valid_from": "some day"}, "valid_from"),
    ],
)
def test_a_mistake_is_told_at_its_field_and_keeps_the_rest(given, field, snapshot, leader, log_in):
    response = log_in(leader).post(f"{PAGE}new/", sent(**{"step-1-owner_zh": "销售总监", **given}))
    page = response.content.decode()
    assert response.status_code == 422
    assert f'id="id_{field}_error"' in page
    assert "销售总监" in page
    assert not Flow.objects.exists()


def test_steps_are_added_moved_and_left_out_with_what_was_typed(snapshot, leader, log_in):
    client = log_in(leader)
    page = client.post(f"{PAGE}new/", sent(do="up-1")).content.decode()
    assert 'name="step-0-name_en" value="discount approval"' in page
    page = client.post(f"{PAGE}new/", sent(do="remove-0", **{"step-1-sla": "7.5"})).content.decode()
    assert 'name="step-0-sla" value="7.5"' in page
    assert 'name="steps" value="3"' in page
    assert 'name="step-4-key" value="step-5"' in client.post(f"{PAGE}new/", sent(do="add")).content.decode()


def test_the_best_way_and_the_template_are_offered(snapshot, leader, log_in):
    client = log_in(leader)
    page = client.get(PAGE).content.decode()
    assert "For Contracts 合同审批 nothing is declared yet." in page
    assert "from=variant&amp;way=0" in page
    standard = client.get(f"{PAGE}new/?from=variant&way=0").content.decode()
    assert 'name="kind" value="standard"' in standard
    for name in STEPS:
        assert f'value="{name}"' in standard
    template = client.get(f"{PAGE}new/?from=template").content.decode()
    assert 'value="市场洞察"' in template
    assert template.count("-checklist_en") >= len(MARKETING_FLOW.steps)


def test_a_managers_flow_is_their_teams_and_the_companys_is_everybodys(
    declare, leader, manager, member, make_user, log_in
):
    company = declare()
    page = f"{PAGE}{company.public_id}/"
    assert log_in(manager).get(page).status_code == 200
    assert log_in(manager).get(f"{page}change/").status_code == 404
    assert log_in(member).get(page).status_code == 404
    finance = make_user("finance", name="finance")
    assert log_in(finance).get(page).status_code == 200
    assert log_in(finance).post(f"{page}end/").status_code == 404
    response = log_in(manager).post(f"{PAGE}new/", sent())
    own = Flow.objects.order_by("pk").last()
    assert response.url == f"{PAGE}{own.public_id}/"
    assert own.teams
    stranger = make_user("manager", name="other manager")
    assert log_in(stranger).get(f"{PAGE}{own.public_id}/").status_code == 404
    assert log_in(leader).get(f"{PAGE}{own.public_id}/").status_code == 200
    assert log_for_flow(leader, own, Asked()).teams == tuple(own.teams)
    assert log_for_flow(leader, company, Asked()).teams == ()


def test_a_flow_is_ended_and_taken_again(declare, leader, log_in):
    found = declare()
    client = log_in(leader)
    client.post(f"{PAGE}{found.public_id}/end/")
    found.refresh_from_db()
    assert found.valid_to is not None
    assert "not in force" in client.get(PAGE).content.decode()
    assert end_flow(leader, found, day=datetime.date(2020, 1, 1)).valid_to == BEGIN
    response = client.post(f"{PAGE}{found.public_id}/restore/")
    assert response.status_code == 302
    assert Flow.objects.get(version=2).valid_to is None


def test_what_is_found_can_be_taken_along(declare, leader, log_in):
    found = declare()
    client, base = log_in(leader), f"{PAGE}{declare().public_id}/"
    rows = list(csv.reader(io.StringIO(client.get(f"{base}deviations.csv").content.decode("utf-8-sig"))))
    assert rows[0][0] == "Kind"
    assert any("K" in row[-1] for row in rows[1:])
    assert client.get(f"{base}time-limits.xlsx").status_code == 200
    assert len(client.get(f"{base}months.csv").content.splitlines()) > 6
    assert client.get(f"{base}else.csv").status_code == 404
    assert "Contracts as agreed" in client.get(f"{base}flow.yaml").content.decode()
    assert json.dumps(found.document)


def test_a_flow_can_be_talked_about_and_is_told_in_chinese(declare, leader, log_in):
    found = declare()
    client = log_in(leader)
    assert client.get(reverse("conversation", args=["flow", found.code])).status_code == 200
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    page = client.get(f"{PAGE}{found.public_id}/").content.decode()
    assert "89%的实例遵循“约定的合同流程”" in page


def test_a_flow_whose_names_the_log_does_not_have_says_so(declare, leader, log_in):
    found = declare(MARKETING_FLOW.as_json())
    page = log_in(leader).get(f"{PAGE}{found.public_id}/").content.decode()
    assert "is found in this log: say what the log calls them." in page
    assert "0% of the cases" not in page
