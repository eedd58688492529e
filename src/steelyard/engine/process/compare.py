"""Two logs side by side: two periods, two teams, before and after."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from steelyard.engine.process.chances import adjusted
from steelyard.engine.process.contrasts import Lengths, length_contrasts, lengths_of, share_contrast
from steelyard.engine.process.discover import steps_of
from steelyard.engine.process.findings import ActivityDifference, Comparison, Difference, EdgeDifference
from steelyard.engine.process.groups import grouped
from steelyard.engine.process.log import NO_TIME, EventLog, Ints, Longs

# The two activities of an edge.
Ends = tuple[str, str]
Waits = dict[Ends, Lengths]
Pair = tuple[Lengths | None, Lengths | None]


def compare(one: EventLog, other: EventLog, *, seed: int = 0) -> Comparison:
    """Say where two logs of one process differ beyond chance.

    Parameters
    ----------
    one, other
        The log that is compared with (the earlier period, the other team) and the one looked at.
    seed
        Of the resampling of medians.

    Returns
    -------
    Comparison
        `other` minus `one`, in seconds and shares: of each edge and activity that either has, the median
        and the mean of its wait or work and the share of cases with it; of cases, the cycle time. Edges and
        activities by the greater of their counts, most first, then by name.

    Notes
    -----
    Means: Welch's t, with errors that take events of one case as one draw, because they hang together.
    Medians: percentile bootstrap, widened by the same factor as the mean where events hang together. Shares:
    Newcombe's interval and a pooled test. A wait with fewer than five cases on either side has a difference
    and no interval. All p-values are corrected together by Benjamini–Hochberg; intervals are not.
    A difference is not an effect: the two logs may hold different work.
    Source: Welch, B. L. (1947), Biometrika 34; Newcombe, R. G. (1998), Statistics in Medicine 17; Benjamini,
    Y. and Hochberg, Y. (1995), JRSS B 57.

    Examples
    --------
    >>> import datetime, pyarrow
    >>> from steelyard.engine.process.log import log_of
    >>> def log(hours):
    ...     rows = [(str(case), name, datetime.datetime(2024, 5, 6) + datetime.timedelta(hours=hour * at))
    ...             for case, hour in enumerate(hours) for at, name in enumerate(("ask", "sign"))]
    ...     return log_of(pyarrow.table(dict(zip(("case_id", "activity", "finished_at"), zip(*rows)))))
    >>> wait = compare(log([1, 2, 3, 2, 2]), log([8, 9, 7, 8, 8])).edges[0].median_wait_s
    >>> wait.one, wait.other, wait.difference, wait.low > 0, wait.p < 0.01
    (7200.0, 28800.0, 21600.0, True, True)
    """
    random = np.random.default_rng(seed)
    cases = len(one.cases), len(other.cases)
    waits = _waits(one), _waits(other)
    edges = [
        EdgeDifference(*key, *_counts(pair), *_figures(pair, cases, random)) for key, pair in _pairs(*waits)
    ]
    work, seen = (_work(one), _work(other)), (_seen(one), _seen(other))
    activities = [
        ActivityDifference(
            name,
            seen[0].get(name, (0, 0))[0],
            seen[1].get(name, (0, 0))[0],
            *length_contrasts((work[0].get(name), work[1].get(name)), random),
            share_contrast([side.get(name, (0, 0))[1] for side in seen], cases),
        )
        for name in sorted(seen[0].keys() | seen[1].keys())
    ]
    cycle = length_contrasts((_cycle(one), _cycle(other)), random)
    edges.sort(key=lambda line: (-max(line.one_count, line.other_count), line.source, line.target))
    activities.sort(key=lambda line: (-max(line.one_count, line.other_count), line.activity))
    return _corrected(Comparison(*cases, tuple(edges), tuple(activities), *cycle))


def _waits(log: EventLog) -> Waits:
    if len(log) < 2:
        return {}
    steps = steps_of(log)
    found = {}
    for code, lengths, cases in _grouped(steps.edge, steps.wait, steps.case, groups=steps.edges):
        source, target = steps.ends_of(code)
        found[log.activities[source], log.activities[target]] = lengths_of(lengths, cases)
    return found


def _work(log: EventLog) -> dict[str, Lengths]:
    if log.started is None:
        return {}
    timed = np.flatnonzero(log.started != NO_TIME)
    work = np.maximum(log.finished[timed] - log.started[timed], 0)
    groups = _grouped(log.activity[timed], work, log.case[timed], groups=len(log.activities))
    return {log.activities[code]: lengths_of(lengths, cases) for code, lengths, cases in groups}


def _seen(log: EventLog) -> dict[str, tuple[int, int]]:
    """Events and cases of each activity."""
    groups = grouped(log.activity, groups=len(log.activities))
    figures = zip(groups.counts.tolist(), groups.owners(log.case).tolist(), strict=True)
    return {log.activities[code]: found for code, found in zip(groups.codes.tolist(), figures, strict=True)}


def _cycle(log: EventLog) -> Lengths | None:
    cases = np.arange(len(log.cases), dtype=np.int32)
    return lengths_of(log.cycle_times(), cases) if len(cases) else None


def _grouped(codes: Any, lengths: Longs, case: Ints, *, groups: int) -> Iterator[tuple[int, Longs, Ints]]:
    found = grouped(codes, groups=groups)
    lengths, case = lengths[found.order], case[found.order]
    bounds = found.bounds.tolist()
    for place, code in enumerate(found.codes.tolist()):
        rows = slice(bounds[place], bounds[place + 1])
        yield code, lengths[rows], case[rows]


def _pairs(one: Waits, other: Waits) -> list[tuple[Ends, Pair]]:
    return [(key, (one.get(key), other.get(key))) for key in sorted(one.keys() | other.keys())]


def _counts(pair: Pair) -> tuple[int, int]:
    return pair[0].count if pair[0] else 0, pair[1].count if pair[1] else 0


def _figures(
    pair: Pair, cases: tuple[int, int], random: np.random.Generator
) -> tuple[Difference, Difference, Difference]:
    with_it = [side.cases if side else 0 for side in pair]
    return *length_contrasts(pair, random), share_contrast(with_it, cases)


def _corrected(found: Comparison) -> Comparison:
    """Every p-value corrected for all that were looked at."""
    tested = [difference.p for difference in _all(found) if difference.p is not None]
    p_values = iter(adjusted(tested))

    def settle(difference: Difference) -> Difference:
        return difference if difference.p is None else replace(difference, p=next(p_values))

    def settle_line(line: Any) -> Any:
        return replace(line, **{name: settle(getattr(line, name)) for name in _named(line)})

    return replace(
        found,
        edges=tuple(settle_line(line) for line in found.edges),
        activities=tuple(settle_line(line) for line in found.activities),
        median_cycle_s=settle(found.median_cycle_s),
        mean_cycle_s=settle(found.mean_cycle_s),
    )


def _named(line: Any) -> list[str]:
    return [name for name, value in vars(line).items() if isinstance(value, Difference)]


def _all(found: Comparison) -> Iterator[Difference]:
    for line in (*found.edges, *found.activities):
        yield from (getattr(line, name) for name in _named(line))
    yield from (found.median_cycle_s, found.mean_cycle_s)
