"""A beam as a row of a page: its geometry, its figures, and the sentence that says the same in words."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from steelyard.web import beam, numbers
from steelyard.web.numbers import Number, Shown

Target = Number | tuple[Number, Number] | None


@dataclass(frozen=True)
class Row:
    label: str
    note: str
    href: str
    beam: beam.Beam
    value: Shown
    distance: str
    tone: str
    judgement: str
    sentence: str
    # (what with, how it compares) in a fixed order; empty where a row stands alone.
    compare: tuple[tuple[str, str], ...] = ()


def beam_row(
    label: str,
    actual: Number | None,
    *,
    target: Target = None,
    before: Number | None = None,
    peers: Number | None = None,
    low: Number | None = None,
    high: Number | None = None,
    direction: str = "up",
    unit: str = "count",
    currency: str = "CNY",
    is_signal: bool = False,
    is_contrary: bool = False,
    note: str = "",
    href: str = "",
    compare: tuple[tuple[str, str], ...] = (),
) -> Row:
    """`before` is the value a year ago, `peers` that of like units; `low` and `high` are the natural limits.

    A contrary signal runs the other way than the distance to the target: it judges nothing, and is told.
    """
    limits = None if low is None or high is None else (float(low), float(high))
    laid_out = beam.place(
        None if actual is None else float(actual),
        target=floats(target),
        before=None if before is None else float(before),
        peers=None if peers is None else float(peers),
        limits=limits,
        direction=direction,
        is_signal=is_signal,
    )
    words = judgement_words(
        "contrary" if is_contrary and laid_out.judgement == "usual" else laid_out.judgement
    )
    nearest = nearest_edge(actual, target)

    def say(value: Number | None) -> str:
        return numbers.figure(value, unit=unit, currency=currency).text

    return Row(
        label=label,
        note=note,
        href=href,
        beam=laid_out,
        value=numbers.figure(actual, unit=unit, currency=currency),
        distance="" if nearest is None else numbers.difference(actual, nearest, unit=unit, currency=currency),
        tone={"worse": "bad", "better": "good", "on-target": "good"}.get(laid_out.judgement, "quiet"),
        judgement=words,
        sentence=sentence(
            label,
            laid_out,
            words=words,
            actual=actual,
            target=target,
            before=before,
            peers=peers,
            limits=limits,
            say=say,
        ),
        compare=compare,
    )


def floats(target: Target) -> float | tuple[float, float] | None:
    if target is None:
        return None
    return (float(target[0]), float(target[1])) if isinstance(target, tuple | list) else float(target)


def nearest_edge(actual: Number | None, target: Target) -> Number | None:
    """What the distance is measured to: the target, or the edge of a range that was left."""
    if not isinstance(target, tuple | list):
        return target
    low, high = target
    if actual is None or low <= actual <= high:
        return None
    return low if actual < low else high


def judgement_words(judgement: str) -> str:
    return {
        "worse": _("worse than target"),
        "better": _("better than target"),
        "on-target": _("on target"),
        "usual": _("usual variation, no signal"),
        "contrary": _("a signal, but the other way"),
        "no-target": _("no target"),
        "missing": _("no data"),
    }[judgement]


def sentence(
    label: str,
    laid_out: beam.Beam,
    *,
    words: str,
    actual: Number | None,
    target: Target,
    before: Number | None,
    peers: Number | None,
    limits: beam.Span | None,
    say: Callable[[Number | None], str],
) -> str:
    """The beam for those who do not see it."""
    parts = [
        _("%(label)s: %(value)s, %(judgement)s.") % {"label": label, "value": say(actual), "judgement": words}
    ]
    if isinstance(target, tuple | list):
        parts.append(_("Target from %(low)s to %(high)s.") % {"low": say(target[0]), "high": say(target[1])})
    elif target is not None:
        parts.append(_("Target %(value)s.") % {"value": say(target)})
    if before is not None:
        parts.append(_("A year ago %(value)s.") % {"value": say(before)})
    if peers is not None:
        parts.append(_("Peers %(value)s.") % {"value": say(peers)})
    if limits is not None:
        parts.append(
            _("Usual variation from %(low)s to %(high)s.") % {"low": say(limits[0]), "high": say(limits[1])}
        )
    if laid_out.is_reversed:
        parts.append(_("Lower is better; the beam runs reversed."))
    return " ".join(parts)
