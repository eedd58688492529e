"""Declared flows: what there is, how the log keeps to one, and the form that declares or changes it."""

import io
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.jobs.views import actor_of
from steelyard.apps.process.actions.flows import change_flow, declare_flow, end_flow, restore_flow
from steelyard.apps.process.forms.flows import (
    FlowForm,
    StepForm,
    document_of,
    flow_initial,
    rearranged,
    steps_of,
    steps_sent,
)
from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries import findings
from steelyard.apps.process.queries.flows import (
    checked,
    choice_of,
    declared_of,
    flow_seen_by,
    history,
    is_in_force,
    log_for_flow,
    may_change,
    standing_flows,
    versions_of,
    words_of,
)
from steelyard.apps.process.queries.hours import calendar_in_force, calendars_for
from steelyard.apps.process.queries.seen import Asked, Seen
from steelyard.apps.process.views.exports import WRITERS, seen_or_refuse
from steelyard.apps.process.views.flow_lines import (
    adherence_chart,
    breach_lines,
    deviation_lines,
    flow_sheet,
    step_cards,
)
from steelyard.apps.process.views.frame import asked_of, bar, page, query_of, tabs
from steelyard.apps.process.views.ways import folded
from steelyard.apps.process.words import flows as words
from steelyard.engine.process.declared import MARKETING_FLOW, Step, flow_of_variant
from steelyard.engine.process.declared import Flow as Declared
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.downloads import attachment
from steelyard.web.words import sentence

YAML = "application/yaml; charset=utf-8"
BLANK = Declared("flow", {"en": "", "zh": ""}, (Step("step-1", {"en": "", "zh": ""}, ()),))


@door("process.see")
@require_safe
def flows(request: HttpRequest) -> HttpResponse:
    """The flows of a process, and what one could be declared from."""
    return page(request, "process_flows", "process/flows.html", lambda seen: flows_parts(request, seen))


def flows_parts(request: HttpRequest, seen: Seen) -> dict[str, Any]:
    process = seen.asked.process or ""
    lines = [flow_line(request, each, seen.asked) for each in standing_flows(request.user, process)]
    kept = [line for line in lines if line and line["is_in_force"]]
    choice = choice_of(seen)
    return {
        "headline": kept[0]["told"] if kept else words.none_headline(process),
        "lede": _("Once a flow is declared, every case is held against it: what is left out, added, late."),
        "flows": [line for line in lines if line],
        "may_keep": can(request.user, "process.keep"),
        "choice": words.choice_words(choice),
        "best": folded(choice.best) if choice.best else [],
        "best_query": query_of(seen.asked, **{"from": "variant", "way": way_of(seen, choice.best)}),
        "template_query": query_of(seen.asked, **{"from": "template"}),
        "template_steps": [words_of(step.names, language()) for step in MARKETING_FLOW.steps],
    }


def flow_line(request: HttpRequest, flow: Flow, asked: Asked) -> dict[str, Any] | None:
    seen = log_for_flow(request.user, flow, asked)
    if seen is None:
        return None
    return {
        "href": f"{reverse('process_flow', args=[flow.public_id])}{query_of(seen.asked)}",
        "name": words.flow_name(flow),
        "kind": words.kind_name(flow.kind),
        "told": words.headline(flow, checked(seen, flow)),
        "span": words.span_words(flow),
        "is_in_force": is_in_force(flow),
        "version": flow.version,
    }


def way_of(seen: Seen, path: tuple[str, ...] | None) -> str:
    """Its place among the ways of the log, as an address names it."""
    paths = [each.path for each in findings.variants_of(seen)]
    return str(paths.index(path)) if path in paths else ""


