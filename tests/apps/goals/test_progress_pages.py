"""The pages of progress: owner, team mate, stranger; check-ins kept and withdrawn; rounds looked back on."""

import datetime
import io
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from steelyard.apps.accounts.models import User
from steelyard.apps.goals.models import CheckIn, Goal, GoalVersion, WeightSet
from steelyard.apps.goals.queries.quality import quality_of, rounds_seen_by
from steelyard.apps.goals.queries.rollup import rollup_of_goal
from tests.apps.goals.aims import goal, months, outlook, point_set
from tests.conftest import Organisation

pytestmark = pytest.mark.django_db
JUNE = datetime.date(2025, 6, 30)


@pytest.fixture
def own(leader: User, organisation: Organisation) -> Goal:
    """Lin's goal, half a year in; below pace, and no signal."""
    points = point_set(last=JUNE)
    months(points, "won_revenue", "member", "p1", [50] * 6)
    ahead = {"mean": 600.0, "spread": 100.0, "periods": 6}
    outlook(points, "won_revenue", "member", "p1", ahead=ahead)
    return goal(leader, person=organisation.person)


def address(made: Goal) -> str:
    return f"/aim/goal/{made.public_id}/progress/"


def test_who_leads_sees_where_it_may_end(own: Goal, leader: User, log_in: Any):
    page = log_in(leader).get(address(own)).content.decode()
    assert "Below pace, but no signal: ¥300 by the end of Jun 2025, where ¥600 was asked for." in page
    assert "The chance to reach it is below 1% today." in page
    assert "So far, and where it may end" in page
    assert "var(--chart-band)" in page
    assert "What helps" in page


def test_the_owner_sees_pace_and_what_helps_and_no_chance(own: Goal, organisation: Organisation, log_in: Any):
    page = log_in(organisation.member).get(address(own)).content.decode()
    assert "Below pace, but no signal" in page
    assert "What helps" in page
    assert "chance" not in page
    assert "var(--chart-band)" not in page
    assert "may end" not in page


def test_a_team_mate_and_a_stranger_find_nothing(own: Goal, organisation: Organisation, log_in: Any):
    for user in (organisation.mate, organisation.stranger):
        assert log_in(user).get(address(own)).status_code == 404
        assert log_in(user).post(f"/aim/goal/{own.public_id}/check-in/", {}).status_code == 404


