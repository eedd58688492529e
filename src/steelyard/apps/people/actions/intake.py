"""The organisation out of files: rows with codes become people, teams, memberships and manager links.

An import is an upsert by code and start day. The same rows again change nothing. A row that cannot be
taken is rejected with its reason, and the others are taken: counts always add up.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction

from steelyard.apps.people import queries
from steelyard.apps.people.actions.keeping import next_start, require_order, require_stay_in_order
from steelyard.apps.people.models import Alias, LinkKind, ManagerLink, Membership, Person, Team, TeamRole
from steelyard.errors import Refused
from steelyard.web.doors import authorize, record

Row = Mapping[str, Any]
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"


@dataclass
class Counts:
    """read = created + updated + unchanged + rejected; `rejects` has each row's number from 1 and why."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects: list[dict[str, Any]] = field(default_factory=list)


@transaction.atomic
def import_organisation(
    actor: Any,
    *,
    people: Iterable[Row] = (),
    teams: Iterable[Row] = (),
    memberships: Iterable[Row] = (),
    manager_links: Iterable[Row] = (),
) -> dict[str, dict[str, Any]]:
    """Take rows of the four organisation tables; their columns are those of `lake.tables`."""
    authorize(actor, "people.keep")
    counts = {
        "teams": take(parents_first(teams), take_team),
        "people": take(people, take_person),
    }
    known = queries.known_people()
    codes = {team.code: team for team in Team.objects.all()}
    counts["memberships"] = take(in_time(memberships), lambda row: take_membership(row, known, codes))
    counts["manager_links"] = take(in_time(manager_links), lambda row: take_manager_link(row, known))
    told = {
        table: {name: value for name, value in asdict(count).items() if name != "rejects"}
        for table, count in counts.items()
    }
    record(actor, "people.import", None, **told)
    return {table: asdict(count) for table, count in counts.items()}


def take(rows: Iterable[Row], one: Callable[[Row], str]) -> Counts:
    """Each row in a savepoint of its own, so that a rejected one leaves nothing behind."""
    counts = Counts()
    for number, row in enumerate(rows, start=1):
        counts.read += 1
        try:
            with transaction.atomic():
                outcome = one(row)
        except Refused as refused:
            counts.rejected += 1
            counts.rejects.append({**refused.params, "row": row.get("_row", number), "code": refused.code})
        else:
            setattr(counts, outcome, getattr(counts, outcome) + 1)
    return counts


