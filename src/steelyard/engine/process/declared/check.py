"""Hold a log against a declared flow: what is left out, put in, out of order or done again, and late."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.declared.findings import AdherenceMonth, Deviation, DeviationKind, FlowCheck
from steelyard.engine.process.declared.flow import Flow
from steelyard.engine.process.declared.sla import sla_lines
from steelyard.engine.process.declared.visits import Visits, visits_of
from steelyard.engine.process.log import EventLog, Longs, instant, microseconds
from steelyard.engine.process.order import by_code, run_starts
from steelyard.engine.process.shares import wilson
from steelyard.engine.process.variants import END_SHARE
from steelyard.engine.process.worktime import clock_of

EXAMPLES = 10
Truths = npt.NDArray[np.bool_]


def check_flow(
    log: EventLog,
    flow: Flow,
    *,
    calendars: Calendars | None = None,
    endings: Collection[str] | None = None,
    timezone: str = "UTC",
) -> FlowCheck:
    """Check how the cases of a log keep to a flow.

    Parameters
    ----------
    log
        The events.
    flow
        The steps; names of activities are compared without regard to case and spaces.
    calendars
        For SLAs in working hours. Without them hours are counted by the clock, and `clock` says
        "elapsed".
    endings
        Activities with which a case is over; those that end at least 5 % of the cases, if left out.
    timezone
        Of the day on which the flow begins to hold, and of months.

    Returns
    -------
    FlowCheck
        Over cases that came in on or after `flow.effective_from` and have ended. `deviations` by cases,
        most first; `breaches` one line a step, in the flow's order; `months` by the case's last event.

    Notes
    -----
    A case has ended when its last event is one of the `endings` or it reached the last step that is not
    optional; an open case is counted apart, as what it has not done it may still do. *Skipped*: a step,
    not optional, that an ended case lacks. *Order*: a step first reached after a later step was.
    *Repeated*: a step visited again, or one of its activities done twice, unless it may repeat.
    *Inserted*: an activity of no step. A case is adherent with none of these. A step's time runs from
    the end of the declared step before it (for the first, from the case's earliest start) to its own
    end, over all its visits; a case keeps the SLA when each of its visits does. Counts of cases are
    taken for independent: under one cause that hits many cases at once the intervals are too narrow.
    Source: the four kinds of van der Aalst, W. (2016), Process Mining, 2nd ed., ch. 8; intervals by
    Wilson (1927).

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.declared import parse_flow
    >>> from steelyard.engine.process.log import log_of
    >>> day = [datetime.datetime(2024, 5, day) for day in (1, 2, 1, 2)]
    >>> log = log_of(pyarrow.table({"case_id": ["1", "1", "2", "2"], "finished_at": day,
    ...                             "activity": ["ask", "pay", "ask", "chat"]}))
    >>> flow = parse_flow("{key: buy, names: Buy, steps: [{key: ask, names: Ask}, {key: pay, names: Pay}]}")
    >>> check = check_flow(log, flow)
    >>> check.share, [(each.kind, each.step, each.activity) for each in check.deviations]
    (0.5, [('inserted', 'ask', 'chat'), ('skipped', 'pay', '')])
    """
    zone = ZoneInfo(timezone)
    is_bound = _is_bound(log, flow.effective_from, zone)
    bound = log.keep(is_bound)
    ending = tuple(sorted(endings if endings is not None else usual_endings(log)))
    has_ended = _has_ended(bound, flow, ending)
    ended = bound.keep(has_ended)
    visits = visits_of(ended, flow.step_codes(ended.activities), steps=len(flow.steps))
    departed = _departures(ended, flow, visits)
    is_adherent = _is_adherent(ended, departed)
    breaches, is_late = sla_lines(ended, flow, visits, calendars=calendars)
    share, low, high = _share(int(is_adherent.sum()), len(ended.cases))
    return FlowCheck(
        flow=flow.key,
        version=flow.version,
        since=flow.effective_from,
        clock=clock_of(calendars),
        endings=ending,
        cases=len(ended.cases),
        earlier=int(np.sum(~is_bound)),
        open=int(np.sum(~has_ended)),
        adherent=int(is_adherent.sum()),
        share=share,
        low=low,
        high=high,
        adherent_in_time=int(np.sum(is_adherent & ~is_late)),
        deviations=_lines(ended, departed),
        breaches=breaches,
        months=_months(ended, is_adherent, zone),
        untouched=tuple(
            step.key for index, step in enumerate(flow.steps) if not visits.reached[:, index].any()
        ),
    )


def usual_endings(log: EventLog) -> tuple[str, ...]:
    """The activities with which at least 5 % of the cases end."""
    counts = np.bincount(log.activity[log.last], minlength=len(log.activities))
    needed = END_SHARE * len(log.cases)
    return tuple(log.activities[code] for code in np.flatnonzero(counts) if counts[code] >= needed)


@dataclass(frozen=True, eq=False)
class _Departure:
    """One kind of deviation at one place, and the cases that have it."""

    kind: DeviationKind
    step: str
    activity: str
    cases: Longs


def _is_bound(log: EventLog, since: date | None, zone: ZoneInfo) -> Truths:
    if since is None or not len(log):
        return np.ones(len(log.cases), bool)
    begun = np.minimum.reduceat(log.starts(), log.first)
    return begun >= microseconds(datetime(since.year, since.month, since.day, tzinfo=zone))


def _has_ended(log: EventLog, flow: Flow, endings: Collection[str]) -> Truths:
    if not len(log):
        return np.zeros(0, bool)
    is_ending = np.array([name in endings for name in log.activities])
    codes = np.array(flow.step_codes(log.activities))
    goals = [index for index, step in enumerate(flow.steps) if not step.optional] or [len(flow.steps) - 1]
    reached = np.logical_or.reduceat((codes == goals[-1])[log.activity], log.first)
    return reached | is_ending[log.activity[log.last]]


def _departures(log: EventLog, flow: Flow, visits: Visits) -> list[_Departure]:
    found = []
    came_late = visits.came_after_later_steps()
    came_again = visits.came_again(log)
    for index, step in enumerate(flow.steps):
        if not step.optional:
            found.append(_Departure("skipped", step.key, "", np.flatnonzero(~visits.reached[:, index])))
        found.append(_Departure("order", step.key, "", np.flatnonzero(came_late[:, index])))
        if not step.may_repeat:
            found.append(_Departure("repeated", step.key, "", np.flatnonzero(came_again[:, index])))
    return [one for one in [*found, *_inserted(log, flow, visits)] if len(one.cases)]


def _is_adherent(log: EventLog, departed: list[_Departure]) -> Truths:
    kept = np.ones(len(log.cases), bool)
    for one in departed:
        kept[one.cases] = False
    return kept


def _inserted(log: EventLog, flow: Flow, visits: Visits) -> list[_Departure]:
    """Activities of no step, told apart by the step that they came after."""
    foreign = np.flatnonzero(visits.step < 0)
    if not len(foreign):
        return []
    places = len(flow.steps) + 1
    pairs = log.activity[foreign].astype(np.int64) * places + visits.step_before(log)[foreign] + 1
    order = by_code(pairs)
    begins = run_starts(pairs[order])
    found = []
    for pair, events in zip(pairs[order[begins]].tolist(), np.split(foreign[order], begins[1:]), strict=True):
        activity, after = divmod(pair, places)
        cases = log.case[events].astype(np.int64)
        step = flow.steps[after - 1].key if after else ""
        found.append(_Departure("inserted", step, log.activities[activity], cases[run_starts(cases)]))
    return found


def _lines(log: EventLog, departed: list[_Departure]) -> tuple[Deviation, ...]:
    lines = []
    for one in departed:
        cases = len(one.cases)
        low, high = wilson(cases, len(log.cases))
        examples = log.cases.take(pa.array(one.cases[:EXAMPLES])).to_pylist()
        share = cases / len(log.cases)
        lines.append(Deviation(one.kind, one.step, one.activity, cases, share, low, high, tuple(examples)))
    return tuple(sorted(lines, key=lambda line: (-line.cases, line.kind, line.step, line.activity)))


def _months(log: EventLog, is_adherent: Truths, zone: ZoneInfo) -> tuple[AdherenceMonth, ...]:
    if not len(log):
        return ()
    ended = log.finished[log.last]
    months = _months_between(instant(ended.min()).astimezone(zone), instant(ended.max()).astimezone(zone))
    begins = np.array([microseconds(datetime(year, month, 1, tzinfo=zone)) for year, month in months])
    place = np.searchsorted(begins, ended, side="right") - 1
    cases = np.bincount(place, minlength=len(months)).tolist()
    kept = np.bincount(place[is_adherent], minlength=len(months)).tolist()
    return tuple(
        AdherenceMonth(f"{year}-{month:02}", count, good, *_of(good, count))
        for (year, month), count, good in zip(months, cases, kept, strict=True)
        if count
    )


def _months_between(first: datetime, last: datetime) -> list[tuple[int, int]]:
    return [
        (month // 12, month % 12 + 1)
        for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    ]


def _of(hits: int, total: int) -> tuple[float, float, float]:
    return hits / total, *wilson(hits, total)


def _share(hits: int, total: int) -> tuple[float, float, float] | tuple[None, None, None]:
    return _of(hits, total) if total else (None, None, None)
