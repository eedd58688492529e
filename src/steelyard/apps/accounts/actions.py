"""Writes on accounts: one function an intent, one transaction, the audit row inside."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import connection, transaction

from steelyard.apps.accounts import queries
from steelyard.apps.accounts.models import Role, User
from steelyard.errors import Refused
from steelyard.web.doors import authorize, record

FIRST_ROLES = (Role.ADMINISTRATOR, Role.ANALYST, Role.LEADER)


def checked_roles(roles: Iterable[str]) -> list[str]:
    """The roles in their own order, without repeats."""
    wanted = set(roles)
    if unknown := sorted(wanted - set(Role.values)):
        raise Refused("accounts.unknown-role", role=unknown[0])
    return [role for role in Role.values if role in wanted]


def new_user(*, email: str, name: str, roles: Iterable[str], password: str | None) -> User:
    if User.objects.filter(email__iexact=email.strip()).exists():
        raise Refused("accounts.known-email", 409, email=email)
    return User.objects.create_user(email, password=password, name=name.strip(), roles=checked_roles(roles))


@transaction.atomic
def make_first_administrator(*, name: str, email: str, password: str) -> User:
    """The first account of a new site; refused as soon as there is one."""
    lock_accounts()
    if not queries.is_empty():
        raise Refused("accounts.already-set-up", 409)
    user = new_user(email=email, name=name, roles=FIRST_ROLES, password=password)
    record(user, "accounts.first-run", user)
    return user


def lock_accounts() -> None:
    """Two first runs at once must not both find nobody; SQLite's IMMEDIATE already keeps them apart."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {User._meta.db_table} IN EXCLUSIVE MODE")


@transaction.atomic
def invite(actor: Any, *, email: str, name: str, roles: Iterable[str]) -> User:
    """An account without a password; `invitation_token` opens it once."""
    authorize(actor, "accounts.users")
    user = new_user(email=email, name=name, roles=roles, password=None)
    record(actor, "accounts.invite", user, roles=user.roles)
    return user


def invitation_token(actor: Any, user: User) -> str:
    authorize(actor, "accounts.users")
    return queries.invitations.make_token(user)


@transaction.atomic
def renew_invitation(actor: Any, user: User) -> str:
    """A new one-time link: the password so far, its sessions and older links stop working."""
    authorize(actor, "accounts.users")
    user.set_unusable_password()
    user.save(update_fields=["password"])
    record(actor, "accounts.renew-invitation", user)
    return queries.invitations.make_token(user)


@transaction.atomic
def accept_invitation(public_id: str, token: str, *, password: str) -> User:
    user = queries.invited_user(public_id, token)
    user.set_password(password)
    user.save(update_fields=["password"])
    record(user, "accounts.accept-invitation", user)
    return user


@transaction.atomic
def change_user(actor: Any, user: User, *, name: str, roles: Iterable[str]) -> None:
    authorize(actor, "accounts.users")
    before, after = user.roles, checked_roles(roles)
    if user.is_active and Role.ADMINISTRATOR not in after:
        require_other_administrator(user)
    user.name, user.roles = name.strip(), after
    user.save(update_fields=["name", "roles"])
    record(actor, "accounts.change", user, roles_before=before, roles=after)


@transaction.atomic
def switch_off(actor: Any, user: User) -> None:
    """The account stays in the audit trail and can be switched on again; it opens nothing from now on."""
    authorize(actor, "accounts.users")
    require_other_administrator(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    record(actor, "accounts.switch-off", user)


@transaction.atomic
def switch_on(actor: Any, user: User) -> None:
    authorize(actor, "accounts.users")
    user.is_active = True
    user.save(update_fields=["is_active"])
    record(actor, "accounts.switch-on", user)


@transaction.atomic
def drop_second_factor(actor: Any, user: User) -> None:
    """For who lost the device: the password alone logs in until a new one is added."""
    authorize(actor, "accounts.users")
    Authenticator.objects.filter(user=user).delete()
    record(actor, "accounts.drop-second-factor", user)


def require_other_administrator(user: User) -> None:
    if user.has_role(Role.ADMINISTRATOR) and not queries.other_administrators(user).exists():
        raise Refused("accounts.last-administrator", 409)


def change_profile(user: User, *, name: str, language: str, theme: str) -> None:
    authorize(user, "accounts.own", user)
    user.name, user.language, user.theme = name.strip(), language, theme
    user.save(update_fields=["name", "language", "theme"])


def keep_language(user: User, language: str) -> None:
    user.language = language
    user.save(update_fields=["language"])


def keep_theme(user: User, theme: str) -> None:
    user.theme = theme
    user.save(update_fields=["theme"])
