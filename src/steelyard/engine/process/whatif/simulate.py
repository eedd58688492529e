"""Play a log again with something changed, over and over on resampled cases."""

from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog, Longs
from steelyard.engine.process.shares import Estimate, interval_of
from steelyard.engine.process.whatif.apply import applied
from steelyard.engine.process.whatif.changes import Change
from steelyard.engine.process.whatif.outcome import ActivityOutcome, Contrast, CycleTimes, Outcome
from steelyard.engine.process.whatif.queues import WEEK, axis_of
from steelyard.engine.process.whatif.replay import Replay, replay_of
from steelyard.engine.process.whatif.resample import Resample, resample_of
from steelyard.engine.process.worktime import MICROS, clock_of
from steelyard.errors import Refused

RUNS = 500
MOST_RUNS = 10_000
HOUR = 3600
Floats = npt.NDArray[np.float64]


def simulate(
    log: EventLog,
    changes: Sequence[Change],
    *,
    runs: int = RUNS,
    seed: int = 0,
    calendars: Calendars | None = None,
    endings: Collection[str] | None = None,
) -> Outcome:
    """Tell what changes to a process would do to its cycle time and throughput.

    Parameters
    ----------
    log
        The events. Without starts there is no work time: a step's whole time counts as wait.
    changes
        Made by `remove`, `merge`, `parallelise`, `automate`, `staff`; applied in their order.
    runs, seed
        Bootstrap samples, 1 to 10,000, and what their draws (and those of shares) begin with.
    calendars
        Count working time; without them time runs by the clock.
    endings
        Activities with which a case is over; only such cases are played. All, if left out: open ones
        then count as if they had ended.

    Returns
    -------
    Outcome
        Seconds; 95 % intervals.

    Raises
    ------
    Refused
        `whatif.no-cases`; `whatif.unknown-activity` with `activity`; `whatif.runs` with `value` and
        `limit`; `process.no-such-attribute` and `whatif.not-a-number-column` with `column` for a limit.

    Notes
    -----
    Each case is replayed from its own waits and works. An event may start when all events of its case
    are over that were over when it really started, then waits and works as long as it did. So an
    unchanged log gives its own times exactly, and a shorter wait or work never makes a case longer.
    *Remove* takes out wait and work; *merge* takes out the waits between the steps of one round, a round
    ending where one of them comes again; *parallelise* lets each begin when the first of the round
    might; *automate* sets the work time and keeps the wait, or a part of it; *staff* replays the queue
    before all who do the step with their present and the larger number, first come, first served, and
    takes the difference off the waits.

    Approximated: people who are freed from work do not shorten other queues; waits for a day, a batch or
    another person stay as they were; the pool works as one, on all that its people did, at the times
    when work could start in the log. Without calendars nights count as time at work, so the gain by staff
    is told too small. What a removed step would have caught is not counted.

    Intervals: percentile bootstrap over cases, before and after on the same sample (Efron & Tibshirani
    1993). With *staff* cases hang together, so that runs of √n neighbouring cases are drawn instead
    (circular block bootstrap, Politis & Romano 1992). Above 20,000 cases samples of 20,000 are drawn and
    their spread scaled by √(20,000 / n). They hold for chance in which cases came, not for what is
    approximated. Cost: one pass over the events for each of before and after, then runs × cases.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> from steelyard.engine.process.whatif.changes import remove
    >>> at = [datetime.datetime(2024, 5, 1, hour) for hour in (8, 10, 11)]
    >>> log = log_of(pyarrow.table({"case_id": ["1"] * 3, "activity": ["ask", "sign", "pay"],
    ...                             "finished_at": at}))
    >>> outcome = simulate(log, [remove("sign")])
    >>> outcome.before.median_s.value, outcome.after.median_s.value
    (10800.0, 3600.0)
    """
    if not 1 <= runs <= MOST_RUNS:
        raise Refused("whatif.runs", value=runs, limit=MOST_RUNS)
    log = log if endings is None else _ended(log, endings)
    if not len(log):
        raise Refused("whatif.no-cases")
    random = np.random.default_rng(seed)
    present = replay_of(log, calendars=calendars)
    changed, notes = applied(present, changes, calendars=calendars, random=random)
    before, after = present.cycles() / MICROS, changed.cycles() / MICROS
    is_joint = any(change.kind == "staff" for change in changes)
    resample = resample_of(present.arrival, runs=runs, random=random, is_joint=is_joint)
    cycles = {name: _contrast(resample, before, after, share) for name, share in _FIGURES.items()}
    throughput, in_progress = _flow(resample, axis_of(present, calendars), before, after, present.arrival)
    work = [_work_of(replay) / HOUR for replay in (present, changed)]
    return Outcome(
        changes=tuple(changes),
        cases=len(log.cases),
        touched=int(np.sum(before != after)),
        runs=runs,
        seed=seed,
        clock=clock_of(calendars),
        before=CycleTimes(**{name: one.before for name, one in cycles.items()}),
        after=CycleTimes(**{name: one.after for name, one in cycles.items()}),
        difference=CycleTimes(**{name: one.difference for name, one in cycles.items()}),
        throughput_per_week=throughput,
        in_progress=in_progress,
        work_hours=_contrast(resample, work[0], work[1], None),
        activities=_activities(present, changed),
        notes=notes,
    )


