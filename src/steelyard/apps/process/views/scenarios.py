"""One what-if with what would come of it, what becomes of it, and two of them side by side."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.jobs.queries import newest_job
from steelyard.apps.jobs.views import actor_of, address
from steelyard.apps.jobs.words import outcome as outcome_words
from steelyard.apps.jobs.words import step
from steelyard.apps.process.actions.scenarios import decide_scenario, save_scenario
from steelyard.apps.process.forms.whatif import ScenarioForm
from steelyard.apps.process.models import Scenario
from steelyard.apps.process.queries.scenarios import JOB, scenario_seen_by
from steelyard.apps.process.queries.seen import Asked
from steelyard.apps.process.views.frame import query_of, tabs
from steelyard.apps.process.views.paper import told_asked
from steelyard.apps.process.words import whatif as words
from steelyard.charts import lens
from steelyard.charts.wording import Wording
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.doors import can, door
from steelyard.web.words import sentence

Held = Mapping[str, Any]
OTHERS = ("throughput_per_week", "in_progress", "work_hours")


@door("process.see")
@never_cache
@require_safe
def scenario(request: HttpRequest, public_id: str) -> HttpResponse:
    return scenario_page(request, scenario_seen_by(request.user, public_id))


@door("process.keep")
@require_POST
def save(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a name and a note to what was tried."""
    found = scenario_seen_by(request.user, public_id)
    form = ScenarioForm(request.POST)
    if not form.is_valid():
        return scenario_page(request, found, form=form, status=422)
    save_scenario(actor_of(request), found, **form.cleaned_data)
    messages.success(request, _("The scenario is saved."))
    return redirect("process_scenario", public_id)


@door("process.keep")
@require_POST
def decide(request: HttpRequest, public_id: str) -> HttpResponse:
    found = scenario_seen_by(request.user, public_id)
    try:
        decide_scenario(actor_of(request), found, request.POST.get("state", ""))
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
    return redirect("process_scenario", public_id)


