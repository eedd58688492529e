"""An event log in columns of codes and times: what every question about a process is asked of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.engine.process.columns import Codes, codes_of, microseconds_of
from steelyard.engine.process.order import in_cases
from steelyard.errors import Refused

OUTCOMES = ("", "approved", "rejected", "changed")
# A time that is not known, in a column of microseconds.
NO_TIME = np.iinfo(np.int64).min

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EventLog:
    """Events sorted by case, then by when they finished, then by their order in the file.

    Times are microseconds since 1970 in UTC, `NO_TIME` where one is not known. Codes of cases and
    activities number their names in ascending order; −1 is a missing performer or role. `bounds` has
    where each case begins and, last, where the log ends. `attributes` has one row a case, in the order
    of `cases`; its columns in `varying` differ within a case and keep their first value. `altered` has,
    for each of those, the events at which it is another than before in its case. `dropped` counts the
    rows without a case, an activity or a finish.
    """

    case: Ints
    activity: Ints
    finished: Longs
    started: Longs | None
    performer: Ints | None
    role: Ints | None
    outcome: npt.NDArray[np.int8] | None
    cases: pa.StringArray
    activities: tuple[str, ...]
    performers: tuple[str, ...]
    roles: tuple[str, ...]
    attributes: pa.Table
    varying: tuple[str, ...]
    bounds: Longs
    altered: Mapping[str, Longs] = field(default_factory=dict)
    dropped: int = 0

    def __len__(self) -> int:
        """The number of events."""
        return len(self.case)

    @property
    def first(self) -> Longs:
        """Where each case's first event is."""
        return self.bounds[:-1]

    @property
    def last(self) -> Longs:
        """Where each case's last event is."""
        return self.bounds[1:] - 1

    def starts(self) -> Longs:
        """When each event started; where that is not known, when it finished."""
        if self.started is None:
            return self.finished
        return np.where(self.started == NO_TIME, self.finished, self.started)

    def by_start(self) -> Longs | None:
        """The order by case, start, finish and place in the file; None where events stand so already."""
        if self.started is None:
            return None
        return in_cases(self.case, self.starts(), cases=len(self.cases))[0]

    def cycle_times(self) -> Longs:
        """Microseconds from the earliest start of each case to its last finish."""
        if not len(self):
            return np.empty(0, np.int64)
        if self.started is None:
            return self.finished[self.last] - self.finished[self.first]
        begun = np.minimum.reduceat(np.minimum(self.starts(), self.finished), self.first)
        return self.finished[self.last] - begun

    def done_by(self, performers: Collection[str]) -> npt.NDArray[np.bool_]:
        """Which cases have an event by one of these performers."""
        found = np.zeros(len(self.cases), bool)
        if self.performer is None:
            return found
        wanted = set(performers)
        codes = [code for code, name in enumerate(self.performers) if name in wanted]
        found[self.case[np.isin(self.performer, codes)]] = True
        return found

    def keep(self, mask: npt.NDArray[np.bool_]) -> "EventLog":
        """Keep the cases where the mask, one truth a case, is set; activities keep their codes."""
        mask = np.asarray(mask, dtype=bool)
        if mask.all():
            return self
        return self._of(mask[self.case])

    def until(self, moment: int) -> "EventLog":
        """Keep the events finished by then (microseconds since 1970), and the cases that have one."""
        events = self.finished <= moment
        return self if events.all() else self._of(events)

    def _of(self, events: npt.NDArray[np.bool_]) -> "EventLog":
        """Keep these events, and the cases that have one."""
        lengths = np.bincount(self.case[events], minlength=len(self.cases))
        recoded = (np.cumsum(lengths > 0) - 1).astype(np.int32)
        kept = pa.array(lengths > 0)
        return replace(
            self,
            case=recoded[self.case[events]],
            activity=self.activity[events],
            finished=self.finished[events],
            started=_kept(self.started, events),
            performer=_kept(self.performer, events),
            role=_kept(self.role, events),
            outcome=_kept(self.outcome, events),
            cases=self.cases.filter(kept),
            attributes=self.attributes.filter(kept),
            bounds=np.concatenate(([0], np.cumsum(lengths[lengths > 0]))).astype(np.int64),
            altered=_places_kept(self.altered, events),
        )

    def within(
        self,
        where: Mapping[str, str | Sequence[str]],
        start: date | None = None,
        end: date | None = None,
    ) -> "EventLog":
        """Keep the cases with these attribute values that came in on these days.

        Parameters
        ----------
        where
            Attribute to its value, or to several of which one must hold; "" stands for no value.
        start, end
            First and last day, both included, in UTC, on which the case's first event finished.

        Returns
        -------
        EventLog
            Whole cases; none is cut at an edge of the period.

        Raises
        ------
        Refused
            `process.no-such-attribute` (with column) for a column that the log does not have.

        Examples
        --------
        >>> log = log_of(pa.table({
        ...     "case_id": ["1", "2"], "activity": ["a", "a"], "region": ["East", "West"],
        ...     "finished_at": [datetime(2024, 5, 1), datetime(2024, 6, 1)]}))
        >>> log.within({"region": "East"}).cases.to_pylist()
        ['1']
        >>> log.within({}, start=date(2024, 5, 2)).cases.to_pylist()
        ['2']
        """
        mask = np.ones(len(self.cases), bool)
        for column, wanted in where.items():
            mask &= self._has(column, [wanted] if isinstance(wanted, str) else list(wanted))
        came = self.finished[self.first]
        if start is not None:
            mask &= came >= _midnight(start)
        if end is not None:
            mask &= came < _midnight(end + timedelta(days=1))
        return self.keep(mask)

    def _has(self, column: str, wanted: list[str]) -> npt.NDArray[np.bool_]:
        if column not in self.attributes.column_names:
            raise Refused("process.no-such-attribute", column=column)
        texts = self.attributes.column(column).cast(pa.string()).fill_null("")
        return np.asarray(pc.is_in(texts, value_set=pa.array(wanted, pa.string())))


