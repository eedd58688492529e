"""The policy itself: denied by default, by role, by relation, by field; scopes; the audit trail."""

import datetime
from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.access.policy import LOCAL_OPERATOR, POLICY, Scope, authorize, can, record, scope_of
from steelyard.apps.accounts.models import User
from steelyard.errors import Refused
from tests.conftest import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_an_action_that_nobody_declared_is_refused_to_everybody(leader: User) -> None:
    assert not can(leader, "nothing.declared")
    with pytest.raises(Refused) as refused:
        authorize(leader, "nothing.declared")
    assert (refused.value.code, refused.value.status) == ("access.denied", 404)


def test_without_an_account_only_public_actions_are_open() -> None:
    nobody = AnonymousUser()
    assert {action for action in POLICY if can(nobody, action)} == {
        action for action, rule in POLICY.items() if rule.is_public
    }


def test_an_account_switched_off_may_nothing(make_user: Callable[..., User]) -> None:
    gone = make_user("leader", "analyst", "administrator", is_active=False)
    assert not any(can(gone, action) for action, rule in POLICY.items() if not rule.is_public)
    assert scope_of(gone) == Scope()


def test_a_member_sees_figures_but_not_a_persons(member: User, manager: User) -> None:
    assert can(member, "measure.see")
    assert not can(member, "measure.see", fields={"member"})
    assert can(manager, "measure.see", fields={"member", "value"})


def test_the_administrators_role_opens_no_figures(administrator: User) -> None:
    opened = {action for action in POLICY if can(administrator, action)}
    figures = {action for action in POLICY if action.startswith(("measure.", "diagnose."))}
    assert opened & figures <= {"measure.compute"}, "that one starts a job and shows nothing"
    assert scope_of(administrator) == Scope()


def test_the_local_operator_has_an_analysts_rights() -> None:
    assert can(LOCAL_OPERATOR, "data.import")
    assert not can(LOCAL_OPERATOR, "accounts.users")
    assert scope_of(LOCAL_OPERATOR) == Scope(company=True)
    assert record(LOCAL_OPERATOR, "data.import").actor is None


@pytest.mark.parametrize("role", ["leader", "analyst", "compensation", "finance"])
def test_who_serves_all_of_it_sees_the_company(make_user: Callable[..., User], role: str) -> None:
    assert scope_of(make_user(role)).company


def test_a_manager_sees_the_teams_below_and_a_member_the_own(organisation: Organisation) -> None:
    assert scope_of(organisation.manager) == Scope(teams=frozenset({"sales", "east", "west"}), person="p0")
    assert scope_of(organisation.member) == Scope(teams=frozenset({"east"}), person="p1")


def test_scope_follows_the_day(organisation: Organisation) -> None:
    held = organisation.person.memberships.get()
    held.valid_to = datetime.date(2020, 1, 1)
    held.save()
    assert scope_of(organisation.member).teams == frozenset()
    assert scope_of(organisation.member, on=datetime.date(2019, 12, 31)).teams == {"east"}
    assert scope_of(organisation.member, on=datetime.date(2020, 1, 1)).teams == frozenset()


def test_managing_a_team_without_the_role_of_manager_opens_only_the_own_team(
    organisation: Organisation,
) -> None:
    organisation.manager.roles = ["member"]
    organisation.manager.save()
    assert scope_of(organisation.manager).teams == {"sales"}


def test_an_audit_row_names_who_what_and_which(leader: User, organisation: Organisation) -> None:
    record(leader, "people.change", organisation.person, code="p1")
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.actor_label, entry.action) == (leader, "leader", "people.change")
    assert (entry.object_kind, entry.object_id) == ("people.person", organisation.person.public_id)
    assert entry.detail == {"code": "p1"}
