"""Could chance have done it? Segments against the rest, both periods noisy, all of them looked at.

A segment is compared with everything outside it: did it change by more than the rest did? Both sides are
samples. Because every combination is looked at, the largest difference that chance alone gives anywhere on
the same lattice is simulated (seeded), and p-values are corrected by it.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from scipy.special import log_ndtr

from steelyard.engine.diagnosis.grid import Floats, Grid, Mask

DEEPEST = 3
DRAWS = 400
MOST_ENTRIES = 3_000_000
Pairs = list[tuple[Floats, Floats]]
# Fewest records of a segment in each period, and fewest events expected among them.
FEWEST_RECORDS, FEWEST_AMOUNTS, FEWEST_EVENTS = 10, 30, 5.0
# Short names are likelier causes and there are fewer of them: they get most of the error that is allowed.
SHARES = {1: (1.0,), 2: (0.6, 0.4), 3: (0.5, 0.35, 0.15)}


@dataclass(frozen=True, eq=False)
class Cell:
    """A combination of values, the leaves in it, and how far it strays, in standard errors."""

    where: dict[str, str | None]
    inside: Mask
    z: float
    p: float


@dataclass(frozen=True, eq=False)
class Chance:
    """The noise of a grid: variance per unit of denominator (of a sum: dispersion), and how many looks count.

    `looks`, one entry per number of dimensions: how many independent segments they are worth.
    """

    grid: Grid
    unit_variance: float | None
    looks: tuple[float, ...]

    def cell(self, where: dict[str, str | None], inside: Mask) -> Cell:
        """Judge a segment, however it was found."""
        z = self.z(inside[np.newaxis, :])[0]
        return Cell(where, inside, float(z), self.p(float(z), depth=len(where)))

    def z(self, inside: Mask) -> Floats:
        """Return the deviation of segments (rows of a mask) from the rest, in standard errors."""
        change, variance = _changes(self.grid, inside.astype(np.float64), self.unit_variance)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = change / np.sqrt(variance)
        return np.where(np.isfinite(z) & (variance > 0) & _is_large(self.grid, inside), z, 0.0)

    def p(self, z: float, *, depth: int) -> float:
        """Correct for the number of looks."""
        single = min(2 * float(np.exp(log_ndtr(-abs(z)))), 1 - 1e-16)
        looks, share = self.looks[min(depth, len(self.looks)) - 1], _share(depth, deepest=len(self.looks))
        return min(1.0, float(-np.expm1(looks * np.log1p(-single))) / share)


def chance_of(grid: Grid, *, deepest: int = DEEPEST, seed: int = 0) -> tuple[Chance, list[Cell]]:
    """Measure the noise of a grid; list every segment of up to `deepest` dimensions, the surest first."""
    variance = None if grid.is_share else _unit_variance(grid)
    wheres, masks = _lattice(grid, deepest=deepest)
    large = _is_large(grid, masks)
    wheres, masks = [w for w, kept in zip(wheres, large, strict=True) if kept], masks[large]
    depths = np.array([len(where) for where in wheres], dtype=np.int64)
    looks = tuple(
        _looks(grid, masks[depths == depth], variance, seed=seed)
        for depth in range(1, min(deepest, len(grid.names)) + 1)
    )
    chance = Chance(grid, variance, looks)
    cells = [
        Cell(where, mask, float(z), chance.p(float(z), depth=len(where)))
        for where, mask, z in zip(wheres, masks, chance.z(masks), strict=True)
    ]
    cells.sort(
        key=lambda cell: (float(f"{cell.p:.9e}"), len(cell.where), -round(abs(cell.z), 9), str(cell.where))
    )
    return chance, cells


def _share(depth: int, *, deepest: int) -> float:
    return SHARES[deepest][min(depth, deepest) - 1]


def _lattice(grid: Grid, *, deepest: int) -> tuple[list[dict[str, str | None]], Mask]:
    wheres: list[dict[str, str | None]] = []
    masks: list[Mask] = []
    seen: set[bytes] = set()
    count = len(grid.actual.top)
    for depth in range(1, min(deepest, len(grid.names)) + 1):
        for dims in combinations(range(len(grid.names)), depth):
            present = np.unique(np.stack([grid.codes[dim] for dim in dims]), axis=1).T
            if (len(masks) + len(present)) * count > 4 * MOST_ENTRIES and depth > 1:
                continue
            for codes in present:
                inside = np.ones(count, dtype=bool)
                for dim, code in zip(dims, codes, strict=True):
                    inside &= grid.codes[dim] == code
                # The same leaves under a longer name are the same segment.
                packed = np.packbits(inside).tobytes()
                if packed not in seen and not inside.all():
                    seen.add(packed)
                    masks.append(inside)
                    wheres.append(
                        {grid.names[d]: grid.values[d][c] for d, c in zip(dims, codes, strict=True)}
                    )
    return wheres, np.array(masks, dtype=bool).reshape(len(masks), count)


def _is_large(grid: Grid, inside: Mask) -> Mask:
    weights = inside.astype(np.float64)
    least = FEWEST_RECORDS if grid.is_share or grid.is_count else FEWEST_AMOUNTS
    now, then = weights @ grid.actual.n, weights @ grid.usual.n
    large = (np.maximum(now, then) >= least) & (grid.actual.n.sum() > now) & (grid.usual.n.sum() > then)
    if not grid.is_share:
        return large & ((now >= least) | grid.is_count)
    rate = (weights @ (grid.actual.top + grid.usual.top)) / np.maximum(
        weights @ (grid.actual.base + grid.usual.base), 1
    )
    expected = np.minimum(rate, 1 - rate) * np.minimum(weights @ grid.actual.base, weights @ grid.usual.base)
    return large & (now >= least) & (then >= least) & (expected >= FEWEST_EVENTS)


def _changes(grid: Grid, inside: Floats, unit_variance: float | None) -> tuple[Floats, Floats]:
    """Return how much more a segment changed than the rest, and the variance of that."""
    now, then = grid.actual, grid.usual
    tops = [(inside @ side.top, side.top.sum() - inside @ side.top) for side in (now, then)]
    bases = [(inside @ side.base, side.base.sum() - inside @ side.base) for side in (now, then)]
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = [
            (inside @ side.squares, side.squares.sum() - inside @ side.squares) for side in (now, then)
        ]
        if not grid.is_ratio:
            scale = tops[0][1] / tops[1][1]
            share = tops[1][0] / tops[1][1]
            # What both periods together say about the noise: neither side's small count is trusted alone.
            noise = [scale * (squares[0][part] + squares[1][part]) for part in (0, 1)]
            variance = (1.0 if unit_variance is None else unit_variance) * (noise[0] + share**2 * noise[1])
            return tops[0][0] - scale * tops[1][0], variance
        levels = [
            [_level(grid, top, base) for top, base in zip(*each, strict=True)]
            for each in zip(tops, bases, strict=True)
        ]
        change = (levels[0][0] - levels[1][0]) - (levels[0][1] - levels[1][1])
        units: list[Any] = [0.25 if unit_variance is None else unit_variance] * 2
        if grid.is_mean:
            units = [_spread(tops, bases, squares, part=part) for part in (0, 1)]
        inside, rest = (units[part] * (1 / bases[0][part] + 1 / bases[1][part]) for part in (0, 1))
    return change, inside + rest


def _spread(tops: Pairs, bases: Pairs, squares: Pairs, *, part: int) -> Floats:
    """Return the variance of an amount within a segment (0) or the rest (1), from both periods."""
    base = bases[0][part] + bases[1][part]
    mean = (tops[0][part] + tops[1][part]) / base
    return np.maximum((squares[0][part] + squares[1][part]) / base - mean**2, 0.0)


def _level(grid: Grid, top: Floats, base: Floats) -> Floats:
    """Return the ratio, or, of a share, its arcsine root: variance 1/4n and little skew at small counts.

    Source: Anscombe (1948), The transformation of Poisson, binomial and negative-binomial data.
    """
    if not grid.is_share:
        return top / base
    return np.arcsin(np.sqrt(np.clip((top + 0.375) / (base + 0.75), 0, 1)))


def _unit_variance(grid: Grid) -> float:
    """How much leaves vary between the periods: per unit of denominator, or (sums) beyond their squares."""
    now, then = grid.actual, grid.usual
    if grid.is_ratio:
        rate = (now.top.sum() + then.top.sum()) / max(now.base.sum() + then.base.sum(), 1e-300)
        spread = [(side.top - rate * side.base) ** 2 / np.maximum(side.base, 1e-300) for side in (now, then)]
        used = np.concatenate([each[side.base > 0] for each, side in zip(spread, (now, then), strict=True)])
        return _winsorised_mean(used)
    scale = now.top.sum() / then.top.sum() if then.top.sum() > 0 else 1.0
    size = scale * (now.squares + then.squares)
    known = size > 0
    return max(1.0, _winsorised_mean((now.top[known] - scale * then.top[known]) ** 2 / size[known]))


def _winsorised_mean(values: Floats) -> float:
    if not len(values):
        return 1.0
    return float(np.minimum(values, np.quantile(values, 0.99)).mean())


def _looks(grid: Grid, masks: Mask, unit_variance: float | None, *, seed: int) -> float:
    """How many independent looks these segments are worth: from the simulated largest |z|."""
    if len(masks) <= 1 or masks.size > MOST_ENTRIES:
        return float(max(len(masks), 1))
    largest = np.sort(_largest(grid, masks.astype(np.float64), unit_variance, seed=seed))
    bar = largest[int(0.95 * len(largest))]
    single = 2 * np.exp(log_ndtr(-bar))
    worth = float(np.log(0.95) / np.log1p(-min(single, 1 - 1e-16)))
    return min(max(worth, 1.0), float(len(masks)))


def _largest(grid: Grid, masks: Floats, unit_variance: float | None, *, seed: int) -> Floats:
    draw = np.random.default_rng(seed)
    now, then = grid.actual, grid.usual
    shape = (len(now.top), DRAWS)
    if grid.is_ratio:
        rate = (now.top.sum() + then.top.sum()) / (now.base.sum() + then.base.sum())
        unit = rate * (1 - rate) if unit_variance is None else unit_variance
        errors = [draw.standard_normal(shape) * np.sqrt(unit * side.base)[:, None] for side in (now, then)]
        inner, outer = [masks @ side.base for side in (now, then)], [side.base.sum() for side in (now, then)]
        change, variance = np.zeros((len(masks), DRAWS)), np.zeros(len(masks))
        for sign, error, base, whole in zip((1, -1), errors, inner, outer, strict=True):
            part = masks @ error
            rest = (error.sum(axis=0) - part) / (whole - base)[:, None]
            change += sign * (part / base[:, None] - rest)
            variance += unit * (1 / base + 1 / (whole - base))
        return np.abs(change / np.sqrt(variance)[:, None]).max(axis=0)
    size = np.maximum(now.squares + then.squares, 0.0)
    error = draw.standard_normal(shape) * np.sqrt(size)[:, None]
    part, inside = masks @ error, masks @ then.top
    share = inside / np.maximum(then.top.sum() - inside, 1e-300)
    change = part - share[:, None] * (error.sum(axis=0) - part)
    within = masks @ size
    variance = within + share**2 * (size.sum() - within)
    return np.abs(change / np.sqrt(np.maximum(variance, 1e-300))[:, None]).max(axis=0)
