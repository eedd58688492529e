"""Looking back on a round of targets: were they well set? For whom one sees, and honest about few."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from steelyard.apps.access.policy import authorize
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.paces import direction_of
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.seen import goals_seen_by
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.points import is_complete, newest_points
from steelyard.apps.measure.queries.staff import DAY, staff
from steelyard.engine.periods import Period
from steelyard.errors import Refused

# Of one unit there is nothing to compare.
FEWEST = 2


@dataclass(frozen=True, order=True)
class Round:
    """The goals on one KPI for the same days, of people or of teams."""

    starts: datetime.date
    ends: datetime.date
    kpi: str
    kind: str
    n: int = 0

    @property
    def key(self) -> str:
        """How it stands in an address."""
        return f"{self.kpi}:{self.kind}:{self.starts}:{self.ends}"


@dataclass(frozen=True)
class Line:
    """One goal of a round: its team (of a team, the one above it), and how it ended."""

    goal: Goal
    group: str
    target: float
    actual: float | None
    chance: float | None
    is_reached: bool


@dataclass(frozen=True)
class Quality:
    """`finding` is `engine.forecast.QuotaQuality` over the lines with an actual; `left_out` have none."""

    round: Round
    lines: tuple[Line, ...]
    finding: Any

    @property
    def told(self) -> list[Line]:
        return [line for line in self.lines if line.actual is not None]

    @property
    def left_out(self) -> list[Line]:
        return [line for line in self.lines if line.actual is None]

    @property
    def groups(self) -> list[str]:
        return list(dict.fromkeys(line.group for line in self.told))


def rounds_seen_by(viewer: Any) -> list[Round]:
    """Rounds that are over in the data, the newest first."""
    authorize(viewer, "goals.quality")
    points = newest_points()
    if points is None:
        return []
    rows = (
        _targets(viewer)
        .order_by()
        .values_list("current__kpi", "owner_kind", "current__starts", "current__ends")
        .annotate(n=Count("pk"))
    )
    found = [Round(starts, ends, kpi, kind, n) for kpi, kind, starts, ends, n in rows if n >= FEWEST]
    over = [each for each in found if is_complete(points, Period.of_days(each.starts, each.ends - DAY))]
    return sorted(over, key=lambda each: (each.ends, each.n, each.key), reverse=True)


def _targets(viewer: Any) -> Any:
    """Numbers to reach, of people and teams: what stands at any time is no quota."""
    return goals_seen_by(viewer).filter(
        state__in=(Goal.State.ACTIVE, Goal.State.CLOSED),
        owner_kind__in=(UnitKind.MEMBER, UnitKind.TEAM),
        current__kind=GoalVersion.Kind.REACH,
        current__kpi__in=list(once_known_kpis()),
        current__target__isnull=False,
    )


def quality_of(viewer: Any, key: str) -> Quality | None:
    """The round of an address, or the newest; None while none is over."""
    rounds = rounds_seen_by(viewer)
    chosen = next((each for each in rounds if each.key == key), None)
    if key and chosen is None:
        raise Refused("access.denied", 404)
    chosen = chosen or next(iter(rounds), None)
    if chosen is None:
        return None
    goals = list(
        _targets(viewer)
        .filter(
            owner_kind=chosen.kind,
            current__kpi=chosen.kpi,
            current__starts=chosen.starts,
            current__ends=chosen.ends,
        )
        .order_by("pk")
    )
    lines = lines_of(goals, progress_of(viewer, goals, is_brief=True), on=chosen.ends - DAY)
    return Quality(chosen, tuple(lines), judged(lines))


def judged(lines: Sequence[Line]) -> Any:
    from steelyard.engine.forecast import quota_quality

    return quota_quality(
        ((line.goal.public_id, line.target, line.actual, line.chance) for line in lines),
        higher_is_better=all(_is_up(line.goal) for line in lines),
    )


def lines_of(goals: Iterable[Goal], made: dict[int, Progress], *, on: datetime.date) -> list[Line]:
    """By attainment, from the lowest; whoever has no actual comes last."""
    teams = teams_on(on)
    found = []
    for goal in goals:
        version, progress = goal.current, made[goal.pk]
        if version is None or version.target is None:
            continue
        found.append(
            Line(
                goal=goal,
                group=group_of(goal, teams),
                target=float(version.target) if progress.target is None else progress.target,
                actual=progress.actual,
                chance=version.chance_at_start,
                is_reached=progress.status == "reached",
            )
        )
    return sorted(found, key=lambda line: (line.actual is None, _share(line), line.goal.pk))


def teams_on(day: datetime.date) -> dict[str, str]:
    """Person → the name of their team on a day."""
    people = staff()
    names = {code: team.name for code, team in people.teams.items()}
    return {place.person: names[place.team] for place in people.places if place.holds_on(day)}


def group_of(goal: Goal, teams: dict[str, str]) -> str:
    """A person's team; teams stand together."""
    return teams.get(goal.person.code, "") if goal.person else ""


def _share(line: Line) -> float:
    return line.actual / line.target if line.actual is not None and line.target else 0.0


def _is_up(goal: Goal) -> bool:
    version = goal.current
    return version is not None and direction_of(version, once_known_kpis().get(version.kpi)) == "up"
