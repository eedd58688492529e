"""Which variant to make the standard, and the flow that it becomes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa

from steelyard.engine.process.declared import best_variant, check_flow, flow_of_variant, parse_flow
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.variants import variants

MONDAY = datetime(2024, 6, 3, 9, tzinfo=UTC)


def log(groups: list[tuple[tuple[str, ...], int, float]], *, seed: int = 1) -> EventLog:
    """(path, cases, mean hours between events)."""
    random = np.random.default_rng(seed)
    rows = []
    for group, (path, cases, hours) in enumerate(groups):
        for case in range(cases):
            at = MONDAY + timedelta(hours=case)
            for name in path:
                rows.append(
                    {
                        "case_id": f"{group}-{case:04}",
                        "activity": name,
                        "finished_at": at,
                        "role": name.upper(),
                    }
                )
                at += timedelta(hours=random.exponential(hours))
    return log_of(pa.Table.from_pylist(rows))


LONG, SHORT = ("ask", "check", "check twice", "pay"), ("ask", "check", "pay")


def test_a_surely_shorter_way_replaces_the_usual_one() -> None:
    choice = best_variant(log([(LONG, 300, 10), (SHORT, 120, 10), (("ask", "refuse"), 200, 1)]))
    assert (choice.best, choice.reference) == (SHORT, LONG)
    assert [reason[0] for reason in choice.reasons] == ["faster-than-usual", "not-by-lot"]
    assert [candidate.path for candidate in choice.candidates] == [LONG, SHORT]
    assert choice.candidates[1].faster_s is not None
    assert choice.candidates[1].faster_s.low > 0


def test_the_usual_way_stays_where_the_difference_may_be_chance() -> None:
    same = [(LONG, 300, 10.0), (("ask", "check", "sign", "pay"), 60, 10.0)]
    assert best_variant(log(same)).best == LONG


def test_luck_is_not_chosen_among_many_equal_ways() -> None:
    """Ten equal ways: over a hundred logs the usual way falls in at most about five."""
    ways = [(("ask", f"check {each}", "pay"), 60 + (each == 0), 10.0) for each in range(10)]
    fallen = sum(
        best_variant(log(ways, seed=seed), runs=1000).reasons[0][0] != "usual-way" for seed in range(100)
    )
    assert fallen <= 10


def test_a_way_without_what_it_must_have_is_no_candidate() -> None:
    choice = best_variant(log([(LONG, 300, 10), (SHORT, 120, 10)]), must=["check twice"])
    assert (choice.best, len(choice.candidates)) == (LONG, 1)


def test_punctuality_goes_before_speed() -> None:
    events = log([(LONG, 300, 10), (SHORT, 120, 10)])
    choice = best_variant(events, within_hours=Decimal(40))
    assert choice.candidates[0].on_time is not None
    assert choice.candidates[0].on_time_low < choice.candidates[0].on_time < choice.candidates[0].on_time_high
    assert choice.best == SHORT


def test_the_same_seed_gives_the_same_answer() -> None:
    events = log([(LONG, 100, 10), (SHORT, 60, 10)])
    assert best_variant(events, seed=3).as_json() == best_variant(events, seed=3).as_json()


def test_the_standard_holds_for_the_cases_it_was_made_of() -> None:
    events = log([(LONG, 40, 10), (SHORT, 60, 10)])
    flow = flow_of_variant(variants(events)[0], log=events)
    assert [step.activities for step in flow.steps] == [("ask",), ("check",), ("pay",)]
    assert [step.owner["en"] for step in flow.steps if step.owner] == ["ASK", "CHECK", "PAY"]
    assert flow.steps[0].sla is None
    assert parse_flow(flow.as_yaml()) == flow
    check = check_flow(events, flow)
    assert (check.cases, check.adherent) == (100, 60)
    of_its_own = check_flow(log([(SHORT, 400, 10)]), flow_of_variant(SHORT, log=log([(SHORT, 400, 10)])))
    in_time = [line.share for line in of_its_own.breaches if line.share is not None]
    assert all(share >= 0.75 for share in in_time)
    assert [(each.kind, each.step, each.activity, each.cases) for each in check.deviations] == [
        ("inserted", "step-2", "check twice", 40)
    ]
