"""From the gap of a KPI to the factors of its tree, with bounds from the records behind them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from steelyard.engine.diagnosis.finding import Driver
from steelyard.engine.drivers import (
    Formula,
    contribution_intervals,
    count_variance,
    decompose,
    mean_variance,
    rate_variance,
)
from steelyard.engine.kpi import Kpi, Row
from steelyard.engine.kpi.definitions import Measure

TARGET = "target"
_SQUARES = "_squares_of_{}"


def squares_of(kpis: Sequence[Kpi]) -> list[Kpi]:
    """Return helper KPIs that read the sums of squares which error bars of money need."""
    return [
        replace(
            kpi,
            id=_SQUARES.format(kpi.id),
            kind="sum",
            unit="times",
            numerator=replace(kpi.numerator, measure=Measure("squares", kpi.numerator.measure.columns)),
            denominator=None,
            tree=None,
        )
        for kpi in kpis
        if kpi.numerator is not None and kpi.numerator.measure.kind == "sum"
    ]


def split(
    formula: Formula,
    *,
    kpis: Mapping[str, Kpi],
    actual: Mapping[str, Row],
    baseline: Mapping[str, Row],
    gap: Fraction,
) -> tuple[tuple[Driver, ...], float]:
    """Split the gap over the factors; returns them by size, and the residual."""
    now, then = ({name: side[name].exact for name in formula.names} for side in (actual, baseline))
    parts = decompose(formula, actual=now, baseline=then, gap=float(gap))
    intervals = contribution_intervals(
        formula,
        actual=now,
        baseline=then,
        actual_variance={name: _variance(kpis[name], actual) for name in formula.names},
        baseline_variance={name: _variance(kpis[name], baseline) for name in formula.names},
    )
    bounds = {each.factor: (each.lower, each.upper) for each in intervals}
    drivers = tuple(
        Driver(each.factor, each.contribution, *bounds[each.factor], each.actual, each.baseline)
        for each in parts.contributions
    )
    return drivers, parts.residual


def strongest(drivers: Sequence[Driver], *, gap: Fraction) -> list[str]:
    """Rank factors: the one that surely moved most the way the gap went, then the others by size.

    "Surely": by the bound of the interval that is nearer to 0, where all factors have one. The others
    follow because a large loss in one segment may hide in a factor that moved the other way as a whole.
    """
    sign = 1 if gap > 0 else -1
    factors = [each for each in drivers if each.kpi != TARGET]
    are_bounded = all(each.low is not None for each in factors)

    def strength(driver: Driver) -> float:
        bound = driver.low if sign > 0 else driver.high
        return sign * (bound if are_bounded and bound is not None else driver.contribution)

    moved = [each for each in factors if each.contribution * sign > 0]
    first = sorted(moved, key=lambda each: (-float(f"{strength(each):.11e}"), each.kpi))[:1]
    others = [each for each in factors if each not in first and each.contribution]
    others.sort(key=lambda each: (-float(f"{abs(each.contribution):.11e}"), each.kpi))
    return [each.kpi for each in (*first, *others)]


def _variance(kpi: Kpi, rows: Mapping[str, Row]) -> float | None:
    """Return the sampling variance of a factor; None where it cannot be told from sums."""
    row = rows[kpi.id]
    squares = rows.get(_SQUARES.format(kpi.id))
    kinds = [part.measure.kind for part in kpi.parts]
    if kinds == ["count"]:
        return count_variance(row.n)
    if kinds == ["count", "count"] and kpi.unit == "percent":
        return rate_variance(int(row.numerator or 0), n=int(row.denominator or 0))
    if squares is None or squares.exact is None:
        return None
    if kinds == ["sum"]:
        return float(squares.exact)
    if kinds == ["sum", "count"]:
        return mean_variance(row.n, total=float(row.numerator or 0), sum_of_squares=float(squares.exact))
    return None
