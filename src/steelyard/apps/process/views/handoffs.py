"""Who hands work to whom: a matrix of the busiest, and the ways on which it waits most."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import troubles as queries
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page, query_of
from steelyard.apps.process.words import troubles as words
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import HandOff, HandOffs
from steelyard.web import numbers
from steelyard.web.doors import door

# As many as can be read side by side.
IN_MATRIX = 12
ROWS = 20
SHADES = 5


@door("process.see")
@require_safe
def handoffs(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "process_handoffs",
        "process/handoffs.html",
        lambda seen: handoff_parts(seen, by=queries.by_asked(request.GET.get("by", ""), seen)),
        keeps=("by",),
    )


def handoff_parts(seen: Seen, *, by: queries.By | None) -> dict[str, Any]:
    found = queries.handoffs_of(seen, by) if by else HandOffs("performer", 0, (), None)
    shown = busiest(found)
    return {
        "headline": words.handoffs_headline(found),
        "lede": words.handoffs_lede(found),
        "views": views_to_pick(seen, by),
        "names": shown,
        "matrix": matrix(found, shown),
        "lines": [line(each) for each in by_wait(found)[:ROWS]],
        "more": max(len(found.lines) - ROWS, 0),
    }


def views_to_pick(seen: Seen, by: str | None) -> list[dict[str, Any]]:
    labels = {"role": _("By role"), "performer": _("By performer")}
    there = [name for name in labels if getattr(seen.log, name) is not None]
    return [
        {"label": labels[name], "href": query_of(seen.asked, by=name), "is_here": name == by}
        for name in there
    ]


def busiest(found: HandOffs) -> list[str]:
    """Those through whose hands most goes, in the order of their names."""
    counts: dict[str, int] = {}
    for each in found.lines:
        counts[each.giver] = counts.get(each.giver, 0) + each.count
        counts[each.taker] = counts.get(each.taker, 0) + each.count
    return sorted(sorted(counts, key=lambda name: (-counts[name], name))[:IN_MATRIX])


def matrix(found: HandOffs, shown: list[str]) -> list[dict[str, Any]]:
    """Givers down, takers across; a cell is darker where more goes."""
    cells = {(each.giver, each.taker): each for each in found.lines}
    most = max((each.count for each in found.lines), default=1)
    return [
        {"name": giver, "cells": [cell(cells.get((giver, taker)), most=most) for taker in shown]}
        for giver in shown
    ]


def cell(each: HandOff | None, *, most: int) -> dict[str, Any]:
    if each is None:
        return {"text": "", "title": "", "shade": 0}
    title = _("%(giver)s → %(taker)s: %(count)s times, waits %(median)s at the median") % {
        "giver": each.giver,
        "taker": each.taker,
        "count": numbers.count(each.count),
        "median": duration(each.median_wait_s),
    }
    shade = min(1 + int(each.count / most * (SHADES - 1)), SHADES - 1)
    return {"text": numbers.count(each.count), "title": title, "shade": shade}


def by_wait(found: HandOffs) -> list[HandOff]:
    return sorted(found.lines, key=lambda each: (-each.total_wait_s, each.giver, each.taker))


def line(each: HandOff) -> dict[str, str]:
    return {
        "giver": each.giver,
        "taker": each.taker,
        "count": numbers.count(each.count),
        "cases": numbers.count(each.cases),
        "median": duration(each.median_wait_s),
        "total": duration(each.total_wait_s),
    }
