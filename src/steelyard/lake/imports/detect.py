"""What a column of text looks like: numbers, dates and their order, or words."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

NO_VALUE = frozenset(("-", "--", "—", "n/a", "na", "#n/a", "nan", "null", "none", "nil", "无", "空"))
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,3})?[%％]?|[+-]?\.\d+")
_MONEY = re.compile(r"[¥￥$€£元\s]|^\(|\)$")
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_YEAR_FIRST = re.compile(
    r"(19|20|21)\d{2}([-/.年]\d{1,2}([-/.月]\d{1,2}日?)?月?|\d{4})([T ]\d{1,2}:\d{2}.*)?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\s+\d{1,2}:\d{2}.*)?")
_WORDS = re.compile(r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}|[A-Za-z]{3,9} \d{1,2}, \d{4}")
_SERIAL = re.compile(r"[2-7]\d{4}(\.\d+)?")


@dataclass(frozen=True)
class Look:
    """How the values of a column look.

    `type` is "text", "number", "date" or "timestamp". A date column has an `order`, or `ambiguous` when
    nothing in it tells day from month; `mixed` when some values say one and some the other.
    """

    type: str
    order: str = ""
    ambiguous: bool = False
    mixed: bool = False
    decimal: str = ""
    examples: tuple[str, ...] = ()


def look_at(values: Iterable[str]) -> Look:
    """Judge a column by its values."""
    filled = [
        each for each in (value.strip() for value in values) if each and each.casefold() not in NO_VALUE
    ]
    if not filled:
        return Look("text")
    if all(_is_date(each) for each in filled):
        return _dates(filled)
    if any(re.fullmatch(r"[+-]?0\d+", each) or len(re.sub(r"\D", "", each)) > 15 for each in filled):
        return Look("text", examples=_some(filled))
    bare = [_MONEY.sub("", each) for each in filled]
    if all(_NUMBER.fullmatch(each) for each in bare):
        return Look("number", decimal=".", examples=_some(filled))
    if all(_COMMA.fullmatch(each) for each in bare):
        return Look("number", decimal=",", examples=_some(filled))
    return Look("text", examples=_some(filled))


def date_look(values: Iterable[str]) -> Look:
    """How the dates are written in a column that is known to hold dates, whatever else is in it."""
    filled = [
        each for each in (value.strip() for value in values) if each and each.casefold() not in NO_VALUE
    ]
    dates = [each for each in filled if _is_date(each)]
    if not dates and filled and all(_SERIAL.fullmatch(each) for each in filled):
        return Look("date", order="excel", examples=_some(filled))
    return _dates(dates) if dates else Look("date", order="ymd", examples=_some(filled))


def decimal_of(values: Iterable[str]) -> str:
    """The decimal sign of a column of numbers: "," when a value can be read in no other way."""
    filled = [_MONEY.sub("", value.strip()) for value in values]
    odd = [each for each in filled if each and not _NUMBER.fullmatch(each) and _COMMA.fullmatch(each)]
    return "," if odd else "."


def _is_date(text: str) -> bool:
    return bool(_YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text) or _WORDS.fullmatch(text))


def _dates(filled: list[str]) -> Look:
    kind = "timestamp" if any(re.search(r"\d:\d", each) for each in filled) else "date"
    split = [(each, found) for each in filled if (found := _YEAR_LAST.fullmatch(each))]
    if not split:
        return Look(kind, order="ymd", examples=_some(filled))
    day_first = [each for each, found in split if int(found[1]) > 12 >= int(found[2])]
    month_first = [each for each, found in split if int(found[2]) > 12 >= int(found[1])]
    if day_first and month_first:
        return Look(kind, mixed=True, examples=(day_first[0], month_first[0]))
    order = "dmy" if day_first else "mdy" if month_first else ""
    return Look(kind, order=order, ambiguous=not order, examples=_some([each for each, _ in split]))


def _some(filled: list[str]) -> tuple[str, ...]:
    return tuple(each[:80] for each in dict.fromkeys(filled))[:3]
