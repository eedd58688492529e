"""A history as it is forecast: what is known of it, and its gaps filled in for the level's sake."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from steelyard.engine.forecast.findings import Floats
from steelyard.errors import Refused

FEWEST = 6


@dataclass(frozen=True, eq=False)
class History:
    """Raw values (filled), where they are real, and how many periods are missing at the end.

    Missing periods before the first value are dropped (`dropped` of them).
    """

    values: Floats
    known: np.ndarray
    missing_ahead: int
    dropped: int

    @property
    def n(self) -> int:
        return int(self.known.sum())


def history_of(values: Sequence[float | None], *, season: int, needed: int = FEWEST) -> History:
    """Read a history.

    Raises
    ------
    Refused
        `forecast.not-a-number` with `place` (from 1); `forecast.too-short` with `found` and `needed`.
    """
    raw = np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    given = np.array([value is not None for value in values], dtype=bool)
    bad = np.flatnonzero(given & ~np.isfinite(raw))
    if bad.size:
        raise Refused("forecast.not-a-number", place=int(bad[0]) + 1)
    places = np.flatnonzero(given)
    if places.size < needed:
        raise Refused("forecast.too-short", found=int(places.size), needed=needed)
    first, last = int(places[0]), int(places[-1]) + 1
    kept, known = raw[first:last], given[first:last]
    return History(_filled(kept, known, season), known, len(raw) - last, first)


def _filled(values: Floats, known: np.ndarray, season: int) -> Floats:
    """Fill gaps: the straight line between neighbours, plus what the same place of the season has over it."""
    if known.all():
        return values
    moments = np.arange(len(values))
    line = np.interp(moments, moments[known], values[known])
    if season < 2 or known.sum() < 2 * season:
        return line
    differences = np.where(known, values - _level(line, season), np.nan)
    usual = np.zeros(season)
    for place in range(season):
        same = differences[place::season]
        if np.isfinite(same).any():
            usual[place] = np.nanmean(same)
    turns = usual[moments % season]
    between = np.interp(moments, moments[known], (values - turns)[known])
    return np.where(known, values, between + turns)


def _level(values: Floats, season: int) -> Floats:
    """Return the mean of the season around each value; at the ends that of the nearest full season."""
    padded = np.pad(values, (season // 2, season - 1 - season // 2), mode="edge")
    return np.convolve(padded, np.full(season, 1 / season), "valid")
