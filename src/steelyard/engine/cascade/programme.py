"""All units and periods at once, where one table after the other finds no way: a linear programme."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from steelyard.engine.cascade.bounds import Frame
from steelyard.engine.cascade.plan import Plan
from steelyard.engine.cascade.reading import where
from steelyard.engine.cascade.tree import Floats, Tree
from steelyard.errors import Refused

# A month of the whole that gives way is a change for everybody; a cell concerns one unit.
_WHOLE_WEIGHT = 20.0
_SCALE = 1e5
_NAMED = 6
_CARRIES = 1e-7


@dataclass(frozen=True, eq=False)
class _Sums:
    """Rows of `low ≤ A x ≤ high` that say what adds up; x is node × open period."""

    matrix: Any
    low: Floats
    high: Floats


def solved(plan: Plan, tree: Tree, frame: Frame, ideal: Floats, *, step: float = 1.0) -> Floats:
    """The whole numbers that keep every bound and every sum and lie nearest to the ideal.

    Nearest in absolute differences of cells and of the whole's periods. Without over-assignment the
    constraints form a network, so the programme's corners are whole numbers by themselves; with it they
    are searched for (HiGHS, branch and bound). `step` is what the frame was divided by.

    Raises
    ------
    Refused
        `cascade.cannot-be-met` with the `constraints` that stand against each other and by how much they
        would have to give way; this is a proof, not a failed search.
    """
    near = _relaxed(tree, frame, ideal)
    found = None if near is None else _whole(tree, frame, near)
    if found is None:
        raise _conflict(plan, tree, frame, step)
    return found


def _relaxed(tree: Tree, frame: Frame, ideal: Floats) -> Floats | None:
    """The nearest table in real numbers; None where there is none."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, identity

    unit = max(frame.total / _SCALE, 1.0)
    cells = frame.low.size
    judged = _judged(tree, frame)
    pick = csr_array(identity(cells, format="csr"))[judged]
    n = len(judged)
    cost = np.concatenate([np.zeros(cells), np.tile(_prices(frame, judged), 2)])
    # x - over + under = ideal
    apart = hstack([pick, -identity(n), identity(n)], format="csr")
    sums = _sums(tree, frame, slack=1.0)
    matrix = hstack([sums.matrix, csr_array((sums.matrix.shape[0], 2 * n))], format="csr")
    equal = sums.low == sums.high
    upper, lower = ~equal & np.isfinite(sums.high), ~equal & np.isfinite(sums.low)
    bounds = np.stack([frame.low.ravel(), frame.high.ravel()], axis=1) / unit
    free = np.tile([0.0, np.inf], (2 * n, 1))
    from scipy.sparse import vstack

    result = linprog(
        cost,
        A_ub=vstack([matrix[upper], -matrix[lower]], format="csr"),
        b_ub=np.concatenate([sums.high[upper], -sums.low[lower]]) / unit,
        A_eq=vstack([matrix[equal], apart], format="csr"),
        b_eq=np.concatenate([sums.low[equal], ideal.ravel()[judged]]) / unit,
        bounds=np.concatenate([bounds, free]),
        method="highs",
    )
    if result.status != 0:
        return None
    return np.asarray(result.x[:cells] * unit).reshape(frame.low.shape)


def _whole(tree: Tree, frame: Frame, near: Floats) -> Floats | None:
    """Whole numbers around a real table: a few units up or down at each node, sums exact."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    slack = 3.0 + np.ceil(frame.total * 1e-9)
    base = np.clip(np.floor(near), frame.low, frame.high)
    down = np.maximum(frame.low - base, -slack)
    up = np.minimum(frame.high - base, slack)
    sums = _sums(tree, frame, slack=1.0 - 1e-6)
    taken = sums.matrix @ base.ravel()
    # Up where the remainder is large: the same preference as the largest remainder has.
    cost = (0.5 - (near - base)).ravel()
    result = milp(
        cost,
        constraints=LinearConstraint(sums.matrix, sums.low - taken, sums.high - taken),
        bounds=Bounds(down.ravel(), up.ravel()),
        integrality=np.ones(base.size),
        # Any whole table this near will do; to prove one the nearest takes minutes with over-assignment.
        options={"mip_rel_gap": 1.0 if any(tree.over) else 1e-4},
    )
    if result.x is None:
        return None
    found = base + np.round(result.x).reshape(base.shape)
    return np.asarray(found)


def _sums(tree: Tree, frame: Frame, *, slack: float) -> _Sums:
    """Every parent against its units, by period and over all; every node's total within its bounds."""
    from scipy.sparse import coo_array

    width = len(frame.open)
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    low: list[float] = []
    high: list[float] = []

    def add(cells: list[tuple[int, float]], least: float, most: float) -> None:
        for cell, value in cells:
            rows.append(len(low))
            columns.append(cell)
            values.append(value)
        low.append(least)
        high.append(most)

    for place in tree.parents:
        factor, below = tree.factors[place], tree.below[place]
        room = 0.0 if factor == 1 else slack
        year: list[tuple[int, float]] = []
        for column in range(width):
            line = [(at * width + column, 1.0) for at in range(below.start, below.stop)]
            line.append((place * width + column, -factor))
            extra = float(frame.extra[place, column])
            add(line, extra - room, extra + room)
            year += line
        if room:
            extra = float(frame.extra[place].sum())
            add(year, extra - room, extra + room)
    for at in range(tree.size):
        if frame.row_low[at] > 0 or np.isfinite(frame.row_high[at]):
            line = [(at * width + column, 1.0) for column in range(width)]
            add(line, float(frame.row_low[at]), float(frame.row_high[at]))
    matrix = coo_array((values, (rows, columns)), shape=(len(low), tree.size * width)).tocsr()
    return _Sums(matrix, np.array(low), np.array(high))


