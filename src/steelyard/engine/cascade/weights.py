"""By what the units share: heads, history, potential or capacity; and how the year lies in its periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np

from steelyard.engine.cascade.findings import Warned
from steelyard.engine.cascade.plan import Method, Plan, UnitPlan
from steelyard.engine.cascade.spans import dated, presence
from steelyard.engine.cascade.tree import Floats, Tree
from steelyard.engine.forecast.profile import seasonal_profile
from steelyard.engine.periods import Period
from steelyard.errors import Refused

_CYCLES = {"month": 12, "quarter": 4, "fiscal-quarter": 4}
_SEASONS = ("month", "quarter")
# Far below the smallest unit: a unit that weighs nothing gets nothing, unless nobody else may take it.
_NOTHING = 1e-15


@dataclass(frozen=True, eq=False)
class Weights:
    """What each node weighs in each period: row node, column period."""

    pull: Floats
    warnings: tuple[Warned, ...]


def weights_of(plan: Plan, tree: Tree, method: Method, totals: Mapping[str, float] | None = None) -> Weights:
    """Weigh every unit: its own figure × the share of each period that it is there.

    A unit without a figure of its own weighs what its units weigh together. Where neither is known it gets
    the median of its siblings per head, which is told; without such siblings heads count alone. With
    `totals` these are the figures.
    """
    there = presence_of(plan, tree)
    heads = _heads(plan, tree)
    own = _own(plan, tree, method, totals)
    factor = there * _capacity(plan, tree) if method == "capacity" else there
    weight = np.full(tree.size, np.nan)
    pull = np.zeros_like(there)
    filled: list[str] = []
    for place in range(tree.size - 1, -1, -1):
        below = tree.below[place]
        if tree.is_leaf[place]:
            weight[place], pull[place] = own[place], factor[place]
            continue
        found = _filled(weight[below], heads[below])
        if not np.isnan(weight[below]).all():
            filled += [tree.codes[at] for at in range(below.start, below.stop) if np.isnan(weight[at])]
            weight[place] = found.sum()
        if not np.isnan(own[place]):
            weight[place] = own[place]
        found = np.maximum(found, _NOTHING * max(found.max(), 1e-300))
        pull[place] = found @ pull[below] / found.sum()
        pull[below] *= found[:, None]
    if np.isnan(weight[0]) or weight[0] <= 0:
        raise Refused("cascade.no-weights", place=method)
    code = "cascade.median-of-peers"
    told = (Warned(code, {"units": tuple(sorted(filled)), "method": method}),) if filled else ()
    return Weights(pull, told)


def profile_of(plan: Plan, tree: Tree) -> tuple[Floats, tuple[Warned, ...]]:
    """The share of each period: as given, else from the units' dated history, else equal; said which."""
    if plan.profile:
        shares = np.array([float(share) for share in plan.profile])
        return shares / shares.sum(), ()
    learned = _learned_profile(plan)
    if learned is not None:
        return learned, (Warned("cascade.profile-from-history"),)
    spans = len(plan.periods)
    told = (Warned("cascade.profile-equal"),) if spans > 1 else ()
    return np.full(spans, 1 / spans), told


def history_weights(units: Sequence[UnitPlan]) -> dict[str, float]:
    """What each unit reached in the same stretch of the past.

    A unit that has figures of a part of it only is brought to the whole by what the others reached in that
    part: half a year with 60 % of the season counts 60 %, not a half, and not as zero for the rest.
    """
    singles = {unit.code: float(unit.history[0] or 0) for unit in units if len(unit.history) == 1}
    several = [unit for unit in units if len(unit.history) > 1]
    places = sorted({key for unit in several for key in _keys(unit)})
    column = {key: place for place, key in enumerate(places)}
    table = np.full((len(several), len(places)), np.nan)
    for row, unit in enumerate(several):
        for key, value in zip(_keys(unit), unit.history, strict=True):
            table[row, column[key]] = np.nan if value is None else float(value)
    known = ~np.isnan(table)
    complete = known.all(axis=1)
    usual = _means(table[complete] if complete.any() else table)
    covered = known @ usual / usual.sum() if usual.sum() > 0 else known.sum(axis=1) / max(len(places), 1)
    sums = np.where(known, table, 0.0).sum(axis=1)
    found = {
        unit.code: float(total / part)
        for unit, total, part in zip(several, sums, covered, strict=True)
        if part > 0
    }
    weights = {**singles, **found}
    below = sorted(code for code, weight in weights.items() if weight < 0)
    if below:
        raise Refused("cascade.history-below-zero", unit=below[0])
    return weights


def _keys(unit: UnitPlan) -> Sequence[str]:
    if unit.history_periods:
        return unit.history_periods
    # Without dates the latest figures belong together.
    return [f"-{back:04}" for back in range(len(unit.history), 0, -1)]


def _means(table: Floats) -> Floats:
    known = ~np.isnan(table)
    return np.maximum(np.where(known, table, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1), 0.0)


def _own(plan: Plan, tree: Tree, method: Method, totals: Mapping[str, float] | None) -> Floats:
    """What is said of the units themselves; nan where nothing is."""
    if totals is not None:
        said = dict(totals)
    elif method == "history":
        said = history_weights(plan.units)
    elif method == "potential":
        said = {u.code: float(u.potential) for u in plan.units if u.potential is not None}
    else:
        said = {tree.codes[place]: 1.0 for place in np.flatnonzero(tree.is_leaf)}
    return np.array([np.nan if at == 0 else said.get(code, np.nan) for at, code in enumerate(tree.codes)])


