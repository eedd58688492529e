"""Who belonged to which team, region and manager on which day, from the frozen organisation tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

DIMENSIONS = ("member", "team", "region", "manager")
TABLES = ("org_aliases", "org_memberships", "org_teams", "org_manager_links")
_SCHEMA = pa.schema(
    [
        ("alias", pa.string()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("member", pa.string()),
        ("team", pa.string()),
        ("region", pa.string()),
        ("manager", pa.string()),
    ]
)
Stretch = tuple[date, date, Mapping[str, Any]]


@dataclass(frozen=True)
class Organisation:
    """Disjoint spans of each alias: alias, valid_from, valid_to exclusive, member, team, region, manager."""

    spans: pa.Table

    @property
    def is_known(self) -> bool:
        """Whether anybody is known at all."""
        return self.spans.num_rows > 0

    def table(self) -> ir.Table:
        """Return the spans as a small Ibis table to join facts with."""
        return ibis.memtable(self.spans)


def read(tables: Mapping[str, ir.Table]) -> Organisation:
    """Read the organisation that a snapshot froze.

    Parameters
    ----------
    tables
        With `org_aliases (alias, person)` and, where there are any, `org_memberships (person, team,
        role, valid_from, valid_to)`, `org_teams (team, name, parent, region)` and `org_manager_links
        (person, manager, kind, valid_from, valid_to)`. Dates are half-open; an empty `valid_to` is open.

    Returns
    -------
    Organisation
        Its spans are disjoint for each alias and cover all time, so that a fact joins exactly one.
        Without aliases nobody is known.

    Notes
    -----
    In two teams at once a person belongs to the one joined last (then the first by code). The manager
    is the solid link of the day, joined last; without one the person who has the role "manager" in the
    team that day, unless it is the person. A dotted link is never used.

    Examples
    --------
    >>> read({}).is_known
    False
    """
    if "org_aliases" not in tables:
        return Organisation(_SCHEMA.empty_table())
    rows = {name: tables[name].to_pyarrow().to_pylist() if name in tables else [] for name in TABLES}
    return spans_of(
        aliases=rows["org_aliases"],
        memberships=rows["org_memberships"],
        teams=rows["org_teams"],
        links=rows["org_manager_links"],
    )


def parents_of(tables: Mapping[str, ir.Table]) -> dict[str, str | None]:
    """Team → the team above it, as the snapshot froze them."""
    if "org_teams" not in tables:
        return {}
    rows = tables["org_teams"].select("team", "parent").to_pyarrow().to_pylist()
    return {row["team"]: row["parent"] for row in rows}


def ancestors(team: str, parents: Mapping[str, str | None]) -> list[str]:
    """The teams above one, the nearest first; a circle ends where it would begin again."""
    found: list[str] = []
    above = parents.get(team)
    while above is not None and above != team and above not in found:
        found.append(above)
        above = parents.get(above)
    return found


def spans_of(
    *,
    aliases: Iterable[Mapping[str, Any]],
    memberships: Iterable[Mapping[str, Any]],
    teams: Iterable[Mapping[str, Any]],
    links: Iterable[Mapping[str, Any]],
) -> Organisation:
    """Build the organisation from its rows; columns as in `read`."""
    region = {row["team"]: row["region"] for row in teams}
    in_teams = _by(memberships, key="person")
    leaders = _by((row for row in memberships if row["role"] == "manager"), key="team")
    solid = _by((row for row in links if row["kind"] == "solid"), key="person")
    spans: list[dict[str, Any]] = []
    known: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(aliases, key=lambda row: (row["alias"], row["person"])):
        person = row["person"]
        if person not in known:
            own = in_teams[person]
            led = [stretch for _, _, held in own for stretch in leaders[held["team"]]]
            known[person] = [
                _span(person, start, end, own=own, solid=solid[person], leaders=leaders, region=region)
                for start, end in _pieces([*own, *solid[person], *led])
            ]
        spans += ({"alias": row["alias"], **span} for span in known[person])
    return Organisation(pa.Table.from_pylist(spans, schema=_SCHEMA))


def _by(rows: Iterable[Mapping[str, Any]], *, key: str) -> defaultdict[str, list[Stretch]]:
    grouped: defaultdict[str, list[Stretch]] = defaultdict(list)
    for row in rows:
        grouped[row[key]].append((row["valid_from"] or date.min, row["valid_to"] or date.max, row))
    return grouped


def _pieces(stretches: Iterable[Stretch]) -> list[tuple[date, date]]:
    cuts = {date.min, date.max}
    for start, end, _ in stretches:
        cuts |= {start, end}
    ordered = sorted(cuts)
    return list(pairwise(ordered))


def _span(
    person: str,
    start: date,
    end: date,
    *,
    own: list[Stretch],
    solid: list[Stretch],
    leaders: Mapping[str, list[Stretch]],
    region: Mapping[str, str | None],
) -> dict[str, Any]:
    team = _latest(own, day=start, name="team")
    manager = _latest(solid, day=start, name="manager")
    if manager is None and team is not None:
        others = [stretch for stretch in leaders.get(team, ()) if stretch[2]["person"] != person]
        manager = _latest(others, day=start, name="person")
    return {
        "valid_from": start,
        "valid_to": end,
        "member": person,
        "team": team,
        "region": region.get(team) if team is not None else None,
        "manager": manager,
    }


def _latest(stretches: Iterable[Stretch], *, day: date, name: str) -> str | None:
    held = [(start, row[name]) for start, end, row in stretches if start <= day < end]
    if not held:
        return None
    latest = max(start for start, _ in held)
    return min(value for start, value in held if start == latest)
