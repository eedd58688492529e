"""Single values of a plan's document, leniently read; a mistake is refused with its place."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from steelyard.errors import Refused

_ENDINGS = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "%": Decimal("0.01")}
_FAST = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parsed(text: str) -> Any:
    """YAML with every scalar a text: a person named `No` or `12` keeps the name."""
    try:
        return yaml.load(text, Loader=_FAST)  # noqa: S506
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Refused("cascade.unreadable", line=mark.line + 1 if mark else 1) from fault


def mapping(found: Any, place: str) -> dict[str, Any]:
    if not isinstance(found, Mapping):
        raise Refused("cascade.not-a-mapping", place=place)
    return {str(key).strip(): value for key, value in found.items()}


def items(found: Any, place: str) -> list[Any]:
    if not isinstance(found, list | tuple):
        raise Refused("cascade.not-a-list", place=place)
    return list(found)


def named(found: Any, names: Mapping[str, str], place: str) -> dict[str, Any]:
    """A mapping by its keys' standard names; a key that is not known is refused with what may be meant."""
    result: dict[str, Any] = {}
    for key, value in mapping(found, place).items():
        plain = key.lower().replace("-", "_").replace(" ", "_")
        if plain not in names:
            suggestion = close(plain, names)
            code = "cascade.misspelt-key" if suggestion else "cascade.unknown-key"
            raise Refused(code, place=under(place, key), value=key, suggestion=suggestion)
        if names[plain] in result:
            raise Refused("cascade.key-twice", place=under(place, key), value=key)
        if not is_empty(value):
            result[names[plain]] = value
    return result


def number(found: Any, place: str) -> Decimal:
    """A figure: 1200, "1,200.50", 120万, 1.2亿, 5%."""
    text = "" if isinstance(found, bool) else str(found).strip().replace(",", "").replace("，", "")
    factor = _ENDINGS.get(text[-1:])
    try:
        value = Decimal(text[:-1].strip() if factor else text.replace("_", ""))
    except InvalidOperation as fault:
        raise Refused("cascade.not-a-number", place=place, value=str(found)[:63]) from fault
    if not value.is_finite() or abs(value) >= Decimal(10) ** 18:
        raise Refused("cascade.not-a-number", place=place, value=str(found)[:63])
    return plain(value if factor is None else value * factor)


def amount(found: Any, place: str) -> Decimal:
    """A figure that is not below zero."""
    value = number(found, place)
    if value < 0:
        raise Refused("cascade.below-zero", place=place, value=str(value))
    return value


def plain(value: Decimal) -> Decimal:
    """The same figure without needless zeros or exponent: 1E+3 is 1000, 2.50 is 2.5."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def decimals(value: Decimal) -> int:
    """How many decimals a figure needs: 2.50 needs one, 1E+3 none."""
    return max(-int(value.normalize().as_tuple().exponent), 0)


def text(found: Any, place: str) -> str:
    if isinstance(found, Mapping):
        found = found.get("zh") or found.get("en") or next(iter(found.values()), "")
    if not isinstance(found, str | int) or isinstance(found, bool) or not str(found).strip():
        raise Refused("cascade.not-text", place=place)
    return str(found).strip()


def day(found: Any, place: str, *, is_last: bool = False) -> date:
    """A day; a month stands for its first day, or its last."""
    if isinstance(found, datetime):
        return found.date()
    if isinstance(found, date):
        return found
    written = str(found).strip()
    if re.fullmatch(r"\d{4}-\d\d", written, re.ASCII):
        from steelyard.engine.periods import Period

        months = Period.parse(written).months() if _is_month(written) else []
        if months:
            return date.fromordinal(months[0].end.toordinal() - 1) if is_last else months[0].start
    try:
        return date.fromisoformat(written)
    except ValueError as fault:
        raise Refused("cascade.not-a-date", place=place, value=written[:63]) from fault


def close(found: str, known: Iterable[str]) -> str:
    """What may be meant; empty where nothing comes near."""
    candidates = sorted({str(one) for one in known})
    return next(iter(difflib.get_close_matches(found, candidates, n=1, cutoff=0.6)), "")


def is_empty(found: Any) -> bool:
    return found is None or (isinstance(found, str) and found.strip() in ("", "null", "~"))


def where(unit: str, period: str | None) -> str:
    """A cell, or with period None a unit's total, for people to read."""
    return f"{unit} {period or ''}".strip()


def under(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _is_month(written: str) -> bool:
    return 1 <= int(written[5:]) <= 12
