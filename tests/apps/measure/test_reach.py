"""Whose figures and whose rows: the company's leader, a manager, a member, a stranger, an administrator."""

from typing import Any

import pytest

from steelyard.apps.measure.queries.figures import dimensions_of, figures
from steelyard.apps.measure.queries.records import records_page
from steelyard.engine.periods import Period
from steelyard.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)
Q4 = Period.parse("2025-Q4")


def value(viewer: Any, **asked: Any) -> Any:
    (found,) = figures(viewer, ["won_revenue"], periods=["2025-Q4"], **asked)
    return {tuple(row.by.values()): float(row.value) for row in found.rows}


def owners(viewer: Any, **where: Any) -> set[str]:
    found = records_page(viewer, "won_revenue", period=Q4, where=where)
    return {row[found.columns.index("owner")] for row in found.rows}


def refused(ask: Any) -> bool:
    try:
        ask()
    except Refused as refusal:
        return refusal.status == 404
    return False


def test_a_leader_sees_all(published: Any, leader: Any):
    assert value(leader) == {(): 3900}
    assert value(leader, by=["member"]) == {("p1",): 300, ("p2",): 600, ("p3",): 3000}
    assert owners(leader) == {"Lin", "Mate", "Stranger"}


def test_a_manager_sees_their_teams_and_nobody_elses(published: Any, manager: Any):
    assert value(manager) == {(): 900}
    assert value(manager, by=["member"]) == {("p1",): 300, ("p2",): 600}
    assert value(manager, where={"member": "p1"}) == {(): 300}
    assert owners(manager) == {"Lin", "Mate"}
    assert refused(lambda: value(manager, where={"team": "marketing"}))
    assert refused(lambda: value(manager, where={"member": "p3"}))
    assert refused(lambda: owners(manager, team="marketing"))


def test_a_member_sees_the_team_added_up_and_themselves(published: Any, member: Any):
    assert value(member) == {(): 900}
    assert value(member, where={"member": "p1"}) == {(): 300}
    assert set(value(member, by=["product"])) == {("=Beam",), ("Anchor",)} & set(
        value(member, by=["product"])
    )
    assert owners(member) == {"Lin"}
    assert owners(member, team="east") == {"Lin"}


@pytest.mark.parametrize(
    "asked",
    [
        {"by": ["member"]},
        {"by": ["owner"]},
        {"by": ["manager"]},
        {"by": ["opportunity_id"]},
        {"by": ["product", "stage"]},
        {"where": {"member": "p2"}},
        {"where": {"member": ["p1", "p2"]}},
        {"where": {"owner": "Mate"}},
        {"where": {"product": "Anchor"}},
        {"where": {"team": "west"}},
        {"where": {"team": [None]}},
    ],
)
def test_a_member_never_sees_a_colleague(published: Any, member: Any, asked: dict[str, Any]):
    assert refused(lambda: value(member, **asked))


def test_nothing_that_names_a_person_is_offered_to_a_member(published: Any, member: Any, leader: Any):
    assert not {"member", "owner", "manager"} & set(dimensions_of(member, "won_revenue"))
    assert "member" in dimensions_of(leader, "won_revenue")


def test_an_administrator_sees_no_figure(published: Any, administrator: Any):
    assert refused(lambda: value(administrator))
    assert refused(lambda: owners(administrator))


def test_where_reaches_no_further_in_records(published: Any, member: Any, manager: Any):
    assert refused(lambda: owners(member, member="p2"))
    assert owners(manager, owner="Stranger") == set()


def test_the_administrators_role_opens_nobody_to_a_manager(published: Any, manager: Any):
    manager.roles = [*manager.roles, "administrator"]
    manager.save(update_fields=["roles"])
    assert value(manager, by=["member"]) == {("p1",): 300, ("p2",): 600}
    assert refused(lambda: value(manager, where={"member": "p3"}))
