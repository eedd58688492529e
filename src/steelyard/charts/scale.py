"""Arithmetic of axes: round ticks, room around the data, labels that stay apart."""

import json
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence

ROUND_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
WIDE_CHARACTER, NARROW_CHARACTER = 12.5, 7.0


def ticks(low: float, high: float, *, count: int = 4) -> list[float]:
    """Round numbers from `low` to `high`, about `count` of them.

    >>> ticks(0, 97)
    [0.0, 25.0, 50.0, 75.0]
    >>> ticks(0.52, 0.71)
    [0.55, 0.6, 0.65, 0.7]
    """
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * round_step for round_step in ROUND_STEPS if power * round_step >= rough * 0.999999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [float(f"{index * step:.12g}") for index in range(first, last + 1)]


def padded(values: Iterable[float | None], *, share: float = 0.08) -> tuple[float, float]:
    """The range of the known values with some room on both sides; never empty.

    >>> padded([10, None, 20], share=0.1)
    (9.0, 21.0)
    """
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    room = (high - low) * share or abs(high) * share or 1.0
    return low - room, high + room


def spread(positions: Sequence[float], *, gap: float) -> list[float]:
    """The same positions in the same order, moved as little as needed to stand `gap` apart.

    >>> spread([10.0, 11.0, 40.0], gap=4.0)
    [8.5, 12.5, 40.0]
    """
    order = sorted(range(len(positions)), key=lambda index: (positions[index], index))
    clusters: list[tuple[float, list[int]]] = []
    for index in order:
        clusters.append((positions[index], [index]))
        while len(clusters) > 1 and _top(clusters[-2], gap) + gap > _bottom(clusters[-1], gap):
            members = clusters[-2][1] + clusters.pop()[1]
            clusters[-1] = (sum(positions[member] for member in members) / len(members), members)
    moved = list(positions)
    for middle, members in clusters:
        for place, member in enumerate(members):
            moved[member] = middle + (place - (len(members) - 1) / 2) * gap
    return moved


def _bottom(cluster: tuple[float, list[int]], gap: float) -> float:
    return cluster[0] - (len(cluster[1]) - 1) / 2 * gap


def _top(cluster: tuple[float, list[int]], gap: float) -> float:
    return cluster[0] + (len(cluster[1]) - 1) / 2 * gap


def text_width(text: str) -> float:
    """About how many pixels a text takes at 12 px."""
    return sum(
        WIDE_CHARACTER if unicodedata.east_asian_width(character) in "WF" else NARROW_CHARACTER
        for character in text
    )


def value_axis(low: float, high: float, *, tick: Callable[[float], str], count: int = 4) -> dict:
    """An axis over numbers whose labels were written by `tick`."""
    values = ticks(low, high, count=count)
    labels = [tick(value) for value in values]
    return {"values": values, "labelExpr": _lookup(values, labels), "title": None}


def place_axis(labels: Sequence[str]) -> dict:
    """An axis over the places 0, 1, 2 …, each with its own label; those without room are left out."""
    places = [float(place) for place in range(len(labels))]
    return {
        "values": places,
        "labelExpr": _lookup(places, labels),
        "labelOverlap": "greedy",
        "labelSeparation": 10,
        # A label nearer to an end of the axis than half its width would be cut off there.
        "labelFlush": 36,
        "grid": False,
        "title": None,
    }


def _lookup(values: Sequence[float], labels: Sequence[str]) -> str:
    return f"({json.dumps(list(labels))})[indexof({json.dumps(list(values))}, datum.value)]"
