"""Event logs and stage changes by hand: cycle, waiting, rework, first pass, due days, hand-offs, cohorts."""

from datetime import date, datetime, time, timedelta

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.kpi import available, dimensions, judge, summarise

JUNE = date(2024, 6, 3)


def values(tables, kpis, periods, **how):
    rows = judge(summarise(tables, kpis, periods=periods, **how))
    return {(row.kpi, row.period.label, *row.by.values()): row.value for row in rows}


def at(day, hour):
    return datetime.combine(JUNE + timedelta(days=day - 3), time(hour))


# Case A is repeated and late, B goes straight through, C is open: it ends with a quote, which ends no case.
EVENTS = [
    ("A", "quote", at(3, 8), at(3, 10), "Ann", None),
    ("A", "approval", at(3, 18), at(3, 20), "Zoe", "changed"),  # 8 waiting, 2 touch
    ("A", "quote", at(4, 9), at(4, 10), "Ann", None),  # 13, 1
    ("A", "approval", at(5, 10), at(5, 11), "Zoe", "approved"),  # 24, 1
    ("A", "signed", at(7, 8), at(7, 8), "Ann", None),  # 45, 0
    ("B", "quote", at(10, 8), at(10, 9), "Bo", None),
    ("B", "approval", at(10, 9), at(10, 10), "Zoe", "approved"),  # 0, 1
    ("B", "signed", at(12, 8), at(12, 8), "Bo", None),  # 46, 0
    ("C", "quote", at(20, 8), at(20, 9), "Ann", None),
]
DUE = {"A": date(2024, 6, 6), "B": date(2024, 6, 12), "C": date(2024, 6, 30)}
COLUMNS = ("case_id", "activity", "started_at", "finished_at", "performer", "outcome")


def log(rows=EVENTS, *, without=()):
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True))
    arrays = {name: pa.array(held) for name, held in columns.items() if name not in without}
    if "due_on" not in without:
        arrays["due_on"] = pa.array([DUE.get(case) for case in columns["case_id"]], pa.date32())
    return {"work_events": ibis.memtable(pa.table(arrays))}


def test_cases_by_hand():
    kpis = ["work_cycle_days", "rework_rate", "first_pass_rate", "on_time_rate"]
    assert values(log(), kpis, ["2024-06"]) == {
        ("work_cycle_days", "2024-06"): 3.0,  # A took four days, B two; C is open
        ("rework_rate", "2024-06"): 0.5,
        ("first_pass_rate", "2024-06"): 0.5,  # B at the first try, A at the second
        ("on_time_rate", "2024-06"): 0.5,  # A was due on the 6th and done on the 7th
    }


def test_waiting_by_hand():
    tables = log()
    # Waiting 8 + 13 + 24 + 45 + 0 + 46 = 136 hours; touch 2 + 2 + 1 + 1 + 1 + 1 + 1 = 9.
    assert values(tables, "waiting_share", ["2024-06"]) == {
        ("waiting_share", "2024-06"): pytest.approx(136 / 145)
    }
    by = values(tables, "waiting_share", ["2024-06"], by=["activity"])
    assert by["waiting_share", "2024-06", "approval"] == pytest.approx(32 / 36)
    assert {"activity", "member"} <= set(dimensions(tables, "waiting_share"))


def test_a_case_is_open_until_an_ending_activity():
    more = [*EVENTS, ("C", "approval", at(21, 8), at(21, 9), "Zoe", "approved")]
    assert values(log(more), "rework_rate", ["2024-06"]) == {("rework_rate", "2024-06"): 0.5}
    done = [*more, ("C", "signed", at(22, 8), at(22, 8), "Ann", None)]
    assert values(log(done), "rework_rate", ["2024-06"]) == {("rework_rate", "2024-06"): pytest.approx(1 / 3)}


EVENT = st.tuples(
    st.sampled_from("ABC"),
    st.sampled_from(["quote", "approval", "signed"]),
    st.integers(0, 60),
    st.integers(0, 9),
)


@settings(max_examples=20, deadline=None)
@given(drawn=st.lists(EVENT, min_size=1, max_size=12, unique_by=lambda row: row[:3]))
def test_shares_are_shares_whatever_the_order_of_rows(drawn):
    rows = [
        (
            case,
            activity,
            at(3, 0) + timedelta(hours=4 * n),
            at(3, 0) + timedelta(hours=4 * n + took),
            "Ann",
            None,
        )
        for case, activity, n, took in drawn
    ]
    found = values(log(rows), ["waiting_share", "rework_rate", "work_cycle_days"], ["2024-06"])
    assert found == values(log(rows[::-1]), ["waiting_share", "rework_rate", "work_cycle_days"], ["2024-06"])
    assert all(
        value is None or 0 <= value <= 1 for (kpi, _), value in found.items() if kpi != "work_cycle_days"
    )


