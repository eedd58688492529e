"""Administration of accounts: invitations, roles, switching off; the password is asked for again."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.accounts import actions
from steelyard.apps.accounts.models import User
from steelyard.errors import Refused
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.database]
NEW = {"name": "New One", "email": "new@example.com", "roles": ["member"]}


@pytest.fixture
def at_desk(administrator: User) -> Client:
    """The administrator, who has typed the password just now."""
    client = Client()
    client.post("/accounts/login/", {"login": administrator.email, "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def link_in(page: object) -> str:
    found = re.search(r'value="http://testserver(/accounts/invitation/[^"]+)"', page.content.decode())
    assert found
    return found[1]


def test_an_invitation_works_once(at_desk: Client) -> None:
    link = link_in(at_desk.post("/settings/users/new/", NEW))
    guest = Client()
    assert "New One" in guest.get(link).content.decode()
    chosen = {"password": "another brass weight", "again": "another brass weight"}
    assert guest.post(link, chosen)["Location"] == "/"
    assert guest.get("/settings/").status_code == 200
    assert Client().get(link).status_code == 410
    assert Client().post(link, chosen).status_code == 410


def test_a_new_link_ends_the_password_the_sessions_and_older_links(at_desk: Client) -> None:
    first = link_in(at_desk.post("/settings/users/new/", NEW))
    guest = Client()
    guest.post(first, {"password": "another brass weight", "again": "another brass weight"})
    user = User.objects.get(email="new@example.com")
    second = link_in(at_desk.post(f"/settings/users/{user.public_id}/link/"))
    assert guest.get("/settings/").status_code == 302
    assert Client().get(first).status_code == 410
    assert Client().get(second).status_code == 200


def test_a_link_to_an_account_that_was_switched_off_is_void(at_desk: Client) -> None:
    link = link_in(at_desk.post("/settings/users/new/", NEW))
    user = User.objects.get(email="new@example.com")
    at_desk.post(f"/settings/users/{user.public_id}/switch/")
    assert Client().get(link).status_code == 410


def test_an_address_has_one_account(at_desk: Client, leader: User) -> None:
    page = at_desk.post("/settings/users/new/", NEW | {"email": "LEADER@example.com"})
    assert "There is an account" in page.content.decode()


def test_rights_taken_away_hold_from_the_next_request(
    at_desk: Client, compensation: User, log_in: Callable[[User], Client]
) -> None:
    theirs = log_in(compensation)
    assert theirs.get("/people/new/").status_code == 200
    at_desk.post(f"/settings/users/{compensation.public_id}/", {"name": "C", "roles": ["finance"]})
    assert theirs.get("/people/new/").status_code == 404


def test_the_last_administrator_stays(at_desk: Client, administrator: User) -> None:
    address = f"/settings/users/{administrator.public_id}/"
    page = at_desk.post(address, {"name": "A", "roles": ["leader"]})
    assert "the last active administrator" in page.content.decode()
    assert at_desk.post(f"{address}switch/").status_code == 409
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.has_role("administrator")


def test_another_administrator_may_take_over(
    at_desk: Client, administrator: User, make_user: Callable[..., User]
) -> None:
    make_user("administrator", name="second")
    at_desk.post(f"/settings/users/{administrator.public_id}/switch/")
    administrator.refresh_from_db()
    assert not administrator.is_active


@pytest.mark.parametrize("path", ["switch/", "link/", "second-factor/", ""])
def test_without_the_password_again_nothing_changes(
    administrator: User, leader: User, log_in: Callable[[User], Client], path: str
) -> None:
    address = f"/settings/users/{leader.public_id}/{path}"
    answer = log_in(administrator).post(address, {"name": "Changed", "roles": ["administrator"]})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    leader.refresh_from_db()
    assert (leader.name, leader.roles, leader.is_active) == ("leader", ["leader"], True)


@pytest.mark.parametrize("role", ["leader", "manager", "member", "analyst", "compensation", "finance"])
def test_nobody_else_finds_the_accounts(
    make_user: Callable[..., User], administrator: User, log_in: Callable[[User], Client], role: str
) -> None:
    viewer = make_user(role, name=f"viewer {role}")
    client = log_in(viewer)
    for path in ("", "new/", f"{administrator.public_id}/"):
        assert client.get(f"/settings/users/{path}").status_code == 404
    with pytest.raises(Refused, match=r"access\.denied"):
        actions.invite(viewer, email="x@example.com", name="X", roles=[])


def test_every_change_leaves_its_trace(at_desk: Client, administrator: User) -> None:
    at_desk.post("/settings/users/new/", NEW)
    user = User.objects.get(email="new@example.com")
    at_desk.post(f"/settings/users/{user.public_id}/switch/")
    entries = AuditEntry.objects.filter(object_id=user.public_id).order_by("id")
    assert [(entry.action, entry.actor) for entry in entries] == [
        ("accounts.invite", administrator),
        ("accounts.switch-off", administrator),
    ]


def test_a_list_of_accounts_costs_the_same_for_many(
    at_desk: Client, make_user: Callable[..., User], django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(20):
        make_user("member", name=f"user {number}")
    with django_assert_max_num_queries(8):
        at_desk.get("/settings/users/")


def test_an_account_may_exist_without_a_role(
    log_in: Callable[[User], Client], make_user: Callable[..., User]
) -> None:
    page = log_in(make_user()).get("/settings/").content.decode()
    assert "no role yet" in page
