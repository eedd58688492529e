"""What a column of text looks like: numbers, dates and their order, or words."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# What people and exports write where there is no value; only in columns of dates and numbers.
NO_VALUE = frozenset(
    (
        *("-", "--", "—", "——", "－", "/", "／", "\\", "n/a", "na", "#n/a", "#div/0!", "nan", "null", "none"),
        *("nil", "tbd", "无", "空", "暂无", "待定", "未定"),
    )
)
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d*)?([eE][+-]?\d{1,3})?[%％]?|[+-]?\.\d+")
# Around a number: signs of money, a word that says how large it is, what is counted, brackets.
_MAGNITUDE = re.compile(r"(?<=\d)\s*(?:百万|千万|[千万亿kKM])(?=元|圆|$|\s|[A-Z人])")
_AROUND = re.compile(
    r"^(?:rmb|cny|usd|eur|gbp|us\$|人民币)|(?:rmb|cny|usd|eur|gbp|元整?|圆整?|[个件台套人次单家笔条份])$"
    r"|[¥￥$€£\s]|^'|^\(|\)$|(?<=\d)-$",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"[¥￥$€£]|rmb|cny|usd|eur|gbp|人民币", re.IGNORECASE)
_COMMA = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?")
_YEAR_FIRST = re.compile(
    r"(19|20|21)\d{2}([-/.年]\d{1,2}([-/.月]\d{1,2}日?)?月?|\d{4})([T ]\d{1,2}:\d{2}.*)?"
)
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(\s+\d{1,2}:\d{2}.*)?")
_WORDS = re.compile(r"\d{1,2}[ -][A-Za-z]{3,9}[ -]\d{2,4}|[A-Za-z]{3,9} \d{1,2}, \d{4}")
_SHORT = re.compile(r"(?:\d\d\s*年)?\d{1,2}月\d{1,2}[日号]")
_WEEKDAY = re.compile(r"[\s(（]*(?:星期|周|礼拜)[一二三四五六日天][)）]?$")
_NOTATIONS = {
    "magnitudes": re.compile(r"\d\s*(?:百万|千万|[千万亿kKM])"),
    "shares": re.compile(r"[%％]$"),
    "currency-signs": _CURRENCY,
    "counted": re.compile(r"(?:元整?|圆整?|[个件台套人次单家笔条份])$"),
    "brackets": re.compile(r"^[(（].*[)）]$"),
    "full-width": re.compile(r"[０-９，．]"),
    "spaces": re.compile(r"\d\s+\d"),
}
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
    dates = [each for each in filled if _is_date(each)]
    if dates and all(_is_date(each) or _SERIAL.fullmatch(each) for each in filled):
        return _dates(dates)
    if any(re.fullmatch(r"[+-]?0\d+", each) or len(re.sub(r"\D", "", each)) > 15 for each in filled):
        return Look("text", examples=_some(filled))
    bare = [bare_number(each) for each in filled]
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
    filled = [bare_number(value) for value in values]
    odd = [each for each in filled if each and not _NUMBER.fullmatch(each) and _COMMA.fullmatch(each)]
    return "," if odd else "."


def bare_number(text: str) -> str:
    """The number in a cell without what stands around it."""
    text = text.strip()
    if _NUMBER.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text).replace("−", "-")
    return _AROUND.sub("", _MAGNITUDE.sub("", plain))


def notations(values: Iterable[str], look: Look) -> tuple[str, ...]:
    """The special ways in which numbers and dates of a column are written, as codes."""
    filled = [
        each for each in (value.strip() for value in values) if each and each.casefold() not in NO_VALUE
    ]
    if look.type == "number":
        found = {code for each in filled for code, test in _NOTATIONS.items() if test.search(each)}
        return tuple(code for code in _NOTATIONS if code in found)
    if look.type not in ("date", "timestamp"):
        return ()
    serial = any(_SERIAL.fullmatch(each) for each in filled)
    points = any(re.fullmatch(r"\d{4}\.\d{1,2}\.\d{1,2}.*", each) for each in filled)
    words = any("年" in each for each in filled)
    tight = any(re.fullmatch(r"\d{8}", each) for each in filled)
    flags = {
        "serial-days": serial,
        "dates-with-points": points,
        "dates-in-words": words,
        "dates-tight": tight,
    }
    return tuple(code for code, is_so in flags.items() if is_so)


def currencies(values: Iterable[str]) -> tuple[str, ...]:
    """The currencies that stand beside the numbers of a column, each once."""
    found = (_CURRENCY.search(value) for value in values)
    signs = (each[0].upper() for each in found if each)
    return tuple(
        dict.fromkeys({"￥": "¥", "RMB": "¥", "CNY": "¥", "人民币": "¥"}.get(each, each) for each in signs)
    )


def _is_date(text: str) -> bool:
    if not text[:1].isascii() or _WEEKDAY.search(text):
        text = _WEEKDAY.sub("", unicodedata.normalize("NFKC", text))
    if " " in text and ("年" in text or "月" in text):
        text = re.sub(r"\s*([年月])\s*|\s+(日)", r"\1\2", text)
    return bool(
        _YEAR_FIRST.fullmatch(text)
        or _YEAR_LAST.fullmatch(text)
        or _WORDS.fullmatch(text)
        or _SHORT.fullmatch(text)
    )


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
