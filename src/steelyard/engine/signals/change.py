"""Since when: the point at which the level of a series changed, if it did."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from steelyard.engine.signals.seasonal import Series
from steelyard.errors import Refused

MIN_POINTS = 6
MAX_POINTS = 400
SHUFFLES = 1999
CELLS_AT_ONCE = 2_000_000

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ChangePoint:
    """The first index of the new level, the mean before and from it on, and how sure it is."""

    index: int
    before: float
    after: float
    p_value: float

    @property
    def difference(self) -> float:
        """The new level minus the old one."""
        return self.after - self.before


def change_point(
    values: Series, *, alpha: float = 0.05, min_size: int = 2, seed: int = 0
) -> ChangePoint | None:
    """Find the one change of level that explains a series best, if chance does not explain it too.

    Parameters
    ----------
    values
        One value per period in order of time; None where there is none (passed over). Take a season
        out first (`adjusted`).
    alpha
        How often noise alone may give a change.
    min_size
        Fewest points on either side.
    seed
        Of the shuffles.

    Returns
    -------
    ChangePoint or None
        None when no change is significant, and for fewer than six values. `index` counts in `values`
        as given.

    Notes
    -----
    The split with the least sum of squares around the two means: what `ruptures.Dynp(model="l2")`
    gives for one break (tested to agree; importing it takes 1.5 s, this 10 ms). Its p-value is the
    share of 1,999 seeded shuffles of the series that split as well. Shuffling takes the periods as
    independent: a drift, or months that hang together, also count as a change of level.
    Source: Sen, A. and Srivastava, M. S. (1975), On tests for detecting change in mean, Annals of
    Statistics 3.

    Examples
    --------
    >>> found = change_point([10, 11, 9, 10, 10, 15, 16, 15, 14, 15])
    >>> found.index, found.before, found.after
    (5, 10.0, 15.0)
    >>> change_point([10, 11, 9, 10, 11, 9, 10, 11, 9, 10]) is None
    True
    """
    places, series = _present(values)
    found = _best_split(series, min_size=min_size, seed=seed)
    if found is None or found[1] > alpha:
        return None
    split, p_value = found
    before, after = float(series[:split].mean()), float(series[split:].mean())
    return ChangePoint(index=places[split], before=before, after=after, p_value=p_value)


def suggest_starts(
    values: Series, *, alpha: float = 0.05, min_size: int = 6, seed: int = 0
) -> tuple[int, ...]:
    """Suggest where new baselines start, for a person to confirm.

    Parameters
    ----------
    values
        One value per period in order of time; None where there is none. At most 400 values.
    alpha
        How often noise alone may give a start.
    min_size
        Fewest points of a baseline; six make limits possible.
    seed
        Of the shuffles.

    Returns
    -------
    tuple of int
        First indexes of the later baselines, ascending: what `judge_signal` takes as `starts`.

    Raises
    ------
    Refused
        `signals.too-many-points` (with n and the limit) for more than 400 values.

    Notes
    -----
    How many: the best arc (one or two breaks, so that a rise and fall is seen) is split off while it
    is significant by shuffling. Where: the optimal partition with that many breaks. A break that is
    not significant between its neighbours is given up and the rest placed again.
    Source: Olshen, A. B. et al. (2004), Circular binary segmentation, Biostatistics 5. Truong, C. et
    al. (2020), Selective review of offline change point detection methods (`ruptures`).

    Examples
    --------
    >>> suggest_starts([10, 11, 9, 10, 10, 11, 9, 15, 16, 15, 14, 15, 16, 15])
    (7,)
    """
    places, series = _present(values)
    if len(series) > MAX_POINTS:
        raise Refused("signals.too-many-points", n=len(series), limit=MAX_POINTS)
    count = _count_breaks(series, alpha=alpha, min_size=min_size, seed=seed)
    while count:
        breaks = _optimal_breaks(series, count=count, min_size=min_size)
        if _are_all_significant(series, breaks, alpha=alpha, min_size=min_size, seed=seed):
            return tuple(places[each] for each in breaks)
        count -= 1
    return ()


def _present(values: Series) -> tuple[list[int], Floats]:
    listed = [(place, float(value)) for place, value in enumerate(values) if value is not None]
    return [place for place, _ in listed], np.array([value for _, value in listed], dtype=np.float64)


def _best_split(series: Floats, *, min_size: int, seed: int) -> tuple[int, float] | None:
    n = len(series)
    if n < max(MIN_POINTS, 2 * min_size):
        return None
    splits = np.arange(min_size, n - min_size + 1)
    weights = n / (splits * (n - splits))

    def gains(rows: Floats) -> Floats:
        return np.cumsum(rows, axis=1)[:, splits - 1] ** 2 * weights

    found = _test(series, gains=gains, width=n, seed=seed)
    return None if found is None else (int(splits[found[0]]), found[1])


def _best_arc(series: Floats, *, min_size: int, seed: int) -> tuple[tuple[int, int], float] | None:
    """Find the stretch whose mean differs most from the rest; at an end it is a plain split."""
    n = len(series)
    if n < max(MIN_POINTS, 2 * min_size):
        return None
    first, last = np.triu_indices(n + 1, k=min_size)
    length = last - first
    is_open = ((first == 0) | (first >= min_size)) & ((last == n) | (n - last >= min_size)) & (length < n)
    first, last, length = first[is_open], last[is_open], length[is_open]
    weights = n / (length * (n - length))

    def gains(rows: Floats) -> Floats:
        sums = np.concatenate([np.zeros((len(rows), 1)), np.cumsum(rows, axis=1)], axis=1)
        return (sums[:, last] - sums[:, first]) ** 2 * weights

    found = _test(series, gains=gains, width=len(first), seed=seed)
    return None if found is None else ((int(first[found[0]]), int(last[found[0]])), found[1])


def _test(
    series: Floats, *, gains: Callable[[Floats], Floats], width: int, seed: int
) -> tuple[int, float] | None:
    """Return the place of the largest gain and the share of shuffles that gain as much."""
    centred = series - series.mean()
    scale = float(np.abs(centred).max())
    if scale <= 1e-12 * max(1.0, float(np.abs(series).max())):
        return None
    centred = centred / scale
    observed = gains(centred[np.newaxis, :])[0]
    # Equal to 12 digits is equal: the earliest of the best.
    best = int(np.argmax(observed >= observed.max() * (1 - 1e-12)))
    bar = observed.max() * (1 - 1e-12)
    beaten = sum(int((gains(rows).max(axis=1) >= bar).sum()) for rows in _shuffles(centred, width, seed=seed))
    return best, (1 + beaten) / (1 + SHUFFLES)


def _shuffles(series: Floats, width: int, *, seed: int) -> Iterator[Floats]:
    chance = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // width)
    for begin in range(0, SHUFFLES, at_once):
        rows = min(at_once, SHUFFLES - begin)
        yield chance.permuted(np.tile(series, (rows, 1)), axis=1)


def _count_breaks(series: Floats, *, alpha: float, min_size: int, seed: int) -> int:
    found = _best_arc(series, min_size=min_size, seed=seed)
    if found is None or found[1] > alpha:
        return 0
    inner = sorted({*found[0]} - {0, len(series)})
    bounds = [0, *inner, len(series)]
    parts = (series[begin:end] for begin, end in pairwise(bounds))
    return len(inner) + sum(_count_breaks(part, alpha=alpha, min_size=min_size, seed=seed) for part in parts)


def _optimal_breaks(series: Floats, *, count: int, min_size: int) -> list[int]:
    # Imported here: it takes 1.5 s, and only series with a change need it.
    from ruptures.detection import Dynp

    return Dynp(model="l2", min_size=min_size, jump=1).fit(series).predict(n_bkps=count)[:-1]


def _are_all_significant(
    series: Floats, breaks: list[int], *, alpha: float, min_size: int, seed: int
) -> bool:
    bounds = [0, *breaks, len(series)]
    for begin, end in zip(bounds, bounds[2:], strict=False):
        found = _best_split(series[begin:end], min_size=min_size, seed=seed)
        if found is None or found[1] > alpha:
            return False
    return True
