"""A refusal as an answer to a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steelyard.errors import Refused
from steelyard.web.words import sentence


def refusal_page(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The sentence in the shell; for htmx the notice alone, which takes the place that was asked for."""
    words = {"status": refused.status, "code": refused.code, "sentence": sentence(refused)}
    if refused.status == 404:
        return render(request, "404.html", status=404)
    if getattr(request, "htmx", False):
        return render(request, "web/refused_fragment.html", words, status=refused.status)
    return render(request, "web/refused.html", words, status=refused.status)
