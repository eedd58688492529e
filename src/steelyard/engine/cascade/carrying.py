"""A plan carried down: weigh, keep the bounds, round so that every sum holds, and say how fair it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from steelyard.engine.cascade.bounds import Frame, frame_of, violations
from steelyard.engine.cascade.fill import tree_totals, within
from steelyard.engine.cascade.findings import Allocation, Warned
from steelyard.engine.cascade.outlooks import Answers, outlooks_of, with_outlooks
from steelyard.engine.cascade.plan import METHODS, Method, Plan
from steelyard.engine.cascade.programme import solved
from steelyard.engine.cascade.results import allocation_of
from steelyard.engine.cascade.tables import tabled
from steelyard.engine.cascade.tree import Floats, Tree, tree_of
from steelyard.engine.cascade.weights import presence_of, profile_of, weights_of


def cascade(plan: Plan) -> Allocation:
    """Carry a total down to every unit and period.

    Parameters
    ----------
    plan
        Read by `Plan.load`. Units without outlooks get some from their history when the method is `fair`;
        for other methods `with_outlooks` gives them beforehand, if chances are wanted.

    Returns
    -------
    Allocation
        Cells of the units without units of their own, in the plan's order; every sum exact in smallest
        units. The same for the same plan, in whatever order it lists its units.

    Raises
    ------
    Refused
        What cannot be met: `cascade.locks-above-total`, `cascade.floors-above-total`,
        `cascade.ceilings-below-total`, `cascade.floor-above-ceiling`, `cascade.lock-below-floor`,
        `cascade.lock-above-ceiling`, `cascade.locked-while-absent`, `cascade.parts-above`,
        `cascade.parts-below`, `cascade.fixed-above-total`, `cascade.fixed-above-ceiling`,
        `cascade.below-zero`, and `cascade.cannot-be-met` for bounds that only together leave no room. What
        cannot be weighed: `cascade.no-weights`, `cascade.history-below-zero`, `cascade.no-outlook`.

    Notes
    -----
    1. Every period has its share of the total by the profile, and in it every unit what it weighs while it
       is there. The method `fair` gives each unit the total that it reaches with the same chance instead.
    2. Totals are brought within floors, ceilings and locks: one common factor (or chance) for all that are
       not held, found level by level.
    3. From the whole downwards each parent's table of units × periods is fitted to both margins and rounded
       with both kept. Where bounds of several levels stand against each other the whole is solved at once,
       and only when that has no solution is the plan refused.

    Source: largest remainder, Balinski and Young 1982; controlled rounding, Cox 1987.

    Examples
    --------
    >>> found = cascade(Plan.load("{total: 100, periods: [2026-01], units: {Ann: 1, Bo: 1, Cy: 1}}"))
    >>> [(cell.unit, int(cell.value)) for cell in found.cells]
    [('Ann', 34), ('Bo', 33), ('Cy', 33)]
    >>> found.is_exact
    True
    """
    if plan.kind == "ratio":
        from steelyard.engine.cascade.ratio import cascade_ratio

        return cascade_ratio(plan)
    carried = carry(plan)
    return allocation_of(carried.plan, carried.tree, carried.frame, carried.values, carried.warnings)


def compare_methods(plan: Plan, methods: Iterable[Method] = METHODS) -> dict[str, Allocation]:
    """The same plan by several methods, with chances where they are known; see `cascade` for refusals.

    >>> plan = Plan.load("{total: 12, periods: [2026-01], units: {Ann: 2, Bo: 1}}")
    >>> found = compare_methods(plan, ("equal", "history"))
    >>> [(method, int(one.of("Ann"))) for method, one in found.items()]
    [('equal', 6), ('history', 8)]
    """
    chosen = tuple(methods)
    ready = with_outlooks(plan) if "fair" in chosen else plan
    return {method: cascade(replace(ready, method=method)) for method in chosen}


@dataclass(frozen=True, eq=False)
class Carried:
    """The numbers behind an allocation: node × period, in smallest units."""

    plan: Plan
    tree: Tree
    frame: Frame
    values: Floats
    warnings: tuple[Warned, ...]


def carry(
    plan: Plan,
    *,
    columns: Floats | None = None,
    profile: Floats | None = None,
    pull: Floats | None = None,
) -> Carried:
    """Find the values of all nodes and periods.

    `columns` are what the whole must have in each period, `profile` what it is to have where it can, `pull`
    what the nodes weigh; where they are left out the plan says.
    """
    tree = tree_of(plan)
    if plan.method == "fair" and any(plan.unit[code].outlook is None for code in plan.leaves):
        plan = with_outlooks(plan)
    frame = frame_of(plan, tree, presence_of(plan, tree), columns)
    if not frame.open or not (frame.total or frame.low.any() or frame.extra.any()):
        return Carried(plan, tree, frame, frame.closed, frame.warnings)
    opened = list(frame.open)
    shares, lies = _shares(plan, tree, columns if profile is None else profile)
    shares = np.maximum(shares[opened], 0.0)
    totals, pull, weighs = (None, pull, ()) if pull is not None else _pulled(plan, tree, frame)
    first = within(shares[None, :], frame.low[:1], frame.high[:1], np.array([frame.total]))[0]
    ideal = _ideal(tree, frame, pull[:, opened], first)
    if totals is None:
        totals = _totals(tree, frame, ideal)
    values, gave_way = _settled(plan, tree, frame, ideal, totals)
    bent = _bent(plan, frame, shares, values[0]) if columns is None and profile is None else ()
    whole = frame.closed.copy()
    whole[:, opened] = values
    return Carried(plan, tree, frame, whole, (*frame.warnings, *lies, *weighs, *gave_way, *bent))


def _shares(plan: Plan, tree: Tree, given: Floats | None) -> tuple[Floats, tuple[Warned, ...]]:
    return profile_of(plan, tree) if given is None else (given, ())


def _pulled(plan: Plan, tree: Tree, frame: Frame) -> tuple[Floats | None, Floats, tuple[Warned, ...]]:
    """Every node's total, where the method says it at once, and what it weighs in each period."""
    if plan.method != "fair":
        weights = weights_of(plan, tree, plan.method)
        return None, weights.pull, weights.warnings
    totals, told = _fair_totals(plan, tree, frame)
    said = dict(zip(tree.codes, totals.tolist(), strict=True))
    return totals, weights_of(plan, tree, "fair", said).pull, told


