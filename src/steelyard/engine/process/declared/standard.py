"""From the way that cases go to the way that they shall go: choose a variant, declare it the standard."""

import math
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal

import numpy as np

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.declared.check import usual_endings
from steelyard.engine.process.declared.findings import Candidate, Reason, VariantChoice
from steelyard.engine.process.declared.flow import LANGUAGES, Flow, Step, Words
from steelyard.engine.process.declared.sla import HOUR, visit_times
from steelyard.engine.process.declared.visits import visits_of
from steelyard.engine.process.findings import Variant
from steelyard.engine.process.log import EventLog, Longs
from steelyard.engine.process.shares import (
    CONFIDENCE,
    Estimate,
    interval_of,
    quantile_estimate,
    resampled_quantile,
    wilson,
)
from steelyard.engine.process.variants import ways_of
from steelyard.engine.process.worktime import MICROS, clock_of, micros_between

MIN_CASES = 30
MIN_SHARE = 0.05
RUNS = 2000
SLA_SHARE = 0.8


def best_variant(
    log: EventLog,
    *,
    within_hours: Decimal | None = None,
    must: Collection[str] = (),
    endings: Collection[str] | None = None,
    calendars: Calendars | None = None,
    runs: int = RUNS,
    seed: int = 0,
) -> VariantChoice:
    """Choose the variant that is worth declaring the standard.

    Parameters
    ----------
    log
        The events.
    within_hours
        The limit of a whole case, working hours where there are calendars; without it variants are
        compared by their median cycle alone.
    must
        Activities that the standard has to have (a legal check).
    endings
        Activities with which a case is over; those that end at least 5 % of the cases, if left out.
    calendars
        For working time; without them time runs by the clock.
    runs, seed
        Of the bootstrap.

    Returns
    -------
    VariantChoice
        `candidates` with the most cases first.

    Notes
    -----
    The rule is fixed before the data is looked at. Candidates have at least 30 cases and 5 % of all,
    all that `must` names, and the same last activity as the reference, which is the most frequent of
    them: a case that was refused early is short, but no model. Another candidate replaces the reference
    only when the interval of its shorter median leaves out zero, at 95 % after Bonferroni's correction
    for all candidates compared, and, where there is a limit, its share in time is not lower. Of those
    that are better the one with the largest sure gain (the interval's low end) is chosen. Cases are not
    dealt out to variants by lot: an easier case may take the shorter way, so `reasons` always has
    "not-by-lot".

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> day = datetime.datetime(2024, 5, 1)
    >>> few = log_of(pyarrow.table({"case_id": ["1"], "activity": ["ask"], "finished_at": [day]}))
    >>> best_variant(few).reasons
    (('too-few-cases', {'needed': 30}),)
    """
    clock = clock_of(calendars)
    groups = _candidates(log, must=must, endings=endings)
    if not groups:
        return VariantChoice(None, None, clock, (), (("too-few-cases", {"needed": MIN_CASES}),))
    cycles = _cycle_times(log, calendars) / MICROS
    limit = None if within_hours is None else float(within_hours) * 3600
    random = np.random.default_rng(seed)
    samples = [np.sort(cycles[cases]) for _, cases in groups]
    confidence = 1 - (1 - CONFIDENCE) / max(1, len(groups) - 1)
    reference = _judged(log, groups[0], samples[0], None, limit=limit, random=random, runs=runs)
    found = [reference]
    for group, sample in zip(groups[1:], samples[1:], strict=True):
        faster = _faster(samples[0], sample, confidence=confidence, random=random, runs=runs)
        found.append(
            _judged(log, group, sample, faster, limit=limit, random=random, runs=runs, than=reference)
        )
    better = [one for one in found if one.is_better and one.faster_s]
    best = max(better, key=lambda one: (one.faster_s.low, one.cases)) if better else reference  # type: ignore[union-attr]
    code = "faster-than-usual" if better else "usual-way"
    reasons: tuple[Reason, ...] = ((code, {"cases": best.cases, "compared": len(groups)}), ("not-by-lot", {}))
    return VariantChoice(best.path, reference.path, clock, tuple(found), reasons)


def flow_of_variant(
    variant: Variant | Sequence[str],
    *,
    key: str = "standard",
    names: Words | None = None,
    version: int = 1,
    effective_from: date | None = None,
    log: EventLog | None = None,
    calendars: Calendars | None = None,
) -> Flow:
    """Declare a variant the standard.

    Parameters
    ----------
    variant
        The variant, or its path.
    key, names, version, effective_from
        Of the flow; `names` are the first and last activity, if left out.
    log
        Where given, each step gets as owner the role that did it most, and as SLA the hours within
        which 80 % of the variant's own cases did it, rounded up.
    calendars
        For working hours; without them the SLA counts hours by the clock.

    Returns
    -------
    Flow
        A step for each activity in order of its first event; one that comes more than once may repeat.

    Examples
    --------
    >>> [(step.key, step.may_repeat) for step in flow_of_variant(("ask", "mend", "ask")).steps]
    [('step-1', True), ('step-2', False)]
    """
    path = tuple(variant.path if isinstance(variant, Variant) else variant)
    activities = tuple(dict.fromkeys(path))
    bare = Flow(
        key=key,
        names=names or dict.fromkeys(LANGUAGES, f"{path[0]} → {path[-1]}"),
        steps=tuple(
            Step(f"step-{place}", dict.fromkeys(LANGUAGES, name), (name,), may_repeat=path.count(name) > 1)
            for place, name in enumerate(activities, start=1)
        ),
        version=version,
        effective_from=effective_from,
    )
    return bare if log is None else _with_figures(bare, path, log, calendars)


