"""Needless approvals: for each step what it decides, what it costs, and what could be done with it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from steelyard.apps.process.queries.approvals import approvals_of
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.frame import page
from steelyard.apps.process.views.whatif import trial_link
from steelyard.apps.process.words import approvals as words
from steelyard.apps.process.words import troubles
from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.approvals import Approval, Overlap
from steelyard.web import numbers
from steelyard.web.doors import door

# Overlaps of less of the cases than this are chance meetings.
SHOWN_OVERLAP = 0.2


@door("process.see")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    return page(request, "process_approvals", "process/approvals.html", approval_parts)


def approval_parts(seen: Seen) -> dict[str, Any]:
    found = sorted(approvals_of(seen), key=words.urgency)
    return {
        "headline": words.headline(found, currency=settings.STEELYARD_CURRENCY),
        "lede": words.lede(found, currency=settings.STEELYARD_CURRENCY),
        "approvals": [{**approval_line(each), "trial": trial_link(seen, each)} for each in found],
    }


def approval_line(each: Approval) -> dict[str, Any]:
    return {
        "name": words.step_name(each.activity, each.turn),
        "code": each.proposal,
        "proposal": words.proposal_name(each.proposal),
        "is_clear": each.proposal in words.CLEAR,
        "reasons": [words.reason_words(code, told) for code, told in each.reasons],
        "cases": numbers.count(each.cases),
        "approved": numbers.percent(each.approve_rate),
        "approved_interval": interval(each.low, each.high),
        "affected": numbers.percent(each.affected_rate),
        "affected_interval": interval(each.affected_low, each.affected_high),
        "changed": numbers.count(each.changed),
        "rejected": numbers.count(each.rejected),
        "sent_back": numbers.count(each.changed_after.sent_back),
        "approvers": numbers.count(each.approvers),
        "median": duration(each.median_wait_s),
        "total": duration(each.total_wait_s),
        "work": duration(None if each.work_hours is None else each.work_hours * 3600),
        "cost": numbers.money(each.cost, currency=settings.STEELYARD_CURRENCY),
        "saving": words.saving_words(each),
        "has_saving": each.saving is not None,
        "overlaps": [overlap_line(other) for other in each.overlap if other.share_of_cases >= SHOWN_OVERLAP],
    }


def interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else troubles.interval(low, high)


def overlap_line(each: Overlap) -> dict[str, str]:
    return {
        "name": words.step_name(each.activity, each.turn),
        "cases": numbers.percent(each.share_of_cases, digits=0),
        "person": numbers.percent(each.same_performer, digits=0),
        "decision": numbers.percent(each.same_decision, digits=0),
    }
