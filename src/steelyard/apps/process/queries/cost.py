"""What an hour of work costs the teams that are looked at, from their headcount; None where not told."""

from decimal import Decimal

from steelyard.apps.data.queries import facts
from steelyard.apps.process.queries.kept import kept_answer
from steelyard.apps.process.queries.seen import Seen

TABLE, COLUMNS = "headcount", ("team", "month", "cost", "capacity_hours")
# The newest months: wages change.
MONTHS = 3
CENT = Decimal("0.01")


def hourly_cost(seen: Seen) -> Decimal | None:
    """Cost over capacity of the newest three months that have both, for the teams or the whole company."""
    key = (seen.snapshot.pk, str(seen.snapshot.created_at), seen.teams, "hourly-cost")
    return kept_answer(key, lambda: _hourly_cost(seen))


def _hourly_cost(seen: Seen) -> Decimal | None:
    if TABLE not in seen.snapshot.versions:
        return None
    with facts(seen.snapshot.versions) as lake:
        table = lake.tables[TABLE]
        if not set(COLUMNS) <= set(table.columns):
            return None
        known = table.filter(table.cost.notnull() & (table.capacity_hours > 0))
        if seen.teams:
            known = known.filter(known.team.isin(list(seen.teams)))
        rows = known.select("month", "cost", "capacity_hours").to_pyarrow().to_pylist()
    newest = sorted({row["month"] for row in rows})[-MONTHS:]
    kept = [row for row in rows if row["month"] in newest]
    hours = sum(Decimal(str(row["capacity_hours"])) for row in kept)
    return (sum(Decimal(row["cost"]) for row in kept) / hours).quantize(CENT) if hours else None
