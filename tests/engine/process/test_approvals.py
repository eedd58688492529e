"""Needless approvals: hand-worked logs for each proposal, what is counted, and the real approval chains."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.approvals import Approval, approvals
from steelyard.engine.process.log import EventLog, log_of
from steelyard.errors import Refused
from steelyard.lake.event_logs import read_event_log
from tests.shared import SHARED

NINE = datetime(2024, 6, 3, 9, tzinfo=UTC)
CASES = 400

# What happens to a case at a step: (activity, outcome, performer, hours of wait, hours of work).
Event = tuple[str, str, str, float, float]


def log(*cases: list[Event], **columns: list) -> EventLog:
    """Columns have one value a case, or a list with one an event."""
    rows = []
    for number, events in enumerate(cases):
        at = NINE + timedelta(hours=number)
        for place, (activity, outcome, performer, wait, work) in enumerate(events):
            start = at + timedelta(hours=wait)
            at = start + timedelta(hours=work)
            values = {name: column[number] for name, column in columns.items()}
            rows.append(
                {
                    "case_id": f"{number:04}",
                    "activity": activity,
                    "outcome": outcome,
                    "performer": performer,
                    "started_at": start,
                    "finished_at": at,
                    **{
                        name: value[place] if isinstance(value, list) else value
                        for name, value in values.items()
                    },
                }
            )
    return log_of(pa.Table.from_pylist(rows))


def ask(who: str = "Ann") -> Event:
    return ("ask", "", who, 0, 1)


def lead(outcome: str = "approved", who: str = "Lee") -> Event:
    return ("lead approval", outcome, who, 4, 0.5)


def head(outcome: str = "approved", who: str = "Hao") -> Event:
    return ("head approval", outcome, who, 20, 0.25)


PAY: Event = ("pay", "", "Pat", 1, 1)


def by_name(found: tuple[Approval, ...]) -> dict[str, Approval]:
    return {one.activity: one for one in found}


def codes(one: Approval) -> list[str]:
    return [code for code, _ in one.reasons]


def every_tenth_refused(second: Event) -> list[list[Event]]:
    refused = [ask(), lead("rejected")]
    return [refused if number % 10 == 0 else [ask(), lead(), second, PAY] for number in range(CASES)]


def test_a_second_signature_that_changes_nothing_is_dropped() -> None:
    found = by_name(approvals(log(*every_tenth_refused(head())), hourly_cost=Decimal("120")))
    needless, needed = found["head approval"], found["lead approval"]
    assert (needless.proposal, needless.with_activity) == ("drop", "lead approval")
    assert codes(needless) == ["rarely-changes", "another-approval-stays", "same-decision"]
    assert (needless.cases, needless.decisions, needless.affected, needless.approve_rate) == (
        360,
        360,
        0,
        1.0,
    )
    # z² / (n + z²) with z² = 3.8415.
    assert needless.affected_high == pytest.approx(3.841459 / (360 + 3.841459), rel=1e-6)
    assert (needless.total_wait_s, needless.median_wait_s) == (360 * 20 * 3600, 20 * 3600)
    # 360 cases × a quarter of an hour × 120.
    assert (needless.work_hours, needless.cost) == (90, Decimal("10800.00"))
    assert needless.saving is not None
    assert needless.saving_days is not None
    assert needless.saving_days.value == pytest.approx(20.25 / 24)
    assert needless.saving.total_hours == pytest.approx(360 * 20.25)
    assert (needed.proposal, codes(needed)) == ("keep", ["changes-things"])
    assert (needed.rejected, needed.affected, needed.approve_rate) == (40, 40, 0.9)


def test_the_same_person_is_named() -> None:
    found = by_name(approvals(log(*every_tenth_refused(head(who="Lee")))))["head approval"]
    assert codes(found) == ["rarely-changes", "another-approval-stays", "same-person", "same-decision"]
    overlap = found.overlap[0]
    assert (overlap.same_performer, overlap.same_decision, overlap.adjacent, overlap.comes_before) == (
        1,
        1,
        1,
        1,
    )


def test_a_placeholder_is_no_person() -> None:
    cases = [
        [("ask", "", "STAFF", 0, 1), lead(who="STAFF"), head(who="STAFF"), ("pay", "", "STAFF", 1, 1)]
    ] * 200
    overlap = approvals(log(*cases))[0].overlap[0]
    assert (overlap.same_performer, overlap.same_performer_low) == (None, None)


def test_the_only_control_is_sampled() -> None:
    cases = [[ask(), head(), PAY] for _ in range(CASES)]
    cases += [[ask(), lead("rejected"), ask(), lead(), PAY] for _ in range(CASES)]
    found = by_name(approvals(log(*cases)))["head approval"]
    assert (found.proposal, codes(found)) == ("sample", ["rarely-changes", "only-control"])
    assert found.saving is not None
    assert found.saving.cases == 360


def test_where_nothing_is_ever_refused_refusals_may_be_lost() -> None:
    found = approvals(log(*[[ask(), lead(), head(), PAY]] * CASES))
    assert {codes(one)[-1] for one in found} == {"no-refusal-in-log"}
    assert {one.proposal for one in found} == {"sample"}


def test_of_two_that_stand_in_for_each_other_one_stays() -> None:
    cases = [[ask(), lead(), head(), PAY]] * CASES
    cases += [[ask(), ("legal approval", "rejected", "Liu", 1, 1)]] * CASES
    found = by_name(approvals(log(*cases)))
    assert (found["head approval"].proposal, found["head approval"].with_activity) == (
        "drop",
        "lead approval",
    )
    assert found["lead approval"].proposal == "sample"
    assert codes(found["lead approval"])[-1] == "others-lean-on-it"


def test_an_approval_in_another_round_does_not_stand_in() -> None:
    cases = [
        [ask(), lead("rejected")]
        if number % 10 == 0
        else [ask(), lead(), PAY, ("deliver", "", "Ann", 50, 1), head()]
        for number in range(CASES)
    ]
    assert by_name(approvals(log(*cases)))["head approval"].proposal == "sample"


def test_a_small_share_of_refusals_is_sampled_rather_than_dropped() -> None:
    cases = [
        [ask(), lead("changed"), ask(), lead(), head(), PAY]
        if number % 10 == 0
        else [ask(), lead(), head("rejected" if number % 100 == 1 else "approved"), PAY]
        for number in range(3000)
    ]
    found = by_name(approvals(log(*cases)))["head approval"]
    assert (found.affected, found.proposal, codes(found)[-1]) == (30, "sample", "not-never")


def test_two_steps_of_one_person_are_merged() -> None:
    cases = [
        [ask(), lead(who="Hao"), head("rejected" if number % 8 == 0 else "approved"), PAY]
        for number in range(CASES)
    ]
    cases = [
        [ask(), lead("changed", "Hao"), *case] if number % 9 == 0 else case
        for number, case in enumerate(cases)
    ]
    found = by_name(approvals(log(*cases)))
    assert (found["head approval"].proposal, found["head approval"].with_activity) == (
        "merge",
        "lead approval",
    )
    assert codes(found["head approval"]) == ["one-person-in-turn"]
    assert found["head approval"].saving_days is not None
    assert found["head approval"].saving_days.value == pytest.approx(20 / 24)
    assert found["lead approval"].proposal == "keep"


def amounts() -> tuple[list[list[Event]], list[float]]:
    """Above 10,000 every third is refused, below none."""
    random = np.random.default_rng(5)
    values = [float(value) for value in random.uniform(0, 20_000, 2000).round(2)]
    refused = [value > 10_000 and number % 3 == 0 for number, value in enumerate(values)]
    return [[ask(), head("rejected" if no else "approved"), PAY] for no in refused], values


def test_a_decision_is_delegated_below_the_limit_above_which_things_are_refused() -> None:
    cases, values = amounts()
    found = approvals(log(*cases, amount=values))[0]
    assert found.proposal == "delegate"
    assert found.below is not None
    assert found.below[0] == "amount"
    assert 7_500 <= found.below[1] <= 10_000
    assert codes(found) == ["only-above"]
    assert found.saving is not None
    assert found.saving.cases == sum(value < found.below[1] for value in values)


def test_amounts_as_text_are_read_and_an_index_is_no_limit() -> None:
    cases, values = amounts()
    assert approvals(log(*cases, amount=[f"{value:,}" for value in values]))[0].proposal == "delegate"
    assert approvals(log(*cases, variant_index=values))[0].proposal == "keep"
    assert approvals(log(*cases, variant_index=values), limits=["variant_index"])[0].proposal == "delegate"


def test_no_limit_is_found_by_trying_many() -> None:
    """Refusals that have nothing to do with forty columns of numbers: no delegation in twenty logs."""
    for seed in range(20):
        random = np.random.default_rng(seed)
        cases = [[ask(), head("rejected" if no else "approved"), PAY] for no in random.random(400) < 0.04]
        columns = {f"amount {each}": random.random(400).tolist() for each in range(40)}
        assert approvals(log(*cases, **columns), runs=10)[0].proposal in ("keep", "cannot-tell")


def test_what_differs_after_an_approval_counts_even_if_it_said_yes() -> None:
    mended = [[10.0, 10.0, 9.0, 9.0] if number % 10 == 1 else [10.0] * 4 for number in range(CASES)]
    cases = [[ask(), lead(), head(), PAY] for _ in range(CASES)]
    found = by_name(approvals(log(*cases, price=mended)))["head approval"]
    assert (found.proposal, found.affected) == ("keep", 40)
    column = found.changed_after.columns[0]
    assert (column.column, column.decisions, column.share_approved, column.is_mark) == (
        "price",
        40,
        0.1,
        False,
    )


def test_a_status_is_a_mark_of_the_step_and_no_correction() -> None:
    cases = every_tenth_refused(head())
    status = [["new", "led", "headed", "paid"]] * CASES
    found = by_name(approvals(log(*cases, status=status)))["head approval"]
    assert (found.proposal, found.affected) == ("drop", 0)
    assert found.changed_after.columns[0].is_mark


def test_a_case_that_goes_back_counts_even_if_the_outcome_says_yes() -> None:
    cases = [
        [ask(), lead(), head(), ask(), lead(), head(), PAY]
        if number % 5 == 0
        else [ask(), lead(), head(), PAY]
        for number in range(CASES)
    ]
    found = by_name(approvals(log(*cases)))
    assert (found["head approval"].changed_after.sent_back, found["head approval"].affected) == (80, 80)
    # After the lead comes the head, who came before in the second round: that is no way back.
    assert (found["lead approval"].changed_after.sent_back, found["lead approval"].affected) == (0, 0)
    steps = {
        (one.outcome, one.activity): one.decisions for one in found["head approval"].changed_after.next_steps
    }
    assert steps == {("approved", "pay"): 400, ("approved", "ask"): 80}


@pytest.mark.parametrize(
    ("cases", "code"),
    [
        ([[ask(), ("Legal review", "", "Liu", 1, 1), PAY]] * 300, "no-outcomes"),
        ([[ask(), ("法务审核", "", "Liu", 1, 1), PAY]] * 300, "no-outcomes"),
        ([[ask(), head(), PAY]] * 29, "too-few-cases"),
        ([[ask(), head(), PAY]] * 100, "interval-too-wide"),
        ([[ask(), head(), PAY]] * 200 + [[ask(), head(""), PAY]] * 60, "outcomes-missing"),
    ],
)
def test_it_cannot_tell(cases: list[list[Event]], code: str) -> None:
    found = approvals(log(*cases))
    assert [(one.proposal, codes(one), one.saving) for one in found] == [("cannot-tell", [code], None)]


def test_to_ask_for_an_approval_is_none() -> None:
    cases = [[("submit for approval", "", "Ann", 0, 1), ("提交审批", "", "Ann", 0, 1), PAY]] * 50
    assert approvals(log(*cases)) == ()


def test_given_names_are_judged_and_unknown_ones_refused() -> None:
    events = log(*every_tenth_refused(head()))
    assert [one.activity for one in approvals(events, is_approval=["head approval"])] == ["head approval"]
    assert codes(approvals(events, is_approval=["pay"])[0]) == ["no-outcomes"]
    with pytest.raises(Refused) as refused:
        approvals(events, is_approval=["nap"])
    assert (refused.value.code, refused.value.params) == ("approvals.unknown-activity", {"activity": "nap"})


def test_decisions_are_read_from_names() -> None:
    def told(name: str) -> Event:
        return (name, "", "Lee", 1, 0.5)

    cases = [
        [ask(), told("Claim REJECTED by HEAD"), ask(), told("Claim FINAL_APPROVED by HEAD"), told("财务同意")]
        if number % 10 == 0
        else [ask(), told("Claim FINAL_APPROVED by HEAD"), told("财务驳回" if number == 5 else "财务同意")]
        for number in range(CASES)
    ]
    found = approvals(log(*cases))
    assert {one.activities for one in found} == {
        ("Claim FINAL_APPROVED by HEAD", "Claim REJECTED by HEAD"),
        ("财务同意", "财务驳回"),
    }
    claim = by_name(found)["Claim FINAL_APPROVED by HEAD"]
    assert (claim.cases, claim.decisions, claim.rejected, claim.proposal) == (400, 440, 40, "keep")
    assert by_name(found)["财务同意"].proposal == "drop"


def test_a_row_of_approvers_under_one_name_is_told_apart() -> None:
    def sign(who: str, outcome: str = "approved") -> Event:
        return ("审批", outcome, who, 5, 0.5)

    cases = [
        [ask(), sign("李", "rejected")] if number % 8 == 0 else [ask(), sign("李"), sign("王"), PAY]
        for number in range(CASES)
    ]
    found = {one.turn: one for one in approvals(log(*cases))}
    assert (found[1].proposal, found[1].rejected) == ("keep", 50)
    assert (found[2].proposal, found[2].with_activity, found[2].with_turn) == ("drop", "审批", 1)
    assert found[2].saving_days is not None
    assert found[2].saving_days.value == pytest.approx(5.5 / 24)


def test_waits_and_work_on_calendars() -> None:
    calendars = Calendars.load("{timezone: UTC, hours: {mon-fri: ['09:00-17:00']}}")
    over_night = [("ask", "", "Ann", 0.0, 1.0), ("head approval", "approved", "Hao", 23.0, 1.0)]
    found = approvals(log(over_night), calendars=calendars, hourly_cost=Decimal(100))[0]
    assert (found.clock, found.median_wait_s, found.work_hours, found.cost) == (
        "working",
        7 * 3600,
        1,
        Decimal("100.00"),
    )


def test_without_starts_the_cost_is_not_known() -> None:
    events = log(*every_tenth_refused(head()))
    bare = log_of(
        pa.table(
            {
                "case_id": events.cases.take(pa.array(events.case)),
                "activity": [events.activities[code] for code in events.activity],
                "finished_at": pa.array(events.finished).cast(pa.timestamp("us", "UTC")),
            }
        )
    )
    found = approvals(bare, hourly_cost=Decimal(100))
    assert {(one.work_hours, one.cost) for one in found} == {(None, None)}


steps = st.tuples(
    st.sampled_from(["ask", "lead approval", "head approval", "pay"]),
    st.sampled_from(["", "approved", "rejected", "changed"]),
    st.sampled_from(["Ann", "Lee", "Hao", ""]),
    st.integers(0, 9),
    st.integers(0, 3),
)


@given(st.lists(st.lists(steps, min_size=1, max_size=6), min_size=1, max_size=12))
@settings(max_examples=60)
def test_counts_add_up_and_bytes_repeat(cases: list[list[Event]]) -> None:
    events = log(*cases)
    found = approvals(events, runs=5, hourly_cost=Decimal(1))
    for one in found:
        assert (
            one.decisions + one.undecided
            == int(np.isin(events.activity, [events.activities.index(name) for name in one.activities]).sum())
            or one.turn
        )
        assert one.affected <= one.decided <= one.cases
        assert one.rejected + one.changed <= one.decisions
        assert sum(step.decisions for step in one.changed_after.next_steps) == one.decisions
        for overlap in one.overlap:
            assert overlap.cases <= one.decided
    assert json.dumps([one.as_json() for one in found]) == json.dumps(
        [one.as_json() for one in approvals(events, runs=5, hourly_cost=Decimal(1))]
    )


def test_chance_alone_drops_no_approval_that_refuses() -> None:
    """One in twenty is refused by the head: in a hundred logs of 300 cases it is never dropped or sampled."""
    for seed in range(100):
        refuses = np.random.default_rng(seed).random(300) < 0.05
        cases = [[ask(), lead(), head("rejected" if no else "approved"), PAY] for no in refuses]
        found = by_name(approvals(log(*cases), runs=5))["head approval"]
        assert found.proposal in ("keep", "cannot-tell")


CHAINS = {
    # Approved and rejected by each role: as counted in the files by name.
    "bpic2020_DomesticDeclarations": {
        "Declaration APPROVED by ADMINISTRATION": (8997, 936, "keep"),
        "Declaration APPROVED by BUDGET OWNER": (2804, 57, "cannot-tell"),
        "Declaration APPROVED by PRE_APPROVER": (771, 86, "keep"),
        "Declaration FINAL_APPROVED by SUPERVISOR": (10285, 286, "keep"),
    },
    "bpic2020_PrepaidTravelCost": {
        "Permit APPROVED by PRE_APPROVER": (170, 16, "keep"),
        # Nothing tells a refusal of the director's: it may be recorded elsewhere.
        "Permit FINAL_APPROVED by DIRECTOR": (356, 0, "sample"),
        "Request For Payment FINAL_APPROVED by DIRECTOR": (39, 0, "cannot-tell"),
        "Request For Payment APPROVED by ADMINISTRATION": (1871, 221, "keep"),
    },
}


@pytest.mark.parametrize("name", CHAINS)
def test_real_chains_of_approvals_by_role(name: str) -> None:
    file = SHARED / "process" / f"{name}.xes.gz"
    if not file.exists():
        pytest.skip("the shared logs are not here")
    found = by_name(approvals(log_of(read_event_log(file)), runs=100))
    for activity, (decisions, rejected, proposal) in CHAINS[name].items():
        one = found[activity]
        assert (one.decisions, one.rejected, one.proposal) == (decisions, rejected, proposal)
    # One name stands for all people: nothing may be made of it.
    assert all(overlap.same_performer is None for one in found.values() for overlap in one.overlap)
