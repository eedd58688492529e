"""Seeded leaf tables for the localisation benchmark: planted causes (S and L) and nothing planted (null).

The planted kind follows the recipe of Kalander, "RiskLoc: Localization of Multi-dimensional Root Causes by
Weighted Risk" (2022): Weibull leaf values, some set to zero, a symmetric relative forecast error, and causes
under which every leaf loses the same share, give or take a deviation, in the direction of the total error.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

Where = dict[str, str]


@dataclass(frozen=True)
class Recipe:
    """What one set of planted cases is made of; every pair is a range."""

    sizes: dict[str, int]
    noise: tuple[float, float]
    zero_rate: tuple[float, float]
    anomalies: tuple[int, int]
    elements: tuple[int, int]
    severity: tuple[float, float]
    deviation: tuple[float, float]
    leaves_only: bool


S = Recipe(
    {"a": 10, "b": 12, "c": 10, "d": 8, "e": 5},
    (0.0, 0.25), (0.0, 0.25), (1, 3), (1, 3), (0.2, 1.0), (0.0, 0.1), False,
)  # fmt: skip
L = Recipe(
    {"a": 10, "b": 24, "c": 10, "d": 15},
    (0.0, 0.1),
    (0.0, 0.25),
    (1, 5),
    (1, 1),
    (0.5, 1.0),
    (0.0, 0.0),
    True,
)


def planted(recipe: Recipe, *, cases: int, seed: int) -> Iterator[tuple[pa.Table, list[Where]]]:
    """Leaf tables with `real` and `predict`, each with its true causes."""
    rng = np.random.default_rng(seed)
    for _ in range(cases):
        yield _planted_case(recipe, rng)


def _planted_case(recipe: Recipe, rng: np.random.Generator) -> tuple[pa.Table, list[Where]]:
    names, sizes = list(recipe.sizes), list(recipe.sizes.values())
    codes = np.indices(sizes).reshape(len(sizes), -1)
    zero_rate, noise = rng.uniform(*recipe.zero_rate), rng.uniform(*recipe.noise)
    base = rng.weibull(rng.uniform(0.5, 1.0), codes.shape[1]) * 100
    base *= rng.uniform(size=len(base)) > zero_rate
    noisy = base * (1 + rng.normal(0, noise, len(base)))
    swap = rng.integers(0, 2, len(base)) == 1
    real, predict = np.where(swap, noisy, base), np.maximum(np.where(swap, base, noisy), 0)
    causes = _causes(recipe, codes, real, rng)
    upward = real.sum() > predict.sum()
    low, high = (predict, real) if upward else (real, predict)
    for cells in causes:
        severity, deviation = rng.uniform(*recipe.severity) + noise, rng.uniform(*recipe.deviation)
        inside = np.zeros(len(base), dtype=bool)
        for cell in cells:
            inside |= np.all([codes[axis] == code for axis, code in cell.items()], axis=0)
        lost = rng.normal(severity, deviation, int(inside.sum()))
        low[inside] = np.maximum(high[inside] * (1 - lost), 0)
    labels = [np.array([f"{name}{i + 1}" for i in range(size)]) for name, size in recipe.sizes.items()]
    columns = {name: labels[axis][codes[axis]] for axis, name in enumerate(names)}
    truth = [
        {names[axis]: str(labels[axis][code]) for axis, code in cell.items()}
        for cells in causes
        for cell in cells
    ]
    return pa.table({**columns, "real": real, "predict": predict}), truth


def _causes(
    recipe: Recipe, codes: np.ndarray, real: np.ndarray, rng: np.random.Generator
) -> list[list[dict]]:
    """Cells of each anomaly: one cuboid an anomaly, no value used twice on a dimension that two share."""
    sizes = list(recipe.sizes.values())
    causes: list[list[dict]] = []
    for _ in range(rng.integers(*recipe.anomalies, endpoint=True)):
        level = len(sizes) if recipe.leaves_only else int(rng.integers(1, len(sizes), endpoint=True))
        elements = int(rng.integers(*recipe.elements, endpoint=True))
        for _ in range(100):
            cells = _one_anomaly(sizes, level, elements, causes, codes, real, rng)
            if cells is not None:
                break
        else:
            return _causes(recipe, codes, real, rng)  # no value is left that an earlier anomaly has not taken
        causes.append(cells)
    return causes


def _one_anomaly(sizes, level, elements, causes, codes, real, rng) -> list[dict] | None:
    dims = sorted(int(dim) for dim in rng.choice(len(sizes), size=level, replace=False))
    if level < len(sizes) and any(sorted(cells[0]) == dims for cells in causes):
        return None
    chosen = []
    for dim in dims:
        used = {cell[dim] for cells in causes for cell in cells if dim in cell}
        free = [code for code in range(sizes[dim]) if code not in used]
        if not free:
            return None
        chosen.append(rng.choice(free, size=elements))
    cells = [dict(zip(dims, map(int, codes_), strict=True)) for codes_ in zip(*chosen, strict=True)]
    if len({tuple(cell.values()) for cell in cells}) < elements:
        return None
    if level == len(sizes):
        flat = [np.ravel_multi_index(tuple(cell.values()), sizes) for cell in cells]
        if np.any(real[flat] == 0):
            return None
    return cells


NULL_KINDS = ("additive", "counts", "ratio", "mean")


def null_tables(kind: str, *, cases: int, seed: int) -> Iterator[tuple[str, pa.Table]]:
    """Leaf tables in which nothing happened, with the noise's name; from 12 leaves to some thousands."""
    rng = np.random.default_rng([seed, NULL_KINDS.index(kind)])
    make = {"additive": _null_additive, "counts": _null_counts, "ratio": _null_ratio, "mean": _null_mean}[
        kind
    ]
    for _ in range(cases):
        codes, columns = _null_shape(rng)
        noise, figures = make(codes, rng)
        yield noise, pa.table({**columns, **figures})


