"""How a KPI can be cut: columns of its table, the organisation, attributes of the account."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import ibis
import ibis.expr.types as ir
from ibis import _

from steelyard.engine import organisation
from steelyard.engine.kpi.catalogue import Definitions, kpi_of
from steelyard.engine.kpi.definitions import Kpi
from steelyard.engine.kpi.expand import parts_of
from steelyard.engine.kpi.relations import Relation, Tables
from steelyard.engine.kpi.sources import people_of, relation
from steelyard.engine.organisation import Organisation
from steelyard.errors import Refused

OWNER, ACCOUNT = "_owner", "_account"
_ACCOUNT_LINKS = ("account_id", "customer")
_LINKS_SHOWN = ("account_id", "campaign_id")
Where = Mapping[str, Any]


@dataclass(frozen=True)
class Cut:
    """The dimensions asked for, sorted by where they come from."""

    by: tuple[str, ...]
    where: Where
    plain: tuple[str, ...] = ()
    of_organisation: tuple[str, ...] = ()
    of_account: tuple[str, ...] = ()

    @property
    def plain_where(self) -> Where:
        """The conditions on columns of the table itself."""
        return {name: held for name, held in self.where.items() if name in self.plain}

    @property
    def joined_where(self) -> Where:
        """The conditions that can be tested only after the small joins."""
        return {name: held for name, held in self.where.items() if name not in self.plain}

    @property
    def plain_by(self) -> tuple[str, ...]:
        """The columns of the table to group by."""
        return tuple(name for name in self.by if name in self.plain)


def dimensions(
    tables: Tables,
    kpi: Kpi | str,
    *,
    definitions: Definitions | None = None,
    people: Organisation | None = None,
) -> list[str]:
    """List what a KPI can be cut by.

    Parameters
    ----------
    tables
        The lake's tables by name.
    kpi
        A KPI or its id; a formula is cut by what all of its KPIs share.
    definitions
        The catalogue to look ids up in; the shipped one by default.
    people
        The organisation, where it has been read already.

    Returns
    -------
    list of str
        Text columns of the table by name (no ids), then member, team, region and manager, then
        attributes of accounts. What every part of a ratio can be cut by, if it comes from the same place
        in each: a lead's region is not that of the team that works on it.

    Raises
    ------
    Refused
        `kpi.unknown`, `kpi.missing-column`.
    """

    known = people if people is not None else people_of(tables)
    names = {part.table for part in parts_of(kpi_of(kpi, definitions=definitions), definitions=definitions)}
    listed = [_dimensions_of(tables, relation(tables, name), known) for name in sorted(names)]
    first, *others = listed
    return [name for name, origin in first.items() if all(each.get(name) == origin for each in others)]


def resolve(
    tables: Tables, source: Relation, *, by: Iterable[str], where: Where, people: Organisation
) -> Cut:
    """Sort dimensions by where they come from; Refused `kpi.unknown-dimension` for one from nowhere."""
    by = tuple(dict.fromkeys(by))
    names = tuple(dict.fromkeys([*by, *where]))
    plain = tuple(name for name in names if name in source.table.columns and not name.startswith("_"))
    rest = [name for name in names if name not in plain]
    known = _organisation_dimensions(source, people)
    of_organisation = tuple(name for name in rest if name in known)
    attributes = _account_attributes(tables, source)
    of_account = tuple(name for name in rest if name in attributes and name not in known)
    for name in rest:
        if name not in of_organisation and name not in of_account:
            raise Refused("kpi.unknown-dimension", 404, dimension=name[:63], table=source.needs[0])
    return Cut(by, dict(where), plain, of_organisation, of_account)


def holds(column: ir.Value, held: Any) -> ir.BooleanValue:
    """Compare a column with a value, with one of several, or (None) with nothing at all."""
    values = list(held) if isinstance(held, list | tuple | set | frozenset) else [held]
    given = [typed(column, value) for value in values if value is not None]
    test = column.isin(given) if given else ibis.literal(False)
    return test | column.isnull() if None in values else test


def typed(column: ir.Value, value: Any) -> Any:
    """A value as text, from an address or a command line, in the kind of the column it is compared with."""
    kind = column.type()
    if not isinstance(value, str) or kind.is_string():
        return value
    try:
        if kind.is_date():
            return datetime.date.fromisoformat(value)
        if kind.is_timestamp():
            return datetime.datetime.fromisoformat(value)
        if kind.is_boolean():
            return {"true": True, "false": False}[value.lower()]
        number = Decimal(value)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise Refused("kpi.unreadable-value", dimension=column.get_name(), value=value[:63]) from error
    if not number.is_finite():
        raise Refused("kpi.unreadable-value", dimension=column.get_name(), value=value[:63])
    return number if kind.is_decimal() else float(number)


def join_organisation(table: ir.Table, cut: Cut, *, people: Organisation, day: ir.Value) -> ir.Table:
    """Replace the owner's text by member, team, region and manager of that day."""
    if not people.is_known:
        return table.mutate(member=table[OWNER].strip().nullif(""))
    table = table.mutate(_alias=table[OWNER].strip().lower(), _on=day)
    spans = people.table().select("alias", "valid_from", "valid_to", *cut.of_organisation)
    return table.left_join(
        spans,
        [
            table["_alias"] == spans["alias"],
            table["_on"] >= spans.valid_from,
            table["_on"] < spans.valid_to,
        ],
    )


