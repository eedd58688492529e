"""A plan is read leniently in names and strictly in meaning; every mistake is refused with its place."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.cascade import Lock, Plan
from steelyard.engine.forecast import Outlook
from steelyard.errors import Refused
from tests.engine.cascade.plans import random_document

FLAT = "total: 10, periods: 2026-Q1, units: [a, b]"


def refused(text: str) -> Refused:
    with pytest.raises(Refused) as refusal:
        Plan.load(text)
    return refusal.value


@pytest.mark.parametrize(
    ("written", "labels"),
    [
        ("2026", [f"2026-{month:02}" for month in range(1, 13)]),
        ("2026, grain: quarter", ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        ("2026-Q4", ["2026-10", "2026-11", "2026-12"]),
        ("2026-Q1..2026-Q3", ["2026-Q1", "2026-Q2", "2026-Q3"]),
        ("2025-12..2026-02", ["2025-12", "2026-01", "2026-02"]),
        ("2026-01 to 2026-02", ["2026-01", "2026-02"]),
        ("[2026-02, 2026-01]", ["2026-01", "2026-02"]),
        ("[Jan, Feb]", ["Jan", "Feb"]),
        ("[1, 2, 3]", ["1", "2", "3"]),
        ("3", ["1", "2", "3"]),
        ("3, start: 2026-04", ["2026-04", "2026-05", "2026-06"]),
        ("{from: 2026-01, to: 2026-03}", ["2026-01", "2026-02", "2026-03"]),
        ("{start: 2026-Q1, count: 2}", ["2026-Q1", "2026-Q2"]),
        ("[2025, 2026]", ["2025", "2026"]),
        ("FY2026-Q1, fiscal_start: 4", ["2025-04", "2025-05", "2025-06"]),
    ],
)
def test_periods_are_written_in_many_ways(written: str, labels: list[str]):
    assert list(Plan.load(f"{{total: 1, periods: {written}, units: [a]}}").periods) == labels


@pytest.mark.parametrize(
    "units",
    [
        "[{code: T, units: [a, b]}, {code: U, units: [c]}]",
        "[{code: T, members: [{name: a}, {id: b}]}, {code: U, people: {c: }}]",
        "{T: [a, b], U: {members: [c]}}",
        "[T, U, {code: a, parent: T}, {code: b, team: T}, {code: c, parent: U}]",
    ],
)
def test_units_are_written_in_many_ways(units: str):
    plan = Plan.load(f"{{total: 1, periods: [y], units: {units}}}")
    assert plan.children == {"company": ("T", "U"), "T": ("a", "b"), "U": ("c",)}


def test_a_single_unit_above_all_others_is_the_whole():
    plan = Plan.load("{total: 1, periods: [y], units: {ACME: {units: {T: [a, b]}}}, over: {company: 0.1}}")
    assert plan.root == "ACME"
    assert plan.over_of("ACME") == Decimal("0.1")
    assert plan.leaves == ("a", "b")


@pytest.mark.parametrize(
    "locks",
    [
        "locks: [{unit: a, period: 2026-01, value: 4}, {unit: b, value: 5}]",
        "locks: {a: {2026-01: 4}, b: 5}",
        "lock: [{person: Ann, month: 2026-01, target: 4}, {unit: B, amount: 5, period: 2026-Q1}]",
    ],
)
def test_locks_are_written_in_many_ways(locks: str):
    plan = Plan.load(f"{{total: 10, periods: 2026-Q1, units: [{{code: a, name: Ann}}, b], {locks}}}")
    assert plan.locks == (Lock("a", "2026-01", Decimal(4)), Lock("b", None, Decimal(5)))


def test_locks_stand_at_units_too_and_name_the_whole():
    plan = Plan.load(
        "{total: 9, periods: [p, q], units: [{code: a, lock: 4}, b], locks: [{period: p, value: 6}]}"
    )
    assert plan.locks == (Lock("a", None, Decimal(4)), Lock("company", "p", Decimal(6)))


def test_bounds_and_locks_may_stand_beside_the_units_or_at_them():
    beside = Plan.load(
        "{total: 90, periods: [p, q], units: [{code: a, name: Ann}, b], floors: {Ann: 3, b: {q: 2}},"
        " ceilings: {b: 70}, locks: {a: {p: 4, q: 5}}}"
    )
    at = Plan.load(
        "{total: 90, periods: [p, q], units: [{code: a, name: Ann, floor: 3, lock: [{period: p, value: 4},"
        " {period: q, value: 5}]}, {code: b, floors: {q: 2}, ceiling: 70}]}"
    )
    assert beside == at


@pytest.mark.parametrize(
    ("written", "value"),
    [("1,200.5", "1200.5"), ("120万", "1200000"), ("1.2亿", "120000000"), ("1_000", "1000"), ("1e3", "1000")],
)
def test_figures_are_written_in_many_ways(written: str, value: str):
    assert Plan.load(f"total: {written}\nperiods: 2026\nunits: [a]").total == Decimal(value)


def test_histories_dates_leave_and_outlooks():
    plan = Plan.load(
        """
        total: 1000
        periods: 2026-Q1
        units:
          - {code: a, history: [1, null, 3], joins: 2026-02, leaves: 2026-03, leave: [0, 0.5, 50%]}
          - {code: b, history: {2025-11: 4, 2025-10: 2}, capacity: 0.8, mean: [1, 2, 3], spread: [1, 1, 1]}
          - {code: c, history: 7, floor: {2026-01: 3}, max: 50}
        """
    )
    a, b, c = plan.units
    assert (a.history, a.history_periods) == ((1, None, 3), ("2025-10", "2025-11", "2025-12"))
    assert (a.joins, a.leaves) == (date(2026, 2, 1), date(2026, 3, 31))
    assert a.leave == (0, Decimal("0.5"), Decimal("0.5"))
    assert (b.history, b.history_periods) == ((2, 4), ("2025-10", "2025-11"))
    assert isinstance(b.outlook, Outlook)
    assert (b.outlook.mean(), b.outlook.spread()) == (pytest.approx(6), pytest.approx(3, rel=1e-3))
    assert (c.history, c.floor, c.floors, c.ceiling) == ((7,), None, {"2026-01": 3}, 50)


@pytest.mark.parametrize(
    ("said", "minor"),
    [("total: 10", 0), ("total: 10.25", 2), ("total: 10, currency: CNY", 2), ("total: 10, step: 0.5", 1)],
)
def test_the_smallest_unit(said: str, minor: int):
    assert Plan.load(f"{{{said}, periods: [y], units: [a]}}").minor == minor


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("total: [", "unreadable", None),
        ("[1, 2]", "not-a-mapping", ""),
        ("periods: 2026, units: [a]", "missing-key", "total"),
        ("total: x, periods: 2026, units: [a]", "not-a-number", "total"),
        ("total: -1, periods: 2026, units: [a]", "below-zero", "total"),
        ("total: nan, periods: 2026, units: [a]", "not-a-number", "total"),
        ("total: 1, periods: soon..later, units: [a]", "bad-periods", "periods"),
        ("total: 1, periods: [], units: [a]", "bad-periods", "periods"),
        ("total: 1, periods: [p, p], units: [a]", "period-twice", "periods[1]"),
        ("total: 1, periods: [2026, 2026-01], units: [a]", "period-twice", "periods"),
        ("total: 1, periods: 2026, units: []", "no-units", "units"),
        ("total: 1, periods: 2026, units: 4", "not-a-list", "units"),
        ("total: 1, periods: 2026, units: [a, a]", "unit-twice", "units[1]"),
        ("total: 1, periods: 2026, units: [{floor: 3}]", "missing-key", "units[0].code"),
        ("total: 1, periods: 2026, units: [{code: a, parent: x}, b]", "unknown-parent", None),
        ("total: 1, periods: 2026, units: [{code: a, parent: b}, {code: b, parent: a}]", "cycle", None),
        ("total: 1, periods: 2026, units: [{code: a, floor: -3}]", "below-zero", "units[0].floor"),
        ("total: 1, periods: 2026, units: [{code: a, joins: soon}]", "not-a-date", "units[0].joins"),
        ("total: 1, periods: [p], units: [{code: a, joins: 2026-01-05}]", "no-dates", None),
        ("total: 1, periods: 2026, units: [{code: a, leave: [1]}]", "wrong-length", "units[0].leave"),
        ("total: 1, periods: 2026, units: [{code: a, leave: 60}]", "bad-share", "units[0].leave"),
        ("total: 1, periods: 2026, units: [{code: a, mean: 4}]", "bad-outlook", "units[0].outlook"),
        ("total: 1, periods: 2026, units: [{code: a, floors: {2027-01: 1}}]", "unknown-period", None),
        (f"{FLAT}, method: magic", "bad-method", None),
        (f"{FLAT}, step: 0", "bad-step", None),
        (f"{FLAT}, step: -5", "bad-step", None),
        (f"{FLAT}, kind: other", "bad-kind", "kind"),
        (f"{FLAT}, over: {{company: 7}}", "bad-over", "over.company"),
        (f"{FLAT}, over: {{a: 0.1}}", "bad-over", "over.a"),
        (f"{FLAT}, minor: 0, locks: {{a: 1.5}}", "too-fine", "a"),
        (f"{FLAT}, locks: [{{unit: x, value: 1}}]", "unknown-unit", "locks[0].unit"),
        (f"{FLAT}, locks: [{{unit: a, period: 2026-07, value: 1}}]", "unknown-period", "locks[0].period"),
        (f"{FLAT}, locks: [{{unit: a}}]", "missing-key", "locks[0].value"),
        (f"{FLAT}, locks: [{{unit: a, value: 1}}, {{unit: a, value: 2}}]", "lock-twice", "a"),
        (f"{FLAT}, profile: [1, 2]", "wrong-length", "profile"),
        (f"{FLAT}, profile: [0, 0, 0]", "no-weights", "profile"),
        (f"{FLAT}, xyz: red", "unknown-key", "xyz"),
        (f"{FLAT}, target: 11", "key-twice", "target"),
        ("total: 0.2, kind: ratio, periods: 2026, units: [a]", "needs-denominator", None),
        ("total: 99999999999999999, periods: 2026, units: [a]", "too-large", "total"),
    ],
)
def test_a_mistake_is_refused_with_its_place(text: str, code: str, place: str | None):
    found = refused(text if text.startswith(("[", "total: [")) else f"{{{text}}}")
    assert found.code == f"cascade.{code}"
    assert place is None or found.params["place"] == place


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        (f"{{{FLAT}, metod: equal}}", "method"),
        ("{total: 1, periods: [y], units: [{code: a, hystory: 3}]}", "history"),
        ("{total: 1, periods: [y], units: [Anna, Bo], locks: {Ana: 1}}", "Anna"),
    ],
)
def test_a_misspelt_name_is_told_what_may_be_meant(text: str, suggestion: str):
    assert refused(text).params["suggestion"] == suggestion


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), over=st.booleans())
def test_a_plan_reads_back_from_its_own_document(seed: int, over: bool):
    plan = Plan.load(random_document(seed, over=over))
    assert Plan.load(plan.as_document()) == plan


def test_everything_a_plan_can_say_reads_back():
    plan = Plan.load(
        """
        total: 1000.50
        periods: 2026-Q1
        root: firm
        fiscal_start: 4
        country: CN
        over: {team: 5%, firm: 1%}
        extra: {T: {2026-02: 3}}
        fixed: {a: {2026-01: 20}}
        units:
          - {code: T, name: North, level: region, floors: {2026-02: 1}, members: [{code: a, history: [1, 2]}]}
          - {code: b, history: 3, potential: 2, capacity: [1, 1, 0.5], leave: {2026-03: 0.5}, leaves: 2026-03}
        """
    )
    assert Plan.load(plan.as_document()) == plan
    ratio = Plan.load(
        "{kind: ratio, total: 0.2, periods: 2026-Q1, units: [{code: a, denominator: [1, 2, 3],"
        " history: {numerator: [1, 2], denominator: [5, 6]}}, {code: b, denominator: 9}]}"
    )
    assert Plan.load(ratio.as_document()) == ratio
