"""What if a step were left out, merged, automated or done by more people? Ask, and find the saved ones."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from steelyard.apps.access.policy import authorize
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.process.actions.scenarios import try_changes
from steelyard.apps.process.forms.whatif import (
    ChangeForm,
    asked_for,
    changes_sent,
    typed,
    with_change,
    without_change,
)
from steelyard.apps.process.queries.scenarios import saved_scenarios
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.views.exports import seen_or_refuse
from steelyard.apps.process.views.frame import page, query_of
from steelyard.apps.process.views.scenarios import scenario_line
from steelyard.apps.process.words import whatif as words
from steelyard.engine.process.approvals import Approval
from steelyard.engine.process.whatif.changes import KINDS
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.words import sentence


@door("process.see")
@require_http_methods(["GET", "HEAD", "POST"])
def what_if(request: HttpRequest) -> HttpResponse:
    """Compose the changes; sent, they are tried, or the form comes back with one more or one less."""
    if request.method != "POST":
        return shown(request, None)
    authorize(request.user, "process.keep")
    seen = seen_or_refuse(request)
    do = request.POST.get("do", "")
    given = changes_sent(request.POST, seen.log)
    if do.startswith("add-"):
        return shown(request, with_change(given, do.removeprefix("add-"), seen.log))
    if do.startswith("remove-") and (place := do.removeprefix("remove-")).isdecimal():
        return shown(request, without_change(given, int(place), seen.log))
    changes = [each.change() for each in given]
    if not all(changes):
        return shown(request, given, status=422)
    try:
        made = try_changes(actor_of(request), seen, [each for each in changes if each])
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return shown(request, typed(given, seen.log), fault=sentence(refusal), status=422)
    return redirect("process_scenario", made.public_id)


def shown(
    request: HttpRequest, given: Sequence[ChangeForm] | None, *, fault: str = "", status: int = 200
) -> HttpResponse:
    response = page(
        request,
        "process_what_if",
        "process/whatif.html",
        lambda seen: {**what_if_parts(request, seen, given), "fault": fault},
    )
    response.status_code = status
    return response


def what_if_parts(request: HttpRequest, seen: Seen, given: Sequence[ChangeForm] | None) -> dict[str, Any]:
    changes = asked_for(request.GET, seen.log) if given is None else given
    scenarios = saved_scenarios(request.user, seen.asked.process or "")
    return {
        "headline": words.asking(),
        "lede": words.asking_lede(),
        "may_keep": can(request.user, "process.keep"),
        "changes": [
            {"form": each, "name": words.kind_name(each.key), "note": words.kind_note(each.key)}
            for each in changes
        ],
        "kinds": [
            {"value": f"add-{kind}", "name": words.kind_name(kind), "note": words.kind_note(kind)}
            for kind in KINDS
        ],
        "scenarios": [scenario_line(each) for each in scenarios],
        "may_compare": len(scenarios) > 1,
    }


def trial_link(seen: Seen, each: Approval) -> str:
    """Where an approval's proposal can be tried, on the same part of the log."""
    trial, query = trial_of(each), query_of(seen.asked)
    return f"{reverse('process_what_if')}{query}{'&' if query else '?'}{trial}" if trial else ""


def trial_of(each: Approval) -> str:
    """The tail of an address that tries an approval's proposal; nothing where it cannot be played."""
    if each.turn or each.with_turn or len(each.activities) > 1:
        return ""
    asked: list[tuple[str, Any]] = [("kind", "remove"), ("step", each.activity)]
    match each.proposal:
        case "drop":
            return urlencode(asked)
        case "merge" if each.with_activity:
            return urlencode([("kind", "merge"), ("step", each.with_activity), ("step", each.activity)])
        case "sample" if sampled := dict(each.reasons).get("only-control", {}).get("sampled"):
            return urlencode([*asked, ("share", f"{100 * (1 - sampled):g}")])
        case "delegate" if each.below:
            return urlencode([*asked, ("below", each.below[0]), ("limit", f"{each.below[1]:g}")])
    return ""
