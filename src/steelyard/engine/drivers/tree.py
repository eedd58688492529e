"""One level of a KPI tree: the gap of a parent, split over the factors of its formula."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Integral
from typing import Any, Literal

from steelyard.engine.drivers.formula import Formula, is_undefined
from steelyard.engine.drivers.lmdi import logarithmic_mean
from steelyard.engine.drivers.ranking import adds_up, rank
from steelyard.engine.drivers.shapley import shapley
from steelyard.engine.drivers.terms import terms_of
from steelyard.errors import Refused

Method = Literal["shapley", "lmdi"]
Point = Mapping[str, Any]


@dataclass(frozen=True)
class Contribution:
    """What one factor adds to the gap; `actual` and `baseline` are None where it is undefined."""

    factor: str
    contribution: float
    actual: float | None
    baseline: float | None


@dataclass(frozen=True)
class Decomposition:
    """A gap and its parts: the contributions and the residual sum to the gap."""

    gap: float
    contributions: tuple[Contribution, ...]
    residual: float
    method: Method


def decompose(
    formula: Formula,
    *,
    actual: Point,
    baseline: Point,
    gap: float | None = None,
    method: Method = "shapley",
) -> Decomposition:
    """Split the gap of a parent KPI over the factors of its formula.

    Parameters
    ----------
    formula
        The parent in terms of its factors.
    actual, baseline
        A number for each factor (int, float, Decimal or Fraction; exact ratios give an exact split).
        None or NaN: the factor is undefined in that period, as the win rate is when nothing closed.
    gap
        The parent's own actual minus baseline, where it is known; what the factors leave of it is
        the residual. Without it the gap is recomputed from the factors and the residual is 0.
    method
        `"shapley"`, or `"lmdi"` for a sum of products and quotients whose factors are all positive.

    Returns
    -------
    Decomposition
        Contributions by size, then by name, in the unit of the parent. The residual is 0 where the
        parts already add up to 1e-9 × max(1, Σ|parts|).

    Raises
    ------
    Refused
        `formula.missing-value`; `drivers.not-a-number` for an infinite value;
        `drivers.undefined-factor` (with names and period) when a missing factor matters;
        `drivers.division-by-zero` when the formula divides by zero for some mixture of the periods;
        `drivers.too-many-factors`; `lmdi.non-positive`; `lmdi.not-products`.

    Notes
    -----
    A rate whose volume is 0 has no value, and its change cannot be told: it is held at its value of
    the other period, contributes 0, and the volume carries the effect (0 closed then, 10 now: all of
    the won revenue is due to opportunities closed). This is the limit of the Shapley value for a
    vanishing volume at an unchanged rate. An undefined divisor with something above it (money spent,
    no lead, hence no cost per lead) is infinite: it carries the effect itself. A factor that is
    undefined although the parent depends on it is refused: its value is missing, not void.
    Source: Shapley (1953); see `shapley`. Ang (2005); see `lmdi_additive`.

    Examples
    --------
    >>> tree = Formula.parse("opportunities_closed × win_rate × average_deal_size")
    >>> now = {"opportunities_closed": 40, "win_rate": 0.25, "average_deal_size": 100}
    >>> then = {"opportunities_closed": 40, "win_rate": 0.5, "average_deal_size": 80}
    >>> found = decompose(tree, actual=now, baseline=then, gap=-600)
    >>> [(each.factor, each.contribution) for each in found.contributions]
    [('win_rate', -900.0), ('average_deal_size', 300.0), ('opportunities_closed', 0.0)]
    >>> found.residual
    0.0
    """
    now, then = defined_points(formula, actual=actual, baseline=baseline)
    split = {"shapley": _by_shapley, "lmdi": _by_lmdi}[method](formula, now, then)
    parts = {name: float(part) for name, part in split.items()}
    whole = math.fsum(parts.values()) if gap is None else float(gap)
    residual = (
        0.0 if adds_up(parts.values(), total=whole) else math.fsum([whole, *(-p for p in parts.values())])
    )
    ranked = sorted(parts, key=lambda name: rank(name, size=parts[name]))
    contributions = tuple(
        Contribution(name, parts[name], _shown(actual[name]), _shown(baseline[name])) for name in ranked
    )
    return Decomposition(gap=whole, contributions=contributions, residual=residual, method=method)


def shapley_of(formula: Formula, *, actual: Point, baseline: Point) -> dict[str, Fraction]:
    """Return the exact Shapley contributions of a formula whose factors are all defined."""

    def value(point: dict[str, Any]) -> Fraction:
        result = formula.evaluate(point)
        if result is None or not math.isfinite(result):
            raise Refused("drivers.division-by-zero", formula=formula.text)
        return Fraction(result)

    used = {name: actual[name] for name in formula.names}
    return shapley(value, actual=used, baseline={name: baseline[name] for name in formula.names})


def defined_points(formula: Formula, *, actual: Point, baseline: Point) -> tuple[Point, Point]:
    """Return both periods in exact numbers, undefined factors filled by the notes of `decompose`."""
    given_now, given_then = _numbers(formula, actual), _numbers(formula, baseline)
    now = _with_infinite(formula, given_now, other=given_then, period="actual")
    then = _with_infinite(formula, given_then, other=given_now, period="baseline")
    return _held(now, other=then), _held(then, other=now)


def _by_shapley(formula: Formula, actual: Point, baseline: Point) -> Mapping[str, Fraction | float]:
    return shapley_of(formula, actual=actual, baseline=baseline)


def _by_lmdi(formula: Formula, actual: Point, baseline: Point) -> Mapping[str, Fraction | float]:
    low = sorted(n for n in formula.names if not all(0 < p[n] < math.inf for p in (actual, baseline)))
    if low:
        raise Refused("lmdi.non-positive", names=low)
    parts: dict[str, list[float]] = {name: [] for name in formula.names}
    for term in terms_of(formula):
        weight = logarithmic_mean(term.product_of(actual), term.product_of(baseline))
        for name, power in term.powers.items():
            ratio = float(actual[name] / baseline[name])
            parts[name].append(float(term.coefficient) * weight * power * math.log(ratio))
    return {name: math.fsum(listed) for name, listed in parts.items()}


def _numbers(formula: Formula, point: Point) -> dict[str, Fraction | None]:
    missing = [name for name in formula.names if name not in point]
    if missing:
        raise Refused("formula.missing-value", names=missing)
    infinite = [name for name in formula.names if not is_undefined(point[name]) and math.isinf(point[name])]
    if infinite:
        raise Refused("drivers.not-a-number", names=infinite)
    return {name: None if is_undefined(point[name]) else _exact(point[name]) for name in formula.names}


def _exact(value: Any) -> Fraction:
    # numpy's integers would stay inside a Fraction and overflow there.
    return Fraction(int(value)) if isinstance(value, Integral) else Fraction(value)


def _with_infinite(formula: Formula, point: Point, *, other: Point, period: str) -> Point:
    open_names = sorted(name for name, value in point.items() if value is None)
    held = _held(point, other=other)
    shifted = {name: held[name] + 1 for name in open_names}
    probes = [{}, shifted, *({name: shifted[name]} for name in open_names)]
    if len({formula.evaluate({**held, **probe}) for probe in probes}) == 1:
        return point
    unknown = sorted(set(open_names) - formula.divisors)
    if unknown:
        raise Refused("drivers.undefined-factor", names=unknown, period=period)
    return {**point, **dict.fromkeys(open_names, math.inf)}


def _held(point: Point, *, other: Point) -> Point:
    return {name: _first_defined(value, other[name]) for name, value in point.items()}


def _first_defined(*values: Any) -> Any:
    return next((value for value in values if value is not None), Fraction(1))


def _shown(value: Any) -> float | None:
    return None if is_undefined(value) else float(value)
