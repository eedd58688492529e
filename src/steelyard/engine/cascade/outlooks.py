"""The units' chances: what each outlook gives at one common chance, and the chance of what it was given."""

from collections.abc import Sequence
from dataclasses import replace
from statistics import NormalDist

import numpy as np

from steelyard.engine.cascade.findings import Warned
from steelyard.engine.cascade.plan import Plan, UnitPlan
from steelyard.engine.cascade.spans import dated
from steelyard.engine.cascade.tree import Floats
from steelyard.engine.cascade.weights import history_weights
from steelyard.engine.forecast.findings import Outlook
from steelyard.errors import Refused

_NORMAL = NormalDist()
# Beyond the outlook's own levels the quantiles run straight on; two far points say where to.
_FAR = 5.0
_FEWEST = 2
_YEAR = 12
_SHORT = "short"


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
    """The outlooks of units that are to be equally likely.

    Whoever has none gets the median of the others, per unit of history where all have one, else per head;
    that is told. Where nobody has one, all are taken to vary alike, so that the split is that of the
    history, which is told as well; `cascade.no-outlook` where there is no history either.
    """
    units = [plan.unit[code] for code in codes]
    known = [(unit.outlook, unit) for unit in units if unit.outlook is not None]
    bare = tuple(unit.code for unit in units if unit.outlook is None)
    if not known:
        return _alike(plan, units), (Warned("cascade.fair-by-history"),)
    if not bare:
        return [outlook for outlook, _ in known], ()
    size = _sizes(units)
    mean = float(np.median([outlook.mean() / size[unit.code] for outlook, unit in known]))
    spread = float(np.median([outlook.spread() / size[unit.code] for outlook, unit in known]))

    def usual(unit: UnitPlan) -> Outlook:
        held = size[unit.code]
        return Outlook.normal(mean=mean * held, spread=spread * held, periods=len(plan.periods))

    found = [usual(unit) if unit.outlook is None else unit.outlook for unit in units]
    return found, (Warned("cascade.outlook-of-peers", {"units": bare}),)


def _sizes(units: Sequence[UnitPlan]) -> dict[str, float]:
    """What a unit's outlook is measured by: its history, or its heads where one lacks a history."""
    weights = history_weights([unit for unit in units if unit.history])
    if all(weights.get(unit.code, 0.0) > 0 for unit in units):
        return weights
    return {unit.code: _heads(unit) for unit in units}


def _alike(plan: Plan, units: Sequence[UnitPlan]) -> list[Outlook]:
    weights = history_weights([unit for unit in units if unit.history])
    lacking = tuple(unit.code for unit in units if weights.get(unit.code, 0.0) <= 0)
    if len(lacking) == len(units):
        raise Refused("cascade.no-outlook", units=lacking[:6])
    usual = float(np.median([weight for weight in weights.values() if weight > 0]))
    sizes = [max(weights.get(unit.code, usual * _heads(unit)), 0.0) for unit in units]
    scale = float(plan.total) / sum(sizes) if plan.kind == "sum" else 1.0
    return [
        Outlook.normal(mean=scale * size, spread=scale * size * 0.2 + 1e-12, periods=len(plan.periods))
        for size in sizes
    ]


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
        Histories in the grain of the plan's periods that end where its open periods begin.

    Returns
    -------
    Plan
        The same with outlooks over as many periods as are open. From six figures on it is the forecast of
        the total (`engine.forecast`); from two on the mean goes on, with the spread of the figures and the
        doubt about the mean, and its `method` is `short`. One figure gives none.

    Notes
    -----
    A millisecond or two a unit.
    """
    horizon = _open_count(plan)
    season = _season(plan)

    def given(unit: UnitPlan) -> UnitPlan:
        figures = [None if value is None else float(value) for value in unit.history]
        known = [value for value in figures if value is not None]
        if unit.outlook is not None or len(known) < _FEWEST:
            return unit
        if plan.kind == "ratio":
            return replace(unit, outlook=_ratio_forecast(unit, figures, horizon, season))
        return replace(unit, outlook=_forecast(plan, unit, figures, horizon, season))

    return replace(plan, units=tuple(given(unit) for unit in plan.units))


def short_histories(plan: Plan) -> tuple[Warned, ...]:
    """Units whose outlook rests on too few figures for a forecast."""
    units = tuple(unit.code for unit in plan.units if unit.outlook and unit.outlook.method == _SHORT)
    return (Warned("cascade.short-history", {"units": units}),) if units else ()


def _forecast(
    plan: Plan, unit: UnitPlan, figures: list[float | None], horizon: int, season: int | None
) -> Outlook:
    from steelyard.engine.forecast import outlook_of

    spans = dated(unit.history_periods, plan.fiscal_start) if unit.history_periods else None
    known = [value for value in figures if value is not None]
    try:
        return outlook_of(
            figures,
            horizon=horizon,
            season=season or 1,
            starts=spans[0].start if spans and season == _YEAR and plan.country else None,
            country=plan.country,
            is_positive=min(known) >= 0,
        )
    except Refused as refusal:
        if refusal.code != "forecast.too-short":
            raise
    n, level = len(known), sum(known) / len(known)
    each = sum((value - level) ** 2 for value in known) / (n - 1)
    spread = (each * (horizon + horizon**2 / n)) ** 0.5
    outlook = Outlook.normal(mean=level * horizon, spread=spread, periods=horizon, n=n)
    return replace(outlook, method=_SHORT)


def _ratio_forecast(
    unit: UnitPlan, figures: list[float | None], horizon: int, season: int | None
) -> Outlook | None:
    """The outlook of a ratio; None where its past is too short, which the missing chance shows."""
    from steelyard.engine.forecast import ratio_outlook_of

    base = [None if value is None else float(value) for value in unit.history_base]
    try:
        return ratio_outlook_of(figures, base, horizon=horizon, season=season or 1)
    except Refused as refusal:
        if refusal.code != "forecast.too-short":
            raise
        return None


def _open_count(plan: Plan) -> int:
    leaves = set(plan.leaves)
    closed = {label for code, line in plan.fixed.items() if code in leaves for label in line}
    return max(len(plan.periods) - len(closed), 1)


def _season(plan: Plan) -> int | None:
    spans = dated(plan.periods, plan.fiscal_start)
    return {"month": _YEAR, "quarter": 4, "fiscal-quarter": 4}.get(spans[0].grain) if spans else None
