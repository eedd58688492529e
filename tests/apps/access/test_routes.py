"""Every route declares its policy, and a route that does not is not there."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve

from steelyard.apps.access.policy import POLICY, ROUTES


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


ALL = list(routes(get_resolver()))


def action_of(route: URLPattern) -> str:
    return getattr(route.callback, "policy", None) or ROUTES.get(route.name or "") or ""


def is_open(action: str) -> bool:
    return action in POLICY and POLICY[action].is_public


GUARDED = [(path, route) for path, route in ALL if not is_open(action_of(route))]


@pytest.mark.parametrize(("path", "route"), ALL, ids=[path or "/" for path, _ in ALL])
def test_a_route_declares_an_action_of_the_policy(path: str, route: URLPattern) -> None:
    action = action_of(route)
    assert action in POLICY, f"/{path} declares {action!r}"


def test_the_table_of_routes_names_only_routes_that_exist() -> None:
    assert set(ROUTES) <= {route.name for _, route in ALL}


def test_an_undeclared_route_answers_like_an_unknown_one(rf: RequestFactory, leader: object) -> None:
    from django.http import Http404, HttpResponse
    from django.urls import ResolverMatch

    from steelyard.web.middleware import PolicyMiddleware

    request = rf.get("/forgotten/")
    request.user = leader
    request.resolver_match = ResolverMatch(lambda request: HttpResponse("secret"), (), {})
    with pytest.raises(Http404):
        PolicyMiddleware(lambda request: HttpResponse()).process_view(request, None, (), {})


@pytest.mark.parametrize(("path", "route"), GUARDED, ids=[path or "/" for path, _ in GUARDED])
def test_a_stranger_without_an_account_gets_no_guarded_page(
    path: str, route: URLPattern, client: Client, db: None
) -> None:
    """Parameters are unknown ids: guarded pages must answer before they look anything up."""
    response = client.get(an_address(path))
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")


def an_address(path: str) -> str:
    """One address that the route takes, whatever its converters want."""
    for value in ("1", "csv", "en"):
        address = "/" + re.sub(r"<[^>]+>", value, path)
        try:
            resolve(address)
        except Resolver404:
            continue
        return address
    raise AssertionError(f"Add a value that /{path} takes.")
