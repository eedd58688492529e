"""The units' chances: what each outlook gives at one common chance, and the chance of what it was given."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from steelyard.engine.cascade.findings import Warned
from steelyard.engine.cascade.plan import Plan, UnitPlan
from steelyard.engine.cascade.spans import dated
from steelyard.engine.cascade.tree import Floats
from steelyard.engine.forecast.findings import Outlook
from steelyard.errors import Refused

_NORMAL = NormalDist()
# Beyond the outlook's own levels the quantiles run straight on; two far points say where to.
_FAR = 5.0
_FEWEST = 3
_YEAR = 12


class Answers:
    """The quantiles of many outlooks on one grid of normal scores: straight between the points."""

    def __init__(self, outlooks: Sequence[Outlook], periods_left: int) -> None:
        levels = {level for outlook in outlooks for level in outlook.levels}
        inner = sorted(_NORMAL.inv_cdf(level) for level in levels)
        self.scores = np.array([-_FAR, *inner, _FAR])
        self.values = np.maximum.accumulate(
            np.array([_quantiles(outlook, self.scores, periods_left) for outlook in outlooks]), axis=1
        )

    def at(self, scores: Floats) -> Floats:
        """What each outlook stays below at its normal score; beyond the grid straight on."""
        count = len(self.scores)
        right = np.clip(np.searchsorted(self.scores, scores), 1, count - 1)
        rows = np.arange(len(self.values))
        low, high = self.values[rows, right - 1], self.values[rows, right]
        width = self.scores[right] - self.scores[right - 1]
        return low + (scores - self.scores[right - 1]) / width * (high - low)


def _quantiles(outlook: Outlook, scores: Floats, periods_left: int) -> list[float]:
    left = min(periods_left, outlook.horizon)
    if len(outlook.levels) + 2 == len(scores):
        # The grid is the outlook's own: only the far points are to be found.
        ends = [outlook.quantile(_NORMAL.cdf(score), left) for score in (scores[0], scores[-1])]
        return [ends[0], *outlook.totals[left - 1].tolist(), ends[1]]
    return [outlook.quantile(_NORMAL.cdf(score), left) for score in scores]


def outlooks_of(plan: Plan, codes: Sequence[str]) -> tuple[list[Outlook], tuple[Warned, ...]]:
    """The outlooks of units; whoever has none gets the median of the others per head, which is told.

    Raises `cascade.no-outlook` where nobody has one.
    """
    units = [plan.unit[code] for code in codes]
    known = [(unit.outlook, _heads(unit)) for unit in units if unit.outlook is not None]
    bare = tuple(unit.code for unit in units if unit.outlook is None)
    if not known:
        raise Refused("cascade.no-outlook", units=bare[:6])
    if not bare:
        return [unit.outlook for unit in units if unit.outlook is not None], ()
    horizon = len(plan.periods)
    mean = float(np.median([outlook.mean() / heads for outlook, heads in known]))
    spread = float(np.median([outlook.spread() / heads for outlook, heads in known]))

    def usual(unit: UnitPlan) -> Outlook:
        heads = _heads(unit)
        return Outlook.normal(mean=mean * heads, spread=spread * heads, periods=horizon)

    found = [usual(unit) if unit.outlook is None else unit.outlook for unit in units]
    return found, (Warned("cascade.outlook-of-peers", {"units": bare}),)


def _heads(unit: UnitPlan) -> float:
    if not unit.capacity:
        return 1.0
    return max(float(sum(unit.capacity)) / len(unit.capacity), 1e-9)


def chance_of(outlook: Outlook | None, target: float, periods_left: int) -> float | None:
    """The chance of reaching a target in the periods left; None without an outlook."""
    if outlook is None:
        return None
    return outlook.chance(target, min(periods_left, outlook.horizon))


def with_outlooks(plan: Plan) -> Plan:
    """Give every unit that has none an outlook from its own past, where that is long enough.

    Parameters
    ----------
    plan
        Histories of three periods or more, in the grain of the plan's periods.

    Returns
    -------
    Plan
        The same with outlooks over as many periods as are open. Those of short pasts are not calibrated.

    Notes
    -----
    The forecast of the total (`engine.forecast`); some milliseconds a unit.
    """
    from steelyard.engine.forecast import outlook_of

    spans = dated(plan.periods, plan.fiscal_start)
    season = {"month": 12, "quarter": 4}.get(spans[0].grain) if spans else None
    closed = {period for line in plan.fixed.values() for period in line}
    horizon = max(len(plan.periods) - len(closed), 1)

    def given(unit: UnitPlan) -> UnitPlan:
        if unit.outlook is not None or len(unit.history) < _FEWEST or plan.kind == "ratio":
            return unit
        figures = [None if value is None else float(value) for value in unit.history]
        try:
            outlook = outlook_of(figures, horizon=horizon, season=season)
        except Refused:
            # Too few figures for the forecast: the unit stays without a chance, which the result shows.
            return unit
        return replace(unit, outlook=outlook)

    return replace(plan, units=tuple(given(unit) for unit in plan.units))
