"""Countermeasures: options against causes, compared before one becomes a goal or an initiative."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.causes import actions
from steelyard.apps.causes.errors import Overtaken
from steelyard.apps.causes.forms import CountermeasureForm
from steelyard.apps.causes.models import Cause, Countermeasure
from steelyard.apps.causes.queries.seen import (
    causes_of,
    countermeasure_of,
    countermeasures_of,
    diagnosis_for,
    wordings_of,
)
from steelyard.apps.causes.views.frame import frame
from steelyard.apps.causes.views.lines import former_lines
from steelyard.apps.causes.views.overtaken import overtaken_page
from steelyard.apps.causes.words import countermeasures as words
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])
Key = Callable[[Countermeasure], Any]
# What is wished for first: much impact, little effort, little risk.
ORDERS: dict[str, Key] = {
    "worth": lambda each: (-(each.impact - (each.effort + each.risk) / 2), -each.impact, each.pk),
    "impact": lambda each: (-each.impact, each.effort, each.risk, each.pk),
    "effort": lambda each: (each.effort, -each.impact, each.risk, each.pk),
    "risk": lambda each: (each.risk, -each.impact, each.effort, each.pk),
    "cause": lambda each: (each.cause_id, -each.impact, each.pk),
}


@door("causes.see")
@require_safe
def options(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    every = list(countermeasures_of(diagnosis))
    asked = request.GET.get("sort", "")
    order = asked if asked in ORDERS else "worth"
    standing = sorted((each for each in every if each.withdrawn_at is None), key=ORDERS[order])
    causes = open_causes(diagnosis)
    shown = {
        "headline": words.headline(standing),
        "options": standing,
        "withdrawn": [each for each in every if each.withdrawn_at is not None],
        "order": order,
        "orders": [
            {"name": name, "label": label, "is_here": name == order} for name, label in words.columns()
        ],
        "causes": causes,
        "is_unconfirmed": any(not each.cause.is_confirmed for each in standing),
    }
    return render(
        request, "causes/countermeasures.html", shown | frame(request, diagnosis, "countermeasures")
    )


@door("causes.edit")
@form_page
def new(request: HttpRequest, public_id: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    initial = {"cause": request.GET.get("cause", "")}
    form = CountermeasureForm(request.POST or None, initial=initial, causes=open_causes(diagnosis))
    if form.is_valid():
        told = dict(form.cleaned_data)
        del told["version"]
        try:
            actions.add_countermeasure(actor_of(request), form.causes[told.pop("cause")], **told)
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            return redirect("countermeasures", public_id)
    shown = {"form": form} | frame(request, diagnosis, "")
    return render(request, "causes/new_countermeasure.html", shown, status=422 if form.is_bound else 200)


@door("causes.edit")
@form_page
def change(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    found = countermeasure_of(diagnosis, key)
    names = ("text", "impact", "effort", "risk", "note", "version")
    initial = {name: getattr(found, name) for name in names} | {"cause": found.cause.public_id}
    form = CountermeasureForm(request.POST or None, initial=initial, causes=[found.cause])
    around = frame(request, diagnosis, "")
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in names if name != "version"}
        try:
            actions.change_countermeasure(actor_of(request), found, based_on=form.based_on, **told)
        except Overtaken as overtaken:
            hidden = {**told, "cause": found.cause.public_id}
            del hidden["text"]
            return overtaken_page(request, around, overtaken, hidden=hidden)
        except Refused as refused:
            form.add_error("text", sentence(refused))
        else:
            return redirect("countermeasures", public_id)
    shown = {"form": form, "option": found, "former": former_lines(wordings_of(found.public_id))}
    status = 422 if form.is_bound else 200
    return render(request, "causes/change_countermeasure.html", shown | around, status=status)


@door("causes.confirm")
@require_POST
def choose(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    return _do(request, public_id, key, actions.choose, _("Chosen."))


@door("causes.confirm")
@require_POST
def release(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    return _do(request, public_id, key, actions.choose_none, _("No longer chosen."))


@door("causes.edit")
@require_POST
def withdraw(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    told = _("Withdrawn. It can be brought back below.")
    return _do(request, public_id, key, actions.withdraw_countermeasure, told)


@door("causes.edit")
@require_POST
def restore(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    return _do(request, public_id, key, actions.restore_countermeasure, _("Brought back."))


def open_causes(diagnosis: Diagnosis) -> list[Cause]:
    """Those that were not rejected, the confirmed ones first."""
    found = causes_of(diagnosis).exclude(status=Cause.Status.REJECTED)
    return sorted(found, key=lambda each: (not each.is_confirmed, each.pk))


def _do(
    request: HttpRequest, public_id: str, key: str, action: Callable[..., None], told: str
) -> HttpResponse:
    diagnosis = diagnosis_for(request.user, public_id)
    action(actor_of(request), countermeasure_of(diagnosis, key))
    messages.success(request, told)
    return redirect("countermeasures", public_id)
