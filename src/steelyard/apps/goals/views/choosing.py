"""What a form of goals offers: owners, KPIs, periods, goals above, themes, causes; only what is seen."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils import timezone

from steelyard.apps.access.policy import can
from steelyard.apps.causes.models import Cause
from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.apps.diagnose.queries.saved import diagnoses_seen_by, is_led
from steelyard.apps.goals.models import Credit, Goal, GoalVersion, Theme
from steelyard.apps.goals.queries.seen import (
    Owner,
    goals_seen_by,
    may_set,
    sight_of,
    units_proposable_by,
)
from steelyard.apps.goals.queries.sight import with_those_above
from steelyard.apps.goals.queries.versions import versions_seen_by
from steelyard.apps.goals.words import names
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import fiscal_start, main_grain, period_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.templates import shown_first
from steelyard.apps.measure.queries.units import Unit, reach_of
from steelyard.apps.measure.words.names import grain_name, kpi_name, part_of_scorecard, period_name, unit_name
from steelyard.apps.people.models import Membership, Team
from steelyard.apps.people.queries import holds_on
from steelyard.engine.periods import Period
from steelyard.errors import Refused

Choice = tuple[str, Any]
MOST = 200


def owners_for(actor: Any) -> list[Unit]:
    return units_proposable_by(actor)


def grouped(units: Iterable[Unit]) -> list[Choice]:
    """By kind of owner, as a select shows groups."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in units:
        groups.setdefault(str(unit.kind), []).append((unit.key, unit_name(unit)))
    return [(names.owner_kind_name(kind), choices) for kind, choices in groups.items()]


def sharers(units: Iterable[Unit], version: GoalVersion | None) -> list[Unit]:
    """Who can get a part in a goal: those whom the actor proposes goals for, and who has one already."""
    found = {unit.key: unit for unit in units if unit.kind != UnitKind.COMPANY}
    for each in version.credits.select_related("team", "person") if version else ():
        unit = credit_unit(each)
        found.setdefault(unit.key, unit)
    return list(found.values())


def credit_unit(credit: Credit) -> Unit:
    if credit.team is not None:
        return Unit(UnitKind.TEAM, credit.team.code, credit.team.name)
    person = credit.person
    return Unit(UnitKind.MEMBER, person.code, person.name) if person is not None else Unit()


def kpi_choices() -> list[Choice]:
    """By part of the scorecard, as a select shows groups."""
    known = known_kpis()
    groups: dict[str, list[tuple[str, str]]] = {}
    for kpi in shown_first(timezone.localdate()):
        groups.setdefault(part_of_scorecard(known[kpi].dimension), []).append((kpi, kpi_name(known[kpi])))
    return list(groups.items())


def period_choices(today: datetime.date) -> list[Choice]:
    """The running quarter and the three after it, this year and the next, the months to come."""
    year = "year" if fiscal_start() == 1 else "fiscal-year"
    counts = ((main_grain(), 5), (year, 2), ("month", 13))
    return [
        (grain_name(grain), [(each.label, period_name(each)) for each in following(today, grain, count)])
        for grain, count in counts
    ]


def following(day: datetime.date, grain: str, count: int) -> list[Period]:
    found = [period_of(day, grain)]
    while len(found) < count:
        found.append(period_of(found[-1].end, grain))
    return found


def with_stretch(choices: list[Choice], version: GoalVersion) -> tuple[list[Choice], str]:
    """The choices with the version's own period among them, and its label; "" for other days."""
    labels = {label for _group, listed in choices for label, _name in listed}
    for grain in ("month", "quarter", "year", "fiscal-quarter", "fiscal-year"):
        period = period_of(version.starts, grain)
        if (period.start, period.end) == (version.starts, version.ends):
            more = [] if period.label in labels else [(period.label, period_name(period))]
            return [*more, *choices], period.label
    return choices, ""


