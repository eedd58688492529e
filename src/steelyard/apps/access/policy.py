"""The one policy: every action, who may take it, and on which objects. What is not here is refused.

Pages, exports, jobs and the command line all ask `authorize`. To add an action, add a row to POLICY.
"""

import datetime
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.accounts.models import Role, User
from steelyard.apps.people import queries as people
from steelyard.errors import Refused
from steelyard.web.doors import door

__all__ = [
    "LOCAL_OPERATOR",
    "POLICY",
    "ROUTES",
    "LocalOperator",
    "Scope",
    "authorize",
    "can",
    "door",
    "record",
    "scope_of",
]


@dataclass(frozen=True)
class LocalOperator:
    """Who types commands on the machine itself: an analyst's rights, no account."""

    name: str = "local operator"
    roles: tuple[str, ...] = (Role.ANALYST.value,)
    pk: None = None
    is_authenticated: bool = True
    is_active: bool = True
    language: str = ""

    def has_role(self, *roles: str) -> bool:
        return any(role in self.roles for role in roles)


LOCAL_OPERATOR = LocalOperator()
Relation = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Rule:
    """`roles` None means every account; `relation` is asked when there is an object; `fields` narrows."""

    roles: frozenset[str] | None = None
    relation: Relation | None = None
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict)
    is_public: bool = False


ALL_COMPANY = frozenset({Role.LEADER, Role.ANALYST, Role.COMPENSATION, Role.FINANCE})
WITH_FIGURES = ALL_COMPANY | {Role.MANAGER, Role.MEMBER}
WITH_PERSON_FIGURES = ALL_COMPANY | {Role.MANAGER}
KEEPS_PEOPLE = frozenset({Role.ADMINISTRATOR, Role.COMPENSATION, Role.ANALYST})
KEEPS_DATA = frozenset({Role.ANALYST})


def is_self(actor: Any, account: Any) -> bool:
    return actor.pk is not None and actor.pk == account.pk


def is_seen_person(actor: Any, person: Any) -> bool:
    return people.people_seen_by(actor).filter(pk=person.pk).exists()


def is_seen_team(actor: Any, team: Any) -> bool:
    return people.teams_seen_by(actor).filter(pk=team.pk).exists()


def is_own_comment(actor: Any, comment: Any) -> bool:
    return bool(actor.pk == comment.author_id)


def is_own_job(actor: Any, job: Any) -> bool:
    return bool(actor.pk == job.actor_id)


PUBLIC = Rule(is_public=True)
SIGNED_IN = Rule()
POLICY: Mapping[str, Rule] = {
    # Doors that stand open: logging in, the first run, language and look, the health of the server.
    "web.public": PUBLIC,
    "accounts.log-in": PUBLIC,
    "accounts.accept-invitation": PUBLIC,
    "accounts.first-run": PUBLIC,
    "accounts.switch": PUBLIC,
    # Everybody with an account
    "web.home": SIGNED_IN,
    "web.kit": SIGNED_IN,
    "accounts.own": Rule(relation=is_self),
    "accounts.users": Rule(frozenset({Role.ADMINISTRATOR})),
    "access.audit": Rule(frozenset({Role.ADMINISTRATOR})),
    # People
    "people.see": SIGNED_IN,
    "people.see-person": Rule(relation=is_seen_person),
    "people.see-team": Rule(relation=is_seen_team),
    "people.keep": Rule(KEEPS_PEOPLE),
    # Jobs, data, figures
    "jobs.see": Rule(relation=is_own_job),
    "jobs.cancel": Rule(relation=is_own_job),
    # Questions and comments: whoever sees the record they are about
    "comments.see": Rule(WITH_FIGURES),
    "comments.write": Rule(WITH_FIGURES),
    "comments.own": Rule(WITH_FIGURES, relation=is_own_comment),
    "data.see": Rule(WITH_FIGURES),
    "data.import": Rule(KEEPS_DATA),
    "data.sources": Rule(KEEPS_DATA),
    "data.publish-organisation": Rule(KEEPS_PEOPLE),
    "data.quality": Rule(ALL_COMPANY),
    "data.check-quality": Rule(KEEPS_PEOPLE | WITH_PERSON_FIGURES),
    "data.accept-finding": Rule(KEEPS_DATA),
    "data.names": Rule(KEEPS_PEOPLE | KEEPS_DATA),
    "measure.compute": Rule(KEEPS_PEOPLE | WITH_PERSON_FIGURES),
    "measure.see": Rule(WITH_FIGURES, fields={"member": WITH_PERSON_FIGURES}),
    "measure.records": Rule(WITH_FIGURES),
    "measure.targets": Rule(frozenset({Role.LEADER, Role.ANALYST})),
    "measure.weights": Rule(frozenset({Role.LEADER, Role.ANALYST})),
    "measure.keep": Rule(frozenset({Role.LEADER, Role.ANALYST})),
    "measure.define": Rule(KEEPS_DATA),
    "diagnose.see": Rule(WITH_PERSON_FIGURES),
    "diagnose.start": Rule(WITH_PERSON_FIGURES),
    "causes.see": Rule(WITH_PERSON_FIGURES),
    "causes.edit": Rule(WITH_PERSON_FIGURES),
    "causes.confirm": Rule(frozenset({Role.LEADER, Role.MANAGER, Role.ANALYST})),
    # Goals: which goals exactly an account may set, approve or see is asked of `apps.goals.queries`
    "goals.see": Rule(WITH_FIGURES),
    "goals.set": Rule(frozenset({Role.LEADER, Role.MANAGER})),
    "goals.propose": Rule(frozenset({Role.LEADER, Role.MANAGER, Role.MEMBER})),
    "goals.approve": Rule(frozenset({Role.LEADER, Role.MANAGER})),
    "goals.check-in": Rule(frozenset({Role.LEADER, Role.MANAGER, Role.MEMBER})),
    "goals.spread": Rule(frozenset({Role.LEADER, Role.MANAGER})),
    "goals.themes": Rule(frozenset({Role.LEADER})),
    "goals.settings": Rule(frozenset({Role.LEADER})),
    "goals.quality": Rule(WITH_PERSON_FIGURES),
    "goals.compute": Rule(KEEPS_PEOPLE | WITH_PERSON_FIGURES),
    "process.see": Rule(WITH_PERSON_FIGURES),
    "process.keep": Rule(frozenset({Role.LEADER, Role.ANALYST, Role.MANAGER})),
    "process.calendars": Rule(KEEPS_PEOPLE),
    "process.read-calendars": Rule(KEEPS_PEOPLE | WITH_PERSON_FIGURES),
}

