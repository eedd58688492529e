"""The last steps of an import: dry run, commit, what came of it, undo."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.data import actions, queries
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.retired import changes, retiring_most
from steelyard.apps.data.views.files import KINDS, OPEN
from steelyard.apps.data.views.names import name_questions
from steelyard.apps.data.views.room import attachment
from steelyard.apps.data.views.snapshots import in_time
from steelyard.apps.data.words import STEPS, reason, table_label
from steelyard.apps.data.words.readings import left_out_words, tied_words
from steelyard.apps.jobs.actions import enqueue
from steelyard.apps.jobs.queries import newest_job
from steelyard.apps.jobs.views import actor_of, address
from steelyard.apps.people.models import Membership
from steelyard.errors import Refused
from steelyard.lake.cells import as_cell
from steelyard.web.doors import door
from steelyard.web.pages import page_of

REJECT_COLUMNS = ("table", "file", "line", "column", "code", "value")
BATCH = 10_000


@door("data.import")
@require_POST
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    return start(request, queries.import_seen_by(request.user, public_id), "data.check")


@door("data.import")
@require_POST
def publish(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.import_seen_by(request.user, public_id)
    if chosen.state == Import.State.UPLOADED:
        raise Refused("import.not-checked", 409)
    most = retiring_most(chosen.counts.get("tables", {}))
    if most and not {each["table"] for each in most} <= set(request.POST.getlist("confirm")):
        raise Refused("snapshot.retires-most", 409, **most[0] | {"table": table_label(most[0]["table"])})
    if most and chosen.state in OPEN:
        actions.confirm_retiring(actor_of(request), chosen)
    return start(request, chosen, "data.publish")


@door("data.import")
@require_safe
def result(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the dry run or the commit counted, with each rejected cell."""
    chosen = queries.import_seen_by(request.user, public_id)
    if not chosen.counts and chosen.state in OPEN:
        return redirect("import_columns", public_id)
    page = page_of(request, queries.Rejects(request.user, chosen))
    shown = {
        "taken": chosen,
        "step_names": STEPS,
        "total": chosen.counts.get("total"),
        "left_out": chosen.counts.get("left_out", []),
        "left_out_words": left_out_words(sum(chosen.counts.get("dropped", {}).values())),
        "tied_words": tied_words(ties) if (ties := sum(chosen.counts.get("ties", {}).values())) else "",
        "tables": [
            (table_label(name), each)
            for name, each in chosen.counts.get("tables", {}).items()
            if each["read"] or not each.get("derived")
        ],
        "page": page,
        "rejects": [told(each) for each in page],
        "is_undoable": queries.is_undoable(chosen),
        "brings_nothing": not any(changes(each) for each in chosen.counts.get("tables", {}).values()),
        "snapshot": chosen.counts.get("snapshot"),
        **in_time(request.user, chosen),
        "questions": name_questions(request, chosen),
        "lacks_people": chosen.state == Import.State.PUBLISHED and not Membership.objects.exists(),
        "here": request.path,
    }
    return render(request, "data/result.html", shown)


@door("data.import")
@require_safe
def rejects_file(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every rejected cell, with its reason in words, as a file for who mends the source."""
    chosen = queries.import_seen_by(request.user, public_id)
    found = queries.Rejects(request.user, chosen)
    response = attachment("rejects.csv", "text/csv; charset=utf-8")
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([*REJECT_COLUMNS, "reason"])
    for start_at in range(0, len(found), BATCH):
        for each in found[start_at : start_at + BATCH]:
            cells = [each[name] for name in REJECT_COLUMNS]
            writer.writerow([as_cell(cell) for cell in [*cells, told(each)["reason"]]])
    return response


@door("data.import")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Says what taking the import back will do, before it is done."""
    chosen = queries.import_seen_by(request.user, public_id)
    if not queries.is_undoable(chosen):
        return redirect("import_result", public_id)
    if request.method == "POST":
        return start(request, chosen, "data.undo")
    shown = {
        "taken": chosen,
        "tied_words": tied_words(ties) if (ties := sum(chosen.counts.get("ties", {}).values())) else "",
        "tables": [
            (table_label(name), each) for name, each in chosen.counts["tables"].items() if "retired" in each
        ],
        "keeps_people": any("retired" not in each for each in chosen.counts["tables"].values()),
        "replayed": actions.later_imports(chosen),
    }
    return render(request, "data/undo.html", shown)


def start(request: HttpRequest, chosen: Import, kind: str) -> HttpResponse:
    """Ask for the job, or watch the one that is at work on this import already."""
    args = {"public_id": chosen.public_id}
    working = newest_job(request.user, KINDS, args)
    job = working if working and working.is_open else enqueue(actor_of(request), kind, args)
    return redirect(address(job, after=reverse("import", args=[chosen.public_id])))


def told(reject: dict[str, Any]) -> dict[str, Any]:
    """A rejected cell with its reason in words."""
    params = {name: value for name, value in reject.items() if name != "code"}
    return reject | {"reason": reason(reject["code"], **params), "table_label": table_label(reject["table"])}
