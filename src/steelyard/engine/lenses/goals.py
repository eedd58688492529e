"""Goals: the target was out of reach or badly split, while the work went as usual."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
from scipy.special import stdtr

from steelyard.engine.diagnosis.history import SEASON, periods_before
from steelyard.engine.kpi import Targets, read_targets
from steelyard.engine.kpi import judge as values_of
from steelyard.engine.kpi import summarise as figures
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import estimate
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.forecast import Forecast, forecast_of, scaled
from steelyard.engine.lenses.splits import splits_of
from steelyard.engine.periods import RANGE, Period
from steelyard.errors import Refused

COMPANY = ""
# A target is out of reach where the chance to reach it is below this.
OUT_OF_REACH = 0.20
# Periods of its own that a unit must have to share in the forecast, and those of the whole that it takes.
FEWEST_SHARES, MOST_SHARES = 4, 8
FEWEST: Mapping[str, int] = {"quarter": 8, "fiscal-quarter": 8, "month": 24, "year": 5, "fiscal-year": 5}
USUAL_FEWEST = 12


@dataclass(frozen=True)
class Goal:
    """A unit with its target, its own history before the period (oldest first) and what it reached."""

    unit: str
    target: float
    actual: float | None
    history: tuple[float | None, ...]


@dataclass(frozen=True)
class Summary:
    """What was read: the company's history, units with a target, parents whose children's do not sum.

    `goals` are those asked for, `teams` all that the targets are split over.
    """

    whole: tuple[float | None, ...]
    season: int | None
    goals: tuple[Goal, ...]
    teams: tuple[Goal, ...]
    splits: tuple[tuple[str, float, float], ...]
    is_positive: bool


@dataclass(frozen=True)
class Reach:
    """How likely a unit was to reach its target.

    `p`: that the target is no higher than what to expect, or than the unit's part in all targets.
    """

    goal: Goal
    forecast: Forecast
    chance: float
    p: float
    is_usual: bool | None


def summarise(case: Case) -> Summary | tuple[Missing, ...]:
    """Read the targets and the history of all units with one: two scans."""
    targets = read_targets(case.tables)
    if case.kpi.id not in targets.values:
        columns = ("kpi", "period", "unit", "value")
        return (Missing("targets", columns, "lens.no-table", {"kpi": case.kpi.id}),)
    if case.period.grain == RANGE:
        return (Missing("targets", ("period",), "lens.range-has-no-series"),)
    before = periods_before(case.period)[0]
    whole = [row.value for row in values_of(figures(case.tables, case.kpi, periods=before, **case.options))]
    first = next((place for place, row in enumerate(whole) if row), len(whole))
    needed = FEWEST.get(case.period.grain, USUAL_FEWEST)
    if len(whole) - 1 - first < needed:
        params: dict[str, Any] = {
            "of": case.period.grain,
            "found": max(len(whole) - 1 - first, 0),
            "needed": needed,
        }
        return (Missing("opportunities", ("closed_on",), "lens.too-few", params),)
    numbers = _numbers(whole)
    teams = [_cut(goal, first) for goal in _team_goals(case, targets, before)]
    goals = [goal for goal in teams if case.teams_asked is None or goal.unit in case.teams_asked]
    if not case.where:
        goals = [*(_cut(goal, first) for goal in _goal(COMPANY, case.target, whole)), *goals]
    if not goals:
        params = {"kpi": case.kpi.id, "period": case.period.label}
        return (Missing("targets", ("kpi", "period", "unit", "value"), "lens.no-target", params),)
    return Summary(
        whole=numbers[first:],
        season=SEASON.get(case.period.grain),
        goals=tuple(goals),
        teams=tuple(teams),
        splits=splits_of(case, targets),
        is_positive=case.kpi.unit in ("money", "count") and all(x is None or x > 0 for x in numbers[first:]),
    )


def judge(case: Case, summary: Summary | tuple[Missing, ...]) -> LensFinding:
    """Was a target out of reach before the period began?

    Notes
    -----
    The forecast of the whole is last year's level with its growth and the season (of logarithms, for money
    and counts); that of a team is the forecast of the whole with the team's usual share of it. The chance to
    reach the target is the tail of the predictive t distribution, with the spread of the unit's own history.
    A target is out of reach where that chance is below 20 % and the target lies above the middle of the
    forecast for sure (the error of the middle), or the unit's part of all targets above its usual part of the
    result; corrected for both and for the units looked at. What was reached must lie within what was to be
    expected (95 %), or be better: else the work is to be asked first.

    Source: Hyndman and Athanasopoulos (2021), Forecasting: Principles and Practice, 7.6; Seber and Lee
    (2003), Linear Regression Analysis, 5.3.
    """
    if isinstance(summary, tuple):
        return LensFinding("goals", "cannot-tell", missing=summary)
    whole = forecast_of(summary.whole[:-1], season=summary.season, is_positive=summary.is_positive)
    reached = [reach for goal in summary.goals if (reach := _reach(case, summary, whole, goal)) is not None]
    if not reached:
        params = {"of": str(case.period.grain), "needed": FEWEST_SHARES}
        missing = Missing("targets", ("period", "unit"), "lens.too-few", params)
        return LensFinding("goals", "cannot-tell", missing=(missing,))
    worst = min(
        _of_interest(reached, alpha=case.alpha), key=lambda reach: (round(reach.p, 12), reach.goal.unit)
    )
    p = min(1.0, worst.p * len(reached))
    is_out = p <= case.alpha and worst.chance < OUT_OF_REACH and worst.is_usual is not False
    is_split = bool(summary.splits)
    expected = _back(summary, worst.forecast.middle)
    low, high = (
        _back(summary, worst.forecast.middle + sign * 1.96 * worst.forecast.error) for sign in (-1, 1)
    )
    stretch = [worst.goal.target / each - 1 if each else 0.0 for each in (expected, high, low)]
    return LensFinding(
        lens="goals",
        verdict="supported" if is_out or is_split else "not-supported",
        effect=stretch[0],
        low=min(stretch),
        high=max(stretch),
        unit="share",
        n=sum(value is not None for value in worst.goal.history) - 1,
        p=p,
        **(_share(case, summary, reached, whole) if is_out else {}),
        before=True if is_out or is_split else None,
        place=Place(
            {"team": worst.goal.unit} if worst.goal.unit else {},
            _is_short(worst),
            _others_fine(reached, worst),
        ),
        facts=_facts(worst, expected, summary),
        charts=_charts(case, summary, reached),
        checks=(
            _reach_check(worst, p, case.alpha),
            Check(
                "goals.performance-usual",
                "cannot-tell" if worst.is_usual is None else (holds(worst.is_usual)),
            ),
            _allocation(reached, summary),
            *(_split_check(each) for each in summary.splits),
        ),
    )


def _of_interest(reached: list[Reach], *, alpha: float) -> list[Reach]:
    """Leave the company out where only some of its teams were asked for too much: they raise its target."""
    teams = [reach for reach in reached if reach.goal.unit != COMPANY]
    out = [reach for reach in teams if reach.p * len(reached) <= alpha and reach.chance < OUT_OF_REACH]
    return out if out and len(out) < len(teams) else reached


def _back(summary: Summary, value: float) -> float:
    return math.exp(value) if summary.is_positive else value


def _numbers(values: Sequence[Any]) -> tuple[float | None, ...]:
    return tuple(None if value is None else float(value) for value in values)


def _team_goals(case: Case, targets: Targets, before: list[Period]) -> list[Goal]:
    """All teams with a target of their own."""
    teams = targets.counted_teams(case.kpi, period=case.period)
    if not teams or not case.people.is_known or set(case.where) - {"team"}:
        return []
    try:
        rows = values_of(figures(case.tables, case.kpi, periods=before, by=["team"], **case.options))
    except Refused as refusal:
        if refusal.code != "kpi.unknown-dimension":
            raise
        return []
    found = []
    for team in teams:
        own = {row.period: row.value for row in rows if row.by["team"] == team}
        target = targets.of(case.kpi, period=case.period, unit_kind="team", unit=team)
        found += _goal(team, target, [own.get(period) for period in before])
    return found


def _goal(unit: str, target: Decimal | None, values: Sequence[Any]) -> list[Goal]:
    if target is None:
        return []
    numbers = _numbers(values)
    return [Goal(unit, float(target), numbers[-1], numbers)]


def _cut(goal: Goal, first: int) -> Goal:
    """Leave out the periods before the company's first record."""
    return replace(goal, history=goal.history[first:])


