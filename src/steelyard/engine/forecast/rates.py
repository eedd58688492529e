"""How often goals were reached, and whether a round of them was set well."""

from collections.abc import Iterable

import numpy as np

from steelyard.engine.forecast.findings import Attained, QuotaQuality, UsualRate
from steelyard.engine.process.shares import wilson

# A chance at the start below this is set up to fail; above the other, a target was likely to be beaten.
OUT_OF_REACH, LIKELY = 0.1, 0.75
# So far above target that it was not the work alone.
WINDFALL = 1.5
# Fewer units tell nothing about how targets were set.
FEWEST_UNITS = 8
# A round is too hard (too easy) when surely less (more) than so many reach.
_TOO_HARD, _TOO_EASY = 0.4, 0.85
# Attainment of the ninth tenth over that of the first.
_WIDE = 2.5


def usual_rate(rounds: Iterable[tuple[float, float | None]], *, higher_is_better: bool = True) -> UsualRate:
    """Say how often such goals were reached.

    Parameters
    ----------
    rounds
        Target and actual of each earlier goal; those without an actual are left out.
    higher_is_better
        Whether a goal is reached from above the target on, or up to it.

    Returns
    -------
    UsualRate
        With its 95 % interval. Source: Wilson (1927), JASA 22.

    Examples
    --------
    >>> found = usual_rate([(100, 104), (100, 97), (120, 121), (90, None)])
    >>> found.reached, found.of, round(found.rate, 3), round(found.low, 3), round(found.high, 3)
    (2, 3, 0.667, 0.208, 0.939)
    """
    reached = [
        _is_reached(target, actual, higher_is_better) for target, actual in rounds if actual is not None
    ]
    hits, of = sum(reached), len(reached)
    return UsualRate(hits, of, hits / of if of else None, *wilson(hits, of))


def quota_quality(
    rows: Iterable[tuple[str, float, float | None, float | None]], *, higher_is_better: bool = True
) -> QuotaQuality:
    """Look back on a round of targets: were they well set?

    Parameters
    ----------
    rows
        Unit, target, actual (None: left out), and the chance at the start to reach it (None: not known).
    higher_is_better
        As in `usual_rate`.

    Returns
    -------
    QuotaQuality
        Units by attainment, then name. `verdicts`: `too-hard`, `too-easy` (the interval of the share that
        reached lies outside 40 to 85 %), `off-the-chances` (far more or fewer reached than their chances
        said), `uneven` (the ninth tenth of attainment is 2.5 times the first), `some-set-up-to-fail`,
        `windfalls`; `too-few` alone below 8 units, `sound` when there is none.

    Notes
    -----
    `off-the-chances`: the number that reached lies more than two standard deviations from the sum of the
    chances (a sum of independent yes-or-noes). Targets of zero or below have no attainment.
    """
    units = [
        Attained(unit, target, actual, actual / target if target > 0 else None, chance)
        for unit, target, actual, chance in rows
        if actual is not None
    ]
    units.sort(key=lambda each: (each.attainment if each.attainment is not None else np.inf, each.unit))
    reached = sum(_is_reached(each.target, each.actual, higher_is_better) for each in units)
    low, high = wilson(reached, len(units))
    attained = [each.attainment for each in units if each.attainment is not None]
    p10, median, p90 = np.quantile(attained, [0.1, 0.5, 0.9]).tolist() if attained else (None,) * 3
    failing = tuple(each for each in units if each.chance is not None and each.chance < OUT_OF_REACH)
    windfalls = tuple(each for each in units if _is_windfall(each)) if higher_is_better else ()
    chances = [each.chance for each in units if each.chance is not None]
    expected = float(sum(chances)) if units and len(chances) == len(units) else None
    is_too_few = len(units) < FEWEST_UNITS
    verdicts = {
        "too-hard": high < _TOO_HARD,
        "too-easy": low > _TOO_EASY,
        "off-the-chances": expected is not None and _is_off(reached, expected, chances),
        "uneven": p10 is not None and p90 is not None and p90 > _WIDE * max(p10, 0.0),
        "some-set-up-to-fail": bool(failing),
        "windfalls": bool(windfalls),
    }
    found = ("too-few",) if is_too_few else tuple(code for code, holds in verdicts.items() if holds)
    return QuotaQuality(
        n=len(units),
        reached=reached,
        share=reached / len(units) if units else None,
        low=low,
        high=high,
        expected=expected,
        p10=p10,
        median=median,
        p90=p90,
        set_up_to_fail=failing,
        windfalls=windfalls,
        verdicts=found or ("sound",),
        is_too_few=is_too_few,
    )


def _is_reached(target: float, actual: float, higher_is_better: bool) -> bool:
    return actual >= target if higher_is_better else actual <= target


def _is_windfall(each: Attained) -> bool:
    was_likely = each.chance is not None and each.chance >= LIKELY
    return was_likely and each.attainment is not None and each.attainment >= WINDFALL


def _is_off(reached: int, expected: float, chances: list[float]) -> bool:
    variance = sum(chance * (1 - chance) for chance in chances)
    return abs(reached - expected) > 2 * np.sqrt(variance) + 0.5
