"""A group of people against the others, who differ among themselves, too."""

import math
from collections.abc import Mapping

import numpy as np

from steelyard.engine.lenses.chance import Difference, between_variance, estimate

# Fewest tries of a person to count among the others, and of a group to be compared.
FEWEST, FEWEST_TRIES = 5, 20


def compared(
    counts: Mapping[str, tuple[float, float]],
    one: list[str],
    two: list[str],
    teams: Mapping[str, str],
) -> Difference | None:
    """Compare the conversion of a group with what to expect of the others beside it (`two`).

    What to expect is the rate of everybody outside the group, moved towards that of the others beside it
    as far as teams differ by more than chance.
    """
    group, beside = _pile(counts, one), _pile(counts, two)
    rest = [member for member in sorted(counts) if member not in one and counts[member][1] >= FEWEST]
    if group[1] < FEWEST_TRIES or beside[1] < FEWEST_TRIES or not rest:
        return None
    apart = _apart([counts[member] for member in rest])
    within = _error(counts, one, apart)
    near, whole = _error(counts, two, apart), _error(counts, rest, apart)
    names = sorted({teams[member] for member in rest if member in teams})
    piles = [_pile(counts, [member for member in rest if teams.get(member) == name]) for name in names]
    between = max(_apart([pile for pile in piles if pile[1] >= FEWEST_TRIES]) - near, 0.0)
    pull = between / (between + near) if near > 0 else 1.0
    everybody = _pile(counts, rest)
    wide = everybody[0] / everybody[1]
    expected = wide + pull * (beside[0] / beside[1] - wide)
    variance = within + whole * (1 - pull) ** 2 + near * pull**2 + between * (1 - pull)
    return estimate(group[0] / group[1] - expected, math.sqrt(variance))


def _pile(counts: Mapping[str, tuple[float, float]], people: list[str]) -> tuple[float, float]:
    known = [counts[member] for member in people if member in counts]
    return math.fsum(won for won, _ in known), math.fsum(tried for _, tried in known)


def _apart(counts: list[tuple[float, float]]) -> float:
    """The variance of a rate between people (or teams) beyond chance."""
    listed = np.array(counts).reshape(-1, 2)
    return between_variance(listed[:, 0], listed[:, 1])[0] if len(listed) > 2 else 0.0


def _error(counts: Mapping[str, tuple[float, float]], people: list[str], apart: float) -> float:
    """The variance of a group's rate: chance, and who happens to be in it."""
    won, tried = _pile(counts, people)
    smooth = (won + 0.5) / (tried + 1)
    parts = math.fsum((counts[member][1] / tried) ** 2 for member in people if member in counts)
    return smooth * (1 - smooth) / tried + apart * parts
