"""A small chart as plain SVG: a line with its natural limits, its target and its signals. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 200.0, 56.0
PAD = 5.0

Span = tuple[float, float]


@dataclass(frozen=True)
class Spark:
    """Paths and points in a box of WIDTH × HEIGHT; a gap in the values is a gap in the line."""

    line: str
    band: str
    target: str
    signals: tuple[Span, ...]
    # Points that no line reaches, and the last one.
    dots: tuple[Span, ...]
    box: str = f"0 0 {WIDTH:g} {HEIGHT:g}"


def spark(
    values: Sequence[float | None],
    *,
    bands: Sequence[Span | None],
    targets: Sequence[float | None],
    signals: Sequence[bool],
) -> Spark:
    """Lay out one series; the scale holds its values, limits and targets."""
    held = [value for value in (*values, *targets) if value is not None]
    held += [edge for band in bands if band for edge in band]
    if not any(value is not None for value in values):
        return Spark("", "", "", (), ())
    low, high = min(held), max(held)

    def x(place: int) -> float:
        return PAD + (WIDTH - 2 * PAD) * (place / (len(values) - 1) if len(values) > 1 else 1.0)

    def y(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return HEIGHT - PAD - (HEIGHT - 2 * PAD) * share

    known = [(place, value) for place, value in enumerate(values) if value is not None]
    alone = [place for place, _ in known if not {place - 1, place + 1} & {other for other, _ in known}]
    return Spark(
        line=path([None if value is None else (x(place), y(value)) for place, value in enumerate(values)]),
        band=area(
            [None if band is None else (x(place), y(band[0]), y(band[1])) for place, band in enumerate(bands)]
        ),
        target=path([None if each is None else (x(place), y(each)) for place, each in enumerate(targets)]),
        signals=tuple((round(x(place), 1), round(y(value), 1)) for place, value in known if signals[place]),
        dots=tuple(
            (round(x(place), 1), round(y(value), 1))
            for place, value in known
            if place in alone or place == known[-1][0]
        ),
    )


def path(points: Sequence[Span | None]) -> str:
    """Move where there was a gap, else draw."""
    parts: list[str] = []
    is_drawing = False
    for point in points:
        if point is None:
            is_drawing = False
            continue
        parts.append(f"{'L' if is_drawing else 'M'}{point[0]:.1f} {point[1]:.1f}")
        is_drawing = True
    return "".join(parts)


def area(edges: Sequence[tuple[float, float, float] | None]) -> str:
    """The stretch between two lines, closed at each gap."""
    parts: list[str] = []
    run: list[tuple[float, float, float]] = []
    for edge in (*edges, None):
        if edge is not None:
            run.append(edge)
        elif run:
            outline = [(x, low) for x, low, _ in run] + [(x, high) for x, _, high in reversed(run)]
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in outline) + "Z")
            run = []
    return "".join(parts)
