"""Whole numbers that add up: the largest remainder, and tables rounded with both margins kept."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.cascade.fill import within
from steelyard.engine.cascade.tree import Floats

# Remainders are compared to nine digits, so that the noise of floats decides no tie.
_DIGITS = 9


def largest_remainder(weights: Floats, total: int) -> NDArray[np.int64]:
    """Split a whole number in proportion to weights (Hamilton's method with the Hare quota).

    Parameters
    ----------
    weights
        At least 0, not all 0.
    total
        At least 0.

    Returns
    -------
    Array of int
        Adds up to `total`, each within 1 of its share. Of equal remainders the greater weight goes first,
        then the earlier place.

    Notes
    -----
    Not free of the Alabama paradox: with a greater total a share may fall by one unit.
    Source: Balinski and Young, Fair Representation, 1982.

    Examples
    --------
    >>> largest_remainder(np.array([47000, 16000, 15900, 12000, 6100, 3100.0]), 10).tolist()
    [5, 2, 1, 1, 1, 0]
    """
    zeros = np.zeros(len(weights))
    return apportioned(weights, total, zeros, np.full(len(weights), np.inf)).astype(np.int64)


def apportioned(weights: Floats, total: float, low: Floats, high: Floats) -> Floats:
    """Whole numbers in proportion to weights within whole bounds, which must leave room for the total."""
    exact = within(weights[None, :], low[None, :], high[None, :], np.array([total]))[0]
    found = np.clip(np.floor(exact + 10.0**-_DIGITS), low, high)
    rest = np.round(exact - found, _DIGITS)
    order = np.lexsort((np.arange(len(exact)), -np.round(exact, _DIGITS), -rest))
    missing = round(float(total - found.sum()))
    while missing:
        step = 1 if missing > 0 else -1
        # Too much can only be there when floats rounded up: it goes from the smallest remainders.
        turn = order if step > 0 else order[::-1]
        able = [at for at in turn if (found[at] < high[at] if step > 0 else found[at] > low[at])]
        for at in able[: abs(missing)]:
            found[at] += step
        if not able:
            break
        missing = round(float(total - found.sum()))
    return found


def stepped(weights: Floats, total: float, *, low: Floats, high: Floats, step: float) -> Floats:
    """Multiples of a step in proportion to weights, what is left over with the greatest that is free.

    Cells whose bounds hold no multiple have what comes nearest; where all together have no room, the
    smallest unit is taken.

    >>> stepped(np.ones(3), 100.0, low=np.zeros(3), high=np.full(3, np.inf), step=30.0).tolist()
    [40.0, 30.0, 30.0]
    """
    exact = within(weights[None, :], low[None, :], high[None, :], np.array([total]))[0]
    free = (low < high) & (np.ceil(low / step) * step <= high)
    given = np.where(free, 0.0, np.clip(np.round(exact), low, high))
    spare = total - given.sum()
    rest = np.zeros_like(low)
    if free.any():
        rest[int(np.argmax(np.where(free, exact, -1.0)))] = spare % step
    least = np.where(free, np.ceil((low - rest) / step), 0.0)
    most = np.where(free, np.floor((high - rest) / step), 0.0)
    units = (spare - rest.sum()) / step
    if spare < 0 or (least > most).any() or not least.sum() <= units <= most.sum():
        return apportioned(np.maximum(weights, 0.0), total, low, high)
    left = np.where(free, np.maximum(exact - rest, 0.0), 0.0)
    return given + np.where(free, rest + step * apportioned(left, units, least, most), 0.0)


def rounded_table(
    exact: Floats,
    *,
    rows: Floats,
    columns: Floats,
    low: Floats,
    high: Floats,
    row_low: Floats,
    row_high: Floats,
) -> Floats | None:
    """Round a table to whole numbers with its column sums kept, and its row sums where bounds allow.

    Parameters
    ----------
    exact
        Row and column sums near `rows` and `columns`.
    rows, columns
        Whole; both add up to the same.
    low, high
        Whole bounds of cells.
    row_low, row_high
        How far a row's sum may give way when both margins together cannot be kept.

    Returns
    -------
    Array or None
        None where not even giving way finds a table.

    Notes
    -----
    Controlled rounding (Cox 1987, JASA 82): every cell first goes down, the largest fractions go up while
    row and column still lack units, and what is left moves along the shortest alternating paths, within
    1 of `exact` as long as there is one: where `exact` has the margins there always is.
    """
    found = np.clip(np.floor(exact + 10.0**-_DIGITS), low, high)
    _raise_largest(found, exact, rows=rows, columns=columns, high=high)
    rows = rows.copy()
    near_low = np.clip(np.floor(exact + 10.0**-_DIGITS), low, high)
    near_high = np.clip(np.ceil(exact - 10.0**-_DIGITS), low, high)
    while True:
        row_needs, column_needs = rows - found.sum(axis=1), columns - found.sum(axis=0)
        if not row_needs.any() and not column_needs.any():
            return found
        needs = np.concatenate([row_needs, -column_needs])
        give, take = rows - row_low, row_high - rows
        ways = ((near_low, near_high, False), (low, high, False), (low, high, True))
        for least, most, may_give_way in ways:
            ground = (give, take) if may_give_way else (None, None)
            path = _path(found, needs, low=least, high=most, give=ground[0], take=ground[1])
            if path is not None:
                _walk(path, found, rows, needs, low=least, high=most, give=give, take=take)
                break
        else:
            return None


def _raise_largest(found: Floats, exact: Floats, *, rows: Floats, columns: Floats, high: Floats) -> None:
    rest = np.round(exact - found, _DIGITS)
    row_at, column_at = np.nonzero((rest > 0) & (found < high))
    # Equal remainders run down the diagonal, so that they do not all fall on the first periods.
    turn = (column_at - row_at) % found.shape[1]
    order = np.lexsort((row_at, turn, -rest[row_at, column_at]))
    row_needs = (rows - found.sum(axis=1)).tolist()
    column_needs = (columns - found.sum(axis=0)).tolist()
    for row, column in zip(row_at[order].tolist(), column_at[order].tolist(), strict=True):
        if row_needs[row] > 0 and column_needs[column] > 0:
            found[row, column] += 1
            row_needs[row] -= 1
            column_needs[column] -= 1


def _path(
    found: Floats,
    needs: Floats,
    *,
    low: Floats,
    high: Floats,
    give: Floats | None,
    take: Floats | None,
) -> list[int] | None:
    """Return the shortest path along which units can move, as places: rows, then columns, then the ground.

    It begins at a place that needs units (a row that lacks them, a column that has too many) and ends at one
    that has the opposite need. A row hands its need to a column by taking a unit there, a column to a row by
    giving one back. With `give` and `take` a row may also hand it to the ground, for its sum to be that much
    less, and the ground to another row.
    """
    height, width = found.shape
    ground = height + width
    up, down = found < high, found > low
    came = np.full(ground + 1, -1)
    new = np.flatnonzero(needs > 0)
    came[new] = new
    while len(new):
        ends = new[(new < ground) & (needs[np.minimum(new, ground - 1)] < 0)]
        if len(ends):
            return _back(came, int(ends[0]))
        rows, columns = new[new < height], new[(new >= height) & (new < ground)] - height
        reached = []
        if len(rows):
            open_columns = np.flatnonzero((came[height:ground] < 0) & up[rows].any(axis=0))
            came[height + open_columns] = rows[np.argmax(up[np.ix_(rows, open_columns)], axis=0)]
            reached.append(height + open_columns)
        if len(columns):
            open_rows = np.flatnonzero((came[:height] < 0) & down[:, columns].any(axis=1))
            came[open_rows] = height + columns[np.argmax(down[np.ix_(open_rows, columns)], axis=1)]
            reached.append(open_rows)
        if take is not None and ground in new:
            open_rows = np.flatnonzero((came[:height] < 0) & (take > 0))
            came[open_rows] = ground
            reached.append(open_rows)
        if give is not None and came[ground] < 0 and (give[rows] > 0).any():
            came[ground] = rows[np.argmax(give[rows] > 0)]
            reached.append(np.array([ground]))
        new = np.concatenate(reached) if reached else new[:0]
    return None


def _back(came: NDArray[np.int64], end: int) -> list[int]:
    path = [end]
    while came[path[-1]] != path[-1]:
        path.append(int(came[path[-1]]))
    return path[::-1]


def _walk(
    path: list[int],
    found: Floats,
    rows: Floats,
    needs: Floats,
    *,
    low: Floats,
    high: Floats,
    give: Floats,
    take: Floats,
) -> None:
    """Move as many units along a path as each of its steps has room for."""
    height, width = found.shape
    ground = height + width
    room = [needs[path[0]], -needs[path[-1]]]
    for one, following in pairwise(path):
        if following == ground:
            room.append(give[one])
        elif one == ground:
            room.append(take[following])
        elif one < height:
            room.append(high[one, following - height] - found[one, following - height])
        else:
            room.append(found[following, one - height] - low[following, one - height])
    units = min(room)
    for one, following in pairwise(path):
        if following == ground:
            rows[one] -= units
        elif one == ground:
            rows[following] += units
        elif one < height:
            found[one, following - height] += units
        else:
            found[following, one - height] -= units
