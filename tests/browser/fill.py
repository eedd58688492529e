"""Fills the browser tests' own data folder: run as a script, with STEELYARD_DATA set.

Public ids are chosen here so that `pages.py` can name them. Add a function to FILLERS for more.
"""

import datetime
import os
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402  Django must be set up first

from steelyard.apps.accounts.models import Role, User  # noqa: E402
from steelyard.apps.people.models import Alias, ManagerLink, Membership, Person, Team  # noqa: E402
from tests.browser.pages import PASSWORD  # noqa: E402


def accounts() -> None:
    """One account for each role, `leader@example.com` and so on, and one that was only invited."""
    for role in Role.values:
        User.objects.create_user(
            f"{role}@example.com",
            password=PASSWORD,
            name=role.title(),
            roles=[role],
            public_id=f"user-{role}",
        )
    User.objects.create_user(
        "nobody.yet@example.com", name="欧阳明月 Ouyang Mingyue-Alexandria of the Long Name", roles=["member"]
    )


def organisation() -> None:
    sales = Team.objects.create(code="sales", name="Sales 销售中心", public_id="team-sales")
    east = Team.objects.create(
        code="east", name="East 华东", parent=sales, region="East", public_id="team-east"
    )
    Team.objects.create(code="west", name="West 华西", parent=sales, region="West", public_id="team-west")
    manager = User.objects.get(public_id="user-manager")
    member = User.objects.get(public_id="user-member")
    boss = Person.objects.create(code="p-001", name="Zhou Min 周敏", user=manager, public_id="person-zhou")
    lin = Person.objects.create(
        code="p-002",
        name="Lin Yue 林悦",
        email="lin.yue@example.com",
        joined_on=datetime.date(2021, 3, 1),
        user=member,
        public_id="person-lin",
    )
    for number in range(3, 70):
        Person.objects.create(code=f"p-{number:03}", name=f"Person {number} 某某")
    Alias.objects.create(text="林悦(华东)", person=lin)
    since = datetime.date(2021, 3, 1)
    moved = datetime.date(2023, 1, 1)
    Membership.objects.create(person=boss, team=sales, role="manager", valid_from=since)
    Membership.objects.create(person=lin, team=sales, role="member", valid_from=since, valid_to=moved)
    Membership.objects.create(person=lin, team=east, role="member", valid_from=moved)
    ManagerLink.objects.create(person=lin, manager=boss, kind="solid", valid_from=since)


FILLERS: list[Callable[[], None]] = [accounts, organisation]


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    for fill in FILLERS:
        fill()
