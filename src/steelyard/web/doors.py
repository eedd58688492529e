"""The one door, as the kit and the lower apps know it: by the policy's name in the settings.

`steelyard.apps.access.policy` stands above accounts and people, whose views need it all the same.
"""

from collections.abc import Callable, Collection
from functools import wraps
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import ResolverMatch

View = Callable[..., HttpResponseBase]


def policy() -> Any:
    return import_module(settings.STEELYARD_POLICY)


def authorize(actor: Any, action: str, obj: Any = None, fields: Collection[str] | None = None) -> None:
    """Raise Refused("access.denied", 404) unless the policy says yes."""
    policy().authorize(actor, action, obj, fields)


def can(actor: Any, action: str, obj: Any = None, fields: Collection[str] | None = None) -> bool:
    return bool(policy().can(actor, action, obj, fields))


def record(actor: Any, action: str, obj: Any = None, **detail: Any) -> None:
    """Write the audit row; called inside the transaction of the action it tells of."""
    policy().record(actor, action, obj, **detail)


def door(action: str) -> Callable[[View], View]:
    """Declare a view's action. Who is not logged in is asked to; who may not finds nothing there."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not can(request.user, action):
                return turned_away(request, action)
            return view(request, *args, **kwargs)

        guarded.policy = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def action_of(match: ResolverMatch) -> str | None:
    """The action that a route declares: on its view, or for views of packages in the policy's table."""
    declared: str | None = getattr(match.func, "policy", None)
    return declared or policy().ROUTES.get(match.view_name)


def turned_away(request: HttpRequest, action: str) -> HttpResponseBase:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    authorize(request.user, action)
    raise AssertionError(f"The policy gives two answers for {action}.")
