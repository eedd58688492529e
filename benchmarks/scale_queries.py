"""A KPI by two dimensions and a diagnosis over many rows, each beside the same aggregates in SQL by hand."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from steelyard.engine.diagnosis import diagnose
from steelyard.engine.kpi import judge, kpi_of, summarise
from steelyard.engine.periods import Period
from steelyard.lake import delta
from steelyard.lake.store import Lake

SCHEMA = {
    "opportunity_id": "text",
    "owner": "text",
    "stage": "text",
    "created_on": "date",
    "closed_on": "date",
    "outcome": "text",
    "amount": "money",
    "currency": "text",
    "product": "text",
    "region": "text",
    "segment": "text",
    "source": "text",
}
FILE_ROWS = 5_000_000
THREADS = 2
RUNS = 3
YEAR = Period.parse("2024")
BY = ("product", "region")


def lake_of(folder: Path, *, rows: int, seed: int) -> tuple[Lake, int]:
    """A lake with one table of so many opportunities, in files of five million rows."""
    lake = Lake(folder / "lake")
    path = lake.path("opportunities")
    path.mkdir(parents=True)
    added = []
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        for number, start in enumerate(range(0, rows, FILE_ROWS)):
            end = min(rows, start + FILE_ROWS)
            file = path / f"part-{number}.parquet"
            connection.execute(f"COPY ({opportunities(start, end, seed)}) TO '{file}' (FORMAT parquet)")
            added.append((file, end - start))
    return lake, delta.commit(path, schema=SCHEMA, add=added, metadata={"import": "benchmark"})


def opportunities(start: int, end: int, seed: int) -> str:
    """Four years of opportunities; who wins, how much and where is drawn by hash."""

    def drawn(salt: int, below: int) -> str:
        return f"(hash(i, {seed + salt}) % {below})::INTEGER"

    created = f"(DATE '2021-09-01' + {drawn(1, 1400)})"
    return (
        f"SELECT 'O' || i AS opportunity_id, 'P' || {drawn(2, 500)} AS owner, "
        f"CASE WHEN {drawn(3, 100)} < 25 THEN 'won' ELSE 'lost' END AS stage, {created} AS created_on, "
        f"{created} + {drawn(4, 120)} AS closed_on, "
        f"CASE WHEN {drawn(3, 100)} < 25 THEN 'won' ELSE 'lost' END AS outcome, "
        f"({drawn(5, 10_000_000)} / 100.0)::DECIMAL(18, 4) AS amount, 'CNY' AS currency, "
        f"'Product ' || {drawn(6, 40)} AS product, 'Region ' || {drawn(7, 12)} AS region, "
        f"'Segment ' || {drawn(8, 5)} AS segment, 'Source ' || {drawn(9, 6)} AS source "
        f"FROM range({start}, {end}) AS r(i)"
    )


def queries_part(folder: Path, *, rows: int, seed: int) -> dict[str, Any]:
    """Seconds of each question, of the same aggregates in SQL, and their ratio."""
    lake, version = lake_of(folder, rows=rows, seed=seed)
    files = lake.files("opportunities", version)
    result: dict[str, Any] = {"rows": rows}
    with lake.open({"opportunities": version}, threads=THREADS) as facts:
        pairs: dict[str, tuple[Callable[[], Any], str]] = {
            "won_revenue by product, region": (lambda: kpi(facts.tables, "won_revenue"), sum_by_hand()),
            "win_rate by product, region": (lambda: kpi(facts.tables, "win_rate"), rate_by_hand()),
            "diagnose won_revenue": (lambda: asked(facts.tables), diagnosis_by_hand()),
        }
        for name, (question, sql) in pairs.items():
            result[name] = beside(question, sql, files)
    return result


def kpi(tables: Any, name: str) -> int:
    return len(judge(summarise(tables, kpi_of(name), periods=[YEAR], by=BY)))


def asked(tables: Any) -> str:
    return str(diagnose(tables, "won_revenue", period="2024-Q4", against="year-ago").verdict)


def sum_by_hand() -> str:
    return (
        "SELECT product, region, sum(amount), count(*) FROM read_parquet($files) WHERE outcome = 'won' "
        "AND closed_on >= DATE '2024-01-01' AND closed_on < DATE '2025-01-01' GROUP BY ALL ORDER BY ALL"
    )


def rate_by_hand() -> str:
    return (
        "SELECT product, region, count(*) FILTER (outcome = 'won'), count(*) FROM read_parquet($files) "
        "WHERE outcome IN ('won', 'lost') "
        "AND closed_on >= DATE '2024-01-01' AND closed_on < DATE '2025-01-01' GROUP BY ALL ORDER BY ALL"
    )


def diagnosis_by_hand() -> str:
    """The aggregates that the diagnosis reads, each as one statement that a person would write.

    The factors of both quarters with their squares; five years of months; the leaves of win rate in the
    quarter, the one before and the year up to it; the leaves of volume; the owners; a segment's own months.
    """
    leaves = "product, region, segment, source"
    won = "FILTER (outcome = 'won')"
    now, then = "closed_on >= DATE '2024-10-01'", "closed_on < DATE '2024-01-01'"
    quarters = f"(({now}) OR (closed_on >= DATE '2023-10-01' AND {then}))"
    closed = "FROM read_parquet($files) WHERE outcome IN ('won', 'lost') AND closed_on < DATE '2025-01-01'"
    month = "date_trunc('month', closed_on) AS month"
    amounts = f"sum(amount) {won}, sum(amount::DOUBLE * amount::DOUBLE) {won}"
    return "; ".join(
        [
            f"SELECT {now}, count(*), count(*) {won}, {amounts} {closed} AND {quarters} GROUP BY ALL",
            "SELECT date_trunc('month', closed_on) AS month, sum(amount), count(*) "
            "FROM read_parquet($files) WHERE outcome = 'won' AND closed_on >= DATE '2020-01-01' "
            "AND closed_on < DATE '2025-01-01' GROUP BY ALL ORDER BY ALL",
            f"SELECT {leaves}, {now}, closed_on >= DATE '2023-10-01', count(*), count(*) {won} {closed} "
            f"AND ({now} OR (closed_on >= DATE '2023-01-01' AND {then})) GROUP BY ALL ORDER BY ALL",
            f"SELECT {leaves}, {now}, count(*) {closed} AND {quarters} GROUP BY ALL ORDER BY ALL",
            f"SELECT owner, {now}, count(*) {closed} AND {quarters} GROUP BY ALL ORDER BY ALL",
            f"SELECT {month}, count(*) {closed} AND region = 'Region 10' "
            "AND closed_on >= DATE '2021-01-01' GROUP BY ALL ORDER BY ALL",
        ]
    )


def beside(question: Callable[[], Any], sql: str, files: list[str]) -> dict[str, Any]:
    """The best of a few runs of both, taken in turn so that the disk's cache serves both alike."""
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(seconds(question))
        theirs.append(seconds(lambda: by_hand(sql, files)))
    return {
        "seconds": round(min(ours), 3),
        "by_hand": round(min(theirs), 3),
        "ratio": round(min(ours) / min(theirs), 2),
    }


def by_hand(sql: str, files: list[str]) -> None:
    listed = "[" + ", ".join(f"'{file}'" for file in files) + "]"
    with duckdb.connect() as connection:
        connection.execute(f"SET threads = {THREADS}")
        for statement in sql.split("; "):
            connection.execute(statement.replace("$files", listed)).fetchall()


def seconds(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
