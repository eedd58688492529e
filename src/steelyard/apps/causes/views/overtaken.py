"""Two texts for one place: what stands, what was sent; the writer decides."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from steelyard.apps.causes.errors import Overtaken
from steelyard.web.words import sentence


def overtaken_page(
    request: HttpRequest, around: Mapping[str, Any], overtaken: Overtaken, *, hidden: Mapping[str, Any]
) -> HttpResponse:
    """The form again, with the version that stands now: sending it is a decision made on that."""
    shown = {
        "texts": overtaken.texts,
        "sentence": sentence(overtaken),
        "hidden": {name: held for name, held in hidden.items() if held not in (None, False)},
        "action": request.path,
    }
    return render(request, "causes/overtaken.html", {**around, **shown}, status=409)
