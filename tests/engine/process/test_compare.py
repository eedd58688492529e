"""Two logs side by side: differences that are there, and none where nothing differs."""

import numpy as np
import pyarrow as pa
import pytest

from steelyard.engine.process.chances import adjusted
from steelyard.engine.process.compare import compare
from steelyard.engine.process.contrasts import lengths_of
from steelyard.engine.process.groups import SECOND
from steelyard.engine.process.log import EventLog, log_of
from tests.engine.process.logs import DAY, hours, paths


def waits(random: np.random.Generator, *, cases: int, hours: float, sent_back: float = 0.1) -> EventLog:
    """Cases that ask, sometimes ask again, and sign after a wait of about so many hours."""
    rows = []
    for case in range(cases):
        at = 0.0
        for step in ["ask", *["ask"] * (random.random() < sent_back), "sign"]:
            rows.append((f"{case:05}", step, at))
            at += random.exponential(hours)
    case, activity, times = zip(*rows, strict=True)
    start = int(DAY.timestamp()) * SECOND
    moments = pa.array([start + int(time * 3600 * SECOND) for time in times], pa.timestamp("us", "UTC"))
    return log_of(pa.table({"case_id": case, "activity": activity, "finished_at": moments}))


def test_a_longer_wait_is_found_with_its_interval():
    random = np.random.default_rng(3)
    found = compare(waits(random, cases=300, hours=10), waits(random, cases=300, hours=15, sent_back=0.3))
    wait = next(line for line in found.edges if (line.source, line.target) == ("ask", "sign"))
    assert wait.mean_wait_s.low < 5 * 3600 < wait.mean_wait_s.high
    assert wait.median_wait_s.low < 5 * np.log(2) * 3600 < wait.median_wait_s.high
    assert max(wait.mean_wait_s.p, wait.median_wait_s.p) < 0.02
    back = next(line for line in found.edges if (line.source, line.target) == ("ask", "ask"))
    assert back.share.low < 0.2 < back.share.high
    assert back.share.p < 0.001
    assert found.mean_cycle_s.p < 0.001


def test_two_draws_of_one_process_rarely_differ():
    random = np.random.default_rng(11)
    alarms = missed = intervals = 0
    for _ in range(100):
        found = compare(waits(random, cases=60, hours=10), waits(random, cases=40, hours=10))
        parts = [
            part
            for line in (*found.edges, *found.activities)
            for part in vars(line).values()
            if hasattr(part, "difference")
        ]
        known = [part for part in parts if part.p is not None and (part.low, part.high) != (0, 0)]
        alarms += any(part.p < 0.05 for part in known)
        missed += sum(not part.low <= 0 <= part.high for part in known)
        intervals += len(known)
    assert alarms <= 10
    assert missed / intervals < 0.08


def test_events_of_one_case_count_as_one_draw():
    """Ten cases with a hundred equal events each say no more than ten events."""
    random = np.random.default_rng(5)
    of_case = random.normal(100, 10, 10)
    lengths = (np.repeat(of_case, 100) * SECOND).astype(np.int64)
    found = lengths_of(lengths, np.repeat(np.arange(10, dtype=np.int32), 100))
    assert found.error == pytest.approx(of_case.std(ddof=1) / np.sqrt(10), rel=1e-6)
    assert found.spread == pytest.approx(np.sqrt(100), rel=0.06)


def test_what_only_one_log_has_is_shown_without_a_difference():
    found = compare(paths("ab", "ab"), paths("ac", "ac", "ac"))
    line = found.edges[0]
    assert (line.source, line.target, line.one_count, line.other_count) == ("a", "c", 0, 3)
    assert (line.mean_wait_s.one, line.mean_wait_s.other, line.mean_wait_s.difference) == (None, 3600.0, None)
    assert (line.share.one, line.share.other, line.share.difference) == (0.0, 1.0, 1.0)
    assert [line.activity for line in found.activities] == ["a", "c", "b"]


def test_few_cases_have_a_difference_and_no_interval():
    wait = (
        compare(hours(("1", "a", 0), ("1", "b", 1)), hours(("1", "a", 0), ("1", "b", 3))).edges[0].mean_wait_s
    )
    assert (wait.difference, wait.low, wait.p) == (7200.0, None, None)


def test_work_times_are_compared_where_there_are_starts():
    one = hours(*((str(case), "a", 0, 1 + case / 10) for case in range(6)))
    other = hours(*((str(case), "a", 0, 3 + case / 10) for case in range(6)))
    (line,) = compare(one, other).activities
    assert line.median_work_s.difference == pytest.approx(7200)
    assert line.mean_work_s.low > 3600


def test_the_same_seed_gives_the_same_answer():
    random = np.random.default_rng(1)
    logs = waits(random, cases=30, hours=5), waits(random, cases=30, hours=6)
    assert compare(*logs).as_json() == compare(*logs).as_json()
    assert compare(*logs, seed=1) != compare(*logs)


def test_an_empty_log_differs_in_nothing_known():
    log = paths("ab")
    none = log.keep(np.array([False]))
    assert compare(none, log).edges[0].share.difference is None
    assert compare(none, none).edges == ()


def test_p_values_are_adjusted_as_published():
    """Benjamini and Hochberg (1995), 3.2: the fifteen p-values of the thrombolysis trials."""
    published = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
    published += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]
    assert sum(p <= 0.05 for p in adjusted(published)) == 4
