"""What-if on hand-worked logs, on laws that must hold for every log, and on queues with a known answer."""

import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.whatif import (
    Change,
    automate,
    change_of,
    merge,
    parallelise,
    remove,
    simulate,
    staff,
)
from steelyard.engine.process.whatif.apply import applied
from steelyard.engine.process.whatif.queues import queue_waits
from steelyard.engine.process.whatif.replay import replay_of
from steelyard.errors import Refused

NINE = datetime(2024, 6, 3, 9, tzinfo=UTC)
HOUR = 3600.0


def log(*events: tuple[str, str, float, float], **columns: list) -> EventLog:
    """(case, activity, start, finish), hours from nine on Monday."""
    rows = [
        {
            "case_id": case,
            "activity": activity,
            "started_at": NINE + timedelta(hours=start),
            "finished_at": NINE + timedelta(hours=finish),
            **{name: values[place] for name, values in columns.items()},
        }
        for place, (case, activity, start, finish) in enumerate(events)
    ]
    return log_of(pa.Table.from_pylist(rows))


def after(of: EventLog, *changes: Change, **asked: object) -> float:
    """Median cycle in hours."""
    return simulate(of, changes, runs=5, **asked).after.median_s.value / HOUR  # type: ignore[arg-type]


# ask 0–1, one hour of wait, check 2–5, two of wait, sign 7–8, one of wait, pay 9–10.
CHAIN = log(("1", "ask", 0, 1), ("1", "check", 2, 5), ("1", "sign", 7, 8), ("1", "pay", 9, 10))


@pytest.mark.parametrize(
    ("change", "hours"),
    [
        (remove("check"), 6),
        (remove("ask"), 9),
        (remove("pay"), 8),
        (automate("check"), 7),
        (automate("check", seconds=1800), 7.5),
        (automate("check", seconds=5 * 3600), 12),
        (automate("check", wait_kept=0), 6),
        (automate("check", seconds=3 * 3600, wait_kept=0.5), 9.5),
        (merge(["check", "sign"]), 8),
        (merge(["ask", "check", "sign", "pay"]), 6),
        (parallelise(["check", "sign"]), 7),
        (parallelise(["sign", "check"]), 7),
        (parallelise(["sign", "pay"]), 8),
    ],
)
def test_changes_of_a_chain(change: Change, hours: float) -> None:
    assert after(CHAIN, change) == hours


def test_changes_follow_one_another() -> None:
    assert after(CHAIN, remove("check"), automate("sign")) == 5


def test_what_runs_beside_holds_the_case_up() -> None:
    beside = log(("1", "ask", 0, 1), ("1", "check", 1, 4), ("1", "print", 1, 3), ("1", "pay", 5, 6))
    assert after(beside, remove("check")) == 5
    assert after(beside, remove("print")) == 6
    assert after(beside, remove("print"), remove("check")) == 3


def test_a_second_round_is_merged_by_itself() -> None:
    rounds = log(
        ("1", "check", 0, 1),
        ("1", "sign", 3, 4),
        ("1", "mend", 5, 6),
        ("1", "check", 8, 9),
        ("1", "sign", 12, 13),
    )
    assert after(rounds, merge(["check", "sign"])) == 13 - 2 - 3
    # The second sign waits three hours and works one, from six on; the check beside it is over before.
    assert after(rounds, parallelise(["check", "sign"])) == 13 - 1 - 3


def test_only_cases_below_a_limit_change() -> None:
    two = log(
        ("1", "ask", 0, 1),
        ("1", "sign", 3, 4),
        ("2", "ask", 0, 1),
        ("2", "sign", 3, 4),
        amount=[10, 10, 90, 90],
    )
    outcome = simulate(two, [remove("sign", below=("amount", 50))], runs=5)
    assert outcome.touched == 1
    assert outcome.after.mean_s.value == 2.5 * HOUR


def test_half_of_the_cases_by_lot() -> None:
    many = log(
        *(event for case in range(400) for event in ((f"{case}", "ask", 0, 1), (f"{case}", "sign", 3, 4)))
    )
    outcome = simulate(many, [remove("sign", share=0.5)], runs=200)
    assert 160 <= outcome.touched <= 240
    assert outcome.difference.mean_s.low < -1.5 * HOUR < outcome.difference.mean_s.high


