"""What every test stands on: a data folder of its own, the accounts by role, and a small organisation."""

import datetime
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

if TYPE_CHECKING:
    from django.test import Client

    from steelyard.apps.accounts.models import User
    from steelyard.apps.people.models import Person, Team

PASSWORD = "a quiet brass weight"
TODAY = datetime.date.today()  # noqa: DTZ011  spans are days in the site's own calendar
LONG_AGO = datetime.date(2015, 1, 1)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """STEELYARD_TEST_DATABASE=postgres runs the database tests on a throw-away PostgreSQL."""
    if os.environ.get("STEELYARD_TEST_DATABASE") != "postgres":
        yield
        return
    from tests.postgres import binaries, throw_away_server

    if binaries() is None:
        pytest.skip("PostgreSQL is not here: tests/setup.sh installs it on Debian as root")
    with throw_away_server() as url:
        yield from use_database(url)


def use_database(url: str) -> Iterator[None]:
    import dj_database_url
    from django.db import connections

    chosen = connections.configure_settings({"default": dict(dj_database_url.parse(url))})
    settings.DATABASES["default"] = chosen["default"]
    connections.settings["default"] = chosen["default"]
    del connections["default"]
    yield
    connections["default"].close()


@pytest.fixture(autouse=True)
def clean_cache() -> Iterator[None]:
    """Tries at logging in are counted in the cache."""
    from django.core.cache import cache

    yield
    cache.clear()


@pytest.fixture
def make_user(db: None) -> "Callable[..., User]":
    """make_user("analyst", …) → an account with these roles, logged in with PASSWORD."""

    def make(*roles: str, name: str = "", email: str = "", **fields: Any) -> "User":
        from steelyard.apps.accounts.models import User

        label = name or "-".join(roles) or "nobody"
        return User.objects.create_user(
            email or f"{label.replace(' ', '.')}@example.com".lower(),
            password=PASSWORD,
            name=label,
            roles=list(roles),
            **fields,
        )

    return make


@pytest.fixture
def log_in() -> "Callable[[User], Client]":
    """log_in(user) → a client with that user's session."""

    def log(user: "User") -> "Client":
        from django.test import Client

        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log


@pytest.fixture
def leader(make_user: "Callable[..., User]") -> "User":
    return make_user("leader")


@pytest.fixture
def analyst(make_user: "Callable[..., User]") -> "User":
    return make_user("analyst")


@pytest.fixture
def compensation(make_user: "Callable[..., User]") -> "User":
    return make_user("compensation")


@pytest.fixture
def finance(make_user: "Callable[..., User]") -> "User":
    return make_user("finance")


@pytest.fixture
def administrator(make_user: "Callable[..., User]") -> "User":
    return make_user("administrator")


@pytest.fixture
def manager(organisation: "Organisation") -> "User":
    """Manages Sales, above East and West."""
    return organisation.manager


@pytest.fixture
def member(organisation: "Organisation") -> "User":
    """A member of East."""
    return organisation.member


@dataclass(frozen=True)
class Organisation:
    """Sales over East and West; Marketing beside it. The owner is `member`, of East."""

    sales: "Team"
    east: "Team"
    west: "Team"
    marketing: "Team"
    manager: "User"
    member: "User"
    mate: "User"
    stranger: "User"
    person: "Person"
    mate_person: "Person"
    stranger_person: "Person"
    manager_person: "Person"


@pytest.fixture
def organisation(make_user: "Callable[..., User]") -> Organisation:
    from steelyard.apps.people.models import Membership, Person, Team

    sales = Team.objects.create(code="sales", name="Sales", region="All")
    east = Team.objects.create(code="east", name="East", parent=sales, region="East")
    west = Team.objects.create(code="west", name="West", parent=sales, region="West")
    marketing = Team.objects.create(code="marketing", name="Marketing")

    def join(code: str, name: str, team: Team, role: str, user: "User") -> Person:
        person = Person.objects.create(code=code, name=name, email=f"{code}@example.com", user=user)
        Membership.objects.create(person=person, team=team, role=role, valid_from=LONG_AGO)
        return person

    boss = make_user("manager", name="Boss")
    own, mate = make_user("member", name="Lin Yue"), make_user("member", name="Mate")
    stranger = make_user("member", name="Stranger")
    return Organisation(
        sales=sales,
        east=east,
        west=west,
        marketing=marketing,
        manager=boss,
        member=own,
        mate=mate,
        stranger=stranger,
        manager_person=join("p0", "Boss", sales, "manager", boss),
        person=join("p1", "Lin Yue 林悦", east, "member", own),
        mate_person=join("p2", "Mate", east, "member", mate),
        stranger_person=join("p3", "Stranger", marketing, "member", stranger),
    )
