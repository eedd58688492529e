"""Stretches without a row, judged by the table's own rhythm."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date, timedelta

from steelyard.engine.quality.finding import Gap

# A weekday, the weeks or the months are steady when so large a part of them has rows.
STEADY = {"day": 0.9, "week": 0.97, "month": 0.97}
# So many of each there must be before anything is called steady.
LEAST = {"day": 8, "week": 26, "month": 6}
# Shorter stretches are holidays and the like: a week's worth of working days, three weeks, one month.
SHORTEST = {"day": 5, "week": 3, "month": 1}
# A stretch of days counts where so many steady days around it have rows as steadily.
AROUND = 20


def gaps(days: Iterable[date], *, until: date | None = None, quiet: Collection[date] = ()) -> tuple[Gap, ...]:
    """Find the stretches in which a table that has rows steadily has none.

    Parameters
    ----------
    days
        The days on which there is a row, in any order, repeated or not.
    until
        The last day that the data tell of; the last day with a row by default. What is missing at the end
        is a gap as well.
    quiet
        Days on which nobody worked, as `quiet_days` finds them: no row is missed on them.

    Returns
    -------
    tuple of Gap
        In time order; `missing` counts the steady days (weeks, months) without a row.

    Notes
    -----
    The finest steady rhythm is judged: a weekday is steady when at least 90 % of those between the first
    and the last row have one (at least 8 of them), whereby Saturdays of an office are no gap; where no
    weekday is steady the weeks are looked at (97 % of at least 26), then the months (97 % of at least 6).
    A stretch of steady days is told from 5 on and where 90 % of the 20 steady days on either side of it
    have rows, so that a table's sparse beginning is none; weeks are told from 3 on, months from 1 on.

    Examples
    --------
    >>> workdays = [date(2025, 1, 6) + timedelta(n) for n in range(182) if n % 7 < 5]
    >>> gaps(workdays)
    ()
    >>> week = [date(2025, 3, 3) + timedelta(n) for n in range(7)]
    >>> found = gaps(day for day in workdays if day not in week)
    >>> [(str(each.first), str(each.last), each.missing, each.grain) for each in found]
    [('2025-03-03', '2025-03-07', 5, 'day')]
    >>> gaps((day for day in workdays if day not in week), quiet=week)
    ()
    """
    held = sorted(set(days))
    if not held:
        return ()
    last = max(held[-1], until or held[-1])
    if found := _steady_days(held, last):
        return _stretches([each for each in found if each[2] or each[0] not in quiet], "day")
    for grain, start_of in (("week", _monday), ("month", _first_of_month)):
        units = _units(held, last, start_of)
        if _is_steady(units, held, grain):
            return _stretches(units, grain)
    return ()


def quiet_days(series: Iterable[tuple[str, Collection[date]]]) -> set[date]:
    """Find the days off: without a row where there is one steadily, in most tables of several sources.

    Parameters
    ----------
    series
        Source and days with a row, of each table of each source.

    Returns
    -------
    set of date
        Days that are missed by more than half of the tables that have rows on that weekday steadily, these
        being of two sources at least: of one source alone a holiday looks like an export that was lost.

    Examples
    --------
    >>> workdays = [date(2025, 1, 6) + timedelta(n) for n in range(182) if n % 7 < 5]
    >>> without = set(workdays) - {date(2025, 5, 1)}
    >>> quiet_days([("CRM", without), ("ERP", without), ("CRM", workdays)]), quiet_days([("CRM", without)])
    ({datetime.date(2025, 5, 1)}, set())
    """
    expected: Counter[date] = Counter()
    missed: defaultdict[date, list[str]] = defaultdict(list)
    for source, days in series:
        held = sorted(set(days))
        for day, _end, is_there in _steady_days(held, held[-1]) if held else []:
            expected[day] += 1
            if not is_there:
                missed[day].append(source)
    return {
        day for day, sources in missed.items() if 2 * len(sources) > expected[day] and len(set(sources)) > 1
    }


def _steady_days(held: list[date], last: date) -> list[tuple[date, date, bool]]:
    """Every day of a steady weekday up to the last, with whether it has a row."""
    present = set(held)
    span = [held[0] + timedelta(n) for n in range((last - held[0]).days + 1)]
    known = [day for day in span if day <= held[-1]]
    steady = set()
    for weekday in range(7):
        own = [day for day in known if day.weekday() == weekday]
        if len(own) >= LEAST["day"] and sum(day in present for day in own) >= STEADY["day"] * len(own):
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
    return len(known) >= LEAST[grain] and sum(known) >= STEADY[grain] * len(known)


def _stretches(units: list[tuple[date, date, bool]], grain: str) -> tuple[Gap, ...]:
    found: list[Gap] = []
    begun = 0
    for place, (_start, _end, is_there) in enumerate([*units, (date.max, date.max, True)]):
        if not is_there:
            continue
        run = units[begun:place]
        if len(run) >= SHORTEST[grain] and (grain != "day" or _is_steady_around(units, begun, place)):
            found.append(Gap(run[0][0], run[-1][1], len(run), grain))
        begun = place + 1
    return tuple(found)


def _is_steady_around(units: list[tuple[date, date, bool]], begun: int, ended: int) -> bool:
    sides = units[max(0, begun - AROUND) : begun], units[ended : ended + AROUND]
    return all(sum(each[2] for each in side) >= STEADY["day"] * len(side) for side in sides)
