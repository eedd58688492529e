"""A draft from what a file or a form holds: lenient in how a value is written, strict in what it means."""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from steelyard.engine.smart.findings import Draft
from steelyard.engine.smart.numbers import GREATEST, numbers_in
from steelyard.engine.smart.text import text_of
from steelyard.errors import Refused

_FIELDS = frozenset(each.name for each in fields(Draft))
_NAMES = {"title": "text", "why": "cause", "theme": "parent", "language": "lang"}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T ].*)?")
_MONTH = re.compile(r"(\d{4})[-/.年](\d{1,2})月?")
_QUARTER = re.compile(r"(\d{4})[- ]?q([1-4])", re.IGNORECASE)
_YEAR = re.compile(r"(\d{4})年?")


def draft_of(document: Mapping[str, Any]) -> Draft:
    """Read a goal as one JSON object.

    Parameters
    ----------
    document
        `text` and any of the draft's fields. Numbers may be texts (“63%”, “500 万”); `start` and `end` a
        day, month, quarter or year, of which the first or the last day counts. An end in other words is
        read as part of the text. Other keys are passed over.

    Raises
    ------
    Refused
        `smart.not-a-goal` without a text; `smart.bad-field` with `field` and `value` for what does not fit.
    """
    given = {_NAMES.get(name, name): value for name, value in document.items() if value not in (None, "", [])}
    text = given.get("text", "")
    if not isinstance(text, str):
        raise Refused("smart.not-a-goal")
    if not text and not given.get("kpi"):
        raise Refused("smart.not-a-goal")
    read: dict[str, Any] = {
        name: _text(name, value) for name, value in given.items() if name in _FIELDS and name not in _READERS
    }
    read |= {name: read_as(name, given[name]) for name, read_as in _READERS.items() if name in given}
    if "end" in given and read["end"] is None:
        text = f"{text} ({given['end']})"
    return Draft(**{**read, "text": text})


def _number(name: str, value: Any) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= GREATEST:
        return float(value)
    plain = text_of(str(value).strip()).plain
    found = numbers_in(plain)
    if len(found) != 1 or not isinstance(value, str):
        raise Refused("smart.bad-field", field=name, value=str(value)[:40])
    sign = -1 if re.match(r"^\s*-", plain) else 1
    return sign * found[0].value / (100 if "%" in plain[found[0].end :] else 1)


def _day(name: str, value: Any) -> date | None:
    if isinstance(value, date):
        return value
    text = str(value).strip()
    is_end = name == "end"
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _QUARTER.fullmatch(text):
            last = int(found[2]) * 3
            return _edge(int(found[1]), last if is_end else last - 2, is_end=is_end)
        if found := _MONTH.fullmatch(text):
            return _edge(int(found[1]), int(found[2]), is_end=is_end)
        if found := _YEAR.fullmatch(text):
            return _edge(int(found[1]), 12 if is_end else 1, is_end=is_end)
    except ValueError as fault:
        raise Refused("smart.bad-field", field=name, value=text[:40]) from fault
    return None


def _edge(year: int, month: int, *, is_end: bool) -> date:
    return date(year, month, monthrange(year, month)[1] if is_end else 1)


def _history(name: str, value: Any) -> tuple[float | None, ...]:
    if not isinstance(value, list | tuple):
        raise Refused("smart.bad-field", field=name, value=str(value)[:40])
    return tuple(None if each is None else _number(name, each) for each in value)


def _lang(name: str, value: Any) -> str | None:
    """zh-Hans is zh; a language that is not known is told from the text."""
    short = str(value).lower()[:2]
    return short if short in ("zh", "en") else None


def _text(name: str, value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("title") or value.get("name") or value.get("id") or value
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


_READERS: dict[str, Any] = {
    "lang": _lang,
    "baseline": _number,
    "target": _number,
    "start": _day,
    "end": _day,
    "history": _history,
}
