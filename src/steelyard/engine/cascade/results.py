"""From whole numbers of all nodes and periods to cells, sums, checks, chances and what had to give way."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.cascade.bounds import Frame
from steelyard.engine.cascade.findings import (
    Allocation,
    Cell,
    Check,
    Declared,
    Moved,
    Total,
    Warned,
    fairness_of,
)
from steelyard.engine.cascade.outlooks import chance_of, short_histories
from steelyard.engine.cascade.plan import Plan
from steelyard.engine.cascade.tree import Floats, Tree


def allocation_of(
    plan: Plan, tree: Tree, frame: Frame, values: Floats, warnings: tuple[Warned, ...]
) -> Allocation:
    """Say what was found, in the plan's order."""
    whole = np.rint(values).astype(np.int64)
    place = {code: at for at, code in enumerate(tree.codes)}
    chances = _chances(plan, frame, whole, place)
    return Allocation(
        root=plan.root,
        periods=plan.periods,
        method=plan.method,
        cells=_cells(plan, frame, whole, place),
        totals=_totals(plan, tree, whole, place),
        checks=_checks(plan, tree, frame, whole),
        chances=chances,
        fairness=fairness_of(chances.get(code) for code in plan.leaves),
        declared=_declared(plan, tree, frame, whole),
        moved=_moved(plan, frame, whole, place),
        warnings=(
            *warnings,
            *short_histories(plan),
            *_without_target(plan, frame, whole, place),
            *_coarse(plan, whole),
        ),
    )


def in_units(value: int, minor: int) -> Decimal:
    return Decimal(int(value)).scaleb(-minor)


def _cells(plan: Plan, frame: Frame, whole: NDArray[np.int64], place: dict[str, int]) -> tuple[Cell, ...]:
    given = _given(plan, frame, whole.shape)
    return tuple(
        Cell(code, label, in_units(value, plan.minor), locked)
        for code in plan.leaves
        for label, value, locked in zip(
            plan.periods, whole[place[code]].tolist(), given[place[code]].tolist(), strict=True
        )
    )


def _given(plan: Plan, frame: Frame, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Cells that were not to be decided: locks, and closed periods."""
    given = np.ones(shape, dtype=bool)
    given[:, list(frame.open)] = frame.locked
    return given


def _totals(plan: Plan, tree: Tree, whole: NDArray[np.int64], place: dict[str, int]) -> tuple[Total, ...]:
    listed = [plan.root, *(unit.code for unit in plan.units if unit.code != plan.root)]
    result = []
    for code in listed:
        line = whole[place[code]].tolist()
        if not tree.is_leaf[place[code]]:
            result += [
                Total(code, label, in_units(value, plan.minor))
                for label, value in zip(plan.periods, line, strict=True)
            ]
        result.append(Total(code, None, in_units(sum(line), plan.minor)))
    return tuple(result)


def _checks(plan: Plan, tree: Tree, frame: Frame, whole: NDArray[np.int64]) -> tuple[Check, ...]:
    """Every sum anew, in whole numbers, from what was found alone."""
    total = in_units(whole[0].sum(), plan.minor)
    checks = [Check("total", plan.root, None, plan.total, total, total == plan.total)]
    opened = list(frame.open)
    for at in tree.parents:
        factor = tree.exact_factor(at)
        parent, below = whole[at, opened], whole[tree.below[at]][:, opened].sum(axis=0)
        extra = np.rint(frame.extra[at]).astype(np.int64)
        labels = [plan.periods[column] for column in opened]
        for label, value, more, found in zip(
            labels, parent.tolist(), extra.tolist(), below.tolist(), strict=True
        ):
            checks.append(_check(plan, tree.codes[at], label, factor * value + more, found))
        expected = factor * int(parent.sum()) + int(extra.sum())
        checks.append(_check(plan, tree.codes[at], None, expected, int(below.sum())))
    return tuple(checks)


def _check(plan: Plan, unit: str, label: str | None, expected: Fraction | int, found: int) -> Check:
    """Exact when whole numbers can be equal; else when no whole number of the same side lies nearer."""
    exact = Fraction(expected)
    is_exact = exact == found if exact.denominator == 1 else abs(exact - found) < 1
    shown = Decimal(exact.numerator) / Decimal(exact.denominator)
    return Check("children", unit, label, shown.scaleb(-plan.minor), in_units(found, plan.minor), is_exact)


def _chances(
    plan: Plan, frame: Frame, whole: NDArray[np.int64], place: dict[str, int]
) -> dict[str, float | None]:
    opened = list(frame.open)
    unit = 10.0**plan.minor
    return {
        one.code: chance_of(one.outlook, float(whole[place[one.code], opened].sum()) / unit, len(opened))
        for one in plan.units
    }


def _declared(plan: Plan, tree: Tree, frame: Frame, whole: NDArray[np.int64]) -> tuple[Declared, ...]:
    opened = list(frame.open)
    result = []
    for at in tree.parents:
        if tree.over[at] or frame.extra[at].any():
            more = int(whole[tree.below[at]][:, opened].sum() - whole[at, opened].sum())
            result.append(Declared(tree.codes[at], tree.over[at], in_units(more, plan.minor)))
    return tuple(result)


def _moved(plan: Plan, frame: Frame, whole: NDArray[np.int64], place: dict[str, int]) -> tuple[Moved, ...]:
    if plan.step is None:
        return ()
    step = int(plan.step.scaleb(plan.minor))
    rest = np.where(_given(plan, frame, whole.shape), 0, whole % step)
    return tuple(
        Moved(code, plan.periods[column], in_units(rest[place[code], column], plan.minor))
        for code in plan.leaves
        for column in np.flatnonzero(rest[place[code]])
    )


def _without_target(
    plan: Plan, frame: Frame, whole: NDArray[np.int64], place: dict[str, int]
) -> tuple[Warned, ...]:
    """Who is there, may have a target and got none: a weight of zero, or a step too large for the share."""
    units = tuple(
        code for code in plan.leaves if not whole[place[code]].any() and frame.row_high[place[code]] > 0
    )
    return (Warned("cascade.no-target", {"units": units}),) if units and whole[0].any() else ()


def _coarse(plan: Plan, whole: NDArray[np.int64]) -> tuple[Warned, ...]:
    """A step that most units cannot have once a period."""
    if plan.step is None or not whole[0].sum():
        return ()
    room = in_units(whole[0].sum(), plan.minor) / plan.step
    cells = len(plan.leaves) * len(plan.periods)
    return (Warned("cascade.step-coarse", {"step": str(plan.step)}),) if room < cells else ()
