"""One order for results, whatever order the rows came in: by size, then by name."""

import math
from collections.abc import Iterable


def significant(value: float) -> float:
    """Return the value rounded to the 12 significant digits that are printed and compared."""
    return float(f"{value:.12g}")


def rank(name: str | None, *, size: float) -> tuple[float, bool, str]:
    """Return a sort key: the largest absolute size first, equal ones by name, the nameless last."""
    return (-abs(significant(size)), name is None, name or "")


def adds_up(terms: Iterable[float], *, total: float) -> bool:
    """Say whether the terms sum to the total within 1e-9 × max(1, Σ|terms|)."""
    listed = list(terms)
    scale = max(1.0, math.fsum(map(abs, listed)))
    return abs(math.fsum(listed) - total) <= 1e-9 * scale
