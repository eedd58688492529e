"""The one sentence of each page, and the line below it, from codes and numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import EdgeFigures, ProcessMap
from steelyard.web import numbers


def worst_edge(found: ProcessMap) -> EdgeFigures | None:
    """The transition with most waiting in all; None where nothing ever waits."""
    if not found.edges:
        return None
    worst = max(found.edges, key=lambda edge: edge.total_wait_s)
    return worst if worst.total_wait_s > 0 else None


def total_wait(found: ProcessMap) -> float:
    return sum(edge.total_wait_s for edge in found.edges)


def map_headline(found: ProcessMap) -> str:
    worst = worst_edge(found)
    if not found.cases:
        return _("No case fits what was asked for.")
    if worst is None:
        return _("Nothing waits between the steps of this log.")
    return _(
        "Work waits most on the way %(source)s → %(target)s: "
        "%(median)s at the median, %(share)s of all waiting."
    ) % {
        "source": worst.source,
        "target": worst.target,
        "median": duration(worst.median_wait_s),
        "share": numbers.percent(worst.total_wait_s / total_wait(found), digits=0),
    }


def map_lede(found: ProcessMap, *, median_cycle: float | None, has_starts: bool) -> str:
    if not found.cases:
        return ""
    told = [
        ngettext(
            "%(cases)s case with %(events)s steps.", "%(cases)s cases with %(events)s steps.", found.cases
        )
        % {"cases": numbers.count(found.cases), "events": numbers.count(found.events)},
        _(
            "From the first step to the last a case takes %(cycle)s at the median; "
            "together they waited %(total)s."
        )
        % {"cycle": duration(median_cycle), "total": duration(total_wait(found))},
    ]
    if not has_starts:
        told.append(
            _("The log has one time a step, so a wait holds the work of the step that follows it, too.")
        )
    return " ".join(told)
