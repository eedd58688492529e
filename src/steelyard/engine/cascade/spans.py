"""The periods of a plan: how they are written, which days they have, who is there in them."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from steelyard.engine.periods import Grain, Period, periods
from steelyard.errors import Refused

_BETWEEN = re.compile(r"\s*(?:\.\.|…|~|～|\bto\b|至)\s*")
_PARTS: Mapping[str, Grain] = {
    "year": "month",
    "quarter": "month",
    "fiscal-year": "month",
    "fiscal-quarter": "month",
}
_KEYS = ("from", "to", "start", "count", "grain", "year")
_MOST = 120


def expanded(found: Any, *, grain: str | None, start: Any, fiscal_start: int) -> tuple[str, ...]:
    """The labels that a plan's `periods` stand for.

    A year or a quarter alone stands for its months (or for the `grain`); a range for its periods; a list
    for what it names, in time order where all can be dated; a number below 1900 for that many periods.

    >>> expanded("2026-Q1", grain=None, start=None, fiscal_start=1)
    ('2026-01', '2026-02', '2026-03')
    >>> expanded("2025-11..2026-02", grain=None, start=None, fiscal_start=1)
    ('2025-11', '2025-12', '2026-01', '2026-02')
    """
    place = "periods"
    if isinstance(found, Mapping):
        unknown = [key for key in found if key not in _KEYS]
        if unknown:
            raise Refused("cascade.unknown-key", place=f"{place}.{unknown[0]}", value=str(unknown[0]))
        grain = found.get("grain", grain)
        start = found.get("start", found.get("from", start))
        if found.get("year") is not None:
            return expanded(found["year"], grain=grain, start=None, fiscal_start=fiscal_start)
        if found.get("to") is None:
            return _counted(found.get("count"), start, grain, fiscal_start, place)
        found = f"{start}..{found['to']}"
    if isinstance(found, list | tuple):
        return _listed([str(one).strip() for one in found], place, fiscal_start)
    text = str(found).strip()
    if text.isdecimal() and int(text) < 1900:
        return _counted(text, start, grain, fiscal_start, place)
    ends = _BETWEEN.split(text)
    if len(ends) > 2 or "" in ends:
        raise Refused("cascade.bad-periods", place=place, value=text[:63])
    first, last = _parsed(ends[0], fiscal_start, place), _parsed(ends[-1], fiscal_start, place)
    wanted = grain or (_PARTS.get(first.grain, first.grain) if len(ends) == 1 else first.grain)
    if wanted == "year" and len(ends) == 2 and grain is None:
        wanted = "month"
    return _limited([each.label for each in periods(_grain(wanted), first, last)], place, text)


def dated(labels: Sequence[str], fiscal_start: int) -> tuple[Period, ...] | None:
    """The periods of labels; None where one of them names no days."""
    try:
        return tuple(Period.parse(label, fiscal_start) for label in labels)
    except Refused:
        return None


def past_labels(labels: Sequence[str], count: int, fiscal_start: int) -> tuple[str, ...]:
    """The labels of the `count` periods before a plan's first; none where it cannot be dated."""
    found = dated(labels[:1], fiscal_start)
    if found is None or not found:
        return ()
    past, one = [], found[0]
    for _ in range(count):
        one = one.previous()
        past.append(one.label)
    return tuple(reversed(past))


def presence(
    dates: Sequence[tuple[date | None, date | None]], spans: Sequence[Period]
) -> NDArray[np.float64]:
    """The share of each period's days on which each unit has a target: row unit, column period.

    >>> presence([(date(2026, 1, 17), None)], [Period.parse("2026-01"), Period.parse("2026-02")])
    array([[0.48387097, 1.        ]])
    """
    begins = np.array([span.start.toordinal() for span in spans], dtype=np.int64)
    ends = np.array([span.end.toordinal() for span in spans], dtype=np.int64)
    joins = np.array([date.min.toordinal() if one is None else one.toordinal() for one, _ in dates])
    leaves = np.array([date.max.toordinal() if one is None else one.toordinal() + 1 for _, one in dates])
    first = np.maximum(begins[None, :], joins[:, None])
    last = np.minimum(ends[None, :], leaves[:, None])
    return np.maximum(last - first, 0) / (ends - begins)[None, :]


def weekdays(span: Period) -> int:
    """Monday to Friday, the days that leave is counted in."""
    return sum((span.start + timedelta(days=day)).weekday() < 5 for day in range(span.days))


def _counted(count: Any, start: Any, grain: Any, fiscal_start: int, place: str) -> tuple[str, ...]:
    text = str(count).strip()
    if not text.isdecimal() or not 1 <= int(text) <= _MOST:
        raise Refused("cascade.bad-periods", place=place, value=text[:63])
    if start is None:
        return tuple(str(place + 1) for place in range(int(text)))
    one = _parsed(str(start), fiscal_start, "start")
    if grain is not None:
        one = Period.containing(one.start, grain=_grain(grain), fiscal_start=fiscal_start)
    elif one.grain in ("year", "fiscal-year", "day"):
        one = Period.containing(one.start, grain="month", fiscal_start=fiscal_start)
    labels = [one.label]
    while len(labels) < int(text):
        one = one.next()
        labels.append(one.label)
    return tuple(labels)


def _listed(labels: list[str], place: str, fiscal_start: int) -> tuple[str, ...]:
    _limited(labels, place, str(len(labels)))
    for index, label in enumerate(labels):
        if not label:
            raise Refused("cascade.bad-periods", place=f"{place}[{index}]", value=label)
        if label in labels[:index]:
            raise Refused("cascade.period-twice", place=f"{place}[{index}]", value=label)
    found = dated(labels, fiscal_start)
    if found is None:
        return tuple(labels)
    found = tuple(sorted(found))
    for one, following in pairwise(found):
        if following.start < one.end:
            raise Refused("cascade.period-twice", place=place, value=following.label)
    return tuple(one.label for one in found)


def _parsed(text: str, fiscal_start: int, place: str) -> Period:
    try:
        return Period.parse(text.strip(), fiscal_start)
    except Refused as fault:
        raise Refused("cascade.bad-periods", place=place, value=text[:63]) from fault


def _grain(found: Any) -> Grain:
    names: Mapping[str, Grain] = {
        "month": "month",
        "months": "month",
        "monthly": "month",
        "quarter": "quarter",
        "quarters": "quarter",
        "quarterly": "quarter",
        "week": "week",
        "weeks": "week",
        "year": "year",
        "years": "year",
        "fiscal-quarter": "fiscal-quarter",
        "fiscal-year": "fiscal-year",
        "月": "month",
        "季度": "quarter",
        "年": "year",
    }
    if str(found).strip().lower() not in names:
        raise Refused("cascade.bad-periods", place="grain", value=str(found)[:63])
    return names[str(found).strip().lower()]


def _limited(labels: list[str], place: str, text: str) -> tuple[str, ...]:
    if not 1 <= len(labels) <= _MOST:
        raise Refused("cascade.bad-periods", place=place, value=text[:63])
    return tuple(labels)
