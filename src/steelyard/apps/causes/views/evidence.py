"""Evidence: choose its kind, bring it, take its file along, withdraw it and bring it back."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.causes import actions
from steelyard.apps.causes.actions.evidence import FILE_SIZE, file_root
from steelyard.apps.causes.forms import EvidenceForm, FigureForm, FileForm, SurveyForm
from steelyard.apps.causes.models import LENSES, Cause, Evidence, Why
from steelyard.apps.causes.queries.figures import periods_known
from steelyard.apps.causes.queries.seen import cause_of, diagnosis_for, evidence_of, why_of
from steelyard.apps.causes.queries.surveys import survey_cells
from steelyard.apps.causes.queries.talk import comments_on
from steelyard.apps.causes.views.frame import frame
from steelyard.apps.causes.words import names
from steelyard.apps.data.views.files import on_disk
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.units import units_seen_by
from steelyard.apps.measure.words import names as measure
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.downloads import disposition
from steelyard.web.words import sentence

Kind = Evidence.Kind
form_page = require_http_methods(["GET", "HEAD", "POST"])
Places = dict[str, Any]


@door("causes.edit")
@form_page
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    """`?kind=` says which form; `?lens=`, `?cause=` or `?why=` beside what it will stand."""
    diagnosis = diagnosis_for(request.user, public_id)
    places = places_of(request, diagnosis)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Kind.values else Kind.INTERVIEW
    form = form_for(request, kind, diagnosis)
    if refused := getattr(request, "upload_refused", None):
        form.add_error("file", sentence(refused))
    if form.is_bound and form.is_valid():
        try:
            bring(request, diagnosis, kind, form, places)
        except Refused as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, _("Added."))
            return redirect(page_of(diagnosis, places))
    shown = {
        "form": form,
        "kind": kind,
        "kind_name": names.kind_name(kind),
        "kinds": kind_tabs(request, kind),
        "has_choices": kind != Kind.SURVEY or bool(getattr(form, "cells", None)),
        "beside": beside_name(places),
        "citable": citable(request, diagnosis, kind),
        "back": page_of(diagnosis, places),
        "limit": FILE_SIZE,
    }
    status = 422 if form.is_bound else 200
    return render(request, "causes/new_evidence.html", shown | frame(request, diagnosis, ""), status=status)


def places_of(request: HttpRequest, diagnosis: Diagnosis) -> Places:
    """Beside a cause, an answer or a lens, as the address says."""
    asked = request.GET
    if key := asked.get("cause", ""):
        return {"cause": cause_of(diagnosis, key)}
    if key := asked.get("why", ""):
        return {"why": why_of(diagnosis, key)}
    lens = asked.get("lens", "")
    return {"lens": lens if lens in LENSES else LENSES[0]}


def page_of(diagnosis: Diagnosis, places: Places) -> str:
    """Back to where the evidence stands."""
    if cause := places.get("cause"):
        return reverse("cause", args=[diagnosis.public_id, cause.public_id])
    if why := places.get("why"):
        return reverse("whys", args=[diagnosis.public_id]) + f"#why-{why.public_id}"
    return reverse("lenses", args=[diagnosis.public_id]) + f"#lens-{places['lens']}"


def beside_name(places: Places) -> str:
    above: Cause | Why | None = places.get("cause") or places.get("why")
    return above.text if above else names.lens_name(places["lens"])


def kind_tabs(request: HttpRequest, kind: str) -> list[dict[str, Any]]:
    tabs = []
    for each in Kind.values:
        query = request.GET.copy()
        query["kind"] = each
        tabs.append(
            {"label": names.kind_name(each), "href": f"?{query.urlencode()}", "is_here": each == kind}
        )
    return tabs


def form_for(request: HttpRequest, kind: str, diagnosis: Diagnosis) -> EvidenceForm:
    sent = request.POST if request.method == "POST" else None
    if kind == Kind.FILE:
        return FileForm(sent, request.FILES if sent is not None else None)
    if kind == Kind.SURVEY:
        return SurveyForm(sent, cells=survey_cells(request.user))
    if kind == Kind.FIGURE:
        return FigureForm(
            sent,
            initial={"kpi": diagnosis.kpi, "period": diagnosis.period} | request.GET.dict(),
            kpis=[(kpi.id, measure.kpi_name(kpi)) for kpi in known_kpis().values()],
            periods=[(period.label, measure.period_name(period)) for period in periods_known()],
            units=[(unit.key, measure.unit_name(unit)) for unit in units_seen_by(request.user)],
        )
    return EvidenceForm(sent, initial=cited(request, diagnosis) if kind == Kind.COMMENT else {})


def cited(request: HttpRequest, diagnosis: Diagnosis) -> dict[str, Any]:
    """The comment that `?cite=` names, as the form's first words."""
    key = request.GET.get("cite", "")
    said = next((each for each in comments_on(request.user, diagnosis) if each.public_id == key), None)
    if said is None:
        return {}
    day = timezone.localdate(said.created_at)
    return {"text": said.text, "source": said.author.name, "happened_on": day}


