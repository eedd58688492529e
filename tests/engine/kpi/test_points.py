"""Points are what `judge` answers for each unit by itself, for every kind of KPI."""

import random
from datetime import date, timedelta
from decimal import Decimal
from math import isnan

import ibis
import pyarrow as pa
import pytest

from steelyard.engine.kpi import available, catalogue, judge, points, prepared, summarise
from steelyard.engine.organisation import ancestors
from steelyard.engine.periods import periods

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
MONEY = pa.decimal128(18, 4)
TREE = {"SALES": None, "EAST": "SALES", "WEST": "SALES", "HARBOUR": "EAST", "CARE": None}
PEOPLE = [f"P{number}" for number in range(9)]


def made_up(seed: int) -> dict[str, pa.Table]:
    """A company with a tree of teams, people who move, and rows of nobody."""
    chance = random.Random(seed)

    def day(within: int = 366) -> date:
        return FIRST + timedelta(days=chance.randrange(within))

    def money() -> Decimal:
        return Decimal(chance.randrange(1, 10**9)) / 10_000

    owners = [*[name.lower() for name in PEOPLE], "a stranger", None]
    deals = []
    for number in range(400):
        created, outcome = day(), chance.choice(["won", "won", "lost", "open"])
        closed = None if outcome == "open" else created + timedelta(days=chance.randrange(80))
        amount = None if chance.random() < 0.02 else money()
        owner = chance.choice(owners)
        deals.append((f"D{number}", owner, outcome, outcome, created, closed, amount, f"C{number % 30}"))
    invoices = [
        (
            f"I{number}",
            chance.choice(owners),
            f"C{number % 20}",
            issued := day(),
            issued + timedelta(30),
            money(),
        )
        for number in range(150)
    ]
    receipts = [(f"R{number}", day(), money(), f"I{chance.randrange(170)}") for number in range(200)]
    teams = list(TREE)
    memberships = []
    for person in PEOPLE:
        before, after = chance.choice(teams), chance.choice(teams)
        moved = day()
        memberships.append((person, before, "member", date(2020, 1, 1), moved))
        if chance.random() < 0.8:
            memberships.append((person, after, "member", moved, None))
    targets = [
        ("won_revenue", f"2024-{month:02}", unit, 1000.0 * month)
        for month in range(1, 13)
        for unit in ("EAST", "HARBOUR", "P1")
    ]
    rows = {
        "opportunities": (
            "opportunity_id owner stage outcome created_on closed_on amount account_id",
            deals,
        ),
        "invoices": ("invoice_id owner customer issued_on due_on amount", invoices),
        "receipts": ("receipt_id received_on amount invoice_id", receipts),
        "targets": ("kpi period unit value", targets),
        "org_aliases": ("alias person", [(name.lower(), name) for name in PEOPLE]),
        "org_memberships": ("person team role valid_from valid_to", memberships),
        "org_teams": ("team name parent region", [(code, code, above, None) for code, above in TREE.items()]),
    }
    return {name: _table(columns.split(), held) for name, (columns, held) in rows.items()}


def _table(columns: list[str], rows: list[tuple[object, ...]]) -> pa.Table:
    arrays = {}
    for place, column in enumerate(columns):
        kind = pa.date32() if column.endswith(("_on", "_from", "_to")) else pa.string()
        kind = {"amount": MONEY, "value": pa.float64()}.get(column, kind)
        arrays[column] = pa.array([row[place] for row in rows], kind)
    return pa.table(arrays)


@pytest.fixture(scope="module", params=[1, 2, 3])
def tables(request: pytest.FixtureRequest) -> dict[str, ibis.Table]:
    connection = ibis.duckdb.connect(threads=1)
    tables = {name: connection.create_table(name, held) for name, held in made_up(request.param).items()}
    return prepared(tables)


def test_every_point_is_what_judge_answers(tables: dict[str, ibis.Table]):
    kpis, _ = available(tables, list(catalogue()))
    wanted = [*periods("month", FIRST, LAST), *periods("quarter", FIRST, LAST)]
    found = {
        (each.kpi.id, each.unit_kind): each
        for each in points(tables, kpis, grain=("month", "quarter"), first=FIRST, last=LAST)
    }
    units = {"company": {"": {}}, "team": {}, "member": {}}
    units["team"] = {
        team: {"team": [each for each in TREE if team in (each, *ancestors(each, TREE))]} for team in TREE
    }
    units["member"] = {person: {"member": person} for person in PEOPLE}
    compared = 0
    for kind, codes in units.items():
        told = [kpi for kpi in kpis if (kpi.id, kind) in found]
        for code, where in codes.items():
            for row in judge(summarise(tables, told, periods=wanted, where=where)):
                block = found[row.kpi, kind]
                place = (block.periods.index(row.period), block.codes.index(code))
                if _is_against_target(block.kpi) and kind == "team":
                    continue  # `judge` is asked for several teams, of which no one target is known
                assert block.n[place] == row.n, (row.kpi, code, row.period.label)
                assert _same(block.value[place], row.value), (row.kpi, code, row.period.label)
                assert _same(block.numerator[place], row.numerator)
                assert _same(block.denominator[place], row.denominator)
                compared += 1
    assert compared > 5000


def _is_against_target(kpi):
    return kpi.denominator is not None and kpi.denominator.target is not None


def _same(found: float, wanted: object) -> bool:
    if wanted is None:
        return isnan(found)
    return found == pytest.approx(float(wanted), rel=1e-12, abs=1e-12)


def test_a_unit_is_kept_from_its_first_record_while_it_exists(tables: dict[str, ibis.Table]):
    for block in points(tables, ["won_revenue", "win_rate"], grain="month", first=FIRST, last=LAST):
        for place, code in enumerate(block.codes):
            kept = block.kept[:, place].tolist()
            first = next((index for index, n in enumerate(block.n[:, place]) if n), len(kept))
            assert not any(kept[:first]) or block.unit_kind == "company"
            if code in ("", "SALES"):
                assert all(kept[first:])


def test_whole_amounts_stay_exact_however_many_are_added():
    cents = [Decimal(number) / 100 for number in range(1, 2000)]
    deals = pa.table(
        {
            "owner": pa.array([f"p{number % 7}" for number in range(len(cents))]),
            "outcome": pa.array(["won"] * len(cents)),
            "closed_on": pa.array([FIRST] * len(cents), pa.date32()),
            "amount": pa.array(cents, MONEY),
        }
    )
    (company,) = points(
        {"opportunities": ibis.memtable(deals)}, ["won_revenue"], grain="year", first=FIRST, last=LAST
    )
    assert company.value[0, 0] == float(sum(cents))
