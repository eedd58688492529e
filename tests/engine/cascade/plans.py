"""Random plans, and whether one can be met at all, found without the engine."""

from decimal import Decimal
from typing import Any

import numpy as np
from scipy.optimize import linprog

from steelyard.engine.cascade import Plan


def random_document(seed: int, *, over: bool = False, loose: bool = False) -> dict[str, Any]:
    """A small tree with weights, locks, floors and ceilings; `loose` ones can mostly be met."""
    dice = np.random.default_rng(seed)
    periods = [f"2026-{month:02}" for month in range(1, int(dice.integers(2, 6)))]
    total = int(dice.integers(0, 400)) * int(dice.choice([1, 1, 10]))
    units: list[dict[str, Any]] = []
    for team in range(int(dice.integers(1, 4))):
        units.append({"code": f"t{team}"})
        units += [
            {"code": f"t{team}m{member}", "parent": f"t{team}", "history": int(dice.integers(0, 50))}
            for member in range(int(dice.integers(0, 4)))
        ]
    if len(units) == 1:
        units.append({"code": "solo", "history": 3})
    leaves = len(units)
    most = max(total * 2 // leaves, 2) if loose else max(total, 2)
    for unit in units:
        draw = dice.random(6)
        if draw[0] < 0.15:
            unit["floor"] = int(dice.integers(0, most))
        if draw[1] < 0.15:
            unit["ceiling"] = int(dice.integers(most // 2, most * 2 + 2))
        if draw[2] < 0.15:
            unit["floors"] = {str(dice.choice(periods)): int(dice.integers(0, most // len(periods) + 1))}
        if draw[3] < 0.15:
            unit["ceilings"] = {str(dice.choice(periods)): int(dice.integers(0, most))}
        if draw[4] < 0.15:
            unit["joins"] = f"{dice.choice(periods)}-16"
        if draw[5] < 0.1:
            unit["leaves"] = f"{dice.choice(periods)}-20"
    locks = {}
    for unit in units:
        if dice.random() < 0.2:
            period = None if dice.random() < 0.3 else str(dice.choice(periods))
            locks[unit["code"], period] = int(dice.integers(0, most // (1 if period is None else 2) + 1))
    document = {
        "total": total,
        "periods": periods,
        "units": units,
        "method": "history" if any(unit.get("history") for unit in units) else "equal",
        "locks": [
            {"unit": unit, "period": period, "value": value} for (unit, period), value in locks.items()
        ],
        "profile": [int(value) for value in dice.integers(1, 9, len(periods))],
    }
    if dice.random() < 0.5:
        document["step"] = int(dice.choice([5, 10, 7]))
    if over:
        document["over"] = {"company": "0.1", "team": "0.05"}
    return document


def can_be_met(plan: Plan) -> bool:
    """Whether the bounds leave room in real numbers; without over-assignment then also in whole ones."""
    codes = [plan.root, *(unit.code for unit in plan.units if unit.code != plan.root)]
    width = len(plan.periods)
    place = {code: at for at, code in enumerate(codes)}
    size = len(codes) * width
    low, high = np.zeros((len(codes), width)), np.full((len(codes), width), np.inf)
    equal, equal_to, less, less_to = [], [], [], []

    def line(cells: dict[int, float]) -> np.ndarray:
        found = np.zeros(size)
        for cell, value in cells.items():
            found[cell] = value
        return found

    def row(code: str) -> np.ndarray:
        return line({place[code] * width + column: 1.0 for column in range(width)})

    for code in codes:
        below = plan.children.get(code, ())
        for column in range(width) if below else ():
            cells = {place[one] * width + column: 1.0 for one in below}
            cells[place[code] * width + column] = -1 - float(plan.over_of(code))
            equal.append(line(cells))
            equal_to.append(0.0)
    equal.append(row(plan.root))
    equal_to.append(float(plan.total))
    for unit in plan.units:
        for period, value in unit.floors.items():
            low[place[unit.code], plan.periods.index(period)] = float(value)
        for period, value in unit.ceilings.items():
            high[place[unit.code], plan.periods.index(period)] = float(value)
        if unit.floor is not None:
            less.append(-row(unit.code))
            less_to.append(-float(unit.floor))
        if unit.ceiling is not None:
            less.append(row(unit.code))
            less_to.append(float(unit.ceiling))
        for column, period in enumerate(plan.periods):
            joined = unit.joins is None or f"{unit.joins:%Y-%m}" <= period
            left = unit.leaves is not None and f"{unit.leaves:%Y-%m}" < period
            if not joined or left:
                high[place[unit.code], column] = 0.0
    for lock in plan.locks:
        if lock.period is None:
            equal.append(row(lock.unit))
            equal_to.append(float(lock.value))
        else:
            at = place[lock.unit], plan.periods.index(lock.period)
            low[at], high[at] = max(low[at], float(lock.value)), min(high[at], float(lock.value))
    if (low > high).any():
        return False
    found = linprog(
        np.zeros(size),
        A_ub=np.array(less) if less else None,
        b_ub=less_to or None,
        A_eq=np.array(equal),
        b_eq=equal_to,
        bounds=np.stack([low.ravel(), high.ravel()], axis=1),
    )
    return bool(found.status == 0)


def faults(plan: Plan, found: Any) -> list[str]:
    """What an allocation does not keep, read from its cells alone."""
    wrong = []
    cells = {(cell.unit, cell.period): cell.value for cell in found.cells}
    assert len(cells) == len(plan.leaves) * len(plan.periods)

    def of(code: str, period: str | None) -> Decimal:
        return found.of(code, period)

    for code in (plan.root, *(unit.code for unit in plan.units)):
        below = plan.children.get(code, ())
        factor = 1 + plan.over_of(code)
        for period in (*plan.periods, None) if below else ():
            apart = sum(of(one, period) for one in below) - of(code, period) * factor
            if abs(apart) >= (1 if factor != 1 else Decimal("1e-30")):
                wrong.append(f"{code} {period}: off by {apart}")
        if sum(of(code, period) for period in plan.periods) != of(code, None):
            wrong.append(f"{code}: periods do not add up")
    if of(plan.root, None) != plan.total:
        wrong.append(f"total {of(plan.root, None)}")
    for lock in plan.locks:
        if of(lock.unit, lock.period) != lock.value:
            wrong.append(f"lock {lock}: {of(lock.unit, lock.period)}")
    for unit in plan.units:
        bounds = [(None, unit.floor, unit.ceiling)]
        bounds += [(period, unit.floors.get(period), unit.ceilings.get(period)) for period in plan.periods]
        for period, floor, ceiling in bounds:
            value = of(unit.code, period)
            if value < (floor or 0) or (ceiling is not None and value > ceiling):
                wrong.append(f"{unit.code} {period}: {value} not in {floor}..{ceiling}")
    return wrong
