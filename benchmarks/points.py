"""How long KPI points take after an import of a million rows, and how quick the scorecard's pages are then.

    python benchmarks/points.py [--people 500] [--months 36] [--rows 1000000] [--folder DISK] [--json]

Writes a made-up company of 500 people in 50 teams under 8 departments, imports its files as anybody would,
and times the job that computes the points; beside it, as a measure of the machine, DuckDB adding up the same
rows by owner and month. Then each page of the scorecard, as those who may see it, 20 warm requests each.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

START = "DATE '2022-01-01'"
# The share of all rows that each table has.
SHARES = {
    "opportunities": 0.25,
    "leads": 0.2,
    "orders": 0.1,
    "invoices": 0.1,
    "receipts": 0.1,
    "activities": 0.1,
    "feedback": 0.02,
    "learning": 0.02,
    "tool_use": 0.03,
    "work_events": 0.075,
    "ideas": 0.005,
}


def columns_of(*, people: int, days: int, rows: dict[str, int]) -> dict[str, str]:
    """The SELECT list of each table, over a row number `i`."""

    def part(salt: int, of: int) -> str:
        return f"(hash(i * 31 + {salt}) % {of})::INTEGER"

    owner = f"'p' || lpad({part(1, people)}::VARCHAR, 4, '0')"
    money = f"({part(2, 9_000_000)} / 100.0 + 100)::DECIMAL(18, 2)"
    made = f"({START} + {part(3, days)})"
    customer = f"'C' || {part(4, 5_000)}"
    return {
        "opportunities": f"'O' || i AS opportunity_id, {owner} AS owner, "
        f"['won', 'lost', 'open'][1 + {part(5, 3)}] AS stage, {made} AS created_on, "
        f"{made} + {part(6, 90)} AS closed_on, {money} AS amount, {money} * 1.1 AS list_price, "
        f"CASE WHEN {part(7, 3)} = 0 THEN 'L' || {part(8, rows['leads'])} END AS lead_id, "
        f"{customer} AS account_id, 'Product ' || {part(9, 20)} AS product",
        "leads": f"'L' || i AS lead_id, {made} AS created_on, {owner} AS owner, "
        f"'Source ' || {part(5, 8)} AS source, {made}::TIMESTAMP + to_hours({part(6, 200)}) "
        f"AS first_contact_at, CASE WHEN {part(7, 2)} = 0 THEN {made} + {part(8, 60)} END AS mql_on, "
        f"CASE WHEN {part(7, 4)} = 0 THEN {made} + 60 + {part(9, 30)} END AS sql_on",
        "orders": f"'R' || i AS order_line_id, 'OR' || (i // 3) AS order_id, {made} AS ordered_on, "
        f"{money} AS amount, {money} * 0.7 AS cost, {money} * 1.2 AS list_price, {owner} AS owner, "
        f"{customer} AS customer, {part(5, 20)} AS quantity",
        "invoices": f"'I' || i AS invoice_id, {customer} AS customer, {made} AS issued_on, "
        f"{made} + 30 AS due_on, {money} AS amount, {owner} AS owner",
        "receipts": f"'P' || i AS receipt_id, {made} + {part(5, 80)} AS received_on, {money} AS amount, "
        f"'I' || i AS invoice_id",
        "activities": f"'A' || i AS activity_id, {made}::TIMESTAMP + to_hours({part(5, 10)}) AS done_at, "
        f"{owner} AS owner, ['call', 'visit', 'mail'][1 + {part(6, 3)}] AS kind, {customer} AS account_id, "
        f"'K' || {part(7, 9_000)} AS contact_id, "
        f"['decision-maker', 'user'][1 + {part(8, 2)}] AS contact_level",
        "feedback": f"'F' || i AS feedback_id, {made} AS given_on, {part(5, 11)} AS score, "
        f"'nps' AS scale, {customer} AS customer, {owner} AS owner",
        "learning": f"{owner} AS person, 'Course ' || i AS item, {made} AS day, {part(5, 5)} + 1 AS hours",
        "tool_use": f"'Tool ' || {part(5, 10)} AS tool, "
        f"'p' || lpad((i % {people})::VARCHAR, 4, '0') AS person, "
        f"{START} + ((i // {people}) * 17 % {days})::INTEGER AS day, {part(6, 9)} AS sessions",
        "work_events": f"'W' || (i // 5) AS case_id, 'Step ' || (i % 5) AS activity, "
        f"({START} + (hash(i // 5) % {days})::INTEGER)::TIMESTAMP + to_hours(9 * (i % 5) + {part(5, 9)}) "
        f"AS finished_at, {owner} AS performer, "
        f"['approved', 'changed', 'rejected'][1 + {part(6, 3)}] AS outcome",
        "ideas": f"'D' || i AS idea_id, {made} AS raised_on, {owner} AS person",
    }


def write_files(folder: Path, *, people: int, months: int, rows: int) -> dict[str, Path]:
    """The company's files as CSV: facts, people, teams, memberships, targets."""
    counts = {table: int(rows * share) for table, share in SHARES.items()}
    selects = columns_of(people=people, days=months * 30, rows=counts)
    paths = {}
    with duckdb.connect() as connection:
        for table, select in selects.items():
            paths[table] = folder / f"{table}.csv"
            connection.execute(
                f"COPY (SELECT {select} FROM range({counts[table]}) r(i)) TO '{paths[table]}' (HEADER)"
            )
        code = "'p' || lpad(i::VARCHAR, 4, '0')"
        organisation = {
            "teams": "SELECT 'd' || i AS code, 'Department ' || i AS name, NULL AS parent FROM range(8) r(i) "
            "UNION ALL SELECT 't' || i, 'Team ' || i, 'd' || (i % 8) FROM range(50) r(i)",
            "people": f"SELECT {code} AS code, 'Person ' || i AS name FROM range({people}) r(i)",
            "memberships": f"SELECT {code} AS person, 't' || (i % 50) AS team, 'member' AS role, "
            f"DATE '2020-01-01' AS valid_from FROM range({people}) r(i)",
            "targets": "SELECT 'won_revenue' AS kpi, strftime(m, '%Y-%m') AS period, 't' || t AS unit, "
            f"9000000 AS value FROM range({START}, {START} + INTERVAL {months} MONTH, INTERVAL 1 MONTH) "
            "a(m), range(50) b(t)",
        }
        for table, query in organisation.items():
            paths[table] = folder / f"{table}.csv"
            connection.execute(f"COPY ({query}) TO '{paths[table]}' (HEADER)")
    return paths


