"""Causes from a hypothesis to a decision, and who may see and do what."""

import pytest
from django.urls import reverse

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.causes import actions
from steelyard.apps.causes.models import Cause, Wording
from steelyard.apps.diagnose.actions import start_diagnosis
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def cause(leader, diagnosis):
    return actions.add_cause(leader, diagnosis, lens="skills", text="New people negotiate alone")


def at(diagnosis, name="lenses", *keys):
    return reverse(name, args=[diagnosis.public_id, *keys])


def sent(cause, **more):
    """The form of a cause as its page would send it."""
    return {"text": cause.text, "lens": cause.lens, "finding": "", "version": cause.version} | more


def test_a_cause_out_of_a_lens_carries_its_test(leader, run, log_in):
    page = {"text": "New people negotiate alone", "lens": "skills", "finding": "", "with_test": "1"}
    answer = log_in(leader).post(at(run.diagnosis, "new_cause"), page)
    made = Cause.objects.get()
    assert answer.url == at(run.diagnosis, "cause", made.public_id)
    assert (made.status, made.test["verdict"]) == ("tested", "supported")
    assert made.tested_on == run.created_at.date() or made.tested_on is not None
    told = log_in(leader).get(answer.url).content.decode()
    assert "54% of the gap" in told
    assert "tested on" in told


def test_a_hypothesis_is_tested_confirmed_and_reopened(leader, run, log_in):
    cause = actions.add_cause(leader, run.diagnosis, lens="skills", text="New people negotiate alone")
    client, key = log_in(leader), cause.public_id
    client.post(at(run.diagnosis, "test_cause", key), {"version": 1})
    client.post(
        at(run.diagnosis, "decide_cause", key),
        {"status": "confirmed", "reason": "Ride-alongs showed the same", "version": 2},
    )
    cause.refresh_from_db()
    assert (cause.status, cause.decided_by, cause.reason) == (
        "confirmed",
        leader,
        "Ride-alongs showed the same",
    )
    assert AuditEntry.objects.filter(action="causes.decide").get().detail["status"] == "confirmed"
    client.post(at(run.diagnosis, "reopen_cause", key), {"version": 3})
    cause.refresh_from_db()
    assert (cause.status, cause.reason) == ("tested", "")
    kept = Wording.objects.get(kind="reason")
    assert (kept.text, kept.author) == ("Ride-alongs showed the same", leader)


def test_nothing_is_confirmed_with_nothing_behind_it_or_without_a_reason(leader, cause):
    with pytest.raises(Refused) as refused:
        actions.decide(leader, cause, status="confirmed", reason="I think so", based_on=1)
    assert refused.value.code == "causes.nothing-behind"
    cause.test = {"lens": "skills", "verdict": "supported"}
    cause.save(update_fields=["test"])
    with pytest.raises(Refused) as refused:
        actions.decide(leader, cause, status="rejected", reason="  ", based_on=1)
    assert refused.value.code == "causes.no-reason"


def test_what_was_confirmed_is_what_was_read(leader, run, cause):
    """A text that changed meanwhile is not confirmed unread."""
    actions.test_cause(leader, cause, run, based_on=1)
    actions.change_cause(leader, cause, text="Another cause", lens="skills", finding=None, based_on=2)
    with pytest.raises(Refused) as refused:
        actions.decide(leader, cause, status="confirmed", reason="Yes", based_on=2)
    assert refused.value.code == "causes.overtaken"
    cause.refresh_from_db()
    assert cause.status == "tested"


def test_another_lens_takes_the_test_away(leader, run, cause):
    actions.test_cause(leader, cause, run, based_on=1)
    changed = actions.change_cause(leader, cause, text=cause.text, lens="process", finding=None, based_on=2)
    assert (changed.status, changed.test) == ("hypothesis", None)


def test_a_cause_answers_a_finding_of_its_own_diagnosis(leader, diagnosis, cause, log_in):
    finding = diagnosis.findings.filter(kind="segment").first()
    log_in(leader).post(at(diagnosis, "change_cause", cause.public_id), sent(cause, finding=str(finding.pk)))
    cause.refresh_from_db()
    assert cause.finding == finding
    other = start_diagnosis(leader, kpi="win_rate", period="2025-Q4", against="previous")
    with pytest.raises(Refused):
        actions.add_cause(leader, other, lens="skills", text="x", finding=finding)


def test_blame_of_a_person_is_pointed_out_and_kept(leader, organisation, diagnosis, log_in):
    client = log_in(leader)
    form = {"text": "林悦太懒，不跟进客户", "lens": "skills", "finding": ""}
    page = client.post(at(diagnosis, "new_cause"), form, follow=True).content.decode()
    assert "reads as blame of Lin Yue" in page
    assert Cause.objects.get().text == "林悦太懒，不跟进客户"


def test_only_who_sees_the_diagnosis_sees_its_causes(
    diagnosis, cause, manager, member, administrator, organisation, log_in
):
    names = ("lenses", "causes_panel", "fishbone", "whys", "countermeasures", "new_cause", "new_evidence")
    paths = [at(diagnosis, name) for name in names] + [at(diagnosis, "cause", cause.public_id)]
    for who in (manager, member, organisation.stranger, administrator):
        assert {log_in(who).get(path).status_code for path in paths} == {404}
        form = {"text": "x", "lens": "skills", "finding": ""}
        assert log_in(who).post(at(diagnosis, "new_cause"), form).status_code == 404
    assert Cause.objects.count() == 1


def test_a_cause_is_found_under_its_own_diagnosis_alone(leader, cause, manager, snapshot, log_in):
    own = start_diagnosis(manager, kpi="won_revenue", period="2025-Q4", against="year-ago")
    client = log_in(manager)
    assert client.get(at(own)).status_code == 200
    assert client.get(at(own, "cause", cause.public_id)).status_code == 404
    assert client.post(at(own, "change_cause", cause.public_id), sent(cause, text="mine")).status_code == 404


def test_finance_reads_and_writes_and_leaves_the_decision_to_others(run, leader, finance, log_in):
    cause = actions.add_cause(leader, run.diagnosis, lens="skills", text="New people negotiate alone")
    client = log_in(finance)
    assert client.get(at(run.diagnosis, "cause", cause.public_id)).status_code == 200
    decision = {"status": "confirmed", "reason": "x", "version": 1}
    address = at(run.diagnosis, "decide_cause", cause.public_id)
    assert client.post(address, decision).status_code == 404
