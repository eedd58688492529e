"""From the whole downwards, one table a parent: its units × the open periods, both margins whole numbers."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.cascade.bounds import Frame
from steelyard.engine.cascade.fill import fitted, within
from steelyard.engine.cascade.rounding import apportioned, rounded_table, stepped
from steelyard.engine.cascade.tree import Floats, Tree


def tabled(tree: Tree, frame: Frame, *, ideal: Floats, totals: Floats, step: float) -> Floats | None:
    """Carry the whole down to every node and open period in whole smallest units.

    Parameters
    ----------
    ideal
        What every node would have in every open period if nothing were bound.
    totals
        What every node is to have over the open periods, bounds kept.
    step
        In smallest units; cells are multiples of it where locks and margins allow.

    Returns
    -------
    Array or None
        Node × open period; None where the tables, one after the other, find no way. That is no proof that
        there is none: a team's table does not see what binds the people below each of its units together.
    """
    values = np.zeros_like(frame.low)
    values[0] = stepped(ideal[0], frame.total, low=frame.low[0], high=frame.high[0], step=step)
    for place in tree.parents:
        below = tree.below[place]
        columns = _carried(tree, frame, place, values[place])
        if columns is None:
            return None
        table = _Table(
            low=frame.low[below],
            high=frame.high[below],
            row_low=frame.row_low[below],
            row_high=frame.row_high[below],
            columns=columns,
            step=step,
        ).solved(ideal[below], totals[below])
        if table is None:
            return None
        values[below] = table
    return values


def carried(factor: Fraction, extra: Floats, values: Floats) -> Floats:
    """What the units of a parent carry together: its values × 1 + over, each rounded so that the sum is, too.

    >>> carried(Fraction(21, 20), np.zeros(3), np.array([10.0, 10.0, 10.0])).tolist()
    [11.0, 11.0, 10.0]
    """
    if factor == 1:
        return values + extra
    exact = [factor * int(value) for value in values]
    down = [math.floor(value) for value in exact]
    # Half a unit goes up, as people round.
    missing = math.floor(sum(exact) + Fraction(1, 2)) - sum(down)
    order = sorted(range(len(exact)), key=lambda at: (down[at] - exact[at], at))
    for at in order[:missing]:
        down[at] += 1
    return np.array(down, dtype=np.float64) + extra


def _carried(tree: Tree, frame: Frame, place: int, values: Floats) -> Floats | None:
    """The same, moved by a unit where the bounds of the units ask for it."""
    factor = tree.exact_factor(place)
    columns = carried(factor, frame.extra[place], values)
    below = tree.below[place]
    low, high = frame.low[below].sum(axis=0), frame.high[below].sum(axis=0)
    if factor == 1 or ((columns >= low).all() and (columns <= high).all()):
        return columns
    exact = [
        factor * int(value) + Fraction(int(more))
        for value, more in zip(values, frame.extra[place], strict=True)
    ]
    least = np.maximum([math.floor(value - 1) + 1 for value in exact], low)
    most = np.minimum([math.ceil(value + 1) - 1 for value in exact], high)
    summed = sum(exact)
    lowest = max(math.floor(summed - 1) + 1, least.sum())
    highest = min(math.ceil(summed + 1) - 1, most.sum())
    if (least > most).any() or lowest > highest:
        return None
    total = float(np.clip(columns.sum(), lowest, highest))
    return apportioned(np.maximum(columns, 0.0), total, least, most)


@dataclass(frozen=True, eq=False)
class _Table:
    """The units of one parent: bounds of cells and rows, the sums of the columns, the step."""

    low: Floats
    high: Floats
    row_low: Floats
    row_high: Floats
    columns: Floats
    step: float

    def solved(self, ideal: Floats, totals: Floats) -> Floats | None:
        # Where no multiple of the step fits, the cell has what comes nearest, and is not touched again.
        given = np.ceil(self.low / self.step) * self.step > self.high
        given |= self.low >= self.high
        base = np.where(given, np.clip(np.round(ideal), self.low, self.high), 0.0)
        columns = self.columns - base.sum(axis=0)
        if (columns < 0).any():
            return None
        total = self.columns.sum()
        if not self.row_low.sum() <= total <= self.row_high.sum():
            return None
        rows = within(totals[None, :], self.row_low[None, :], self.row_high[None, :], np.array([total]))[0]
        held = self._held(rows)
        rest = self._remainders(ideal, given, base, columns, held)
        if rest is None:
            return None
        whole = self._multiples(ideal, rows, given, base + rest, columns - rest.sum(axis=0), held)
        return None if whole is None else base + rest + self.step * whole

    def _held(self, rows: Floats) -> Floats:
        """The total of each row that has no multiple of the step within its bounds; nan for all others."""
        up = np.ceil(self.row_low / self.step) * self.step
        fixed = (self.row_low >= self.row_high) | (up > self.row_high)
        return np.where(fixed, np.where(self.row_low >= self.row_high, self.row_low, np.floor(rows)), np.nan)

    def _remainders(
        self, ideal: Floats, given: NDArray[np.bool_], base: Floats, columns: Floats, held: Floats
    ) -> Floats | None:
        """What the step cannot hold, put on as few cells as there are columns and locked rows with one.

        A locked row's remainder goes to its largest free cell, that of a column to its largest cell whose
        row is not locked. In a column where all rows are, it is handed on to another column of such a row.
        """
        rest = np.zeros_like(base)
        if self.step == 1:
            return rest
        left = columns % self.step
        size = np.where(given, -1.0, ideal)
        bound = ~np.isnan(held)
        for row in np.flatnonzero(bound).tolist():
            part = (held[row] - base[row].sum()) % self.step
            if part == 0:
                continue
            column = int(np.argmax(size[row]))
            if size[row, column] < 0:
                return None
            rest[row, column] += part
            left[column] = (left[column] - part) % self.step
        loose = np.where(bound[:, None], -1.0, size)
        order = sorted(np.flatnonzero(left).tolist(), key=lambda column: bool(loose[:, column].max() >= 0))
        for turn, column in enumerate(order):
            if not left[column]:
                continue
            largest = int(np.argmax(loose[:, column]))
            if loose[largest, column] >= 0:
                rest[largest, column] += left[column]
                continue
            if not self._hand_on(rest, left, size, column, order[turn + 1 :]):
                return None
        return rest

    def _hand_on(self, rest: Floats, left: Floats, size: Floats, column: int, later: list[int]) -> bool:
        for other in later:
            rows = np.flatnonzero((size[:, column] >= 0) & (size[:, other] >= 0))
            if len(rows):
                row = int(rows[np.argmax(size[rows, column])])
                rest[row, column] = (rest[row, column] + left[column]) % self.step
                rest[row, other] = (rest[row, other] - left[column]) % self.step
                left[other] = (left[other] + left[column]) % self.step
                left[column] = 0
                return True
        return False

    def _multiples(
        self,
        ideal: Floats,
        rows: Floats,
        given: NDArray[np.bool_],
        taken: Floats,
        columns: Floats,
        held: Floats,
    ) -> Floats | None:
        """The table in steps, once locks and remainders are taken off."""
        step = self.step
        low = np.where(given, 0.0, np.maximum(np.ceil((self.low - taken) / step), 0.0))
        high = np.where(given, 0.0, np.floor((self.high - taken) / step))
        row_taken = taken.sum(axis=1)
        bound = ~np.isnan(held)
        row_low = np.where(bound, (held - row_taken) / step, np.ceil((self.row_low - row_taken) / step))
        row_high = np.where(bound, row_low, np.floor((self.row_high - row_taken) / step))
        row_low = np.maximum(row_low, low.sum(axis=1))
        row_high = np.minimum(row_high, high.sum(axis=1))
        units = columns / step
        total = units.sum()
        if (low > high).any() or (row_low > row_high).any() or (units < 0).any():
            return None
        if (
            not row_low.sum() <= total <= row_high.sum()
            or not ((low.sum(axis=0) <= units) & (units <= high.sum(axis=0))).all()
        ):
            return None
        row_units = apportioned(np.maximum(rows - row_taken, 0.0), total, row_low, row_high)
        seeds = np.where(given, 0.0, ideal)
        exact = fitted(seeds, row_units, units, low, high)
        return rounded_table(
            exact, rows=row_units, columns=units, low=low, high=high, row_low=row_low, row_high=row_high
        )
