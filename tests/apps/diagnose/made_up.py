"""Four years of two teams: from October 2025 on, East hardly wins with Beam any more. And who is in them."""

import datetime
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

OWNERS = {"p1": "east", "p2": "east", "p4": "west", "p5": "west"}
FIRST, LAST, FALL = datetime.date(2022, 1, 1), datetime.date(2025, 12, 31), datetime.date(2025, 10, 1)


def opportunities() -> pa.Table:
    chance = random.Random(7)
    rows = []
    for year in range(2022, 2026):
        for month in range(1, 13):
            for number in range(120):
                owner, product = list(OWNERS)[number % 4], ("Beam", "Anchor", "Pivot")[number % 3]
                day = datetime.date(year, month, 1 + number % 28)
                is_fallen = OWNERS[owner] == "east" and product == "Beam" and day >= FALL
                won = chance.random() < (0.08 if is_fallen else 0.5)
                amount = Decimal(chance.randint(80, 120)) * 100
                rows.append(
                    (f"o{len(rows)}", owner, "closed", product, day, "won" if won else "lost", amount)
                )
    names = ("opportunity_id", "owner", "stage", "product", "closed_on", "outcome", "amount")
    return pa.table(
        {name: [row[place] for row in rows] for place, name in enumerate(names)},
        schema=pa.schema(
            [(name, pa.string()) for name in names[:4]]
            + [("closed_on", pa.date32()), ("outcome", pa.string()), ("amount", pa.decimal128(18, 4))]
        ),
    )


def targets() -> pa.Table:
    rows = [
        ("won_revenue", "2025-Q4", "company", 2_400_000.0),
        ("won_revenue", "2025-Q4", "east", 1_200_000.0),
        ("won_revenue", "2025-Q4", "sales", 2_300_000.0),
    ]
    names = ("kpi", "period", "unit", "value")
    return pa.table({name: [row[place] for row in rows] for place, name in enumerate(names)})


def organisation_tables() -> dict[str, pa.Table]:
    """As `people` freezes it; the same people and teams as the accounts of tests/conftest.py."""
    text, day = pa.string(), pa.date32()
    everybody = {"p0": "sales", **OWNERS, "p3": "marketing"}
    since = datetime.date(2015, 1, 1)
    members = [
        (code, team, "manager" if code == "p0" else "member", since, None) for code, team in everybody.items()
    ]
    teams = [
        ("sales", "Sales", None, ""),
        ("east", "East 华东", "sales", "East"),
        ("west", "West", "sales", "West"),
    ]
    teams.append(("marketing", "Marketing", None, ""))
    people = [(code, f"Person {code}", None, None, None) for code in everybody]
    return {
        "org_people": made(people, person=text, name=text, email=text, joined_on=day, left_on=day),
        "org_aliases": made([(code, code) for code in everybody], alias=text, person=text),
        "org_teams": made(teams, team=text, name=text, parent=text, region=text),
        "org_memberships": made(members, person=text, team=text, role=text, valid_from=day, valid_to=day),
        "org_manager_links": made([], person=text, manager=text, kind=text, valid_from=day, valid_to=day),
    }


def made(rows: list[tuple[Any, ...]], **kinds: pa.DataType) -> pa.Table:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(kinds)}
    return pa.table(columns, schema=pa.schema(list(kinds.items())))


def fill(folder: Path) -> dict[str, int]:
    """Write the tables into the lake of a data folder; their versions."""
    from steelyard.lake.store import Lake

    lake = Lake(folder / "lake")
    tables = {"opportunities": opportunities(), "targets": targets(), **organisation_tables()}
    return {name: lake.write_frozen(name, table) for name, table in tables.items()}
