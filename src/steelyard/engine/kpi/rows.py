"""One figure of a KPI, and how numerator and denominator become its value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.periods import Period

Number = int | float | Decimal


@dataclass(frozen=True)
class Row:
    """A KPI in a period for one cut.

    `value` is a Decimal for money, an int for counts, a float otherwise, None when there is none.
    `n` counts the records behind it: those of the denominator for a ratio. `exact` is the value before
    any division was rounded; `base` says what it was measured by where one word has several meanings:
    "target" or "previous", "plan", "invoice", "plan-and-invoice", "cash", "contracts", …
    """

    kpi: str
    period: Period
    by: Mapping[str, str | None]
    value: Number | None
    numerator: Number | None
    denominator: Number | None
    n: int
    exact: Fraction | None = None
    base: str | None = None


@dataclass(frozen=True)
class Cell:
    """What a scan found for one part, period and cut; `amount` is None when it is missing."""

    amount: Any
    n: int

    def plus(self, other: "Cell") -> "Cell":
        """Add another cell; missing stays missing."""
        is_missing = self.amount is None or other.amount is None
        return Cell(None if is_missing else self.amount + other.amount, self.n + other.n)


EMPTY = Cell(0, 0)


def row_of(
    kpi: Kpi,
    *,
    period: Period,
    by: Mapping[str, str | None],
    numerator: Cell,
    denominator: Cell | None,
    base: str | None = None,
) -> Row:
    """Work the value out; a ratio over 0 and a median of nothing have none."""
    top = _clean(numerator.amount)
    if kpi.floor is not None and (denominator or numerator).n < kpi.floor:
        return Row(kpi.id, period, by, None, None, None, 0, None, base)
    if denominator is None:
        value = top if kpi.kind != "quantile" or numerator.n else None
        exact = None if value is None else Fraction(value)
        return Row(kpi.id, period, by, _shown(kpi, exact), _shown(kpi, exact), None, numerator.n, exact, base)
    below = _clean(denominator.amount)
    n = denominator.n
    if top is None or not below:
        return Row(kpi.id, period, by, None, top, below, n, None, base)
    exact = Fraction(top) / Fraction(below) * (period.days if kpi.scale == "days" else 1)
    return Row(kpi.id, period, by, _shown(kpi, exact), top, below, n, exact, base)


def formula_row(kpi: Kpi, *, rows: Sequence[Row], exact: Fraction | None) -> Row:
    """Return the figure of a formula; its n is the fewest records behind any of its KPIs."""
    first = rows[0]
    n = min(row.n for row in rows)
    return Row(kpi.id, first.period, first.by, _shown(kpi, exact), None, None, n, exact)


def _shown(kpi: Kpi, exact: Fraction | None) -> Number | None:
    if exact is None:
        return None
    if kpi.unit == "money":
        return _clean(Decimal(exact.numerator) / Decimal(exact.denominator))
    if kpi.unit == "count" and exact.denominator == 1:
        return int(exact)
    return float(exact)


def _clean(amount: Any) -> Number | None:
    """Drop decimals that say nothing: sums carry four, converted ones twelve."""
    if not isinstance(amount, Decimal):
        return amount
    for places in (2, 4):
        short = amount.quantize(Decimal(1).scaleb(-places)) if amount.adjusted() < 24 else amount
        if short == amount:
            return short
    return amount
