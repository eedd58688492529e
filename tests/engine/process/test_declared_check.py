"""How cases keep to a declared flow: hand-worked deviations, SLAs on calendars, months."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.declared import Flow, check_flow, parse_flow
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.shares import wilson

MONDAY = datetime(2024, 6, 3, 9, tzinfo=UTC)
FLOW = parse_flow(
    """
    key: buy
    names: Buy
    steps:
      - {key: ask, names: Ask, activities: [ask, ask again]}
      - {key: offer, names: Offer, sla: 8}
      - {key: call, names: Call, optional: true}
      - {key: sign, names: Sign, sla: 16, may_repeat: true}
      - {key: pay, names: Pay}
    """
)


def log(*cases: str, hours: int = 1, start: datetime = MONDAY) -> EventLog:
    """Cases as "ask offer sign"; each event an hour after the one before."""
    rows = [
        {
            "case_id": f"{index:03}",
            "activity": name.replace("_", " "),
            "finished_at": start + timedelta(hours=hours * place),
        }
        for index, case in enumerate(cases)
        for place, name in enumerate(case.split())
    ]
    return log_of(pa.Table.from_pylist(rows))


def deviations(of: EventLog, flow: Flow = FLOW, **asked: object) -> list[tuple[str, str, str, int]]:
    found = check_flow(of, flow, **asked).deviations  # type: ignore[arg-type]
    return [(each.kind, each.step, each.activity, each.cases) for each in found]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        ("ask offer sign pay", []),
        ("ask offer call sign sign pay", []),
        ("ask ask_again offer sign pay", []),
        ("ASK Offer sign pay", []),
        ("ask sign pay", [("skipped", "offer", "", 1)]),
        ("offer ask sign pay", [("order", "ask", "", 1)]),
        ("ask offer ask sign pay", [("repeated", "ask", "", 1)]),
        ("ask ask offer sign pay", [("repeated", "ask", "", 1)]),
        ("ask offer ask_again sign pay", [("repeated", "ask", "", 1)]),
        ("ask chat offer sign pay", [("inserted", "ask", "chat", 1)]),
        ("chat ask offer sign pay", [("inserted", "", "chat", 1)]),
        ("ask offer pay sign", [("order", "sign", "", 1)]),
        ("ask call offer sign pay", [("order", "offer", "", 1)]),
        ("pay", [("skipped", "ask", "", 1), ("skipped", "offer", "", 1), ("skipped", "sign", "", 1)]),
    ],
)
def test_deviations_of_one_case(case: str, expected: list[tuple[str, str, str, int]]) -> None:
    assert deviations(log(case)) == expected
    check = check_flow(log(case), FLOW)
    assert (check.cases, check.adherent) == (1, 0 if expected else 1)


def test_an_open_case_is_not_blamed_for_what_it_may_still_do() -> None:
    cases = ["ask offer sign pay"] * 39 + ["ask offer"]
    check = check_flow(log(*cases), FLOW)
    assert (check.cases, check.open, check.adherent) == (39, 1, 39)
    assert (check.share, check.low, check.high) == (1.0, wilson(39, 39)[0], 1.0)


def test_an_ending_that_is_named_closes_the_case() -> None:
    check = check_flow(log("ask offer", "ask offer sign pay"), FLOW, endings=["offer", "pay"])
    assert [(each.kind, each.step) for each in check.deviations] == [("skipped", "pay"), ("skipped", "sign")]


def test_sla_by_the_clock_and_on_calendars() -> None:
    friday = datetime(2024, 6, 7, 16, tzinfo=UTC)
    rows = [
        {"case_id": "1", "activity": "ask", "finished_at": friday},
        {"case_id": "1", "activity": "offer", "finished_at": datetime(2024, 6, 10, 12, tzinfo=UTC)},
        {"case_id": "1", "activity": "sign", "finished_at": datetime(2024, 6, 12, 12, tzinfo=UTC)},
        {"case_id": "1", "activity": "pay", "finished_at": datetime(2024, 6, 12, 13, tzinfo=UTC)},
    ]
    events = log_of(pa.Table.from_pylist(rows))
    plain = check_flow(events, FLOW)
    assert plain.clock == "elapsed"
    assert [(each.step, each.late, each.median_hours) for each in plain.breaches] == [
        ("ask", 0, None),
        ("offer", 1, 68.0),
        ("call", 0, None),
        ("sign", 1, 48.0),
        ("pay", 0, 1.0),
    ]
    calendars = Calendars.load("{timezone: UTC, hours: {mon-fri: ['09:00-17:00']}}")
    worked = check_flow(events, FLOW, calendars=calendars)
    assert worked.clock == "working"
    # Friday 16–17 and Monday 9–12 are four hours; Monday 12 to Wednesday 12 is twice eight.
    assert [(each.late, each.median_hours, each.share) for each in worked.breaches[1:4:2]] == [
        (0, 4.0, 1.0),
        (0, 16.0, 1.0),
    ]
    assert (plain.adherent_in_time, worked.adherent_in_time) == (0, 1)


def test_each_visit_counts_against_the_sla() -> None:
    rows = [("ask", 0), ("offer", 1), ("sign", 2), ("pay", 3), ("sign", 23)]
    table = [
        {"case_id": "1", "activity": name, "finished_at": MONDAY + timedelta(hours=at)} for name, at in rows
    ]
    line = check_flow(log_of(pa.Table.from_pylist(table)), FLOW).breaches[3]
    assert (line.step, line.cases, line.late, line.median_hours, line.examples) == (
        "sign",
        1,
        1,
        20.0,
        ("1",),
    )


def test_a_first_step_is_measured_from_its_start() -> None:
    rows = [
        {"case_id": "1", "activity": "ask", "started_at": MONDAY, "finished_at": MONDAY + timedelta(hours=3)},
        {"case_id": "2", "activity": "ask", "started_at": None, "finished_at": MONDAY},
    ]
    line = check_flow(log_of(pa.Table.from_pylist(rows)), FLOW, endings=["ask"]).breaches[0]
    assert (line.cases, line.unmeasured, line.median_hours) == (1, 1, 3.0)


def test_only_cases_from_the_day_on_are_bound() -> None:
    flow = Flow(FLOW.key, FLOW.names, FLOW.steps, 2, date(2024, 7, 1))
    early = log("ask pay")
    assert check_flow(early, flow).earlier == 1
    assert check_flow(early, flow).cases == 0
    assert check_flow(early, flow).share is None
    # Half past midnight in Shanghai is still the day before in UTC.
    late = log("ask offer sign pay", start=datetime(2024, 6, 30, 16, 30, tzinfo=UTC))
    assert check_flow(late, flow).cases == 0
    shanghai = check_flow(late, flow, timezone="Asia/Shanghai")
    assert [(each.month, each.cases, each.adherent) for each in shanghai.months] == [("2024-07", 1, 1)]


def test_months_add_up_and_json_is_plain() -> None:
    import json

    june, july = (
        log("ask offer sign pay", "ask pay"),
        log("ask offer sign pay", start=MONDAY + timedelta(days=40)),
    )
    assert check_flow(june, FLOW).months[0].share == 0.5
    assert check_flow(july, FLOW).months[0].month == "2024-07"
    flow = Flow(FLOW.key, FLOW.names, FLOW.steps, 2, date(2024, 1, 1))
    text = json.dumps(check_flow(june, flow).as_json())
    assert json.loads(text)["since"] == "2024-01-01"
    assert json.loads(text)["deviations"][0]["examples"] == ["001"]


def test_no_event_at_all() -> None:
    empty = log("ask").keep(np.array([False]))
    check = check_flow(empty, FLOW)
    assert (check.cases, check.share, check.deviations, check.months) == (0, None, (), ())
    assert check.untouched == ("ask", "offer", "call", "sign", "pay")


names = st.sampled_from(["ask", "offer", "call", "sign", "pay", "chat", "ask_again"])


@given(st.lists(st.lists(names, min_size=1, max_size=8).map(" ".join), min_size=1, max_size=12))
def test_cases_and_counts_add_up(cases: list[str]) -> None:
    events = log(*cases)
    check = check_flow(events, FLOW, endings=["pay", "chat"])
    assert check.cases + check.open + check.earlier == len(cases)
    assert sum(month.cases for month in check.months) == check.cases
    assert sum(month.adherent for month in check.months) == check.adherent
    ended = [case.split() for case in cases if "pay" in case.split() or case.split()[-1] == "chat"]
    assert check.cases == len(ended)
    expected = [case for case in ended if _keeps(case)]
    assert check.adherent == len(expected)
    backwards = log_of(_table(events).take(pa.array(np.arange(len(events))[::-1])))
    assert check_flow(backwards, FLOW, endings=["pay", "chat"]) == check


def _keeps(case: list[str]) -> bool:
    """The flow told once more, as what a case must be."""
    steps = ["ask" if name == "ask_again" else name for name in case]
    order = [name for place, name in enumerate(steps) if name not in steps[:place]]
    visits = [name for place, name in enumerate(steps) if place == 0 or steps[place - 1] != name]
    return (
        "chat" not in steps
        and {"ask", "offer", "sign", "pay"} <= set(steps)
        and order == [name for name in ("ask", "offer", "call", "sign", "pay") if name in order]
        and all(case.count(name) == 1 for name in case if name != "sign")
        and all(visits.count(name) == 1 for name in visits if name != "sign")
    )


def _table(of: EventLog) -> pa.Table:
    return pa.table(
        {
            "case_id": of.cases.take(pa.array(of.case)),
            "activity": [of.activities[code] for code in of.activity],
            "finished_at": pa.array(of.finished).cast(pa.timestamp("us", "UTC")),
        }
    )