def parents_for(actor: Any, owner: Owner | None, *, own: Goal | None, today: datetime.date) -> list[Goal]:
    """Goals that stand above an owner: the company's, and those of teams over it; the newest first."""
    found = goals_seen_by(actor).filter(state=Goal.State.ACTIVE, current__ends__gt=today)
    if owner is None:
        found = found.exclude(owner_kind=UnitKind.MEMBER)
    else:
        found = found.filter(Q(owner_kind=UnitKind.COMPANY) | Q(team__in=teams_over(owner)))
    if own is not None:
        found = found.exclude(pk=own.pk)
    ordered = found.order_by("owner_kind", "current__starts", "pk")[:MOST]
    listed = list(ordered)
    if own is not None and own.current and own.current.parent and own.current.parent not in listed:
        listed.insert(0, own.current.parent)
    return listed


def teams_over(owner: Owner) -> frozenset[int]:
    if owner.kind == UnitKind.COMPANY:
        return frozenset()
    teams = [owner.team] if owner.team is not None else []
    if owner.person is not None:
        today = Membership.objects.filter(holds_on(timezone.localdate()), person_id=owner.person)
        teams = list(today.values_list("team_id", flat=True))
    return with_those_above(
        [each for each in teams if each is not None], dict(Team.objects.values_list("pk", "parent_id"))
    )


def parent_label(goal: Goal) -> str:
    """Whose it is, then what it says."""
    return f"{names.owner_name(goal)}: {goal}"


def themes_open() -> list[Theme]:
    return list(Theme.objects.filter(retired_at=None))


def causes_for(actor: Any, *, named: str = "") -> list[Cause]:
    """Confirmed causes of diagnoses that the actor sees, the newest first, and the one that is named."""
    if not can(actor, "causes.see"):
        return []
    seen = diagnoses_seen_by(actor).order_by().values("pk")
    wanted = Q(status=Cause.Status.CONFIRMED) | Q(public_id=named)
    found = Cause.objects.filter(wanted, diagnosis__in=seen).exclude(status=Cause.Status.REJECTED)
    return list(found.select_related("diagnosis").order_by("-pk")[:50])


def sees_diagnosis(viewer: Any, diagnosis: Diagnosis) -> bool:
    """As `diagnoses_seen_by`, of one that is here already."""
    reach = reach_of(viewer)
    return can(viewer, "diagnose.see") and (reach.is_company or is_led(reach, diagnosis.teams))


def finding_for(actor: Any, key: str | int | None) -> Finding | None:
    """A finding that an address names, where its diagnosis is the actor's to see."""
    if not str(key or "").isdecimal() or len(str(key)) > 12:
        return None
    found = Finding.objects.select_related("diagnosis").filter(pk=int(str(key))).first()
    return found if found is not None and sees_diagnosis(actor, found.diagnosis) else None


def goal_for(actor: Any, public_id: str) -> Goal | None:
    if not public_id:
        return None
    return goals_seen_by(actor).filter(public_id=public_id, state=Goal.State.ACTIVE).first()


def like_for(actor: Any, public_id: str) -> GoalVersion | None:
    """What a goal said last, as far as the actor may read it, to begin another one from it."""
    goal = goals_seen_by(actor).filter(public_id=public_id).first() if public_id else None
    return versions_seen_by(actor, goal).select_related("goal").first() if goal else None


def unit_among(units: Iterable[Unit], key: str) -> Unit:
    """Raises Refused for whom the actor proposes nothing."""
    found = next((unit for unit in units if unit.key == key), None)
    if found is None:
        raise Refused("access.denied", 404)
    return found


def first_owner(actor: Any, units: list[Unit]) -> str:
    """A leader begins with the company, a manager with who is theirs to set for, a member with themselves."""
    sight = sight_of(actor)
    if sight.is_leader or not units:
        return units[0].key if units else ""
    members = [unit for unit in units if unit.kind == UnitKind.MEMBER]
    settable = [unit for unit in units if may_set(actor, unit)] if sight.led else []
    return (settable or members or units)[0].key
