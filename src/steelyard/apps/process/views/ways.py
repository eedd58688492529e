"""The ways that cases take through the process, and the one that most take to an end."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page, query_of
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import Variant
from steelyard.engine.process.variants import happy_path
from steelyard.web import numbers
from steelyard.web.doors import can, door

ROWS = 30
STEPS = 14


@door("process.see")
@require_safe
def variants(request: HttpRequest) -> HttpResponse:
    may_keep = can(request.user, "process.keep")
    return page(
        request,
        "process_variants",
        "process/variants.html",
        lambda seen: {**variant_parts(seen), "may_keep": may_keep},
    )


def variant_parts(seen: Seen) -> dict[str, Any]:
    found = findings.variants_of(seen)
    happy = happy_path(found)
    return {
        "headline": headline(found, happy),
        "lede": lede(found, happy),
        "lines": [
            {**line(each, is_happy=each is happy), "declare": query_of(seen.asked, **declaring(place))}
            for place, each in enumerate(found[:ROWS])
        ],
        "more": max(len(found) - ROWS, 0),
        "rest": numbers.percent(sum(each.share for each in found[ROWS:])),
    }


def declaring(place: int) -> dict[str, str]:
    """What asks the form of a flow to begin with this way."""
    return {"from": "variant", "way": str(place)}


def headline(found: tuple[Variant, ...], happy: Variant | None) -> str:
    if happy is None:
        return _("No case fits what was asked for.")
    return ngettext(
        "%(share)s of the cases take the usual way; there is %(ways)s way in all.",
        "%(share)s of the cases take the usual way; there are %(ways)s ways in all.",
        len(found),
    ) % {"share": numbers.percent(happy.share, digits=0), "ways": numbers.count(len(found))}


def lede(found: tuple[Variant, ...], happy: Variant | None) -> str:
    if happy is None:
        return ""
    others = [each for each in found if each is not happy]
    told = _("The usual way has %(steps)s steps and takes %(median)s at the median.") % {
        "steps": len(happy.path),
        "median": duration(happy.median_cycle_s),
    }
    slower = sum(each.count for each in others if each.median_cycle_s > happy.median_cycle_s)
    total = sum(each.count for each in found)
    if not slower:
        return told
    return (
        told
        + " "
        + _("%(share)s of the cases take a way that is slower.")
        % {"share": numbers.percent(slower / total, digits=0)}
    )


def line(each: Variant, *, is_happy: bool) -> dict[str, Any]:
    return {
        "steps": folded(each.path)[:STEPS],
        "more": max(len(folded(each.path)) - STEPS, 0),
        "path": " → ".join(each.path),
        "count": numbers.count(each.count),
        "share": numbers.percent(each.share),
        "bar": each.share,
        "median": duration(each.median_cycle_s),
        "p90": duration(each.p90_cycle_s),
        "example": each.example,
        "is_happy": is_happy,
    }


def folded(path: tuple[str, ...]) -> list[dict[str, Any]]:
    """A step that follows itself stands once, with how often; one that came before is marked."""
    found: list[dict[str, Any]] = []
    for name in path:
        if found and found[-1]["name"] == name:
            found[-1]["times"] += 1
        else:
            is_again = any(each["name"] == name for each in found)
            found.append({"name": name, "times": 1, "is_again": is_again})
    return found
