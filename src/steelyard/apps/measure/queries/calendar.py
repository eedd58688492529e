"""The site's calendar: periods by name, and the lengths of period that figures are kept by."""

import datetime

from django.conf import settings

from steelyard.engine.periods import Grain, Period, periods

CALENDAR: tuple[Grain, ...] = ("month", "quarter", "year")
FISCAL: tuple[Grain, ...] = ("fiscal-quarter", "fiscal-year")


def fiscal_start() -> int:
    """The month in which the fiscal year starts."""
    return int(settings.STEELYARD_FISCAL_START)


def grains() -> tuple[Grain, ...]:
    """By which lengths figures are kept; fiscal ones only where they differ from the calendar's."""
    return CALENDAR if fiscal_start() == 1 else (*CALENDAR, *FISCAL)


def main_grain() -> Grain:
    """The quarter that the site lives by."""
    return "quarter" if fiscal_start() == 1 else "fiscal-quarter"


def read_period(text: str) -> Period:
    """The period of a name, `FY2017-Q4` by the site's fiscal year."""
    return Period.parse(text, fiscal_start())


def period_of(day: datetime.date, grain: str) -> Period:
    """The period of a length that holds a day."""
    return Period.containing(day, grain=grain, fiscal_start=fiscal_start())  # type: ignore[arg-type]


def periods_of(grain: str, first: datetime.date | Period, last: datetime.date | Period) -> list[Period]:
    """The periods of a length between two days."""
    return periods(grain, first, last, fiscal_start=fiscal_start())  # type: ignore[arg-type]