@door("process.see")
@require_safe
def flow(request: HttpRequest, public_id: str) -> HttpResponse:
    """How the cases keep to a flow since it holds, step by step."""
    found = flow_seen_by(request.user, public_id)
    seen = log_for_flow(request.user, found, asked_of(request.GET))
    if seen is None:
        raise Refused("process.no-log", 409)
    held = checked(seen, found)
    check = held.trial or held.check
    versions = versions_of(found)
    names = words.step_names(found)
    shown = {
        "headline": words.headline(found, held),
        "lede": words.lede(found, held),
        "flow": found,
        "kind": words.kind_name(found.kind),
        "span": words.span_words(found),
        "is_trial": held.trial is not None,
        "is_unmatched": words.is_unmatched(found, held),
        "check": check,
        "chart": adherence_chart([(found, check)] if held.trial else history(seen, versions)),
        "deviations": deviation_lines(check, names),
        "breaches": breach_lines(check, names),
        "untouched": listed([names[key] for key in check.untouched if key in names]),
        "steps": step_cards(declared_of(found)),
        "versions": [version_line(each, found) for each in versions],
        "may_change": may_change(request.user, found),
        "newest": versions[0],
        "today": timezone.localdate(),
        **around(request, seen),
    }
    return render(request, "process/declared.html", shown)


def version_line(each: Flow, here: Flow) -> dict[str, Any]:
    return {
        "flow": each,
        "span": words.span_words(each),
        "is_here": each.pk == here.pk,
        "by": each.actor.name if each.actor else "",
        "is_in_force": is_in_force(each),
    }


def around(request: HttpRequest, seen: Seen) -> dict[str, Any]:
    """The room's frame about the log of a flow; its process is not to be chosen."""
    return {
        "seen": seen,
        "tabs": tabs("process_flows", seen.asked, request.user),
        "bar": {**bar(request, seen, {}), "process": []},
        "query": query_of(seen.asked),
    }


