"""Declare a KPI, or a new version of one: a form and a YAML document over the same declaration."""

from collections.abc import Mapping
from typing import Any

import yaml
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.access.policy import door
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.actions import retire_definition, save_definition
from steelyard.apps.measure.forms import DefinitionForm, YamlDefinitionForm, fields_of
from steelyard.apps.measure.queries.catalogue import entry_seen
from steelyard.apps.measure.queries.declaring import declared, plain
from steelyard.apps.measure.queries.preview import preview_of
from steelyard.apps.measure.queries.versions import version_to_edit
from steelyard.apps.measure.views.previewing import preview_context
from steelyard.apps.measure.words import declarations, names
from steelyard.errors import Refused
from steelyard.web.downloads import disposition

form_page = require_http_methods(["GET", "HEAD", "POST"])
Document = dict[str, Any]
# What a new KPI starts from; `like` starts from another one.
BLANK: Document = {"kind": "count", "dimension": "results", "unit": "count", "direction": "up"}
UNNAMED = "unnamed"
UNSAID = ("id", "version", "valid_from")


@door("measure.define")
@form_page
def new_kpi(request: HttpRequest) -> HttpResponse:
    return editing(request, kpi="", start=start_of(request), based_on=0)


@door("measure.define")
@form_page
def change_kpi(request: HttpRequest, kpi: str) -> HttpResponse:
    entry_seen(request.user, kpi)
    document, based_on = version_to_edit(kpi)
    return editing(request, kpi=kpi, start=dict(document or BLANK), based_on=based_on)


