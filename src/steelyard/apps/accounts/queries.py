"""Reads of accounts."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Exists, OuterRef, Q, QuerySet

from steelyard.apps.accounts.models import Role, User
from steelyard.errors import Refused
from steelyard.web.doors import authorize


class InvitationTokens(PasswordResetTokenGenerator):
    """Void once the password is set, and after PASSWORD_RESET_TIMEOUT."""

    key_salt = "steelyard.apps.accounts.invitation"


invitations = InvitationTokens()


def is_empty() -> bool:
    """No account was ever made: the first run."""
    return not User.objects.exists()


def users_seen_by(viewer: Any, *, text: str = "") -> QuerySet[User]:
    authorize(viewer, "accounts.users")
    found = (
        User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text))
        if text
        else User.objects.all()
    )
    second = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    return found.annotate(has_second_factor=Exists(second))


def user_seen_by(viewer: Any, public_id: str) -> User:
    user = users_seen_by(viewer).filter(public_id=public_id).first()
    if user is None:
        raise Refused("access.denied", 404)
    return user


def invited_user(public_id: str, token: str) -> User:
    """Who a link invites; a used, old or wrong link is void, and so is one to an account switched off."""
    user = User.objects.filter(public_id=public_id, is_active=True).first()
    if user is None or user.has_usable_password() or not invitations.check_token(user, token):
        raise Refused("accounts.invitation-void", 410)
    return user


def other_administrators(user: User) -> QuerySet[User]:
    """Active accounts beside this one that administer. Roles are few: they are read, not searched."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk)
    ids = [other.pk for other in others.only("roles") if other.has_role(Role.ADMINISTRATOR)]
    return User.objects.filter(pk__in=ids)