def citable(request: HttpRequest, diagnosis: Diagnosis, kind: str) -> list[dict[str, str]]:
    """What was said about the diagnosis and its causes, each with the address that cites it."""
    found = []
    for comment in comments_on(request.user, diagnosis) if kind == Kind.COMMENT else []:
        query = request.GET.copy()
        query["cite"] = comment.public_id
        found.append({"text": comment.text, "by": comment.author.name, "href": f"?{query.urlencode()}"})
    return found


def bring(request: HttpRequest, diagnosis: Diagnosis, kind: str, form: EvidenceForm, places: Places) -> None:
    actor, told = actor_of(request), form.cleaned_data
    shared = {"text": told["text"], "audience": told["audience"], **places}
    if isinstance(form, SurveyForm):
        cell = form.cells[told["cell"]]
        asked = {"wave": cell.wave, "team": cell.team, "question": cell.question}
        actions.add_survey_cell(actor, diagnosis, **asked, **shared)
    elif isinstance(form, FigureForm):
        asked = {name: told[name] for name in ("kpi", "period", "unit")}
        actions.add_figure(actor, diagnosis, **asked, **shared)
    else:
        shared |= {"kind": kind, "source": told["source"], "happened_on": told["happened_on"]}
        if kind == Kind.FILE:
            bring_file(request, diagnosis, told["file"], shared)
        else:
            actions.add_evidence(actor, diagnosis, **shared)


def bring_file(request: HttpRequest, diagnosis: Diagnosis, upload: UploadedFile, shared: Places) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = on_disk(upload, Path(folder) / "file")
        actions.add_evidence(actor_of(request), diagnosis, file=(path, upload.name or "file"), **shared)


@door("causes.see")
@require_safe
def file(request: HttpRequest, public_id: str, key: str) -> HttpResponseBase:
    """Always to take along, never to be shown by the browser: nobody has looked into it."""
    diagnosis = diagnosis_for(request.user, public_id)
    found = evidence_of(request.user, diagnosis, key)
    path = file_root() / "quarantine" / "originals" / found.file_sha256
    if not found.file_sha256 or found.withdrawn_at is not None or not path.is_file():
        raise Refused("access.denied", 404)
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = disposition(found.file_name)
    return response


@door("causes.edit")
@require_POST
def withdraw(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = evidence_of(request.user, diagnosis, key)
    actions.withdraw_evidence(actor_of(request), found)
    messages.success(request, _("Withdrawn. It can be brought back below."))
    return redirect(back_to(request, diagnosis, found))


@door("causes.edit")
@require_POST
def restore(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = evidence_of(request.user, diagnosis, key)
    actions.restore_evidence(actor_of(request), found)
    return redirect(back_to(request, diagnosis, found))


def back_to(request: HttpRequest, diagnosis: Diagnosis, found: Evidence) -> str:
    """The page that asked; without one, where the evidence stands."""
    sent = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(sent, {request.get_host()}, require_https=request.is_secure()):
        return sent
    place: Places = {"cause": found.cause} if found.cause else {"why": found.why} if found.why else {}
    return page_of(diagnosis, place or {"lens": found.lens})
