"""What binds every unit in every period and in total: locks, floors, ceilings, absence, closed periods."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.cascade.findings import Warned
from steelyard.engine.cascade.plan import Plan
from steelyard.engine.cascade.reading import where
from steelyard.engine.cascade.tree import Floats, Tree
from steelyard.errors import Refused

_NAMED = 6


@dataclass(frozen=True, eq=False)
class Frame:
    """A plan's open periods in whole smallest units, kept in floats that hold them exactly.

    `open` are the columns that are still to be decided; `closed` has every node's value in the others.
    `total` is what the open periods of the whole must hold. `low`, `high` bind cells (row node, column
    open period), `row_low`, `row_high` a node's sum over the open periods; all of them already say what
    the bounds of the units below and of the single periods imply. `extra` is what the units of a parent
    carry beside its over-assignment. `locked` are cells that were given.
    """

    open: tuple[int, ...]
    closed: Floats
    total: float
    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    extra: Floats
    locked: NDArray[np.bool_]
    warnings: tuple[Warned, ...]


def frame_of(plan: Plan, tree: Tree, presence: Floats, given_columns: Floats | None = None) -> Frame:
    """Gather the bounds of a plan; what can be seen to contradict itself is refused by name.

    `given_columns` is what the whole must have in each period, where that is not to be decided.

    Raises
    ------
    Refused
        `cascade.floor-above-ceiling`, `cascade.lock-below-floor`, `cascade.lock-above-ceiling`,
        `cascade.locked-while-absent`, `cascade.fixed-above-ceiling`,
        `cascade.locks-above-total`, `cascade.floors-above-total`, `cascade.ceilings-below-total`,
        `cascade.parts-above`, `cascade.parts-below`, `cascade.fixed-above-total`, `cascade.below-zero`.
    """
    own = _Own(plan, tree, presence)
    closed, given = _closed(plan, tree, presence)
    opened = tuple(place for place in range(len(plan.periods)) if not given[place])
    total = float(plan.total.scaleb(plan.minor)) - closed[0].sum()
    if total < 0 or (not opened and total > 0):
        reached = str(_amount(closed[0].sum(), plan))
        raise Refused("cascade.fixed-above-total", fixed=reached, total=str(plan.total))
    columns = list(opened)
    low, high, locked = own.low[:, columns], own.high[:, columns], own.locked[:, columns]
    spent = closed.sum(axis=1)
    row_low, row_high = np.maximum(own.row_low - spent, 0.0), own.row_high - spent
    late = np.flatnonzero(row_high < 0)
    if len(late):
        raise Refused(
            "cascade.fixed-above-ceiling",
            unit=tree.codes[late[0]],
            fixed=str(_amount(spent[late[0]], plan)),
            ceiling=str(_amount(own.row_high[late[0]], plan)),
        )
    if row_low[0] > total:
        raise Refused(
            "cascade.floors-above-total",
            needed=str(_amount(row_low[0], plan)),
            total=str(plan.total),
            constraints=_floors(plan),
        )
    if row_high[0] < total:
        raise Refused(
            "cascade.ceilings-below-total",
            ceilings=str(_amount(row_high[0], plan)),
            total=str(plan.total),
            constraints=_ceilings(plan),
        )
    if given_columns is not None:
        low[0] = high[0] = given_columns[columns]
    extra = _extra(plan, tree)[:, columns]
    row_low[0] = row_high[0] = total
    frame = Frame(opened, closed, total, low, high, row_low, row_high, extra, locked, own.warnings(given))
    _implied(frame, plan, tree)
    return frame


class _Own:
    """The bounds as the plan says them, unit by unit, all periods."""

    def __init__(self, plan: Plan, tree: Tree, presence: Floats) -> None:
        self.plan, self.tree, self.presence = plan, tree, presence
        shape = (tree.size, len(plan.periods))
        self.low, self.high = np.zeros(shape), np.full(shape, np.inf)
        self.row_low, self.row_high = np.zeros(tree.size), np.full(tree.size, np.inf)
        self.locked = np.zeros(shape, dtype=bool)
        self.place = {code: at for at, code in enumerate(tree.codes)}
        self.column = {label: at for at, label in enumerate(plan.periods)}
        self._bounds()
        self._absence()
        self._locks()

    def _bounds(self) -> None:
        for unit in self.plan.units:
            at = self.place[unit.code]
            for label, floor in unit.floors.items():
                self.low[at, self.column[label]] = _up(floor, self.plan)
            for label, ceiling in unit.ceilings.items():
                self.high[at, self.column[label]] = _down(ceiling, self.plan)
            self.row_low[at] = 0.0 if unit.floor is None else _up(unit.floor, self.plan)
            self.row_high[at] = np.inf if unit.ceiling is None else _down(unit.ceiling, self.plan)
            if self.row_low[at] > self.row_high[at]:
                self._refuse_bounds(unit.code, None, unit.floor, unit.ceiling)
            for label in unit.floors:
                if label in unit.ceilings and unit.floors[label] > unit.ceilings[label]:
                    self._refuse_bounds(unit.code, label, unit.floors[label], unit.ceilings[label])

    def _refuse_bounds(self, unit: str, label: str | None, low: Decimal | None, high: Decimal | None) -> None:
        raise Refused(
            "cascade.floor-above-ceiling",
            place=where(unit, label),
            unit=unit,
            period=label or "",
            floor=str(low),
            ceiling=str(high),
        )

    def _absence(self) -> None:
        for at, column in np.argwhere(self.presence <= 0):
            if self.low[at, column] > 0:
                self._refuse_absent(at, column)
            self.high[at, column] = 0.0

    def _refuse_absent(self, at: int, column: int) -> None:
        unit, period = self.tree.codes[at], self.plan.periods[column]
        raise Refused("cascade.locked-while-absent", place=where(unit, period), unit=unit, period=period)

    def _locks(self) -> None:
        given = [(lock.unit, lock.period, lock.value) for lock in self.plan.locks]
        for unit, label, value in given:
            at, amount = self.place[unit], _up(value, self.plan)
            if label is None and at == 0:
                total = float(self.plan.total.scaleb(self.plan.minor))
                self._check(unit, None, amount, total, total)
            if label is None:
                self._check(unit, label, amount, self.row_low[at], self.row_high[at])
                self.row_low[at] = self.row_high[at] = amount
                continue
            column = self.column[label]
            if self.presence[at, column] <= 0 and amount > 0:
                self._refuse_absent(at, column)
            self._check(unit, label, amount, self.low[at, column], self.high[at, column])
            self.low[at, column] = self.high[at, column] = amount
            self.locked[at, column] = True
        for unit, line in self.plan.fixed.items():
            for label, value in line.items():
                column = self.column[label]
                # A closed value stands, whatever was bound for a period that is now over.
                self.low[self.place[unit], column] = self.high[self.place[unit], column] = _up(
                    value, self.plan
                )
                self.locked[self.place[unit], column] = True

    def _check(self, unit: str, label: str | None, value: float, low: float, high: float) -> None:
        if low <= value <= high:
            return
        raise Refused(
            "cascade.lock-below-floor" if value < low else "cascade.lock-above-ceiling",
            place=where(unit, label),
            unit=unit,
            period=label or "",
            lock=str(_amount(value, self.plan)),
            bound=str(_amount(low if value < low else high, self.plan)),
        )

    def warnings(self, given: NDArray[np.bool_]) -> tuple[Warned, ...]:
        nobody = [
            label
            for at, label in enumerate(self.plan.periods)
            if not given[at] and not self.presence[self.tree.is_leaf, at].any()
        ]
        return (Warned("cascade.nobody-there", {"periods": tuple(nobody)}),) if nobody else ()


def _closed(plan: Plan, tree: Tree, presence: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The values of closed periods at every node, and which periods are closed.

    A period is closed when every unit that was there has a fixed value in it. Parents have the sum of
    their units, unless their own value is fixed as well: over-assignment is for what is still open.
    """
    values = np.full((tree.size, len(plan.periods)), np.nan)
    place = {code: at for at, code in enumerate(tree.codes)}
    for unit, line in plan.fixed.items():
        for label, value in line.items():
            values[place[unit], plan.periods.index(label)] = _up(value, plan)
    leaf = tree.is_leaf
    known = ~np.isnan(values[leaf])
    given = known.any(axis=0) & (known | (presence[leaf] <= 0)).all(axis=0)
    for level in reversed(tree.levels):
        sums = np.zeros_like(values)
        for at in range(level.start, level.stop):
            if not leaf[at]:
                sums[at] = values[tree.below[at]].sum(axis=0)
        values[level] = np.where(np.isnan(values[level]), sums[level], values[level])
    for unit, line in plan.fixed.items():
        for label, value in line.items():
            if not given[plan.periods.index(label)] and value < 0:
                raise Refused("cascade.below-zero", place=f"fixed.{unit}.{label}", value=str(value))
    return np.where(given[None, :], np.nan_to_num(values), 0.0), given


