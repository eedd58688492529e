"""Units that may carry a cause: first what they are exposed to, then whether their result fell for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, rate_change, rate_contrast
from steelyard.engine.lenses.funnel import Deals, Mask, by_month
from steelyard.engine.lenses.market import later_and_earlier, steps_of
from steelyard.engine.lenses.stages import WHOLE
from steelyard.engine.periods import Period

COMPANY = None
FEWEST = 20


@dataclass(frozen=True)
class Fall:
    """How much more the rate of a step changed in a unit than elsewhere, and what that is in the win rate."""

    unit: str | None
    step: str
    change: Difference
    p: float
    n: int
    worth: float


def units_of(case: Case, deals: Deals) -> list[str | None]:
    """The teams asked for, else all teams with deals and the company as a whole."""
    teams = [value for value in deals.coded["team"][1] if value is not None] if "team" in deals.coded else []
    if case.teams_asked is not None:
        return [team for team in teams if team in case.teams_asked]
    return [COMPANY, *teams] if len(teams) > 1 else [COMPANY]


def months_in(deals: Deals, period: Period) -> Mask:
    """The months that lie in a period."""
    return np.array([month.start >= period.start and month.end <= period.end for month in deals.periods])


def falls_of(
    case: Case, unit: str | None, steps: Sequence[str], *, since: Period | None = None
) -> list[Fall]:
    """Compare the period with what is usual at each step, in a unit and (for a team) against the others.

    What is usual is read from the twelve months up to the end of the baseline, or, where the history of
    stages does not reach so far back, from the baseline. `since` is a longer stretch to compare with it, if
    the unit was exposed before the period began.
    """
    deals = by_month(case)
    inside = np.ones(deals.closed.shape[1], dtype=bool) if unit is COMPANY else deals.mask({"team": unit})
    found = []
    for step in steps:
        passed, tried = deals.tries(step)
        now, then = months_in(deals, since or case.period), months_in(deals, case.usual)
        if step != WHOLE:
            then &= deals.known_share() >= 0.8
        if unit is COMPANY:
            then &= months_in(deals, case.baseline)
        cells = [
            (float(passed[when][:, where].sum()), float(tried[when][:, where].sum()))
            for where in (inside, ~inside)
            for when in (now, then)
        ]
        if min(cells[0][1], cells[1][1]) < FEWEST:
            continue
        own = rate_change(cells[0], cells[1])
        change = own if unit is COMPANY or min(cells[2][1], cells[3][1]) < FEWEST else rate_contrast(*cells)
        # It must have fallen itself, and for sure more than elsewhere.
        p = change.p(sign=-1) if own.value < 0 else 1.0
        quarter = _of_periods(deals, case)
        worth = later_and_earlier(quarter, step, inside=inside) * _part(
            deals, months_in(deals, case.period), inside
        )
        found.append(Fall(unit, step, change, p, int(cells[0][1]), worth))
    return found


def known_steps(case: Case) -> tuple[str, ...]:
    """The stages, where it is known at which the lost ended in both periods."""
    return steps_of(_of_periods(by_month(case), case))


def _of_periods(deals: Deals, case: Case) -> Deals:
    sides = [months_in(deals, each) for each in (case.period, case.baseline)]
    closed, won = (
        np.stack([each[months].sum(axis=0) for months in sides]) for each in (deals.closed, deals.won)
    )
    return Deals((case.period, case.baseline), deals.coded, deals.stages, deals.last, closed, won)


def _part(deals: Deals, now: Mask, inside: Mask) -> float:
    whole = float(deals.closed[now].sum())
    return float(deals.closed[now][:, inside].sum()) / whole if whole else 0.0


def share_of(case: Case, fall: Fall | None) -> dict[str, Any]:
    """Return the share of the gap that a fall in a unit explains; only for a company or its teams."""
    if fall is None or set(case.where) - {"team"}:
        return {"share_code": "share.no-algebra"}
    part = 1.0 if case.teams_asked is None else _own_part(case)
    worth = fall.worth / part if part else 0.0
    change = fall.change
    return case.rate_share((change.value * worth, change.low * worth, change.high * worth))


def _own_part(case: Case) -> float:
    """The part that the teams asked for have in all that closed."""
    deals = by_month(case)
    inside = deals.mask({"team": list(case.teams_asked or ())})
    now = [place for place, month in enumerate(deals.periods) if month.start >= case.period.start]
    whole = float(deals.closed[now].sum())
    return float(deals.closed[now][:, inside].sum()) / whole if whole else 0.0
