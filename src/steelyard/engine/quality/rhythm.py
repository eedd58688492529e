"""Stretches without a row, judged by the table's own rhythm."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from steelyard.engine.quality.finding import Gap

# A weekday, the weeks or the months are steady when so large a part of them has rows.
STEADY = 0.9
# So many of each there must be before anything is called steady.
LEAST = {"day": 8, "week": 8, "month": 6}
# Shorter stretches are holidays and the like: a week's worth of working days, two weeks, one month.
SHORTEST = {"day": 5, "week": 2, "month": 1}


def gaps(days: Iterable[date], *, until: date | None = None) -> tuple[Gap, ...]:
    """Find the stretches in which a table that has rows steadily has none.

    Parameters
    ----------
    days
        The days on which there is a row, in any order, repeated or not.
    until
        The last day that the data tell of; the last day with a row by default. What is missing at the end
        is a gap as well.

    Returns
    -------
    tuple of Gap
        In time order; `missing` counts the steady days (weeks, months) without a row.

    Notes
    -----
    The finest steady rhythm is judged: a weekday is steady when at least 90 % of those between the first
    and the last row have one (at least 8 of them), whereby Saturdays of an office are no gap; where no
    weekday is steady the weeks are looked at, then the months (at least 6). A stretch of steady days is
    told from 5 on, so that the usual public holidays are not; weeks from 2 on, months from 1 on.

    Examples
    --------
    >>> workdays = [date(2025, 1, 6) + timedelta(n) for n in range(182) if n % 7 < 5]
    >>> gaps(workdays)
    ()
    >>> found = gaps(day for day in workdays if not date(2025, 3, 3) <= day <= date(2025, 3, 9))
    >>> [(str(each.first), str(each.last), each.missing, each.grain) for each in found]
    [('2025-03-03', '2025-03-07', 5, 'day')]
    """
    held = sorted(set(days))
    if not held:
        return ()
    last = max(held[-1], until or held[-1])
    for grain, units in (
        ("day", _steady_days(held, last)),
        ("week", _units(held, last, _monday)),
        ("month", _units(held, last, _first_of_month)),
    ):
        if units and (grain == "day" or _is_steady(units, held, grain)):
            return _stretches(units, grain)
    return ()


def _steady_days(held: list[date], last: date) -> list[tuple[date, date, bool]]:
    """Every day of a steady weekday up to the last, with whether it has a row."""
    present = set(held)
    span = [held[0] + timedelta(n) for n in range((last - held[0]).days + 1)]
    known = [day for day in span if day <= held[-1]]
    steady = set()
    for weekday in range(7):
        own = [day for day in known if day.weekday() == weekday]
        if len(own) >= LEAST["day"] and sum(day in present for day in own) >= STEADY * len(own):
            steady.add(weekday)
    return [(day, day, day in present) for day in span if day.weekday() in steady]


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _first_of_month(day: date) -> date:
    return day.replace(day=1)


def _units(held: list[date], last: date, start_of: Callable[[date], date]) -> list[tuple[date, date, bool]]:
    """Every week or month from the first row to the last whole one, with whether it has a row."""
    present = {start_of(day) for day in held}
    found = []
    start = start_of(held[0])
    while start <= last:
        following = start_of(start + timedelta(35 if start_of is _first_of_month else 7))
        end = following - timedelta(1)
        if end <= last or start in present:
            found.append((start, end, start in present))
        start = following
    return found


def _is_steady(units: list[tuple[date, date, bool]], held: list[date], grain: str) -> bool:
    known = [is_there for start, _end, is_there in units if start <= held[-1]]
    return len(known) >= LEAST[grain] and sum(known) >= STEADY * len(known)


def _stretches(units: list[tuple[date, date, bool]], grain: str) -> tuple[Gap, ...]:
    found: list[Gap] = []
    run: list[tuple[date, date]] = []
    for start, end, is_there in [*units, (date.max, date.max, True)]:
        if not is_there:
            run.append((start, end))
            continue
        if len(run) >= SHORTEST[grain]:
            found.append(Gap(run[0][0], run[-1][1], len(run), grain))
        run = []
    return tuple(found)
