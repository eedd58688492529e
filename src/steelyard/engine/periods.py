"""Calendar and fiscal periods, and ranges of days: `2017-Q4`, `FY2017-Q4`, `2017-03-05..2017-04-09`."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from steelyard.errors import Refused

Grain = Literal["day", "week", "month", "quarter", "year", "fiscal-quarter", "fiscal-year", "range"]
RANGE: Grain = "range"
# The lengths that follow one another; a range of days stands alone.
GRAINS: tuple[Grain, ...] = tuple(grain for grain in get_args(Grain) if grain != RANGE)
FIRST_YEAR, LAST_YEAR = 1900, 2200
_MONTHS_IN = {"month": 1, "quarter": 3, "fiscal-quarter": 3, "year": 12, "fiscal-year": 12}


@dataclass(frozen=True, order=True)
class Period:
    """A named stretch of days, `end` exclusive. Made by `Period.parse` or `Period.containing`."""

    start: date
    end: date
    grain: Grain
    label: str
    fiscal_start: int = 1

    @classmethod
    def parse(cls, text: str, fiscal_start: int = 1) -> "Period":
        """Read the name of a period.

        Parameters
        ----------
        text
            `2017`, `2017-Q4`, `2017-11`, `2017-W05` (ISO week), `2017-11-03`, `FY2017`, `FY2017-Q4`, or a
            range of days, the last one included: `2011-05-31..2011-08-30`.
        fiscal_start
            Month in which the fiscal year starts, 1 to 12. A fiscal year is named by the year in
            which it ends: with 4, `FY2017` runs from April 2016 to March 2017.

        Returns
        -------
        Period

        Raises
        ------
        Refused
            `period.unreadable` with `text`; `period.backwards` for a range that ends before it starts;
            `period.fiscal-start` for a month that is none.

        Examples
        --------
        >>> Period.parse("2017-Q4").start, Period.parse("2017-Q4").end
        (datetime.date(2017, 10, 1), datetime.date(2018, 1, 1))
        >>> Period.parse("FY2017-Q4", fiscal_start=4).start
        datetime.date(2017, 1, 1)
        >>> Period.parse("2011-05-31..2011-08-30").end
        datetime.date(2011, 8, 31)
        """
        _check_fiscal_start(fiscal_start)
        if (match := _RANGE.fullmatch(text.strip())) is not None:
            first, last = (cls.parse(day, fiscal_start).start for day in match.groups())
            return cls.of_days(first, last, fiscal_start=fiscal_start)
        for pattern, read in _FORMS:
            match = pattern.fullmatch(text.strip())
            if match is None:
                continue
            try:
                day = read(*(int(part) for part in match.groups()), fiscal_start)
            except ValueError:
                break
            grain = _grain_of(text.strip())
            return cls.containing(day, grain=grain, fiscal_start=fiscal_start)
        raise Refused("period.unreadable", text=text[:40])

    @classmethod
    def of_days(cls, first: date, last: date, *, fiscal_start: int = 1) -> "Period":
        """Return the range of days from a first to a last, both included.

        >>> Period.of_days(date(2024, 2, 29), date(2024, 3, 1)).label
        '2024-02-29..2024-03-01'
        """
        if last < first:
            raise Refused("period.backwards", first=first.isoformat(), last=last.isoformat())
        label = f"{first.isoformat()}..{last.isoformat()}"
        return cls(first, last + timedelta(days=1), RANGE, label, fiscal_start)

    @classmethod
    def containing(cls, day: date, *, grain: Grain, fiscal_start: int = 1) -> "Period":
        """Return the period of a grain that holds a day; a range is held by none.

        >>> Period.containing(date(2021, 1, 3), grain="week").label
        '2020-W53'
        """
        _check_fiscal_start(fiscal_start)
        _check_grain(grain)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise Refused("period.unreadable", text=day.isoformat())
        if grain == "day":
            return cls(day, day + timedelta(days=1), grain, day.isoformat(), fiscal_start)
        if grain == "week":
            start = day - timedelta(days=day.weekday())
            year, week, _ = day.isocalendar()
            return cls(start, start + timedelta(days=7), grain, f"{year}-W{week:02}", fiscal_start)
        first = fiscal_start if grain.startswith("fiscal") else 1
        length = _MONTHS_IN[grain]
        start = _add_months(day.replace(day=1), -((day.month - first) % length))
        label = _label(start, grain=grain, first=first)
        return cls(start, _add_months(start, length), grain, label, fiscal_start)

    @property
    def days(self) -> int:
        """How many days the period has."""
        return (self.end - self.start).days

    def previous(self) -> "Period":
        """Return the period of the same grain before this one; for a range the as many days before it.

        >>> Period.parse("2017-Q1").previous().label
        '2016-Q4'
        >>> Period.parse("2017-03-01..2017-03-10").previous().label
        '2017-02-19..2017-02-28'
        """
        if self.grain == RANGE:
            return self._moved(-self.days)
        return Period.containing(
            self.start - timedelta(days=1), grain=self.grain, fiscal_start=self.fiscal_start
        )

    def next(self) -> "Period":
        """Return the period of the same grain after this one; for a range the as many days after it."""
        if self.grain == RANGE:
            return self._moved(self.days)
        return Period.containing(self.end, grain=self.grain, fiscal_start=self.fiscal_start)

    def year_ago(self) -> "Period":
        """Return the same period of the year before; for week 53 the last week of that year.

        A range has the same days of the year before, 28 February for the 29th.

        >>> Period.parse("2017-11").year_ago().label, Period.parse("2020-W53").year_ago().label
        ('2016-11', '2019-W52')
        """
        if self.grain == RANGE:
            first, last = (_add_months(day, -12) for day in (self.start, self.end - timedelta(days=1)))
            return Period.of_days(first, last, fiscal_start=self.fiscal_start)
        if self.grain == "week":
            year, week, _ = self.start.isocalendar()
            last_week = date(year - 1, 12, 28).isocalendar().week
            day = date.fromisocalendar(year - 1, min(week, last_week), 1)
        else:
            day = _add_months(self.start, -12)
        return Period.containing(day, grain=self.grain, fiscal_start=self.fiscal_start)

    def _moved(self, days: int) -> "Period":
        first = self.start + timedelta(days=days)
        return Period.of_days(first, first + timedelta(days=self.days - 1), fiscal_start=self.fiscal_start)

    def months(self) -> list["Period"]:
        """Return the calendar months that the period touches."""
        return periods("month", self.start, self.end - timedelta(days=1))


def periods(
    grain: Grain, first: "date | Period", last: "date | Period", *, fiscal_start: int | None = None
) -> list[Period]:
    """List the periods of a grain from the one that holds `first` to the one that holds `last`.

    Parameters
    ----------
    grain
        One of `GRAINS`.
    first, last
        Days or periods; of a period `last` its last day counts.
    fiscal_start
        As for `Period.parse`; by default that of the periods given, else 1.

    Returns
    -------
    list of Period
        In time order; empty when `last` is before `first`.

    Raises
    ------
    Refused
        `period.grain` for an unknown grain and for "range", `period.unreadable` for a year out of range.

    Examples
    --------
    >>> [each.label for each in periods("quarter", date(2017, 2, 1), Period.parse("2017"))]
    ['2017-Q1', '2017-Q2', '2017-Q3', '2017-Q4']
    """
    _check_grain(grain)
    if fiscal_start is None:
        fiscal_start = next((each.fiscal_start for each in (last, first) if isinstance(each, Period)), 1)
    start = first.start if isinstance(first, Period) else first
    end = last.end - timedelta(days=1) if isinstance(last, Period) else last
    if end < start:
        return []
    listed = [Period.containing(start, grain=grain, fiscal_start=fiscal_start)]
    while listed[-1].end <= end:
        listed.append(listed[-1].next())
    return listed


def _check_grain(grain: str) -> None:
    if grain not in GRAINS:
        raise Refused("period.grain", grain=str(grain)[:40])


def _check_fiscal_start(month: int) -> None:
    if month not in range(1, 13):
        raise Refused("period.fiscal-start", month=month)


def _add_months(day: date, count: int) -> date:
    """Shift a day by whole months; 29 February falls back to the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