def numbered(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return [{"_row": number, **row} for number, row in enumerate(rows, start=1)]


def parents_first(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """A file may name a team before its parent: each waits for the parent that the file also has."""
    waiting = numbered(rows)
    names = {text(row, "code") for row in waiting}
    ordered: list[dict[str, Any]] = []
    done: set[str] = set()
    while waiting:
        ready = [row for row in waiting if text(row, "parent") not in names - done]
        if not ready:  # a circle inside the file: each of its rows will say so
            return ordered + waiting
        ordered += ready
        done |= {text(row, "code") for row in ready}
        waiting = [row for row in waiting if row not in ready]
    return ordered


def in_time(rows: Iterable[Row]) -> list[dict[str, Any]]:
    return sorted(numbered(rows), key=lambda row: str(row.get("valid_from") or ""))


def take_team(row: Row) -> str:
    code = needed(row, "code")
    parent = None
    if parent_code := text(row, "parent"):
        parent = Team.objects.filter(code=parent_code).first()
        if parent is None:
            raise Refused("people.unknown-team", team=parent_code)
    team = Team.objects.filter(code=code).first()
    if team and parent and parent.pk in queries.with_those_below([team.pk]):
        raise Refused("people.team-circle", 409, team=parent.name)
    values = {"name": needed(row, "name"), "parent": parent, "region": text(row, "region")}
    return upsert(Team, team, {"code": code}, values)


def take_person(row: Row) -> str:
    code = needed(row, "code")
    values: dict[str, Any] = {
        "name": needed(row, "name"),
        "email": text(row, "email") or None,
        "joined_on": day(row, "joined_on"),
        "left_on": day(row, "left_on"),
    }
    require_stay_in_order(values["joined_on"], values["left_on"])
    person = Person.objects.filter(code=code).first()
    if person is None:
        require_own_code(code, values["name"])
    outcome = upsert(Person, person, {"code": code}, values)
    added = take_aliases(person or Person.objects.get(code=code), row)
    return UPDATED if added and outcome == UNCHANGED else outcome


def require_own_code(code: str, name: str) -> None:
    """A name in the place of a code tells nobody from somebody of the same name."""
    if queries.as_alias(code) != queries.as_alias(name):
        return
    namesakes = Person.objects.filter(name__iexact=name.strip()).order_by("code")
    if known := namesakes.first():
        raise Refused("people.namesake", 409, person=name, known=known.code)


def take_aliases(person: Person, row: Row) -> bool:
    """Aliases of a row are added to those there are; `;` or `|` stands between them."""
    given = row.get("aliases") or ""
    parts = given if isinstance(given, list | tuple) else str(given).replace("|", ";").split(";")
    added = False
    for alias in filter(None, map(queries.as_alias, parts)):
        known = Alias.objects.filter(text=alias).select_related("person").first()
        if known and known.person_id != person.pk:
            raise Refused("people.known-alias", 409, alias=alias, person=known.person.name)
        if not known:
            Alias.objects.create(text=alias, person=person)
            added = True
    return added


def take_membership(row: Row, known: queries.KnownPeople, teams: Mapping[str, Team]) -> str:
    person = known.person(needed(row, "person"))
    team = teams.get(needed(row, "team"))
    if team is None:
        raise Refused("people.unknown-team", team=text(row, "team"))
    start, end = required_day(row, "valid_from"), day(row, "valid_to")
    own = list(person.memberships.all())
    same = next((span for span in own if span.valid_from == start), None)
    values = {
        "team": team,
        "role": (text(row, "role") or TeamRole.MEMBER).lower(),
        "valid_to": make_room(own, same, start, end),
    }
    return upsert(Membership, same, {"person": person, "valid_from": start}, values)


def take_manager_link(row: Row, known: queries.KnownPeople) -> str:
    person, manager = known.person(needed(row, "person")), known.person(needed(row, "manager"))
    if person.pk == manager.pk:
        raise Refused("people.own-manager", 409)
    kind = (text(row, "kind") or LinkKind.SOLID).lower()
    if kind not in LinkKind.values:
        raise Refused("people.unknown-kind", value=kind)
    start, end = required_day(row, "valid_from"), day(row, "valid_to")
    own = [
        link
        for link in person.manager_links.filter(kind=kind)
        if kind == LinkKind.SOLID or link.manager_id == manager.pk
    ]
    same = next((link for link in own if link.valid_from == start), None)
    values = {"manager": manager, "valid_to": make_room(own, same, start, end)}
    return upsert(ManagerLink, same, {"person": person, "kind": kind, "valid_from": start}, values)


def make_room(
    own: Sequence[Membership] | Sequence[ManagerLink],
    same: Membership | ManagerLink | None,
    start: datetime.date,
    end: datetime.date | None,
) -> datetime.date | None:
    """The end of a span that starts on a day; what was open before it is closed, as in a list of moves.

    Two spans whose own ends overlap contradict each other, and the later row is refused.
    """
    require_order(start, end)
    end = end or next_start(own, after=start)
    starts = {span.valid_from for span in own}
    for other in own:
        if other is same or not other.overlaps(start, end):
            continue
        was_open = other.valid_to is None or other.valid_to in starts
        if other.valid_from > start or not was_open:
            raise Refused("people.overlap", 409, valid_from=other.valid_from.isoformat())
        other.valid_to = start
        other.save(update_fields=["valid_to"])
    return end


def upsert(model: Any, found: Any, identity: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    if found is None:
        model.objects.create(**identity, **values)
        return CREATED
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    if not changed:
        return UNCHANGED
    for name in changed:
        setattr(found, name, values[name])
    found.save(update_fields=changed)
    return UPDATED


def text(row: Row, column: str) -> str:
    value = row.get(column)
    return "" if value is None else str(value).strip()


def needed(row: Row, column: str) -> str:
    value = text(row, column)
    if not value:
        raise Refused("people.missing-value", column=column)
    return value


def day(row: Row, column: str) -> datetime.date | None:
    value = row.get(column)
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, datetime.date):
        return value
    if not str(value).strip():
        return None
    try:
        return datetime.date.fromisoformat(str(value).strip())
    except ValueError as error:
        raise Refused("people.bad-date", column=column, value=str(value)[:80]) from error


def required_day(row: Row, column: str) -> datetime.date:
    value = day(row, column)
    if value is None:
        raise Refused("people.missing-value", column=column)
    return value