def test_working_time_counts_no_nights() -> None:
    over_night = log(("1", "ask", 0, 1), ("1", "sign", 24, 25))
    calendars = Calendars.load("{timezone: UTC, hours: {mon-fri: ['09:00-17:00']}}")
    assert after(over_night) == 25
    assert after(over_night, calendars=calendars) == 9
    assert after(over_night, remove("sign"), calendars=calendars) == 1
    assert simulate(over_night, [], calendars=calendars, runs=5).clock == "working"


def test_figures_of_activities_and_work() -> None:
    outcome = simulate(CHAIN, [automate("check")], runs=5)
    figures = {each.activity: each for each in outcome.activities}
    assert figures["check"].mean_work_before_s == 3 * HOUR
    assert figures["check"].mean_work_after_s == 0
    assert figures["check"].mean_wait_after_s == figures["check"].mean_wait_before_s == HOUR
    assert (figures["check"].touched, figures["sign"].touched) == (1, 0)
    assert (outcome.work_hours.before.value, outcome.work_hours.after.value) == (6, 3)
    assert outcome.throughput_per_week is None


def test_littles_law_gives_the_cases_in_progress() -> None:
    day = log(*((f"{case:02}", "work", case * 24, case * 24 + 48) for case in range(8)))
    outcome = simulate(day, [automate("work", seconds=24 * 3600)], runs=5)
    assert outcome.in_progress is not None
    assert outcome.throughput_per_week is not None
    assert outcome.in_progress.before.value == pytest.approx(8 * 2 / 7)
    assert outcome.in_progress.after.value == pytest.approx(8 * 1 / 7)
    # A week from first to last; six of eight end in it, then seven.
    assert outcome.throughput_per_week.before.value == pytest.approx(6)
    assert outcome.throughput_per_week.after.value == pytest.approx(7)


def test_what_cannot_be_told_is_said() -> None:
    bare = log_of(
        pa.table(
            {
                "case_id": ["1", "1"],
                "activity": ["ask", "sign"],
                "finished_at": [NINE, NINE + timedelta(hours=2)],
            }
        )
    )
    assert simulate(bare, [automate("sign")], runs=5).notes == (("no-work-times", {"activity": "sign"}),)
    assert simulate(bare, [staff("sign", added=1)], runs=5).notes == (
        ("no-performers", {"activity": "sign"}),
    )
    assert after(bare, remove("sign")) == 0


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        (lambda: simulate(CHAIN, [remove("nap")]), "whatif.unknown-activity"),
        (lambda: simulate(CHAIN, [], runs=0), "whatif.runs"),
        (lambda: simulate(CHAIN, [], endings=["nap"]), "whatif.no-cases"),
        (lambda: simulate(CHAIN, [remove("ask", below=("size", 1))]), "process.no-such-attribute"),
        (lambda: merge(["ask"]), "whatif.activities"),
        (lambda: merge(["ask", "ask"]), "whatif.activities"),
        (lambda: staff("ask", added=0), "whatif.bad-number"),
        (lambda: automate("ask", seconds=-1), "whatif.bad-number"),
        (lambda: automate("ask", share=math.nan), "whatif.bad-number"),
        (lambda: change_of({"kind": "move", "activities": ["ask"]}), "whatif.unknown-kind"),
        (lambda: change_of({"kind": "remove", "activities": "ask"}), "whatif.activities"),
        (lambda: change_of({"kind": "remove", "activities": ["ask"], "why": 1}), "whatif.unknown-key"),
        (lambda: change_of({"kind": "remove", "activities": ["ask"], "share": "all"}), "whatif.bad-number"),
        (lambda: change_of({"kind": "remove", "activities": ["ask"], "below": ["a"]}), "whatif.bad-number"),
    ],
)
def test_refusals(ask: Callable[[], object], code: str) -> None:
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.code == code


