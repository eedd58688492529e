"""When people work: the working calendar, its versions, and the form that makes a new one."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.jobs.views import actor_of
from steelyard.apps.people.models import Team
from steelyard.apps.process.actions.calendars import restore_calendar, save_calendar
from steelyard.apps.process.forms.calendars import (
    PERFORMER,
    TEAM,
    PartForm,
    document_of,
    parts_of,
    parts_sent,
    with_part,
    without_part,
)
from steelyard.apps.process.models import WorkCalendar
from steelyard.apps.process.queries.calendars import (
    as_yaml,
    calendar_versions,
    default_document,
    rules_of,
    unknown_teams,
    year_of,
)
from steelyard.apps.process.queries.seen import Asked
from steelyard.apps.process.views.frame import tabs
from steelyard.apps.process.words import calendars as words
from steelyard.engine.calendars.document import Document
from steelyard.engine.calendars.rules import Rule
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.downloads import attachment
from steelyard.web.words import sentence

YAML = "application/yaml; charset=utf-8"


@door("process.read-calendars")
@require_safe
def calendars(request: HttpRequest) -> HttpResponse:
    """The calendar in force, what it makes of this year, and the versions before it."""
    versions = calendar_versions()
    newest = versions[0] if versions else None
    document = rules_of(newest.document) if newest and newest.document else None
    shown = {
        "headline": words.headline(document),
        "lede": words.lede(document, version=newest.version if newest else 0),
        "parts": part_lines(document) if document else [],
        "year": year_lines(document.everybody) if document else None,
        "unknown": unknown_teams(document) if document else [],
        "versions": version_lines(versions),
        "based_on": newest.version if newest else 0,
        "suggested": default_document(),
    }
    return render(request, "process/calendars.html", shown | around(request))


@door("process.calendars")
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The form, or the same as YAML; sent, it is saved, or comes back with a part more or what is wrong."""
    if request.method != "POST":
        return form_page(request, parts_of(newest_text()), based_on=newest_version())
    do, based_on = request.POST.get("do", ""), number(request.POST.get("based_on", ""))
    if request.POST.get("as") == "yaml":
        return yaml_sent(request, request.POST.get("text", ""), do=do, based_on=based_on)
    parts = parts_sent(request.POST)
    if do.startswith("remove-"):
        return form_page(request, without_part(parts, number(do.removeprefix("remove-"))), based_on=based_on)
    if do in ("add-team", "add-performer"):
        kind, name = (TEAM, "new_team") if do == "add-team" else (PERFORMER, "new_performer")
        wider = with_part(parts, kind, request.POST.get(name, "").strip()[:120])
        return form_page(request, wider, based_on=based_on)
    document = document_of(parts)
    if document is None:
        return form_page(request, parts, based_on=based_on, status=422)
    if do == "to-yaml":
        return yaml_page(request, as_yaml(document), based_on=based_on)
    try:
        return saved(request, as_yaml(document), based_on=based_on)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        return form_page(request, parts, based_on=newest_version(), fault=sentence(refusal), status=422)


@door("process.calendars")
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """The usual calendar in one click; it can be changed afterwards."""
    return taken(
        request, lambda: save_calendar(actor_of(request), default_document(), based_on=sent_version(request))
    )


@door("process.calendars")
@require_POST
def restore(request: HttpRequest, version: int) -> HttpResponse:
    """Undo: an earlier version again; number 0 is none at all."""
    return taken(
        request, lambda: restore_calendar(actor_of(request), version, based_on=sent_version(request))
    )


@door("process.read-calendars")
@require_safe
def as_file(request: HttpRequest) -> HttpResponse:
    """The calendar in force, as the command line reads it."""
    return attachment(newest_text().encode(), "calendar.yaml", YAML)


def yaml_sent(request: HttpRequest, text: str, *, do: str, based_on: int) -> HttpResponse:
    try:
        rules_of(text)
        if do == "to-form":
            return form_page(request, parts_of(text), based_on=based_on)
        return saved(request, text, based_on=based_on)
    except Refused as refusal:
        if refusal.status == 404:
            raise
        newest = newest_version() if refusal.code == "process.calendar-edited" else based_on
        return yaml_page(request, text, based_on=newest, fault=sentence(refusal), status=422)


