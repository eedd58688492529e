"""kill −9 in the middle of an import that feeds two tables: after `recover` the published content stands."""

import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

KILLS = 10
MAPPING = {
    "tables": {
        "invoices": {"columns": {"customer": "who", "issued_on": "day", "due_on": "day"}},
        "receipts": {"columns": {"receipt_id": "invoice_id", "received_on": "day"}},
    }
}
WRITER = """
import json, sys
from pathlib import Path
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.plan import plan
from steelyard.lake.imports.stage import stage
from steelyard.lake.store import Lake
root, file, published, import_id, mapping = sys.argv[1:]
lake, versions = Lake(Path(root)), json.loads(published)
original = keep_original(Path(file), lake.root)
staged = stage([original], ImportMapping.parse(json.loads(mapping)), lake=lake, import_id=import_id)
print("staged", flush=True)
with lake.lock():
    apply(plan(staged, lake, versions), lake, import_id)
print("applied", flush=True)
"""


@pytest.mark.slow
def test_published_content_survives(importer: Any, write: Callable[..., Path]) -> None:
    header = "invoice_id,who,day,amount\n"
    rows = [f"I{i},C{i % 7},2017-01-{i % 28 + 1:02},{i}" for i in range(3000)]
    importer.run([write("a.csv", header + "\n".join(rows) + "\n")], MAPPING)
    lake, published = importer.lake, dict(importer.versions)
    content = {table: lake.digest(table, version) for table, version in published.items()}
    changed = write("b.csv", header + "".join(row + "5\n" for row in rows) + "N1,C1,2017-01-01,1\n")
    draw, reached = random.Random(7), set()
    for kill in range(KILLS):
        reached.add(_killed(lake.root, changed, published, f"killed{kill}", draw.uniform(0, 0.25)))
        lake.recover(published)
        heads = lake.versions()
        assert heads.keys() == published.keys()
        assert {table: lake.digest(table, heads[table]) for table in heads} == content
        assert {table: lake.digest(table, published[table]) for table in published} == content
    assert "staged" in reached
    total = importer.run([changed], MAPPING).total
    assert (total.updated, total.created) == (6000, 2)


def _killed(root: Path, file: Path, published: dict[str, int], import_id: str, after: float) -> str:
    """Start a writer, kill it some time after it has staged; the last word it said."""
    arguments = [str(root), str(file), json.dumps(published), import_id, json.dumps(MAPPING)]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, *arguments], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    said = writer.stdout.readline().strip()
    time.sleep(after)
    writer.send_signal(signal.SIGKILL)
    return writer.communicate()[0].strip() or said


@pytest.mark.slow
def test_the_reader_ends_with_whoever_asked(importer: Any, write: Callable[..., Path]) -> None:
    rows = "".join(f"I{i},C{i % 7},2017-01-{i % 28 + 1:02},{i}\n" for i in range(300_000))
    file = write("large.csv", "invoice_id,who,day,amount\n" + rows)
    root = importer.lake.root
    given = [str(root), str(file), "{}", "orphan", json.dumps(MAPPING)]
    asking = subprocess.Popen([sys.executable, "-c", WRITER, *given], stdout=subprocess.DEVNULL)
    assert _within(20, lambda: _readers(root))
    asking.kill()
    asking.wait()
    assert _within(3, lambda: not _readers(root))


def _readers(root: Path) -> list[str]:
    """Processes that read for this lake."""
    listed = subprocess.run(["ps", "-wweo", "args"], capture_output=True, text=True, check=True).stdout
    return [
        line for line in listed.splitlines() if "steelyard.lake.imports.child" in line and str(root) in line
    ]


def _within(seconds: float, holds: Callable[[], Any]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.02)
    return False
