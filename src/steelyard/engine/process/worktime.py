"""How long something took: by the clock, or on the working calendars of those who did it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from steelyard.engine.calendars import Calendars, WorkingCalendar
from steelyard.engine.process.log import EventLog, Ints, Longs

Clock = Literal["working", "elapsed"]
TEAM = "team"
MICROS = 1_000_000


def clock_of(calendars: Calendars | None) -> Clock:
    """How times are counted: without calendars by the clock."""
    return "elapsed" if calendars is None else "working"


def micros_between(
    log: EventLog, events: Longs, starts: Longs, ends: Longs, *, calendars: Calendars | None
) -> Longs:
    """Microseconds from each start to each end, working ones on the calendar of the event's performer.

    A performer without an own calendar has that of the case's `team`, if the log has such a column.
    """
    if calendars is None:
        return ends - starts
    found = np.empty(len(events), np.int64)
    known, place = _calendars(log, events, calendars)
    for code, calendar in enumerate(known):
        here = np.flatnonzero(place == code)
        found[here] = calendar.working_micros(starts[here], ends[here])
    return found


def _calendars(
    log: EventLog, events: Longs, calendars: Calendars
) -> tuple[Sequence[WorkingCalendar], npt.NDArray[np.int64]]:
    """The calendars in use, and which of them each event has."""
    who = np.full(len(events), -1, np.int32) if log.performer is None else log.performer[events]
    team, teams = _teams(log, events, calendars)
    pairs = (who.astype(np.int64) + 1) * (len(teams) + 1) + team + 1
    names, inverse = np.unique(pairs, return_inverse=True)
    place: dict[WorkingCalendar, int] = {}
    codes = []
    for pair in names.tolist():
        performer, of_team = divmod(pair, len(teams) + 1)
        calendar = calendars.of(
            team=teams[of_team - 1] if of_team else None,
            performer=log.performers[performer - 1] if performer else None,
        )
        codes.append(place.setdefault(calendar, len(place)))
    return list(place), np.array(codes, np.int64)[inverse]


def _teams(log: EventLog, events: Longs, calendars: Calendars) -> tuple[Ints, list[str]]:
    if not calendars.teams or TEAM not in log.attributes.column_names:
        return np.full(len(events), -1, np.int32), []
    encoded = log.attributes.column(TEAM).combine_chunks().dictionary_encode()
    codes = np.asarray(encoded.indices.fill_null(-1)).astype(np.int32)
    return codes[log.case[events]], [str(name) for name in encoded.dictionary.to_pylist()]