def _reach(case: Case, summary: Summary, whole: Forecast, goal: Goal) -> Reach | None:
    forecast = whole if goal.unit == COMPANY else _of_part(summary, whole, goal)
    if forecast is None or not math.isfinite(forecast.spread) or (summary.is_positive and goal.target <= 0):
        return None
    sign = 1 if case.kpi.direction != "down" else -1
    distance = sign * (scaled(goal.target, summary.is_positive) - forecast.middle)
    wide = math.hypot(forecast.spread, forecast.error)
    chance = float(stdtr(forecast.df, -distance / wide)) if wide > 0 else float(distance <= 0)
    p = float(stdtr(forecast.df, -distance / forecast.error)) if forecast.error > 0 else float(distance <= 0)
    split = _split_of(summary, goal, forecast, sign=sign)
    if split is not None:
        p = min(1.0, 2 * min(p, split))
    usual = None
    if goal.actual is not None and (goal.actual > 0 or not summary.is_positive):
        missed = sign * (forecast.middle - scaled(goal.actual, summary.is_positive))
        usual = float(stdtr(forecast.df, -missed / wide)) > 0.025 if wide > 0 else missed <= 0
    return Reach(goal, forecast, chance, p, usual)


def _split_of(summary: Summary, goal: Goal, forecast: Forecast, *, sign: int) -> float | None:
    """Whether the unit was given a larger part of all targets than it usually has of the result."""
    parts = summary.teams
    if forecast.part is None or not summary.is_positive or len(parts) < 2:
        return None
    known = [each for each in parts if each.history[-1] is not None]
    if len(known) < len(parts):
        return None
    whole = math.fsum(each.target for each in parts)
    usual = _back(summary, forecast.part.value)
    covered = math.fsum(_usual_part(summary, each) for each in parts)
    if not covered or whole <= 0:
        return None
    apart = estimate(
        sign * math.log(goal.target / whole / (usual / covered)), forecast.part.error, df=forecast.part.df
    )
    return apart.p(sign=1)


