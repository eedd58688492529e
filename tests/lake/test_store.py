"""The lake itself: reading is locked in, one writer at a time, what is not published is taken away."""

import multiprocessing
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from steelyard.errors import Refused
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.plan import plan
from steelyard.lake.store import Lake

HEADER = "opportunity_id,owner,stage,amount\n"
OPPORTUNITIES = {"table": "opportunities"}
Write = Callable[..., Path]
TEAMS = pa.table({"team": ["N", "S"], "name": ["North", None], "since": [date(2020, 1, 1), None]})


def test_a_frozen_table_gets_a_version_only_when_it_changes(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    assert lake.write_frozen("org_teams", TEAMS) == 0
    assert lake.write_frozen("org_teams", TEAMS.take([1, 0])) == 0
    assert lake.write_frozen("org_teams", TEAMS.slice(1)) == 1
    assert lake.write_frozen("org_teams", TEAMS.slice(0, 0)) == 2
    with lake.open({"org_teams": 0}) as old, lake.open({"org_teams": 2}) as new:
        assert old.tables["org_teams"].count().execute() == 2
        assert new.tables["org_teams"].count().execute() == 0
        assert new.tables["org_teams"].schema() == old.tables["org_teams"].schema()
    assert lake.versions() == {"org_teams": 2}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('{lake}/quarantine/originals/secret')",
        "COPY (SELECT 1) TO '/tmp/steelyard-leak.csv'",
        "ATTACH '/tmp/steelyard-leak.db'",
        "INSTALL httpfs",
        "LOAD '/tmp/steelyard.duckdb_extension'",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "SET temp_directory = '/tmp'",
    ],
)
def test_a_reader_reaches_the_tables_and_nothing_else(statement: str, tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    lake.write_frozen("org_teams", TEAMS)
    lake.originals.mkdir(parents=True)
    (lake.originals / "secret").write_text("secret", encoding="utf-8")
    with lake.open({"org_teams": 0}) as facts, pytest.raises(duckdb.Error):
        facts.connection.con.execute(statement.format(lake=lake.root))


def test_what_was_never_published_is_taken_away(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Won,1\n")], OPPORTUNITIES)
    lake, published = importer.lake, dict(importer.versions)
    digest = lake.digest("opportunities", 0)
    for number in range(3):
        staged = importer.stage(
            [write("b.csv", HEADER + f"A1,Ann,Lost,{number}\nB{number},Bea,Won,1\n")], OPPORTUNITIES
        )
        planned = plan(staged, lake, published)
        assert planned.total.updated == 1
        assert planned.total.created == 1
        apply(planned, lake, staged.import_id)  # and the caller dies here
    left = lake.path("opportunities") / "killed-0.parquet"
    left.write_bytes(b"half a file")
    frozen = lake.write_frozen("org_teams", TEAMS)
    found = lake.recover(published)
    assert found.keys() == {"opportunities", "org_teams"}
    assert (found["org_teams"], frozen) == (-1, 0)
    assert lake.versions().keys() == {"opportunities"}
    assert not left.exists()
    assert lake.digest("opportunities", lake.versions()["opportunities"]) == digest
    before = lake.versions()
    assert lake.recover(published) == {}
    assert lake.versions() == before
    total = importer.run([write("c.csv", HEADER + "A1,Ann,Won,1\nB1,Bea,Won,1\n")], OPPORTUNITIES).total
    assert (total.created, total.unchanged) == (1, 1)
    assert importer.rows("SELECT count(*) FROM opportunities") == [(2,)]


def test_an_old_version_stays_readable(importer: Any, write: Write) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Won,1\n")], OPPORTUNITIES)
    old = dict(importer.versions)
    for number in range(5):
        importer.run([write("b.csv", HEADER + f"A1,Ann,Won,{number + 2}\n")], OPPORTUNITIES)
    with importer.lake.open(old) as facts:
        assert facts.tables["opportunities"].amount.sum().execute() == 1
    with importer.lake.open(importer.versions) as facts:
        assert facts.tables["opportunities"].amount.sum().execute() == 6


def test_the_digest_sees_content_and_no_order(
    importer: Any, importer_on: Any, write: Write, tmp_path: Path
) -> None:
    importer.run([write("a.csv", HEADER + "A1,Ann,Won,1\nA2,Bea,Open,2\n")], OPPORTUNITIES)
    other = importer_on(tmp_path / "other")
    other.run([write("b.csv", "stage,amount,owner,opportunity_id\nOpen,2.00,Bea,A2\n")], OPPORTUNITIES)
    assert other.lake.digest("opportunities", 0) != importer.lake.digest("opportunities", 0)
    other.run([write("c.csv", HEADER + "A1,Ann,Won,1\n")], OPPORTUNITIES)
    assert other.lake.digest("opportunities", 1) == importer.lake.digest("opportunities", 0)


def _hold(root: str, log: str, seconds: float) -> None:
    with Lake(Path(root)).lock():
        for word in ("in", "out"):
            with open(log, "a", encoding="utf-8") as file:
                file.write(word + "\n")
            time.sleep(seconds)


def test_two_processes_write_one_after_the_other(tmp_path: Path) -> None:
    log = tmp_path / "log"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_hold, args=(str(tmp_path), str(log), 0.2)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert log.read_text(encoding="utf-8").split() == ["in", "out", "in", "out"]


def test_a_writer_waits_no_longer_than_it_wants(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    context = multiprocessing.get_context("spawn")
    other = context.Process(target=_hold, args=(str(tmp_path), str(tmp_path / "log"), 30))
    other.start()
    try:
        while not (tmp_path / "log").exists():
            time.sleep(0.05)
        with pytest.raises(Refused) as refused, lake.lock(timeout=0.1):
            pass
        assert refused.value.code == "lake.busy"
    finally:
        other.kill()
        other.join()
    with lake.lock(timeout=5), lake.lock(timeout=0):
        pass  # the kernel gave the lock back, and a holder may enter again
