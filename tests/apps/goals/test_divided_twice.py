"""Two goals of the company with one measure: each has parts of its own, and neither takes the other's."""

import pytest

from steelyard.apps.goals.actions import goals as actions
from steelyard.apps.goals.actions.cascade_applying import apply_cascade
from steelyard.apps.goals.actions.cascades import start_cascade
from steelyard.apps.goals.models import Goal
from tests.apps.goals.made import company, said

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_parts_of_one_goal_are_not_taken_for_another(leader, organisation):
    for title in ("One", "Two"):
        goal = actions.set_goal(leader, company(), said(title))
        draft = start_cascade(leader, goal)
        apply_cascade(leader, draft, based_on=draft.version, title="A part")
    for title in ("One", "Two"):
        parts = Goal.objects.filter(current__parent__current__title=title)
        assert sum(part.current.target for part in parts) == 1_200_000
