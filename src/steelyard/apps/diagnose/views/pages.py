"""The pages of diagnosing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.diagnose import actions
from steelyard.apps.diagnose.forms import QuestionForm
from steelyard.apps.diagnose.queries.asking import Where, parse_where, question, where_texts
from steelyard.apps.diagnose.queries.choices import Choices, choices_for, likely_baseline, values_for
from steelyard.apps.diagnose.queries.comparing import compare as compared
from steelyard.apps.diagnose.queries.reading import reading_of
from steelyard.apps.diagnose.queries.saved import (
    diagnoses_seen_by,
    diagnosis_seen_by,
    is_outdated,
    others_of_kpi,
)
from steelyard.apps.diagnose.views.comparison import comparison_sheet
from steelyard.apps.diagnose.views.listing import lines_of
from steelyard.apps.diagnose.views.parts import sheet_of, title_of
from steelyard.apps.diagnose.words import names
from steelyard.apps.measure.queries.cuts import labels_of
from steelyard.apps.measure.queries.figures import dimensions_of
from steelyard.apps.measure.views.links import where_asked
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.pages import page_of
from steelyard.web.words import say

PER_PAGE = 20


@door("diagnose.see")
@require_safe
def diagnoses(request: HttpRequest) -> HttpResponse:
    """Saved diagnoses, and the form for the next one."""
    choices = choices_for(request.user)
    page = page_of(request, diagnoses_seen_by(request.user), size=PER_PAGE)
    shown = {
        "page": page,
        "lines": lines_of(page.object_list),
        "can_import": can(request.user, "data.import"),
    }
    return render(request, "diagnose/list.html", shown | form_parts(request, choices, {}))


@door("diagnose.start")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled in from the address; sending it makes the diagnosis."""
    choices = choices_for(request.user)
    if request.method == "POST" and choices is not None:
        return start(request, choices)
    shown = form_parts(request, choices, request.GET.dict(), where=where_asked(request.GET))
    shown |= {"can_import": can(request.user, "data.import")}
    return render(request, "diagnose/new.html", shown)


def start(request: HttpRequest, choices: Choices) -> HttpResponse:
    form = QuestionForm(request.POST, choices=choices)
    where: Where = {}
    if form.is_valid():
        try:
            where = where_of(request)
            made = actions.start_diagnosis(request.user, where=where, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("diagnosis", made.public_id)
        except Refused as refused:
            if refused.status == 404 and refused.code == "access.denied":
                raise
            form.add_error(None, refusal_words(refused))
    shown = form_parts(request, choices, request.POST.dict(), where=where) | {"form": form}
    return render(request, "diagnose/new.html", shown, status=422)


def refusal_words(refused: Refused) -> str:
    """With a period by its name."""
    period = str(refused.params.get("period", ""))
    return say(refused.code, **refused.params | ({"period": names.period_name(period)} if period else {}))


@door("diagnose.start")
@require_safe
def values(request: HttpRequest) -> HttpResponse:
    """The values of a dimension, as the list of a text field."""
    kpi, period = request.GET.get("kpi", ""), request.GET.get("period", "")
    asked = question(request.user, kpi=kpi, period=period, against="year-ago")
    dimension = request.GET.get("dimension", "")
    known = dimension in dimensions_of(request.user, kpi)
    shown = {"values": values_for(asked, dimension) if known else []}
    return render(request, "diagnose/values.html", shown)


@door("diagnose.see")
@require_safe
def diagnosis(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    sheet = sheet_of(found)
    asked = {"kpi": found.kpi, "period": found.period, "against": found.against}
    shown = {
        "sheet": sheet,
        "title": title_of(sheet),
        "is_outdated": is_outdated(found),
        "may_see_quality": can(request.user, "data.quality"),
        "others": lines_of(others_of_kpi(request.user, found)),
    }
    parts = form_parts(request, choices_for(request.user), asked, where=found.where, auto_id="pill_%s")
    return render(request, "diagnose/diagnosis.html", parts | shown)


@door("diagnose.start")
@require_POST
def note(request: HttpRequest, public_id: str) -> HttpResponse:
    found = diagnosis_seen_by(request.user, public_id)
    actions.write_note(request.user, found, request.POST.get("note", ""))  # type: ignore[arg-type]
    messages.success(request, _("Saved."))
    return redirect("diagnosis", found.public_id)


@door("diagnose.see")
@require_safe
def compare(request: HttpRequest, public_id: str) -> HttpResponse:
    """Side by side with another one of the same KPI, the older on the left."""
    one = diagnosis_seen_by(request.user, public_id)
    other = diagnosis_seen_by(request.user, request.GET.get("with", ""))
    if one.kpi != other.kpi:
        raise Refused("diagnose.other-kpi", 409)
    before, now = sorted((one, other), key=lambda each: (each.period, each.pk))
    both = compared(reading_of(before.result), reading_of(now.result))
    return render(request, "diagnose/compare.html", {"sheet": comparison_sheet(before, now, both)})


def form_parts(
    request: HttpRequest,
    choices: Choices | None,
    asked: dict[str, Any],
    *,
    where: Where | None = None,
    auto_id: str = "id_%s",
) -> dict[str, Any]:
    """The form with what was asked, or with what is most likely asked next."""
    if choices is None or not choices.kpis:
        return {"form": None, "choices": choices}
    kpi = asked.get("kpi") or choices.kpis[0].id
    period = asked.get("period") or (choices.start.label if choices.start else "")
    against = asked.get("against") or likely_baseline(request.user, kpi, period)
    initial = {"kpi": kpi, "period": period, "against": against}
    known = {each.id for each in choices.kpis}
    dimensions = dimensions_of(request.user, kpi) if kpi in known else []
    return {
        "form": QuestionForm(initial=initial, choices=choices, auto_id=auto_id),
        "choices": choices,
        "conditions": [
            {
                "text": text,
                "label": names.condition(name, labels_of(name, [value]).get(value, value)),
            }
            for text in where_texts(where or {})
            for name, _sign, value in [text.partition("=")]
        ],
        "dimensions": [(name, names.dimension_name(name)) for name in dimensions],
    }


def where_of(request: HttpRequest) -> dict[str, Any]:
    """The conditions that were kept, and the one that was added."""
    texts = request.POST.getlist("where")
    dimension, value = request.POST.get("dimension", ""), request.POST.get("value", "").strip()
    if dimension and value:
        texts = [*texts, f"{dimension}={value}"]
    return parse_where(texts)
