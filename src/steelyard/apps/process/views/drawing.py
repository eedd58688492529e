"""The process map as a drawing: which transitions are shown, how wide, with which words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.process.words.durations import brief, duration
from steelyard.apps.process.words.headlines import worst_edge
from steelyard.apps.process.words.names import step_name
from steelyard.charts.flow import END, START, Drawing, Link, Step, draw
from steelyard.engine.process.findings import ActivityFigures, EdgeFigures, ProcessMap
from steelyard.web import numbers

VIEWS = ("time", "frequency")
# More transitions than these are no map that anybody can read: the rarest are left out at first.
READABLE = 24
DETAILS = (25, 50, 75, 100)
Ends = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """The drawing, and how much of the log it shows."""

    drawing: Drawing
    edges: int
    of_edges: int

    @property
    def is_whole(self) -> bool:
        return self.edges == self.of_edges


def shown_of(found: ProcessMap, *, view: str, detail: int) -> Shown:
    """The map with the transitions that make up `detail` per cent of all, and what keeps it in one piece."""
    number = {each.activity: place for place, each in enumerate(found.activities)}
    kept = edges_shown(found.edges, detail)
    inner = _inner(kept, number, view=view, marked=worst_edge(found))
    outer = _outer(found, number, detail=detail)
    most = max((each.count for each in found.activities), default=1)
    steps = [_step(each, view=view, most=most) for each in found.activities]
    return Shown(draw(steps, [*inner, *outer]), len(kept), len(found.edges))


def default_detail(found: ProcessMap) -> int:
    """All of it where that can be read, else the least of the steps of the slider that is too much."""
    for detail in DETAILS[::-1]:
        if len(edges_shown(found.edges, detail)) <= READABLE:
            return detail
    return DETAILS[0]


def edges_shown(edges: Sequence[EdgeFigures], detail: int) -> list[EdgeFigures]:
    """The most frequent ones up to a share of all; each activity keeps its usual way in and out."""
    if detail >= 100:
        return list(edges)
    most_used = sorted(edges, key=lambda edge: (-edge.count, edge.source, edge.target))
    wanted = sum(edge.count for edge in edges) * detail / 100
    kept: dict[tuple[str, str], EdgeFigures] = {}
    so_far = 0
    left: set[str] = set()
    entered: set[str] = set()
    for edge in most_used:
        is_usual = edge.source != edge.target and (edge.source not in left or edge.target not in entered)
        if so_far < wanted or is_usual:
            kept[(edge.source, edge.target)] = edge
        so_far += edge.count
        if edge.source != edge.target:
            left.add(edge.source)
            entered.add(edge.target)
    return [edge for edge in edges if (edge.source, edge.target) in kept]


def _step(each: ActivityFigures, *, view: str, most: int) -> Step:
    times = pgettext("how often a step is done", "%(count)s ×") % {"count": numbers.count(each.count)}
    work = [] if each.median_work_s is None else [brief(each.median_work_s)]
    title = _("%(step)s: done %(count)s times in %(cases)s cases") % {
        "step": each.activity,
        "count": numbers.count(each.count),
        "cases": numbers.count(each.cases),
    }
    if each.median_work_s is not None:
        title += _("; work %(median)s at the median") % {"median": duration(each.median_work_s)}
    return Step(each.activity, " · ".join([times, *work]), each.count / most * 0.999, title)


def _inner(
    edges: Sequence[EdgeFigures], number: Mapping[str, int], *, view: str, marked: EdgeFigures | None
) -> list[Link]:
    most = max((_weight(edge, view) for edge in edges), default=0.0) or 1.0
    return [
        Link(
            number[edge.source],
            number[edge.target],
            brief(edge.median_wait_s) if view == "time" else numbers.count(edge.count),
            _weight(edge, view) / most,
            title=edge_title(edge),
            is_marked=edge is marked,
            flow=edge.count,
        )
        for edge in edges
    ]


def _weight(edge: EdgeFigures, view: str) -> float:
    return edge.total_wait_s if view == "time" else float(edge.count)


def edge_title(edge: EdgeFigures) -> str:
    return _("%(source)s → %(target)s: %(count)s times; waits %(median)s at the median, %(total)s in all") % {
        "source": edge.source,
        "target": edge.target,
        "count": numbers.count(edge.count),
        "median": duration(edge.median_wait_s),
        "total": duration(edge.total_wait_s),
    }


def _outer(found: ProcessMap, number: Mapping[str, int], *, detail: int) -> list[Link]:
    """Where cases begin and end; rare ones only in the whole picture."""
    pairs = [(START, number[name], count) for name, count in found.starts.items()]
    pairs += [(number[name], END, count) for name, count in found.ends.items()]
    most = {START: max(found.starts.values(), default=0), END: max(found.ends.values(), default=0)}
    links = []
    for source, target, count in pairs:
        side = START if source == START else END
        if detail < 100 and count < most[side] and count < found.cases * (100 - detail) / 400:
            continue
        title = f"{step_name(source) if source == START else step_name(END)}: {numbers.count(count)}"
        links.append(
            Link(source, target, numbers.count(count), count / max(found.cases, 1) * 0.5, title, flow=count)
        )
    return links
