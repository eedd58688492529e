"""A ratio carried down by its two parts, so that Σ numerators ÷ Σ denominators is the target everywhere."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from steelyard.engine.cascade.carrying import Carried, carry
from steelyard.engine.cascade.findings import Allocation, Cell, Total, Warned, fairness_of
from steelyard.engine.cascade.outlooks import Answers, chance_of, outlooks_of
from steelyard.engine.cascade.plan import Lock, Plan, UnitPlan
from steelyard.engine.cascade.reading import decimals, where
from steelyard.engine.cascade.results import allocation_of
from steelyard.engine.cascade.tree import Floats, Tree
from steelyard.engine.cascade.weights import history_weights
from steelyard.errors import Refused

_DIGITS = 12


def cascade_ratio(plan: Plan) -> Allocation:
    """Carry a ratio down: first the denominators, then the numerators that the target asks for.

    Denominators are as the units plan them, else shared by history, potential or capacity, in smallest
    units. Numerators carry as many decimals as target × denominator needs, so the ratio of the whole is the
    target exactly, over all periods and in each one. The method says how the units' ratios differ: `equal`
    and `capacity` not at all, `history` and `potential` as these do, `fair` so that all are as likely to
    reach theirs. Locks, floors, ceilings and closed periods are ratios; over-assignment raises numerators.

    Raises
    ------
    Refused
        As for `cascade`; `cascade.ratio-without-base` for a lock on a unit whose denominator is 0.
    """
    base = carry(_denominators(plan))
    top = _numerators(plan, base)
    root = np.array([float(value) for value in _times(plan.total, base.values[0], top.minor - plan.minor)])
    rates, told = _rates(plan, base)
    carried = carry(top, columns=root, pull=np.maximum(base.values, 0.0) * rates[:, None])
    found = allocation_of(top, carried.tree, carried.frame, carried.values, carried.warnings)
    return _joined(plan, base, carried, found, (*base.warnings, *told))


def _denominators(plan: Plan) -> Plan:
    """The plan of the base: no locks and bounds of the ratio, units as they plan their own."""
    units = tuple(_base_unit(plan, unit) for unit in plan.units)
    said = [unit for unit in plan.units if unit.denominator and unit.code in plan.leaves]
    locks = [lock for unit in said for lock in _base_locks(plan, unit)]
    total = plan.denominator
    if total is None:
        total = sum((lock.value for lock in locks), Decimal(0))
    method = plan.method
    if method in ("equal", "fair"):
        method = "history" if any(unit.history for unit in units) else "equal"
    if method == "history" and not any(unit.history for unit in units):
        method = "potential" if any(unit.potential is not None for unit in units) else "equal"
    minor = max([plan.minor, decimals(total), *(decimals(lock.value) for lock in locks)])
    return replace(
        plan,
        kind="sum",
        total=total,
        units=units,
        method=method,
        locks=tuple(locks),
        over={},
        extra={},
        fixed={},
        minor=minor,
        step=None,
    )


def _base_unit(plan: Plan, unit: UnitPlan) -> UnitPlan:
    return replace(
        unit,
        history=unit.history_base,
        history_base=(),
        history_periods=unit.history_periods if unit.history_base else (),
        floor=None,
        ceiling=None,
        floors={},
        ceilings={},
        outlook=None,
    )


def _base_locks(plan: Plan, unit: UnitPlan) -> list[Lock]:
    if len(unit.denominator) == 1 and len(plan.periods) > 1:
        return [Lock(unit.code, None, unit.denominator[0])]
    return [
        Lock(unit.code, label, value) for label, value in zip(plan.periods, unit.denominator, strict=True)
    ]


def _numerators(plan: Plan, base: Carried) -> Plan:
    """The plan of the numerators, in units small enough to hold target × denominator exactly."""
    ratios = [plan.total, *(lock.value for lock in plan.locks)]
    minor = base.plan.minor + max(decimals(value) for value in ratios)
    place = {code: at for at, code in enumerate(base.tree.codes)}
    column = {label: at for at, label in enumerate(plan.periods)}

    def under(unit: str, label: str | None) -> Decimal:
        line = base.values[place[unit]]
        value = line.sum() if label is None else line[column[label]]
        return Decimal(int(value)).scaleb(-base.plan.minor)

    def amount(ratio: Decimal, unit: str, label: str | None, *, is_lock: bool = False) -> Decimal:
        found = under(unit, label)
        if is_lock and not found and ratio:
            raise Refused("cascade.ratio-without-base", place=where(unit, label))
        exact = ratio * found
        return exact.quantize(Decimal(1).scaleb(-minor)) if is_lock else exact

    def bounded(unit: UnitPlan) -> UnitPlan:
        return replace(
            unit,
            floor=None if unit.floor is None else amount(unit.floor, unit.code, None),
            ceiling=None if unit.ceiling is None else amount(unit.ceiling, unit.code, None),
            floors={label: amount(value, unit.code, label) for label, value in unit.floors.items()},
            ceilings={label: amount(value, unit.code, label) for label, value in unit.ceilings.items()},
            outlook=None,
        )

    return replace(
        plan,
        kind="sum",
        total=plan.total * under(plan.root, None),
        minor=minor,
        step=None,
        method="equal",
        units=tuple(bounded(unit) for unit in plan.units),
        locks=tuple(
            Lock(lock.unit, lock.period, amount(lock.value, lock.unit, lock.period, is_lock=True))
            for lock in plan.locks
        ),
        fixed={
            unit: {label: amount(value, unit, label, is_lock=True) for label, value in line.items()}
            for unit, line in plan.fixed.items()
        },
        extra={},
    )


def _times(ratio: Decimal, values: Floats, digits: int) -> list[Decimal]:
    """Ratio × whole denominators, in smallest units of the numerators."""
    return [(ratio * int(value)).scaleb(digits) for value in values]


def _rates(plan: Plan, base: Carried) -> tuple[Floats, tuple[Warned, ...]]:
    """By what each node's denominator is multiplied; only the proportions count."""
    tree = base.tree
    if plan.method == "fair":
        return _fair_rates(plan, base)
    said: dict[str, float] = {}
    if plan.method == "history":
        said = _past_rates(plan)
    elif plan.method == "potential":
        said = {unit.code: float(unit.potential) for unit in plan.units if unit.potential is not None}
    elif plan.method in ("equal", "capacity"):
        return np.ones(tree.size), ()
    leaves = [tree.codes[at] for at in np.flatnonzero(tree.is_leaf)]
    known = [said[code] for code in leaves if code in said]
    if not known or sum(known) <= 0:
        raise Refused("cascade.no-weights", place=plan.method)
    bare = tuple(code for code in leaves if code not in said)
    usual = float(np.median(known))
    rates = np.array([said.get(code, usual) for code in tree.codes])
    told = (Warned("cascade.median-of-peers", {"units": bare, "method": plan.method}),) if bare else ()
    return _lifted(tree, base.values, rates), told


