"""What a cascade gives: cells of units and periods, their sums, the checks on them, and how fair it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

CheckKind = Literal["children", "periods", "total"]


@dataclass(frozen=True)
class Cell:
    """The target of a unit without units of its own, in one period.

    `is_locked` says that it was given (a lock, or a closed period). Of a ratio, `value` is numerator ÷
    denominator to 12 digits, None where the denominator is zero; the two parts are exact.
    """

    unit: str
    period: str
    value: Decimal | None
    is_locked: bool = False
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Total:
    """A sum: of a unit that has units, in one period; or, with period None, of any unit over all periods."""

    unit: str
    period: str | None
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True)
class Check:
    """One sum that must hold.

    `kind` "children": the units of `unit` against it and its declared over-assignment; "periods": its
    periods against its total; "total": the whole against the plan. `expected` is what the sum should be
    before it is rounded to the smallest unit, `found` what it is.
    """

    kind: CheckKind
    unit: str
    period: str | None
    expected: Decimal
    found: Decimal
    is_exact: bool


@dataclass(frozen=True)
class Fairness:
    """How alike the chances are of all units without units of their own whose chance is known.

    `spread` is the greatest less the least; `gini` is 0 when all are alike (half the mean absolute
    difference over the mean).
    """

    n: int
    least: float
    median: float
    greatest: float
    spread: float
    gini: float

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "min": _short(self.least),
            "median": _short(self.median),
            "max": _short(self.greatest),
            "spread": _short(self.spread),
            "gini": _short(self.gini),
        }


@dataclass(frozen=True)
class Declared:
    """A parent whose units carry more (or less) than itself, as declared: `value` is the difference."""

    unit: str
    share: Decimal
    value: Decimal


@dataclass(frozen=True)
class Moved:
    """A cell that is no multiple of the step, and the part that the step could not hold."""

    unit: str
    period: str
    value: Decimal


@dataclass(frozen=True)
class Warned:
    """A code that the web turns into words, with the names and figures that it needs."""

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, **self.params}


@dataclass(frozen=True)
class Allocation:
    """A plan carried down to every unit and period.

    `cells` are of the units without units of their own, in the plan's order; `totals` hold every parent in
    every period and every unit over all periods, the whole (`root`) among them. `chances` are those of
    reaching the total of the open periods; None without an outlook.
    """

    root: str
    periods: tuple[str, ...]
    method: str
    cells: tuple[Cell, ...]
    totals: tuple[Total, ...]
    checks: tuple[Check, ...]
    chances: Mapping[str, float | None] = field(default_factory=dict)
    fairness: Fairness | None = None
    declared: tuple[Declared, ...] = ()
    moved: tuple[Moved, ...] = ()
    warnings: tuple[Warned, ...] = ()

    @property
    def is_exact(self) -> bool:
        """Whether every sum holds."""
        return all(check.is_exact for check in self.checks)

    @cached_property
    def _values(self) -> dict[tuple[str, str | None], Cell | Total]:
        found: dict[tuple[str, str | None], Cell | Total] = {
            (one.unit, one.period): one for one in self.totals
        }
        found.update({(one.unit, one.period): one for one in self.cells})
        return found

    def of(self, unit: str, period: str | None = None) -> Decimal | None:
        """The value of a unit in a period, or over all of them; of a ratio, the ratio.

        Raises `KeyError` for a unit or a period that the allocation does not have.
        """
        return self._values[unit, period].value

    def parts(self, unit: str, period: str | None = None) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator of a ratio; (None, None) of a sum."""
        found = self._values[unit, period]
        return found.numerator, found.denominator

    def as_json(self) -> dict[str, Any]:
        """Everything as JSON; values are JSON numbers, exact to the smallest unit."""
        return {
            "method": self.method,
            "total": number(self.of(self.root)),
            "periods": list(self.periods),
            "totals_check": self.is_exact,
            "cells": [_line(cell) for cell in self.cells],
            "subtotals": [_line(total) for total in self.totals if total.period is not None],
            "units": [
                {**_line(total, name="total"), "chance": _short(self.chances.get(total.unit))}
                for total in self.totals
                if total.period is None
            ],
            "fairness": None if self.fairness is None else self.fairness.as_json(),
            "declared": [
                {"unit": one.unit, "share": number(one.share), "value": number(one.value)}
                for one in self.declared
            ],
            "moved": [
                {"unit": one.unit, "period": one.period, "value": number(one.value)} for one in self.moved
            ],
            "warnings": [warned.as_json() for warned in self.warnings],
        }


def number(value: Decimal | None) -> int | float | None:
    """A JSON number that reads back as the same decimal; values have at most 15 digits.

    >>> number(Decimal("1200.00")), number(Decimal("0.07")), number(None)
    (1200, 0.07, None)
    """
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def fairness_of(chances: Iterable[float | None]) -> Fairness | None:
    """Sum up chances; None where none is known.

    >>> found = fairness_of([0.2, None, 0.6, 0.4])
    >>> found.n, found.median, round(found.spread, 9), round(found.gini, 4)
    (3, 0.4, 0.4, 0.2222)
    """
    known = sorted(chance for chance in chances if chance is not None)
    if not known:
        return None
    n, middle = len(known), len(known) // 2
    median = known[middle] if n % 2 else (known[middle - 1] + known[middle]) / 2
    weighted = sum((2 * place - n + 1) * chance for place, chance in enumerate(known))
    gini = weighted / (n * sum(known)) if sum(known) > 0 else 0.0
    return Fairness(n, known[0], median, known[-1], known[-1] - known[0], gini)


def _line(one: Cell | Total, *, name: str = "value") -> dict[str, Any]:
    line: dict[str, Any] = {"unit": one.unit}
    if one.period is not None:
        line["period"] = one.period
    line[name] = number(one.value)
    if one.denominator is not None:
        line["numerator"], line["denominator"] = number(one.numerator), number(one.denominator)
    if isinstance(one, Cell) and one.is_locked:
        line["locked"] = True
    return line


def _short(value: float | None) -> float | None:
    """12 significant digits: the same bytes on every machine."""
    return None if value is None else float(f"{value:.12g}")
