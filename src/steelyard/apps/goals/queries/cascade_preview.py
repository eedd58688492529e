"""What applying a cascade would make of each goal: those that stand, new ones, those left with nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from steelyard.apps.goals.models import Cascade, Goal, GoalVersion
from steelyard.apps.goals.queries.cascade_people import key_of_person, key_of_team
from steelyard.apps.goals.queries.cascade_sheets import Line, Sheet
from steelyard.apps.measure.models import UnitKind


@dataclass(frozen=True)
class Becoming:
    """One goal as it would be; `goal` is None where there is none yet, `line` where its unit has no part."""

    key: str
    goal: Goal | None
    line: Line | None
    before: Decimal | None
    after: Decimal | None
    plan: list[list[str]]
    over: Decimal

    @property
    def is_changed(self) -> bool:
        version = self.goal.current if self.goal else None
        if version is None:
            return True
        return (
            version.target != self.after
            or [[each[0], *map(Decimal, each[1:])] for each in version.plan]
            != [[each[0], *map(Decimal, each[1:])] for each in self.plan]
            or version.over != self.over
        )


def standing_goals(goal: Goal) -> dict[str, Goal]:
    """The active goals that a cascade of a goal would give new versions, by key; not the goal itself."""
    version = goal.current
    if version is None:
        return {}
    like = Q(current__kpi=version.kpi) if version.kpi else Q(current__cascade__goal=goal)
    rows = (
        Goal.objects.filter(like, state=Goal.State.ACTIVE, current__kind=version.kind)
        .filter(current__starts=version.starts, current__ends=version.ends)
        .exclude(pk=goal.pk)
        .select_related(
            "team",
            "person",
            "current__cascade",
            "current__parent",
            "current__theme",
            "current__finding__diagnosis",
            "current__cause__diagnosis",
        )
        .prefetch_related("current__credits__team", "current__credits__person")
        .order_by("-pk")
    )
    # The oldest of several of one owner stands, unless another was divided from here.
    found: dict[str, Goal] = {}
    parents = dict(Goal.objects.filter(state=Goal.State.ACTIVE).values_list("pk", "current__parent_id"))
    free = [each for each in rows if not is_divided_elsewhere(each, goal, parents)]
    for each in sorted(free, key=lambda row: row.current.cascade_id is not None):  # type: ignore[union-attr]
        found[key_of(each)] = each
    return found


def is_divided_elsewhere(goal: Goal, root: Goal, parents: Mapping[int, int | None]) -> bool:
    """Whether it is a part of what another goal was divided into: taking it away would break those sums."""
    held = goal.current.cascade if goal.current else None
    if held is None or held.state != Cascade.State.APPLIED or held.goal_id == root.pk:
        return False
    return root.pk not in line_above(goal.pk, parents)


def line_above(goal: int, parents: Mapping[int, int | None]) -> set[int]:
    """The goals that one hangs below, up to the top."""
    line: set[int] = set()
    at = parents.get(goal)
    while at is not None and at not in line:
        line.add(at)
        at = parents.get(at)
    return line


def key_of(goal: Goal) -> str:
    if goal.team is not None:
        return key_of_team(goal.team.code)
    return key_of_person(goal.person.code) if goal.person is not None else "company"


def becoming(found: Cascade, sheet: Sheet) -> list[Becoming]:
    """Every goal of the tree, the divided one first; then those that had a part of it and have none now."""
    goal, version = found.goal, found.goal.current
    if version is None:
        return []
    standing = standing_goals(goal)
    # A person's own goal is the whole and the one unit below it.
    shown = sheet.lines[:1] if goal.owner_kind == UnitKind.MEMBER else sheet.lines
    lines = [_of_line(line, sheet, _goal_of(line, sheet, goal, standing), version) for line in shown]
    if (found.result or {}).get("is_change"):
        return lines
    return lines + [
        _left_out(key, each, sheet)
        for key, each in sorted(standing.items())
        if key not in sheet.by_key
        and each.current
        and each.current.cascade
        and each.current.cascade.goal_id == goal.pk
    ]


def _goal_of(line: Line, sheet: Sheet, goal: Goal, standing: Mapping[str, Goal]) -> Goal | None:
    return goal if line is sheet.root else standing.get(line.key)


def _of_line(line: Line, sheet: Sheet, goal: Goal | None, version: GoalVersion) -> Becoming:
    is_root = line is sheet.root
    return Becoming(
        key=line.key,
        goal=goal,
        line=line,
        before=goal.current.target if goal and goal.current else None,
        after=version.target if is_root and sheet.is_ratio else rounded(line.total),
        plan=plan_rows(line, sheet),
        over=line.over,
    )


def _left_out(key: str, goal: Goal, sheet: Sheet) -> Becoming:
    """A unit that no longer takes part keeps its goal, with nothing to reach."""
    nothing = Decimal(0)
    plan = [[label, "0"] for label in sheet.periods]
    before = goal.current.target if goal.current else None
    return Becoming(key, goal, None, before, nothing, plan, nothing)


def plan_rows(line: Line, sheet: Sheet) -> list[list[str]]:
    """Target by period; of a ratio with both parts."""
    if not sheet.is_ratio:
        return [[label, str(value or 0)] for label, value in zip(sheet.periods, line.values, strict=True)]
    return [
        [label, str(rounded(value) or 0), str(part or 0), str(base or 0)]
        for label, value, part, base in zip(
            sheet.periods, line.values, line.numerators, line.denominators, strict=True
        )
    ]


def rounded(value: Decimal | None) -> Decimal | None:
    """As fine as a goal is kept."""
    return None if value is None else value.quantize(Decimal("0.000001")).normalize() + Decimal(0)
