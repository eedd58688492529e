"""What scorecards show and how they weigh it: versions, with their effect before they are saved."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.measure import actions
from steelyard.apps.measure.forms.template import TemplateForm
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.effects import Effects, effects_of
from steelyard.apps.measure.queries.points import default_period, newest_points
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.templates import Template, newest_templates, versions_of
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import names, totals
from steelyard.apps.measure.words import weights as words
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.errors import Refused
from steelyard.web.words import sentence

PREFIX = "weight-"


@door("measure.weights")
@require_safe
def weights(request: HttpRequest) -> HttpResponse:
    """Every template, and whom it is for."""
    rows = [
        {"template": each, "name": totals.template_name(dict(each.names)), "for": words.whom(each, staff())}
        for each in newest_templates(request.user)
    ]
    return render(
        request,
        "measure/weights.html",
        {"rows": rows, "tabs": tabs(request, "weights", unit=None, period=None)},
    )


@door("measure.weights")
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, code: str) -> HttpResponse:
    """One template: change its weights, see the effect, save that as a new version."""
    return edited(request, versions_of(request.user, code)[0], is_new=False)


@door("measure.weights")
@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request: HttpRequest) -> HttpResponse:
    """A template beside the others, to begin with like one of them."""
    listed = [each for each in newest_templates(request.user) if each.kind != UnitKind.COMPANY]
    asked = request.GET.get("like", "")
    return edited(request, next((each for each in listed if each.code == asked), listed[0]), is_new=True)


@door("measure.weights")
@require_POST
def restore_template(request: HttpRequest, code: str, version: int) -> HttpResponse:
    """Undo: an earlier version again, from the day on from which the newest holds."""
    newest = versions_of(request.user, code)[0]
    try:
        actions.restore_template(request.user, code, version, valid_from=newest.valid_from)  # type: ignore[arg-type]
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The earlier weights hold again."))
    return redirect("template", code=code)


@door("measure.weights")
@require_POST
def retire_template(request: HttpRequest, code: str) -> HttpResponse:
    try:
        newest = versions_of(request.user, code)[0]
        actions.retire_template(request.user, code, valid_from=newest.valid_from)  # type: ignore[arg-type]
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
        return redirect("template", code=code)
    messages.success(request, _("The scorecard is retired."))
    return redirect("weights")


def edited(request: HttpRequest, found: Template, *, is_new: bool) -> HttpResponse:
    """The form of a template; sent, it shows the effect or is saved."""
    kind = "" if is_new else found.kind
    if request.method != "POST":
        form = TemplateForm(kind=kind, initial=initial_of(found, is_new=is_new))
        return shown(request, found, form, typed_of(found), is_new=is_new)
    form = TemplateForm(request.POST, kind=kind)
    typed = typed_in(request, found)
    try:
        made = candidate(form, found, typed, is_new=is_new)
        if made is None:
            return shown(request, found, form, typed, is_new=is_new, status=400)
        if request.POST.get("do") == "save":
            actions.save_template(request.user, **fields_of(made))  # type: ignore[arg-type]
            messages.success(request, _("The weights are saved as a new version."))
            return redirect("template", code=made.code)
        actions.check_weights(made.weights)
        return shown(request, found, form, typed, is_new=is_new, effects=effects_of(request.user, made))
    except Refused as refusal:
        messages.error(request, sentence(refusal))
        return shown(request, found, form, typed, is_new=is_new, status=refusal.status)


def initial_of(found: Template, *, is_new: bool) -> dict[str, Any]:
    points = newest_points()
    return {
        "kind": found.kind,
        "name_en": "" if is_new else found.names["en"],
        "name_zh": "" if is_new else found.names["zh"],
        "valid_from": default_period(points).start if points else timezone.localdate(),
        "role": found.role,
        "teams": list(found.teams),
    }


def typed_of(found: Template) -> dict[str, str]:
    return {kpi: str(weight) for kpi, weight in found.weights.items()}


def typed_in(request: HttpRequest, found: Template) -> dict[str, str]:
    """KPI → the text of its cell; those of the template first, in its order."""
    given = {
        name.removeprefix(PREFIX): text.strip()[:6]
        for name, text in request.POST.items()
        if name.startswith(PREFIX) and isinstance(text, str)
    }
    order = [
        *(kpi for kpi in found.weights if kpi in given),
        *(kpi for kpi in given if kpi not in found.weights),
    ]
    return {kpi: given[kpi] for kpi in order if given[kpi]}


def candidate(form: TemplateForm, found: Template, typed: dict[str, str], *, is_new: bool) -> Template | None:
    """The template as it was typed in; None where the form itself says what is wrong."""
    if not form.is_valid():
        return None
    given = form.cleaned_data
    return Template(
        code=code_for(given["name_en"]) if is_new else found.code,
        version=0 if is_new else found.version,
        kind=given.get("kind") or found.kind,
        names={"en": given["name_en"], "zh": given["name_zh"]},
        weights={kpi: words.weight_typed(text) for kpi, text in typed.items()},
        role=given.get("role") or "",
        teams=tuple(given.get("teams") or ()),
        valid_from=given["valid_from"],
    )


def fields_of(made: Template) -> dict[str, Any]:
    names = ("code", "kind", "names", "weights", "valid_from", "role", "teams")
    return {name: getattr(made, name) for name in names}


def code_for(name: str) -> str:
    """A code of its own for a new template."""
    return f"{slugify(name)[:40] or 'scorecard'}-{datetime.datetime.now(tz=datetime.UTC):%y%m%d%H%M%S}"


def shown(
    request: HttpRequest,
    found: Template,
    form: TemplateForm,
    typed: dict[str, str],
    *,
    is_new: bool,
    effects: Effects | None = None,
    status: int = 200,
) -> HttpResponse:
    versions = [] if is_new else versions_of(request.user, found.code)
    context = {
        "form": form,
        "is_new": is_new,
        "template": found,
        "name": totals.template_name(dict(found.names)),
        "groups": groups(typed),
        "sum": words.whole_of(typed),
        "effects": words.effects(effects) if effects else None,
        "versions": [
            {"template": each, "text": words.version(each), "is_newest": place == 0}
            for place, each in enumerate(versions)
        ],
        "may_retire": bool(versions) and versions[-1].version > 0 and not found.is_retired,
    }
    return render(request, "measure/template.html", context, status=status)


def groups(typed: dict[str, str]) -> list[dict[str, Any]]:
    """Every KPI by dimension with the text of its cell, those of the template first."""
    known = known_kpis()
    order = [*(kpi for kpi in typed if kpi in known), *(kpi for kpi in known if kpi not in typed)]
    return [
        {
            "label": names.part_of_scorecard(dimension),
            "kpis": [
                {
                    "field": f"{PREFIX}{kpi}",
                    "name": names.kpi_name(known[kpi]),
                    "note": names.kpi_note(known[kpi]),
                    "value": typed.get(kpi, ""),
                }
                for kpi in order
                if known[kpi].dimension == dimension
            ],
        }
        for dimension in DIMENSIONS
        if any(known[kpi].dimension == dimension for kpi in order)
    ]
