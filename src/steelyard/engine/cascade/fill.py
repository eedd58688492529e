"""Shares within bounds: everybody scaled by one factor, but nobody below his floor or above his ceiling."""

from collections.abc import Callable

import numpy as np

from steelyard.engine.cascade.tree import Floats, Tree

_ROUNDS = 100
_CLOSE = 1e-10
_STEPS = 90


def within(weights: Floats, low: Floats, high: Floats, totals: Floats) -> Floats:
    """Scale each row of weights to its total within bounds.

    Parameters
    ----------
    weights, low, high
        Row by row; weights ≥ 0, bounds with 0 ≤ low ≤ high.
    totals
        One per row; brought between the sums of the bounds.

    Returns
    -------
    Array
        clip(λ · weight, low, high) with the row's λ for which the row adds up.

    Notes
    -----
    Exact: the sum is piecewise straight in λ, and its bends are where a cell reaches a bound. Cost is one
    sort a row.

    Examples
    --------
    >>> within(np.array([[1.0, 1.0, 2.0]]), np.zeros((1, 3)), np.array([[9.0, 9.0, 3.0]]), np.array([8.0]))
    array([[2.5, 2.5, 3. ]])
    """
    weights = np.maximum(weights, 1e-300)
    sums = weights.sum(axis=1, keepdims=True)
    plain = weights * (totals[:, None] / sums)
    if (plain >= low).all() and (plain <= high).all():
        return plain
    width = weights.shape[1]
    bends = np.concatenate([low / weights, high / weights], axis=1)
    slopes = np.concatenate([weights, -weights], axis=1)
    order = np.argsort(bends, axis=1, kind="stable")
    bends, slopes = np.take_along_axis(bends, order, axis=1), np.take_along_axis(slopes, order, axis=1)
    slope = np.cumsum(slopes, axis=1)
    # A cell without a ceiling bends at infinity; nothing is asked of what lies beyond.
    finite = np.where(np.isfinite(bends), bends, 0.0)
    steps = np.where(np.isfinite(bends[:, 1:]), np.diff(finite, axis=1), 0.0)
    reached = low.sum(axis=1, keepdims=True) + np.concatenate(
        [np.zeros((len(weights), 1)), np.cumsum(slope[:, :-1] * steps, axis=1)], axis=1
    )
    reached = np.where(np.isfinite(bends), reached, np.inf)
    last = np.clip((reached <= totals[:, None]).sum(axis=1) - 1, 0, 2 * width - 1)
    rows = np.arange(len(weights))
    rate = slope[rows, last]
    rest = totals - reached[rows, last]
    factor = finite[rows, last] + np.where(rate > 0, rest / np.where(rate > 0, rate, 1.0), 0.0)
    return np.clip(factor[:, None] * weights, low, high)


def fitted(table: Floats, rows: Floats, columns: Floats, low: Floats, high: Floats) -> Floats:
    """Bring a table to row and column sums within bounds, keeping its proportions as far as these allow.

    Rows and columns are scaled in turn (iterative proportional fitting; Deming and Stephan 1940). Where no
    table within the bounds has these sums the last attempt comes back, its rows exact.
    """
    close = _CLOSE * max(float(columns.sum()), 1.0)
    for _ in range(_ROUNDS):
        if (
            np.abs(table.sum(axis=1) - rows).max(initial=0) <= close
            and np.abs(table.sum(axis=0) - columns).max(initial=0) <= close
            and (table >= low).all()
            and (table <= high).all()
        ):
            return table
        table = within(table.T, low.T, high.T, columns).T
        table = within(table, low, high, rows)
    return table


def tree_totals(
    tree: Tree, answer: Callable[[Floats], Floats], *, low: Floats, high: Floats, extra: Floats, total: float
) -> Floats:
    """Totals of all nodes so that the leaves answer to one common price, within everybody's bounds.

    Parameters
    ----------
    answer
        Price per node → what each leaf takes at it; never falls as the price rises.
    low, high
        Bounds of every node's total.
    extra
        What the units of a parent carry beside its over-assignment.
    total
        Of the whole.

    Returns
    -------
    Array
        One total per node. A team that its floor or ceiling holds has a price of its own inside; all
        others share that of the team above, which is what optimality asks (KKT) when each leaf's answer
        is the derivative of a convex cost turned around.

    Notes
    -----
    Found by bisection, one level at a time: `_STEPS` evaluations of the tree per level.
    """
    totals = np.zeros(tree.size)
    totals[0] = total
    for depth in range(len(tree.levels) - 1):
        here, deeper = tree.levels[depth], tree.levels[depth + 1 :]
        above = _above(tree, depth)
        needed = totals[here] * tree.factors[here] + extra[here]
        least, most = np.full(here.stop - here.start, -60.0), np.full(here.stop - here.start, 60.0)
        for _ in range(_STEPS):
            middle = (least + most) / 2
            found = _answers(tree, answer(middle[above]), low=low, high=high, extra=extra, levels=deeper)
            sums = tree.summed(found, tree.levels[depth + 1])[here]
            short = sums < needed
            least, most = np.where(short, middle, least), np.where(short, most, middle)
        found = _answers(tree, answer(most[above]), low=low, high=high, extra=extra, levels=deeper)
        totals[tree.levels[depth + 1]] = found[tree.levels[depth + 1]]
    return totals


def _answers(
    tree: Tree, found: Floats, *, low: Floats, high: Floats, extra: Floats, levels: tuple[slice, ...]
) -> Floats:
    """What every node of the levels takes: a leaf its answer, a parent what its units take, within bounds."""
    result = np.clip(found, low, high)
    for level in reversed(levels[:-1]):
        following = tree.levels[tree.levels.index(level) + 1]
        sums = (tree.summed(result, following)[level] - extra[level]) / tree.factors[level]
        result[level] = np.where(tree.is_leaf[level], result[level], np.clip(sums, low[level], high[level]))
    return result


def _above(tree: Tree, depth: int) -> "np.ndarray":
    """For every node its ancestor at a depth, counted within that level; 0 for those above it."""
    level = tree.levels[depth]
    found = np.zeros(tree.size, dtype=np.int64)
    found[level] = np.arange(level.stop - level.start)
    for deeper in tree.levels[depth + 1 :]:
        found[deeper] = found[tree.parent[deeper]]
    return found
