"""What-ifs: who may try, what comes of it, saving, deciding, comparing; what is refused keeps the input."""

import re

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.jobs.actions import run_queued
from steelyard.apps.process.actions import scenarios as write
from steelyard.apps.process.models import Scenario
from steelyard.apps.process.queries.approvals import approvals_of
from steelyard.apps.process.queries.seen import Asked, log_seen_by
from steelyard.apps.process.views.whatif import trial_of
from steelyard.engine.process.whatif import remove
from steelyard.errors import Refused
from tests.apps.process.made_up import CONTRACTS

PAGE = "/improve/process/what-if/"
ROOM = "/improve/process/"
WITHOUT_LEGAL = {
    "changes": "1",
    "change-0-kind": "remove",
    "change-0-step": "legal approval",
    "change-0-share": "100",
    "do": "try",
}


def tried(client, **more) -> Scenario:
    response = client.post(PAGE, {**WITHOUT_LEGAL, **more})
    assert response.status_code == 302, response.content.decode()
    return Scenario.objects.get(public_id=response.url.rstrip("/").split("/")[-1])


def page_of(client, made: Scenario, tail: str = "") -> str:
    return client.get(f"{ROOM}scenarios/{made.public_id}/{tail}").content.decode()


def test_a_try_says_before_and_after_with_what_is_approximated(snapshot, leader, log_in):
    client = log_in(leader)
    made = tried(client)
    page = page_of(client, made)
    assert "Without legal approval: a case would take" in page
    assert "less at the median" in page
    assert "What a removed step would have caught or prevented is not counted." in page
    assert made.outcome["cases"] == 56  # four of the sixty contracts never ended
    assert made.outcome["difference"]["median_s"]["value"] < 0
    assert made.asked["process"] == CONTRACTS


def test_the_same_try_is_answered_once_and_another_anew(snapshot, leader, log_in):
    client = log_in(leader)
    first = tried(client)
    assert tried(client).pk == first.pk
    assert tried(client, **{"change-0-share": "50"}).pk != first.pk


def test_a_change_is_added_left_out_and_keeps_what_was_typed(snapshot, leader, log_in):
    client = log_in(leader)
    page = client.post(PAGE, {**WITHOUT_LEGAL, "change-0-share": "37", "do": "add-staff"}).content.decode()
    assert 'value="37"' in page
    assert 'name="change-1-added"' in page
    page = client.post(PAGE, {**WITHOUT_LEGAL, "do": "remove-0"}).content.decode()
    assert 'name="change-0-kind"' not in page


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"change-0-share": "150"}, "less than or equal to 100"),
        ({"change-0-step": "no such step"}, "not one of the available choices"),
        ({"change-0-kind": "merge", "change-0-steps": ["quote"]}, "needs 2 or more different steps"),
        ({"change-0-kind": "staff", "change-0-step": "quote", "change-0-added": "none"}, "whole number"),
        ({"changes": "0"}, "Nothing is changed yet."),
    ],
)
def test_what_is_refused_keeps_the_form_and_makes_nothing(given, told, snapshot, leader, log_in):
    response = log_in(leader).post(PAGE, {**WITHOUT_LEGAL, **given})
    assert response.status_code == 422
    assert told in response.content.decode()
    assert not Scenario.objects.exists()


def test_an_address_brings_the_change_along(snapshot, leader, log_in):
    page = log_in(leader).get(f"{PAGE}?kind=merge&step=quote&step=signed").content.decode()
    assert len(re.findall(r'name="change-0-steps" value="(?:quote|signed)"[^>]*checked', page)) == 2
    assert "change-0" not in log_in(leader).get(f"{PAGE}?kind=explode&step=quote").content.decode()


def test_a_proposal_for_an_approval_can_be_tried(snapshot, leader, log_in):
    found = approvals_of(log_seen_by(leader, Asked()))
    queries = [query for each in found if (query := trial_of(each))]
    for query in queries:
        assert 'name="change-0-kind"' in log_in(leader).get(f"{PAGE}?{query}").content.decode()
    assert bool(queries) == any(each.proposal in ("drop", "merge", "delegate") for each in found)


