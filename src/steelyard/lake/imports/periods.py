"""Years and months that names tell: of sheets, files and titles, and of columns that stand for a period."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_HAN = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
_HAN |= {"十一": 11, "十二": 12}
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
    r"(?![a-z])",
)
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?!\d)")
_MONTHS = (
    re.compile(r"(?<!\d)(?:19|20|21)\d\d\s*(?:年|[-/._ ])\s*(0?[1-9]|1[0-2])(?!\d)月?"),
    re.compile(r"(?<!\d)(?:19|20|21)\d\d(0[1-9]|1[0-2])(?!\d)"),
    re.compile(r"(?<!\d)(0?[1-9]|1[0-2])\s*月"),
)
_HAN_MONTH = re.compile(r"(十[一二]|[一二三四五六七八九十])月")
_STAMP = re.compile(r"(?<!\d)(?:19|20|21)\d\d[-_.]?(?:0[1-9]|1[0-2])[-_.]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
_RUN = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(0[1-9]|1[0-2])(?!\d)")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d\d)\s*年")
_QUARTER = re.compile(r"(?:q\s*([1-4])|第?([一二三四1-4])\s*季度?|([1-4])q)")
_DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])[日号]")
_DATE = re.compile(r"((?:19|20|21)\d\d)[-/.年](0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?")
_DECOR = re.compile(r"[\s年度份\-/._'’]+")


@dataclass(frozen=True)
class When:
    """The year and month that a name tells, so far as it does; `stamped` when it has the date of a day."""

    year: int | None = None
    month: int | None = None
    stamped: bool = False


@dataclass(frozen=True)
class HeaderPeriod:
    """What a column of a wide table stands for. `kind` is "day", "month", "quarter" or "year"."""

    kind: str
    number: int
    year: int | None = None
    month: int | None = None

    def label(self, when: When) -> str:
        """2026-03, 2026-Q1, 2026-03-05 or 2026; "" while the year is not known."""
        year = self.year or when.year
        if year is None:
            return ""
        if self.kind == "year":
            return f"{year:04}"
        if self.kind == "quarter":
            return f"{year:04}-Q{self.number}"
        if self.kind == "month":
            return f"{year:04}-{self.number:02}"
        month = self.month or when.month
        return f"{year:04}-{month:02}-{self.number:02}" if month else ""


def when_in(name: str) -> When:
    """Read a name; several years or months in it tell none."""
    text = unicodedata.normalize("NFKC", name).casefold()
    stamped = bool(_STAMP.search(text))
    years = {int(each) for each in _YEAR.findall(text)} | {int(each[0]) for each in _RUN.findall(text)}
    years |= {2000 + int(each) for each in _SHORT_YEAR.findall(text)}
    if stamped:
        years |= {int(_STAMP.search(text)[0][:4])}  # type: ignore[index]
    months = {int(each) for pattern in _MONTHS for each in pattern.findall(text)}
    months |= {_HAN[each] for each in _HAN_MONTH.findall(text)}
    months |= {_NAMES.index(each) + 1 for each in _ENGLISH.findall(text)}
    return When(_only(years), _only(months), stamped)


def settled(sheet: str, titles: Sequence[str], file: str, year: int | None = None) -> When:
    """What is told about the rows of a sheet: by the person, its name, then titles and the file's name.

    A file that carries the date of a day says when it was written, and nothing about its rows.
    """
    own = when_in(sheet)
    others = [when_in(each) for each in titles]
    if not (named := when_in(file)).stamped:
        others.append(named)
    years = {each.year for each in others if each.year}
    months = {each.month for each in others if each.month}
    return When(year or own.year or _only(years), own.month or _only(months))


def header_period(header: str) -> HeaderPeriod | None:
    """The period that a header names and nothing else; None for any other header."""
    text = unicodedata.normalize("NFKC", header).strip().casefold()
    if found := _DATE.fullmatch(text.split(" ")[0]):
        return HeaderPeriod("day", int(found[3]), int(found[1]), int(found[2]))
    if found := _DAY.fullmatch(text):
        return HeaderPeriod("day", int(found[1]))
    year = when_in(text).year or _short_year(text)
    if quarter := _QUARTER.search(text):
        rest = _DECOR.sub("", _YEAR.sub("", text.replace(quarter[0], "")))
        number = quarter[1] or quarter[3] or str(_HAN.get(quarter[2], quarter[2]))
        return HeaderPeriod("quarter", int(number), year) if not rest else None
    return _month_header(text, year)


def as_months(periods: Sequence[HeaderPeriod]) -> list[HeaderPeriod]:
    """Days that are all the first of a month are months: a spreadsheet keeps "Jan 2026" as such a day."""
    if all(each.kind == "day" and each.year and each.number == 1 for each in periods):
        return [HeaderPeriod("month", each.month or 1, each.year) for each in periods]
    return list(periods)


def _month_header(text: str, year: int | None) -> HeaderPeriod | None:
    if re.fullmatch(r"(?:19|20|21)\d\d\s*(?:年度?|fy)?", text):
        return HeaderPeriod("year", 0, year)
    month = when_in(text).month
    if month is None:
        return None
    rest = text
    for pattern in (*_MONTHS, _HAN_MONTH, _ENGLISH, _YEAR):
        rest = pattern.sub("", rest)
    rest = _DECOR.sub("", re.sub(r"\d\d", "", rest, count=1) if _short_year(text) else rest)
    return HeaderPeriod("month", month, year) if not rest else None


def _short_year(text: str) -> int | None:
    """The 26 of "Jan-26"."""
    found = re.fullmatch(r"[a-z]{3,9}[-' ]+(\d\d)", text)
    return 2000 + int(found[1]) if found else None


def _only(found: set[int]) -> int | None:
    return found.pop() if len(found) == 1 else None