def log_of(
    table: Any,
    *,
    case: str = "case_id",
    activity: str = "activity",
    finished: str = "finished_at",
    started: str = "started_at",
    performer: str = "performer",
    role: str = "role",
    outcome: str = "outcome",
) -> EventLog:
    """Make an event log of a table with one row an event.

    Parameters
    ----------
    table
        A pyarrow Table or an Ibis table.
    case, activity, finished
        Columns that must be there: whose event, what was done, when it was finished (a timestamp;
        without a zone it is taken as UTC).
    started, performer, role, outcome
        Columns that may be there. Outcomes other than `OUTCOMES` count as none.

    Returns
    -------
    EventLog
        Every other column of text, numbers or truths becomes an attribute of the case.

    Raises
    ------
    Refused
        `process.missing-column` (with column); `process.not-a-time` (with column) for a finish or start
        that is no date or timestamp.

    Notes
    -----
    Rows without a case, an activity or a finish are dropped and counted. Events of one case that
    finished at the same instant keep the order that the file has. Times finer than a microsecond are cut.

    Examples
    --------
    >>> log = log_of(pa.table({
    ...     "case_id": ["b", "a", "a"], "activity": ["sign", "sign", "ask"],
    ...     "finished_at": [datetime(2024, 5, 3), datetime(2024, 5, 2), datetime(2024, 5, 1)]}))
    >>> [log.activities[code] for code in log.activity], log.case.tolist()
    (['ask', 'sign', 'sign'], [0, 0, 1])
    """
    if not isinstance(table, pa.Table):
        table = table.to_pyarrow()
    for column in (case, activity, finished):
        if column not in table.column_names:
            raise Refused("process.missing-column", column=column)
    rows = table.num_rows
    table = _whole_rows(table, (case, activity, finished))
    owner = codes_of(table.column(case))
    times = microseconds_of(table.column(finished), name=finished)
    order, bounds = in_cases(owner.codes, times, cases=len(owner.names))
    what = codes_of(table.column(activity))
    begun = microseconds_of(table.column(started), name=started) if started in table.column_names else None
    who, as_whom = _optional(table, performer), _optional(table, role)
    known = {case, activity, finished, started, performer, role, outcome}
    attributes, altered = _attributes(table, order, bounds, without=known)
    return EventLog(
        case=_sorted(owner.codes, order),
        activity=_sorted(what.codes, order),
        finished=_sorted(times, order),
        started=None if begun is None else _sorted(begun, order),
        performer=None if who is None else _sorted(who.codes, order),
        role=None if as_whom is None else _sorted(as_whom.codes, order),
        outcome=_sorted(_outcomes(table.column(outcome)), order) if outcome in table.column_names else None,
        cases=owner.names,
        activities=tuple(what.names.to_pylist()),
        performers=() if who is None else tuple(who.names.to_pylist()),
        roles=() if as_whom is None else tuple(as_whom.names.to_pylist()),
        attributes=attributes,
        varying=tuple(altered),
        bounds=bounds,
        altered=altered,
        dropped=rows - table.num_rows,
    )


