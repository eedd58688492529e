"""The tree and the grid: folded, searched, taken along; nobody finds what is not theirs to see."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from steelyard.apps.goals.actions.goals import set_goal
from steelyard.apps.goals.models import Goal
from tests.apps.goals.made import company, member, said, team

pytestmark = pytest.mark.django_db
LogIn = Callable[[Any], Any]


@pytest.fixture
def chain(leader: Any, organisation: Any) -> list[Goal]:
    whole = set_goal(leader, company(), said("Win it all"))
    east = set_goal(leader, team(organisation.east), said("East wins", parent=whole))
    own = set_goal(leader, member(organisation.person), said("=Lin wins", parent=east))
    return [whole, east, own]


def body(client: Any, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return str(response.content.decode())


def rows_of(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_two_levels_are_open_and_the_third_is_asked_for(
    chain: list[Goal], leader: Any, log_in: LogIn
) -> None:
    client = log_in(leader)
    page = body(client, "/aim/tree/")
    assert "East wins" in page
    assert "=Lin wins" not in page
    below = f"/aim/tree/below/{chain[1].public_id}/"
    assert below in page
    assert "=Lin wins" in body(client, below)
    assert "=Lin wins" in body(client, f"/aim/tree/?under={chain[1].public_id}")


def test_a_search_goes_through_all_levels(chain: list[Goal], leader: Any, log_in: LogIn) -> None:
    client = log_in(leader)
    assert "=Lin wins" in body(client, "/aim/tree/?q=林悦")
    assert "Nothing is called" in body(client, "/aim/tree/?q=zebra")


def test_nobody_finds_the_goals_of_others(chain: list[Goal], organisation: Any, log_in: LogIn) -> None:
    mate = log_in(organisation.mate)
    assert "Nothing is called" in body(mate, "/aim/tree/?q=Lin")
    assert "=Lin wins" not in body(mate, f"/aim/tree/below/{chain[1].public_id}/")
    assert mate.get(f"/aim/tree/below/{chain[2].public_id}/").status_code == 404
    stranger = log_in(organisation.stranger)
    assert "East wins" not in body(stranger, "/aim/tree/")


def test_the_tree_is_taken_along_harmlessly(
    chain: list[Goal], leader: Any, organisation: Any, log_in: LogIn
) -> None:
    content = log_in(leader).get("/aim/tree.xlsx").content
    rows = rows_of(content)
    assert rows[3][1] == "'=Lin wins"  # a text, no formula
    assert rows[3][6] == 1_200_000
    assert rows[3][10] == "East wins"
    content = log_in(organisation.mate).get("/aim/tree.xlsx").content
    rows = rows_of(content)
    assert [row[1] for row in rows[1:]] == ["Win it all", "East wins"]


def test_the_grid_is_for_who_leads_the_team(chain: list[Goal], organisation: Any, log_in: LogIn) -> None:
    page = body(log_in(organisation.manager), "/aim/teams/?team=east")
    assert "Lin Yue" in page
    assert log_in(organisation.manager).get("/aim/teams/?team=marketing").status_code == 404
    assert log_in(organisation.stranger).get("/aim/teams/?team=east").status_code == 404
    mate = body(log_in(organisation.mate), "/aim/teams/?team=east")
    assert "=Lin wins" not in mate


def test_thousands_of_goals_ask_no_more_questions(
    chain: list[Goal], leader: Any, organisation: Any, log_in: LogIn, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        set_goal(leader, member(organisation.person), said(f"Win {number}", parent=chain[0]))
    client = log_in(leader)
    with django_assert_max_num_queries(30):
        client.get("/aim/tree/")
    with django_assert_max_num_queries(40):
        client.get("/aim/teams/?team=sales")