def _usual_part(summary: Summary, goal: Goal) -> float:
    """The part of a unit in the whole over its last periods."""
    pairs = list(zip(goal.history[:-1], summary.whole[:-1], strict=True))[-MOST_SHARES:]
    known = [(one, two) for one, two in pairs if one and two]
    return math.fsum(one for one, _ in known) / math.fsum(two for _, two in known) if known else 0.0


def _of_part(summary: Summary, whole: Forecast, goal: Goal) -> Forecast | None:
    """The forecast of the whole, moved by how the unit usually stands to it."""
    pairs = [
        (one, two)
        for one, two in zip(goal.history[:-1], summary.whole[:-1], strict=True)
        if one is not None and two is not None and (not summary.is_positive or (one > 0 and two > 0))
    ][-MOST_SHARES:]
    if len(pairs) < FEWEST_SHARES:
        return None
    apart = np.array(
        [scaled(one, summary.is_positive) - scaled(two, summary.is_positive) for one, two in pairs]
    )
    spread = float(apart.std(ddof=1))
    own = spread / math.sqrt(len(apart))
    part = estimate(float(apart.mean()), own, df=len(apart) - 1.0)
    error = math.hypot(whole.error, own)
    # Satterthwaite: neither part's few degrees of freedom count for the sum.
    parts = [(whole.error, whole.df), (own, len(apart) - 1.0)]
    weight = math.fsum(each**4 / df for each, df in parts if df > 0)
    df = error**4 / weight if weight > 0 else whole.df
    together = math.hypot(whole.spread, spread)
    return Forecast(whole.middle + part.value, together, error, df, part)


