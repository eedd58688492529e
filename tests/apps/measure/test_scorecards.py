"""Weights, peers, heat table, trend wall and what is withheld: for whom, and with how many queries."""

import datetime
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.accounts.models import User
from steelyard.apps.measure import actions
from steelyard.apps.measure.models import KpiPoint, PointSet, ScorecardTemplate, ScorecardVisit
from steelyard.apps.measure.queries.figures import figures
from steelyard.apps.measure.queries.heat import heat_of
from steelyard.apps.measure.queries.scorecard import as_dict, scorecard_of
from steelyard.apps.measure.queries.staff import Staff
from steelyard.apps.measure.queries.templates import chosen, shipped_templates, templates_on
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.engine.kpi import catalogue
from steelyard.errors import Refused
from tests.conftest import LONG_AGO, Organisation

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]
START = datetime.date(2025, 10, 1)
PEOPLE_KPI = "learning_hours"


def page(client: Client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def add_points(kpi: str, units: dict[tuple[str, str], float], *, starts: datetime.date = START) -> None:
    """Points of a KPI that the small lake has no table for."""
    points = PointSet.objects.get()
    points.missing.pop(kpi, None)
    points.save(update_fields=["missing"])
    KpiPoint.objects.bulk_create(
        KpiPoint(
            point_set=points,
            kpi=kpi,
            kpi_version=1,
            unit_kind=kind,
            unit=code,
            grain="quarter",
            period="2025-Q4",
            starts=starts,
            value=value,
            n=20,
        )
        for (kind, code), value in units.items()
    )


def join(team: Team, count: int, prefix: str) -> None:
    for number in range(count):
        person = Person.objects.create(code=f"{prefix}{number}", name=f"{prefix} {number}")
        Membership.objects.create(person=person, team=team, role="member", valid_from=LONG_AGO)


@pytest.fixture
def people_figures(published: Any) -> None:
    add_points(PEOPLE_KPI, {("company", ""): 9.25, ("team", "east"): 7.125, ("team", "sales"): 8.375})
    add_points(PEOPLE_KPI, {("member", "p1"): 3.5625, ("member", "p2"): 10.6875})


# Weights


def test_what_ships_weighs_known_kpis_to_a_hundred():
    for each in shipped_templates():
        assert sum(each.weights.values()) == 100
        assert set(each.weights) <= set(catalogue()), each.code


WEIGHTS = {"won_revenue": 60, "win_rate": 40}


def save(actor: Any, *, code: str = "sales-team", **fields: Any) -> ScorecardTemplate:
    given = {
        "kind": "team",
        "names": {"en": "Ours", "zh": "我们"},
        "weights": WEIGHTS,
        "valid_from": START,
    }
    return actions.save_template(actor, code=code, **(given | fields))


def test_a_change_holds_for_periods_that_begin_on_its_day_or_later(db: None, leader: User):
    save(leader)
    assert {each.code: each.version for each in templates_on(START)}["sales-team"] == 1
    assert {each.code: each.version for each in templates_on(START - datetime.timedelta(1))}[
        "sales-team"
    ] == 0


def test_undo_is_a_version_that_says_what_an_earlier_one_said(db: None, leader: User):
    save(leader)
    save(leader, weights={"won_revenue": 100})
    actions.restore_template(leader, "sales-team", 1, valid_from=START)
    held = {each.code: each for each in templates_on(START)}["sales-team"]
    assert (held.version, dict(held.weights)) == (3, WEIGHTS)
    assert ScorecardTemplate.objects.count() == 3


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ({"won_revenue": 60}, "measure.weights-not-whole"),
        ({"won_revenue": 120, "win_rate": -20}, "measure.bad-weight"),
        ({"nothing": 100}, "kpi.unknown"),
    ],
)
def test_weights_that_make_no_sense_are_refused(db: None, leader: User, weights: Any, code: str):
    with pytest.raises(Refused) as refused:
        save(leader, weights=weights)
    assert refused.value.code == code
    assert not ScorecardTemplate.objects.exists()


