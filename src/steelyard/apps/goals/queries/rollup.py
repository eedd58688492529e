"""One figure for several goals, by stated weights; what is not measured is left out and named."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from steelyard.apps.goals.models import Goal, WeightSet
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.seen import goals_seen_by
from steelyard.apps.goals.queries.sight import Owner
from steelyard.apps.goals.queries.weights import code_of
from steelyard.apps.measure.queries.total import CAP

WHOLE = Decimal(100)


@dataclass(frozen=True)
class Share:
    """One goal's part: its weight, what it scored (0 to 1.2), or why it scored nothing."""

    goal: Goal
    weight: Decimal
    progress: Progress | None
    score: float | None
    reason: str = ""


@dataclass(frozen=True)
class Rollup:
    """`score` is out of 100 over the weights that were measured; None where none was."""

    shares: tuple[Share, ...]
    is_stated: bool

    @property
    def measured(self) -> Decimal:
        return sum((each.weight for each in self.shares if each.score is not None), Decimal(0))

    @property
    def total(self) -> Decimal:
        return sum((each.weight for each in self.shares), Decimal(0))

    @property
    def left_out(self) -> list[Share]:
        return [each for each in self.shares if each.score is None]

    @property
    def score(self) -> float | None:
        if not self.measured:
            return None
        told = sum(float(each.weight) * each.score for each in self.shares if each.score is not None)
        return 100 * told / float(self.measured)


def rollup_of_parts(
    viewer: Any, parent: Goal, children: Sequence[Goal], *, today: date | None = None
) -> Rollup:
    """The parts of a goal, by the weights its owner stated; without any they count alike."""
    stated = WeightSet.objects.filter(parent=parent).first()
    return rolled_up(viewer, children, stated=stated, today=today)


def rollup_of_owner(
    viewer: Any, owner: Owner, goals: Sequence[Goal], *, starts: date, ends: date, today: date | None = None
) -> Rollup:
    """An owner's goals of a stretch of days."""
    stated = WeightSet.objects.filter(
        owner_kind=owner.kind, owner=code_of(owner), starts=starts, ends=ends, parent=None
    ).first()
    return rolled_up(viewer, goals, stated=stated, today=today)


def rolled_up(
    viewer: Any, goals: Sequence[Goal], *, stated: WeightSet | None, today: date | None = None
) -> Rollup:
    made = progress_of(viewer, goals, today=today, is_brief=True)
    weights = {key: Decimal(weight) for key, weight in stated.weights.items()} if stated else {}
    known = {goal.public_id for goal in goals}
    is_stated = bool(weights) and known <= set(weights)
    counted = {goal.pk: weights[goal.public_id] if is_stated else Decimal(1) for goal in goals}
    return Rollup(tuple(shares_of(goals, counted, made)), is_stated)


def shares_of(
    goals: Iterable[Goal], weights: Mapping[int, Decimal], made: Mapping[int, Progress]
) -> Iterable[Share]:
    for goal in goals:
        progress = made.get(goal.pk)
        score = progress.score if progress is not None and progress.is_told else None
        if score is not None:
            yield Share(goal, weights[goal.pk], progress, min(max(score, 0.0), CAP))
            continue
        reason = "not-approved" if progress is None else why_not(progress)
        yield Share(goal, weights[goal.pk], progress, None, reason)


def why_not(progress: Progress) -> str:
    """Why a goal has no score: withheld, without data, not begun, or nothing that can be a share."""
    if progress.status in ("withheld", "no-data", "not-begun", "just-begun"):
        return progress.status
    return "no-share"


def rollup_of_goal(viewer: Any, goal: Goal, *, today: date | None = None) -> Rollup | None:
    """The parts of a goal that the viewer sees; None for a goal without any."""
    children = list(goals_seen_by(viewer).filter(current__parent=goal, state__in=("active", "closed")))
    return rollup_of_parts(viewer, goal, children, today=today) if children else None