def import_all(paths: dict[str, Path]) -> float:
    """Take every file in and publish it, without the jobs that follow; the seconds that it took."""
    from steelyard.apps.access.policy import LOCAL_OPERATOR
    from steelyard.apps.data import actions
    from steelyard.apps.jobs.actions import run_here
    from steelyard.lake.imports.limits import Limits

    started = time.perf_counter()
    for table in ("teams", "people", "memberships", "targets", *SHARES):
        path = paths[table]
        taken = actions.take_in(
            LOCAL_OPERATOR, [(path.name, path)], limits=Limits.command_line(), table=table
        )
        document: dict[str, Any] = {"source": table, "table": table}
        if table == "opportunities":
            stages = {"won": "won", "lost": "lost", "open": "open"}
            document["columns"] = {"stage": "stage", "outcome": {"from": "stage", "values": stages}}
        actions.set_mapping(LOCAL_OPERATOR, taken, document)
        run_here(LOCAL_OPERATOR, "data.publish", {"public_id": taken.public_id})
    return time.perf_counter() - started


def compute() -> dict[str, Any]:
    """Time the job of the points, and DuckDB's own sums by owner and month of the same rows."""
    from steelyard.apps.access.policy import LOCAL_OPERATOR
    from steelyard.apps.data.queries import lake, newest_versions
    from steelyard.apps.jobs.actions import run_here
    from steelyard.apps.measure.models import KpiPoint

    versions = newest_versions()
    plain = time.perf_counter()
    dates = {
        "opportunities": "closed_on",
        "leads": "created_on",
        "orders": "ordered_on",
        "invoices": "due_on",
    }
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        for table, day in dates.items():
            files = [str(path) for path in lake().files(table, versions[table])]
            connection.execute(
                f"SELECT owner, date_trunc('month', {day}), count(*) FROM read_parquet({files}) GROUP BY ALL"
            ).fetchall()
    plain = time.perf_counter() - plain
    started, cpu = time.perf_counter(), time.process_time()
    run_here(LOCAL_OPERATOR, "measure.points", {})
    seconds = time.perf_counter() - started
    return {
        "points": KpiPoint.objects.count(),
        "kpis": KpiPoint.objects.values("kpi").distinct().count(),
        "seconds": round(seconds, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "plain_sums_seconds": round(plain, 2),
        "ratio": round(seconds / plain, 1),
    }


def pages() -> Iterator[dict[str, Any]]:
    """The median of 20 warm requests of each page, as a leader, a manager and a member."""
    from django.test import Client

    from steelyard.apps.accounts.models import User
    from steelyard.apps.people.models import Membership, Person

    people = list(Person.objects.order_by("code")[:2])
    Membership.objects.filter(person=people[0]).update(role="manager")
    users = []
    for role, person in (("leader", None), ("manager", people[0]), ("member", people[1])):
        user, _ = User.objects.get_or_create(
            email=f"{role}@benchmark.invalid", defaults={"name": role, "roles": [role]}
        )
        if person is not None:
            Person.objects.filter(pk=person.pk).update(user=user)
        users.append((role, user))
    for role, user in users:
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        for path in ("/", "/measure/", "/measure/won_revenue/", "/measure/teams/", "/measure/wall/"):
            taken = []
            for _ in range(22):
                started = time.perf_counter()
                status = client.get(path, follow=True).status_code
                taken.append((time.perf_counter() - started) * 1000)
            yield {
                "role": role,
                "page": path,
                "status": status,
                "first_ms": round(taken[0]),
                "median_ms": round(statistics.median(taken[2:])),
            }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="A data folder to keep; filled when it is empty.")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary) / "data"
        is_new = not (folder / "steelyard.sqlite3").exists()
        folder.mkdir(parents=True, exist_ok=True)
        os.environ["STEELYARD_DATA"] = str(folder)
        from steelyard.cli.house import open_house

        open_house()
        result: dict[str, Any] = {"rows": given.rows, "people": given.people, "months": given.months}
        if is_new:
            paths = write_files(Path(temporary), people=given.people, months=given.months, rows=given.rows)
            result["import_seconds"] = round(import_all(paths), 1)
        result |= compute()
        result["pages"] = list(pages())
    if given.json:
        print(json.dumps(result, indent=2))
        return
    for name, value in result.items():
        if name != "pages":
            print(f"{name}: {value}")
    for page in result["pages"]:
        print("{role:8} {page:24} {status} first {first_ms} ms, median {median_ms} ms".format(**page))


if __name__ == "__main__":
    main()