def test_the_nearest_team_goes_before_the_role_and_both_before_what_fits(db: None, leader: User):
    save(leader, code="any", kind="member")
    save(leader, code="sellers", kind="member", role="member")
    save(leader, code="east", kind="member", teams=["east"])
    save(leader, code="sales", kind="member", teams=["sales"], role="member")
    listed = [each for each in templates_on(START) if each.kind == "member"]

    def code(*teams: str, role: str = "member") -> str:
        found = chosen(listed, teams=teams, role=role, measured=frozenset({"won_revenue"}))
        assert found is not None
        return found.code

    assert code("east", "sales") == "east"
    assert code("west", "sales") == "sales"
    assert code("marketing") == "sellers"
    assert code("marketing", role="manager") == "any"


def test_the_form_shows_the_effect_and_then_saves(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    form = {
        "name_en": "Sales team",
        "name_zh": "销售团队",
        "valid_from": "2025-10-01",
        "weight-won_revenue": "100%",
        "weight-win_rate": "0",
    }
    shown = client.post("/measure/weights/sales-team/", form | {"do": "preview"}).content.decode()
    assert "What the new weights would do" in shown
    assert not ScorecardTemplate.objects.exists()
    assert client.post("/measure/weights/sales-team/", form | {"do": "save"}).status_code == 302
    assert "weight 100" in page(client, "/measure/?unit=team:east")
    refused = client.post("/measure/weights/sales-team/", form | {"do": "save", "weight-win_rate": "5"})
    assert "105" in refused.content.decode()
    assert client.post("/measure/weights/sales-team/restore/0/").status_code == 302
    assert "weight 25" in page(client, "/measure/?unit=team:east")


def test_a_scorecard_for_a_role_is_added_and_retired(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    form = {
        "kind": "member",
        "name_en": "Sellers of the east",
        "name_zh": "华东销售",
        "valid_from": "2025-01-01",
        "teams": ["east"],
        "role": "member",
        "weight-won_revenue": "100",
        "do": "save",
    }
    assert client.post("/measure/weights/new/", form).status_code == 302
    code = ScorecardTemplate.objects.get().code
    assert "weight 100" in page(client, "/measure/?unit=member:p1")
    assert client.post(f"/measure/weights/{code}/retire/").status_code == 302
    assert "weight 100" not in page(client, "/measure/?unit=member:p1")


# Total


def test_the_total_names_what_it_left_out_and_can_be_worked_by_hand(
    published: Any, leader: User, log_in: LogIn
):
    """East's won revenue is 900 of 1,800: 25 × 50 % = 12.5 points of the 25 that were measured."""
    card = scorecard_of(leader, unit="team:east")
    assert card is not None
    assert (card.total.score, card.total.measured) == (50.0, 25)
    shown = page(log_in(leader), "/measure/?unit=team:east")
    assert "Total 50 of 100" in shown
    assert "over the 25 of 100 that were measured" in shown
    assert "900.00 ÷ 1,800.00" in shown
    assert "12.50 points ÷ 25 measured × 100 = 50.0." in shown
    assert "win rate" in shown
    assert "no target" in shown


def test_a_team_without_a_record_of_a_kpi_is_not_measured_by_a_zero(published: Any, leader: User):
    card = scorecard_of(leader, unit="team:west")
    assert card is not None
    assert [each.kpi.id for each in card.measured] == []
    assert card.total.score is None


def test_a_scorecard_is_codes_and_numbers(published: Any, leader: User):
    card = scorecard_of(leader, unit="team:east")
    assert card is not None
    told = json.loads(json.dumps(as_dict(card)))
    won = next(each for each in told["kpis"] if each["kpi"] == "won_revenue")
    assert (won["value"], won["target"], won["weight"], won["points"]) == (900, 1800, 25, 12.5)
    assert told["total"] == {"score": 50, "measured": 25, "of": 100, "signals": told["total"]["signals"]}
    assert {"kpi": "win_rate", "weight": 10, "reason": "no-target"} in told["left_out"]


# Peers


def test_peers_are_the_median_of_teams_of_the_same_parent(published: Any, organisation: Organisation):
    for code in ("north", "south"):
        Team.objects.create(code=code, name=code, parent=organisation.sales)
    assert set(Staff().like("east")) == {"east", "north", "south", "west"}
    assert set(Staff().like("marketing")) == {"east", "marketing", "north", "south", "west"}


def test_peers_are_told_from_three_teams_and_from_five_people_on(
    published: Any, leader: User, organisation: Organisation
):
    def peers(unit: str) -> Any:
        card = scorecard_of(leader, unit=unit)
        assert card is not None
        return next(each.peers for each in card.standings if each.kpi.id == "won_revenue")

    assert peers("team:east") is None
    assert peers("member:p1") is None
    join(organisation.east, 3, "new")
    points = PointSet.objects.get()
    KpiPoint.objects.bulk_create(
        KpiPoint(
            point_set=points,
            kpi="won_revenue",
            kpi_version=1,
            unit_kind="member",
            unit=f"new{number}",
            grain="quarter",
            period="2025-Q4",
            starts=START,
            value=value,
            n=1,
        )
        for number, value in enumerate((400, 500, 900))
    )
    # 300 and 600 of the two who were there, with 400, 500 and 900.
    assert (peers("member:p1").value, peers("member:p1").count) == (500, 5)


# Who sees what

UNITS = ["company", "team:sales", "team:east", "team:marketing", "member:p1", "member:p2"]
OPEN = {
    "leader": set(UNITS),
    "analyst": set(UNITS),
    "manager": {"team:sales", "team:east", "member:p1", "member:p2"},
    "member": {"team:east", "member:p1"},
    "mate": {"team:east", "member:p2"},
    "stranger": {"team:marketing"},
    "administrator": set(),
}


@pytest.fixture
def accounts(organisation: Organisation, leader: User, analyst: User, administrator: User) -> dict[str, User]:
    return {
        "leader": leader,
        "analyst": analyst,
        "administrator": administrator,
        "manager": organisation.manager,
        "member": organisation.member,
        "mate": organisation.mate,
        "stranger": organisation.stranger,
    }


def test_each_page_is_there_for_those_whose_unit_it_is(
    published: Any, accounts: dict[str, User], log_in: LogIn
):
    """Every address × owner, team mate, manager, another team's member, leader, analyst, administrator."""
    for role, units in OPEN.items():
        client = log_in(accounts[role])
        for path in ("/measure/", "/measure/wall/", "/measure/won_revenue/"):
            for unit in UNITS:
                page(client, f"{path}?unit={unit}", status=200 if unit in units else 404)
        for path in ("", "new/", "sales-team/"):
            page(client, f"/measure/weights/{path}", status=200 if role in ("leader", "analyst") else 404)
        answer = client.post("/measure/weights/sales-team/restore/0/")
        assert answer.status_code == (302 if role in ("leader", "analyst") else 404)
        assert client.post("/measure/seen/").status_code == (204 if units else 404)


def test_the_heat_table_holds_the_teams_of_its_reader(
    published: Any, accounts: dict[str, User], log_in: LogIn
):
    for role, units in OPEN.items():
        client, teams = log_in(accounts[role]), {unit for unit in units if not unit.startswith("member")}
        if not teams:
            page(client, "/measure/teams/", status=404)
            continue
        shown = page(client, "/measure/teams/")
        for unit in ("company", "team:east", "team:marketing"):
            assert (f"unit={unit.replace(':', '%3A')}&" in shown) == (unit in teams), (role, unit)


def test_a_link_to_weights_stands_only_where_it_opens(
    published: Any, leader: User, member: User, log_in: LogIn
):
    assert "/measure/weights/" in page(log_in(leader), "/measure/")
    assert "/measure/weights/" not in page(log_in(member), "/measure/?unit=team:east")


# What is withheld


def test_peoples_kpis_of_a_small_team_are_for_those_with_the_right(
    people_figures: None, accounts: dict[str, User], log_in: LogIn
):
    paths = ["/measure/", "/measure/wall/", "/measure/teams/"]

    def shown(role: str, path: str) -> bool:
        return "7.1" in page(log_in(accounts[role]), f"{path}?unit=team:east")

    assert [path for path in paths if shown("manager", path)] == ["/measure/", "/measure/teams/"]
    assert not any(shown("member", path) for path in [*paths, f"/measure/{PEOPLE_KPI}/cut/"])
    assert "3.6 hours" in page(log_in(accounts["member"]), "/measure/?unit=member:p1")
    assert "withheld" in page(log_in(accounts["member"]), "/measure/?unit=team:east")


def test_what_is_withheld_is_in_no_json_total_or_change(people_figures: None, member: User):
    KpiPoint.objects.filter(kpi=PEOPLE_KPI, unit="east").update(target=10)
    card = scorecard_of(member, unit="team:east")
    assert card is not None
    told = as_dict(card)
    held = next(each for each in told["kpis"] if each["kpi"] == PEOPLE_KPI)
    assert (held["value"], held["withheld"], held["points"]) == (None, "small-group", None)
    assert "7.125" not in json.dumps(told)
    assert {"kpi": PEOPLE_KPI, "weight": 5, "reason": "small-group"} in told["left_out"]
    actions.see_scorecard(member, card)
    assert PEOPLE_KPI not in ScorecardVisit.objects.get().last


def test_a_team_of_five_is_seen_by_its_members(
    people_figures: None, member: User, organisation: Organisation
):
    join(organisation.east, 3, "new")
    card = scorecard_of(member, unit="team:east")
    assert card is not None
    assert next(each.value for each in card.standings if each.kpi.id == PEOPLE_KPI) == 7.125


def test_a_team_less_the_team_inside_that_one_leads_must_not_be_small(
    people_figures: None, organisation: Organisation
):
    """Who leads East and is a member of Sales sees both: what Sales has besides East are three people."""
    join(organisation.east, 4, "e")
    join(organisation.sales, 1, "s")
    boss = organisation.manager_person.memberships.get()
    boss.team, boss.role = organisation.east, "manager"
    boss.save()
    other = Person.objects.create(code="q", name="Q")
    Membership.objects.create(person=other, team=organisation.sales, role="member", valid_from=LONG_AGO)
    # One membership at a time: of two open ones the organisation keeps the newer, so ask the rule itself.
    from steelyard.apps.measure.queries.units import Reach, Unit
    from steelyard.apps.measure.queries.veil import veil_of
    from steelyard.engine.periods import Period

    below = Staff().below
    reach = Reach(False, frozenset({"sales", "east"}), frozenset({"east"}), "p0", below)
    points, kpi = PointSet.objects.get(), catalogue()[PEOPLE_KPI]

    def reason(unit: str) -> str:
        viewer = organisation.manager
        veil = veil_of(viewer, Unit("team", unit), points, grain="quarter", reach=reach, staff=Staff())
        return veil.reason(kpi, Period.parse("2025-Q4"))

    assert Staff().fewest(["sales"], Period.parse("2025-Q4")) >= 5
    assert (reason("east"), reason("sales")) == ("", "small-group")


def test_a_withheld_figure_does_not_place_its_row(people_figures: None, leader: User, member: User):
    heat = heat_of(member, sort=PEOPLE_KPI)
    assert heat is not None
    assert [row.standings[PEOPLE_KPI].value for row in heat.rows] == [None]
    seen = heat_of(leader, sort=PEOPLE_KPI)
    assert seen is not None
    assert [row.unit.code for row in seen.rows][:3] == ["", "sales", "east"]


def test_figures_straight_from_the_facts_keep_the_same_rule(people_figures: None, member: User):
    for asked in ({}, {"by": ["product"]}, {"where": {"team": "east"}}):
        with pytest.raises(Refused) as refused:
            figures(member, [PEOPLE_KPI], periods=["2025-Q4"], **asked)
        assert refused.value.code in ("measure.small-group", "access.denied")


# Heat table and wall


def test_the_heat_table_goes_down_the_tree_or_by_a_column(published: Any, leader: User, log_in: LogIn):
    heat = heat_of(leader)
    assert heat is not None
    assert [(row.unit.code, row.depth) for row in heat.rows] == [
        ("", 0),
        ("marketing", 1),
        ("sales", 1),
        ("east", 2),
        ("west", 2),
    ]
    up = heat_of(leader, sort="won_revenue", is_descending=False)
    assert up is not None
    assert [row.unit.code for row in up.rows] == ["sales", "east", "marketing", "", "west"]
    shown = page(log_in(leader), "/measure/teams/?sort=won_revenue")
    assert 'aria-sort="descending"' in shown
    assert "/measure/won_revenue/?unit=team%3Aeast" in shown


def test_a_page_asks_the_same_number_of_queries_however_many_teams_there_are(
    published: Any,
    leader: User,
    organisation: Organisation,
    log_in: LogIn,
    django_assert_max_num_queries: Any,
):
    client = log_in(leader)
    paths = ("/measure/teams/", "/measure/wall/?unit=team:sales", "/measure/?unit=team:east")
    for path in paths:
        page(client, path)
    for number in range(12):
        team = Team.objects.create(code=f"t{number}", name=f"T {number}", parent=organisation.sales)
        join(team, 2, f"t{number}-")
    for path in paths:
        with django_assert_max_num_queries(24):
            page(client, path)


def test_the_wall_says_in_words_what_its_charts_show(published: Any, leader: User, log_in: LogIn):
    shown = page(log_in(leader), "/measure/wall/?unit=team:east")
    assert "Won revenue, Jan 2024 to Dec 2025: ¥300." in shown
    assert "style=" not in shown.split("<main", 1)[1]


# Since the last visit


def visit(user: User, *, hours_ago: int = 24) -> None:
    card = scorecard_of(user)
    assert card is not None
    actions.see_scorecard(user, card)
    ScorecardVisit.objects.update(last_at=timezone.now() - datetime.timedelta(hours=hours_ago))


def test_what_changed_is_told_against_the_last_visit(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    assert "From the next visit on" in page(client, "/measure/")
    assert client.post("/measure/seen/").status_code == 204
    ScorecardVisit.objects.update(last_at=timezone.now() - datetime.timedelta(days=1))
    assert "nothing has changed" in page(client, "/measure/")
    company = KpiPoint.objects.filter(unit_kind="company", kpi="won_revenue", grain="quarter")
    company.filter(period="2025-Q4").update(target=5000)
    company.filter(period="2025-Q1").update(value=4321)
    shown = page(client, "/measure/")
    assert "1 target no longer met, 1 past figure corrected" in shown
    assert "Q1 2025 corrected: it was ¥3.90\u00a0k and is ¥4.32\u00a0k" in shown


def test_a_reload_is_the_same_visit(published: Any, leader: User, log_in: LogIn):
    visit(leader)
    client = log_in(leader)
    KpiPoint.objects.filter(unit_kind="company", kpi="won_revenue", period="2025-Q4").update(target=5000)
    for _again in range(2):
        assert "1 target no longer met" in page(client, "/measure/")
        client.post("/measure/seen/")
    ScorecardVisit.objects.update(last_at=timezone.now() - datetime.timedelta(days=1))
    assert "nothing has changed" in page(client, "/measure/")


def test_looking_at_a_page_changes_nothing_by_itself(published: Any, leader: User, log_in: LogIn):
    page(log_in(leader), "/measure/")
    assert not ScorecardVisit.objects.exists()
    assert log_in(leader).get("/measure/seen/").status_code == 405


def test_a_member_finds_it_on_their_own_page(published: Any, member: User, log_in: LogIn):
    client = log_in(member)
    client.post("/measure/seen/")
    assert ScorecardVisit.objects.get().unit == "member:p1"
    ScorecardVisit.objects.update(last_at=timezone.now() - datetime.timedelta(days=1))
    KpiPoint.objects.filter(unit="p1", kpi="won_revenue", period="2025-Q4").update(target=400)
    assert "1 target no longer met" in page(client, "/")


def test_who_has_no_account_leaves_no_visit(published: Any):
    card = scorecard_of(LOCAL_OPERATOR)
    assert card is not None
    from steelyard.apps.measure.queries.changes import changes_for

    assert changes_for(LOCAL_OPERATOR, card) is None
