"""The lenses of a diagnosis: what explains the gap, what does not, and what cannot be told."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.causes.models import LENSES, Cause, Evidence
from steelyard.apps.causes.queries.reading import ReportReading
from steelyard.apps.causes.queries.seen import (
    causes_of,
    diagnosis_for,
    standing_evidence,
    withdrawn_evidence,
)
from steelyard.apps.causes.queries.testing import JOB
from steelyard.apps.causes.views.frame import frame, report_of
from steelyard.apps.causes.views.lines import (
    Beside,
    CauseLine,
    LensLine,
    by_lens,
    cause_lines,
    evidence_lines,
    lens_line,
)
from steelyard.apps.causes.words import amounts, headline
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.actions import enqueue
from steelyard.apps.jobs.queries import newest_job
from steelyard.apps.jobs.views import actor_of, address
from steelyard.apps.jobs.words import outcome, step
from steelyard.web.doors import can, door

# In the panel, most first.
ORDER = (Cause.Status.CONFIRMED, Cause.Status.TESTED, Cause.Status.HYPOTHESIS, Cause.Status.REJECTED)


@door("causes.see")
@never_cache
@require_safe
def lenses(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    report = report_of(diagnosis)
    evidence = standing_evidence(request.user, diagnosis)
    causes = cause_lines(diagnosis, causes_of(diagnosis), evidence)
    gone = [
        each for each in withdrawn_evidence(request.user, diagnosis) if not (each.cause_id or each.why_id)
    ]
    shown = {
        "headline": headline.headline(report),
        "lede": headline.lede(report),
        "lines": lens_lines(request.user, diagnosis, report, evidence, causes),
        "causes": ordered(causes),
        "gone": evidence_lines(request.user, diagnosis, gone),
        "unexplained": amounts.share(report.unexplained) if report else "",
        "is_tested": report is not None,
        "may_import": can(request.user, "data.import"),
    }
    return render(
        request,
        "causes/lenses.html",
        shown | frame(request, diagnosis, "lenses") | working(request, diagnosis),
    )


@door("causes.edit")
@require_POST
def test(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask for the test; the page of the lenses shows how far it is."""
    diagnosis = diagnosis_for(request.user, public_id)
    running = newest_job(request.user, [JOB], {"diagnosis": public_id})
    if running is None or not running.is_open:
        enqueue(actor_of(request), JOB, {"diagnosis": diagnosis.public_id})
    return redirect("lenses", diagnosis.public_id)


@door("causes.see")
@require_safe
def panel(request: HttpRequest, public_id: str) -> HttpResponse:
    """Which cause fits: for the page of the diagnosis, which asks for it by its address."""
    diagnosis = diagnosis_for(request.user, public_id)
    report = report_of(diagnosis)
    evidence = standing_evidence(request.user, diagnosis)
    shown = {
        "diagnosis": diagnosis,
        "sentence": headline.headline(report),
        "is_tested": report is not None,
        "lines": lens_lines(request.user, diagnosis, report, [], []),
        "causes": ordered(cause_lines(diagnosis, causes_of(diagnosis), evidence)),
        "may_edit": can(request.user, "causes.edit"),
    }
    return render(request, "causes/panel.html", shown)


def lens_lines(
    viewer: Any,
    diagnosis: Diagnosis,
    report: ReportReading | None,
    evidence: Sequence[Evidence],
    causes: Sequence[CauseLine],
) -> list[LensLine]:
    """By what explains most; evidence that belongs to a cause is shown with that cause."""
    alone = [each for each in evidence if each.lens and each.cause_id is None and each.why_id is None]
    beside = Beside(
        causes=by_lens(causes, lambda each: each.cause.lens),
        evidence=by_lens(evidence_lines(viewer, diagnosis, alone), lambda each: each.evidence.lens),
    )
    order = [each.lens for each in report.lenses] if report else list(LENSES)
    return [lens_line(report, lens, beside) for lens in order]


def ordered(causes: Sequence[CauseLine]) -> list[CauseLine]:
    return sorted(causes, key=lambda each: ORDER.index(Cause.Status(each.cause.status)))


def working(request: HttpRequest, diagnosis: Diagnosis) -> dict[str, Any]:
    """The viewer's own test that runs, or how the last one failed."""
    job = newest_job(request.user, [JOB], {"diagnosis": diagnosis.public_id})
    if job is None or job.state == "done":
        return {"job": None}
    return {
        "job": job,
        "step": step(job),
        "total": job.total if job.done else 0,
        "outcome": outcome(job),
        "address": address(job, after=reverse("lenses", args=[diagnosis.public_id])),
    }
