"""The mapping: which column feeds which, with the first rows as they would be read."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.data import actions, queries
from steelyard.apps.data.forms import (
    TABLE_NAMES,
    ColumnsForm,
    Feed,
    QuestionForm,
    ReadingForm,
    YamlForm,
    answered,
    feeds_of,
    rules_of,
    with_rule,
    with_rules,
)
from steelyard.apps.data.models import Import
from steelyard.apps.data.views.files import KINDS, OPEN, form_page
from steelyard.apps.data.views.known import known_sources, mapping_of
from steelyard.apps.data.views.outcome import start
from steelyard.apps.data.views.room import as_yaml, attachment
from steelyard.apps.data.words import STEPS, column_label, reason, table_label
from steelyard.apps.jobs.models import Job
from steelyard.apps.jobs.queries import newest_job
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.jobs.words import outcome
from steelyard.errors import Refused
from steelyard.lake.cells import as_cell
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.preview import preview as preview_of
from steelyard.web.doors import door
from steelyard.web.words import sentence


@door("data.import")
@form_page
def columns(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.import_seen_by(request.user, public_id)
    if chosen.state not in OPEN:
        return redirect("import_result", public_id)
    feeds = feeds_of(chosen.mapping, chosen.inspections)
    feed = feed_at(request, feeds)
    if request.POST.get("do") in ("table", "add", "remove"):
        return change_tables(request, chosen, feed)
    question = QuestionForm(request.POST if is_answer(request) else None, inspections=chosen.inspections)
    if question.is_bound and question.fields and question.is_valid():
        return read_so(request, chosen, question)
    sent = None if is_answer(request) else request.POST or None
    form = ColumnsForm(sent, feed=feed, source=chosen.mapping.get("source", ""))
    timing = ReadingForm(sent, taken=chosen, feed=feed)
    is_fine = form.is_bound and form.is_valid() and timing.is_fine()
    if is_fine and (answer := saved(request, chosen, form, timing)):
        return answer
    shown = {
        "taken": chosen,
        "step_names": STEPS,
        "feed": feed,
        "place": feeds.index(feed),
        "table_name": table_label(feed.table),
        "feeds": [
            {
                "label": table_label(each.table) + (" !" if each.missing else ""),
                "href": f"?rule={number}",
                "is_here": each is feed,
            }
            for number, each in enumerate(feeds)
        ],
        "form": form,
        "timing": timing,
        "question": question,
        "tables": [(name, table_label(name)) for name in TABLE_NAMES],
        **known_sources(request, chosen),
        "refused": last_refusal(request, chosen),
        **previewed(chosen, form),
    }
    return render(request, "data/columns.html", shown)


@door("data.import")
@require_POST
def preview(request: HttpRequest, public_id: str) -> HttpResponse:
    """The first rows under what the form says at the moment; nothing is kept."""
    chosen = queries.import_seen_by(request.user, public_id)
    feed = feed_at(request, feeds_of(chosen.mapping, chosen.inspections))
    form = ColumnsForm(request.POST, feed=feed, source=chosen.mapping.get("source", ""))
    return render(request, "data/preview.html", {"form": form, "is_swap": True, **previewed(chosen, form)})


@door("data.import")
@form_page
def mapping_text(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.import_seen_by(request.user, public_id)
    if chosen.state not in OPEN:
        return redirect("import_result", public_id)
    form = YamlForm(request.POST or None, initial={"text": as_yaml(chosen.mapping)})
    if form.is_bound and form.is_valid():
        actions.set_mapping(actor_of(request), chosen, form.document)
        messages.success(request, _("Saved."))
        return redirect("import_columns", public_id)
    return render(request, "data/mapping.html", {"taken": chosen, "form": form})


@door("data.import")
@require_safe
def mapping_file(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.import_seen_by(request.user, public_id)
    response = attachment("mapping.yaml", "application/yaml; charset=utf-8")
    response.write(as_yaml(chosen.mapping))
    return response


@door("data.import")
@require_POST
def use_source(request: HttpRequest, public_id: str) -> HttpResponse:
    """Start from the mapping that a source remembers."""
    chosen = queries.import_seen_by(request.user, public_id)
    mapping = mapping_of(request, chosen, request.POST.get("source", ""))
    actions.set_mapping(actor_of(request), chosen, mapping)
    return redirect("import_columns", public_id)


def is_answer(request: HttpRequest) -> bool:
    return request.POST.get("do") == "answer"


def read_so(request: HttpRequest, chosen: Import, question: QuestionForm) -> HttpResponse:
    """Read the files again as the answer says."""
    read = answered(chosen.mapping.get("read") or {}, question.read)
    actions.look_again(actor_of(request), chosen, read, limits=Limits.browser())
    return redirect("import_columns", chosen.public_id)


def feed_at(request: HttpRequest, feeds: list[Feed]) -> Feed:
    number = request.GET.get("rule", "0")
    place = int(number) if number.isdecimal() else 0
    if not feeds:
        raise Refused("mapping.feeds-nothing")
    return feeds[min(place, len(feeds) - 1)]


def saved(
    request: HttpRequest, chosen: Import, form: ColumnsForm, timing: ReadingForm
) -> HttpResponse | None:
    """Keep the mapping; then go on, unless something that the table needs is missing."""
    document = with_rule(chosen.mapping, form.feed.place, form.feed.table, form.given)
    document |= {"source": form.cleaned_data["source"], **timing.document}
    try:
        actions.set_mapping(actor_of(request), chosen, document)
        if timing.moment:
            actions.place_in_time(actor_of(request), chosen, **timing.moment)
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return None
    if request.POST.get("do") != "check":
        messages.success(request, _("Saved."))
        return redirect(request.get_full_path())
    form.demand_needs()
    if not form.is_valid():
        return None
    if lacking := next(
        (n for n, each in enumerate(feeds_of(chosen.mapping, chosen.inspections)) if each.missing), None
    ):
        messages.warning(request, _("Saved. This table, too, lacks something that it needs."))
        return redirect(f"{request.path}?rule={lacking}")
    return start(request, chosen, "data.check")


def change_tables(request: HttpRequest, chosen: Import, feed: Feed) -> HttpResponse:
    """Feed another table by this rule, one more table, or one less."""
    table, do = request.POST.get("table", ""), request.POST["do"]
    rules: list[Any] = list(rules_of(chosen.mapping))
    place = len(rules) if do == "add" else feed.place
    if do == "remove" and len(rules) > 1:
        document = with_rules(chosen.mapping, rules[:place] + rules[place + 1 :])
    elif table in TABLE_NAMES:
        files = [each for each in chosen.inspections if each["name"] in feed.files]
        given = {key: feed.given[key] for key in ("from",) if key in feed.given}
        given["columns"] = actions.proposed(files, table=table)["columns"]
        document = with_rule(chosen.mapping, place, table, given)
    else:
        return redirect(request.get_full_path())
    actions.set_mapping(actor_of(request), chosen, document)
    found = [each.table for each in feeds_of(document, chosen.inspections)]
    number = found.index(table) if table in found else 0
    return redirect(f"{reverse('import_columns', args=[chosen.public_id])}?rule={number}")


def previewed(chosen: Import, form: ColumnsForm) -> dict[str, Any]:
    """The first rows as the form's rule reads them, or why they cannot be."""
    given = form.given if form.is_bound and form.is_valid() else form.feed.given
    document = with_rules(chosen.mapping, [(form.feed.table, given)])
    try:
        found = preview_of(chosen.inspections, ImportMapping.parse(document), zone=settings.TIME_ZONE)
    except Refused as refused:
        return {"preview_refused": sentence(refused)}
    classes = ["num" if kind in ("money", "number", "integer") else "" for kind in found.kinds]
    labels = [column_label(name) for name in found.columns]
    return {
        "preview_columns": list(zip(labels, classes, strict=True)),
        "preview_problems": any(row.problems for row in found.rows),
        "preview_rows": [
            {
                "cells": list(zip(map(shown_cell, row.values), classes, strict=True)),
                "problems": [each | {"reason": reason(each["code"])} for each in map(dict, row.problems)],
            }
            for row in found.rows
        ],
    }


def shown_cell(value: Any) -> str:
    """As in a file that we write, without the quote that a spreadsheet needs."""
    return value if isinstance(value, str) else as_cell(value)


def last_refusal(request: HttpRequest, chosen: Import) -> str:
    """Why the last dry run came to nothing."""
    last = newest_job(request.user, KINDS, {"public_id": chosen.public_id})
    return outcome(last) if last and last.state in (Job.State.REFUSED, Job.State.FAILED) else ""
