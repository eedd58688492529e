"""Reads of the organisation. The viewer comes first; what a viewer may not see is not in the answer."""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from steelyard.apps.accounts.models import Role
from steelyard.apps.people.models import Alias, ManagerLink, Membership, Person, Team, TeamRole
from steelyard.errors import Refused

if TYPE_CHECKING:
    import pyarrow as pa

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
    return Person.objects.all() if viewer.has_role(*SEES_EVERYBODY) else people_led_by(viewer)


def people_led_by(viewer: Any) -> QuerySet[Person]:
    """Those of the teams that a viewer manages today, and the viewer."""
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


def membership_today(person: Person) -> Membership | None:
    return person.memberships.filter(holds_on(timezone.localdate())).select_related("team").first()


def current_membership() -> Prefetch:
    today = Membership.objects.filter(holds_on(timezone.localdate())).select_related("team")
    return Prefetch("memberships", queryset=today, to_attr="current")


def as_alias(text: str) -> str:
    """The form in which names are compared."""
    return str(text).strip().casefold()


class KnownPeople:
    """Everybody, by every text that names exactly one of them."""

    def __init__(self, texts: Mapping[str, set[str]], people: Mapping[str, Person]) -> None:
        self._texts = texts
        self._people = people

    def person(self, text: str) -> Person:
        """Raises Refused for a text that names nobody, or several."""
        codes = self._texts.get(as_alias(text), set())
        if not codes:
            raise Refused("people.unknown-person", person=text)
        if len(codes) > 1:
            raise Refused("people.ambiguous-person", person=text)
        return self._people[next(iter(codes))]

    def kind(self, text: str) -> str:
        """Whether a text names "one" person, "several" or "nobody"."""
        codes = self._texts.get(as_alias(text), set())
        return ("nobody", "one")[len(codes)] if len(codes) < 2 else "several"

    @property
    def is_anybody(self) -> bool:
        return bool(self._people)

    def aliases(self) -> list[tuple[str, str]]:
        """(text, code) of every text that names one person, in order."""
        return sorted((text, next(iter(codes))) for text, codes in self._texts.items() if len(codes) == 1)


def known_people() -> KnownPeople:
    """Codes and declared aliases decide; e-mails and names only where neither names somebody else.

    A code that is no more than the name of several people tells none of them from the others.
    """
    people = {person.code: person for person in Person.objects.all()}
    shared = Counter(as_alias(person.name) for person in people.values())
    texts: dict[str, set[str]] = {
        as_alias(code): {code}
        for code, person in people.items()
        if as_alias(code) != as_alias(person.name) or shared[as_alias(code)] < 2
    }
    for text, code in Alias.objects.values_list("text", "person__code"):
        texts.setdefault(text, set()).add(code)
    strong = frozenset(texts)
    for code, person in people.items():
        for weak in {as_alias(person.email or ""), as_alias(person.name)} - {""} - strong:
            texts.setdefault(weak, set()).add(code)
    return KnownPeople(texts, people)


def organisation_tables() -> "dict[str, pa.Table]":
    """The organisation as the five tables that a snapshot freezes; rows in a fixed order."""
    import pyarrow as pa

    text, day = pa.string(), pa.date32()
    span = [("valid_from", day), ("valid_to", day)]
    people = Person.objects.order_by("code").values_list("code", "name", "email", "joined_on", "left_on")
    teams = Team.objects.order_by("code").values_list("code", "name", "parent__code", "region")
    memberships = Membership.objects.order_by("person__code", "valid_from").values_list(
        "person__code", "team__code", "role", "valid_from", "valid_to"
    )
    links = ManagerLink.objects.order_by("person__code", "kind", "valid_from", "manager__code").values_list(
        "person__code", "manager__code", "kind", "valid_from", "valid_to"
    )
    columns = {
        "org_people": (
            people,
            [("person", text), ("name", text), ("email", text), ("joined_on", day), ("left_on", day)],
        ),
        "org_aliases": (known_people().aliases(), [("alias", text), ("person", text)]),
        "org_teams": (teams, [("team", text), ("name", text), ("parent", text), ("region", text)]),
        "org_memberships": (memberships, [("person", text), ("team", text), ("role", text), *span]),
        "org_manager_links": (links, [("person", text), ("manager", text), ("kind", text), *span]),
    }
    return {
        name: pa.Table.from_arrays(
            [pa.array([row[at] for row in rows], kind) for at, (_, kind) in enumerate(schema)],
            names=[column for column, _ in schema],
        )
        for name, (rows, schema) in ((name, (list(rows), schema)) for name, (rows, schema) in columns.items())
    }


@dataclass(frozen=True)
class Branch:
    """A team in the tree, with how many people are in it today."""

    team: Team
    people: int
    branches: list["Branch"]


def team_tree(viewer: Any) -> list[Branch]:
    """The teams a viewer sees, each under its parent when that is seen too."""
    today = timezone.localdate()
    teams = list(
        teams_seen_by(viewer)
        .annotate(
            people=Count(
                "memberships",
                filter=Q(memberships__valid_from__lte=today)
                & (Q(memberships__valid_to__isnull=True) | Q(memberships__valid_to__gt=today)),
            )
        )
        .order_by("name", "code")
    )
    seen = {team.pk for team in teams}
    below: dict[int | None, list[Any]] = {}
    for team in teams:
        below.setdefault(team.parent_id if team.parent_id in seen else None, []).append(team)

    def branch(team: Any) -> Branch:
        return Branch(team, team.people, [branch(child) for child in below.get(team.pk, [])])

    return [branch(team) for team in below.get(None, [])]


def team_members(viewer: Any, team: Team) -> QuerySet[Membership]:
    """Who is in a team today. A team mate sees the names; whose pages open is `people_seen_by`."""
    if not teams_seen_by(viewer).filter(pk=team.pk).exists():
        return Membership.objects.none()
    today = team.memberships.filter(holds_on(timezone.localdate()))
    return today.select_related("person").order_by("-role", "person__name")


def person_seen_by(viewer: Any, public_id: str) -> Person:
    person = people_seen_by(viewer).filter(public_id=public_id).first()
    if person is None:
        raise Refused("access.denied", 404)
    return person


def team_seen_by(viewer: Any, public_id: str) -> Team:
    team = teams_seen_by(viewer).filter(public_id=public_id).select_related("parent").first()
    if team is None:
        raise Refused("access.denied", 404)
    return team
