"""`steelyard kpi`: the JSON it promises, what it refuses, and whose rights it acts with."""

import json
from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.cli import kpi as cli
from steelyard.errors import Refused

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def act_as(monkeypatch: pytest.MonkeyPatch) -> Any:
    return lambda actor: monkeypatch.setattr(cli, "open_house", lambda: actor)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_for_each_kpi(published: Any, act_as: Any, capsys: pytest.CaptureFixture[str]):
    act_as(LOCAL_OPERATOR)
    cli.kpi(["won_revenue", "win_rate"], by=["team"], period="2025-Q4", where=["team=east"], as_json=True)
    won, rate = lines(capsys)
    row = {"period": "2025-Q4", "by": {"team": "east"}, "value": 900, "numerator": 900, "denominator": None}
    assert won == {
        "kpi": "won_revenue",
        "unit": "money",
        "version": 1,
        "snapshot": published.pk,
        "rows": [row | {"n": 6}],
    }
    assert (rate["rows"][0]["numerator"], rate["rows"][0]["denominator"]) == (6, 12)


def test_a_series(published: Any, act_as: Any, capsys: pytest.CaptureFixture[str]):
    act_as(LOCAL_OPERATOR)
    cli.kpi(["won_revenue"], every="month", first="2025-01", last="2025-12", as_json=True)
    (found,) = lines(capsys)
    assert [row["period"] for row in found["rows"]] == [f"2025-{month:02}" for month in range(1, 13)]
    assert {row["value"] for row in found["rows"]} == {1300}


def test_a_range_of_days_and_an_attainment_with_its_base(
    published: Any, act_as: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    act_as(LOCAL_OPERATOR)
    cli.kpi(["won_revenue"], period="2025-10-01..2025-11-20", as_json=True)
    (row,) = lines(capsys)[0]["rows"]
    assert (row["period"], row["value"]) == ("2025-10-01..2025-11-20", 2600)
    cli.kpi(["attainment"], by=["team"], period="2025-Q4", where=["team=east"], as_json=True)
    (row,) = lines(capsys)[0]["rows"]
    assert (row["value"], row["base"]) == (0.5, "target")


def test_without_a_period_the_last_complete_quarter(
    published: Any, act_as: Any, capsys: pytest.CaptureFixture[str]
):
    act_as(LOCAL_OPERATOR)
    cli.kpi(["won_revenue"], as_json=True)
    assert lines(capsys)[0]["rows"][0]["period"] == "2025-Q4"


def test_it_acts_with_the_rights_of_who_is_named(
    published: Any, member: Any, act_as: Any, capsys: pytest.CaptureFixture[str]
):
    act_as(member)
    cli.kpi(["won_revenue"], period="2025-Q4", as_json=True)
    assert lines(capsys)[0]["rows"][0]["value"] == 900
    with pytest.raises(Refused, match=r"access\.denied"):
        cli.kpi(["won_revenue"], by=["member"], period="2025-Q4", as_json=True)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"period": "2025-Q5"}, "period.unreadable"),
        ({"period": "2025-05-02..2025-05-01"}, "period.backwards"),
        ({"every": "range", "first": "2025-01", "last": "2025-03"}, "period.grain"),
        ({"period": "2025", "every": "month"}, "measure.period-or-every"),
        ({"every": "month", "first": "2025-01"}, "measure.period-or-every"),
        ({"where": ["east"]}, "measure.bad-where"),
        ({"by": ["colour"], "period": "2025"}, "kpi.unknown-dimension"),
    ],
)
def test_what_cannot_be_answered_is_refused(published: Any, act_as: Any, asked: dict[str, Any], code: str):
    act_as(LOCAL_OPERATOR)
    with pytest.raises(Refused) as refusal:
        cli.kpi(["won_revenue"], as_json=True, **asked)
    assert refusal.value.code == code


def test_several_values_of_a_dimension_are_alternatives():
    assert cli.conditions(["product=Anchor", "product=", "team=east"]) == {
        "product": ["Anchor", None],
        "team": "east",
    }
