"""How one goal stands, and by which rule: codes and numbers, no words and no questions to the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from steelyard.apps.goals.models import CheckIn, GoalVersion, Milestone
from steelyard.apps.goals.queries.actuals import Actual
from steelyard.apps.goals.queries.outlooks import Brief, Series, months_between
from steelyard.apps.goals.queries.paces import attainment_of, direction_of, is_at_least, is_met

# A signal in one of so many newest months of the goal calls for a reaction.
RECENT = 3
OPEN = ("on-pace", "behind", "no-signal", "below-pace", "not-begun", "just-begun")
ENDED = ("reached", "missed", "done")


@dataclass(frozen=True)
class Progress:
    """How one goal stands.

    `status`: reached, missed, done (all steps), on-pace, behind (off pace, and a signal), no-signal (off
    pace, inside the natural process limits), below-pace (off pace, and nothing tells a signal from none),
    not-begun, just-begun (no complete month yet), no-data, withheld. `actual` is everything so far,
    `settled` and `expected` are up to `until`, the end of the last complete month; `rule` says where
    `expected` comes from. `attainment` is of the whole target, `to_date` of what was asked for by now.
    """

    status: str
    direction: str = "up"
    mode: str = ""
    actual: float | None = None
    settled: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    target: float | None = None
    expected: float | None = None
    rule: str = ""
    share: float = 0.0
    attainment: float | None = None
    to_date: float | None = None
    until: date | None = None
    chance: float | None = None
    low: float | None = None
    middle: float | None = None
    high: float | None = None
    limits: tuple[float, float] | None = None
    steps: int = 0
    steps_done: int = 0
    steps_late: int = 0
    confidence: int | None = None
    counted: tuple[Series, ...] = ()
    withheld: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in ENDED

    @property
    def is_told(self) -> bool:
        """Whether there is a figure, or steps, to look at."""
        return self.status not in ("withheld", "no-data")

    @property
    def score(self) -> float | None:
        """What counts in a roll-up: of what was asked for by now while it runs, of the whole when over."""
        return self.attainment if self.is_over or self.to_date is None else self.to_date


WITHHELD = Progress("withheld", withheld="not-yours")


def without_chance(progress: Progress) -> Progress:
    return replace(progress, chance=None, low=None, middle=None, high=None)


def settled_at_zero(actual: Actual) -> Actual:
    """Once records of a unit have begun, months without one came to nothing."""
    return replace(actual, value=actual.value or 0.0, settled=actual.settled or 0.0)


def status_of(
    version: GoalVersion, made: Progress, briefs: Sequence[Brief], *, has_begun: bool, until: date
) -> str:
    """The rule, in order: no figure, over, reached before its end, on pace, a signal, none, cannot tell."""
    if not has_begun:
        return "not-begun"
    if made.actual is None:
        return "no-data"
    is_enough = is_met(version, made.actual, direction=made.direction)
    if until >= version.ends:
        return "reached" if is_enough else "missed"
    if is_enough and made.mode == "total" and made.direction == "up":
        return "reached"
    if made.settled is None or made.expected is None:
        return "just-begun"
    if is_on_pace(version, made):
        return "on-pace"
    return off_pace(version, made, briefs)


def is_on_pace(version: GoalVersion, made: Progress) -> bool:
    settled, expected = made.settled or 0.0, made.expected or 0.0
    if made.direction == "band":
        return is_met(version, settled, direction="band")
    return is_at_least(settled, expected) if made.direction == "up" else is_at_least(expected, settled)


def off_pace(version: GoalVersion, made: Progress, briefs: Sequence[Brief]) -> str:
    """Below pace is not yet a signal: only a recent month outside the usual variation, to the worse side."""
    if not briefs or all(brief.status not in ("signal", "no-signal") for brief in briefs):
        return "below-pace"
    recent = recent_months(version, made.until)
    worse = worse_side(version, made)
    is_signal = any(
        month in recent and side == worse for brief in briefs for month, side in brief.signal_months
    )
    return "behind" if is_signal else "no-signal"


def recent_months(version: GoalVersion, until: date | None) -> list[str]:
    return [month.label for month in months_between(version.starts, until)][-RECENT:] if until else []


def worse_side(version: GoalVersion, made: Progress) -> str:
    if made.direction == "band":
        return "below" if (made.settled or 0.0) < float(version.target or 0) else "above"
    return "below" if made.direction == "up" else "above"


def by_steps(version: GoalVersion, steps: Sequence[Milestone], *, today: date) -> Progress:
    """Milestones and deliverables: what is done of what was set, and what is late."""
    done = sum(1 for each in steps if each.done_on is not None)
    late = sum(1 for each in steps if each.done_on is None and each.due_on < today)
    made = Progress(
        status="no-data",
        mode="steps",
        steps=len(steps),
        steps_done=done,
        steps_late=late,
        attainment=done / len(steps) if steps else None,
    )
    if not steps:
        return made
    due = sum(1 for each in steps if each.due_on < today)
    made = replace(made, to_date=min(done / due, 1.0) if due else None, share=due / len(steps))
    return replace(made, status=_status_of_steps(version, made, today=today))


def _status_of_steps(version: GoalVersion, made: Progress, *, today: date) -> str:
    if made.steps_done == made.steps:
        return "done"
    if today >= version.ends:
        return "missed"
    if made.steps_late:
        return "behind"
    return "not-begun" if today < version.starts and not made.steps_done else "on-pace"


def by_check_ins(version: GoalVersion, said: Sequence[CheckIn], *, today: date) -> Progress:
    """A number of its own: what the newest check-in that names one says, against the days that have gone."""
    newest = next((each for each in said if each.value is not None), None)
    direction = direction_of(version, None)
    target = None if version.target is None else float(version.target)
    made = Progress("no-data", direction=direction, mode="said", target=target)
    if newest is None or target is None:
        return replace(made, status="not-begun") if today < version.starts else made
    value = float(newest.value)
    share = min(max((newest.on - version.starts).days / (version.ends - version.starts).days, 0.0), 1.0)
    start = float(version.baseline or 0)
    expected = target if version.kind != GoalVersion.Kind.REACH else start + (target - start) * share
    made = replace(
        made,
        actual=value,
        settled=value,
        expected=expected,
        rule="equal" if version.kind == GoalVersion.Kind.REACH else "standing",
        share=share,
        until=newest.on,
        attainment=attainment_of(version, value, target, direction=direction),
        to_date=attainment_of(version, value, expected, direction=direction),
    )
    is_enough = is_met(version, value, direction=direction)
    if today >= version.ends:
        return replace(made, status="reached" if is_enough else "missed")
    if is_enough and version.kind == GoalVersion.Kind.REACH:
        return replace(made, status="reached")
    return replace(made, status="on-pace" if is_on_pace(version, made) else "below-pace")
