"""What a question may be, whose facts answer it, and how the answer is kept."""

import pytest

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.diagnose.actions import start_diagnosis, write_note
from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.apps.diagnose.queries.asking import parse_where, question, where_texts
from steelyard.apps.diagnose.queries.reading import reading_of
from steelyard.apps.diagnose.queries.saved import diagnoses_seen_by, diagnosis_seen_by, is_outdated
from steelyard.errors import Refused

ASKED = {"kpi": "won_revenue", "period": "2025-Q4", "against": "year-ago"}


def code_of(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_the_driver_and_the_segment_that_were_planted_are_found(snapshot):
    found = reading_of(start_diagnosis(LOCAL_OPERATOR, **ASKED).result)
    assert found.with_gap[0].kpi == "win_rate"
    assert found.cut == "win_rate"
    assert any(each.where.get("product") == "Beam" for each in found.segments)
    parts = sum(each.contribution for each in found.drivers) + found.residual
    assert parts == pytest.approx(found.gap)
    segments = sum(each.contribution for each in found.segments) + found.rest + found.outside_cut
    assert segments == pytest.approx(found.gap)


def test_an_answer_is_kept_with_what_it_followed_from(snapshot, leader):
    made = start_diagnosis(leader, **ASKED)
    assert made.snapshot == snapshot
    assert made.kpi_versions == {
        "won_revenue": 1,
        "opportunities_closed": 1,
        "win_rate": 1,
        "average_deal_size": 1,
    }
    assert made.actor == leader
    reading = reading_of(made.result)
    kinds = made.findings.values_list("kind", flat=True)
    assert list(kinds).count(Finding.Kind.DRIVER) == 3
    assert list(kinds).count(Finding.Kind.SEGMENT) == len(reading.segments)
    assert AuditEntry.objects.filter(action="diagnose.start", object_id=made.public_id).exists()


def test_the_same_question_of_the_same_data_is_answered_once(snapshot, publish, leader, analyst):
    first = start_diagnosis(leader, **ASKED)
    assert start_diagnosis(analyst, **ASKED) == first
    assert not is_outdated(first)
    publish("opportunities")
    assert is_outdated(first)
    assert start_diagnosis(leader, **ASKED) != first
    before = dict(first.result)
    first.refresh_from_db()
    assert first.result == before


def test_a_manager_asks_about_the_teams_they_lead(snapshot, manager):
    made = start_diagnosis(manager, **ASKED)
    assert made.teams == ["east", "sales", "west"]
    assert made.where == {"team": "sales"}
    of_east = start_diagnosis(manager, **ASKED, where={"team": "east"})
    assert of_east.teams == ["east"]
    assert reading_of(of_east.result).n < reading_of(made.result).n


@pytest.mark.parametrize("where", [{"team": "marketing"}, {"team": ["east", "marketing"]}, {"team": None}])
def test_a_manager_cannot_ask_about_others(snapshot, manager, where):
    assert code_of(lambda: start_diagnosis(manager, **ASKED, where=where)) == "access.denied"
    assert not Diagnosis.objects.exists()


def test_a_member_and_a_stranger_cannot_ask(snapshot, member, organisation, administrator):
    for who in (member, organisation.stranger, administrator):
        assert code_of(lambda who=who: start_diagnosis(who, **ASKED)) == "access.denied"


def test_a_manager_without_a_team_is_told_so(snapshot, make_user):
    assert code_of(lambda: start_diagnosis(make_user("manager"), **ASKED)) == "diagnose.no-team"


def test_who_sees_which_diagnosis(snapshot, leader, manager, organisation):
    company = start_diagnosis(leader, **ASKED)
    own = start_diagnosis(leader, **ASKED, where={"team": "east"})
    other = start_diagnosis(leader, **ASKED, where={"team": "marketing"})
    assert set(diagnoses_seen_by(leader)) == {company, own, other}
    assert list(diagnoses_seen_by(manager)) == [own]
    assert code_of(lambda: diagnosis_seen_by(manager, company.public_id)) == "access.denied"
    organisation.manager_person.memberships.update(valid_to="2016-01-01")
    assert code_of(lambda: diagnosis_seen_by(manager, own.public_id)) == "access.denied"


def test_a_target_of_a_team_is_that_teams_own(snapshot, leader):
    asked = {**ASKED, "against": "target"}
    assert float(start_diagnosis(leader, **asked).result["baseline"]) == 2_400_000
    assert float(start_diagnosis(leader, **asked, where={"team": "east"}).result["baseline"]) == 1_200_000
    refused = code_of(lambda: start_diagnosis(leader, **asked, where={"product": "Beam"}))
    assert refused == "diagnosis.no-target"


def test_a_manager_asks_against_the_target_of_the_team_they_lead(snapshot, manager):
    made = start_diagnosis(manager, **ASKED | {"against": "target"})
    assert float(made.result["baseline"]) == 2_300_000
    assert made.result["standings"][0]["target"] == 2_300_000


def test_names_are_those_of_the_snapshot(snapshot, leader):
    made = start_diagnosis(leader, **ASKED, where={"team": "east"})
    assert made.result["names"]["team"]["east"] == "East 华东"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kpi": "nonsense"}, "kpi.unknown"),
        ({"period": "soon"}, "period.unreadable"),
        ({"against": "someday"}, "period.unreadable"),
        ({"against": "2025-Q4"}, "diagnose.same-period"),
        ({"where": {str(place): "x" for place in range(7)}}, "diagnose.too-many-conditions"),
        ({"where": {"colour": "red"}}, "kpi.unknown-dimension"),
        ({"kpi": "invoiced"}, "kpi.missing-column"),
    ],
)
def test_what_cannot_be_asked_is_refused(snapshot, leader, change, code):
    assert code_of(lambda: start_diagnosis(leader, **{**ASKED, **change})) == code


def test_without_data_the_way_to_them_is_told(db, leader):
    assert code_of(lambda: start_diagnosis(leader, **ASKED)) == "diagnose.no-data"


def test_conditions_are_read_and_written():
    where = parse_where(["region=East", "product=A", "product=B", "industry="])
    assert where == {"region": "East", "product": ["A", "B"], "industry": None}
    assert parse_where(where_texts(where)) == where
    assert code_of(lambda: parse_where(["region"])) == "diagnose.bad-condition"


def test_a_question_names_all_that_its_answer_follows_from(snapshot, leader):
    def mark(**change) -> str:
        asked = question(leader, **{**ASKED, **change})
        return asked.fingerprint(snapshot, versions={"won_revenue": 1}, engine="1")

    changes = [{}, {"period": "2025-Q3"}, {"against": "previous"}, {"where": {"product": "Beam"}}]
    assert len({mark(**change) for change in changes}) == len(changes)
    assert mark() == mark()


def test_a_note_is_kept_beside_the_answer(snapshot, leader):
    made = start_diagnosis(leader, **ASKED)
    write_note(leader, made, "  asked the team  ")
    made.refresh_from_db()
    assert made.note == "asked the team"
    assert code_of(lambda: write_note(leader, made, "x" * 2001)) == "diagnose.note-too-long"