def _extra(plan: Plan, tree: Tree) -> Floats:
    found = np.zeros((tree.size, len(plan.periods)))
    place = {code: at for at, code in enumerate(tree.codes)}
    for unit, line in plan.extra.items():
        for label, value in line.items():
            found[place[unit], plan.periods.index(label)] = _up(value, plan)
    return found


def _implied(frame: Frame, plan: Plan, tree: Tree) -> None:
    """Carry bounds upwards, from the units to their parents and from periods to totals."""
    for at in range(tree.size - 1, -1, -1):
        below = tree.below[at]
        if below.stop > below.start:
            factor = tree.exact_factor(at)
            for column in range(len(frame.open)):
                low, high = _through(
                    frame.low[below, column].sum(),
                    frame.high[below, column].sum(),
                    factor,
                    frame.extra[at, column],
                )
                _tighten(frame, plan, tree, at, column, low, high)
            low, high = _through(
                frame.row_low[below].sum(), frame.row_high[below].sum(), factor, frame.extra[at].sum()
            )
            _tighten(frame, plan, tree, at, None, low, high)
        _tighten(frame, plan, tree, at, None, frame.low[at].sum(), frame.high[at].sum())


def _through(low: float, high: float, factor: Fraction, extra: float) -> tuple[float, float]:
    """The least and the greatest value of a parent whose units add up to between `low` and `high`."""
    if factor == 1:
        return low - extra, high - extra
    least = math.floor((Fraction(low) - Fraction(extra) - 1) / factor) + 1
    if not math.isfinite(high):
        return float(least), high
    return float(least), float(math.ceil((Fraction(high) - Fraction(extra) + 1) / factor) - 1)


