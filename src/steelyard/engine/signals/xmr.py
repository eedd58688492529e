"""Process behaviour chart (XmR): what is a signal, and what is the usual up and down."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Literal

from steelyard.engine.signals.seasonal import Kind, Season, Series, adjusted, seasonal_factors
from steelyard.errors import Refused

Spread = Literal["mean", "median"]
Status = Literal["signal", "no-signal", "too-early"]
Rule = Literal["outside", "run", "near-limit"]

MIN_POINTS = 6
RUN = 8
# (limits of the values, limit of the moving range), each times the typical moving range.
SCALES: dict[Spread, tuple[float, float]] = {"mean": (2.66, 3.268), "median": (3.145, 3.865)}


@dataclass(frozen=True)
class Limits:
    """Natural process limits: centre, lower, upper, and the same of the moving range."""

    centre: float
    lower: float
    upper: float
    moving_range: float
    moving_range_limit: float
    n: int


@dataclass(frozen=True)
class Band:
    """Centre and limits at one point, on the scale of the raw series: what a chart draws."""

    centre: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Signal:
    """Whether one point of a series is a signal, with all that a chart needs.

    `rules` and `bands` have one entry per point: the rules that fire there, and the limits (None
    where it is too early for limits). `limits` are those of the judged point, after adjustment.
    """

    status: Status
    index: int
    side: Literal["above", "below"] | None
    rules: tuple[tuple[Rule, ...], ...]
    bands: tuple[Band | None, ...]
    limits: Limits | None
    starts: tuple[int, ...]
    adjustment: Kind | None


def process_limits(
    values: Series,
    *,
    baseline: tuple[int, int] | None = None,
    spread: Spread = "mean",
    is_screened: bool = False,
) -> Limits:
    """Compute the natural process limits of a series.

    Parameters
    ----------
    values
        One value per period in order of time; None where there is none. Evenly spaced.
    baseline
        First index and the one after the last of the points that limits are made from; all, if left
        out.
    spread
        `"mean"`: mean ± 2.66 × mean moving range. `"median"`: mean ± 3.145 × median moving range, for
        series with some wild jumps.
    is_screened
        Leave moving ranges above their own limit out of the typical moving range, once.

    Returns
    -------
    Limits
        In the unit of the values; `n` counts the values used.

    Raises
    ------
    Refused
        `signals.too-few-points` (with n and the limit) for fewer than six values, or when no two of
        them follow each other.

    Notes
    -----
    A moving range needs two neighbours: none is taken over a gap. Limits may lie beyond what is
    possible (a rate above 1); `judge_signal` cuts the drawn ones.
    Source: Wheeler, D. J. (2000), Understanding Variation, 2nd ed. Screening: Nelson, L. S. (1982),
    Control charts for individual measurements, J. Quality Technology 14.

    Examples
    --------
    >>> limits = process_limits([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    >>> round(limits.centre, 4), round(limits.lower, 4), round(limits.upper, 4)
    (50.81, 45.8151, 55.8049)
    """
    used = values if baseline is None else values[slice(*baseline)]
    present = [value for value in used if value is not None]
    ranges = [abs(b - a) for a, b in pairwise(used) if a is not None and b is not None]
    if len(present) < MIN_POINTS or not ranges:
        raise Refused("signals.too-few-points", n=len(present), limit=MIN_POINTS)
    to_limits, to_range_limit = SCALES[spread]
    typical = _typical(ranges, spread=spread)
    if is_screened:
        typical = _typical([each for each in ranges if each <= to_range_limit * typical], spread=spread)
    centre = math.fsum(present) / len(present)
    return Limits(
        centre=centre,
        lower=centre - to_limits * typical,
        upper=centre + to_limits * typical,
        moving_range=typical,
        moving_range_limit=to_range_limit * typical,
        n=len(present),
    )


def judge_signal(
    values: Series,
    *,
    index: int | None = None,
    starts: Sequence[int] = (),
    season: int | None = None,
    floor: float | None = None,
    ceiling: float | None = None,
    spread: Spread = "mean",
    is_screened: bool = False,
) -> Signal:
    """Judge whether a point of a series is a signal or the usual up and down.

    Parameters
    ----------
    values
        One value per period in order of time; None where there is none.
    index
        The point that is judged; the last one, if left out.
    starts
        Indexes at which a new baseline starts, because the process was changed there. Limits and
        runs do not reach over them.
    season
        Length of the season (12 for months) of a seasonal KPI: it is measured and taken out before
        limits are made, where three full cycles show one (`seasonal_factors`).
    floor, ceiling
        What the KPI cannot pass (0 for counts, 0 and 1 for rates); drawn limits stop there.
    spread, is_screened
        As for `process_limits`.

    Returns
    -------
    Signal
        Status `"signal"` when a rule fires at the point, `"too-early"` when its baseline has fewer
        than six values or the point has none, else `"no-signal"`.

    Raises
    ------
    Refused
        `signals.no-such-point` when the index is not in the series.

    Notes
    -----
    Rules: `outside` a limit; `run`, the eighth or later in a row on one side of the centre;
    `near-limit`, a point nearer to a limit than to the centre, as three of the last four were on that
    side. Points without a value are passed over. The judged point takes part in its limits, as on
    Wheeler's charts. On noise about 1 % of last points are false alarms, 2 % after adjustment.
    Adjusted limits are widened for the error of the factors (`Season.widening`) and go back to the
    raw scale point by point (times the factor, or plus it).
    Source: Wheeler, D. J. (2000), Understanding Variation, 2nd ed.

    Examples
    --------
    >>> found = judge_signal([50, 52, 49, 51, 50, 48, 51, 50, 70])
    >>> found.status, found.side, found.rules[-1]
    ('signal', 'above', ('outside',))
    >>> judge_signal([50, 52, 49]).status
    'too-early'
    """
    judged = len(values) - 1 if index is None else index
    if not 0 <= judged < len(values):
        raise Refused("signals.no-such-point", index=judged, n=len(values))
    pattern = None if season is None else seasonal_factors(values, length=season)
    level = adjusted(values, season=pattern)
    bounds = sorted({0, len(values), *(start for start in starts if 0 < start < len(values))})

    rules: list[tuple[Rule, ...]] = []
    per_point: list[Limits | None] = []
    for begin, end in pairwise(bounds):
        limits = _limits_or_none(level[begin:end], spread=spread, is_screened=is_screened, season=pattern)
        per_point += [limits] * (end - begin)
        rules += fired_rules(level[begin:end], limits=limits) if limits else [()] * (end - begin)
    bands = [
        _band(limits, index=place, season=pattern, floor=floor, ceiling=ceiling) if limits else None
        for place, limits in enumerate(per_point)
    ]
    limits, value = per_point[judged], level[judged]
    return Signal(
        status=_status(limits, value=value, rules=rules[judged]),
        index=judged,
        side=_side(value, limits=limits) if rules[judged] else None,
        rules=tuple(rules),
        bands=tuple(bands),
        limits=limits,
        starts=tuple(bounds[:-1]),
        adjustment=pattern.kind if pattern else None,
    )


def fired_rules(values: Series, *, limits: Limits, run: int = RUN) -> list[tuple[Rule, ...]]:
    """Return the rules that fire at each point, within one baseline; `run` points make a run."""
    present = [(place, value) for place, value in enumerate(values) if value is not None]
    offsets = [_rounded_offset(value, limits=limits) for _, value in present]
    reach = limits.upper - limits.centre
    fired: list[tuple[Rule, ...]] = [()] * len(values)
    for at, (place, _) in enumerate(present):
        recent = offsets[max(0, at + 1 - max(run, 4)) : at + 1]
        fired[place] = tuple(_rules_at(recent, reach=reach, run=run))
    return fired


def _rules_at(offsets: Sequence[float], *, reach: float, run: int) -> Iterator[Rule]:
    side = math.copysign(1.0, offsets[-1]) if offsets[-1] else 0.0
    towards = [side * offset for offset in offsets]
    if abs(offsets[-1]) > reach:
        yield "outside"
    if len(towards) >= run and all(each > 0 for each in towards[-run:]):
        yield "run"
    if towards[-1] > reach / 2 and sum(each > reach / 2 for each in towards[-4:]) >= 3:
        yield "near-limit"


def _rounded_offset(value: float, *, limits: Limits) -> float:
    """Return the distance from the centre, 0 where it is only rounding."""
    offset = value - limits.centre
    return 0.0 if abs(offset) <= 1e-9 * max(abs(limits.centre), limits.moving_range) else offset


def _typical(ranges: Sequence[float], *, spread: Spread) -> float:
    return median(ranges) if spread == "median" else math.fsum(ranges) / len(ranges)


def _limits_or_none(
    values: Series, *, spread: Spread, is_screened: bool, season: Season | None
) -> Limits | None:
    try:
        limits = process_limits(values, spread=spread, is_screened=is_screened)
    except Refused:
        return None
    if season is None:
        return limits
    reach = season.widening * (limits.upper - limits.centre)
    return replace(limits, lower=limits.centre - reach, upper=limits.centre + reach)


def _status(limits: Limits | None, *, value: float | None, rules: tuple[Rule, ...]) -> Status:
    if limits is None or value is None:
        return "too-early"
    return "signal" if rules else "no-signal"


def _side(value: float | None, *, limits: Limits | None) -> Literal["above", "below"] | None:
    if value is None or limits is None:
        return None
    return "above" if value > limits.centre else "below"


def _band(
    limits: Limits, *, index: int, season: Season | None, floor: float | None, ceiling: float | None
) -> Band:
    centre, lower, upper = (
        each if season is None else season.restore(each, index=index)
        for each in (limits.centre, limits.lower, limits.upper)
    )
    lower = lower if floor is None else max(lower, floor)
    upper = upper if ceiling is None else min(upper, ceiling)
    return Band(centre=centre, lower=lower, upper=upper)
