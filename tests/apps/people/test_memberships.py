"""Memberships and reporting lines in time: half-open, one team at a time, nothing forgotten."""

import datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.apps.accounts.models import User
from steelyard.apps.people import actions
from steelyard.apps.people.models import Membership
from steelyard.errors import Refused
from tests.conftest import LONG_AGO, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MARCH, JUNE = datetime.date(2024, 3, 1), datetime.date(2024, 6, 1)


def spans(organisation: Organisation) -> list[tuple[str, datetime.date, datetime.date | None]]:
    held = organisation.person.memberships.order_by("valid_from")
    return [(each.team.code, each.valid_from, each.valid_to) for each in held]


def test_a_move_closes_the_team_before(analyst: User, organisation: Organisation) -> None:
    actions.move_person(analyst, organisation.person, team=organisation.west, on=MARCH)
    assert spans(organisation) == [("east", LONG_AGO, MARCH), ("west", MARCH, None)]


def test_a_move_in_the_past_ends_where_the_next_begins(analyst: User, organisation: Organisation) -> None:
    actions.move_person(analyst, organisation.person, team=organisation.west, on=JUNE)
    actions.move_person(analyst, organisation.person, team=organisation.marketing, on=MARCH)
    assert spans(organisation) == [
        ("east", LONG_AGO, MARCH),
        ("marketing", MARCH, JUNE),
        ("west", JUNE, None),
    ]


def test_a_second_move_on_the_same_day_mends_the_first(analyst: User, organisation: Organisation) -> None:
    actions.move_person(analyst, organisation.person, team=organisation.west, on=MARCH)
    actions.move_person(analyst, organisation.person, team=organisation.marketing, on=MARCH)
    assert spans(organisation) == [("east", LONG_AGO, MARCH), ("marketing", MARCH, None)]


def test_an_overlap_and_an_end_before_the_start_are_refused(
    analyst: User, organisation: Organisation
) -> None:
    moved = actions.move_person(analyst, organisation.person, team=organisation.west, on=MARCH)
    with pytest.raises(Refused, match=r"people\.overlap"):
        actions.change_membership(
            analyst, moved, team=organisation.west, role="member", valid_from=LONG_AGO, valid_to=None
        )
    with pytest.raises(Refused, match=r"people\.ends-before-start"):
        actions.end_membership(analyst, moved, on=MARCH)
    assert spans(organisation) == [("east", LONG_AGO, MARCH), ("west", MARCH, None)]


def test_the_last_day_of_a_span_is_the_day_before_its_end(organisation: Organisation) -> None:
    held = Membership(valid_from=MARCH, valid_to=JUNE)
    assert held.holds_on(MARCH)
    assert held.holds_on(JUNE - datetime.timedelta(days=1))
    assert not held.holds_on(JUNE)
    assert not held.overlaps(JUNE, None)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 60), st.sampled_from(["east", "west", "marketing"])), max_size=8))
def test_any_moves_leave_one_team_a_day(
    analyst: User, organisation: Organisation, moves: list[tuple[int, str]]
) -> None:
    organisation.person.memberships.all().delete()
    teams = {"east": organisation.east, "west": organisation.west, "marketing": organisation.marketing}
    expected: dict[int, str] = {}
    for day, team in moves:
        actions.move_person(
            analyst, organisation.person, team=teams[team], on=MARCH + datetime.timedelta(days=day)
        )
        expected[day] = team
    held = list(organisation.person.memberships.select_related("team"))
    for day in range(70):
        on = [each.team.code for each in held if each.holds_on(MARCH + datetime.timedelta(days=day))]
        starts = [start for start in expected if start <= day]
        assert on == ([expected[max(starts)]] if starts else [])


def test_a_solid_line_replaces_the_one_before_and_dotted_ones_stand_beside(
    analyst: User, organisation: Organisation
) -> None:
    person, boss, mate = organisation.person, organisation.manager_person, organisation.mate_person
    actions.set_manager(analyst, person, manager=boss, on=LONG_AGO)
    actions.set_manager(analyst, person, manager=mate, on=MARCH)
    for manager in (boss, organisation.stranger_person):
        actions.set_manager(analyst, person, manager=manager, kind="dotted", on=MARCH)
    solid = person.manager_links.filter(kind="solid").order_by("valid_from")
    assert [(link.manager, link.valid_to) for link in solid] == [(boss, MARCH), (mate, None)]
    assert person.manager_links.filter(kind="dotted", valid_to=None).count() == 2
    with pytest.raises(Refused, match=r"people\.own-manager"):
        actions.set_manager(analyst, person, manager=person, on=MARCH)


def test_a_team_never_stands_below_itself(analyst: User, organisation: Organisation) -> None:
    with pytest.raises(Refused, match=r"people\.team-circle"):
        actions.change_team(analyst, organisation.sales, name="Sales", parent=organisation.east, region="")


def test_an_alias_names_one_person(analyst: User, organisation: Organisation) -> None:
    actions.add_alias(analyst, organisation.person, text="  LIN  ")
    with pytest.raises(Refused, match=r"people\.known-alias"):
        actions.add_alias(analyst, organisation.mate_person, text="lin")


def test_pages_change_the_organisation_and_say_what_is_refused(
    analyst: User, organisation: Organisation, log_in: object
) -> None:
    client: Client = log_in(analyst)
    address = f"/people/{organisation.person.public_id}/"
    client.post(f"{address}move/", {"team": organisation.west.pk, "role": "manager", "on": "2024-03-01"})
    assert spans(organisation)[-1] == ("west", MARCH, None)
    held = organisation.person.memberships.get(valid_to=None)
    page = client.post(f"{address}memberships/{held.pk}/end/", {"on": "2024-02-01"})
    assert "It would end before it begins" in page.content.decode()
    client.post(f"{address}memberships/{held.pk}/end/", {"on": "2024-06-01"})
    assert spans(organisation)[-1] == ("west", MARCH, JUNE)
    made = client.post("/people/new/", {"code": "p9", "name": "New"})
    assert client.get(made["Location"]).status_code == 200
    assert "is taken" in client.post("/people/new/", {"code": "p9", "name": "New"}).content.decode()


def test_a_membership_is_reached_only_through_its_own_person(
    analyst: User, organisation: Organisation, log_in: object
) -> None:
    other = organisation.stranger_person.memberships.get()
    address = f"/people/{organisation.person.public_id}/memberships/{other.pk}/"
    assert log_in(analyst).get(address).status_code == 404
