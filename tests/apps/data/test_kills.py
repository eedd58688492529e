"""Imports killed anywhere, two tables at once: nothing lost, nothing doubled, nothing half-published."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from steelyard.lake.store import Lake
from tests.processes import environment

pytestmark = pytest.mark.slow

# So many each time; STEELYARD_KILLS=50 and more before a release.
KILLS = int(os.environ.get("STEELYARD_KILLS", "16"))
ROWS = 400
HEADERS = {
    "opportunities": "opportunity_id,owner,stage,amount,closed_on,outcome",
    "invoices": "invoice_id,customer,issued_on,due_on,amount",
}
KEY = {"opportunities": "opportunity_id", "invoices": "invoice_id"}


class House:
    """A data folder that only its own processes write to; the test reads what they left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "var"
        self.environment = environment(self.data)

    def file(self, table: str, number: int) -> Path:
        """Rows of this import alone, and one row that every import of the table changes."""
        path = self.folder / f"{table}-{number}.csv"
        own = [line(table, f"{number}-{row}", number) for row in range(ROWS)]
        path.write_text("\n".join([HEADERS[table], *own, line(table, "shared", number)]) + "\n")
        return path

    def start(self, table: str, number: int) -> "subprocess.Popen[bytes]":
        verb = ["import", table, str(self.file(table, number)), "--json"]
        return self.process(*verb)

    def process(self, *verb: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "steelyard", *verb],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.data / "steelyard.sqlite3", timeout=20)) as database:
            return database.execute(query).fetchall()

    def write(self, statement: str) -> None:
        with closing(sqlite3.connect(self.data / "steelyard.sqlite3", timeout=20)) as database:
            database.execute(statement)
            database.commit()

    def published(self) -> dict[str, set[str]]:
        """Table → numbers of the imports that call themselves published."""
        found: dict[str, set[str]] = {table: set() for table in HEADERS}
        query = "SELECT originals FROM data_import WHERE state = 'published' ORDER BY id"
        for (originals,) in self.rows(query):
            table, number = json.loads(originals)[0]["name"].removesuffix(".csv").split("-")
            found[table].add(number)
        return found

    def require_whole(self) -> None:
        """What readers see is exactly the published imports: every row of theirs once, and no other."""
        newest = self.rows("SELECT versions FROM data_snapshot ORDER BY id DESC LIMIT 1")
        versions = json.loads(newest[0][0]) if newest else {}
        for table, numbers in self.published().items():
            keys = self.keys(table, versions)
            assert len(keys) == len(set(keys)), f"{table}: doubled"
            expected = {f"{number}-{row}" for number in numbers for row in range(ROWS)}
            assert set(keys) == expected | ({"shared"} if numbers else set()), table

    def keys(self, table: str, versions: dict[str, int]) -> list[str]:
        if table not in versions:
            return []
        with Lake(self.data / "lake").open({table: versions[table]}) as facts:
            return facts.tables[table][KEY[table]].to_pyarrow().to_pylist()


def line(table: str, key: str, number: int) -> str:
    if table == "opportunities":
        return f"{key},lin,won,{number}.00,2026-03-21,won"
    return f"{key},Acme,2026-03-01,2026-03-31,{number}.00"


def kill(process: "subprocess.Popen[bytes]") -> bool:
    """Kill the whole group; whether it was still at work."""
    at_work = process.poll() is None
    if at_work:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return at_work


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_killed_imports_leave_nothing_half_done(house: House):
    chance = random.Random(20260321)
    started = time.monotonic()
    for table in HEADERS:
        first = house.start(table, 0)
        assert first.wait(timeout=120) == 0, first.communicate()
    took = (time.monotonic() - started) / len(HEADERS)
    killed = number = 0
    while killed < KILLS:
        number += 1
        pair = [house.start(table, number) for table in HEADERS]
        for process in pair:
            time.sleep(chance.uniform(0.1, 0.9) * took / len(pair))
            killed += kill(process)
        if number % 5 == 0:
            house.require_whole()
    house.require_whole()
    finish_what_was_left(house)
    house.require_whole()


def finish_what_was_left(house: House) -> None:
    """The leases run out; a worker takes the jobs up, and every import that had begun is published."""
    house.write("UPDATE jobs_job SET lease_until = '2000-01-01' WHERE state = 'running'")
    worker = house.process("worker")
    try:
        wait_until_idle(house)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=60)
    assert house.rows("SELECT kind, state, refusal FROM jobs_job WHERE state <> 'done'") == []
    begun = "SELECT count(*) FROM jobs_job WHERE kind = 'data.publish'"
    assert house.rows(begun) == [(sum(len(numbers) for numbers in house.published().values()),)]


def wait_until_idle(house: House) -> None:
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        if house.rows("SELECT count(*) FROM jobs_job WHERE state IN ('running', 'queued')") == [(0,)]:
            return
        time.sleep(0.5)
    raise AssertionError("the worker did not finish what was left")
