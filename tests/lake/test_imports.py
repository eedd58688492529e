"""Imports as a whole: merging on the key, growing columns, joining, undoing, and counts that add up."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from steelyard.errors import Refused
from steelyard.lake.cells import neutralised
from steelyard.lake.exports import export_table

HEADER = "opportunity_id,owner,stage,amount\n"
OPPORTUNITIES = {"table": "opportunities"}
Write = Callable[..., Path]


def test_an_increment_creates_updates_and_leaves(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Won,1\nA2,Bea,Won,2\nA3,Cy,Open,3\n")], OPPORTUNITIES)
    total = importer.run(
        [write("b.csv", HEADER + "A2,Bea,Won,2.00\nA3,Cy,Lost,3\nA4,Di,Open,4\n")], OPPORTUNITIES
    ).total
    assert (total.read, total.created, total.updated, total.unchanged) == (3, 1, 1, 1)
    assert importer.rows("SELECT opportunity_id, stage, amount, _import FROM opportunities ORDER BY 1") == [
        ("A1", "Won", Decimal(1), "import1"),
        ("A2", "Won", Decimal(2), "import1"),
        ("A3", "Lost", Decimal(3), "import2"),
        ("A4", "Open", Decimal(4), "import2"),
    ]


def test_the_same_file_again_makes_no_version(importer: Any, write: Write) -> None:
    path = write("a.csv", HEADER + "A1,Ann,Won,1\nA2,Bea,Won,2\n")
    importer.run([path], OPPORTUNITIES)
    before = importer.lake.versions()
    total = importer.run([path], OPPORTUNITIES).total
    assert (total.created, total.updated, total.unchanged) == (0, 0, 2)
    assert importer.lake.versions() == before
    assert len(list(importer.lake.originals.iterdir())) == 1


def test_a_file_with_fewer_columns_leaves_the_others(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Open,1\n")], OPPORTUNITIES)
    importer.run([write("b.csv", "opportunity_id,owner,stage\nA1,Ann,Won\n")], OPPORTUNITIES)
    assert importer.rows("SELECT stage, amount FROM opportunities") == [("Won", Decimal(1))]


def test_extra_columns_grow_the_table_and_keep_their_kind(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Open,1\n")], OPPORTUNITIES)
    more = "opportunity_id,owner,stage,Lead Score,Segment,Zip Code\n"
    importer.run([write("b.csv", more + "A2,Bea,Open,7.5,SMB,00123\n")], OPPORTUNITIES)
    assert importer.rows(
        "SELECT opportunity_id, lead_score, segment, zip_code FROM opportunities ORDER BY 1"
    ) == [
        ("A1", None, None, None),
        ("A2", 7.5, "SMB", "00123"),
    ]
    importer.run([write("c.csv", more + "A3,Cy,Open,high,9,1\n")], OPPORTUNITIES)
    assert importer.rejects() == [(2, "Lead Score", "not-a-number")]


def test_a_guessed_number_becomes_text_where_one_is_none(importer: Any, write: Write) -> None:
    rows = "".join(f"A{i},Ann,Open,{i}\n" for i in range(3000)) + "B1,Ann,Open,many\n"
    total = importer.run([write("a.csv", "opportunity_id,owner,stage,seats\n" + rows)], OPPORTUNITIES).total
    assert (total.created, total.rejected) == (3001, 0)
    assert importer.rows("SELECT seats FROM opportunities WHERE opportunity_id = 'B1'") == [("many",)]


def test_several_files_of_one_source(importer: Any, write: Write) -> None:
    files = [
        write("north.csv", HEADER + "A1,Ann,Won,1\n"),
        write("south.csv", "Owner;Opportunity ID;Stage;Region\nBea;A2;Won;South\nBea;A1;Won;South\n"),
    ]
    total = importer.run(files, OPPORTUNITIES).total
    assert (total.created, total.rejected) == (2, 1)
    assert importer.last.rejects() == [
        {
            "table": "opportunities",
            "file": "south.csv",
            "line": 3,
            "column": "opportunity_id",
            "code": "duplicate-key",
            "value": "A1",
        }
    ]


def test_columns_that_differ_by_a_sign_are_both_kept(importer: Any, write: Write) -> None:
    header = "opportunity_id,owner,stage,毛利,毛利%,Amount due,amount\n"
    mapping = {**OPPORTUNITIES, "columns": {"amount": "Amount due"}}
    importer.run([write("a.csv", header + "A1,Ann,Won,5,25%,7,9\n")], mapping)
    assert importer.rows('SELECT "毛利", "毛利_2", amount, amount_2 FROM opportunities') == [
        (5, 0.25, Decimal(7), 9)
    ]


def test_a_mapping_does_what_it_says(importer: Any, write: Write) -> None:
    deals = write(
        "deals.csv", "No;Rep;Step;Wan;Day;Item;Line\n1;Ann;Yes;1,5;3.4.2017;GTXPro;a\n2;;No;2;5.4.2017;X;b\n"
    )
    prices = write("prices.csv", "item,price\nGTX Pro,4821\n")
    mapping = {
        "files": {"deals": "deals*", "prices": "price*"},
        "values": {"Item": {"GTXPro": "GTX Pro"}},
        "tables": {
            "opportunities": {
                "from": "deals",
                "join": [{"file": "prices", "on": {"Item": "item"}}],
                "where": {"Rep": "present"},
                "extra": "drop",
                "columns": {
                    "opportunity_id": {"join": ["No", "Line"], "separator": "/"},
                    "owner": "Rep",
                    "stage": "Step",
                    "outcome": {"from": "Step", "values": {"Yes": "won"}, "otherwise": "open"},
                    "amount": {"from": "Wan", "unit": "10000", "decimal": ","},
                    "closed_on": {"from": "Day", "order": "dmy"},
                    "product": {"from": "Item", "values": {"GTXPro": "GTX Pro"}},
                    "list_price": "prices.price",
                    "currency": {"value": "CNY"},
                },
            }
        },
    }
    total = importer.run([deals, prices], mapping).total
    assert (total.read, total.created) == (1, 1)
    assert importer.rows(
        "SELECT opportunity_id, outcome, amount, closed_on, product, list_price, currency FROM opportunities"
    ) == [("1/a", "won", Decimal(15000), date(2017, 4, 3), "GTX Pro", Decimal(4821), "CNY")]
    assert "line" not in importer.lake.columns("opportunities", 0)


def test_a_join_that_would_double_rows_is_refused(importer: Any, write: Write) -> None:
    files = [write("deals.csv", HEADER + "A1,Ann,Won,1\n"), write("reps.csv", "owner,region\nAnn,N\nAnn,S\n")]
    mapping = {
        "files": {"deals": "deals*", "reps": "reps*"},
        "tables": {
            "opportunities": {
                "from": "deals",
                "join": [{"file": "reps", "on": "owner"}],
                "columns": {"region": "region"},
            }
        },
    }
    with pytest.raises(Refused) as refused:
        importer.run(files, mapping)
    assert refused.value.code == "import.join-not-unique"
    assert refused.value.params == {"file": "reps.csv", "column": "owner", "value": "Ann"}


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "mapping.bad-value"),
        ({}, "mapping.feeds-nothing"),
        ({"table": "nothing"}, "mapping.unknown-table"),
        ({"table": "orders", "colums": {}}, "mapping.unknown-key"),
        ({"table": "orders", "columns": {"amount": {"from": "a", "value": "b"}}}, "mapping.one-origin"),
        ({"table": "orders", "columns": {"amount": {"from": "a", "unit": "x"}}}, "mapping.bad-value"),
        ({"table": "orders", "columns": {"ordered_on": {"from": "a", "order": "ydm"}}}, "mapping.bad-value"),
        ({"table": "orders", "from": "nowhere"}, "mapping.unknown-file"),
    ],
)
def test_a_wrong_mapping_is_refused(document: Any, code: str, importer: Any, write: Write) -> None:
    with pytest.raises(Refused) as refused:
        importer.run([write("a.csv", HEADER)], document)
    assert refused.value.code == code


def test_the_newest_import_can_be_undone(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Won,1\n")], OPPORTUNITIES)
    before = importer.lake.digest("opportunities", importer.versions["opportunities"])
    importer.run(
        [write("b.csv", "opportunity_id,owner,stage,wave\nA1,Ann,Lost,x\nA2,Bea,Won,y\n")], OPPORTUNITIES
    )
    assert importer.lake.digest("opportunities", importer.versions["opportunities"]) != before
    importer.versions["opportunities"] = importer.lake.restore("opportunities", 0)
    assert importer.lake.digest("opportunities", importer.versions["opportunities"]) == before
    total = importer.run([write("c.csv", HEADER + "A1,Ann,Won,1\nA3,Cy,Won,1\n")], OPPORTUNITIES).total
    assert (total.created, total.unchanged) == (1, 1)
    assert importer.rows("SELECT count(*) FROM opportunities") == [(2,)]


def test_what_is_exported_comes_back_unchanged(importer: Any, write: Write, tmp_path: Path) -> None:
    rows = [
        "A1,=1+1,Won,1.5,2017-03-01",
        "A2,'=quoted,Won,-7,2017-03-02",
        "A3,@at,Won,0.0001,",
        'A4,"line\nbreak, ""quote""",Won,99999999999999.9999,2017-03-04',
        "A5,-5,Won,,",
        "A6,李明,赢单,1,2017-03-05",
        "A7,''',Won,1,",
    ]
    header = "opportunity_id,owner,stage,amount,closed_on\n"
    importer.run([write("a.csv", header + "\n".join(rows) + "\n")], OPPORTUNITIES)
    out = tmp_path / "out.csv"
    assert export_table(importer.lake, "opportunities", 0, out) == 7
    assert "'=1+1" in out.read_text(encoding="utf-8-sig")
    total = importer.run([out], OPPORTUNITIES).total
    assert (total.read, total.unchanged) == (7, 7)