def _past_rates(plan: Plan) -> dict[str, float]:
    """Past numerators ÷ past denominators, summed before they are divided; one figure is a rate itself."""
    found = {}
    for unit in plan.units:
        pairs = [
            (top, base)
            for top, base in zip(unit.history, unit.history_base, strict=False)
            if top is not None and base is not None
        ]
        below = sum((base for _, base in pairs), Decimal(0))
        if below > 0:
            found[unit.code] = float(sum((top for top, _ in pairs), Decimal(0)) / below)
        elif not unit.history_base and len(unit.history) == 1:
            found.update(history_weights([unit]))
    return found


def _lifted(tree: Tree, values: Floats, rates: Floats) -> Floats:
    """A parent's rate is that of its units together."""
    sums = values.sum(axis=1)
    for at in reversed(tree.parents):
        below = tree.below[at]
        held = sums[below].sum()
        rates[at] = rates[below] @ sums[below] / held if held > 0 else rates[below].mean()
    return rates


def _fair_rates(plan: Plan, base: Carried) -> tuple[Floats, tuple[Warned, ...]]:
    """Rates that all are as likely to reach, found so that the whole reaches its own; bounds come later."""
    tree = base.tree
    leaves = np.flatnonzero(tree.is_leaf)
    outlooks, told = outlooks_of(plan, [tree.codes[at] for at in leaves])
    answers = Answers(outlooks, len(plan.periods))
    sums = base.values[leaves].sum(axis=1)
    least, most = -60.0, 60.0
    for _ in range(100):
        middle = (least + most) / 2
        held = np.maximum(answers.at(np.full(len(leaves), middle)), 0.0) @ sums
        least, most = (middle, most) if held < float(plan.total) * sums.sum() else (least, middle)
    rates = np.zeros(tree.size)
    rates[leaves] = np.maximum(answers.at(np.full(len(leaves), most)), 1e-12)
    return _lifted(tree, base.values, rates), told


def _joined(
    plan: Plan, base: Carried, top: Carried, found: Allocation, warnings: tuple[Warned, ...]
) -> Allocation:
    """Ratios beside their parts."""
    below = allocation_of(base.plan, base.tree, base.frame, base.values, ())

    def ratio(over: Decimal | None, under: Decimal | None) -> Decimal | None:
        if over is None or not under:
            return None
        exact = over / under
        return exact if exact == round(exact, _DIGITS) else Decimal(f"{exact:.{_DIGITS}g}")

    def cell(one: Cell) -> Cell:
        under = below.of(one.unit, one.period)
        return Cell(one.unit, one.period, ratio(one.value, under), one.is_locked, one.value, under)

    def total(one: Total) -> Total:
        under = below.of(one.unit, one.period)
        return Total(one.unit, one.period, ratio(one.value, under), one.value, under)

    totals = tuple(total(one) for one in found.totals)
    ratios = {one.unit: one.value for one in totals if one.period is None}
    left = len(top.frame.open)
    chances = {
        unit.code: None
        if ratios[unit.code] is None
        else chance_of(unit.outlook, float(ratios[unit.code] or 0), left)
        for unit in plan.units
    }
    return replace(
        found,
        method=plan.method,
        cells=tuple(cell(one) for one in found.cells),
        totals=totals,
        chances=chances,
        fairness=fairness_of(chances.get(code) for code in plan.leaves),
        checks=(*below.checks, *found.checks),
        warnings=(*warnings, *found.warnings),
    )
