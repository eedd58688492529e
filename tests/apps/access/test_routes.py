"""Every route declares its policy, and a route that does not is not there."""

from collections.abc import Iterator

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver

from steelyard.apps.access.policy import POLICY, ROUTES


def routes(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            yield path, entry


ALL = list(routes(get_resolver()))


@pytest.mark.parametrize(("path", "route"), ALL, ids=[path or "/" for path, _ in ALL])
def test_a_route_declares_an_action_of_the_policy(path: str, route: URLPattern) -> None:
    action = getattr(route.callback, "policy", None) or ROUTES.get(route.name or "")
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


@pytest.mark.parametrize(("path", "route"), ALL, ids=[path or "/" for path, _ in ALL])
def test_a_stranger_without_an_account_gets_no_guarded_page(
    path: str, route: URLPattern, client: object, db: None
) -> None:
    """Parameters are unknown ids: guarded pages must answer before they look anything up."""
    import re

    action = getattr(route.callback, "policy", None) or ROUTES.get(route.name or "")
    if POLICY[action].is_public:
        pytest.skip("public")
    address = "/" + re.sub(r"<[^>]+>", "1", path).replace("^", "").replace("$", "")
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=")
