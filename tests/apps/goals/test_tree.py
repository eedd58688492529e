"""The alignment tree: everything once, below what it serves, and only what the viewer sees."""

import datetime
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.themes import add_theme, retire_theme
from steelyard.apps.goals.actions.versions import Row, add_versions
from steelyard.apps.goals.queries.tree import alignment_tree
from steelyard.apps.people.models import Membership, Person
from steelyard.web.once import one_request
from tests.apps.goals.made import LONG_AGO, company, member, said, team

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def goals(leader, organisation):
    theme = add_theme(leader, title="Grow in the south", measure="Share of the region")
    top = actions.set_goal(leader, company(), said("The year", theme=theme))
    sales = actions.set_goal(leader, team(organisation.sales), said("Sales", parent=top))
    west = actions.set_goal(leader, team(organisation.west), said("West", parent=sales))
    east = actions.set_goal(leader, team(organisation.east), said("East", parent=sales))
    own = actions.set_goal(leader, member(organisation.person), said("Lin Yue", parent=east))
    other = actions.set_goal(leader, member(organisation.stranger_person), said("Stranger"))
    return {"top": top, "sales": sales, "west": west, "east": east, "own": own, "other": other}


def drawn(branches):
    return [(each.title, drawn(each.branches)) for each in branches]


def test_from_themes_to_people(leader, goals):
    lines = alignment_tree(leader, year=2027)
    assert [(line.theme and line.theme.title, line.size) for line in lines] == [
        ("Grow in the south", 5),
        (None, 1),
    ]
    below = [("Sales", [("East", [("Lin Yue", [])]), ("West", [])])]
    assert drawn(lines[0].branches) == [("The year", below)]
    assert alignment_tree(leader, year=2026)[0].size == 0
    first = datetime.date(2027, 12, 31), datetime.date(2028, 2, 1)
    assert sum(line.size for line in alignment_tree(leader, stretch=first)) == 6


def test_a_viewer_gets_only_what_is_theirs_to_see(organisation, goals, administrator):
    def titles(viewer):
        return {each.title for line in alignment_tree(viewer) for top in line.branches for each in top.walk()}

    assert titles(organisation.member) == {"The year", "Sales", "East", "Lin Yue"}
    assert titles(organisation.mate) == {"The year", "Sales", "East"}
    assert titles(organisation.manager) == {"The year", "Sales", "East", "West", "Lin Yue"}
    assert titles(organisation.stranger) == {"The year", "Stranger"}
    assert titles(administrator) == set()


def test_a_retired_theme_stays_over_what_serves_it(leader, goals):
    retire_theme(leader, alignment_tree(leader)[0].theme)
    assert alignment_tree(leader)[0].size == 5
    actions.set_goal(leader, company(), said("Another"))
    unused = add_theme(leader, title="Unused")
    retire_theme(leader, unused)
    assert [line.theme for line in alignment_tree(leader)].count(unused) == 0


@pytest.mark.slow
def test_five_thousand_goals_in_two_questions(leader, organisation, goals):
    people = Person.objects.bulk_create(Person(code=f"m{n}", name=f"Member {n}") for n in range(1000))
    Membership.objects.bulk_create(
        Membership(person=each, team=organisation.east, valid_from=LONG_AGO) for each in people
    )
    told = said("A part", parent=goals["east"])
    add_versions(leader, [Row(told, member(each)) for each in people for _ in range(5)])
    with one_request():
        alignment_tree(leader, year=2027)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            began = time.process_time()
            lines = alignment_tree(leader, year=2027)
            took = time.process_time() - began
    print(f"{took * 1000:.0f} ms")
    assert len(asked) == 2
    assert sum(line.size for line in lines) == 5006
    assert took < 1, "120 ms on a machine of its own"
