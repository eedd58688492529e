"""Prepared tables answer the same, and several grains at once what each answers alone."""

from datetime import date

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.kpi import available, catalogue, points, prepared

DAY = pa.date32()
ROWS = {
    "opportunities": [
        ("D1", "Ann", "won", date(2024, 1, 5), date(2024, 2, 7), 100.0),
        ("D2", "Ann", "lost", date(2024, 2, 1), date(2024, 5, 9), 40.0),
        ("D3", "Bob", "won", date(2024, 3, 3), date(2024, 7, 1), 60.0),
        ("D4", "Bob", "open", date(2024, 8, 3), None, 10.0),
    ],
    "invoices": [
        ("I1", "Ann", "Acme", date(2024, 2, 10), date(2024, 3, 10), 100.0),
        ("I2", "Bob", "Beta", date(2024, 7, 2), date(2024, 8, 2), 60.0),
    ],
    "receipts": [("R1", date(2024, 3, 20), 100.0, "I1"), ("R2", date(2024, 9, 1), 20.0, "I2")],
    "org_aliases": [("ann", "P1"), ("bob", "P2")],
    "org_memberships": [
        ("P1", "EAST", "member", date(2020, 1, 1), None),
        ("P2", "EAST", "member", date(2020, 1, 1), date(2024, 8, 1)),
        ("P2", "WEST", "member", date(2024, 8, 1), None),
    ],
    "org_teams": [("EAST", "East", None, "E"), ("WEST", "West", None, "W")],
}
COLUMNS = {
    "opportunities": "opportunity_id owner outcome created_on closed_on amount",
    "invoices": "invoice_id owner customer issued_on due_on amount",
    "receipts": "receipt_id received_on amount invoice_id",
    "org_aliases": "alias person",
    "org_memberships": "person team role valid_from valid_to",
    "org_teams": "team name parent region",
}
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


@pytest.fixture
def tables() -> dict[str, ibis.Table]:
    connection = ibis.duckdb.connect()
    made = {}
    for name, rows in ROWS.items():
        columns = COLUMNS[name].split()
        data = {column: [row[place] for row in rows] for place, column in enumerate(columns)}
        types = [
            (
                c,
                pa.decimal128(18, 4)
                if c == "amount"
                else DAY
                if c.endswith(("_on", "from", "to"))
                else pa.string(),
            )
            for c in columns
        ]
        data = {c: [str(v) for v in values] if c == "amount" else values for c, values in data.items()}
        table = pa.table(
            {
                c: pa.array(data[c]).cast(kind) if c == "amount" else pa.array(data[c], kind)
                for c, kind in types
            }
        )
        made[name] = connection.create_table(name, table)
    return made


def rows_of(tables, grain):
    kpis, _ = available(tables, list(catalogue()))
    found = points(tables, kpis, grain=grain, first=FIRST, last=LAST)
    return {
        (block.kpi.id, block.unit_kind, code, period.label): (
            repr(block.value[index, place]),
            repr(block.numerator[index, place]),
            block.n[index, place],
        )
        for block in found
        for place, code in enumerate(block.codes)
        for index, period in enumerate(block.periods)
        if block.kept[index, place]
    }


def test_prepared_tables_answer_the_same(tables):
    plain = rows_of(tables, "quarter")
    assert len(plain) > 100
    assert rows_of(prepared(tables), "quarter") == plain


def test_several_grains_at_once_answer_what_each_does_alone(tables):
    alone = rows_of(tables, "month") | rows_of(tables, "quarter") | rows_of(tables, "year")
    assert rows_of(tables, ("month", "quarter", "year")) == alone


def test_what_is_absent_is_left_out(tables):
    ready = prepared({"opportunities": tables["opportunities"]})
    assert set(ready.relations) == {"deals", "pipeline"}
    assert not ready.people.is_known
