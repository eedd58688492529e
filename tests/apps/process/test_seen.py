"""Whose work a viewer sees, and which part of it an address asks for."""

import numpy as np
import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.process.queries.choices import choices_for
from steelyard.apps.process.queries.cost import hourly_cost
from steelyard.apps.process.queries.hours import waiting_of
from steelyard.apps.process.queries.seen import Asked, log_seen_by
from steelyard.apps.process.queries.troubles import handoffs_of
from steelyard.apps.process.queries.work import last_teams, work_of
from steelyard.errors import Refused
from tests.apps.process.made_up import CONTRACTS, COUNT, PURCHASES


def code_of(act) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_the_largest_process_comes_first_and_the_others_can_be_asked_for(snapshot, leader):
    seen = log_seen_by(leader, Asked())
    assert seen.processes == ((CONTRACTS, COUNT), (PURCHASES, 12))
    assert seen.asked.process == CONTRACTS
    assert len(seen.log.cases) == COUNT
    assert len(log_seen_by(leader, Asked(PURCHASES)).log.cases) == 12


def test_a_team_is_the_cases_in_which_it_had_a_hand_with_those_below(snapshot, leader):
    assert len(log_seen_by(leader, Asked(team="east")).log.cases) == COUNT / 2
    assert len(log_seen_by(leader, Asked(team="sales")).log.cases) == COUNT
    assert log_seen_by(leader, Asked(team="marketing")).asked.process == PURCHASES


def test_a_manager_sees_the_cases_of_the_teams_that_they_lead(snapshot, manager):
    seen = log_seen_by(manager, Asked())
    assert seen.teams == ("east", "sales", "west")
    assert [name for name, _ in seen.processes] == [CONTRACTS]
    assert len(log_seen_by(manager, Asked(PURCHASES)).log.cases) == 0


def test_another_teams_work_is_not_there(snapshot, manager, make_user, organisation):
    assert code_of(lambda: log_seen_by(manager, Asked(team="marketing"))) == "access.denied"
    other = make_user("manager", name="Other")
    assert code_of(lambda: log_seen_by(other, Asked())) == "process.no-team"


def test_people_of_other_teams_have_no_names_for_a_manager(snapshot, manager, leader):
    everybody, own = log_seen_by(leader, Asked()), log_seen_by(manager, Asked())
    assert {line.taker for line in handoffs_of(everybody, "performer").lines} == {"Legal", "p0", "p1", "p4"}
    assert {line.taker for line in handoffs_of(own, "performer").lines} == {"? 1", "p0", "p1", "p4"}
    assert "Legal" in {each.performer for each in waiting_of(everybody).performers}
    assert "Legal" not in {each.performer for each in waiting_of(own).performers}
    assert handoffs_of(own, "role") == handoffs_of(everybody, "role")


def test_a_member_has_no_access(snapshot, member):
    assert code_of(lambda: log_seen_by(member, Asked())) == "access.denied"


def test_a_period_holds_the_cases_that_came_in_by_the_sites_own_clock(snapshot, leader):
    first = log_seen_by(leader, Asked(period="2025-01"))
    assert first.log.cases.to_pylist() == ["K000", "K001", "K002", "K003", "K004", "K005"]
    parts = [log_seen_by(leader, Asked(period=f"2025-Q{number}")) for number in range(1, 5)]
    assert sum(len(part.log.cases) for part in parts) == COUNT
    assert code_of(lambda: log_seen_by(leader, Asked(period="soon"))) == "period.unreadable"


def test_attributes_narrow_and_one_that_is_not_there_is_refused(snapshot, leader):
    found = log_seen_by(leader, Asked(where={"region": "East", "product": "Beam"}))
    assert len(found.log.cases) == COUNT / 6
    assert code_of(lambda: log_seen_by(leader, Asked(where={"colour": "red"}))) == "process.no-such-attribute"


def test_without_a_log_there_is_nothing_to_see(publish, leader):
    publish(without=("work_events",))
    assert log_seen_by(leader, Asked()) is None


def test_a_log_is_read_once_and_an_answer_worked_out_once(snapshot, leader, analyst):
    assert log_seen_by(leader, Asked()).log is log_seen_by(analyst, Asked()).log
    asked = []
    for viewer in (leader, analyst):
        log_seen_by(viewer, Asked()).kept("test", lambda log: asked.append(len(log)))
    assert len(asked) == 1


def test_times_of_the_wall_become_instants(snapshot, settings):
    log = work_of(snapshot).log
    nine_in_shanghai = np.datetime64("2025-01-06T01:00:00", "us").astype(np.int64)
    assert log.started.min() == nine_in_shanghai


def test_the_bar_offers_what_the_viewer_may_ask_for(snapshot, leader, manager):
    found = choices_for(leader, log_seen_by(leader, Asked()))
    assert found.processes == (CONTRACTS, PURCHASES)
    assert set(found.teams) == {"sales", "east", "west", "marketing"}
    assert found.attributes == {"region": ("East", "West"), "product": ("Anchor", "Beam", "Pivot")}
    assert found.periods["quarter"][0].label == "2025-Q4"
    own = choices_for(manager, log_seen_by(manager, Asked()))
    assert set(own.teams) == {"sales", "east", "west"}


def test_an_hour_costs_what_the_headcount_of_the_teams_tells(snapshot, publish, leader):
    assert hourly_cost(log_seen_by(LOCAL_OPERATOR, Asked())) == 75
    assert hourly_cost(log_seen_by(leader, Asked(team="east"))) == 50
    assert hourly_cost(log_seen_by(leader, Asked(team="marketing"))) is None
    publish(without=("headcount",))
    assert hourly_cost(log_seen_by(leader, Asked())) is None


def test_performers_are_known_by_the_team_of_their_last_step(snapshot):
    assert last_teams(work_of(snapshot)) == {"p0": "sales", "p1": "east", "p3": "marketing", "p4": "west"}
