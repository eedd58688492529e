"""What stands around every page of the room: the filter bar, the tabs, and where there is no log."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.measure.views.links import where_asked
from steelyard.apps.measure.words.names import grain_name, period_name
from steelyard.apps.process.queries.choices import Choices, choices_for
from steelyard.apps.process.queries.seen import Asked, Seen, log_seen_by
from steelyard.apps.process.words import names
from steelyard.web.doors import can

WHERE = "where."
GRAINS = ("fiscal-quarter", "quarter", "month", "fiscal-year", "year")
Build = Callable[[Seen], Mapping[str, Any]]


def asked_of(query: Mapping[str, str]) -> Asked:
    """The filter in an address; an attribute that is left empty asks for nothing."""
    where = {name: value for name, value in where_asked(query).items() if value}
    return Asked(query.get("process"), query.get("team", ""), query.get("period", ""), where)


def query_of(asked: Asked, **more: str) -> str:
    """The filter as the tail of an address."""
    told = [*held(asked), *((name, value) for name, value in more.items() if value)]
    return f"?{urlencode(told)}" if told else ""


def held(asked: Asked) -> list[tuple[str, str]]:
    """The filter as fields of a form."""
    listed = [("process", asked.process or ""), ("team", asked.team), ("period", asked.period)]
    listed += [(f"{WHERE}{name}", value) for name, value in sorted(asked.where.items())]
    return [(name, value) for name, value in listed if value]


def page(
    request: HttpRequest, here: str, template: str, build: Build, *, keeps: tuple[str, ...] = ()
) -> HttpResponse:
    """A page about the log that the address asks for; `keeps` names what the filter bar hands on."""
    seen = log_seen_by(request.user, asked_of(request.GET))
    if seen is None:
        return render(request, "process/empty.html", {"can_import": can(request.user, "data.import")})
    kept = {name: request.GET[name] for name in keeps if request.GET.get(name)}
    shown = {
        "seen": seen,
        "tabs": tabs(here, seen.asked, request.user),
        "bar": bar(request, seen, kept),
        "query": query_of(seen.asked),
        "held": held(seen.asked),
    }
    return render(request, template, shown | dict(build(seen)))


def tabs(here: str, asked: Asked, viewer: Any) -> list[dict[str, Any]]:
    """Items of the kit's tabs; the filter goes along."""
    listed = [
        ("process_map", pgettext("of a process", "Map")),
        ("process_waiting", pgettext("why work waits", "Waiting")),
        ("process_approvals", _("Approvals")),
        ("process_variants", _("Variants")),
        ("process_rework", _("Rework")),
        ("process_handoffs", _("Hand-offs")),
        ("process_open", _("Open cases")),
        ("process_compare", _("Compare")),
        ("process_quality", _("Log quality")),
        ("process_flows", pgettext("declared", "Flow")),
        ("process_what_if", _("What-if")),
        ("process_calendars", _("Calendars")),
    ]
    query = query_of(asked)
    return [
        {"label": label, "href": f"{reverse(name)}{query}", "is_here": name == here} for name, label in listed
    ]


def bar(request: HttpRequest, seen: Seen, kept: Mapping[str, str]) -> dict[str, Any]:
    """The selects of the filter bar, what is chosen marked."""
    choices, asked = choices_for(request.user, seen), seen.asked
    return {
        "process": _options([(name, names.process_name(name)) for name in choices.processes], asked.process)
        if len(choices.processes) > 1
        else [],
        "team": teams_to_pick(choices, asked.team),
        "periods": periods_to_pick(choices, asked.period),
        "attributes": [
            {
                "name": f"{WHERE}{name}",
                "label": names.attribute_name(name),
                "options": _options([(value, value) for value in values], asked.where.get(name, "")),
            }
            for name, values in choices.attributes.items()
        ],
        "kept": kept,
        "is_narrowed": bool(asked.team or asked.period or asked.where),
    }


def teams_to_pick(choices: Choices, chosen: str) -> list[dict[str, Any]]:
    return _options(list(choices.teams.items()), chosen)


def periods_to_pick(choices: Choices, chosen: str) -> list[dict[str, Any]]:
    """By their length, the newest first."""
    return [
        {
            "label": grain_name(grain),
            "options": _options([(each.label, period_name(each)) for each in choices.periods[grain]], chosen),
        }
        for grain in GRAINS
        if grain in choices.periods
    ]


def _options(listed: list[tuple[str, str]], chosen: str | None) -> list[dict[str, Any]]:
    return [{"value": value, "label": label, "is_here": value == chosen} for value, label in listed]
