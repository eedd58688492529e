"""Cases that are not finished: how old they are, where they lie, and after which steps cases stop."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import troubles as queries
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.queries.work import local
from steelyard.apps.process.views.frame import page
from steelyard.apps.process.words import troubles as words
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import Breakpoint, OpenAt, OpenCase
from steelyard.web import numbers
from steelyard.web.doors import door

ROWS = 25


@door("process.see")
@require_safe
def open_cases(request: HttpRequest) -> HttpResponse:
    return page(request, "process_open", "process/open.html", open_parts)


def open_parts(seen: Seen) -> dict[str, Any]:
    found, stops = queries.ageing_of(seen), queries.breakpoints_of(seen)
    return {
        "headline": words.open_headline(found),
        "lede": words.open_lede(found, day=last_day(found.as_of)),
        "places": [place_line(each) for each in found.by_activity],
        "lines": [case_line(each) for each in oldest(found.lines)[:ROWS]],
        "more": max(len(found.lines) - ROWS, 0),
        "stops": [stop_line(each) for each in stops],
        "stops_note": words.breakpoint_note(stops),
    }


def last_day(as_of: datetime) -> str:
    """The day that is over at that instant."""
    return date_format(local(as_of - timedelta(microseconds=1)).date(), "DATE_FORMAT")


def oldest(lines: tuple[OpenCase, ...]) -> list[OpenCase]:
    """Late ones first, then by how long they have not moved."""
    return sorted(lines, key=lambda each: (not each.is_late, -each.idle_s, each.case))


def place_line(each: OpenAt) -> dict[str, str]:
    return {
        "activity": each.activity,
        "cases": numbers.count(each.cases),
        "late": numbers.count(each.late),
        "idle": duration(each.median_idle_s),
    }


def case_line(each: OpenCase) -> dict[str, Any]:
    return {
        "case": each.case,
        "activity": each.last_activity,
        "since": date_format(local(each.since).date(), "SHORT_DATE_FORMAT"),
        "age": duration(each.age_s),
        "idle": duration(each.idle_s),
        "usual": duration(each.expected_p90_s),
        "is_late": each.is_late,
    }


def stop_line(each: Breakpoint) -> dict[str, Any]:
    return {
        "activity": each.activity,
        "reached": numbers.count(each.reached),
        "stopped": numbers.count(each.stopped),
        "rate": numbers.percent(each.rate),
        "bar": each.rate,
        "interval": words.interval(each.low, each.high),
        "idle": duration(each.median_idle_s),
    }