def _ideal(tree: Tree, frame: Frame, pull: Floats, first: Floats) -> Floats:
    """What every node would have if only the whole's periods were given: its part of what pulls."""
    ideal = np.zeros_like(pull)
    ideal[0] = first
    for place in tree.parents:
        below = tree.below[place]
        sums = pull[below].sum(axis=0)
        together = np.maximum(ideal[place] * tree.factors[place] + frame.extra[place], 0.0)
        ideal[below] = pull[below] * np.where(sums > 0, together / np.where(sums > 0, sums, 1.0), 0.0)
    return ideal


def _totals(tree: Tree, frame: Frame, ideal: Floats) -> Floats:
    """Totals in proportion to the ideal within everybody's bounds."""
    wanted = ideal.sum(axis=1)
    if (wanted[1:] >= frame.row_low[1:]).all() and (wanted[1:] <= frame.row_high[1:]).all():
        return wanted
    weights = np.maximum(wanted, 1e-300)
    return tree_totals(
        tree,
        lambda price: weights * np.exp(price),
        low=frame.row_low,
        high=frame.row_high,
        extra=frame.extra.sum(axis=1),
        total=frame.total,
    )


def _fair_totals(plan: Plan, tree: Tree, frame: Frame) -> tuple[Floats, tuple[Warned, ...]]:
    """The totals that all are as likely to reach; whoever a bound holds has the chance that it leaves."""
    leaves = np.flatnonzero(tree.is_leaf)
    outlooks, told = outlooks_of(plan, [tree.codes[at] for at in leaves])
    answers = Answers(outlooks, len(frame.open))
    unit = 10.0**plan.minor

    def answer(price: Floats) -> Floats:
        found = np.zeros(tree.size)
        found[leaves] = answers.at(price[leaves]) * unit
        return found

    totals = tree_totals(
        tree,
        answer,
        low=frame.row_low,
        high=frame.row_high,
        extra=frame.extra.sum(axis=1),
        total=frame.total,
    )
    return totals, told


def _settled(
    plan: Plan, tree: Tree, frame: Frame, ideal: Floats, totals: Floats
) -> tuple[Floats, tuple[Warned, ...]]:
    """Whole numbers: in steps, else in smallest units; table by table, else by solving everything at once."""
    step = 1.0 if plan.step is None else float(plan.step.scaleb(plan.minor))
    values = _tabled(tree, frame, ideal, totals, step)
    if values is not None:
        return values, ()
    wanted = ideal.sum(axis=1)
    near = ideal * (totals / np.where(wanted > 0, wanted, 1.0))[:, None]
    if step == 1 or _is_in_steps(tree, frame, step):
        return step * solved(plan, tree, _divided(frame, step), near / step, step=step), ()
    lost = (Warned("cascade.step-not-kept", {"step": str(plan.step)}),)
    values = _tabled(tree, frame, ideal, totals, 1.0)
    return (solved(plan, tree, frame, near) if values is None else values), lost


def _tabled(tree: Tree, frame: Frame, ideal: Floats, totals: Floats, step: float) -> Floats | None:
    values = tabled(tree, frame, ideal=ideal, totals=totals, step=step)
    return None if values is None or next(violations(frame, values), None) is not None else values


def _is_in_steps(tree: Tree, frame: Frame, step: float) -> bool:
    """Whether all that binds is a multiple of the step: then whatever can be met can be met in steps."""
    bounds = (frame.low, frame.high, frame.row_low, frame.row_high, frame.extra, np.array([frame.total]))
    finite = np.concatenate([one[np.isfinite(one)] for one in bounds])
    return not any(tree.over) and not (finite % step).any()


def _divided(frame: Frame, step: float) -> Frame:
    return replace(
        frame,
        total=frame.total / step,
        low=frame.low / step,
        high=frame.high / step,
        row_low=frame.row_low / step,
        row_high=frame.row_high / step,
        extra=frame.extra / step,
    )


def _bent(plan: Plan, frame: Frame, shares: Floats, found: Floats) -> tuple[Warned, ...]:
    """Periods in which the whole is not what the profile says, by more than rounding."""
    if shares.sum() <= 0:
        return ()
    step = float((plan.step or Decimal(1).scaleb(-plan.minor)).scaleb(plan.minor))
    apart = np.abs(found - shares / shares.sum() * frame.total)
    far = np.flatnonzero(apart > 2 * step + 1e-9 * frame.total)
    periods = tuple(plan.periods[frame.open[at]] for at in far)
    return (Warned("cascade.profile-bent", {"periods": periods}),) if periods else ()
