"""A small firm of hand-made tables: two teams of sellers, deals by quarter, whatever a test plants."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

NOW, THEN = date(2024, 10, 1), date(2023, 10, 1)
MONEY = pa.decimal128(18, 4)


def table(rows, columns, **types):
    """Rows of tuples as an Ibis table; money and empty columns by their types."""
    arrays = {
        name: pa.array([row[place] for row in rows], types.get(name)) for place, name in enumerate(columns)
    }
    return ibis.memtable(pa.table(arrays))


def spread(start, count, *, days=88):
    """`count` days, evenly over a quarter."""
    return [start + timedelta(days=number * days // max(count, 1)) for number in range(count)]


class Firm:
    """Collects rows, hands out tables."""

    def __init__(self):
        self.deals, self.changes, self.members = [], [], []

    def close(self, start, *, owner, won, lost, days=88, **columns):
        """Deals closed in a quarter, the won ones first; lost ones ended in talks."""
        outcomes = ["won"] * won + ["lost"] * lost
        for number, day in enumerate(spread(start, len(outcomes), days=days)):
            outcome = outcomes[number]
            name = f"o{len(self.deals)}"
            self.deals.append((name, owner, outcome, day, day - timedelta(days=3), columns))
            at = datetime.combine(day, time(12))
            self.changes.append((name, at - timedelta(days=2), "first", "talks"))
            self.changes.append((name, at, "talks", outcome))
        return self

    def join(self, member, team, *, since=date(2020, 1, 1), until=None):
        self.members.append((member, team, since, until))
        return self

    def tables(self, *, stages=False, order=None):
        names = sorted({name for deal in self.deals for name in deal[5]})
        rows = [
            (
                key,
                owner,
                outcome,
                outcome,
                created,
                day,
                Decimal(100),
                *(columns.get(name) for name in names),
            )
            for key, owner, outcome, day, created, columns in self.deals
        ]
        head = ("opportunity_id", "owner", "stage", "outcome", "created_on", "closed_on", "amount")
        if order is not None:
            rows = [rows[place] for place in order(len(rows))]
        found = {"opportunities": table(rows, (*head, *names), amount=MONEY)}
        if stages:
            head = ("opportunity_id", "changed_at", "from_stage", "to_stage")
            found["stage_changes"] = table(self.changes, head, changed_at=pa.timestamp("us"))
        if self.members:
            people = sorted({member for member, *_ in self.members})
            teams = sorted({team for _, team, *_ in self.members})
            found["org_aliases"] = table([(each, each) for each in people], ("alias", "person"))
            found["org_memberships"] = table(
                [(member, team, "member", since, until) for member, team, since, until in self.members],
                ("person", "team", "role", "valid_from", "valid_to"),
                valid_to=pa.date32(),
            )
            found["org_teams"] = table(
                [(team, team.title(), None, None) for team in teams],
                ("team", "name", "parent", "region"),
                parent=pa.string(),
                region=pa.string(),
            )
            found["org_manager_links"] = table(
                [],
                ("person", "manager", "kind", "valid_from", "valid_to"),
                person=pa.string(),
                manager=pa.string(),
                kind=pa.string(),
                valid_from=pa.date32(),
                valid_to=pa.date32(),
            )
        return found


@pytest.fixture
def firm():
    return Firm()


@pytest.fixture
def rows_of():
    return table
