"""Lengths of time as people say them: minutes, hours, days. A missing one is a dash."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.web import numbers
from steelyard.web.numbers import MISSING, decimal, grouped, places, rounded

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
# Up to two days in hours: "36 hours" tells more than "1.5 days".
HOURS_UP_TO = 2 * DAY
WORKDAY = 8 * HOUR


def duration(seconds: float | None) -> str:
    """3.4 days, 5.2 hours, 12 min: inside sentences and tables."""
    if seconds is None:
        return MISSING
    if abs(seconds) >= HOURS_UP_TO:
        return numbers.days(_short(seconds / DAY))
    if abs(seconds) >= HOUR:
        return numbers.hours(_short(seconds / HOUR))
    return _minutes(seconds)


def brief(seconds: float | None) -> str:
    """3.4 d, 5.2 h, 12 min: on an arrow of the map."""
    if seconds is None:
        return MISSING
    if abs(seconds) >= HOURS_UP_TO:
        return pgettext("short for days", "%(number)s d") % {"number": _figure(seconds / DAY)}
    if abs(seconds) >= HOUR:
        return pgettext("short for hours", "%(number)s h") % {"number": _figure(seconds / HOUR)}
    return _minutes(seconds)


def hours(value: float | None) -> str:
    return MISSING if value is None else numbers.hours(_short(value))


def nights_count() -> str:
    """A caveat where no working calendar tells nights from work."""
    return _("Without a working calendar, nights and weekends between start and finish count as work.")


def _minutes(seconds: float) -> str:
    if 0 < abs(seconds) < MINUTE:
        return pgettext("short for seconds", "%(number)s s") % {"number": f"{seconds:.0f}"}
    shown = rounded(decimal(seconds / MINUTE) or decimal(0), 0)  # type: ignore[arg-type]
    return pgettext("short for minutes", "%(number)s min") % {"number": grouped(shown, 0)}


def _short(value: float) -> float:
    """With three digits that count: nobody needs the tenth of a day in 1,234 days."""
    return round(value) if abs(value) >= 100 else round(value, 1)


def _figure(value: float) -> str:
    number = decimal(value)
    assert number is not None  # noqa: S101  a finite float
    return grouped(number, min(places(number), 1))