@pytest.mark.parametrize(
    "change",
    [
        remove("a", share=0.5, below=("amount", 10)),
        merge(["a", "b"]),
        parallelise(["a", "b"]),
        automate("a", seconds=60, wait_kept=0.25),
        staff("a", added=2),
    ],
)
def test_changes_survive_json(change: Change) -> None:
    assert change_of(json.loads(json.dumps(change.as_json()))) == change


NAMES = "abcd"
events = st.tuples(
    st.sampled_from("123"),
    st.sampled_from(NAMES),
    st.integers(0, 40),
    st.integers(0, 12),
    st.sampled_from("xyz"),
)
logs = st.lists(events, min_size=1, max_size=24).map(
    lambda found: log(
        *((case, name, start, start + takes) for case, name, start, takes, _ in found),
        performer=[who for *_, who in found],
    )
)
shorter = st.one_of(
    st.sampled_from(NAMES).map(remove),
    st.sampled_from(NAMES).map(automate),
    st.sampled_from(NAMES).map(lambda name: automate(name, wait_kept=0.5)),
    st.sampled_from(NAMES).map(lambda name: staff(name, added=1)),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True).map(merge),
    st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True).map(parallelise),
)


@given(logs)
def test_an_unchanged_log_plays_back_exactly(of: EventLog) -> None:
    assert replay_of(of).cycles().tolist() == of.cycle_times().tolist()
    outcome = simulate(of, [], runs=3)
    assert outcome.touched == 0
    for figure in (outcome.difference.median_s, outcome.difference.mean_s, outcome.difference.p90_s):
        assert (figure.value, figure.low, figure.high) == (0, 0, 0)


@given(logs, st.lists(shorter, min_size=1, max_size=3))
def test_nothing_that_shortens_a_step_makes_a_case_longer(of: EventLog, changes: list[Change]) -> None:
    known = [change for change in changes if set(change.activities) <= set(of.activities)]
    before = replay_of(of)
    changed, _ = applied(before, known, calendars=None, random=np.random.default_rng(1))
    assert np.all(changed.cycles() <= before.cycles())
    assert np.all(changed.wait >= 0)
    assert np.all(changed.work >= 0)


@given(logs, st.sampled_from(NAMES))
def test_automating_at_once_removes_the_work_but_not_the_wait(of: EventLog, name: str) -> None:
    if name not in of.activities:
        return
    before = replay_of(of)
    random = np.random.default_rng(1)
    removed = applied(before, [remove(name)], calendars=None, random=random)[0]
    automated = applied(before, [automate(name)], calendars=None, random=random)[0]
    at_once = applied(before, [automate(name, wait_kept=0)], calendars=None, random=random)[0]
    assert automated.wait.tolist() == before.wait.tolist()
    assert np.all(removed.cycles() <= automated.cycles())
    assert at_once.cycles().tolist() == removed.cycles().tolist()


branches = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=4)


@given(branches, st.integers(0, 9))
def test_side_by_side_takes_as_long_as_the_longest_branch(found: list[tuple[int, int]], rest: int) -> None:
    told, at = [("1", "ask", 0.0, 1.0)], 1.0
    for place, (wait, work) in enumerate(found):
        told.append(("1", f"branch {place}", at + wait, at + wait + work))
        at += wait + work
    told.append(("1", "pay", at + rest, at + rest))
    # Steps that take no time at one instant have no order of their own.
    if any(wait + work == 0 for wait, work in found):
        return
    names = [name for _, name, *_ in told[1:-1]]
    longest = max(wait + work for wait, work in found)
    assert after(log(*told), parallelise(names)) == 1 + longest + rest
    assert after(log(*told), merge(names)) == 1 + found[0][0] + sum(work for _, work in found) + rest


@given(logs)
@settings(max_examples=25)
def test_the_same_seed_gives_the_same_bytes(of: EventLog) -> None:
    changes = [remove(of.activities[0], share=0.5)]
    one, other = (json.dumps(simulate(of, changes, runs=3, seed=5).as_json()) for _ in range(2))
    assert one == other


