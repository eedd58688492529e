"""The way into the room."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from steelyard.web.doors import door


@door("process.see")
@require_safe
def improve(request: HttpRequest) -> HttpResponse:
    """The process is the part of improving that there is."""
    return redirect("process_map")