@door("process.see")
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Two saved ones side by side."""
    pair = [scenario_seen_by(request.user, request.GET.get(name, "")) for name in ("one", "other")]
    if any(each.outcome is None for each in pair):
        raise Refused("process.not-worked-out", 409)
    one, other = pair
    shown = {
        "headline": words.comparing(one, other),
        "lede": words.comparing_lede(one, other),
        "pair": [scenario_line(each) for each in pair],
        "lines": [
            {"name": mine["name"], "pair": [mine, yours]}
            for mine, yours in zip(*(figures(each.outcome or {}) for each in pair), strict=False)
        ],
    }
    return render(request, "process/scenarios.html", shown | around(request, one))


def scenario_page(
    request: HttpRequest, found: Scenario, *, form: ScenarioForm | None = None, status: int = 200
) -> HttpResponse:
    context = {"scenario": found, "told": told_asked(Asked.of_json(found.asked)), **around(request, found)}
    if found.outcome is None:
        context |= unplayed(request, found)
        return render(request, "process/scenario.html", context, status=status)
    initial = {
        "name": found.name or words.capital(words.changes_words(found.changes))[:200],
        "note": found.note,
    }
    context |= {
        "headline": words.headline(found.outcome),
        "lede": words.lede(found.outcome),
        "line": scenario_line(found),
        "form": form or ScenarioForm(initial=initial),
        "may_keep": can(request.user, "process.keep"),
        "figures": figures(found.outcome),
        "chart": chart_of(found.outcome),
        "steps": step_lines(found.outcome),
        "approximated": words.approximations(found.changes),
        "notes": [words.note_words(code, told) for code, told in found.outcome["notes"]],
    }
    return render(request, "process/scenario.html", context, status=status)


def around(request: HttpRequest, found: Scenario) -> dict[str, Any]:
    asked = Asked.of_json(found.asked)
    return {
        "tabs": tabs("process_what_if", asked, request.user),
        "back": f"{reverse('process_what_if')}{query_of(asked)}",
    }


def unplayed(request: HttpRequest, found: Scenario) -> dict[str, Any]:
    """The job that plays it, or how it ended."""
    job = newest_job(request.user, [JOB], {"scenario": found.public_id})
    shown: dict[str, Any] = {
        "headline": words.playing(found.changes) if job and job.is_open else words.not_played(found.changes),
        "job": job,
    }
    if job is None:
        return shown
    after = reverse("process_scenario", args=[found.public_id])
    return shown | {
        "step": step(job),
        "total": 0,
        "outcome": outcome_words(job),
        "address": address(job, after=after),
    }


def scenario_line(found: Scenario) -> dict[str, Any]:
    """A scenario as a row of a list."""
    held = found.outcome
    clock = held["clock"] if held else ""
    median = held["difference"]["median_s"] if held else None
    return {
        "scenario": found,
        "href": reverse("process_scenario", args=[found.public_id]),
        "name": found.name or words.capital(words.changes_words(found.changes)),
        "changes": words.changes_words(found.changes),
        "state": words.state_name(found.state),
        "difference": words.signed(median["value"], clock) if median else numbers.MISSING,
        "interval": interval(median, clock) if median else "",
        "by": found.actor.name if found.actor else "",
    }


def figures(held: Held) -> list[dict[str, str]]:
    """Each figure before, after, and the difference with its interval."""
    clock = held["clock"]
    lines = [
        {
            "name": words.figure_name(key),
            "before": words.time_words(held["before"][key]["value"], clock),
            "after": words.time_words(held["after"][key]["value"], clock),
            "difference": words.signed(held["difference"][key]["value"], clock),
            "interval": interval(held["difference"][key], clock),
        }
        for key in words.CYCLE
    ]
    return lines + [contrast_line(key, held[key]) for key in OTHERS if held[key]]


def contrast_line(key: str, held: Held) -> dict[str, str]:
    def plain(value: float) -> str:
        return numbers.hours(value) if key == "work_hours" else numbers.count(round(value, 2))

    def changed(value: float) -> str:
        sign = "+" if value > 0 else numbers.MINUS if value < 0 else ""
        return f"{sign}{plain(abs(value))}"

    found = held["difference"]
    return {
        "name": words.figure_name(key),
        "before": plain(held["before"]["value"]),
        "after": plain(held["after"]["value"]),
        "difference": changed(found["value"]),
        "interval": _("%(low)s to %(high)s") % {"low": changed(found["low"]), "high": changed(found["high"])},
    }


def interval(held: Held, clock: str) -> str:
    low, high = (words.signed(held[name], clock) for name in ("low", "high"))
    return _("%(low)s to %(high)s") % {"low": low, "high": high}


def chart_of(held: Held) -> dict[str, Any]:
    """Before and after with their intervals, and the same as a table."""
    label = _("How long a case takes, before and after, with 95% intervals")
    clock = held["clock"]
    points = [
        lens.Point(
            f"{words.figure_short(key)} · {side_name}",
            *(held[side][key][name] for name in ("value", "low", "high")),
        )
        for key in words.CYCLE
        for side, side_name in (("before", _("now")), ("after", _("then")))
    ]
    told = Wording(
        language=get_language() or "en",
        description=label,
        figure=lambda value: words.time_words(value, clock),
        change=lambda value: words.signed(value, clock),
        tick=lambda value: words.time_words(value, clock),
        labels={
            "row": pgettext("of a chart", "Part"),
            "value": pgettext("of a chart", "Value"),
            "interval": _("95% interval"),
        },
        span=_("{low} to {high}"),
    )
    return {
        "label": label,
        "spec": lens.places(points, words=told),
        "table": lens.table_of(points, words=told),
    }


def step_lines(held: Held) -> list[dict[str, str]]:
    """The steps that a change touches."""
    clock = held["clock"]
    return [
        {
            "name": each["activity"],
            "touched": numbers.count(each["touched"]),
            "events": numbers.count(each["events"]),
            **{
                name: words.time_words(each[f"mean_{name}_s"], clock)
                for name in ("wait_before", "wait_after", "work_before", "work_after")
            },
        }
        for each in held["activities"]
        if each["touched"]
    ]
