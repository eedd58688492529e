"""Sixty contracts of East and West and twelve purchases of Marketing, with what happened planted by number.

Every tenth contract goes back to the quote; contracts 7, 22, 37 and 52 stop after the discount approval.
Even numbers are of p1 (East), odd ones of p4 (West); p0 (Sales) approves discounts, "Legal" is nobody known.
"""

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from tests.apps.diagnose.made_up import LAST, organisation_tables

CONTRACTS, PURCHASES = "Contracts 合同审批", "Purchases 采购审批"
FIRST = datetime.datetime(2025, 1, 6, 9)  # noqa: DTZ001  clocks on the wall
HOUR = datetime.timedelta(hours=1)
COUNT, RETURNED, STOPPED = 60, 10, (7, 22, 37, 52)
__all__ = ["CONTRACTS", "COUNT", "LAST", "PURCHASES", "fill", "fill_log", "work_events"]


def work_events() -> pa.Table:
    rows = [row for number in range(COUNT) for row in contract(number)]
    rows += [row for number in range(12) for row in purchase(number)]
    kinds = {"started_at": pa.timestamp("us"), "finished_at": pa.timestamp("us")}
    return pa.table(
        {name: pa.array([row[name] for row in rows], kinds.get(name, pa.string())) for name in rows[0]}
    )


def contract(number: int) -> list[dict[str, Any]]:
    seller = "p4" if number % 2 else "p1"
    begin = FIRST + number * 5 * 24 * HOUR
    steps = [("quote", seller, 0, 2, ""), ("discount approval", "p0", 26, 1, "approved")]
    if number % RETURNED == 0:
        steps[1] = ("discount approval", "p0", 26, 1, "changed")
        steps += [("quote", seller, 30, 2, ""), ("discount approval", "p0", 50, 1, "approved")]
    if number not in STOPPED:
        late = steps[-1][2]
        steps += [
            ("legal approval", "Legal", late + 70, 3, "approved"),
            ("signed", seller, late + 80, 1, ""),
        ]
    return [
        event(
            f"K{number:03}",
            step,
            begin=begin + after * HOUR,
            hours=hours,
            performer=who,
            outcome=outcome,
            process=CONTRACTS,
            region="West" if number % 2 else "East",
            product=("Beam", "Anchor", "Pivot")[number % 3],
        )
        for step, who, after, hours, outcome in steps
    ]


def purchase(number: int) -> list[dict[str, Any]]:
    begin = FIRST + number * 20 * 24 * HOUR
    return [
        event(
            f"B{number:03}",
            step,
            begin=begin + after * HOUR,
            hours=1,
            performer=who,
            outcome="",
            process=PURCHASES,
            region="East",
            product="Beam",
        )
        for step, who, after in (("request", "p3", 0), ("order", "p3", 5))
    ]


def event(case: str, step: str, *, begin: datetime.datetime, hours: int, **more: Any) -> dict[str, Any]:
    roles = {"p0": "manager", "Legal": "legal"}
    return {
        "case_id": case,
        "activity": step,
        "started_at": begin,
        "finished_at": begin + hours * HOUR,
        "role": roles.get(more["performer"], "seller"),
        **more,
        "outcome": more["outcome"] or None,
        "_import": "i",
    }


def headcount() -> pa.Table:
    """An hour costs 50 in East, 100 in West."""
    rows = [("east", 160.0, 8000), ("west", 160.0, 16000)]
    return pa.table(
        {
            "team": [row[0] for row in rows],
            "month": pa.array([datetime.date(2025, 12, 1)] * 2, pa.date32()),
            "people": [1.0, 1.0],
            "capacity_hours": [row[1] for row in rows],
            "cost": pa.array([Decimal(row[2]) for row in rows], pa.decimal128(18, 4)),
        }
    )


def fill_log(folder: Path) -> dict[str, int]:
    """Only the log, into a lake that has an organisation already."""
    from steelyard.lake.store import Lake

    return {"work_events": Lake(folder / "lake").write_frozen("work_events", work_events())}


def fill(folder: Path) -> dict[str, int]:
    """Write the tables into the lake of a data folder; their versions."""
    from steelyard.lake.store import Lake

    lake = Lake(folder / "lake")
    tables = {"work_events": work_events(), "headcount": headcount(), **organisation_tables()}
    return {name: lake.write_frozen(name, table) for name, table in tables.items()}
