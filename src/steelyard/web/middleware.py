"""What happens around every view: the viewer's language, the declared policy, and refusals."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation

from steelyard.errors import Refused
from steelyard.web import doors
from steelyard.web.once import one_request
from steelyard.web.refusals import refusal_page

GetResponse = Callable[[HttpRequest], HttpResponse]


def asked_once(get_response: GetResponse) -> GetResponse:
    """What `web.once` keeps, it keeps for one request."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with one_request():
            return get_response(request)

    return middleware


def language(get_response: GetResponse) -> GetResponse:
    """The viewer's own setting wins over the cookie and over the browser's."""

    def middleware(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "")
        if chosen in dict(settings.LANGUAGES):
            translation.activate(chosen)
            request.LANGUAGE_CODE = translation.get_language()
        return get_response(request)

    return middleware


class PolicyMiddleware:
    """Deny by default: a route that declares no policy does not exist."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        action = doors.action_of(match) if match else None
        if action is None:
            raise Http404
        if doors.can(request.user, action):
            return None
        try:
            return doors.turned_away(request, action)
        except Refused as refused:
            return refusal_page(request, refused)


class RefusedMiddleware:
    """An anticipated "no" becomes a page, or for htmx a fragment, with the status that fits."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        page = refusal_page(request, Refused("web.only-sent", 405))
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refusal_page(request, exception) if isinstance(exception, Refused) else None