def _label(start: date, *, grain: Grain, first: int) -> str:
    if grain == "month":
        return f"{start.year}-{start.month:02}"
    year = start.year if first == 1 or start.month < first else start.year + 1
    prefix = "FY" if grain.startswith("fiscal") else ""
    if grain.endswith("year"):
        return f"{prefix}{year}"
    return f"{prefix}{year}-Q{(start.month - first) % 12 // 3 + 1}"


def _grain_of(text: str) -> Grain:
    fiscal = text.startswith("FY")
    if "Q" in text:
        return "fiscal-quarter" if fiscal else "quarter"
    if "W" in text:
        return "week"
    if fiscal:
        return "fiscal-year"
    return {4: "year", 7: "month", 10: "day"}[len(text)]  # type: ignore[return-value]


def _fiscal(year: int, fiscal_start: int, *, quarter: int = 1) -> date:
    start = date(year if fiscal_start == 1 else year - 1, fiscal_start, 1)
    return _add_months(start, 3 * (quarter - 1))


_RANGE = re.compile(r"(\d{4}-\d\d-\d\d)\s*(?:\.\.|…|~|～)\s*(\d{4}-\d\d-\d\d)", re.ASCII)
_FORMS: list[tuple[re.Pattern[str], Callable[..., date]]] = [
    (re.compile(r"(\d{4})", re.ASCII), lambda year, _: date(year, 1, 1)),
    (re.compile(r"(\d{4})-Q([1-4])", re.ASCII), lambda year, quarter, _: date(year, 3 * quarter - 2, 1)),
    (re.compile(r"(\d{4})-(\d\d)", re.ASCII), lambda year, month, _: date(year, month, 1)),
    (re.compile(r"(\d{4})-W(\d\d)", re.ASCII), lambda year, week, _: date.fromisocalendar(year, week, 1)),
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII), lambda year, month, day, _: date(year, month, day)),
    (re.compile(r"FY(\d{4})", re.ASCII), lambda year, start: _fiscal(year, start)),
    (re.compile(r"FY(\d{4})-Q([1-4])", re.ASCII), lambda year, q, start: _fiscal(year, start, quarter=q)),
]
