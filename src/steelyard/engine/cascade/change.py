"""A change to what was carried down: one value by hand, or the rest of the year anew."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Literal, get_args

import numpy as np

from steelyard.engine.cascade.bounds import frame_of
from steelyard.engine.cascade.carrying import Carried, carry, cascade
from steelyard.engine.cascade.findings import Allocation
from steelyard.engine.cascade.plan import Lock, Plan
from steelyard.engine.cascade.reading import where
from steelyard.engine.cascade.results import allocation_of, in_units
from steelyard.engine.cascade.rounding import stepped
from steelyard.engine.cascade.tree import Floats, tree_of
from steelyard.engine.cascade.weights import presence_of
from steelyard.errors import Refused

GiveWay = Literal["siblings", "months", "parent"]
GIVE_WAY: tuple[GiveWay, ...] = get_args(GiveWay)
# What stands against the new value itself, whoever gives way.
_OWN = ("cascade.locked-while-absent", "cascade.lock-below-floor", "cascade.lock-above-ceiling")


def change_cell(
    plan: Plan,
    allocation: Allocation,
    *,
    unit: str,
    period: str,
    value: Decimal,
    give_way: GiveWay = "siblings",
) -> tuple[Plan, Allocation]:
    """Give one value by hand and let something else give way, so that every sum holds.

    Parameters
    ----------
    plan, allocation
        What is there now.
    unit, period, value
        The cell; the unit may be a team. It is locked from now on.
    give_way
        What takes the difference: `siblings`, the units beside it in the same period, so that the team's
        period stays; `months`, the unit's own other periods, so that its total stays and the periods of the
        team and of the whole follow; `parent`, nobody: the team's units carry more (or less) than the team,
        and that is declared.

    Returns
    -------
    (Plan, Allocation)
        The plan with the lock (and what was declared), and the allocation in which all that need not give
        way has its old value. To cascade that plan anew would spread the change over everybody.

    Raises
    ------
    Refused
        `cascade.bad-give-way`, `cascade.unknown-unit`, `cascade.unknown-period`, `cascade.closed-period`,
        `cascade.below-zero`; `cascade.locked-while-absent`, `cascade.lock-below-floor`,
        `cascade.lock-above-ceiling` for what the cell may not have; `cascade.nobody-gives-way` when what
        should give way cannot.

    Examples
    --------
    >>> plan = Plan.load("{total: 120, periods: 2026-Q1, units: [Ann, Bo], profile: equal}")
    >>> _, found = change_cell(plan, cascade(plan), unit="Ann", period="2026-01", value=Decimal(30))
    >>> [int(found.of("Bo", month)) for month in plan.periods], int(found.of("Ann"))
    ([10, 20, 20], 70)
    """
    if give_way not in GIVE_WAY:
        raise Refused("cascade.bad-give-way", value=str(give_way)[:63])
    if unit not in plan.unit or unit == plan.root:
        raise Refused("cascade.unknown-unit", place="unit", value=unit[:63])
    if period not in plan.periods:
        raise Refused("cascade.unknown-period", place="period", value=period[:63])
    if value < 0:
        raise Refused("cascade.below-zero", place=f"{unit} {period}", value=str(value))
    if period in _closed(plan):
        raise Refused("cascade.closed-period", period=period)
    if plan.kind == "ratio":
        changed = _locked(plan, [Lock(unit, period, value)])
        return changed, cascade(changed)
    lock = Lock(unit, period, value)
    changed = _locked(plan, [lock])
    if give_way == "parent":
        changed = _declared(changed, unit, period, value - (allocation.of(unit, period) or Decimal(0)))
    held = _locked(changed, _held(plan, allocation, unit, period, give_way))
    try:
        if give_way == "months":
            held = _locked(held, _other_months(held, allocation, lock))
        carried = carry(held, profile=_row(plan, allocation, plan.root), pull=_pull(plan, allocation))
        return changed, _told(changed, carried)
    except Refused as refusal:
        if refusal.code in _OWN:
            raise
        place = where(unit, period)
        raise Refused(
            "cascade.nobody-gives-way", place=place, unit=unit, period=period, value=str(value)
        ) from refusal


def recascade(
    plan: Plan,
    allocation: Allocation,
    *,
    from_period: str,
    actuals: Mapping[str, Mapping[str, Decimal]] | None = None,
    total: Decimal | None = None,
) -> tuple[Plan, Allocation]:
    """Carry the rest of the year down anew; what lies before `from_period` is closed.

    Parameters
    ----------
    plan, allocation
        What is there now. The plan's own locks on what is still open stay.
    from_period
        The first period that is still open.
    actuals
        What was reached in the closed periods: unit without units → period → value. Then the rest carries
        what is missing from the total. Without them the old targets stand.
    total
        A new total; the old one when left out.

    Returns
    -------
    (Plan, Allocation)
        The plan with its closed periods, and what it gives.

    Raises
    ------
    Refused
        `cascade.unknown-period`, `cascade.unknown-unit`, `cascade.actuals-missing` for a unit that was
        there, `cascade.fixed-above-total` when the total is reached already; whatever `cascade` refuses.

    Examples
    --------
    >>> plan = Plan.load("{total: 120, periods: 2026-Q1, units: [Ann, Bo], profile: equal}")
    >>> reached = {"Ann": {"2026-01": Decimal(26)}, "Bo": {"2026-01": Decimal(10)}}
    >>> _, found = recascade(plan, cascade(plan), from_period="2026-02", actuals=reached)
    >>> [int(found.of("company", month)) for month in plan.periods]
    [36, 42, 42]
    """
    if from_period not in plan.periods:
        raise Refused("cascade.unknown-period", place="from_period", value=from_period[:63])
    past = plan.periods[: plan.periods.index(from_period)]
    for code in actuals or {}:
        if code not in plan.leaves:
            raise Refused("cascade.unknown-unit", place="actuals", value=code[:63])
    fixed = (
        _reached(plan, allocation, past, actuals)
        if actuals is not None
        else _as_planned(plan, allocation, past)
    )
    spent = set(past)
    changed = replace(
        plan,
        total=plan.total if total is None else total,
        fixed=fixed,
        locks=tuple(lock for lock in plan.locks if lock.period not in spent),
    )
    return changed, cascade(changed)


def _reached(
    plan: Plan,
    allocation: Allocation,
    past: tuple[str, ...],
    actuals: Mapping[str, Mapping[str, Decimal]],
) -> dict[str, dict[str, Decimal]]:
    result: dict[str, dict[str, Decimal]] = {}
    for code in plan.leaves:
        for label in past:
            found = actuals.get(code, {}).get(label)
            if found is None and allocation.of(code, label):
                raise Refused("cascade.actuals-missing", place=where(code, label), unit=code, period=label)
            result.setdefault(code, {})[label] = Decimal(0) if found is None else found
    return {code: line for code, line in result.items() if line}


def _as_planned(plan: Plan, allocation: Allocation, past: tuple[str, ...]) -> dict[str, dict[str, Decimal]]:
    """The old targets of every unit, teams and the whole among them: over-assignment has them differ."""
    codes = dict.fromkeys((plan.root, *(unit.code for unit in plan.units)))
    found = {code: {label: allocation.of(code, label) or Decimal(0) for label in past} for code in codes}
    return {code: line for code, line in found.items() if line}


def _closed(plan: Plan) -> set[str]:
    leaves = set(plan.leaves)
    return {label for code, line in plan.fixed.items() if code in leaves for label in line}


def _locked(plan: Plan, locks: list[Lock]) -> Plan:
    """The plan with locks; a new one takes the place of an old one on the same."""
    new = {(lock.unit, lock.period) for lock in locks}
    return replace(
        plan, locks=(*(lock for lock in plan.locks if (lock.unit, lock.period) not in new), *locks)
    )


def _declared(plan: Plan, unit: str, period: str, difference: Decimal) -> Plan:
    """What the units of the parent carry more than it from now on."""
    parent = plan.unit[unit].parent or plan.root
    line = dict(plan.extra.get(parent, {}))
    line[period] = line.get(period, Decimal(0)) + difference
    return replace(plan, extra={**plan.extra, parent: line})


def _under(plan: Plan, unit: str) -> set[str]:
    """The unit's leaves, itself when it is one."""
    below = plan.children.get(unit, ())
    return {unit} if not below else set().union(*(_under(plan, one) for one in below))


