"""What a forecast answers: how much may come in, how likely a target is, how goals have gone. No words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from steelyard.errors import Refused

Floats = NDArray[np.float64]
Source = Literal["own", "pooled", "none"]
_NORMAL = NormalDist()
# One in a hundred, every fortieth, ninety-nine in a hundred: 41 levels.
LEVELS: tuple[float, ...] = (0.01, *(place / 40 for place in range(1, 40)), 0.99)
# How many levels at either end say how the tail beyond goes on.
_TAIL = 4
_GRID = np.linspace(-6.0, 6.0, 1201)
_WEIGHTS = np.exp(-0.5 * _GRID**2) / np.exp(-0.5 * _GRID**2).sum()


@dataclass(frozen=True)
class Calibration:
    """By how much the spread of the simulated total was stretched, and what taught it.

    `factor` multiplies the distance from the median at the whole horizon. `origins`: how many times the
    series' own past was forecast and compared. `source`: `own` where these past forecasts count (shrunk
    towards the pool), `pooled` where only other series taught it, `none` where nothing was stretched.
    """

    factor: float = 1.0
    origins: int = 0
    source: Source = "none"


@dataclass(frozen=True, eq=False)
class Outlook:
    """The distribution of the total of the next 1 … `horizon` periods, as quantiles.

    Parameters
    ----------
    levels
        Probabilities of the quantiles, ascending.
    totals
        Row k-1: quantiles of the total of the next k periods (of a ratio: the ratio over k periods).
    periods
        Row k-1: quantiles of the k-th period alone, for a fan. They do not add up to those of the total.
    method
        `smoothing`, `resampling` (months drawn as they were: zeros, wild jumps), `constant` or `given`.
    n
        Periods of history with a value.
    season
        Periods of a cycle that was used, None for none.
    calibration
        How the spread of the total was set.
    floor, ceiling
        What no total falls below or rises above: 0 for what is never negative, 1 for a share; None without.
    step
        1 where only whole numbers come (deals): a target of 4.2 then takes 5, and the quantiles, which are
        those of a curve through the whole numbers, are read half a step lower. 0 for what has no step.

    Notes
    -----
    Between the levels the quantile runs straight over the normal scores of the probabilities, beyond them
    on in the same slope: a normal distribution is given back exactly.

    Examples
    --------
    Four periods, each 10 with a spread of 2, independent: the total has a spread of 4.

    >>> outlook = Outlook.normal(mean=40, spread=4, periods=4)
    >>> round(outlook.chance(45), 12)
    0.105649773667
    """

    levels: tuple[float, ...]
    totals: Floats
    periods: Floats
    method: str
    n: int
    season: int | None = None
    calibration: Calibration = Calibration()
    floor: float | None = None
    ceiling: float | None = None
    step: float = 0.0

    @classmethod
    def normal(cls, *, mean: float, spread: float, periods: int = 1, n: int = 0) -> "Outlook":
        """Return the outlook of a total that is normal, made of like and independent periods."""
        scores = _scores(LEVELS)[None, :]
        length = np.arange(1, periods + 1)[:, None] / periods
        totals = mean * length + spread * np.sqrt(length) * scores
        each = mean / periods + spread / np.sqrt(periods) * scores
        return cls(LEVELS, totals, np.repeat(each, periods, axis=0), "given", n)

    @property
    def horizon(self) -> int:
        return len(self.totals)

    def chance(self, target: float, periods_left: int | None = None) -> float:
        """Return the probability that the total of the next periods is at least `target`.

        Parameters
        ----------
        target
            In the unit of the history; what has come in already is taken off before.
        periods_left
            How many periods are summed, 1 to `horizon`; all when left out.

        Returns
        -------
        float
            0 to 1; never rises when the target does. With no period left it is 1 for a target of 0 or
            less, else 0.

        Raises
        ------
        Refused
            `forecast.beyond-horizon` with `periods` and `horizon`.
        """
        if periods_left == 0:
            return float(target <= 0)
        quantiles = self.totals[self._row(periods_left)]
        if self.floor is not None and target <= self.floor:
            return 1.0
        if self.ceiling is not None and target > self.ceiling:
            return 0.0
        if self.step and math.isfinite(target):
            target = (math.ceil(target / self.step - 1e-9) - 0.5) * self.step
        place = int(np.searchsorted(quantiles, target, side="left"))
        low, high = self._slopes(quantiles)
        scores = _scores(self.levels)
        if place == 0:
            score = scores[0] - (quantiles[0] - target) / low if low > 0 else -np.inf
        elif place == len(quantiles):
            score = scores[-1] + (target - quantiles[-1]) / high if high > 0 else np.inf
        else:
            share = (target - quantiles[place - 1]) / (quantiles[place] - quantiles[place - 1])
            score = scores[place - 1] + share * (scores[place] - scores[place - 1])
        return _NORMAL.cdf(-float(score)) if np.isfinite(score) else float(score < 0)

    def quantile(self, p: float, periods_left: int | None = None) -> float:
        """Return what the total of the next periods stays below with probability `p` (0 < p < 1).

        Raises
        ------
        Refused
            `forecast.bad-probability` with `p`; `forecast.beyond-horizon` with `periods` and `horizon`.
        """
        if not 0 < p < 1:
            raise Refused("forecast.bad-probability", p=p)
        return float(self._at(np.array([_NORMAL.inv_cdf(p)]), periods_left)[0])

    def mean(self, periods_left: int | None = None) -> float:
        """Return the expected total of the next periods."""
        return float(self._at(_GRID, periods_left) @ _WEIGHTS)

    def spread(self, periods_left: int | None = None) -> float:
        """Return the standard deviation of the total of the next periods."""
        values = self._at(_GRID, periods_left)
        return float(np.sqrt((values - values @ _WEIGHTS) ** 2 @ _WEIGHTS))

    def as_json(self) -> dict[str, Any]:
        """Return plain values, floats of 12 significant digits; `from_json` reads them back."""
        return {
            "levels": [_short(level) for level in self.levels],
            "totals": [[_short(value) for value in row] for row in self.totals.tolist()],
            "periods": [[_short(value) for value in row] for row in self.periods.tolist()],
            "method": self.method,
            "n": self.n,
            "season": self.season,
            "calibration": _calibration_json(self.calibration),
            "floor": self.floor,
            "ceiling": self.ceiling,
            "step": self.step,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Outlook":
        """Read what `as_json` wrote.

        Raises
        ------
        Refused
            `forecast.not-an-outlook` for anything else.
        """
        try:
            return cls(
                levels=tuple(float(level) for level in document["levels"]),
                totals=_table(document["totals"], len(document["levels"])),
                periods=_table(document["periods"], len(document["levels"])),
                method=str(document["method"]),
                n=int(document["n"]),
                season=document["season"],
                calibration=Calibration(**document["calibration"]),
                floor=document["floor"],
                ceiling=document["ceiling"],
                step=float(document["step"]),
            )
        except (KeyError, TypeError, ValueError) as fault:
            raise Refused("forecast.not-an-outlook") from fault

    def _row(self, periods_left: int | None) -> int:
        periods = self.horizon if periods_left is None else periods_left
        if not 1 <= periods <= self.horizon:
            raise Refused("forecast.beyond-horizon", periods=periods, horizon=self.horizon)
        return periods - 1

    def _at(self, scores: Floats, periods_left: int | None) -> Floats:
        """Return the quantiles of normal scores."""
        quantiles, known = self.totals[self._row(periods_left)], _scores(self.levels)
        low, high = self._slopes(quantiles)
        found = np.interp(scores, known, quantiles)
        found += low * np.minimum(scores - known[0], 0) + high * np.maximum(scores - known[-1], 0)
        if self.floor is None and self.ceiling is None:
            return found
        return np.clip(found, self.floor, self.ceiling)

    def _slopes(self, quantiles: Floats) -> tuple[float, float]:
        """Return how fast the quantile moves with the normal score at the lower and the upper end."""
        scores = _scores(self.levels)
        low = (quantiles[_TAIL] - quantiles[0]) / (scores[_TAIL] - scores[0])
        high = (quantiles[-1] - quantiles[-1 - _TAIL]) / (scores[-1] - scores[-1 - _TAIL])
        return float(low), float(high)


@dataclass(frozen=True)
class Profile:
    """How a year's total falls on its periods: the share of each, and how a moving holiday shifts it.

    `shares`: one per place of the season, the first that of January (of month or quarter 1), without the
    holiday; they sum to 1. `holiday`: by which factor (as a logarithm) the period that has the whole holiday
    differs; 0 without one. `country`: whose holiday; `n_years`: full cycles behind it; `method`: `ratio`,
    `difference` or `equal`.
    """

    shares: tuple[float, ...]
    grain: str
    method: str
    n_years: int
    holiday: float = 0.0
    country: str | None = None

    def for_year(self, year: int) -> tuple[float, ...]:
        """Return the shares of the periods of a calendar year; they sum to 1."""
        from steelyard.engine.forecast.profile import shares_of_year

        return shares_of_year(self, year)

    def for_periods(self, starts: date, count: int) -> tuple[float, ...]:
        """Return the shares of `count` periods from `starts` on (a fiscal year, the rest of one); sum 1."""
        from steelyard.engine.forecast.profile import shares_from

        return shares_from(self, starts=starts, count=count)


@dataclass(frozen=True)
class Pace:
    """Where a goal stands against what its profile says by now.

    `share_elapsed`: the part of the year's total that usually has come in by now; `rule`: `profile`, or
    `equal` when no profile was known and time itself was taken.
    """

    expected_by_now: float
    actual: float
    difference: float
    share_elapsed: float
    rule: Literal["profile", "equal"]


@dataclass(frozen=True)
class UsualRate:
    """How often such goals were reached, with its 95 % interval (Wilson); None where there were none."""

    reached: int
    of: int
    rate: float | None
    low: float
    high: float


@dataclass(frozen=True)
class Attained:
    """A unit with its target, actual, attainment (actual ÷ target) and chance at the start."""

    unit: str
    target: float
    actual: float
    attainment: float | None
    chance: float | None


@dataclass(frozen=True)
class QuotaQuality:
    """How well a round of targets was set, looking back.

    `share` reached with its 95 % interval (Wilson); `expected`: how many would have reached by their
    chances at the start, None without them; `p10`, `median`, `p90` of attainment; `set_up_to_fail`: units
    whose chance at the start was below a tenth; `windfalls`: units far above a target that was likely
    anyway; `verdicts`: codes, most serious first; `is_too_few`: too few units to judge.
    """

    n: int
    reached: int
    share: float | None
    low: float
    high: float
    expected: float | None
    p10: float | None
    median: float | None
    p90: float | None
    set_up_to_fail: tuple[Attained, ...]
    windfalls: tuple[Attained, ...]
    verdicts: tuple[str, ...]
    is_too_few: bool


def _scores(levels: tuple[float, ...]) -> Floats:
    return _KNOWN if levels == LEVELS else np.array([_NORMAL.inv_cdf(level) for level in levels])


def _table(rows: Any, width: int) -> Floats:
    table = np.array(rows, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != width or not table.size:
        raise ValueError("not a table of quantiles")
    return table


def _calibration_json(calibration: Calibration) -> dict[str, Any]:
    return {
        "factor": _short(calibration.factor),
        "origins": calibration.origins,
        "source": calibration.source,
    }


def _short(value: float) -> float:
    return float(f"{value:.12g}")


_KNOWN = np.array([_NORMAL.inv_cdf(level) for level in LEVELS])