def _null_shape(rng: np.random.Generator) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    while True:
        sizes = rng.integers(2, 13, rng.integers(2, 6))
        if 12 <= np.prod(sizes) <= 12_000:
            break
    codes = np.indices(sizes).reshape(len(sizes), -1)
    if rng.uniform() < 0.4:
        codes = codes[:, rng.uniform(size=codes.shape[1]) < rng.uniform(0.5, 1)]
    columns = {f"d{axis}": np.array([f"v{code}" for code in row]) for axis, row in enumerate(codes)}
    return codes, columns


def _levels(codes: np.ndarray, rng: np.random.Generator, spread: float) -> np.ndarray:
    """A factor a dimension value, multiplied."""
    level = np.ones(codes.shape[1])
    for row in codes:
        level *= np.exp(rng.normal(0, spread, row.max(initial=0) + 1))[row]
    return level


def _null_additive(codes: np.ndarray, rng: np.random.Generator) -> tuple[str, dict[str, np.ndarray]]:
    n = codes.shape[1]
    base = rng.weibull(rng.uniform(0.5, 1.5), n) * 10 ** rng.uniform(1, 5) * _levels(codes, rng, 0.5)
    if rng.uniform() < 0.2:
        base = np.round(10 ** rng.uniform(1, 3) * _levels(codes, rng, rng.choice([0.0, 0.02])))
    scale = 10 ** rng.uniform(-2, -0.5)
    noise = str(rng.choice(["normal", "lognormal", "t4", "root", "absolute", "swapped", "zeros"]))
    z = rng.standard_t(4, n) if noise == "t4" else rng.normal(size=n)
    match noise:
        case "lognormal":
            real = base * np.exp(scale * z)
        case "root":
            real = base + scale * np.sqrt(base * base.mean()) * z
        case "absolute":
            real = base + scale * np.median(base) * z
        case _:
            real = base * (1 + scale * z)
    expected = base
    if noise == "swapped":
        swap = rng.uniform(size=n) < 0.5
        real, expected = np.where(swap, base, real), np.where(swap, real, base)
    if noise == "zeros":
        kept = rng.uniform(size=n) > rng.uniform(0, 0.4)
        real, expected = real * kept, expected * kept
    return noise, {"real": np.maximum(real, 0) * rng.choice([1.0, 0.9]), "predict": np.maximum(expected, 0)}


def _null_counts(codes: np.ndarray, rng: np.random.Generator) -> tuple[str, dict[str, np.ndarray]]:
    n = codes.shape[1]
    mean = np.minimum(rng.gamma(1.0, rng.uniform(0.5, 12), n) * _levels(codes, rng, 0.3), 30)
    noise = str(rng.choice(["poisson", "history", "previous", "overdispersed"]))
    real = rng.poisson(mean).astype(float)
    expected = mean
    if noise == "history":
        expected = rng.poisson(4 * mean) / 4
    if noise == "previous":
        expected = rng.poisson(mean).astype(float)
    if noise == "overdispersed":
        real = rng.poisson(mean * rng.gamma(4, 1 / 4, n)).astype(float)
    return noise, {"real": real, "predict": expected}


def _null_mean(codes: np.ndarray, rng: np.random.Generator) -> tuple[str, dict[str, np.ndarray]]:
    """Amounts over counts, such as the average deal: skewed, and some leaves are empty."""
    n = codes.shape[1]
    deals = rng.poisson(rng.gamma(0.9, 10 ** rng.uniform(0.3, 1.6), n)).astype(float)
    before = rng.poisson(np.maximum(deals, 0.5)).astype(float)
    size = 10 ** rng.uniform(1, 4) * _levels(codes, rng, 0.3)
    noise = str(rng.choice(["gamma", "exponential", "lognormal"]))
    shape = {"gamma": 4.0, "exponential": 1.0, "lognormal": 0.7}[noise]
    won, usual = (size * rng.gamma(np.maximum(shape * count, 1e-9), 1 / shape) for count in (deals, before))
    if noise == "lognormal":
        won = size * deals * np.exp(rng.normal(0, shape / np.sqrt(np.maximum(deals, 1))))
    return noise, {"an": won * (deals > 0), "ad": deals, "en": usual * (before > 0), "ed": before}


def _null_ratio(codes: np.ndarray, rng: np.random.Generator) -> tuple[str, dict[str, np.ndarray]]:
    n = codes.shape[1]
    trials = rng.poisson(rng.gamma(0.7, 10 ** rng.uniform(0.7, 1.6), n)).astype(float)
    before = rng.poisson(np.maximum(trials, 0.5)).astype(float)
    rate = np.clip(10 ** rng.uniform(-2, -0.3) * _levels(codes, rng, 0.3), 0, 0.95)
    noise = str(rng.choice(["previous", "history", "known", "overdispersed"]))
    now = rate * rng.gamma(8, 1 / 8, n) if noise == "overdispersed" else rate
    events = rng.binomial(trials.astype(int), np.clip(now, 0, 1)).astype(float)
    usual = before * rate
    if noise in ("previous", "overdispersed"):
        usual = rng.binomial(before.astype(int), rate).astype(float)
    if noise == "history":
        usual = rng.binomial((4 * before).astype(int), rate) / 4
    if rng.uniform() < 0.5:
        events, usual = trials - events, before - usual
    return noise, {"an": events, "ad": trials, "en": usual, "ed": before}
