"""A company that can be divided: figures of three years, outlooks, and short ways through the pages."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.apps.goals.aims import goal, months, outlook, point_set

if TYPE_CHECKING:
    from django.test import Client

    from steelyard.apps.goals.models import Cascade, Goal

PEOPLE = {"p1": 100, "p2": 200, "p4": 300}
AHEAD = {"mean": 1.0, "spread": 1.0, "periods": 12}
YEAR = {"starts": datetime.date(2026, 1, 1), "ends": datetime.date(2027, 1, 1)}
TOTAL = Decimal(12_000)


def figures(*, with_outlooks: bool = True) -> None:
    """Lin wins 100 a month, Mate 200, Wu of West 300; nobody in Marketing wins anything."""
    points = point_set()
    start = datetime.date(2023, 1, 1)
    for code, amount in PEOPLE.items():
        months(points, "won_revenue", "member", code, [amount] * 36, starts=start)
        ahead = {"mean": 12.0 * amount, "spread": 2.0 * amount}
        if with_outlooks:
            outlook(points, "won_revenue", "member", code, ahead=ahead)
    for team, amount in (("east", 300), ("west", 300), ("sales", 600)):
        months(points, "won_revenue", "team", team, [amount] * 36, starts=start)
        yearly(points, team, 12 * amount)


def yearly(points: Any, team: str, amount: float) -> None:
    from steelyard.apps.measure.models import KpiPoint

    KpiPoint.objects.create(
        point_set=points,
        kpi="won_revenue",
        kpi_version=1,
        unit_kind="team",
        unit=team,
        grain="year",
        period="2025",
        starts=datetime.date(2025, 1, 1),
        value=amount,
        n=1,
    )


def company_goal(leader: Any, **said: Any) -> "Goal":
    fields = {"title": "Win 12,000 in 2026", "target": TOTAL, **YEAR, **said}
    return goal(leader, **fields)


def start(client: "Client", made: "Goal", **sent: Any) -> "Cascade":
    """Begin a draft and choose a method, through the pages."""
    from steelyard.apps.goals.models import Cascade

    method = sent.pop("method", "history")
    data = {"teams": ["east", "west", "sales"], "potential": "", **sent}
    answer = client.post(f"/aim/goal/{made.public_id}/divide/", data)
    assert answer.status_code == 302, answer.content.decode()
    draft = Cascade.objects.get(public_id=answer.url.split("/")[-3])
    answer = client.post(answer.url, {"method": method, "version": draft.version})
    assert answer.status_code == 302, answer.content.decode()
    return fresh(draft)


def fresh(found: "Cascade") -> "Cascade":
    from steelyard.apps.goals.models import Cascade

    return Cascade.objects.select_related("goal__current").get(pk=found.pk)


def send(client: "Client", found: "Cascade", page: str, data: Mapping[str, Any], **headers: Any) -> Any:
    """Post to a page of a cascade, on its newest version."""
    version = fresh(found).version
    return client.post(f"/aim/cascade/{found.public_id}/{page}", {"version": version, **data}, **headers)


def value(found: "Cascade", unit: str, label: str | None = None) -> Decimal | None:
    from steelyard.apps.goals.queries.cascade_sheets import sheet_of

    sheet = sheet_of(fresh(found))
    line = sheet.by_key[unit]
    return line.total if label is None else line.values[sheet.periods.index(label)]


def held(unit_code: str) -> "Goal":
    """The active goal of a person or a team."""
    from django.db.models import Q

    from steelyard.apps.goals.models import Goal

    named = Q(person__code=unit_code) | Q(team__code=unit_code)
    return Goal.objects.select_related("current").get(named, state="active")


def sums_hold(made: "Goal") -> None:
    """In every month the goals below add up to the goal above, to the cent."""
    from steelyard.apps.goals.models import Goal

    above = Goal.objects.select_related("current").get(pk=made.pk)
    below = list(Goal.objects.filter(state="active", current__parent=above).select_related("current"))
    for each in below:
        sums_hold(each)
    if not below:
        return
    for label, text in above.current.plan:
        parts = [dict(each.current.plan)[label] for each in below]
        assert sum(map(Decimal, parts)) == Decimal(text), (above.current.title, label)
    assert sum(each.current.target for each in below) == above.current.target
