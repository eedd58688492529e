"""The map: where the most waiting is, in a sentence, as a drawing and as tables."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.drawing import DETAILS, VIEWS, default_detail, shown_of
from steelyard.apps.process.views.frame import page, query_of
from steelyard.apps.process.words import headlines
from steelyard.apps.process.words.durations import duration
from steelyard.charts.flow import page_svg
from steelyard.engine.process.findings import ActivityFigures, EdgeFigures, ProcessMap
from steelyard.web import numbers
from steelyard.web.doors import door

# The rest of a long table is in its export.
ROWS = 40


@door("process.see")
@require_safe
def process_map(request: HttpRequest) -> HttpResponse:
    return page(
        request,
        "process_map",
        "process/map.html",
        lambda seen: map_parts(seen, view=view_asked(request), detail=detail_asked(request)),
        keeps=("view", "detail"),
    )


def view_asked(request: HttpRequest) -> str:
    asked = request.GET.get("view", "")
    return asked if asked in VIEWS else VIEWS[0]


def detail_asked(request: HttpRequest) -> int | None:
    asked = request.GET.get("detail", "")
    return int(asked) if asked.isdecimal() and int(asked) in DETAILS else None


def map_parts(seen: Seen, *, view: str, detail: int | None) -> dict[str, Any]:
    found = findings.map_of(seen)
    chosen = detail or default_detail(found)
    shown = shown_of(found, view=view, detail=chosen)
    label = label_of(seen, view)
    return {
        "map": found,
        "headline": headlines.map_headline(found),
        "lede": lede_of(seen, found),
        "svg": mark_safe(page_svg(shown.drawing, label=label)),  # noqa: S308  escaped where it is written
        "label": label,
        "shown": shown,
        "views": views_to_pick(seen, view, detail),
        "details": details_to_pick(seen, view, chosen),
        "edges": edge_lines(found)[:ROWS],
        "more_edges": max(len(found.edges) - ROWS, 0),
        "steps": step_lines(found)[:ROWS],
        "has_work": any(each.median_work_s is not None for each in found.activities),
        "exports": exports_of(seen, view, chosen),
    }


def lede_of(seen: Seen, found: ProcessMap) -> str:
    has_starts = seen.log.started is not None
    return headlines.map_lede(found, median_cycle=findings.median_cycle_of(seen), has_starts=has_starts)


def label_of(seen: Seen, view: str) -> str:
    if view == "time":
        return _("Process map by waiting time")
    return _("Process map by frequency")


def views_to_pick(seen: Seen, view: str, detail: int | None) -> list[dict[str, Any]]:
    words = {"time": _("Waiting time"), "frequency": pgettext("of transitions", "Frequency")}
    more = {"detail": str(detail)} if detail else {}
    return [
        {"label": words[each], "href": query_of(seen.asked, view=each, **more), "is_here": each == view}
        for each in VIEWS
    ]


def details_to_pick(seen: Seen, view: str, detail: int) -> list[dict[str, Any]]:
    return [
        {
            "label": _("all") if each == 100 else f"{each}%",
            "href": query_of(seen.asked, view=view, detail=str(each)),
            "is_here": each == detail,
        }
        for each in DETAILS
    ]


def edge_lines(found: ProcessMap) -> list[dict[str, Any]]:
    """The transitions as rows, most waiting first."""
    total = headlines.total_wait(found) or 1.0
    listed = sorted(found.edges, key=lambda edge: (-edge.total_wait_s, -edge.count, edge.source, edge.target))
    return [edge_line(edge, share=edge.total_wait_s / total) for edge in listed]


def edge_line(edge: EdgeFigures, *, share: float) -> dict[str, Any]:
    return {
        "source": edge.source,
        "target": edge.target,
        "count": numbers.count(edge.count),
        "cases": numbers.count(edge.cases),
        "median": duration(edge.median_wait_s),
        "mean": duration(edge.mean_wait_s),
        "p90": duration(edge.p90_wait_s),
        "total": duration(edge.total_wait_s),
        "bar": share,
        "share": numbers.percent(share, digits=0 if share >= 0.1 else 1),
    }


def step_lines(found: ProcessMap) -> list[dict[str, Any]]:
    return [step_line(each) for each in found.activities]


def step_line(each: ActivityFigures) -> dict[str, Any]:
    return {
        "name": each.activity,
        "count": numbers.count(each.count),
        "cases": numbers.count(each.cases),
        "median": duration(each.median_work_s),
        "p90": duration(each.p90_work_s),
        "total": duration(each.total_work_s),
    }


def exports_of(seen: Seen, view: str, detail: int) -> dict[str, str]:
    query = query_of(seen.asked, view=view, detail=str(detail))
    return {name: f"{reverse(f'process_map_{name}')}{query}" for name in ("svg", "pdf")}