def _judged(tree: Tree, frame: Frame) -> Any:
    """Cells whose distance from the ideal counts: those of leaves, and the whole's periods."""
    width = len(frame.open)
    leaves = np.flatnonzero(tree.is_leaf)
    cells = (leaves[:, None] * width + np.arange(width)[None, :]).ravel()
    return np.unique(np.concatenate([np.arange(width), cells]))


def _prices(frame: Frame, judged: Any) -> Floats:
    return np.where(judged < len(frame.open), _WHOLE_WEIGHT, 1.0)


def _conflict(plan: Plan, tree: Tree, frame: Frame, step: float) -> Refused:
    """The locks, floors and ceilings that stand against each other, and by how much they would have to give.

    Every bound may be broken at a price, what adds up may not; at the least price those that carry a part
    of it (their dual values) are the conflict.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack, identity, vstack

    unit = max(frame.total / _SCALE, 1.0)
    cells, width = frame.low.size, len(frame.open)
    sums = _sums(tree, frame, slack=1.0)
    eye = csr_array(identity(cells, format="csr"))
    limits = vstack([-sums.matrix, sums.matrix, -eye, eye], format="csr")
    right = np.concatenate([-sums.low, sums.high, -frame.low.ravel(), frame.high.ravel()])
    bound = np.flatnonzero((frame.row_low > 0) | np.isfinite(frame.row_high))
    of_sums = np.full(len(sums.low), -1)
    of_sums[len(of_sums) - len(bound) :] = bound * (width + 1) + width
    at, column = np.divmod(np.arange(cells), width)
    owner = np.concatenate([of_sums, of_sums, at * (width + 1) + column, at * (width + 1) + column])
    # The total of the whole is what everything is held against: it is no bound that could give way.
    owner[owner == width] = -1
    known = np.isfinite(right)
    limits, right, owner = limits[known], right[known], owner[known]
    give = csr_array(identity(len(right), format="csr"))[:, np.flatnonzero(owner >= 0)]
    result = linprog(
        np.concatenate([np.zeros(cells), np.ones(give.shape[1])]),
        A_ub=hstack([limits, -give], format="csr"),
        b_ub=right / unit,
        bounds=np.tile([0.0, np.inf], (cells + give.shape[1], 1)),
        method="highs",
    )
    if result.x is None:
        return Refused("cascade.cannot-be-met", constraints=(), short="")
    held = np.flatnonzero((np.abs(result.ineqlin.marginals) > _CARRIES) & (owner >= 0))
    short = Decimal(max(round(float(result.fun) * unit * step), 1)).scaleb(-plan.minor)
    return Refused(
        "cascade.cannot-be-met",
        constraints=_named(plan, tree, frame, np.unique(owner[held])),
        short=str(short),
    )


def _named(plan: Plan, tree: Tree, frame: Frame, owners: Any) -> tuple[str, ...]:
    """Units and periods whose bounds are in the conflict; those that the plan itself says come first."""
    said = {(lock.unit, lock.period) for lock in plan.locks}
    for unit in plan.units:
        said |= {(unit.code, label) for label in (*unit.floors, *unit.ceilings)}
        said |= {(unit.code, None)} if unit.floor or unit.ceiling is not None else set()
    width = len(frame.open)
    places = []
    for owner in owners.tolist():
        at, column = divmod(owner, width + 1)
        label = None if column == width else plan.periods[frame.open[column]]
        places.append((tree.codes[at], label))
    own = [place for place in places if place in said]
    return tuple(where(*place) for place in (own or places)[:_NAMED])