def poisson_queue(cases: int, *, servers: int, load: float, seed: int) -> EventLog:
    """M/M/c with a mean work of one hour: the first of `servers` people who is free takes the next case."""
    random = np.random.default_rng(seed)
    came = np.cumsum(random.exponential(1 / (servers * load), cases))
    work = random.exponential(1.0, cases)
    free = np.zeros(servers)
    rows = []
    for case in range(cases):
        who = int(np.argmin(free))
        start = max(came[case], free[who])
        free[who] = start + work[case]
        rows.append((f"{case:06}", "ask", came[case], came[case], ""))
        rows.append((f"{case:06}", "serve", start, free[who], f"p{who}"))
    return log(
        *((case, name, start, end) for case, name, start, end, _ in rows), performer=[row[4] for row in rows]
    )


def erlang_wait(servers: int, offered: float) -> float:
    """Mean wait of M/M/c in units of the mean work (Erlang C)."""
    top = offered**servers / math.factorial(servers) * servers / (servers - offered)
    probability = top / (sum(offered**k / math.factorial(k) for k in range(servers)) + top)
    return probability / (servers - offered)


def test_another_server_shortens_the_queue_as_erlang_says() -> None:
    of = poisson_queue(20_000, servers=2, load=0.8, seed=7)
    outcome = simulate(of, [staff("serve", added=1)], runs=100)
    assert outcome.notes == (("pool", {"activity": "serve", "people": 2, "added": 1}),)
    serve = outcome.activities[1]
    assert serve.mean_wait_before_s / HOUR == pytest.approx(erlang_wait(2, 1.6), rel=0.1)
    assert serve.mean_wait_after_s / HOUR == pytest.approx(erlang_wait(3, 1.6), rel=0.1)
    expected = (erlang_wait(3, 1.6) - erlang_wait(2, 1.6)) * HOUR
    assert outcome.difference.mean_s.low < expected < outcome.difference.mean_s.high


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), min_size=1, max_size=30), st.integers(1, 4))
def test_more_servers_never_lengthen_a_wait(jobs: list[tuple[int, int]], servers: int) -> None:
    ready, work = (np.array(column, np.int64) for column in zip(*jobs, strict=True))
    few, more = (queue_waits(ready, work, servers=count) for count in (servers, servers + 1))
    assert np.all(more <= few)
    assert np.all(queue_waits(ready, work, servers=len(jobs)) == 0)


def test_intervals_cover_the_truth_as_often_as_they_say() -> None:
    """Removing a step with a mean wait of ten hours, 60 cases a log, 200 logs."""
    random = np.random.default_rng(11)
    covered = 0
    for seed in range(200):
        waits = random.exponential(10, 60)
        of = log(
            *(
                event
                for case, wait in enumerate(waits)
                for event in ((f"{case}", "ask", 0, 1), (f"{case}", "sign", 1 + wait, 1 + wait))
            )
        )
        found = simulate(of, [remove("sign")], runs=200, seed=seed).difference.mean_s
        covered += found.low <= -10 * HOUR <= found.high
    assert 175 <= covered <= 199


def test_ten_thousand_cases_in_seconds() -> None:
    random = np.random.default_rng(3)
    cases, steps = 10_000, 8
    gaps = random.exponential(3600e6, (cases, steps, 2)).astype(np.int64).reshape(cases, -1)
    times = 1_717_000_000_000_000 + np.cumsum(gaps, axis=1).reshape(cases, steps, 2)
    of = log_of(
        pa.table(
            {
                "case_id": np.repeat(np.arange(cases), steps),
                "activity": np.tile([f"step {step}" for step in range(steps)], cases),
                "started_at": pa.array(times[:, :, 0].ravel()).cast(pa.timestamp("us")),
                "finished_at": pa.array(times[:, :, 1].ravel()).cast(pa.timestamp("us")),
                "performer": [f"p{who}" for who in random.integers(0, 20, cases * steps)],
            }
        )
    )
    begun = time.process_time()
    outcome = simulate(of, [remove("step 3"), staff("step 5", added=2)], runs=500)
    assert outcome.runs == 500
    assert time.process_time() - begun < 5