@given(st.text(alphabet="'=+-@\tab", max_size=6))
def test_neutralised_texts_start_no_formula_and_differ(text: str) -> None:
    safe = neutralised(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t"))
    assert safe in (text, "'" + text)


VALUES = st.one_of(st.integers(-5, 5).map(str), st.sampled_from(["", "x", "1,200", "3.25", "1e400", "nan"]))
ROW = st.tuples(st.sampled_from(["A", "B", "C", "D", ""]), st.sampled_from(["Ann", "", "李"]), VALUES)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports=st.lists(st.lists(ROW, max_size=8), min_size=1, max_size=3))
def test_counts_add_up_and_an_import_repeated_changes_nothing(
    imports: list[list[tuple[str, str, str]]], importer_on: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("lake")
    importer = importer_on(folder)
    stored: dict[str, tuple[str, str]] = {}
    for number, rows in enumerate(imports):
        path = folder / f"{number}.csv"
        lines = [f'{key},{owner},Open,"{amount}"' for key, owner, amount in rows]
        path.write_text(HEADER + "".join(line + "\n" for line in lines), encoding="utf-8")
        total = importer.run([path], OPPORTUNITIES).total  # asserts that the counts add up
        assert total.read == len(rows)
        seen: set[str] = set()
        for key, owner, amount in rows:
            if key and owner and amount not in ("x", "1e400") and key not in seen:
                seen.add(key)
                stored[key] = (owner, amount)
        if importer.versions:
            keys = importer.rows("SELECT opportunity_id FROM opportunities ORDER BY 1")
            assert [key for (key,) in keys] == sorted(stored)
        again = importer.run([path], OPPORTUNITIES).total
        assert (again.created, again.updated, again.rejected) == (0, 0, total.rejected)