# A share of 0.5 is the median; None is the mean.
_FIGURES: dict[str, float | None] = {"median_s": 0.5, "mean_s": None, "p90_s": 0.9}


def _ended(log: EventLog, endings: Collection[str]) -> EventLog:
    is_ending = np.array([name in endings for name in log.activities], bool)
    return log.keep(is_ending[log.activity[log.last]]) if len(log) else log


def _contrast(resample: Resample, before: Floats, after: Floats, share: float | None) -> Contrast:
    one, other = _figure(before, share), _figure(after, share)
    drawn, redrawn = resample.draws(before, share), resample.draws(after, share)
    return Contrast(
        _estimate(resample, one, drawn),
        _estimate(resample, other, redrawn),
        _estimate(resample, other - one, redrawn - drawn),
    )


def _estimate(resample: Resample, point: float, draws: Floats) -> Estimate:
    return Estimate(point, *interval_of(resample.scaled(draws, point)))


def _figure(values: Floats, share: float | None) -> float:
    return float(np.mean(values) if share is None else np.quantile(values, share))


def _flow(
    resample: Resample, axis: Longs, before: Floats, after: Floats, arrival: Longs
) -> tuple[Contrast | None, Contrast | None]:
    """Cases that end in a week, and cases in progress at a time."""
    weeks = float(arrival.max() - arrival.min()) / WEEK
    length = float(axis.max() - axis.min()) / MICROS
    if weeks <= 0 or length <= 0:
        return None, None
    came = (axis - axis.min()) / MICROS
    rate = len(arrival) / weeks
    ended = [(came + cycle <= length) * rate for cycle in (before, after)]
    held = [cycle * len(arrival) / length for cycle in (before, after)]
    return _contrast(resample, ended[0], ended[1], None), _contrast(resample, held[0], held[1], None)


def _work_of(replay: Replay) -> Floats:
    return np.add.reduceat(replay.work, replay.log.first) / MICROS


def _activities(present: Replay, changed: Replay) -> tuple[ActivityOutcome, ...]:
    log = present.log
    names = len(log.activities)
    counts = np.bincount(log.activity, minlength=names)
    touched = (
        (present.wait != changed.wait) | (present.work != changed.work) | (present.needs != changed.needs)
    )
    touches = np.bincount(log.activity[touched], minlength=names)
    means = [
        np.bincount(log.activity, weights=values / MICROS, minlength=names) / np.maximum(counts, 1)
        for values in (present.wait, changed.wait, present.work, changed.work)
    ]
    return tuple(
        ActivityOutcome(
            log.activities[code], int(counts[code]), int(touches[code]), *(float(one[code]) for one in means)
        )
        for code in np.flatnonzero(counts)
    )