def test_htmx_gets_the_part_and_not_the_page(own: Goal, leader: User, log_in: Any):
    part = log_in(leader).get(address(own), headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="progress">')
    assert "<html" not in part


def test_a_check_in_is_kept_and_withdrawn(own: Goal, organisation: Organisation, log_in: Any):
    client = log_in(organisation.member)
    said = {"note": "Two offers are out", "confidence": "4", "on": "2025-07-01"}
    assert client.post(f"/aim/goal/{own.public_id}/check-in/", said).status_code == 302
    kept = CheckIn.objects.get()
    assert (kept.note, kept.confidence, kept.value) == ("Two offers are out", 4, None)
    assert "Two offers are out" in client.get(address(own)).content.decode()
    assert log_in(organisation.mate).post(f"/aim/check-ins/{kept.public_id}/withdraw/").status_code == 404
    assert client.post(f"/aim/check-ins/{kept.public_id}/withdraw/").status_code == 302
    assert "Two offers are out" not in client.get(address(own)).content.decode()


def test_a_check_in_of_tomorrow_is_refused_in_words(own: Goal, organisation: Organisation, log_in: Any):
    tomorrow = datetime.date.today() + datetime.timedelta(days=2)  # noqa: DTZ011  the site's own calendar
    said = {"note": "", "confidence": "4", "on": tomorrow.isoformat()}
    answer = log_in(organisation.member).post(f"/aim/goal/{own.public_id}/check-in/", said)
    assert answer.status_code == 422
    assert not CheckIn.objects.exists()


def test_a_number_of_its_own_is_typed_in(leader: User, organisation: Organisation, log_in: Any):
    made = goal(leader, person=organisation.person, kpi="", unit="customers", target=Decimal(20))
    client = log_in(organisation.member)
    assert "Where it stands" in client.get(address(made)).content.decode()
    said = {"note": "", "confidence": "3", "on": "2025-07-01", "value": "12"}
    client.post(f"/aim/goal/{made.public_id}/check-in/", said)
    assert CheckIn.objects.get().value == 12


def test_parts_without_figures_are_left_out_and_said(leader: User, organisation: Organisation, log_in: Any):
    """East at 100 % with weight 62, West without figures with 38: 100 of 100 points, 62 of 100 measured."""
    points = point_set(last=JUNE)
    months(points, "won_revenue", "team", "east", [100] * 6)
    above = goal(leader, target=Decimal(2400))
    parts = [goal(leader, team=team, parent=above) for team in (organisation.east, organisation.west)]
    weights = {part.public_id: text for part, text in zip(parts, ("62.00", "38.00"), strict=True)}
    WeightSet.objects.create(parent=above, weights=weights, author=leader)
    found = rollup_of_goal(leader, above)
    assert found is not None
    assert (found.score, found.measured) == (pytest.approx(100), 62)
    assert [share.reason for share in found.left_out] == ["no-data"]
    page = log_in(leader).get(address(above)).content.decode()
    assert "100 of 100 points; 62 of 100 measured." in page
    assert "left out: no figures" in page


@pytest.fixture
def over(leader: User, organisation: Organisation) -> list[Goal]:
    """The year is over: of three people one reached 1,200; one never could."""
    points = point_set()
    for unit, value in (("p1", 110), ("p2", 90), ("p3", 40)):
        months(points, "won_revenue", "member", unit, [value] * 12)
    people = (organisation.person, organisation.mate_person, organisation.stranger_person)
    made = [goal(leader, person=person) for person in people]
    GoalVersion.objects.filter(goal=made[2]).update(chance_at_start=0.03)
    return made


def test_a_round_says_what_few_people_cannot_tell(over: list[Goal], leader: User, log_in: Any):
    found = quality_of(leader, "")
    assert found is not None
    assert (found.finding.n, found.finding.reached) == (3, 1)
    assert found.finding.verdicts == ("too-few",)
    page = log_in(leader).get("/aim/fairness/").content.decode()
    assert "1 of 3 reached their target: 33%." in page
    assert "With 3 people the share could as well lie anywhere between 6% and 79%." in page
    assert "There are too few to tell" in page
    assert "out of reach from the start" in page


def test_a_manager_looks_back_on_their_own_people(over: list[Goal], organisation: Organisation, log_in: Any):
    found = quality_of(organisation.manager, "")
    assert found is not None
    assert {line.goal.person.code for line in found.lines} == {"p1", "p2"}
    client = log_in(organisation.manager)
    assert "Stranger" not in client.get("/aim/fairness/").content.decode()
    assert log_in(organisation.member).get("/aim/fairness/").status_code == 404


def test_a_round_that_is_not_over_is_none(leader: User, organisation: Organisation):
    points = point_set(last=JUNE)
    for unit in ("p1", "p2"):
        months(points, "won_revenue", "member", unit, [100] * 6)
    for person in (organisation.person, organisation.mate_person):
        goal(leader, person=person)
    assert rounds_seen_by(leader) == []


def test_the_workbook_holds_numbers(over: list[Goal], leader: User, log_in: Any):
    answer = log_in(leader).get("/aim/fairness/xlsx/")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0)
    rows = [row for row in sheet.to_python() if row[2] == 1200]
    assert [row[3] for row in rows] == [480, 1080, 1320]
    assert rows[0][4] == pytest.approx(0.4)
    assert rows[0][5] == pytest.approx(0.03)