def saved(request: HttpRequest, text: str, *, based_on: int) -> HttpResponse:
    made = save_calendar(actor_of(request), text, based_on=based_on, reason=request.POST.get("reason", ""))
    messages.success(request, _("Saved as version %(version)s.") % {"version": made.version})
    return redirect("process_calendars")


def taken(request: HttpRequest, act: Any) -> HttpResponse:
    try:
        made: WorkCalendar = act()
    except Refused as refusal:
        if refusal.status == 404:
            raise
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("Saved as version %(version)s.") % {"version": made.version})
    return redirect("process_calendars")


def form_page(
    request: HttpRequest, parts: Sequence[PartForm], *, based_on: int, fault: str = "", status: int = 200
) -> HttpResponse:
    taken_teams = {part.called for part in parts if part.key == TEAM}
    teams = [
        (code, name) for code, name in Team.objects.values_list("code", "name") if code not in taken_teams
    ]
    shown = {
        "parts": [{"form": part, "name": part_name(part), "is_open": is_open(part)} for part in parts],
        "teams": teams,
    }
    return edit_page(request, shown, based_on=based_on, fault=fault, status=status)


def yaml_page(
    request: HttpRequest, text: str, *, based_on: int, fault: str = "", status: int = 200
) -> HttpResponse:
    return edit_page(request, {"text": text, "is_yaml": True}, based_on=based_on, fault=fault, status=status)


def edit_page(
    request: HttpRequest, shown: dict[str, Any], *, based_on: int, fault: str, status: int
) -> HttpResponse:
    context = {
        "headline": _("When do people work?"),
        "based_on": based_on,
        "fault": fault,
        "reason": request.POST.get("reason", ""),
        "versions": version_lines(calendar_versions()) if fault else [],
        **shown,
        **around(request),
    }
    return render(request, "process/calendar_form.html", context, status=status)


def around(request: HttpRequest) -> dict[str, Any]:
    may_see = can(request.user, "process.see")
    return {
        "tabs": tabs("process_calendars", Asked(), request.user) if may_see else [],
        "may_see": may_see,
        "may_keep": can(request.user, "process.calendars"),
    }


def part_lines(document: Document) -> list[dict[str, Any]]:
    """Everybody, then whoever differs."""
    teams = dict(Team.objects.values_list("code", "name"))
    listed: list[tuple[str, Rule]] = [(_("Everybody"), document.everybody)]
    listed += [(teams.get(code, code), rule) for code, rule in document.teams.items()]
    listed += list(document.performers.items())
    return [
        {
            "name": name,
            "hours": words.hours_words(rule.week),
            "zone": rule.zone,
            "holidays": words.holidays_words(rule),
            "closed": words.days_words(sorted(rule.closed)),
            "opened": words.days_words(sorted(day for day, _spans in rule.opened)),
        }
        for name, rule in listed
    ]


def year_lines(rule: Rule) -> dict[str, str]:
    found = year_of(rule, timezone.localdate().year)
    return {
        "told": words.year_words(found),
        "free": words.days_words(found.free),
        "worked": words.days_words(found.worked),
    }


def version_lines(versions: Sequence[WorkCalendar]) -> list[dict[str, Any]]:
    return [{"version": each, "is_newest": place == 0} for place, each in enumerate(versions)]


def part_name(part: PartForm) -> str:
    if part.key == TEAM:
        team = Team.objects.filter(code=part.called).values_list("name", flat=True).first()
        return _("Team %(name)s") % {"name": team or part.called}
    return part.called or _("Everybody")


def is_open(part: PartForm) -> bool:
    """Whether the less usual fields hold something."""
    return any(part[name].value() or part[name].errors for name in ("closed", "opened"))


def newest_text() -> str:
    newest = WorkCalendar.objects.first()
    return newest.document if newest and newest.document else default_document()


def newest_version() -> int:
    newest = WorkCalendar.objects.first()
    return newest.version if newest else 0


def sent_version(request: HttpRequest) -> int:
    return number(request.POST.get("based_on", ""))


def number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0
