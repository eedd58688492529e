"""Pages of the kit itself: the way in, the stylesheet, the components on show, and errors."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from steelyard.errors import Refused
from steelyard.web import shell, styles
from steelyard.web.doors import door
from steelyard.web.showcase import showcase
from steelyard.web.words import sentence


@door("web.home")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """To the first room that the viewer has."""
    return redirect(shell.rooms_of(request.user)[0].path)


@door("web.public")
@require_safe
def stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The address names the content, so a browser keeps it for good; an old address gets today's, unkept."""
    text, current = styles.current()
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    is_current = digest == current
    response["Cache-Control"] = "public, max-age=31536000, immutable" if is_current else "no-cache"
    return response


@door("web.kit")
@require_safe
def kit(request: HttpRequest) -> HttpResponse:
    return render(request, "web/kit.html", showcase(request))


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "400.html", {"sentence": sentence(Refused("web.bad-request"))}, status=400)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403.html", {"sentence": sentence(Refused("web.form-expired"))}, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Leans on nothing that may be what broke: no session, no user, no database."""
    return render(None, "500.html", {"stylesheet": styles.address()}, status=500)
