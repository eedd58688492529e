"""Between a goal's form and what a version says."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from steelyard.apps.causes.models import Cause
from steelyard.apps.goals.actions.said import GoalSaid, Share, Step
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.goals import GoalForm
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.rights import sees_pay
from steelyard.apps.goals.queries.seen import Owner, owner_of
from steelyard.apps.goals.views import choosing
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import Unit
from steelyard.apps.people.models import Person, Team


def said_in(actor: Any, form: GoalForm, *, before: GoalVersion | None) -> GoalSaid:
    """What a form that holds says; months and hidden pay of the version before go along."""
    told = form.cleaned_data
    return GoalSaid(
        title=told["title"],
        kind=told["kind"],
        starts=told["starts"],
        ends=told["ends"],
        kpi=told["kpi"],
        unit=told["unit"],
        baseline=told["baseline"],
        target=told["target"],
        target_high=told["target_high"],
        levels=form.levels,
        over=before.over if before else 0,  # type: ignore[arg-type]
        parent=parent_named(actor, told["parent"], before),
        theme=next((each for each in choosing.themes_open() if each.public_id == told["theme"]), None),
        why=told["why"],
        cause=cause_named(actor, told["cause"], before),
        finding=finding_named(actor, told.get("finding"), before),
        consequences=[*told["consequences"], *hidden_pay(actor, before)],
        credits=[Share(unit_row(each["unit"]), each["share"]) for each in told["credits"]],
        milestones=steps_said(told["milestones"], before),
        plan=plan_kept(told, before),
    )


def steps_said(told: Iterable[Mapping[str, Any]], before: GoalVersion | None) -> list[Step]:
    """A step keeps its key where the version before has it: another goal's is not this one's to take."""
    known = {each["key"] for each in before.steps} if before else set()
    return [Step(each["title"], each["due_on"], each["key"] if each["key"] in known else "") for each in told]


def plan_kept(told: dict[str, Any], before: GoalVersion | None) -> Any:
    """The months stay with the same days, KPI and kind; another number gives each its share of it."""
    if before is None:
        return ()
    is_same = all(told[name] == getattr(before, name) for name in ("starts", "ends", "kpi", "kind"))
    return before.plan if is_same and told["target"] is not None else ()


def hidden_pay(actor: Any, before: GoalVersion | None) -> list[dict[str, Any]]:
    """What the writer may not see stays as it was."""
    if before is None or sees_pay(actor, before.goal):
        return []
    return [dict(each) for each in before.consequences if each["kind"] == "pay"]


def parent_named(actor: Any, key: str, before: GoalVersion | None) -> Goal | None:
    if before is not None and before.parent is not None and before.parent.public_id == key:
        return before.parent
    return choosing.goal_for(actor, key)


def cause_named(actor: Any, key: str, before: GoalVersion | None) -> Cause | None:
    """A cause that the writer cannot see stays where it stands."""
    found = choosing.causes_for(actor, named=key)
    if (
        before is not None
        and before.cause is not None
        and not choosing.sees_diagnosis(actor, before.cause.diagnosis)
    ):
        return before.cause
    return next((each for each in found if each.public_id == key), None)


def finding_named(actor: Any, key: int | None, before: GoalVersion | None) -> Any:
    if before is not None and before.finding is not None and key in (None, before.finding_id):
        return before.finding
    return choosing.finding_for(actor, key)


def unit_row(key: str) -> Team | Person:
    """The team or person of a choice of the form, which offers no others."""
    kind, _, code = key.partition(":")
    return Team.objects.get(code=code) if kind == UnitKind.TEAM else Person.objects.get(code=code)


def initial_of(actor: Any, version: GoalVersion, *, number: int) -> dict[str, Any]:
    """The form's texts for a version that is to be changed."""
    unit = version.unit
    texts = {
        name: amounts.write(getattr(version, name), unit=unit)
        for name in ("baseline", "target", "target_high")
    }
    texts |= {each["level"]: amounts.write(each["value"], unit=unit) for each in version.levels}
    return texts | {
        "title": version.title,
        "kpi": version.kpi,
        "kind": version.kind,
        "unit": unit,
        "starts": version.starts,
        "last": version.ends - datetime.timedelta(days=1),
        "parent": version.parent.public_id if version.parent else "",
        "theme": version.theme.public_id if version.theme else "",
        "why": version.why,
        "cause": version.cause.public_id if version.cause else "",
        "finding": version.finding_id,
        "version": number,
        "consequences": consequences_to_write(actor, version),
        "credits": [
            {"unit": choosing.credit_unit(each).key, "share": each.share} for each in version.credits.all()
        ],
        "milestones": [
            {"key": each["key"], "title": each["title"], "due_on": each["due_on"]} for each in version.steps
        ],
    }


def consequences_to_write(actor: Any, version: GoalVersion) -> list[Mapping[str, Any]]:
    is_seen = sees_pay(actor, version.goal)
    return [each for each in version.consequences if is_seen or each["kind"] != "pay"]


def as_goal(owner: Unit | Owner) -> Goal:
    """A goal that is only drafted, to ask what the writer may see of its owner."""
    found = owner_of(owner)
    return Goal(owner_kind=found.kind, team_id=found.team, person_id=found.person)


def owner_typed(units: Iterable[Unit], key: str) -> Unit | None:
    return next((unit for unit in units if unit.key == key), None)
