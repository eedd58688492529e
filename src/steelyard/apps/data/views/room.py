"""What there is: tables, imports, sources, snapshots."""

import csv
from typing import Any

import yaml
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from steelyard.apps.data import actions, queries
from steelyard.apps.data.forms import TABLE_NAMES, WatchingForm, YamlForm
from steelyard.apps.data.models import Import, Snapshot
from steelyard.apps.data.queries.inbox import inbox, watched
from steelyard.apps.data.queries.names import questions_seen_by
from steelyard.apps.data.views.quality import quality_headline
from steelyard.apps.data.views.watched import watching
from steelyard.apps.data.words import cause_label, state_label, table_label
from steelyard.apps.jobs.views import actor_of
from steelyard.lake.tables import table_spec
from steelyard.web.doors import can, door
from steelyard.web.downloads import disposition
from steelyard.web.pages import page_of

JOURNAL_SIZE = 20
FIRST_TABLES = ("opportunities", "people", "teams", "memberships", "targets", "invoices", "receipts")


@door("data.see")
@require_safe
def room(request: HttpRequest) -> HttpResponse:
    tables = [each for each in queries.tables_seen_by(request.user) if each.rows]
    journal = page_of(request, queries.imports_seen_by(request.user), size=JOURNAL_SIZE)
    shown = {
        "tables": [(table_label(each.table), each) for each in tables],
        "rows": sum(each.rows for each in tables),
        "data_to": queries.data_date(request.user),
        "last": max(filter(None, (each.changed_at for each in tables)), default=None),
        "journal": journal,
        "lines": [line(each) for each in journal],
        "snapshots": [(cause_label(each.cause), each) for each in Snapshot.objects.all()[:JOURNAL_SIZE]],
        "can_import": can(request.user, "data.import"),
        "quality": quality_headline(request),
        "open_names": len(questions_seen_by(request.user)) if can(request.user, "data.names") else 0,
        "first_tables": [(name, table_label(name)) for name in FIRST_TABLES],
        "all_tables": [(name, table_label(name)) for name in TABLE_NAMES],
        "sources": queries.sources_seen_by(request.user),
        "watching": watching(request.user) if can(request.user, "data.import") else {},
    }
    return render(request, "data/room.html", shown)


@door("data.import")
@require_safe
def template_file(request: HttpRequest, table: str) -> HttpResponse:
    """A CSV file with the header of a table and nothing below it, to be filled."""
    if table not in TABLE_NAMES:
        raise Http404
    response = attachment(f"{table}.csv", "text/csv; charset=utf-8")
    response.write("\ufeff")  # without the mark Excel takes Chinese for something else
    csv.writer(response).writerow(table_spec(table).columns)
    return response


@door("data.sources")
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    found = queries.sources_seen_by(request.user).prefetch_related("imports")
    return render(request, "data/sources.html", {"sources": found})


@door("data.sources")
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: HttpRequest, name: str) -> HttpResponse:
    """The mapping that a source starts from, as text."""
    chosen = queries.source_seen_by(request.user, name)
    is_watching = request.POST.get("form") == "watching"
    text = None if is_watching else request.POST or None
    form = YamlForm(text, initial={"text": as_yaml(chosen.mapping)})
    accepts = WatchingForm(request.POST if is_watching else None, share=chosen.accept_rejects_up_to)
    if form.is_bound and form.is_valid():
        actions.remember(actor_of(request), chosen, form.document)
    elif accepts.is_bound and accepts.is_valid():
        actions.accept_rejects(actor_of(request), chosen, accepts.share)
    else:
        folder = inbox() / name if name in watched() else ""
        shown = {"source": chosen, "form": form, "watching": accepts, "folder": folder}
        return render(request, "data/source.html", shown)
    messages.success(request, _("Saved."))
    return redirect("source", name)


@door("data.sources")
@require_safe
def source_file(request: HttpRequest, name: str) -> HttpResponse:
    chosen = queries.source_seen_by(request.user, name)
    response = attachment("mapping.yaml", "application/yaml; charset=utf-8")
    response.write(as_yaml(chosen.mapping))
    return response


def line(taken: Import) -> dict[str, Any]:
    """An import as the journal tells it."""
    return {
        "taken": taken,
        "state": state_label(taken.state),
        "tables": [table_label(table) for table in taken.tables],
        "total": taken.counts.get("total"),
        "is_undoable": queries.is_undoable(taken),
    }


def as_yaml(document: Any) -> str:
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


def attachment(name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content_type=kind)
    response["Content-Disposition"] = disposition(name)
    return response