ORGANISATION = {
    "org_aliases": ibis.memtable({"alias": ["ann", "bo", "zoe"], "person": ["A", "B", "Z"]}),
    "org_memberships": ibis.memtable(
        pa.table(
            {
                "person": ["A", "B", "Z"],
                "team": ["EAST", "EAST", "LEGAL"],
                "role": ["member"] * 3,
                "valid_from": pa.array([date(2020, 1, 1)] * 3),
                "valid_to": pa.array([None] * 3, pa.date32()),
            }
        )
    ),
}


def test_hand_offs_between_teams():
    tables = log() | ORGANISATION
    # To Zoe after 8, 24 and 0 hours, to Ann and Bo after 13, 45 and 46.
    assert values(tables, "collaboration_index", ["2024-06"], by=["team"]) == {
        ("collaboration_index", "2024-06", "EAST"): pytest.approx(1 / 3),
        ("collaboration_index", "2024-06", "LEGAL"): pytest.approx(2 / 3),
    }
    within = [
        ("D", "quote", at(3, 8), at(3, 9), "Ann", None),
        ("D", "signed", at(3, 9), at(3, 9), "Bo", None),
    ]
    assert values(log(within) | ORGANISATION, "collaboration_index", ["2024-06"]) == {
        ("collaboration_index", "2024-06"): None
    }


@pytest.mark.parametrize(
    ("kpi", "without", "column"),
    [
        ("waiting_share", "started_at", "started_at"),
        ("first_pass_rate", "outcome", "outcome"),
        ("on_time_rate", "due_on", "due_on"),
        ("collaboration_index", "performer", "performer"),
    ],
)
def test_what_is_missing_is_named(kpi, without, column):
    _, refused = available(log(without=(without,)) | ORGANISATION, [kpi])
    assert refused[kpi].params == {"table": "work_events", "column": column}


def test_hand_offs_need_teams():
    assert (
        available(log(), ["collaboration_index"])[1]["collaboration_index"].params["table"] == "memberships"
    )


def changes(*rows):
    """Rows: (opportunity, day, from, to)."""
    ids, days, left, entered = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                "opportunity_id": ids,
                "changed_at": [datetime.combine(day, time(12)) for day in days],
                "from_stage": left,
                "to_stage": entered,
            }
        )
    )


def deals(*rows):
    """Rows: (opportunity, created, stage, outcome, closed)."""
    ids, created, stage, outcome, closed = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                "opportunity_id": ids,
                "created_on": created,
                "stage": stage,
                "outcome": outcome,
                "closed_on": pa.array(closed, pa.date32()),
                "owner": ["Ann"] * len(ids),
            }
        )
    )


STEPS = (
    ("O1", date(2024, 1, 10), "first", "offer"),
    ("O1", date(2024, 1, 20), "offer", "won"),
    ("O2", date(2024, 1, 12), "first", "offer"),
    ("O2", date(2024, 1, 15), "offer", "first"),  # back again: no step onwards
    ("O2", date(2024, 2, 20), "first", "lost"),
    ("O3", date(2024, 4, 30), "first", "offer"),  # the 91st day from 30 January
)
FACTS = (
    ("O1", date(2024, 1, 10), "won", "won", date(2024, 1, 20)),
    ("O2", date(2024, 1, 11), "lost", "lost", date(2024, 2, 20)),
    ("O3", date(2024, 1, 30), "offer", "open", None),
    ("O4", date(2024, 1, 31), "first", "open", None),
    ("O0", date(2023, 12, 1), "offer", "open", None),  # before the history began
)


def test_stages_as_cohorts_by_hand():
    tables = {"stage_changes": changes(*STEPS), "opportunities": deals(*FACTS)}
    assert values(tables, "stage_conversion", ["2024-01", "2024-04"], by=["stage"]) == {
        # First: O1 on its day of creation and O2 went on, O3 came a day too late, O4 stayed.
        ("stage_conversion", "2024-01", "first"): 0.5,
        ("stage_conversion", "2024-01", "offer"): 0.5,  # O1 was won, O2 went back and was lost
    }
    assert "stage" in dimensions(tables, "stage_conversion")
    shorter = {"stage_changes": changes(*STEPS[:5]), "opportunities": deals(*FACTS)}
    assert values(shorter, "stage_conversion", ["2024-01"]) == {("stage_conversion", "2024-01"): None}


def test_stages_without_opportunities():
    found = values({"stage_changes": changes(*STEPS)}, "stage_conversion", ["2024-01"], by=["stage"])
    # "first" is entered by O2 only, when it goes back; it had been in "offer" before.
    assert found == {
        ("stage_conversion", "2024-01", "first"): 0.0,
        ("stage_conversion", "2024-01", "offer"): 1.0,
    }