def _candidates(
    log: EventLog, *, must: Collection[str], endings: Collection[str] | None
) -> list[tuple[tuple[str, ...], Longs]]:
    """Path and cases of each candidate, most cases first."""
    if not len(log):
        return []
    ending = set(usual_endings(log) if endings is None else endings)
    way, first = ways_of(log)
    needed = max(MIN_CASES, MIN_SHARE * len(log.cases))
    found = []
    for code in np.flatnonzero(np.bincount(way) >= needed).tolist():
        begin, end = log.bounds[first[code]], log.bounds[first[code] + 1]
        path = tuple(log.activities[activity] for activity in log.activity[begin:end])
        if path[-1] in ending and set(must) <= set(path):
            found.append((path, np.flatnonzero(way == code)))
    found.sort(key=lambda one: (-len(one[1]), one[0]))
    return [one for one in found if one[0][-1] == found[0][0][-1]]


def _judged(
    log: EventLog,
    group: tuple[tuple[str, ...], Longs],
    sample: np.ndarray,
    faster: Estimate | None,
    *,
    limit: float | None,
    random: np.random.Generator,
    runs: int,
    than: Candidate | None = None,
) -> Candidate:
    path, cases = group
    hits = None if limit is None else int(np.searchsorted(sample, limit, side="right"))
    on_time = (None, None, None) if hits is None else (hits / len(sample), *wilson(hits, len(sample)))
    is_as_punctual = on_time[0] is None or than is None or on_time[0] >= (than.on_time or 0)
    return Candidate(
        path=path,
        cases=len(cases),
        share=len(cases) / len(log.cases),
        median_cycle_s=quantile_estimate(sample, 0.5, runs=runs, random=random),
        on_time=on_time[0],
        on_time_low=on_time[1],
        on_time_high=on_time[2],
        faster_s=faster,
        is_better=faster is not None and faster.low > 0 and is_as_punctual,
    )


def _faster(
    reference: np.ndarray, other: np.ndarray, *, confidence: float, random: np.random.Generator, runs: int
) -> Estimate:
    drawn = resampled_quantile(reference, 0.5, runs=runs, random=random) - resampled_quantile(
        other, 0.5, runs=runs, random=random
    )
    return Estimate(
        float(np.median(reference) - np.median(other)), *interval_of(drawn, confidence=confidence)
    )


def _cycle_times(log: EventLog, calendars: Calendars | None) -> Longs:
    ends = log.finished[log.last]
    return micros_between(log, log.last, ends - log.cycle_times(), ends, calendars=calendars)


def _with_figures(flow: Flow, path: tuple[str, ...], log: EventLog, calendars: Calendars | None) -> Flow:
    own = log.keep(_takes(log, path))
    visits = visits_of(own, flow.step_codes(own.activities), steps=len(flow.steps))
    taken, is_measured = visit_times(own, visits, calendars=calendars)
    at = visits.step[visits.begins]
    steps = []
    for index, step in enumerate(flow.steps):
        hours = taken[(at == index) & is_measured] / HOUR
        sla = Decimal(max(1, math.ceil(np.quantile(hours, SLA_SHARE)))) if len(hours) else None
        steps.append(_agreed(step, _owner(own, step.activities[0]), sla))
    return Flow(flow.key, flow.names, tuple(steps), flow.version, flow.effective_from)


def _takes(log: EventLog, path: tuple[str, ...]) -> np.ndarray:
    way, first = ways_of(log)
    for code, case in enumerate(first.tolist()):
        begin, end = log.bounds[case], log.bounds[case + 1]
        if tuple(log.activities[activity] for activity in log.activity[begin:end]) == path:
            return way == code
    return np.zeros(len(log.cases), bool)


def _owner(log: EventLog, activity: str) -> str | None:
    if log.role is None or activity not in log.activities:
        return None
    roles = log.role[(log.activity == log.activities.index(activity)) & (log.role >= 0)]
    return log.roles[int(np.argmax(np.bincount(roles)))] if len(roles) else None


def _agreed(step: Step, owner: str | None, sla: Decimal | None) -> Step:
    words = None if owner is None else dict.fromkeys(LANGUAGES, owner)
    return Step(step.key, step.names, step.activities, words, sla=sla, may_repeat=step.may_repeat)