@door("process.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Declare a flow: from the template, from a way that cases take, or from nothing."""
    seen = seen_or_refuse(request)
    start, kind = start_of(request, seen)

    def act(document: dict[str, Any], given: dict[str, Any]) -> Flow:
        return declare_flow(
            actor_of(request),
            document,
            process=seen.asked.process or "",
            kind="standard" if given["kind"] == "standard" else "declared",
            valid_from=given["valid_from"],
            teams=seen.teams,
            note=given["note"],
        )

    shown = {"headline": _("How ought the work to go?"), "activities": findings.activities_of(seen.log)}
    return edited(request, start, act, shown=shown | around(request, seen), kind=kind, based_on=0)


def start_of(request: HttpRequest, seen: Seen) -> tuple[Declared, str]:
    begin, way = request.GET.get("from", ""), request.GET.get("way", "")
    if begin == "template":
        return MARKETING_FLOW, "declared"
    ways = findings.variants_of(seen)
    if begin == "variant" and way.isdecimal() and int(way) < len(ways):
        calendars = calendars_for(seen, calendar_in_force())
        return flow_of_variant(ways[int(way)], log=seen.log, calendars=calendars), "standard"
    return BLANK, "declared"


@door("process.keep")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new version of a flow."""
    found = flow_seen_by(request.user, public_id)
    if not may_change(request.user, found):
        raise Refused("access.denied", 404)
    newest = versions_of(found)[0]
    seen = log_for_flow(request.user, found, Asked(found.process))
    if seen is None:
        raise Refused("process.no-log", 409)
    sent = request.POST.get("based_on", "")
    based_on = int(sent) if sent.isdecimal() and len(sent) < 10 else newest.version

    def act(document: dict[str, Any], given: dict[str, Any]) -> Flow:
        return change_flow(
            actor_of(request),
            found,
            document,
            based_on=based_on,
            valid_from=given["valid_from"],
            note=given["note"],
        )

    shown = {
        "headline": _("A new version of “%(name)s”") % {"name": words.flow_name(newest)},
        "activities": findings.activities_of(seen.log),
        "flow": found,
        "newest": newest,
        **around(request, seen),
    }
    return edited(request, declared_of(newest), act, shown=shown, kind=found.kind, based_on=based_on)


def edited(
    request: HttpRequest,
    start: Declared,
    act: Callable[[dict[str, Any], dict[str, Any]], Flow],
    *,
    shown: dict[str, Any],
    kind: str,
    based_on: int,
) -> HttpResponse:
    """The form of a flow; sent, it is saved, or comes back rearranged or with what is wrong."""
    if request.method != "POST":
        initial = {**flow_initial(start), "kind": kind, "valid_from": timezone.localdate()}
        return form_page(request, FlowForm(initial=initial), steps_of(start), shown, based_on=based_on)
    form, steps = FlowForm(request.POST), steps_sent(request.POST)
    moved = rearranged(steps, request.POST.get("do", ""))
    if moved is not None:
        typed = FlowForm(initial={name: form[name].value() for name in form.fields})
        return form_page(request, typed, moved, shown, based_on=based_on)
    document = document_of(form, steps)
    if document is None:
        return form_page(request, form, steps, shown, based_on=based_on, status=422)
    try:
        made = act(document, form.cleaned_data)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        form.add_error("valid_from" if "day" in refusal.params else None, sentence(refusal))
        newest = shown["newest"].version if "newest" in shown else based_on
        return form_page(request, form, steps, shown, based_on=newest, status=422)
    messages.success(request, _("Saved as version %(version)s.") % {"version": made.version})
    return redirect("process_flow", made.public_id)


def form_page(
    request: HttpRequest,
    form: FlowForm,
    steps: Sequence[StepForm],
    shown: dict[str, Any],
    *,
    based_on: int,
    status: int = 200,
) -> HttpResponse:
    named = {name.casefold() for step in steps for name in str(step["activities"].value() or "").splitlines()}
    context = {
        "form": form,
        "steps": [
            {
                "form": step,
                "name": (step.called if language().startswith("zh") else step.called_en) or _("A new step"),
                "is_open": bool(step.errors) or not step.called,
            }
            for step in steps
        ],
        "based_on": based_on,
        "missing": listed([name for name in shown["activities"] if name.casefold() not in named]),
        **shown,
    }
    return render(request, "process/declared_form.html", context, status=status)


@door("process.keep")
@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    """Undo: this version again, from today on, or from when the newest holds if that is later."""
    found = flow_seen_by(request.user, public_id)
    newest = versions_of(found)[0]
    day = max(timezone.localdate(), newest.valid_from)
    return decided(
        request,
        found,
        lambda: restore_flow(actor_of(request), found, based_on=newest.version, valid_from=day),
        _("The earlier version holds again."),
    )


@door("process.keep")
@require_POST
def end(request: HttpRequest, public_id: str) -> HttpResponse:
    found = flow_seen_by(request.user, public_id)
    act = lambda: end_flow(actor_of(request), found, day=timezone.localdate())  # noqa: E731  passed on at once
    return decided(request, found, act, _("From today on the flow holds no more."))


def decided(request: HttpRequest, found: Flow, act: Callable[[], Flow], told: str) -> HttpResponse:
    made = found
    try:
        made = act()
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, told)
    return redirect("process_flow", made.public_id)


@door("process.see")
@require_safe
def as_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """The flow as YAML."""
    found = declared_of(flow_seen_by(request.user, public_id))
    return attachment(found.as_yaml().encode(), "flow.yaml", YAML)


@door("process.see")
@require_safe
def table(request: HttpRequest, public_id: str, name: str, form: str) -> HttpResponse:
    """Deviations, time limits or months of a flow, all of their rows."""
    found = flow_seen_by(request.user, public_id)
    seen = log_for_flow(request.user, found, asked_of(request.GET))
    if seen is None:
        raise Refused("process.no-log", 409)
    held = checked(seen, found)
    sheet = flow_sheet(name, held.trial or held.check, words.step_names(found))
    write, kind = WRITERS[form]
    target = io.BytesIO()
    write(target, sheet.columns, [sheet.rows])
    return attachment(target.getvalue(), f"{name}.{form}", kind)


def listed(names: Sequence[str]) -> str:
    return ("、" if language().startswith("zh") else ", ").join(names)


def language() -> str:
    return get_language() or "en"