def _filled(weights: Floats, heads: Floats) -> Floats:
    """Siblings' weights, with the median per head where one has none; heads where none has any."""
    gaps = np.isnan(weights)
    if gaps.all():
        return np.maximum(heads, _NOTHING)
    if not gaps.any():
        return weights
    rates = weights[~gaps] / np.maximum(heads[~gaps], _NOTHING)
    return np.where(gaps, np.median(rates) * heads, weights)


def presence_of(plan: Plan, tree: Tree) -> Floats:
    """Share of each period's days; of a unit no more than of the unit above it."""
    dates = [
        (plan.unit[code].joins, plan.unit[code].leaves) if code in plan.unit else (None, None)
        for code in tree.codes
    ]
    spans = dated(plan.periods, plan.fiscal_start)
    if spans is None or not any(joins or leaves for joins, leaves in dates):
        return np.ones((tree.size, len(plan.periods)))
    found = presence(dates, spans)
    for level in tree.levels[1:]:
        found[level] = np.minimum(found[level], found[tree.parent[level]])
    return found


def _capacity(plan: Plan, tree: Tree) -> Floats:
    """Full-time equivalents that are not on leave, of leaves."""
    found = np.ones((tree.size, len(plan.periods)))
    for place, code in enumerate(tree.codes):
        unit = plan.unit.get(code)
        if unit is not None and unit.capacity:
            found[place] = _figures(unit.capacity)
        if unit is not None and unit.leave:
            found[place] *= 1 - _figures(unit.leave)
    return found


def _heads(plan: Plan, tree: Tree) -> Floats:
    """Mean capacity; of a parent that of its units together."""
    heads = np.ones(tree.size)
    for place in range(tree.size - 1, -1, -1):
        unit = plan.unit.get(tree.codes[place])
        if not tree.is_leaf[place]:
            heads[place] = heads[tree.below[place]].sum()
        elif unit is not None and unit.capacity:
            heads[place] = _figures(unit.capacity).mean()
    return heads


def _figures(values: Sequence[Decimal]) -> Floats:
    return np.array([float(value) for value in values])


def _learned_profile(plan: Plan) -> Floats | None:
    """How the past lay in its periods: as a season with its moving holiday, else as means of like periods."""
    spans = dated(plan.periods, plan.fiscal_start)
    if spans is None:
        return _aligned_profile(plan)
    cycle = _CYCLES.get(spans[0].grain)
    sums = _summed_past(plan)
    past = dated(sorted(sums), plan.fiscal_start)
    if cycle is None or past is None or any(one.grain != spans[0].grain for one in past):
        return None
    season = _season(plan, spans, sums, past)
    if season is not None:
        return season
    whole = len(past) // cycle * cycle or len(past)
    turns: dict[int, list[float]] = {}
    for one in sorted(past)[-whole:]:
        turns.setdefault(one.start.month, []).append(sums[one.label])
    if any(span.start.month not in turns for span in spans):
        return None
    return _shared([sum(turns[span.start.month]) / len(turns[span.start.month]) for span in spans])


def _season(
    plan: Plan, spans: Sequence[Period], sums: Mapping[str, float], past: Sequence[Period]
) -> Floats | None:
    """The season of two full years or more without a gap, growth taken out of it; 春节 where it falls."""
    known = sorted(past)
    grain = spans[0].grain
    is_whole = all(one.end == other.start for each in (known, spans) for one, other in pairwise(each))
    if grain not in _SEASONS or not is_whole or len(known) < 2 * _CYCLES[grain]:
        return None
    values = [sums[one.label] for one in known]
    found = seasonal_profile(values, starts=known[0].start, grain=grain, country=plan.country)
    if found.method == "equal":
        return None
    return _shared(list(found.for_periods(spans[0].start, len(spans))))


def _aligned_profile(plan: Plan) -> Floats | None:
    """Periods without dates lie as lists of as many figures do: the first figure is the first period's."""
    lines = [unit.history_base or unit.history for unit in _carriers(plan)]
    if len(plan.periods) < 2 or not lines or any(len(line) != len(plan.periods) for line in lines):
        return None
    return _shared([float(sum(value or 0 for value in column)) for column in zip(*lines, strict=True)])


def _summed_past(plan: Plan) -> dict[str, float]:
    sums: dict[str, float] = {}
    for unit in _carriers(plan):
        values = unit.history_base or unit.history
        for label, value in zip(unit.history_periods, values, strict=False):
            sums[label] = sums.get(label, 0.0) + float(value or 0)
    return sums


def _carriers(plan: Plan) -> list[UnitPlan]:
    """Whose past tells the profile: the leaves', or where these have none that of the highest units."""
    leaves = [plan.unit[code] for code in plan.leaves if len(plan.unit[code].history) > 1]
    found = leaves or [unit for unit in plan.units if unit.parent is None and len(unit.history) > 1]
    return sorted(found, key=lambda unit: unit.code)


def _shared(values: list[float]) -> Floats | None:
    shares = np.maximum(np.array(values), 0.0)
    return shares / shares.sum() if shares.sum() > 0 else None
