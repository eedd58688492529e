"""How far the log can be trusted."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import troubles as queries
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page
from steelyard.apps.process.words import troubles as words
from steelyard.web.doors import door


@door("process.see")
@require_safe
def quality(request: HttpRequest) -> HttpResponse:
    return page(request, "process_quality", "process/quality.html", quality_parts)


def quality_parts(seen: Seen) -> dict[str, Any]:
    found = queries.quality_of(seen)
    return {
        "headline": words.quality_headline(found),
        "lede": words.quality_lede(found),
        "lines": words.quality_lines(found),
    }