def _tighten(
    frame: Frame, plan: Plan, tree: Tree, at: int, column: int | None, low: float, high: float
) -> None:
    lows, highs = (
        (frame.row_low, frame.row_high) if column is None else (frame.low[:, column], frame.high[:, column])
    )
    if low > highs[at]:
        _refuse_parts(frame, plan, tree, at, column, needed=low, allowed=highs[at])
    if high < lows[at]:
        _refuse_parts(frame, plan, tree, at, column, needed=high, allowed=lows[at])
    lows[at], highs[at] = max(lows[at], low), min(highs[at], high)


def _refuse_parts(
    frame: Frame, plan: Plan, tree: Tree, at: int, column: int | None, *, needed: float, allowed: float
) -> None:
    """Name a bound that its parts cannot keep."""
    amounts = {"needed": str(_amount(needed, plan)), "allowed": str(_amount(allowed, plan))}
    if at == 0 and column is None:
        _refuse_total(frame, plan, tree, **amounts, is_short=needed < allowed)
    period = "" if column is None else plan.periods[frame.open[column]]
    code = "cascade.parts-above" if needed > allowed else "cascade.parts-below"
    unit = tree.codes[at]
    raise Refused(code, place=where(unit, period), unit=unit, period=period, **amounts)


def _refuse_total(frame: Frame, plan: Plan, tree: Tree, *, needed: str, allowed: str, is_short: bool) -> None:
    if is_short:
        raise Refused(
            "cascade.ceilings-below-total", ceilings=needed, total=allowed, constraints=_ceilings(plan)
        )
    locked = _amount(_locked_sum(frame, plan, tree), plan)
    if locked > Decimal(allowed):
        raise Refused(
            "cascade.locks-above-total", needed=str(locked), total=allowed, constraints=_locks(plan)
        )
    raise Refused("cascade.floors-above-total", needed=needed, total=allowed, constraints=_floors(plan))


def _locks(plan: Plan) -> tuple[str, ...]:
    """The locks, largest first."""
    listed = sorted(plan.locks, key=lambda lock: (-lock.value, lock.unit, lock.period or ""))
    return tuple(where(lock.unit, lock.period) for lock in listed[:_NAMED])


def _floors(plan: Plan) -> tuple[str, ...]:
    """Who has a floor or a lock."""
    floored = [where(unit.code, None) for unit in plan.units if unit.floor]
    floored += [where(unit.code, label) for unit in plan.units for label in unit.floors]
    return tuple(dict.fromkeys([*floored, *_locks(plan)]))[:_NAMED]


def _ceilings(plan: Plan) -> tuple[str, ...]:
    """Who has a ceiling or a lock."""
    capped = [where(unit.code, None) for unit in plan.units if unit.ceiling is not None]
    capped += [where(unit.code, label) for unit in plan.units for label in unit.ceilings]
    return tuple(dict.fromkeys([*capped, *_locks(plan)]))[:_NAMED]


def _locked_sum(frame: Frame, plan: Plan, tree: Tree) -> float:
    """What the locks alone hold of the whole."""
    totals = {lock.unit: _up(lock.value, plan) for lock in plan.locks if lock.period is None}
    held = np.zeros(tree.size)
    for at in range(tree.size - 1, -1, -1):
        own = float(frame.low[at][frame.locked[at]].sum())
        parts = float(held[tree.below[at]].sum()) / tree.factors[at]
        held[at] = max(own, parts, totals.get(tree.codes[at], 0.0) if at else 0.0)
    return float(held[0])


def violations(frame: Frame, values: Floats) -> Iterator[tuple[int, int | None]]:
    """Places (node, open column or None for the total) where values leave their bounds."""
    for at, column in np.argwhere((values < frame.low) | (values > frame.high)):
        yield int(at), int(column)
    sums = values.sum(axis=1)
    for at in np.flatnonzero((sums < frame.row_low) | (sums > frame.row_high)):
        yield int(at), None


def _up(value: Decimal, plan: Plan) -> float:
    return float(value.scaleb(plan.minor).to_integral_value(ROUND_CEILING))


def _down(value: Decimal, plan: Plan) -> float:
    return float(value.scaleb(plan.minor).to_integral_value(ROUND_FLOOR))


def _amount(value: float, plan: Plan) -> Decimal:
    return Decimal(int(value)).scaleb(-plan.minor) if math.isfinite(value) else Decimal("Infinity")
