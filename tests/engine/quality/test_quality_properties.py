"""What must hold of any table: parts sum to the whole, rows are what was counted, order tells nothing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.quality import Context, Finding, Origin, check, gaps, gate_of, near, rows_of

START = date(2025, 1, 1)
CONTEXT = Context({"a": Origin("A", 1), "b": Origin("B", 2), "c": Origin("A", 3)}, date(2025, 6, 30), "CNY")
ROW = st.fixed_dictionaries(
    {
        "owner": st.sampled_from(["Lin", "王伟", "Queue", "", None]),
        "account_id": st.sampled_from(["A1", "A2", "X9", None]),
        "amount": st.integers(-3, 3).map(Decimal),
        "created_on": st.integers(0, 400).map(lambda n: START + timedelta(n)),
        "closed_on": st.one_of(st.none(), st.integers(0, 400).map(lambda n: START + timedelta(n))),
        "outcome": st.sampled_from(["won", "lost", "open", None]),
        "currency": st.sampled_from(["CNY", "USD", None]),
        "_import": st.sampled_from(["a", "b", "c", "elsewhere"]),
    }
)
KINDS = {"amount": pa.decimal128(18, 4), "created_on": pa.date32(), "closed_on": pa.date32()}


def tables_of(rows: list[dict[str, Any]]) -> dict[str, ibis.Table]:
    columns = {
        name: pa.array([row[name] for row in rows], KINDS.get(name, pa.string())) for name in (*rows[0],)
    }
    return {
        "opportunities": ibis.memtable(pa.table(columns)),
        "accounts": ibis.memtable({"account_id": ["A1", "A2"], "name": ["One", "Two"]}),
        "org_aliases": ibis.memtable({"alias": ["lin", "p1"], "person": ["P1", "P1"]}),
        "org_people": ibis.memtable(
            {"person": ["P1", "P2", "P3"], "name": ["Lin", "王伟", "王伟"], "email": ["l@x.y", "", ""]}
        ),
    }


def made(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"opportunity_id": f"O{number:03}", **row} for number, row in enumerate(rows)]


@settings(max_examples=25, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_counts_are_the_rows_and_their_order_tells_nothing(rows: list[dict[str, Any]], chance: Any) -> None:
    listed = made(rows)
    tables = tables_of(listed)
    found = check(tables, CONTEXT)
    for each in found:
        assert 0 < each.count <= each.rows
        if each.rule != "gap":
            shown = rows_of(tables, each, CONTEXT).to_pyarrow()
            assert shown.num_rows == each.count
            assert not [name for name in shown.column_names if name.startswith("_")]
    shuffled = list(listed)
    chance.shuffle(shuffled)
    assert check(tables_of(shuffled), CONTEXT) == found


@given(st.sets(st.integers(0, 300), min_size=1))
def test_gaps_lie_between_the_days_and_hold_none_of_them(numbers: set[int]) -> None:
    days = {START + timedelta(number) for number in numbers}
    found = gaps(days)
    assert found == gaps(sorted(days, reverse=True))
    for gap in found:
        assert gap.first <= gap.last <= max(days)
        if gap.grain == "day":
            assert not days & {gap.first, gap.last}
        else:
            assert not [day for day in days if gap.first <= day <= gap.last]
    assert [each.first for each in found] == sorted(each.first for each in found)


FINDING = st.builds(
    Finding,
    rule=st.sampled_from(["orphan", "late", "gap", "unknown-owner"]),
    table=st.just("receipts"),
    column=st.just("invoice_id"),
    source=st.sampled_from(["", "A"]),
    count=st.integers(1, 100),
    rows=st.just(100),
)


@given(st.lists(FINDING))
def test_a_gate_fails_with_one_fault_and_passes_with_nothing(findings: list[Finding]) -> None:
    gate = gate_of(findings)
    faults = [each for each in findings if each.severity == "fault"]
    assert gate.verdict == ("failed" if faults else "remarks" if findings else "passed")
    assert [each.severity == "fault" for each in gate.findings] == sorted(
        (each.severity == "fault" for each in findings), reverse=True
    )


@given(st.text(min_size=1, max_size=12), st.lists(st.text(min_size=1, max_size=12), max_size=6))
def test_near_names_are_people_that_there_are(text: str, names: list[str]) -> None:
    people = [{"code": f"P{n}", "name": name, "email": None} for n, name in enumerate(names)]
    found = near(text, people)
    assert set(found) <= {each["code"] for each in people}
    assert len(found) <= 3
    if any(letter.isalnum() for letter in text):
        assert near(text, [{"code": "Q", "name": text, "email": None}]) == ("Q",)