def instant(microseconds: int) -> datetime:
    """Microseconds since 1970 as a time in UTC."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def microseconds(moment: datetime) -> int:
    """A time as microseconds since 1970; one without a zone is taken as UTC."""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _midnight(day: date) -> int:
    return microseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _kept(values: Any, events: npt.NDArray[np.bool_]) -> Any:
    return None if values is None else values[events]


def _places_kept(altered: Mapping[str, Longs], events: npt.NDArray[np.bool_]) -> Mapping[str, Longs]:
    if not altered:
        return altered
    place = np.cumsum(events) - 1
    return {name: place[places[events[places]]] for name, places in altered.items()}


def _sorted(values: Any, order: npt.NDArray[Any] | None) -> Any:
    return values if order is None else values[order]


def _whole_rows(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    lacking = [name for name in columns if table.column(name).null_count]
    if not lacking:
        return table
    there = pc.is_valid(table.column(lacking[0]))
    for name in lacking[1:]:
        there = pc.and_(there, pc.is_valid(table.column(name)))
    return table.filter(there)


def _optional(table: pa.Table, name: str) -> Codes | None:
    return codes_of(table.column(name), blank_is_missing=True) if name in table.column_names else None


def _outcomes(column: pa.ChunkedArray) -> npt.NDArray[np.int8]:
    found = codes_of(column, blank_is_missing=True)
    names = [name.strip().lower() for name in found.names.to_pylist()]
    place = [OUTCOMES.index(name) if name in OUTCOMES else 0 for name in names]
    return np.array([*place, 0], np.int8)[found.codes]


def _attributes(
    table: pa.Table, order: npt.NDArray[Any] | None, bounds: Longs, *, without: set[str]
) -> tuple[pa.Table, dict[str, Longs]]:
    """One row a case: each column's first value in it; and of columns with others, where they come up."""
    kept, altered = {}, {}
    for name in table.column_names:
        column = table.column(name)
        if name in without or not _is_attribute(column.type):
            continue
        found = codes_of(column, blank_is_missing=False, as_text=False)
        codes = _sorted(found.codes, order)
        there = np.flatnonzero(codes >= 0)
        first = np.full(len(bounds) - 1, -1, np.int64)
        owner = np.searchsorted(bounds, there, side="right") - 1
        at_first = np.flatnonzero(np.diff(owner, prepend=-1))
        first[owner[at_first]] = codes[there[at_first]]
        given = codes[there]
        is_other = (given[1:] != given[:-1]) & (owner[1:] == owner[:-1])
        if is_other.any():
            altered[name] = there[1:][is_other]
        kept[name] = found.names.take(pa.array(first, mask=first < 0))
    rows = pa.table(kept) if kept else pa.table({"": pa.nulls(len(bounds) - 1)}).select([])
    return rows, altered


def _is_attribute(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    numbers = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    texts = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    return numbers or texts or pa.types.is_boolean(kind)
