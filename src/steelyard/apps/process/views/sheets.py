"""Every table of the room as columns and rows of plain numbers: seconds as hours, shares as shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.seen import Seen

HOUR = 3600.0


@dataclass(frozen=True)
class Sheet:
    columns: list[str]
    rows: list[list[Any]]


Make = Callable[[Seen, Mapping[str, str]], Sheet]


def hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 6)


def transitions(seen: Seen, query: Mapping[str, str]) -> Sheet:
    columns = [
        pgettext("of a transition", "From"),
        pgettext("of a transition", "To"),
        pgettext("how often", "Times"),
        pgettext("of a process", "Cases"),
        _("Median wait, hours"),
        _("Mean wait, hours"),
        _("P90 wait, hours"),
        _("Total wait, hours"),
    ]
    return Sheet(
        columns,
        [
            [
                edge.source,
                edge.target,
                edge.count,
                edge.cases,
                hours(edge.median_wait_s),
                hours(edge.mean_wait_s),
                hours(edge.p90_wait_s),
                hours(edge.total_wait_s),
            ]
            for edge in findings.map_of(seen).edges
        ],
    )


def steps(seen: Seen, query: Mapping[str, str]) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        pgettext("how often", "Times"),
        pgettext("of a process", "Cases"),
        _("Median work, hours"),
        _("Mean work, hours"),
        _("P90 work, hours"),
        _("Total work, hours"),
    ]
    return Sheet(
        columns,
        [
            [
                each.activity,
                each.count,
                each.cases,
                hours(each.median_work_s),
                hours(each.mean_work_s),
                hours(each.p90_work_s),
                hours(each.total_work_s),
            ]
            for each in findings.map_of(seen).activities
        ],
    )


def variants(seen: Seen, query: Mapping[str, str]) -> Sheet:
    columns = [
        pgettext("through a process", "Way"),
        pgettext("of a process", "Steps"),
        pgettext("of a process", "Cases"),
        _("Share of cases"),
        _("Median from end to end, hours"),
        _("P90 from end to end, hours"),
        _("A case of it"),
    ]
    return Sheet(
        columns,
        [
            [
                " → ".join(each.path),
                len(each.path),
                each.count,
                each.share,
                hours(each.median_cycle_s),
                hours(each.p90_cycle_s),
                each.example,
            ]
            for each in findings.variants_of(seen)
        ],
    )


SHEETS: Mapping[str, Make] = {"transitions": transitions, "steps": steps, "variants": variants}
