"""A small lake: two years of opportunities of East, West and Marketing, with their targets."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.data import queries as data
from steelyard.apps.data.models import Snapshot
from steelyard.apps.jobs.actions import run_here

MONEY = pa.decimal128(18, 4)
KINDS = {
    "date": pa.date32(),
    "money": MONEY,
    "number": pa.float64(),
}
COLUMNS = {
    "opportunities": {
        "opportunity_id": "text",
        "owner": "text",
        "stage": "text",
        "product": "text",
        "created_on": "date",
        "closed_on": "date",
        "amount": "money",
        "outcome": "text",
        "_import": "text",
    },
    "targets": {"kpi": "text", "period": "text", "unit": "text", "value": "number", "_import": "text"},
    "org_aliases": {"alias": "text", "person": "text"},
    "org_teams": {"team": "text", "name": "text", "parent": "text", "region": "text"},
    "org_memberships": {
        "person": "text",
        "team": "text",
        "role": "text",
        "valid_from": "date",
        "valid_to": "date",
    },
}
OWNERS = {"lin": "p1", "mate": "p2", "stranger": "p3"}
LAST = date(2025, 12, 31)


def arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    columns = {
        column: pa.array([row.get(column) for row in rows], KINDS.get(kind, pa.string()))
        for column, kind in COLUMNS[name].items()
    }
    return pa.table(columns)


def deal(number: int, owner: str, month: int, year: int, amount: int, outcome: str) -> dict[str, Any]:
    return {
        "opportunity_id": f"D{number:04}",
        "owner": owner,
        "stage": outcome,
        "product": "=Beam" if number % 2 else "Anchor",
        "created_on": date(year, month, 1),
        "closed_on": date(year, month, 20),
        "amount": Decimal(amount),
        "outcome": outcome,
        "_import": "i",
    }


def deals() -> list[dict[str, Any]]:
    """Every month each of the three wins one and loses one; Lin's are 100, Mate's 200, Stranger's 1000."""
    found = []
    for year in (2024, 2025):
        for month in range(1, 13):
            for owner, amount in (("Lin", 100), ("Mate", 200), ("Stranger", 1000)):
                for outcome in ("won", "lost"):
                    found.append(deal(len(found), owner, month, year, amount, outcome))
    return found


TARGETS = [
    {"kpi": "won_revenue", "period": "2025-Q4", "unit": "east", "value": 1800.0, "_import": "i"},
    {"kpi": "won_revenue", "period": "2025-Q4", "unit": "p1", "value": 250.0, "_import": "i"},
    {"kpi": "won_revenue", "period": "2025-Q4", "unit": "marketing", "value": 2000.0, "_import": "i"},
]


@pytest.fixture
def lake(tmp_path: Path, settings: Any) -> Iterator[Any]:
    settings.STEELYARD_DATA = tmp_path
    return data.lake()


Publish = Callable[..., Snapshot]


@pytest.fixture
def publish(lake: Any, organisation: Any) -> Publish:
    """publish(opportunities=…) → a snapshot of these facts and of the organisation, points computed."""

    def write(*, compute: bool = True, **facts: list[dict[str, Any]]) -> Snapshot:
        tables = {name: lake.write_frozen(name, arrow(name, rows)) for name, rows in facts.items()}
        tables |= {name: lake.write_frozen(name, table) for name, table in frozen().items()}
        snapshot = Snapshot.objects.create(cause="import", versions=tables, data_to=LAST)
        if compute:
            run_here(LOCAL_OPERATOR, "measure.points", {"snapshot": snapshot.pk})
        return snapshot

    return write


def frozen() -> dict[str, pa.Table]:
    since = date(2015, 1, 1)
    members = [("p0", "sales", "manager"), ("p1", "east", "member"), ("p2", "east", "member")]
    members.append(("p3", "marketing", "member"))
    teams = [("sales", None), ("east", "sales"), ("west", "sales"), ("marketing", None)]
    return {
        "org_aliases": arrow(
            "org_aliases", [{"alias": name, "person": code} for name, code in OWNERS.items()]
        ),
        "org_teams": arrow("org_teams", [{"team": t, "name": t, "parent": p, "region": t} for t, p in teams]),
        "org_memberships": arrow(
            "org_memberships",
            [{"person": p, "team": t, "role": r, "valid_from": since} for p, t, r in members],
        ),
    }


@pytest.fixture
def published(publish: Publish) -> Snapshot:
    return publish(opportunities=deals(), targets=TARGETS)
