"""Who sees which page of the organisation: an owner, a team mate, a stranger, and every role."""

from collections.abc import Callable

import pytest
from django.test import Client

from steelyard.apps.accounts.models import User
from steelyard.apps.people import queries
from tests.conftest import Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.database]
LogIn = Callable[[User], Client]
EVERYBODY = ["leader", "analyst", "compensation", "finance", "administrator"]


def address_of(organisation: Organisation) -> str:
    return f"/people/{organisation.person.public_id}/"


def test_a_persons_page_opens_to_the_person_and_the_manager(
    log_in: LogIn, organisation: Organisation
) -> None:
    for viewer in (organisation.member, organisation.manager):
        assert log_in(viewer).get(address_of(organisation)).status_code == 200


def test_to_a_team_mate_and_a_stranger_it_answers_like_an_unknown_one(
    log_in: LogIn, organisation: Organisation
) -> None:
    for viewer in (organisation.mate, organisation.stranger):
        client = log_in(viewer)
        forbidden, unknown = client.get(address_of(organisation)), client.get("/people/0123456789abcdef0123/")
        assert (forbidden.status_code, unknown.status_code) == (404, 404)
        assert "Lin Yue" not in forbidden.content.decode()


@pytest.mark.parametrize("role", EVERYBODY)
def test_who_serves_all_of_it_sees_everybody(
    log_in: LogIn, make_user: Callable[..., User], organisation: Organisation, role: str
) -> None:
    client = log_in(make_user(role, name=f"{role} viewer"))
    assert client.get(address_of(organisation)).status_code == 200
    assert "Stranger" in client.get("/people/").content.decode()


def test_a_teams_page_opens_to_its_members_by_name(log_in: LogIn, organisation: Organisation) -> None:
    address = f"/people/teams/{organisation.east.public_id}/"
    for viewer in (organisation.member, organisation.mate, organisation.manager):
        assert "Lin Yue" in log_in(viewer).get(address).content.decode()
    assert log_in(organisation.stranger).get(address).status_code == 404
    page = log_in(organisation.mate).get(address).content.decode()
    assert organisation.person.public_id not in page, "a name, not a way in"


def test_a_list_and_its_search_show_only_who_may_be_seen(log_in: LogIn, organisation: Organisation) -> None:
    for text in ("", "?q=lin", "?q=stranger", "?q=p3", "?q=p3@example.com"):
        page = log_in(organisation.mate).get(f"/people/{text}").content.decode()
        assert organisation.person.public_id not in page
        assert organisation.stranger_person.public_id not in page


def test_the_tree_shows_the_own_branch(organisation: Organisation) -> None:
    def names(viewer: User) -> list[str]:
        return sorted(branch.team.code for branch in queries.team_tree(viewer))

    assert names(organisation.member) == ["east"]
    assert names(organisation.manager) == ["sales"]
    assert [branch.team.code for branch in queries.team_tree(organisation.manager)[0].branches] == [
        "east",
        "west",
    ]


@pytest.mark.parametrize(
    "path", ["change/", "move/", "manager/", "aliases/", "account/", "memberships/1/", "memberships/1/end/"]
)
@pytest.mark.parametrize("role", ["leader", "finance", "manager", "member"])
def test_who_does_not_keep_the_organisation_cannot_change_it(
    log_in: LogIn, make_user: Callable[..., User], organisation: Organisation, role: str, path: str
) -> None:
    client = log_in(make_user(role, name=f"{role} viewer"))
    assert client.get(address_of(organisation) + path).status_code == 404
    assert client.post(address_of(organisation) + path, {}).status_code == 404


def test_linking_an_account_is_the_administrators_and_asks_for_the_password(
    log_in: LogIn, analyst: User, administrator: User, organisation: Organisation
) -> None:
    address = f"{address_of(organisation)}account/"
    assert log_in(analyst).get(address).status_code == 404
    answer = log_in(administrator).post(address, {"user": analyst.pk})
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_a_long_list_costs_the_same(
    log_in: LogIn,
    analyst: User,
    organisation: Organisation,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    from steelyard.apps.people.models import Membership, Person

    for number in range(40):
        person = Person.objects.create(code=f"x{number}", name=f"X {number}")
        Membership.objects.create(person=person, team=organisation.east, valid_from="2020-01-01")
    client = log_in(analyst)
    with django_assert_max_num_queries(7):
        client.get("/people/")
