"""Reads of the organisation. The viewer comes first; what a viewer may not see is not in the answer."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from steelyard.apps.accounts.models import Role
from steelyard.apps.people.models import Membership, Person, Team, TeamRole

SEES_EVERYBODY = (Role.LEADER, Role.ANALYST, Role.COMPENSATION, Role.FINANCE, Role.ADMINISTRATOR)


def holds_on(day: datetime.date) -> Q:
    """Spans that hold on a day; the last day of a span is the day before `valid_to`."""
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def person_of(actor: Any) -> Person | None:
    """The person that an account belongs to."""
    if actor.pk is None:
        return None
    return Person.objects.filter(user_id=actor.pk).first()


def with_those_below(team_ids: Iterable[int]) -> set[int]:
    """The teams and every team under them, as the tree stands."""
    children: dict[int, list[int]] = {}
    for team_id, parent_id in Team.objects.exclude(parent=None).values_list("id", "parent_id"):
        children.setdefault(parent_id, []).append(team_id)
    found: set[int] = set()
    waiting = list(team_ids)
    while waiting:
        team_id = waiting.pop()
        if team_id not in found:
            found.add(team_id)
            waiting += children.get(team_id, [])
    return found


def teams_of(actor: Any, *, on: datetime.date | None = None) -> QuerySet[Team]:
    """The teams whose figures are an account's own: a manager's and those below, a member's."""
    person = person_of(actor)
    if person is None:
        return Team.objects.none()
    own = list(person.memberships.filter(holds_on(on or timezone.localdate())))
    ids = {membership.team_id for membership in own}
    if actor.has_role(Role.MANAGER):
        ids |= with_those_below(entry.team_id for entry in own if entry.role == TeamRole.MANAGER)
    return Team.objects.filter(pk__in=ids)


def managed_by(actor: Any, *, on: datetime.date | None = None) -> set[int]:
    """Ids of the teams that an account manages, with those below."""
    person = person_of(actor)
    if person is None or not actor.has_role(Role.MANAGER):
        return set()
    led = person.memberships.filter(holds_on(on or timezone.localdate()), role=TeamRole.MANAGER)
    return with_those_below(led.values_list("team_id", flat=True))


def teams_seen_by(viewer: Any) -> QuerySet[Team]:
    if viewer.has_role(*SEES_EVERYBODY):
        return Team.objects.all()
    return teams_of(viewer)


def people_seen_by(viewer: Any) -> QuerySet[Person]:
    """Whose page a viewer may open: everybody's, those of the teams they manage, their own."""
    if viewer.has_role(*SEES_EVERYBODY):
        return Person.objects.all()
    own = Q(user_id=viewer.pk) if viewer.pk is not None else Q(pk__in=[])
    today = timezone.localdate()
    theirs = Membership.objects.filter(holds_on(today), team_id__in=managed_by(viewer))
    return Person.objects.filter(own | Q(pk__in=theirs.values("person_id")))


def people_found(viewer: Any, text: str = "") -> QuerySet[Person]:
    """People that a viewer sees, by name, code, e-mail or alias, with today's team."""
    found = people_seen_by(viewer)
    if text:
        found = found.filter(
            Q(name__icontains=text)
            | Q(code__icontains=text)
            | Q(email__icontains=text)
            | Q(aliases__text__contains=text.casefold())
        ).distinct()
    return found.prefetch_related(current_membership())


def current_membership() -> Prefetch:
    today = Membership.objects.filter(holds_on(timezone.localdate())).select_related("team")
    return Prefetch("memberships", queryset=today, to_attr="current")
