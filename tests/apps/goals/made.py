"""What tests of goals say: drafts of goals, and the refusal that a call ends with."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from steelyard.apps.goals.actions.goals import GoalSaid
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import COMPANY, Unit
from steelyard.errors import Refused

LONG_AGO = datetime.date(2015, 1, 1)
YEAR = (datetime.date(2027, 1, 1), datetime.date(2028, 1, 1))


def said(title: str = "Win new customers", **fields: Any) -> GoalSaid:
    usual: dict[str, Any] = {
        "kind": "reach",
        "kpi": "won_revenue",
        "target": Decimal(1_200_000),
        "starts": YEAR[0],
        "ends": YEAR[1],
    }
    return GoalSaid(title=title, **{**usual, **fields})


def company() -> Unit:
    return COMPANY


def team(row: Any) -> Unit:
    return Unit(UnitKind.TEAM, row.code, row.name)


def member(row: Any) -> Unit:
    return Unit(UnitKind.MEMBER, row.code, row.name)


def refusal(act: Callable[[], Any]) -> str:
    """The code that the call is refused with."""
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code