def _held(plan: Plan, allocation: Allocation, unit: str, period: str, give_way: GiveWay) -> list[Lock]:
    """Locks that hold every leaf cell but those of the unit and those that give way, while it is changed."""
    parent = plan.unit[unit].parent or plan.root
    loose = {(code, period) for code in _under(plan, parent)} if give_way == "siblings" else set()
    own = _under(plan, unit)
    if give_way == "months":
        loose |= {(code, label) for code in own for label in plan.periods}
    else:
        loose |= {(code, period) for code in own}
    closed = _closed(plan)
    given = {(lock.unit, lock.period) for lock in plan.locks}
    return [
        Lock(cell.unit, cell.period, cell.value or Decimal(0))
        for cell in allocation.cells
        if cell.period not in closed and (cell.unit, cell.period) not in given | loose
    ]


def _other_months(held: Plan, allocation: Allocation, lock: Lock) -> list[Lock]:
    """The unit's other open periods, scaled so that its total stays."""
    tree = tree_of(held)
    frame = frame_of(held, tree, presence_of(held, tree))
    at = tree.codes.index(lock.unit)
    now = _row(held, allocation, lock.unit)[list(frame.open)]
    low, high = frame.low[at], frame.high[at]
    total, least, most = now.sum(), low.sum(), high.sum()
    if not least <= total <= most:
        raise Refused("cascade.cannot-be-met", constraints=(lock.unit,), short="")
    step = 1.0 if held.step is None else float(held.step.scaleb(held.minor))
    found = stepped(now, total, low=low, high=high, step=step)
    return [
        Lock(lock.unit, held.periods[column], in_units(int(value), held.minor))
        for column, value in zip(frame.open, found.tolist(), strict=True)
    ]


def _row(plan: Plan, allocation: Allocation, unit: str) -> Floats:
    """A unit's values in smallest units, all periods."""
    values = (allocation.of(unit, label) or Decimal(0) for label in plan.periods)
    return np.array([float(value.scaleb(plan.minor)) for value in values])


def _pull(plan: Plan, allocation: Allocation) -> Floats:
    """What every node has now: what gives way does so in proportion to it."""
    return np.array([_row(plan, allocation, code) for code in tree_of(plan).codes])


def _told(plan: Plan, carried: Carried) -> Allocation:
    """The allocation of the changed plan: what was held for the change alone is not locked in it."""
    tree, frame = carried.tree, carried.frame
    locked = np.zeros_like(frame.locked)
    columns = {plan.periods[column]: at for at, column in enumerate(frame.open)}
    place = {code: at for at, code in enumerate(tree.codes)}
    for lock in plan.locks:
        if lock.period in columns:
            locked[place[lock.unit], columns[lock.period]] = True
    return allocation_of(plan, tree, replace(frame, locked=locked), carried.values, carried.warnings)
