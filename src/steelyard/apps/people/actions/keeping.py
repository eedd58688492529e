"""Writes on the organisation. Past states stay: a move closes the span before and opens a new one."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from steelyard.apps.accounts.models import User
from steelyard.apps.people import queries
from steelyard.apps.people.models import Alias, LinkKind, ManagerLink, Membership, Person, Team, TeamRole
from steelyard.errors import Refused
from steelyard.web.doors import authorize, record

Day = datetime.date
Spans = Sequence[Membership] | Sequence[ManagerLink]


@transaction.atomic
def add_person(
    actor: Any,
    *,
    code: str,
    name: str,
    email: str | None = None,
    joined_on: Day | None = None,
    left_on: Day | None = None,
) -> Person:
    authorize(actor, "people.keep")
    if Person.objects.filter(code=code).exists():
        raise Refused("people.known-code", 409, code=code)
    require_stay_in_order(joined_on, left_on)
    person = Person.objects.create(
        code=code, name=name, email=email or None, joined_on=joined_on, left_on=left_on
    )
    record(actor, "people.add", person, code=code)
    return person


@transaction.atomic
def change_person(
    actor: Any,
    person: Person,
    *,
    name: str,
    email: str | None = None,
    joined_on: Day | None = None,
    left_on: Day | None = None,
) -> None:
    authorize(actor, "people.keep")
    require_stay_in_order(joined_on, left_on)
    person.name, person.email = name, email or None
    person.joined_on, person.left_on = joined_on, left_on
    person.save(update_fields=["name", "email", "joined_on", "left_on"])
    record(actor, "people.change", person)


def require_stay_in_order(joined_on: Day | None, left_on: Day | None) -> None:
    if joined_on and left_on and left_on < joined_on:
        raise Refused("people.leaves-before-joining", 409)


@transaction.atomic
def add_alias(actor: Any, person: Person, *, text: str) -> Alias:
    """From now on files that name `text` mean this person."""
    authorize(actor, "people.keep")
    text = queries.as_alias(text)
    known = Alias.objects.filter(text=text).select_related("person").first()
    if known:
        raise Refused("people.known-alias", 409, alias=text, person=known.person.name)
    alias = Alias.objects.create(text=text, person=person)
    record(actor, "people.add-alias", person, alias=text)
    return alias


@transaction.atomic
def remove_alias(actor: Any, alias: Alias) -> None:
    authorize(actor, "people.keep")
    record(actor, "people.remove-alias", alias.person, alias=alias.text)
    alias.delete()


@transaction.atomic
def link_account(actor: Any, person: Person, *, user: User | None) -> None:
    """Ties an account to the person it belongs to: from then on it sees what that person may see."""
    authorize(actor, "accounts.users")
    taken = Person.objects.filter(user=user).exclude(pk=person.pk).first() if user else None
    if taken:
        raise Refused("people.account-taken", 409, person=taken.name)
    person.user = user
    person.save(update_fields=["user"])
    record(actor, "people.link-account", person, account=user.public_id if user else None)


@transaction.atomic
def add_team(actor: Any, *, code: str, name: str, parent: Team | None = None, region: str = "") -> Team:
    authorize(actor, "people.keep")
    if Team.objects.filter(code=code).exists():
        raise Refused("people.known-code", 409, code=code)
    team = Team.objects.create(code=code, name=name, parent=parent, region=region)
    record(actor, "people.add-team", team, code=code)
    return team


@transaction.atomic
def change_team(actor: Any, team: Team, *, name: str, parent: Team | None, region: str) -> None:
    authorize(actor, "people.keep")
    require_no_circle(team, parent)
    team.name, team.parent, team.region = name, parent, region
    team.save(update_fields=["name", "parent", "region"])
    record(actor, "people.change-team", team)


def require_no_circle(team: Team, parent: Team | None) -> None:
    if parent and parent.pk in queries.with_those_below([team.pk]):
        raise Refused("people.team-circle", 409, team=parent.name)


@transaction.atomic
def move_person(
    actor: Any, person: Person, *, team: Team, role: str = TeamRole.MEMBER, on: Day
) -> Membership:
    """The person is in `team` from a day on: what held that day ends, what is already planned later stays."""
    authorize(actor, "people.keep")
    spans = list(person.memberships.select_for_update())
    held = next((span for span in spans if span.holds_on(on)), None)
    if held and held.valid_from == on:
        held.team, held.role = team, role
        held.save(update_fields=["team", "role"])
        record(actor, "people.move", person, team=team.code, on=on.isoformat())
        return held
    if held:
        held.valid_to = on
        held.save(update_fields=["valid_to"])
    until = next_start(spans, after=on)
    moved = Membership.objects.create(person=person, team=team, role=role, valid_from=on, valid_to=until)
    record(actor, "people.move", person, team=team.code, on=on.isoformat())
    return moved


def next_start(spans: Spans, *, after: Day) -> Day | None:
    """Where a span that begins on a day must end so that it meets what is planned after it."""
    return min((span.valid_from for span in spans if span.valid_from > after), default=None)


@transaction.atomic
def change_membership(
    actor: Any, membership: Membership, *, team: Team, role: str, valid_from: Day, valid_to: Day | None
) -> None:
    """Mends what was entered wrongly; refused where it would overlap another membership."""
    authorize(actor, "people.keep")
    require_order(valid_from, valid_to)
    for other in membership.person.memberships.exclude(pk=membership.pk):
        if other.overlaps(valid_from, valid_to):
            raise Refused("people.overlap", 409, valid_from=other.valid_from.isoformat())
    membership.team, membership.role = team, role
    membership.valid_from, membership.valid_to = valid_from, valid_to
    membership.save(update_fields=["team", "role", "valid_from", "valid_to"])
    record(actor, "people.change-membership", membership.person, team=team.code)


@transaction.atomic
def end_membership(actor: Any, membership: Membership, *, on: Day) -> None:
    """The day given is the first on which the person is no longer in the team."""
    authorize(actor, "people.keep")
    require_order(membership.valid_from, on)
    membership.valid_to = on
    membership.save(update_fields=["valid_to"])
    record(actor, "people.end-membership", membership.person, on=on.isoformat())


@transaction.atomic
def set_manager(
    actor: Any, person: Person, *, manager: Person, kind: str = LinkKind.SOLID, on: Day
) -> ManagerLink:
    """A new solid line ends the one before; dotted lines stand beside each other."""
    authorize(actor, "people.keep")
    if manager.pk == person.pk:
        raise Refused("people.own-manager", 409)
    spans = list(person.manager_links.select_for_update().filter(kind=kind))
    if kind == LinkKind.DOTTED:
        spans = [span for span in spans if span.manager_id == manager.pk]
    held = next((span for span in spans if span.holds_on(on)), None)
    record(actor, "people.set-manager", person, manager=manager.code, kind=str(kind), on=on.isoformat())
    if held and held.valid_from == on:
        held.manager = manager
        held.save(update_fields=["manager"])
        return held
    if held:
        held.valid_to = on
        held.save(update_fields=["valid_to"])
    until = next_start(spans, after=on)
    return ManagerLink.objects.create(
        person=person, manager=manager, kind=kind, valid_from=on, valid_to=until
    )


@transaction.atomic
def end_manager_link(actor: Any, link: ManagerLink, *, on: Day) -> None:
    authorize(actor, "people.keep")
    require_order(link.valid_from, on)
    link.valid_to = on
    link.save(update_fields=["valid_to"])
    record(actor, "people.end-manager-link", link.person, manager=link.manager.code, on=on.isoformat())


def require_order(valid_from: Day, valid_to: Day | None) -> None:
    if valid_to is not None and valid_to <= valid_from:
        raise Refused("people.ends-before-start", 409)
