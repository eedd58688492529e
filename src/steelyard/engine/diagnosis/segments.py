"""Where the gap sits, and where it is better than expected: localisation, then a test of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from steelyard.engine.diagnosis.chance import FEWEST_RECORDS, Cell, Chance, chance_of
from steelyard.engine.diagnosis.finding import DimensionEffect, SegmentFinding
from steelyard.engine.diagnosis.grid import Floats, Grid, Mask
from steelyard.engine.drivers import mix_and_rate
from steelyard.engine.localise import localise

# Localisation names, the test decides: it may be generous.
GENEROUS = 0.5
MOST_SEGMENTS, MOST_BRIGHT = 10, 5
REACH = 1.959963984540054


@dataclass(frozen=True, eq=False)
class Located:
    """Segments on the losing side, bright spots on the winning one, and what is left of the driver's part."""

    segments: tuple[SegmentFinding, ...]
    bright_spots: tuple[SegmentFinding, ...]
    rest: float


def locate(
    grid: Grid,
    *,
    weight: float,
    scale: float,
    adverse: int,
    is_short: bool,
    alpha: float,
) -> Located:
    """Find the segments of a driver that explain its part of the gap.

    `weight` turns a change of the driver into one of the diagnosed KPI, `scale` what was expected of the
    baseline (target ÷ baseline), `adverse` is the sign of a change for the worse, `is_short` whether the KPI
    is worse than its baseline.
    """
    chance, cells = chance_of(grid)
    terms = _terms(grid, scale=scale) * weight
    found = [cell for cell in _named(grid, chance) if cell.p <= alpha]
    top = next(iter(cells), None)
    if not any(_sign(cell) == adverse for cell in found) and top is not None and top.p <= alpha:
        found.insert(0, top)
    losing = [cell for cell in found if _sign(cell) == adverse or not is_short]
    segments, taken = _described(grid, losing, chance, terms=terms, weight=weight, scale=scale)
    winning = [cell for cell in cells if cell.p <= alpha and _is_bright(grid, cell, adverse=adverse)]
    bright, _ = _described(grid, winning, chance, terms=terms, weight=weight, scale=scale, most=MOST_BRIGHT)
    segments.sort(key=_by_size)
    return Located(tuple(segments), tuple(bright), float(terms[~taken].sum()))


def bright_units(
    grid: Grid, *, weight: float, scale: float, adverse: int, alpha: float
) -> list[SegmentFinding]:
    """Test single teams or members for being above expectation."""
    chance, cells = chance_of(grid, deepest=1)
    terms = _terms(grid, scale=scale) * weight
    winning = [
        cell
        for cell in cells
        if cell.p <= alpha and _is_bright(grid, cell, adverse=adverse) and None not in cell.where.values()
    ]
    return _described(grid, winning, chance, terms=terms, weight=weight, scale=scale, most=MOST_BRIGHT)[0]


def effects(grid: Grid) -> tuple[DimensionEffect, ...]:
    """Split the change of a ratio into mix and rate, once for each dimension."""
    if not grid.is_ratio or not grid.actual.base.sum() or not grid.baseline.base.sum():
        return ()
    return tuple(_effect(grid, place) for place in range(len(grid.names)))


def _effect(grid: Grid, place: int) -> DimensionEffect:
    codes, values = grid.codes[place], grid.values[place]

    def counts(top: Floats, base: Floats) -> dict[str | None, tuple[float, float]]:
        tops, bases = (np.bincount(codes, each, minlength=len(values)) for each in (top, base))
        rows = zip(values, tops.tolist(), bases.tolist(), strict=True)
        return {value: (above, below) for value, above, below in rows if above or below}

    split = mix_and_rate(
        baseline=counts(grid.baseline.top, grid.baseline.base),
        actual=counts(grid.actual.top, grid.actual.base),
    )
    listed = tuple(
        {
            "value": each.category,
            "mix": each.mix,
            "rate": each.rate,
            "actual": each.actual_rate,
            "baseline": each.baseline_rate,
            "actual_share": each.actual_share,
            "baseline_share": each.baseline_share,
        }
        for each in split.categories
    )
    return DimensionEffect(grid.names[place], split.mix, split.rate, listed)


