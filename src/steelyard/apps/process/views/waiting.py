"""Why the work waits: causes in all, stacked for each transition, and for whom it waits."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries.hours import calendar_in_force, waiting_of
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page
from steelyard.apps.process.words import causes
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.waiting import WaitFigures, Waiting
from steelyard.web import numbers
from steelyard.web.doors import door

ROWS = 20
PERFORMERS = 10


@door("process.see")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    return page(request, "process_waiting", "process/waiting.html", waiting_parts)


def waiting_parts(seen: Seen) -> dict[str, Any]:
    found = waiting_of(seen)
    kept = calendar_in_force()
    most = max((each.total_s for each in found.edges), default=0.0)
    return {
        "headline": causes.headline(found),
        "lede": causes.lede(found, version=kept.version if kept else 0),
        "found": found,
        "causes": cause_lines(found),
        "edges": [
            {"source": each.source, "target": each.target, **stacked(each, most=most)}
            for each in found.edges[:ROWS]
        ],
        "more": max(len(found.edges) - ROWS, 0),
        "performers": performer_lines(found.performers[:PERFORMERS]),
    }


def cause_lines(found: Waiting) -> list[dict[str, Any]]:
    """The causes that there are, the largest first."""
    if not found.total_s or found.verdict == "cannot-tell":
        return []
    listed = sorted(causes.ALL, key=lambda code: -causes.seconds_of(found, code))
    return [
        {
            "code": code,
            "name": causes.cause_name(code),
            "note": causes.cause_note(code),
            "total": duration(seconds),
            "bar": seconds / found.total_s,
            "share": numbers.percent(seconds / found.total_s),
        }
        for code in listed
        if (seconds := causes.seconds_of(found, code)) or code != causes.UNKNOWN
    ]


def stacked(each: WaitFigures, *, most: float) -> dict[str, Any]:
    """One bar of parts side by side, as long as the wait is of the longest."""
    parts = []
    so_far = 0.0
    for code in causes.ALL:
        seconds = causes.seconds_of(each, code)
        if seconds <= 0:
            continue
        share = numbers.percent(seconds / each.total_s, digits=0)
        parts.append(
            {
                "code": code,
                "x": f"{100 * so_far / most:.2f}%",
                "width": f"{100 * seconds / most:.2f}%",
                "title": f"{causes.cause_name(code)}: {duration(seconds)} · {share}",
            }
        )
        so_far += seconds
    return {
        "parts": parts,
        "count": numbers.count(each.count),
        "total": duration(each.total_s),
        "mean": duration(each.total_s / each.count if each.count else None),
        "main": main_cause(each),
    }


def main_cause(each: WaitFigures) -> str:
    """The largest cause with its share."""
    if not each.total_s:
        return ""
    code = max(causes.ALL, key=lambda name: causes.seconds_of(each, name))
    share = numbers.percent(causes.seconds_of(each, code) / each.total_s, digits=0)
    return f"{causes.cause_name(code)} {share}"


def performer_lines(listed: Sequence[Any]) -> list[dict[str, Any]]:
    most = max((each.total_s for each in listed), default=0.0)
    return [{"name": each.performer, **stacked(each, most=most)} for each in listed]