def _is_short(reach: Reach) -> bool | None:
    return None if reach.goal.actual is None else reach.goal.actual < reach.goal.target


def _others_fine(reached: list[Reach], worst: Reach) -> bool | None:
    others = [reach for reach in reached if reach.goal.unit not in (COMPANY, worst.goal.unit)]
    return all(reach.chance >= OUT_OF_REACH for reach in others) if others and worst.goal.unit else None


def _share(case: Case, summary: Summary, reached: list[Reach], whole: Forecast) -> dict[str, Any]:
    """What lies between the target and what was to be expected of those whose target was out of reach."""
    if case.against != "target":
        return {"share_code": "share.gap-is-not-to-target"}
    own = [reach for reach in reached if reach.chance < OUT_OF_REACH and reach.goal.unit != COMPANY]
    units = own or [reach for reach in reached if reach.goal.unit == COMPANY]
    if not case.kpi.additive and len(units) > 1:
        return {"share_code": "share.no-algebra"}
    parts = []
    for shift in (0.0, 1.0, -1.0):
        each = [
            _back(summary, reach.forecast.middle + shift * 1.96 * reach.forecast.error) - reach.goal.target
            for reach in units
        ]
        parts.append(math.fsum(each))
    return case.share((parts[0], parts[1], parts[2]))


def _facts(reach: Reach, expected: float, summary: Summary) -> tuple[Fact, ...]:
    params = {
        "team": reach.goal.unit or None,
        "target": reach.goal.target,
        "expected": expected,
        "actual": reach.goal.actual,
        "chance": reach.chance,
    }
    splits = [
        Fact("goals.split", {"unit": unit or None, "own": own, "sum": total})
        for unit, own, total in summary.splits
    ]
    return (Fact("goals.chance", params), *splits)


def _reach_check(reach: Reach, p: float, alpha: float) -> Check:
    verdict = holds(p <= alpha and reach.chance < OUT_OF_REACH)
    return Check("goals.out-of-reach", verdict, reach.chance, unit="share", p=p)


def _allocation(reached: list[Reach], summary: Summary) -> Check:
    """Does attainment follow what was asked rather than what was done?"""
    parts = [
        (
            scaled(reach.goal.actual, summary.is_positive) - scaled(reach.goal.target, summary.is_positive),
            scaled(reach.goal.target, summary.is_positive) - reach.forecast.middle,
        )
        for reach in reached
        if reach.goal.unit != COMPANY
        and reach.goal.actual is not None
        and (reach.goal.actual > 0 or not summary.is_positive)
    ]
    if len(parts) < 3:
        return Check("goals.spread-follows-allocation", "cannot-tell", n=len(parts))
    attained, asked = (np.array(each) for each in zip(*parts, strict=True))
    if attained.std() == 0 or asked.std() == 0:
        return Check("goals.spread-follows-allocation", "fails", 0.0, n=len(parts))
    alike = float(np.corrcoef(attained, asked)[0, 1])
    size = len(parts)
    score = alike * math.sqrt((size - 2) / max(1 - alike**2, 1e-12))
    p = float(stdtr(size - 2, score))
    return Check(
        "goals.spread-follows-allocation",
        holds(p <= 0.05),
        alike,
        unit="correlation",
        n=size,
        p=p,
    )


def _split_check(split: tuple[str, float, float]) -> Check:
    unit, own, total = split
    return Check(
        "goals.children-do-not-sum", "holds", total / own - 1, unit="share", params={"unit": unit or None}
    )


def _charts(case: Case, summary: Summary, reached: list[Reach]) -> tuple[Series, ...]:
    rows = []
    for reach in reached:
        wide = math.hypot(reach.forecast.spread, reach.forecast.error)
        rows.append(
            {
                "label": reach.goal.unit or None,
                "target": reach.goal.target,
                "y": _back(summary, reach.forecast.middle),
                "low": _back(summary, reach.forecast.middle - 1.2816 * wide),
                "high": _back(summary, reach.forecast.middle + 1.2816 * wide),
                "actual": reach.goal.actual,
            }
        )
    return (Series("intervals", "goals.target-and-forecast", tuple(rows)),)
