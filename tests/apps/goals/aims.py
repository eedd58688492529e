"""Figures and goals made by hand: a set of points without a lake, and goals that hold already."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steelyard.apps.accounts.models import User
    from steelyard.apps.goals.models import Goal, Outlook
    from steelyard.apps.measure.models import PointSet

LAST = datetime.date(2025, 12, 31)


def month(year: int, number: int) -> datetime.date:
    return datetime.date(year + (number - 1) // 12, (number - 1) % 12 + 1, 1)


def point_set(*, last: datetime.date = LAST, first: datetime.date = datetime.date(2022, 1, 1)) -> "PointSet":
    from steelyard.apps.data.models import Snapshot
    from steelyard.apps.measure.models import PointSet

    snapshot = Snapshot.objects.create(cause="import", versions={}, data_to=last)
    return PointSet.objects.create(snapshot=snapshot, is_whole=True, first=first, last=last, currency="CNY")


def months(
    points: "PointSet",
    kpi: str,
    kind: str,
    unit: str,
    values: Sequence[Any],
    *,
    starts: datetime.date = datetime.date(2025, 1, 1),
) -> None:
    """Month after month; a pair is a numerator and a denominator."""
    from steelyard.apps.measure.models import KpiPoint

    rows = []
    for place, value in enumerate(values):
        day = month(starts.year, starts.month + place)
        pair = value if isinstance(value, tuple) else (value, None)
        shown = pair[0] / pair[1] if pair[1] else None if isinstance(value, tuple) else value
        rows.append(
            KpiPoint(
                point_set=points,
                kpi=kpi,
                kpi_version=1,
                unit_kind=kind,
                unit=unit,
                grain="month",
                period=f"{day:%Y-%m}",
                starts=day,
                value=shown,
                numerator=pair[0],
                denominator=pair[1],
                n=1,
            )
        )
    KpiPoint.objects.bulk_create(rows)


def goal(author: "User", *, team: Any = None, person: Any = None, **said: Any) -> "Goal":
    """An approved goal, of the company where nobody is named; a year's revenue unless said otherwise."""
    from steelyard.apps.goals.models import Goal, GoalVersion

    kind = "team" if team else "member" if person else "company"
    made = Goal.objects.create(owner_kind=kind, team=team, person=person, created_by=author)
    fields = {
        "title": "Win 1,200",
        "kind": "reach",
        "kpi": "won_revenue",
        "unit": "money",
        "target": Decimal(1200),
        "starts": datetime.date(2025, 1, 1),
        "ends": datetime.date(2026, 1, 1),
        **said,
    }
    fields["valid_from"] = fields["starts"]
    version = GoalVersion.objects.create(goal=made, number=1, state="approved", author=author, **fields)
    Goal.objects.filter(pk=made.pk).update(current=version, state="active")
    return Goal.objects.select_related("current", "team", "person").get(pk=made.pk)


def outlook(points: "PointSet", kpi: str, kind: str, unit: str, **more: Any) -> "Outlook":
    """What is kept of a series: a normal total, and a brief as the job writes it."""
    from steelyard.apps.goals.models import Outlook
    from steelyard.apps.goals.queries.outlooks import complete_until
    from steelyard.engine.forecast import Outlook as Expected

    ahead = {"mean": 1200.0, "spread": 120.0, "periods": 12, "n": 48, **more.pop("ahead", {})}
    brief = {
        "signal": {"status": "no-signal", "limits": [50.0, 150.0], "months": []},
        "profile": None,
        "denominators": [],
        **more,
    }
    return Outlook.objects.create(
        point_set=points,
        kpi=kpi,
        unit_kind=kind,
        unit=unit,
        starts=complete_until(points),
        document=Expected.normal(**ahead).as_json(),
        brief=brief,
    )
