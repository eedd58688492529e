"""A cause: named by a person or out of a lens, worded, tested, decided."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.causes import actions
from steelyard.apps.causes.errors import Overtaken
from steelyard.apps.causes.forms import CauseForm, DecisionForm
from steelyard.apps.causes.models import LENSES, Cause, Why
from steelyard.apps.causes.queries.blame import blame_in
from steelyard.apps.causes.queries.reading import lens_reading, report_reading
from steelyard.apps.causes.queries.seen import (
    cause_of,
    countermeasures_of,
    diagnosis_for,
    standing_evidence,
    why_of,
    withdrawn_evidence,
    wordings_of,
)
from steelyard.apps.causes.queries.testing import newest_run
from steelyard.apps.causes.views.findings import findings_named
from steelyard.apps.causes.views.frame import frame
from steelyard.apps.causes.views.lines import (
    Beside,
    cause_line,
    day,
    evidence_lines,
    former_lines,
    lens_line,
)
from steelyard.apps.causes.views.overtaken import overtaken_page
from steelyard.apps.causes.words import warnings
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])


@door("causes.edit")
@form_page
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """A hypothesis; or, out of a lens that was tested, a tested cause."""
    diagnosis = diagnosis_for(request.user, public_id)
    lens = request.GET.get("lens", "")
    initial = {"lens": lens if lens in LENSES else LENSES[0], "text": request.GET.get("text", "")[:500]}
    form = CauseForm(request.POST or None, initial=initial, findings=findings_named(diagnosis))
    if form.is_valid():
        try:
            made = add(request, diagnosis, form)
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            warn(request, made.text)
            return redirect("cause", public_id, made.public_id)
    shown = {"form": form, "is_tested": newest_run(diagnosis) is not None, "why": request.GET.get("why", "")}
    status = 422 if form.is_bound else 200
    return render(request, "causes/new_cause.html", shown | frame(request, diagnosis, ""), status=status)


def add(request: HttpRequest, diagnosis: Diagnosis, form: CauseForm) -> Cause:
    key = request.POST.get("why", "")
    why: Why | None = why_of(diagnosis, key) if key else None
    actor = actor_of(request)
    told = form.cleaned_data
    made = actions.add_cause(
        actor, diagnosis, lens=told["lens"], text=told["text"], finding=form.answered, why=why
    )
    run = newest_run(diagnosis)
    if run is not None and "with_test" in request.POST:
        return actions.test_cause(actor, made, run, based_on=made.version)
    return made


@door("causes.see")
@require_safe
def cause(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = cause_of(diagnosis, key)
    return render(request, "causes/cause.html", cause_parts(request, diagnosis, found))


def cause_parts(
    request: HttpRequest, diagnosis: Diagnosis, found: Cause, *, decision: DecisionForm | None = None
) -> dict[str, Any]:
    """Everything on the page of one cause."""
    run = newest_run(diagnosis)
    standing = [each for each in standing_evidence(request.user, diagnosis) if each.cause_id == found.pk]
    gone = [each for each in withdrawn_evidence(request.user, diagnosis) if each.cause_id == found.pk]
    currency = diagnosis.result["currency"]
    report = None
    if found.test:
        result = {
            "kpi": diagnosis.kpi,
            "lenses": [found.test],
            "order": [found.lens],
            "unexplained": None,
            "names": run.result.get("names") if run else {},
        }
        report = report_reading(result, currency=currency)
    named = {finding.pk: label for finding, label in findings_named(diagnosis)}
    return {
        "cause": found,
        "line": cause_line(diagnosis, found, count=len(standing)),
        "lens": lens_line(report, found.lens, Beside()),
        "test_verdict": lens_reading(found.test).verdict if found.test else "",
        "tested_on": day(found.tested_on) if found.tested_on else "",
        "has_run": run is not None,
        "finding": named.get(found.finding_id or 0, ""),
        "evidence": evidence_lines(request.user, diagnosis, standing),
        "gone": evidence_lines(request.user, diagnosis, gone),
        "decision": decision or DecisionForm(initial={"version": found.version}),
        "has_support": found.test is not None or bool(standing),
        "options": list(countermeasures_of(diagnosis).filter(cause=found, withdrawn_at=None)),
        "whys": list(found.whys.filter(parent=None, withdrawn_at=None)),
        "former": former_lines(wordings_of(found.public_id)),
        "warning": warnings.blame(blame_in(found.text)),
    } | frame(request, diagnosis, "")


@door("causes.edit")
@form_page
def change(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = cause_of(diagnosis, key)
    initial = {
        "text": found.text,
        "lens": found.lens,
        "finding": str(found.finding_id or ""),
        "version": found.version,
    }
    form = CauseForm(request.POST or None, initial=initial, findings=findings_named(diagnosis))
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.change_cause(
                actor_of(request),
                found,
                text=told["text"],
                lens=told["lens"],
                finding=form.answered,
                based_on=form.based_on,
            )
        except Overtaken as overtaken:
            hidden = {"lens": told["lens"], "finding": told["finding"]}
            return overtaken_page(request, frame(request, diagnosis, ""), overtaken, hidden=hidden)
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            warn(request, told["text"])
            return redirect("cause", public_id, key)
    shown = {"form": form, "cause": found} | frame(request, diagnosis, "")
    return render(request, "causes/change_cause.html", shown, status=422 if form.is_bound else 200)


@door("causes.edit")
@require_POST
def test(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """Hold what the lens found against the cause."""
    diagnosis = diagnosis_for(request.user, public_id)
    found, run = cause_of(diagnosis, key), newest_run(diagnosis)
    if run is None:
        raise Refused("causes.no-test", 409)
    actions.test_cause(actor_of(request), found, run, based_on=version_sent(request, found))
    return redirect("cause", public_id, key)


@door("causes.confirm")
@require_POST
def decide(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = cause_of(diagnosis, key)
    sent = request.POST.copy()
    form = DecisionForm(sent)
    if form.is_valid():
        try:
            actions.decide(
                actor_of(request),
                found,
                status=form.cleaned_data["status"],
                reason=form.cleaned_data["reason"],
                based_on=form.based_on,
            )
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("Decided."))
            return redirect("cause", public_id, key)
    found = cause_of(diagnosis, key)
    sent["version"] = str(found.version)  # what stands now was read before sending again
    shown = cause_parts(request, diagnosis, found, decision=form)
    return render(request, "causes/cause.html", shown, status=422)


@door("causes.confirm")
@require_POST
def reopen(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = cause_of(diagnosis, key)
    actions.reopen(actor_of(request), found, based_on=version_sent(request, found))
    messages.success(request, _("Reopened. The former reason is kept below."))
    return redirect("cause", public_id, key)


def version_sent(request: HttpRequest, found: Any) -> int:
    """The version that the page was made of."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else found.version


def warn(request: HttpRequest, text: str) -> None:
    """Blame of a person is pointed out, never stopped."""
    if told := warnings.blame(blame_in(text)):
        messages.warning(request, told)
