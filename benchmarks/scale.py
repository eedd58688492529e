"""How Steelyard scales, beside DuckDB doing the bare minimum of the same work on the same machine.

    python benchmarks/scale.py import [--rows 5000000] [--json]
    python benchmarks/scale.py queries --rows 10000000
    python benchmarks/scale.py queries --rows 100000000 --folder DISK

`import`: the first import of a CSV file into an empty table, from the file to the Delta commit, beside
DuckDB's own `COPY (FROM read_csv(…)) TO parquet`; then the same keys again, half of the rows changed.
`queries`: a KPI by two dimensions and a diagnosis, each beside the same aggregates written by hand in SQL.
"""

import argparse
import json
import os
import platform
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from scale_queries import queries_part

from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.plan import plan
from steelyard.lake.imports.stage import stage
from steelyard.lake.store import Lake

ROWS = 5_000_000


def write_opportunities(path: Path, *, rows: int, seed: int, changed: int = 0) -> None:
    """A CSV of opportunities: ten columns, a unique key, dates, money; every `changed`-th amount differs."""
    extra = f"+ (i % {changed} = 0)::INTEGER" if changed else ""

    def pick(words: str, salt: int) -> str:
        return f"[{words}][1 + (hash(i + {seed + salt}) % len([{words}]))::INTEGER]"

    def day(salt: int) -> str:
        return f"(DATE '2016-01-01' + (hash(i + {seed + salt}) % 2000)::INTEGER)"

    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute(
            f"COPY (SELECT 'OPP' || lpad(i::VARCHAR, 9, '0') AS opportunity_id, "
            f"'Owner ' || (hash(i + {seed}) % 500) AS owner, "
            f"{pick(repr(['Won', 'Lost', 'Negotiation', 'Proposal'])[1:-1], 1)} AS stage, "
            f"{day(2)} AS created_on, {day(3)} AS closed_on, "
            f"((hash(i + {seed + 4}) % 10000000) / 100.0)::DECIMAL(18, 2) {extra} AS amount, "
            f"'ACC' || (hash(i + {seed + 5}) % 20000) AS account_id, "
            f"'Product ' || (hash(i + {seed + 6}) % 40) AS product, 'CNY' AS currency, "
            f"{pick(repr(['North', 'South', 'East', 'West'])[1:-1], 7)} AS region "
            f"FROM range({rows}) AS r(i)) TO '{path}' (HEADER)"
        )


def import_part(folder: Path, *, rows: int, seed: int) -> dict[str, Any]:
    """Time and peak memory of a first import and of a second one, with the ratio to DuckDB's own copy."""
    source, again = folder / "first.csv", folder / "again.csv"
    write_opportunities(source, rows=rows, seed=seed)
    write_opportunities(again, rows=rows, seed=seed, changed=2)
    copied = timed(lambda: _duckdb_copy(source, folder / "copy.parquet"))
    lake = Lake(folder / "lake")
    versions: dict[str, int] = {}
    result: dict[str, Any] = {
        "rows": rows,
        "csv_megabytes": source.stat().st_size >> 20,
        "duckdb_copy": copied,
    }
    for name, path in (("first", source), ("same_file", source), ("same_keys", again)):
        steps: dict[str, float] = {}
        with peak_memory() as peak:
            counts = _import(lake, path, name, versions, steps)
        seconds = sum(steps.values())
        result[name] = {
            "seconds": round(seconds, 2),
            "ratio": round(seconds / copied["seconds"], 2),
            "peak_megabytes": peak["megabytes"],
            "steps": {step: round(taken, 2) for step, taken in steps.items()},
            "counts": counts,
        }
    return result


def _import(
    lake: Lake, path: Path, import_id: str, versions: dict[str, int], steps: dict[str, float]
) -> dict[str, int]:
    mapping = ImportMapping.parse({"source": "benchmark", "table": "opportunities"})
    with lake.lock(), step(steps, "keep"):
        original = keep_original(path, lake.root)
    with step(steps, "stage"):
        staged = stage([original], mapping, lake=lake, import_id=import_id, versions=versions)
    with lake.lock():
        with step(steps, "plan"):
            planned = plan(staged, lake, versions)
        with step(steps, "apply"):
            versions.update(apply(planned, lake, import_id))
    return planned.total.as_dict()


def _duckdb_copy(source: Path, target: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        connection.execute(f"COPY (FROM read_csv('{source}')) TO '{target}' (FORMAT parquet)")


def timed(work: Callable[[], None]) -> dict[str, float]:
    """Wall seconds of a piece of work, the better of two runs."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return {"seconds": round(min(taken), 2)}


@contextmanager
def step(steps: dict[str, float], name: str) -> Iterator[None]:
    """Note the wall seconds of one step."""
    start = time.perf_counter()
    yield
    steps[name] = time.perf_counter() - start


@contextmanager
def peak_memory() -> Iterator[dict[str, int]]:
    """The highest resident memory of this process and its children together, looked at ten times a second."""
    peak, done = {"megabytes": 0}, threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak["megabytes"] = max(peak["megabytes"], _resident(os.getpid()) >> 20)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _resident(process: int) -> int:
    """Bytes resident in a process and all below it (Linux)."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
        children = [
            int(child)
            for thread in Path(f"/proc/{process}/task").iterdir()
            for child in (thread / "children").read_text().split()
        ]
    except (OSError, IndexError):
        return 0  # it ended while we looked
    return pages * resource.getpagesize() + sum(_resident(child) for child in children)


PARTS: dict[str, Callable[..., dict[str, Any]]] = {"import": import_part, "queries": queries_part}


def main() -> None:
    """Run the named part in a temporary folder and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", choices=sorted(PARTS))
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder, peak_memory() as peak:
        result = PARTS[given.part](Path(folder), rows=given.rows, seed=given.seed)
    result["peak_megabytes"] = peak["megabytes"]
    result["machine"] = {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "duckdb": duckdb.__version__,
    }
    print(json.dumps(result, ensure_ascii=False, indent=None if given.json else 2))


if __name__ == "__main__":
    main()