def test_saving_gives_a_name_and_a_decision_is_recorded(snapshot, leader, log_in):
    client = log_in(leader)
    made = tried(client)
    address = f"{ROOM}scenarios/{made.public_id}/"
    assert client.post(f"{address}decide/", {"state": "chosen"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "ready"  # nothing is chosen that has no name
    assert client.post(f"{address}save/", {"name": " "}).status_code == 422
    client.post(f"{address}save/", {"name": "No legal check 不走法务", "note": "Ask Legal first."})
    client.post(f"{address}decide/", {"state": "chosen"})
    made.refresh_from_db()
    assert (made.name, made.note, made.state) == ("No legal check 不走法务", "Ask Legal first.", "chosen")
    assert "No legal check 不走法务" in client.get(PAGE).content.decode()
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"process.save-scenario", "process.decide-scenario"} <= actions


def test_a_try_is_ones_own_and_a_saved_one_its_teams(snapshot, leader, manager, member, make_user, log_in):
    finance = make_user("finance", name="finance")
    made = tried(log_in(leader))
    address = f"{ROOM}scenarios/{made.public_id}/"
    assert log_in(finance).get(address).status_code == 404
    write.save_scenario(leader, made, name="Company wide")
    assert log_in(finance).get(address).status_code == 200
    assert log_in(finance).post(PAGE, WITHOUT_LEGAL).status_code == 404
    assert log_in(finance).post(f"{address}decide/", {"state": "chosen"}).status_code == 404
    assert log_in(manager).get(address).status_code == 404
    assert log_in(member).get(PAGE).status_code == 404
    own = tried(log_in(manager))
    assert own.teams
    write.save_scenario(manager, own, name="Ours")
    assert log_in(leader).get(f"{ROOM}scenarios/{own.public_id}/").status_code == 200


def test_two_saved_ones_are_compared(snapshot, leader, log_in):
    client = log_in(leader)
    one = write.save_scenario(leader, tried(client), name="All of it")
    other = write.save_scenario(leader, tried(client, **{"change-0-share": "10"}), name="A tenth")
    page = client.get(
        f"{ROOM}scenarios/compare/", {"one": one.public_id, "other": other.public_id}
    ).content.decode()
    assert "“All of it” shortens a case more." in page
    assert client.get(f"{ROOM}scenarios/compare/", {"one": one.public_id}).status_code == 404


def test_what_takes_long_is_a_job(snapshot, leader, log_in, monkeypatch):
    monkeypatch.setattr(write, "AT_ONCE_CASES", 5)
    client = log_in(leader)
    made = tried(client)
    assert made.outcome is None
    assert "being played through" in page_of(client, made)
    run_queued()
    made.refresh_from_db()
    assert made.state == "ready"
    assert "less at the median" in page_of(client, made)


def test_an_outcome_stands_when_the_data_change(snapshot, publish, leader, log_in):
    client = log_in(leader)
    made = tried(client)
    publish()
    assert write.work_out(leader, made).outcome == made.outcome
    assert tried(client).pk != made.pk


def test_nothing_is_tried_on_steps_that_are_not_there(snapshot, leader):
    seen = log_seen_by(leader, Asked())
    with pytest.raises(Refused, match=r"whatif\.unknown-activity"):
        write.try_changes(leader, seen, [remove("no such step")])


def test_the_outcome_is_told_in_chinese(snapshot, leader, log_in):
    leader.language = "zh-hans"
    leader.save(update_fields=["language"])
    client = log_in(leader)
    assert "如果改变做法，会怎样？" in client.get(PAGE).content.decode()
    assert "取消legal approval：实例全程中位数可缩短" in page_of(client, tried(client))


def test_only_steps_of_the_process_that_is_looked_at_are_offered(snapshot, leader, log_in):
    page = log_in(leader).get(f"{PAGE}?kind=remove&step=quote").content.decode()
    offered = page.split('name="change-0-step"')[1].split("</select>")[0]
    assert "signed" in offered
    assert "request" not in offered  # a step of the purchases
