"""Localisation: the few segments of a leaf table that explain a gap, or the answer that none stands out."""

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa

from steelyard.engine.localise import additive, ratio
from steelyard.engine.localise.answer import Parts, answer_of
from steelyard.engine.localise.evidence import Fit, Kind, Mask
from steelyard.engine.localise.finding import Localisation, Segment
from steelyard.engine.localise.lattice import Lattice
from steelyard.engine.localise.search import Found, Rules, cells_that_stand_out
from steelyard.engine.localise.table import Leaves, leaves_of
from steelyard.errors import Refused

__all__ = ["Localisation", "Segment", "localise"]

MOST_SEGMENTS = 50
# Cells of a rate share shocks that their counts do not show: a gain below this share of the first is one.
WEAKEST_RATE = 0.1


def localise(
    leaves: pa.Table,
    *,
    dimensions: Sequence[str],
    actual: str | None = None,
    expected: str | None = None,
    actual_numerator: str | None = None,
    actual_denominator: str | None = None,
    expected_numerator: str | None = None,
    expected_denominator: str | None = None,
    alpha: float = 0.05,
    limit: int | None = None,
) -> Localisation:
    """Find the combinations of dimension values that explain the gap between actual and expected.

    Parameters
    ----------
    leaves
        One row for each combination of dimension values (rows of the same one are added up).
    dimensions
        The columns to cut by, of any type; a missing value reads as the empty text.
    actual, expected
        Number columns of a sum KPI, in its unit.
    actual_numerator, actual_denominator, expected_numerator, expected_denominator
        Number columns of a ratio KPI, in place of `actual` and `expected`.
    alpha
        Chance of naming any segment where nothing happened, between 0 and 1.
    limit
        Name at most so many segments.

    Returns
    -------
    Localisation
        Disjoint segments by size of contribution, what the rest contributes, and the verdict. For a ratio the
        gap and the contributions are differences of the ratio: rate and mix effect together.

    Raises
    ------
    Refused
        `localise.no-such-column`, `localise.no-dimensions`, `localise.column-named-twice`,
        `localise.no-rows`, `localise.too-many-dimensions`, `localise.too-many-combinations`,
        `localise.not-a-number`, `localise.number-missing`, `localise.not-a-dimension`,
        `localise.no-denominator`, `localise.which-columns`, `localise.bad-alpha`.

    Notes
    -----
    Leaves are scored by how far they stray beyond the noise that the table itself shows, the scores are
    summed over every combination, and the strongest sum is named at the level at which siblings share the
    effect (the ripple effect: a cause moves everything below it alike); its leaves are taken out and the
    search goes on until the next sum could be chance, given how many combinations were looked at. A change
    that all leaves share is no segment. Wrong where the errors of leaves are correlated along a dimension:
    the p-values then are too small. Cost: one pass over the lattice for each segment named.

    Source: Kulldorff (1997), A spatial scan statistic; Li et al. (2019), Generic and robust localization of
    multi-dimensional root causes (Squeeze); Kitagawa (1955), Components of a difference between two rates.

    Examples
    --------
    >>> regions, products = ["N", "S", "E", "W"], [f"p{i}" for i in range(10)]
    >>> rows = [(r, p, 100.0 + i % 3) for i, (r, p) in enumerate((r, p) for r in regions for p in products)]
    >>> table = pa.table({
    ...     "region": [r for r, _, _ in rows],
    ...     "product": [p for _, p, _ in rows],
    ...     "target": [100.0] * 40,
    ...     "won": [x * 0.6 if r == "S" else x for r, _, x in rows],
    ... })
    >>> answer = localise(table, dimensions=["region", "product"], actual="won", expected="target")
    >>> answer.verdict, answer.segments[0].where, round(answer.segments[0].contribution)
    ('found', {'region': 'S'}, -394)
    """
    if not 0 < alpha < 1:
        raise Refused("localise.bad-alpha", alpha=alpha)
    sums = {"actual": actual, "expected": expected}
    rates = {
        "actual_numerator": actual_numerator,
        "actual_denominator": actual_denominator,
        "expected_numerator": expected_numerator,
        "expected_denominator": expected_denominator,
    }
    columns = {name: column for name, column in {**sums, **rates}.items() if column is not None}
    if columns.keys() not in (sums.keys(), rates.keys()):
        raise Refused("localise.which-columns")
    coded = leaves_of(leaves, dimensions=dimensions, figures=columns)
    rules = Rules(alpha=alpha, limit=MOST_SEGMENTS if limit is None else limit)
    if columns.keys() == sums.keys():
        return _sum_gap(coded, rules)
    return _ratio_gap(coded, rules)


def _sum_gap(leaves: Leaves, rules: Rules) -> Localisation:
    actual, expected = leaves.figures["actual"], leaves.figures["expected"]
    found, fit = _search(leaves, additive.kind_of(actual, expected), rules)

    def figures(inside: Mask) -> tuple[float, float]:
        return float(actual[inside].sum()), float(expected[inside].sum())

    return answer_of(leaves, found, Parts(actual - expected, fit.deviation(), figures), alpha=rules.alpha)


def _ratio_gap(leaves: Leaves, rules: Rules) -> Localisation:
    parts = ratio.contributions(leaves)
    found, fit = _search(leaves, ratio.kind_of(leaves), replace(rules, weakest=WEAKEST_RATE))
    spread = fit.deviation() / abs(leaves.figures["actual_denominator"].sum())

    def figures(inside: Mask) -> tuple[float, float]:
        return ratio.rate(leaves, inside, "actual"), ratio.rate(leaves, inside, "expected")

    return answer_of(leaves, found, Parts(parts, spread, figures), alpha=rules.alpha)


def _search(leaves: Leaves, kind: Kind, rules: Rules) -> tuple[list[Found], Fit]:
    return cells_that_stand_out(Lattice(leaves.codes, leaves.sizes), kind, rules)