# Views that come out of packages declare nothing, so their routes are declared here.
ROUTES: Mapping[str, str] = {
    "account_login": "accounts.log-in",
    "account_logout": "accounts.log-in",
    "account_inactive": "accounts.log-in",
    "account_reauthenticate": "accounts.own",
    "account_change_password": "accounts.own",
    "mfa_index": "accounts.own",
    "mfa_authenticate": "accounts.log-in",
    "mfa_reauthenticate": "accounts.own",
    "mfa_activate_totp": "accounts.own",
    "mfa_deactivate_totp": "accounts.own",
    "mfa_view_recovery_codes": "accounts.own",
    "mfa_generate_recovery_codes": "accounts.own",
    "mfa_download_recovery_codes": "accounts.own",
}


def can(actor: Any, action: str, obj: Any = None, fields: Collection[str] | None = None) -> bool:
    """Whether the actor may; an action that no row declares is refused to everybody."""
    rule = POLICY.get(action)
    if rule is None:
        return False
    if rule.is_public:
        return True
    if not (actor.is_authenticated and actor.is_active):
        return False
    if rule.roles is not None and not actor.has_role(*rule.roles):
        return False
    if not all(actor.has_role(*rule.fields[name]) for name in fields or () if name in rule.fields):
        return False
    return obj is None or rule.relation is None or rule.relation(actor, obj)


def authorize(actor: Any, action: str, obj: Any = None, fields: Collection[str] | None = None) -> None:
    """Refuse as if the thing did not exist, unless the actor may."""
    if not can(actor, action, obj, fields):
        raise Refused("access.denied", 404)


@dataclass(frozen=True)
class Scope:
    """Whose figures an actor sees: the company's, those of teams (ids of Team), and their own code."""

    company: bool = False
    teams: frozenset[str] = frozenset()
    person: str | None = None


def scope_of(actor: Any, on: datetime.date | None = None) -> Scope:
    """Company for those who serve all of it; a manager's teams and below; a member's team and self."""
    if not (actor.is_authenticated and actor.is_active):
        return Scope()
    person = people.person_of(actor)
    code = person.code if person and actor.has_role(*WITH_FIGURES) else None
    if actor.has_role(*ALL_COMPANY):
        return Scope(company=True, person=code)
    teams = people.teams_of(actor, on=on) if actor.has_role(Role.MANAGER, Role.MEMBER) else []
    return Scope(teams=frozenset(team.code for team in teams), person=code)


def record(actor: Any, action: str, obj: Model | None = None, **detail: Any) -> AuditEntry:
    """One audit row, written in the transaction of what it tells of. No secrets, no pay, no answers."""
    return AuditEntry.objects.create(
        actor=actor if isinstance(actor, User) else None,
        actor_label=actor.name,
        action=action,
        object_kind=obj._meta.label_lower if obj is not None else "",
        object_id=str(getattr(obj, "public_id", obj.pk)) if obj is not None else "",
        detail=detail,
    )
