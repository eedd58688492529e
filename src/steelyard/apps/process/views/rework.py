"""Work that comes back, in cases, hours and money; and how often a first try is enough."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import troubles as queries
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page
from steelyard.apps.process.words import troubles as words
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import FirstPass, ReworkLine
from steelyard.web import numbers
from steelyard.web.doors import door

ROWS = 30


@door("process.see")
@require_safe
def rework(request: HttpRequest) -> HttpResponse:
    return page(request, "process_rework", "process/rework.html", rework_parts)


def rework_parts(seen: Seen) -> dict[str, Any]:
    found = queries.rework_of(seen)
    return {
        "headline": words.rework_headline(found),
        "lede": words.rework_lede(found, currency=settings.STEELYARD_CURRENCY),
        "lines": [line(each) for each in found.lines[:ROWS]],
        "more": max(len(found.lines) - ROWS, 0),
        "first": [first_line(each) for each in queries.first_pass_of(seen)],
    }


def line(each: ReworkLine) -> dict[str, str]:
    return {
        "activity": each.activity,
        "kind": words.kind_name(each.kind),
        "via": each.via,
        "cases": numbers.count(each.cases),
        "events": numbers.count(each.events),
        "hours": duration(each.hours * 3600),
        "work": duration(None if each.work_hours is None else each.work_hours * 3600),
        "money": numbers.money(each.money, currency=settings.STEELYARD_CURRENCY),
    }


def first_line(each: FirstPass) -> dict[str, Any]:
    return {
        "activity": each.activity,
        "decided": numbers.count(each.decided),
        "rate": numbers.percent(each.rate),
        "bar": each.rate,
        "interval": words.interval(each.low, each.high),
    }
