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
