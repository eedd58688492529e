"""What cannot be kept is refused, and nothing else: only a goal with a figure has to say how much by when."""

import datetime
from decimal import Decimal

import pytest

from steelyard.apps.goals.actions.plans import divided, plan_moved
from steelyard.apps.goals.actions.said import GoalSaid, Share, Step, checked
from steelyard.apps.goals.models import GoalVersion
from tests.apps.goals.made import YEAR, refusal, said

pytestmark = pytest.mark.django_db
BARE = {"kpi": "", "unit": "", "target": None, "starts": None, "ends": None}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "  "}, "goals.no-title"),
        ({"title": "x" * 301}, "goals.text-too-long"),
        ({"kind": "wish"}, "goals.unknown-kind"),
        ({"kpi": "no_such_kpi"}, "kpi.unknown"),
        ({"target": None}, "goals.no-number"),
        ({"kpi": "", "unit": " "}, "goals.no-unit"),
        ({"ends": None}, "goals.no-end"),
        ({"ends": YEAR[0]}, "goals.ends-before-start"),
        ({"target": Decimal("NaN")}, "goals.bad-number"),
        ({"target": "twelve"}, "goals.bad-number"),
        ({"target": Decimal("0.0000001")}, "goals.bad-number"),
        ({"target": Decimal("1e30")}, "goals.bad-number"),
        ({"over": Decimal("1559.7298")}, "goals.bad-over"),
        ({"over": Decimal("-1.5")}, "goals.bad-over"),
        ({"over": Decimal("0.00005")}, "goals.bad-over"),
        ({"kind": "band"}, "goals.no-upper-edge"),
        ({"kind": "band", "target_high": Decimal(1)}, "goals.band-upside-down"),
        ({"levels": [{"level": "target", "value": "1"}]}, "goals.bad-levels"),
        (
            {"levels": [{"level": "floor", "value": "1"}, {"level": "floor", "value": "2"}]},
            "goals.bad-levels",
        ),
        ({"levels": [{"level": "floor", "value": ""}]}, "goals.bad-levels"),
        ({"plan": [["2027-01", "5"], ["2027-02", "6"]]}, "goals.plan-not-whole"),
        ({"plan": [["2027-01", "600000"], ["2027-01", "600000"]]}, "goals.bad-plan"),
        ({"plan": [["soon", "1200000"]]}, "goals.bad-plan"),
        ({"plan": [["2027-01", "much"]]}, "goals.bad-number"),
        ({"consequences": [{"at": "1.00", "kind": "fame", "text": "x"}]}, "goals.bad-consequence"),
        ({"consequences": [{"at": "1.00", "kind": "growth", "text": " "}]}, "goals.bad-consequence"),
    ],
)
def test_what_is_refused(fields, code):
    assert refusal(lambda: checked(said(**fields))) == code


def test_a_goal_without_a_figure_needs_nothing_but_its_words():
    told = checked(GoalSaid(" Hand the   price list over ", "deliverable"))
    assert told.title == "Hand the price list over"
    assert [(each.title, each.due_on) for each in told.milestones] == [
        (told.title, told.ends - datetime.timedelta(days=1))
    ]
    steps = (Step("Draft", datetime.date(2030, 3, 1)), Step("Signed", datetime.date(2030, 6, 30)))
    assert checked(GoalSaid("Contract", "milestones", milestones=steps)).ends == datetime.date(2030, 7, 1)


def test_the_unit_comes_from_the_kpi_and_months_may_be_a_level():
    assert checked(said()).unit == "money"
    level = said(kind="keep-above", kpi="win_rate", target=Decimal("0.3"), plan=[["2027-01", "0.3"]])
    assert checked(level).plan == [["2027-01", "0.3"]]
    ratio = said(kpi="win_rate", target=Decimal("0.63"), plan=[["2027-01", "0.63", "63.00", "100.00"]])
    assert checked(ratio).plan[0][3] == "100.00"


def test_only_pay_has_an_amount():
    told = checked(
        said(
            consequences=[
                {"at": "0.9", "kind": "pay", "text": "", "amount": "3000.00"},
                {"at": "1.2", "kind": "growth", "text": "A team of one's own", "amount": "1"},
            ]
        )
    )
    assert [each["amount"] for each in told.consequences] == ["3000.00", None]


def test_parts_are_a_hundred(organisation):
    def shared(*parts):
        return said(credits=[Share(of, Decimal(share)) for of, share in parts])

    east, lin = organisation.east, organisation.person
    assert checked(shared((east, "62.5"), (lin, "37.5"))).credits
    assert refusal(lambda: checked(shared((east, "62"), (lin, "37")))) == "goals.shares-not-whole"
    assert refusal(lambda: checked(shared((east, "50"), (east, "50")))) == "goals.shared-twice"
    assert refusal(lambda: checked(shared((east, "110"), (lin, "-10")))) == "goals.bad-share"


def test_the_months_go_along_with_the_number():
    before = GoalVersion(target=Decimal("100.000000"), plan=[["2027-01", "33.33"], ["2027-02", "66.67"]])
    moved = plan_moved(said(target=Decimal(200), plan=before.plan), before)
    assert moved.plan == [["2027-01", "66.66"], ["2027-02", "133.34"]]
    nothing = GoalVersion(target=Decimal(0), plan=[["2027-01", "0"], ["2027-02", "0"]])
    assert plan_moved(said(target=Decimal(9), plan=nothing.plan), before, nothing).plan[1] == ["2027-02", "4"]
    typed = said(target=Decimal(200), plan=[["2027-01", "100"], ["2027-02", "100"]])
    assert plan_moved(typed, before) is typed


@pytest.mark.parametrize("total", ["100", "0.01", "99.99", "1000000.01", "-7", "0"])
def test_what_is_divided_is_whole_again(total):
    parts = divided(Decimal(total), [Decimal("1.00"), Decimal("1.00"), Decimal("1.00")])
    assert sum(parts) == Decimal(total)
    assert max(parts) - min(parts) <= Decimal("0.01")
