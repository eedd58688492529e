"""Every table of the room as columns and rows of plain numbers: seconds as hours, shares as shares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries import troubles as trouble
from steelyard.apps.process.queries.approvals import approvals_of
from steelyard.apps.process.queries.choices import choices_for
from steelyard.apps.process.queries.comparing import pair_of
from steelyard.apps.process.queries.hours import waiting_of
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.queries.work import local
from steelyard.apps.process.words import approvals as proposals
from steelyard.apps.process.words import causes, troubles

HOUR = 3600.0


@dataclass(frozen=True)
class Sheet:
    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Wanted:
    """For whom, of which log, and what else the address says."""

    viewer: Any
    seen: Seen
    query: Mapping[str, str]


Make = Callable[[Wanted], Sheet]


def hours(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / HOUR, 6)


def transitions(wanted: Wanted) -> Sheet:
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
            for edge in findings.map_of(wanted.seen).edges
        ],
    )


def steps(wanted: Wanted) -> Sheet:
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
            for each in findings.map_of(wanted.seen).activities
        ],
    )


def variants(wanted: Wanted) -> Sheet:
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
            for each in findings.variants_of(wanted.seen)
        ],
    )


def waiting(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a transition", "From"),
        pgettext("of a transition", "To"),
        pgettext("how often", "Times"),
        _("Total wait, hours"),
        *(_("%(cause)s, hours") % {"cause": causes.cause_name(code)} for code in causes.ALL),
    ]
    return Sheet(
        columns,
        [
            [
                each.source,
                each.target,
                each.count,
                hours(each.total_s),
                *(hours(causes.seconds_of(each, code)) for code in causes.ALL),
            ]
            for each in waiting_of(wanted.seen).edges
        ],
    )


def rework(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        pgettext("work comes back", "How"),
        pgettext("work comes back", "From"),
        _("Repeats"),
        pgettext("of a process", "Cases"),
        _("Time it takes, hours"),
        _("Of it work, hours"),
        _("Cost of the work"),
    ]
    return Sheet(
        columns,
        [
            [
                each.activity,
                troubles.kind_name(each.kind),
                each.via,
                each.events,
                each.cases,
                round(each.hours, 6),
                None if each.work_hours is None else round(each.work_hours, 6),
                each.money,
            ]
            for each in trouble.rework_of(wanted.seen).lines
        ],
    )


def first_pass(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        _("Cases decided"),
        _("Approved the first time"),
        _("First-pass rate"),
        _("Low"),
        _("High"),
    ]
    rows = trouble.first_pass_of(wanted.seen)
    return Sheet(
        columns, [[each.activity, each.decided, each.first, each.rate, each.low, each.high] for each in rows]
    )


def hand_offs(wanted: Wanted) -> Sheet:
    columns = [
        _("Hands on"),
        _("Takes over"),
        pgettext("how often", "Times"),
        pgettext("of a process", "Cases"),
        _("Median wait, hours"),
        _("Total wait, hours"),
    ]
    by = trouble.by_asked(wanted.query.get("by", ""), wanted.seen)
    lines = trouble.handoffs_of(wanted.seen, by).lines if by else ()
    return Sheet(
        columns,
        [
            [
                each.giver,
                each.taker,
                each.count,
                each.cases,
                hours(each.median_wait_s),
                hours(each.total_wait_s),
            ]
            for each in lines
        ],
    )


def open_cases(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a process", "Case"),
        _("Last step done"),
        pgettext("a day", "Since"),
        _("Without a step for, hours"),
        _("Nine in ten go on within, hours"),
        _("Age, hours"),
        _("Longer than usual"),
    ]
    return Sheet(
        columns,
        [
            [
                each.case,
                each.last_activity,
                local(each.since).date(),
                hours(each.idle_s),
                hours(each.expected_p90_s),
                hours(each.age_s),
                int(each.is_late),
            ]
            for each in trouble.ageing_of(wanted.seen).lines
        ],
    )


def breakpoints(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        _("Reached it"),
        _("Stopped"),
        _("Share that stops"),
        _("Low"),
        _("High"),
        _("Median since then, hours"),
    ]
    return Sheet(
        columns,
        [
            [
                each.activity,
                each.reached,
                each.stopped,
                each.rate,
                each.low,
                each.high,
                hours(each.median_idle_s),
            ]
            for each in trouble.breakpoints_of(wanted.seen)
        ],
    )


def quality(wanted: Wanted) -> Sheet:
    """Codes and counts as the engine gives them."""
    told = trouble.quality_of(wanted.seen).as_json()
    counts = [(name, value) for name, value in told.items() if isinstance(value, int)]
    return Sheet([pgettext("of a log", "Check"), _("Found")], [list(pair) for pair in counts])


def approvals(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a process", "Step"),
        pgettext("of a process", "Cases"),
        _("Approved"),
        _("Low"),
        _("High"),
        _("Changed something"),
        _("Low"),
        _("High"),
        _("Median wait, hours"),
        _("Total wait, hours"),
        _("Work of approving, hours"),
        _("Cost of the work"),
        _("Proposal"),
        _("Saving a case, days"),
        _("Low"),
        _("High"),
    ]
    rows = [
        [
            proposals.step_name(each.activity, each.turn),
            each.cases,
            each.approve_rate,
            each.low,
            each.high,
            each.affected_rate,
            each.affected_low,
            each.affected_high,
            hours(each.median_wait_s),
            hours(each.total_wait_s),
            each.work_hours,
            each.cost,
            proposals.proposal_name(each.proposal),
            *(getattr(each.saving_days, name, None) for name in ("value", "low", "high")),
        ]
        for each in approvals_of(wanted.seen)
    ]
    return Sheet(columns, rows)


def comparison(wanted: Wanted) -> Sheet:
    columns = [
        pgettext("of a transition", "From"),
        pgettext("of a transition", "To"),
        _("Times before"),
        _("Times now"),
        _("Mean wait before, hours"),
        _("Mean wait now, hours"),
        _("Difference, hours"),
        _("Low"),
        _("High"),
        _("By chance"),
    ]
    choices = choices_for(wanted.viewer, wanted.seen)
    pair = pair_of(wanted.viewer, wanted.seen, choices, wanted.query)
    return Sheet(
        columns,
        [
            [
                each.source,
                each.target,
                each.one_count,
                each.other_count,
                *(
                    hours(getattr(each.mean_wait_s, name))
                    for name in ("one", "other", "difference", "low", "high")
                ),
                each.mean_wait_s.p,
            ]
            for each in (pair.comparison.edges if pair else ())
        ],
    )


SHEETS: Mapping[str, Make] = {
    "transitions": transitions,
    "steps": steps,
    "variants": variants,
    "waiting": waiting,
    "rework": rework,
    "first-pass": first_pass,
    "hand-offs": hand_offs,
    "open-cases": open_cases,
    "breakpoints": breakpoints,
    "quality": quality,
    "comparison": comparison,
    "approvals": approvals,
}