def join_account(tables: Tables, table: ir.Table, cut: Cut) -> ir.Table:
    """Add attributes of the account, found by its id or else by its name."""
    accounts = tables["accounts"]
    attributes = {name: accounts[name] for name in cut.of_account}
    by_id = accounts.select(_key=_.account_id, _rank=_.account_id, **attributes)
    if "name" in accounts.columns:
        ids = accounts.select("account_id")
        named = accounts.filter(_.name.notnull() & _.name.notin(ids.account_id))
        by_name = named.select(_key=_.name, _rank=_.account_id, **{name: named[name] for name in attributes})
        by_id = ibis.union(by_id, by_name)
    first = by_id.group_by("_key").agg(**{name: by_id[name].argmin(by_id["_rank"]) for name in attributes})
    return table.left_join(first, table[ACCOUNT] == first["_key"])


def account_link(source: Relation) -> str | None:
    """Return the column that names the account of a row."""
    return next((name for name in _ACCOUNT_LINKS if name in source.table.columns), None)


def _dimensions_of(tables: Tables, source: Relation, people: Organisation) -> dict[str, str]:
    """Each dimension and where it comes from: the row itself, the organisation or the account."""
    columns = sorted(name for name, kind in source.table.schema().items() if kind.is_string())
    left_out = (source.owner, *source.hidden, *source.units)
    found = {name: "row" for name in columns if _is_dimension(name) and name not in left_out}
    for name in (*source.units, *_organisation_dimensions(source, people)):
        found.setdefault(name, "organisation")
    for name in _account_attributes(tables, source):
        found.setdefault(name, "account")
    return found


def _is_dimension(name: str) -> bool:
    return not name.startswith("_") and (name in _LINKS_SHOWN or not name.endswith("_id"))


def _organisation_dimensions(source: Relation, people: Organisation) -> tuple[str, ...]:
    if source.owner is None:
        return ()
    return organisation.DIMENSIONS if people.is_known else ("member",)


def units_of(source: Relation, people: Organisation) -> tuple[str, ...]:
    """The units that a table can be cut by: those of its owner, or those that it names itself."""
    return (*source.units, *_organisation_dimensions(source, people))


def _account_attributes(tables: Tables, source: Relation) -> list[str]:
    if "accounts" not in tables or account_link(source) is None:
        return []
    schema = tables["accounts"].schema()
    taken = {"account_id", "name", "owner", *source.table.columns}
    return sorted(
        name
        for name, kind in schema.items()
        if kind.is_string() and name not in taken and _is_dimension(name)
    )