@door("measure.define")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the form says at the moment would come to; nothing is kept."""
    return render(request, "measure/parts/preview.html", previewed(request, document_sent(request)))


@door("measure.define")
@require_POST
def take_back(request: HttpRequest, kpi: str) -> HttpResponse:
    based_on = number_of(request.POST.get("based_on", ""))
    retire_definition(actor_of(request), kpi, based_on=based_on, reason=request.POST.get("reason", ""))
    messages.success(request, _("Taken back. The figures are being computed anew."))
    return redirect("catalogue_kpi", kpi)


@door("measure.see")
@require_safe
def kpi_yaml(request: HttpRequest, kpi: str) -> HttpResponse:
    """The declaration as a file, to keep, to send, to start another one from."""
    entry_seen(request.user, kpi)
    response = HttpResponse(
        as_yaml(version_to_edit(kpi)[0] or {}), content_type="application/yaml; charset=utf-8"
    )
    response["Content-Disposition"] = disposition(f"{kpi}.yaml")
    return response


def start_of(request: HttpRequest) -> Document:
    """A new KPI may start from a copy of another."""
    like = request.GET.get("like", "")
    if not like:
        return dict(BLANK)
    entry_seen(request.user, like)
    return {key: value for key, value in (version_to_edit(like)[0] or {}).items() if key not in UNSAID}


def editing(request: HttpRequest, *, kpi: str, start: Document, based_on: int) -> HttpResponse:
    """One page: show the form, switch to YAML and back, save a draft, publish."""
    do = request.POST.get("do", "")
    if request.method == "POST":
        based_on = number_of(request.POST.get("based_on", ""))
    is_yaml = request.POST.get("as") == "yaml" if request.method == "POST" else False
    form = yaml_form(request) if is_yaml else form_of(request, kpi=kpi, start=start)
    if do in ("draft", "publish"):
        answer = saved(request, form, kpi=kpi, based_on=based_on, is_draft=do == "draft")
        if answer is not None:
            return answer
    elif do == "to-yaml" and isinstance(form, DefinitionForm):
        form, is_yaml = YamlDefinitionForm(initial={"text": as_yaml(form.document)}), True
    elif do == "to-form" and (document := read(request, form)) is not None:
        form, is_yaml = DefinitionForm(initial=fields_of(document), is_new=not kpi), False
    if isinstance(form, DefinitionForm):
        form.shape(request.headers.get("HX-Trigger-Name", ""))
    shown = context_of(request, form, kpi=kpi, based_on=based_on, is_yaml=is_yaml)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "measure/define.html", shown, status=status)


def form_of(request: HttpRequest, *, kpi: str, start: Document) -> DefinitionForm:
    if request.method != "POST":
        return DefinitionForm(initial=fields_of(start), is_new=not kpi)
    return DefinitionForm(request.POST, is_new=not kpi)


def yaml_form(request: HttpRequest) -> YamlDefinitionForm:
    return YamlDefinitionForm(request.POST, request.FILES)


def saved(
    request: HttpRequest,
    form: DefinitionForm | YamlDefinitionForm,
    *,
    kpi: str,
    based_on: int,
    is_draft: bool,
) -> HttpResponse | None:
    """The way to the card once it is saved; None where the form says what is wrong."""
    document = read(request, form)
    if document is not None and isinstance(form, DefinitionForm):
        form.check_complete()
    if document is None or form.errors:
        return None
    try:
        if kpi and document.get("id") != kpi:
            raise Refused("kpi.other-id", kpi=kpi, key="id")
        made = save_definition(
            actor_of(request),
            document,
            based_on=based_on,
            reason=request.POST.get("reason", ""),
            is_draft=is_draft,
        )
    except Refused as refusal:
        if refusal.code == "access.denied":
            raise
        refuse(form, refusal)
        return None
    told = _("The draft is kept.") if is_draft else _("Published. The figures are being computed anew.")
    messages.success(request, told)
    return redirect("catalogue_kpi", made.kpi)


def read(request: HttpRequest, form: DefinitionForm | YamlDefinitionForm) -> Document | None:
    """The document that was sent, in either form; None where it cannot be read."""
    if not form.is_valid():
        return None
    if isinstance(form, DefinitionForm):
        return form.document
    try:
        return document_in(request)
    except Refused as refusal:
        form.add_error("text", declarations.why_not(refusal))
        return None


def document_in(request: HttpRequest) -> Document:
    """A file that was sent wins over the text."""
    sent = request.FILES.get("file")
    text = sent.read(20_000).decode("utf-8", "replace") if sent else request.POST.get("text", "")
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Refused("kpi.bad-yaml", line=mark.line + 1 if mark else 1) from error
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if not isinstance(found, Mapping):
        raise Refused("kpi.invalid", kpi="", key="", reason="not-a-mapping")
    return dict(plain(found))


def document_sent(request: HttpRequest) -> Document | None:
    """For the preview: what is in the form, complete or not."""
    if request.POST.get("as") != "yaml":
        return DefinitionForm(request.POST, is_new=True).document
    try:
        return document_in(request)
    except Refused:
        return None  # the form itself says that it cannot be read


def previewed(request: HttpRequest, document: Document | None) -> dict[str, Any]:
    if document is None or not (document.get("formula") or document.get("date")):
        return {"preview": None}
    try:
        kpi = declared(with_stand_ins(document))
        return preview_context(preview_of(request.user, kpi))
    except Refused as refusal:
        return {"preview": None, "refused": declarations.why_not(refusal)}


def with_stand_ins(document: Document) -> Document:
    """Figures can be told before the KPI has a name."""
    words = {"en": UNNAMED, "zh": UNNAMED}
    said = {key: {**words, **document.get(key, {})} for key in ("names", "note")}
    rest = {key: value for key, value in document.items() if key not in ("gaming", "levers")}
    return {"version": 1, "id": UNNAMED, **rest, **said}


def refuse(form: DefinitionForm | YamlDefinitionForm, refusal: Refused) -> None:
    if isinstance(form, DefinitionForm):
        form.refuse(refusal)
    else:
        form.add_error(None, declarations.why_not(refusal))


def context_of(
    request: HttpRequest,
    form: DefinitionForm | YamlDefinitionForm,
    *,
    kpi: str,
    based_on: int,
    is_yaml: bool,
) -> dict[str, Any]:
    own = reverse("catalogue_change", args=[kpi]) if kpi else reverse("catalogue_new")
    shown: dict[str, Any] = {
        "form": form,
        "is_yaml": is_yaml,
        "kpi": kpi,
        "kpi_name": names.kpi_name(entry_seen(request.user, kpi).kpi) if kpi else "",
        "address": own,
        "based_on": based_on,
        "reason": request.POST.get("reason", ""),
        "back": reverse("catalogue_kpi", args=[kpi]) if kpi else reverse("catalogue"),
    }
    # The page itself waits for no figures: it asks for the preview once it is there.
    if request.POST.get("do") != "preview":
        return shown | {"preview": None, "is_open": not is_yaml}
    return shown | previewed(request, document_sent(request))


def as_yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(document), allow_unicode=True, sort_keys=False, width=100)


def number_of(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0
