"""Achievable: the chance to reach the target, from what has come in before."""

import math
from collections.abc import Mapping
from dataclasses import replace
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from steelyard.engine.smart.aim import Aim, aim_of
from steelyard.engine.smart.findings import Draft, Letter, Reason, Repair
from steelyard.engine.smart.numbers import GREATEST
from steelyard.engine.smart.reading import Reading
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.engine.forecast import Outlook

LIKELY_ENOUGH = 0.20
TRIVIAL = 0.98
# The chance that a proposed target has.
WORTHWHILE = 0.60
SEASON = 12
# From this many values on, and with chances beyond these, a history too short for a forecast is told of.
FEWEST = 3
SURELY_NOT, MORE_LIKELY_THAN_NOT = 0.05, 0.50


def achievable(
    draft: Draft, reading: Reading, *, outlook: "Outlook | None" = None
) -> tuple[Letter, float | None]:
    """The letter and the chance; both None where the history or the target is missing or too short."""
    _refuse_figures(draft)
    if not any(value is not None for value in draft.history):
        return Letter(None, (Reason("smart.no-history", is_remark=True),)), None
    aim = aim_of(draft, reading)
    if aim is None:
        return Letter(None, (Reason("smart.no-target"),)), None
    try:
        seen = outlook or _outlook(draft, aim)
        chance = _chance(seen, aim)
    except Refused as refused:
        if refused.code != "forecast.too-short":
            raise
        return _of_few(draft, aim, refused.params)
    return _judged(seen, aim, chance), chance


def _refuse_figures(draft: Draft) -> None:
    """What is no number, or greater than any figure of a business, is named before anything is reckoned."""
    for field, values in (
        ("history", draft.history),
        ("baseline", (draft.baseline,)),
        ("target", (draft.target,)),
    ):
        for value in values:
            if value is not None and not abs(value) <= GREATEST:
                raise Refused("smart.bad-field", field=field, value=f"{value:.6g}")


def _outlook(draft: Draft, aim: Aim) -> "Outlook":
    from steelyard.engine.forecast import outlook_of

    known = [value for value in draft.history if value is not None]
    return outlook_of(
        draft.history,
        horizon=aim.periods,
        season=SEASON if len(known) >= 2 * SEASON else None,
        is_positive=all(value >= 0 for value in known),
    )


def _chance(outlook: "Outlook", aim: Aim) -> float:
    over = _view(outlook, aim).chance(aim.target, aim.periods)
    return 1.0 - over if aim.is_ceiling else over


def _view(outlook: "Outlook", aim: Aim) -> "Outlook":
    """The outlook of the total, or that of the single periods as if each were a total."""
    return outlook if aim.is_total or aim.periods == 1 else replace(outlook, totals=outlook.periods)


def _of_few(draft: Draft, aim: Aim, params: Mapping[str, Any]) -> tuple[Letter, float | None]:
    """Too few values for a forecast: told only where even Student's wide interval leaves no doubt."""
    known = [float(value) for value in draft.history if value is not None]
    short = Reason("smart.short-history", dict(params))
    if len(known) < FEWEST or not (spread := stdev(known)):
        return Letter(None, (short,)), None
    from scipy.special import stdtr

    times = aim.periods if aim.is_total else 1
    error = spread * math.sqrt(times + times**2 / len(known))
    score = (aim.target - times * mean(known)) / error * (-1 if aim.is_ceiling else 1)
    chance = float(stdtr(len(known) - 1, -score))
    if SURELY_NOT < chance < MORE_LIKELY_THAN_NOT:
        return Letter(None, (short,)), None
    code = "smart.few-within-reach" if chance >= MORE_LIKELY_THAN_NOT else "smart.few-out-of-reach"
    return Letter(chance >= MORE_LIKELY_THAN_NOT, (Reason(code, {"found": len(known)}),)), chance


def _judged(outlook: "Outlook", aim: Aim, chance: float) -> Letter:
    params = {
        "chance": chance,
        "target": aim.target,
        "periods": aim.periods,
        "scope": "total" if aim.is_total else "level",
    }
    if chance < LIKELY_ENOUGH:
        value = _rounded(
            _view(outlook, aim).quantile(WORTHWHILE if aim.is_ceiling else 1 - WORTHWHILE, aim.periods)
        )
        repair = Repair("smart.set-target", "target", value, {"target": value, "chance": WORTHWHILE})
        return Letter(False, (Reason("smart.out-of-reach", params),), (repair,))
    if chance > TRIVIAL:
        return Letter(
            True, (Reason("smart.within-reach", params), Reason("smart.asks-little", params, is_remark=True))
        )
    return Letter(True, (Reason("smart.within-reach", params),))


def _rounded(value: float) -> float:
    """Three significant digits: a target is a round figure."""
    return float(f"{value:.3g}")
