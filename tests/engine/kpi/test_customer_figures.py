"""What customers say, whom of them is reached, and who buys again, by hand."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.kpi import available, judge, summarise


def values(tables, kpis, periods, **how):
    rows = judge(summarise(tables, kpis, periods=periods, **how))
    return {(row.kpi, row.period.label, *row.by.values()): row.value for row in rows}


def feedback(*rows, **more):
    """Rows: (score, scale)."""
    score, scale = zip(*rows, strict=True)
    table = {
        "feedback_id": [str(number) for number in range(len(rows))],
        "given_on": [date(2024, 6, 5)] * len(rows),
        "score": pa.array([Decimal(one) for one in score]),
        "scale": scale,
    }
    return {"feedback": ibis.memtable(pa.table(table | more))}


def test_scores_by_hand():
    rows = [(9, "nps"), (10, "nps"), (8, "nps"), (6, "nps"), (0, "nps"), (11, "nps")]
    rows += [(5, "csat"), (4, "csat"), (3, "csat"), (0, "csat")]
    assert values(feedback(*rows), ["nps", "csat"], ["2024-06", "2024-07"]) == {
        ("nps", "2024-06"): 0.0,  # two promoters, two detractors, one between
        ("nps", "2024-07"): None,
        ("csat", "2024-06"): pytest.approx(2 / 3),
        ("csat", "2024-07"): None,
    }
    assert values(feedback((3, "nps"), (2, "nps"), (7, "nps")), "nps", ["2024-06"]) == {
        ("nps", "2024-06"): pytest.approx(-200 / 3)
    }


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 10), min_size=1, max_size=20))
def test_the_net_promoter_score_is_a_difference_of_shares(drawn):
    found = values(feedback(*((score, "nps") for score in drawn)), "nps", ["2024-06"])["nps", "2024-06"]
    above, below = (sum(score >= 9 for score in drawn), sum(score <= 6 for score in drawn))
    assert found == pytest.approx(100 * (above - below) / len(drawn))


def test_complaints_need_their_column():
    rows = [(9, "nps"), (1, "csat"), (2, "csat"), (5, "csat")]
    told = feedback(*rows, complaint=["no", "yes", "是", None])
    assert values(told, "complaint_rate", ["2024-06"]) == {
        ("complaint_rate", "2024-06"): pytest.approx(2 / 3)
    }
    refused = available(feedback(*rows), ["complaint_rate"])[1]["complaint_rate"]
    assert refused.params == {"table": "feedback", "column": "complaint"}


def activities(*rows):
    """Rows: (day, account, contact, level)."""
    days, accounts, contacts, levels = zip(*rows, strict=True)
    table = {
        "activity_id": [str(number) for number in range(len(rows))],
        "done_at": [datetime.combine(day, time(10)) for day in days],
        "account_id": accounts,
        "contact_id": contacts,
        "contact_level": levels,
        "owner": ["Ann"] * len(rows),
    }
    return {"activities": ibis.memtable(pa.table(table))}


def test_depth_counts_whom_was_reached_in_ninety_days():
    tables = activities(
        (date(2024, 1, 31), "Acme", "A1", "user"),
        (date(2024, 2, 10), "Acme", "A1", "user"),
        (date(2024, 3, 5), "Acme", "A2", "director"),
        (date(2024, 3, 6), "Acme", "A3", "user"),
        (date(2024, 3, 7), "Beta", "B1", "user"),
        (date(2024, 3, 8), "Beta", None, None),
    )
    # The 90 days up to 31 May begin on 3 March, up to 30 June on 2 April.
    assert values(
        tables, ["relationship_depth", "relationship_levels"], ["2024-03", "2024-05", "2024-06"]
    ) == {
        ("relationship_depth", "2024-03"): 2.0,  # A1, A2, A3 and B1 of two accounts
        ("relationship_levels", "2024-03"): 1.5,
        ("relationship_depth", "2024-05"): 1.5,  # A1 was last reached in February
        ("relationship_levels", "2024-05"): 1.5,
        ("relationship_depth", "2024-06"): None,
        ("relationship_levels", "2024-06"): None,
    }


def test_the_last_of_ninety_days_counts():
    tables = activities((date(2024, 3, 3), "Acme", "A1", "user"))
    assert values(tables, "relationship_depth", ["2024-05"]) == {("relationship_depth", "2024-05"): 1.0}
    earlier = activities((date(2024, 3, 2), "Acme", "A1", "user"))
    assert values(earlier, "relationship_depth", ["2024-05"]) == {("relationship_depth", "2024-05"): None}


CALL = st.tuples(
    st.integers(0, 400).map(lambda n: date(2023, 12, 1) + timedelta(days=n)),
    st.sampled_from(["Acme", "Beta"]),
    st.sampled_from(["1", "2", "3"]),
    st.sampled_from(["user", "director"]),
)
ENDS = {f"2024-{month:02}": date(2024 + month // 12, month % 12 + 1, 1) for month in range(1, 13)}


@settings(max_examples=20, deadline=None)
@given(st.lists(CALL, min_size=1, max_size=10))
def test_depth_is_what_counting_the_window_gives(drawn):
    found = values(activities(*drawn), "relationship_depth", list(ENDS))
    for month, end in ENDS.items():
        near = [row for row in drawn if end - timedelta(days=90) <= row[0] < end]
        accounts, contacts = {row[1] for row in near}, {row[1:3] for row in near}
        expected = len(contacts) / len(accounts) if accounts else None
        assert found["relationship_depth", month] == expected


def test_an_account_belongs_to_its_owner():
    tables = activities((date(2024, 3, 3), "Acme", "A1", "user"), (date(2024, 3, 3), "Beta", "B1", "user"))
    tables["accounts"] = ibis.memtable({"account_id": ["Acme"], "name": ["Acme"], "owner": ["Bo"]})
    assert values(tables, "relationship_depth", ["2024-03"], by=["member"]) == {
        ("relationship_depth", "2024-03", "Bo"): 1.0,
        ("relationship_depth", "2024-03", None): 1.0,
    }


def orders(*rows):
    """Rows: (day, customer)."""
    days, customers = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                "order_line_id": [str(number) for number in range(len(rows))],
                "ordered_on": days,
                "customer": customers,
                "amount": pa.array([Decimal(1)] * len(rows), pa.decimal128(18, 4)),
            }
        )
    )


BOUGHT = (
    (date(2023, 1, 1), "Acme"),
    (date(2023, 6, 2), "Beta"),
    (date(2024, 6, 1), "Acme"),  # more than a year after
    (date(2024, 6, 1), "Beta"),  # a year after, to the day
    (date(2024, 6, 3), "Coin"),
    (date(2024, 6, 3), "Coin"),  # two lines of one day
    (date(2024, 6, 9), "Acme"),
    (date(2023, 12, 5), "Acme"),
)


def test_repeat_rate_by_hand():
    tables = {"orders": orders(*BOUGHT)}
    assert values(tables, "repeat_rate", ["2023-12", "2024-06"]) == {
        ("repeat_rate", "2023-12"): None,  # the facts go back for less than a year
        ("repeat_rate", "2024-06"): pytest.approx(2 / 3),
    }


def test_contracts_stand_in_for_orders():
    tables = {
        "contracts": ibis.memtable(
            {
                "contract_id": ["1", "2", "3"],
                "account_id": ["Acme", "Beta", "Acme"],
                "signed_on": [date(2023, 5, 1), date(2024, 6, 1), date(2024, 4, 30)],
            }
        )
    }
    assert values(tables, "repeat_rate", ["2024-Q2"]) == {("repeat_rate", "2024-Q2"): 0.0}
    assert available({}, ["repeat_rate"])[1]["repeat_rate"].params == {"table": "orders", "column": ""}
