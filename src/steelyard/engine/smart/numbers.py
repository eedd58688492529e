"""Numbers as people write them: 1,200, 5 万, 2.5m, twelve, 百分之十, 三成, double, 翻一番, one in five."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from steelyard.engine.smart.text import apart, around

# A figure as it stands, a share (0.1 for 10 %), a multiple of what is there now, or a change by a share.
Form = Literal["figure", "share", "multiple"]

_ONES = dict(
    zip(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen"),
        ),
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"),
        range(20, 100, 10),
        strict=True,
    )
)
_BIG = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mio": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "billion": 1e9,
    "w": 1e4,
    "万亿": 1e12,
    "千万": 1e7,
    "百万": 1e6,
    "十万": 1e5,
    "万": 1e4,
    "亿": 1e8,
    "千": 1e3,
    "百": 1e2,
}
_SCALE = (
    "(?P<scale>万亿|千万|百万|十万|万|亿|千(?!克|米)|百(?!分)|"
    r"(?:\s?(?:thousand|million|billion|mio|mn|bn|[kmw]))(?![a-z]))"
)
_DIGITS = re.compile(r"(?<![a-z\d.])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)" + _SCALE + "?")
_WORD = "|".join((*_ONES, *_TENS, *_BIG, "dozen"))
_WORDS = re.compile(
    rf"(?<![a-z])(?:half an? (?:million|billion|dozen)|an? (?:hundred|thousand|million|billion|dozen)|"
    rf"(?:{_WORD})"
    rf"(?:[\s-](?:and\s)?(?:{_WORD}))*)(?![a-z])"
)
_PART = {"half": 0.5, "halves": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "tenth": 0.1}
_FRACTION = re.compile(
    r"(?<![a-z])(?P<count>an?|one|two|three|four)[\s-](?P<part>third|quarter|fifth|tenth)s?(?![a-z])"
    r"(?=\s+of\b|$|[\s,.;])"
)
_OUT_OF = re.compile(rf"(?<![a-z\d])(?P<some>\d+|{_WORD})\s(?:in|out of)\s(?P<all>\d+|{_WORD})(?![a-z\d])")
_SLASHED = re.compile(r"(?<![\d/.-])(?P<some>[1-9])/(?P<all>[2-9]|10)(?![\d/])")
_MULTIPLES = {
    **dict.fromkeys(("double", "doubles", "doubled", "doubling", "twice", "twofold"), 2.0),
    **dict.fromkeys(("triple", "triples", "tripled", "tripling", "treble", "threefold"), 3.0),
    **dict.fromkeys(("quadruple", "quadrupled", "fourfold"), 4.0),
    **dict.fromkeys(("halve", "halves", "halved", "halving", "half"), 0.5),
    "fivefold": 5.0,
    "tenfold": 10.0,
}
_MULTIPLE = re.compile(
    r"(?<![a-z])(?:"
    + "|".join(_MULTIPLES)
    + r")(?![a-z-])(?!\s(?:11|12|eleven|check|down|an? (?:million|billion|dozen)|"
    r"of (?:the )?(?:year|20)|year))"
)
_HALF_YEAR = re.compile(r"(?:first|second|1st|2nd|other|next|this|last|each)\s$")

_HAN_DIGIT = dict(zip("零〇一二三四五六七八九", (0, *range(10)), strict=True)) | {"两": 2, "俩": 2}
_HAN_UNIT = {"十": 10, "百": 100, "千": 1_000}
_HAN_BIG = {"万": 10_000, "亿": 100_000_000}
_HAN = "零〇一二三四五六七八九十百千万亿两半"
_HAN_NUMBER = re.compile(rf"(?<!第)(?:(?!百分)[{_HAN}])+(?:点[{_HAN}]+)?")
_HAN_SHARE = re.compile(rf"百分之(?P<percent>[{_HAN}点]+|\d+(?:\.\d+)?)|百分百")
_HAN_TENTHS = re.compile(
    r"(?P<tenths>[一二两三四五六七八九]|\d(?:\.\d)?)成(?P<half>半)?(?!交|员|单|本|功|立|果|熟|为|长|绩|效|就)"
)
_HAN_PART = re.compile(rf"(?P<all>[{_HAN}]+|\d+)分之(?P<some>[{_HAN}]+|\d+)")
_HAN_MULTIPLE = re.compile(
    r"翻(?P<times>[一二两三\d])?番|翻(?:一)?倍|(?P<doubled>成倍)|减半|砍半|腰斩|一半|过半|半数"
)


# As great as a goal may hold it; a row of more digits is some number on a card or a mistake.
GREATEST = 1e18


@dataclass(frozen=True)
class Number:
    """A number and where it stands in the plain text."""

    start: int
    end: int
    value: float
    form: Form = "figure"


def numbers_in(text: str) -> tuple[Number, ...]:
    """Every number of the text, in its order; where two readings overlap the fuller one counts."""
    known = (each for each in _all(text) if each.value <= GREATEST)
    fullest = sorted(known, key=lambda each: (each.form == "figure", each.start - each.end))
    return tuple(sorted(apart(fullest, len(text)), key=lambda each: each.start))


def chinese_number(text: str) -> float | None:
    """三百五十 is 350, 两千万 20,000,000, 一点五 1.5, 半 a half; None for what is no number."""
    whole, _, fraction = text.partition("点")
    value = _whole(whole)
    if value is None or not fraction:
        return value
    if not all(sign in _HAN_DIGIT for sign in fraction):
        return None
    return value + float("0." + "".join(str(_HAN_DIGIT[sign]) for sign in fraction))


def _all(text: str) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        scale = (match["scale"] or "").strip()
        yield Number(*match.span(), float(match["digits"].replace(",", "")) * _SCALES.get(scale, 1.0))
    yield from _in_english(text)
    yield from _in_chinese(text)


def _in_english(text: str) -> Iterator[Number]:
    for match in _WORDS.finditer(text):
        yield Number(*match.span(), _english(match[0]))
    for match in _FRACTION.finditer(text):
        count = 1.0 if match["count"] in ("a", "an") else float(_ONES[match["count"]])
        yield Number(*match.span(), count * _PART[match["part"]], "share")
    for match in _OUT_OF.finditer(text):
        some, all_ = (_english(match[name]) for name in ("some", "all"))
        if some < all_:
            yield Number(*match.span(), some / all_, "share")
    for match in _SLASHED.finditer(text):
        yield Number(*match.span(), float(match["some"]) / float(match["all"]), "share")
    for match in _MULTIPLE.finditer(text):
        if not _HALF_YEAR.search(around(text, *match.span())[0]):
            yield Number(*match.span(), _MULTIPLES[match[0]], "multiple")


def _in_chinese(text: str) -> Iterator[Number]:
    for match in _HAN_NUMBER.finditer(text):
        if (value := chinese_number(match[0])) is not None:
            yield Number(*match.span(), value)
    for match in _HAN_SHARE.finditer(text):
        percent = _figure(match["percent"]) if match["percent"] else 100.0
        if percent is not None:
            yield Number(*match.span(), percent / 100, "share")
    for match in _HAN_TENTHS.finditer(text):
        tenths = _figure(match["tenths"])
        if tenths is not None:
            yield Number(*match.span(), (tenths + (0.5 if match["half"] else 0.0)) / 10, "share")
    for match in _HAN_PART.finditer(text):
        some, all_ = _figure(match["some"]), _figure(match["all"])
        if some is not None and all_:
            yield Number(*match.span(), some / all_, "share")
    for match in _HAN_MULTIPLE.finditer(text):
        times = _figure(match["times"]) if match["times"] else 1.0
        half = match[0] in ("减半", "砍半", "腰斩", "一半", "过半", "半数")
        yield Number(*match.span(), 0.5 if half else 2.0 ** (times or 1.0), "multiple")


def _figure(text: str) -> float | None:
    return float(text) if text[0].isdigit() else chinese_number(text)


def _english(words: str) -> float:
    """twenty-five, one hundred and twenty, half a million, a dozen."""
    total, current = 0.0, 0.0
    for word in re.findall(r"[a-z]+|\d+", words):
        if word.isdigit():
            current += float(word)
        elif word == "half":
            current = 0.5
        elif word in _ONES or word in _TENS:
            current += _ONES.get(word, _TENS.get(word, 0))
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in _BIG:
            total += (current or 1) * _BIG[word]
            current = 0.0
    return total + current


def _whole(text: str) -> float | None:
    if text == "半":
        return 0.5
    if not text or "半" in text:
        return None
    if all(sign in _HAN_DIGIT for sign in text):
        return float("".join(str(_HAN_DIGIT[sign]) for sign in text))
    total, section, digit = 0.0, 0.0, 0.0
    for sign in text:
        if sign in _HAN_DIGIT:
            digit = _HAN_DIGIT[sign]
        elif sign in _HAN_UNIT:
            section += (digit or 1) * _HAN_UNIT[sign]
            digit = 0.0
        else:
            total = (total + section + digit or 1) * _HAN_BIG[sign]
            section = digit = 0.0
    return total + section + digit
