"""Where a goal hangs: below an open goal, never below itself, never below one that is closed."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.seen import goals_seen_by
from steelyard.errors import Refused

# The key of a lock that PostgreSQL keeps until the transaction ends: two moves could make a circle together.
LOCK = 5_083_001
MOST_NAMED = 5


def lock_goals() -> None:
    """One writer at a time from here to the end of the transaction; SQLite has only one anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def check_place(goal: Goal | None, parent: Goal | None) -> None:
    """The parent holds, and does not hang below the goal."""
    if parent is None:
        return
    stands = Goal.objects.select_related("current").get(pk=parent.pk)
    if stands.state != Goal.State.ACTIVE:
        raise Refused("goals.parent-not-open", 409, parent=title_of(stands))
    if goal is not None:
        check_no_circle([goal.pk], parents_with({goal.pk: parent.pk}))


def parents_with(changed: Mapping[int, int | None]) -> dict[int, int | None]:
    """Goal → parent as they hold, with what is about to change."""
    held = Goal.objects.exclude(current=None).values_list("pk", "current__parent_id")
    return {**dict(held), **changed}


def check_no_circle(goals: Iterable[int], parents: Mapping[int, int | None]) -> None:
    """From each of the goals upwards, none comes twice."""
    fine: set[int] = set()
    for start in goals:
        line: set[int] = set()
        at: int | None = start
        while at is not None and at not in fine:
            if at in line:
                raise Refused("goals.circle", 409, goal=title_of(Goal.objects.get(pk=start)))
            line.add(at)
            at = parents.get(at)
        fine |= line


def check_no_open_parts(goal: Goal) -> None:
    """What hangs below is named, not left hanging."""
    below = Goal.objects.filter(state=Goal.State.ACTIVE, current__parent=goal).order_by("pk")
    titles = list(below.values_list("current__title", flat=True)[: MOST_NAMED + 1])
    if titles:
        raise Refused("goals.open-parts", 409, goals=named(titles), count=below.count())


def check_links(actor: Any, said: Any, before: GoalVersion | None) -> None:
    """What a goal newly refers to must be the actor's to see, as if it were opened."""
    if _is_new(said, before, "parent"):
        _check_seen(actor, said.parent)
    if _is_new(said, before, "theme") and said.theme.retired_at is not None:
        raise Refused("goals.theme-retired", 409, theme=said.theme.title)
    if _is_new(said, before, "finding"):
        diagnosis_seen_by(actor, said.finding.diagnosis.public_id)
    if _is_new(said, before, "cause"):
        diagnosis_seen_by(actor, said.cause.diagnosis.public_id)


def title_of(goal: Goal) -> str:
    if goal.current is not None:
        return goal.current.title
    newest = goal.versions.order_by("-number").first()
    return newest.title if newest else ""


def named(titles: list[str]) -> list[str]:
    """So many that a sentence can hold."""
    return [*titles[:MOST_NAMED], "…"] if len(titles) > MOST_NAMED else titles


def _is_new(said: Any, before: GoalVersion | None, name: str) -> bool:
    thing = getattr(said, name)
    return thing is not None and (before is None or thing.pk != getattr(before, f"{name}_id"))


def _check_seen(actor: Any, goal: Goal) -> None:
    if not goals_seen_by(actor).filter(pk=goal.pk).exists():
        raise Refused("access.denied", 404)