def _named(grid: Grid, chance: Chance) -> list[Cell]:
    sides = ("actual", "expected")
    roles = (
        [f"{s}_{r}" for s in sides for r in ("numerator", "denominator")] if grid.is_ratio else list(sides)
    )
    found = localise(
        grid.table(),
        dimensions=grid.names,
        alpha=GENEROUS,
        limit=MOST_SEGMENTS,
        **{role: f"_{role}" for role in roles},
    )
    wheres = [{name: value or None for name, value in segment.where.items()} for segment in found.segments]
    return [chance.cell(where, _mask(grid, where)) for where in wheres]


def _mask(grid: Grid, where: dict[str, str | None]) -> Mask:
    """A blank value reads as missing in the leaf table, so it may stand for either here."""
    inside = np.ones(len(grid.actual.top), dtype=bool)
    for name, value in where.items():
        place = grid.names.index(name)
        codes = [code for code, each in enumerate(grid.values[place]) if (each or None) == value]
        inside &= np.isin(grid.codes[place], codes)
    return inside


def _terms(grid: Grid, *, scale: float) -> Floats:
    """What each leaf adds to actual - scale × baseline: of a ratio, rate and mix effect together."""
    now, then = grid.actual, grid.baseline
    if not grid.is_ratio:
        return now.top - scale * then.top
    whole_now, whole_then = max(now.base.sum(), 1e-300), max(then.base.sum(), 1e-300)
    middle = (now.top.sum() / whole_now + scale * then.top.sum() / whole_then) / 2
    return (now.top - middle * now.base) / whole_now - (scale * then.top - middle * then.base) / whole_then


def _described(
    grid: Grid,
    cells: Iterable[Cell],
    chance: Chance,
    *,
    terms: Floats,
    weight: float,
    scale: float,
    most: int = MOST_SEGMENTS,
) -> tuple[list[SegmentFinding], Mask]:
    """Describe segments that do not overlap; the first named keeps its leaves."""
    taken = np.zeros(len(terms), dtype=bool)
    listed: list[SegmentFinding] = []
    for cell in cells:
        inside = cell.inside & ~taken
        if len(listed) == most or inside.sum() < 0.5 * cell.inside.sum():
            continue
        taken |= inside
        contribution = float(terms[inside].sum())
        error = abs(weight) * _error(grid, cell.inside, chance, scale=scale)
        listed.append(
            SegmentFinding(
                where=cell.where,
                kpi=grid.kpi.id,
                actual=_value(grid.actual.top, grid.actual.base, inside, grid.is_ratio),
                expected=_value(scale * grid.baseline.top, grid.baseline.base, inside, grid.is_ratio),
                contribution=contribution,
                low=contribution - REACH * error,
                high=contribution + REACH * error,
                p=cell.p,
                n=int(grid.actual.n[inside].sum()),
            )
        )
    return listed, taken


def _value(top: Floats, base: Floats, inside: Mask, is_ratio: bool) -> float | None:
    if not is_ratio:
        return float(top[inside].sum())
    below = float(base[inside].sum())
    return float(top[inside].sum()) / below if below else None


def _error(grid: Grid, inside: Mask, chance: Chance, *, scale: float) -> float:
    """Standard error of a segment's contribution, both periods being samples."""
    now, then = grid.actual, grid.baseline
    unit = chance.unit_variance
    if not grid.is_ratio:
        squares = now.squares[inside].sum() + scale**2 * then.squares[inside].sum()
        return float(np.sqrt((unit or 1.0) * max(squares, 0.0)))
    variance = 0.0
    for side, factor in ((now, 1.0), (then, scale)):
        base = side.base[inside].sum()
        rate = side.top[inside].sum() / base if base else 0.0
        spread = rate * (1 - rate) if unit is None else unit
        if grid.is_mean and base:
            spread = side.squares[inside].sum() / base - rate**2
        variance += factor**2 * spread * base / max(side.base.sum(), 1e-300) ** 2
    return float(np.sqrt(max(variance, 0.0)))


def _is_bright(grid: Grid, cell: Cell, *, adverse: int) -> bool:
    """Better than expected, and not just new: there was something to expect it from."""
    return _sign(cell) == -adverse and grid.usual.n[cell.inside].sum() >= FEWEST_RECORDS


def _sign(cell: Cell) -> int:
    return 1 if cell.z > 0 else -1


def _by_size(segment: SegmentFinding) -> tuple[float, str]:
    return (-float(f"{abs(segment.contribution):.11e}"), str(sorted(map(str, segment.where.items()))))
