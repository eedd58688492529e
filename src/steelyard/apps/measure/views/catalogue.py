"""The KPI catalogue, and the card of each KPI: how it is made, gamed, moved and judged."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.data.words import table_label
from steelyard.apps.measure.queries.catalogue import (
    STATES,
    Catalogue,
    Entry,
    catalogue_seen_by,
    entry_seen,
    factors_of,
    made_of,
    used_in,
)
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.scorecard import KpiView, kpi_view
from steelyard.apps.measure.queries.versions import Version, version_to_edit, versions_of
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.showing import beam_of
from steelyard.apps.measure.words import cards, declarations, names
from steelyard.apps.measure.words.formula import formula
from steelyard.engine.kpi import Kpi
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.errors import Refused
from steelyard.web.words import sentence

ASKED = ("q", "dimension", "table", "state")


@door("measure.see")
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ASKED}
    found = catalogue_seen_by(
        request.user,
        text=asked["q"],
        dimension=asked["dimension"],
        table=asked["table"],
        state=asked["state"],
    )
    shown = {
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "headline": cards.headline(found),
        "lede": cards.lede(found),
        "groups": groups_of(found),
        "count": len(found.entries),
        "dimensions": [(each, names.part_of_scorecard(each)) for each in DIMENSIONS],
        "tables": sorted(((each, table_label(each)) for each in found.tables), key=lambda each: each[1]),
        "states": [(each, cards.state_choice(each)) for each in STATES],
        "broken": [(name, sentence(refusal)) for name, refusal in found.broken.items()],
        "may_define": can(request.user, "measure.define"),
    }
    template = "measure/parts/catalogue_list.html" if is_search(request) else "measure/catalogue.html"
    return render(request, template, shown)


@door("measure.see")
@require_safe
def card(request: HttpRequest, kpi: str) -> HttpResponse:
    found = entry_seen(request.user, kpi)
    may_define = can(request.user, "measure.define")
    shown = {
        "kpi": found.kpi,
        "kpi_name": names.kpi_name(found.kpi),
        "headline": cards.card_headline(found.kpi),
        "note": names.kpi_note(found.kpi),
        "entry": found,
        "origin": cards.origin(found),
        "state": cards.state(found),
        "tables": [table_label(each) for each in found.tables],
        "dimension": names.part_of_scorecard(found.kpi.dimension),
        "kind": declarations.kind_name(found.kpi.kind),
        "unit": declarations.unit_name(found.kpi.unit),
        "better": cards.better(found.kpi),
        "formula": formula(found.kpi),
        "made_of": named(made_of(found.kpi)),
        "factors": named(factors_of(found.kpi)),
        "used_in": named(used_in(found.kpi)),
        "gaming": cards.words_of(found.kpi.gaming),
        "levers": cards.words_of(found.kpi.levers),
        "versions": [version_line(each) for each in versions_of(kpi, with_drafts=may_define)],
        "may_define": may_define,
        "may_take_back": may_define and found.origin in ("changed", "own"),
        "based_on": version_to_edit(kpi)[1] if may_define else 0,
        **figures_of(request, found),
    }
    return render(request, "measure/card.html", shown)


def is_search(request: HttpRequest) -> bool:
    """The search field asks for the list alone; a link to the page asks for all of it."""
    return request.headers.get("HX-Target") == "catalogue-list"


def groups_of(found: Catalogue) -> list[dict[str, Any]]:
    """The four dimensions, each with its KPIs."""
    listed = []
    for dimension in DIMENSIONS:
        entries = [each for each in found.entries if each.kpi.dimension == dimension]
        if entries:
            ordered = sorted(entries, key=standing)
            lines = [line_of(each) for each in ordered]
            listed.append({"label": names.part_of_scorecard(dimension), "lines": lines})
    return listed


def standing(entry: Entry) -> tuple[bool, bool, str]:
    """What matters most comes first: what the scorecard shows, then what the data tell."""
    return (not entry.is_on_scorecard, entry.lack is not None, names.kpi_name(entry.kpi))


def line_of(entry: Entry) -> dict[str, Any]:
    kpi = entry.kpi
    return {
        "href": reverse("catalogue_kpi", args=[kpi.id]),
        "name": names.kpi_name(kpi),
        "note": names.kpi_note(kpi),
        "origin": cards.origin(entry),
        "is_on_scorecard": entry.is_on_scorecard,
        "better": cards.better(kpi),
        "unit": declarations.unit_name(kpi.unit),
        "state": cards.state(entry),
        "is_told": entry.is_told is True,
    }


def named(kpis: list[Kpi]) -> list[dict[str, str]]:
    return [{"name": names.kpi_name(each), "href": reverse("catalogue_kpi", args=[each.id])} for each in kpis]


def version_line(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "state": cards.version_state(version.state),
        "by": version.author,
        "day": version.day,
        "reason": version.reason,
        "is_in_force": version.is_in_force,
        "changes": [
            {
                "place": declarations.place_name(each.key),
                "before": declarations.value_text(each.before),
                "after": declarations.value_text(each.after),
            }
            for each in version.changes
        ],
    }


def figures_of(request: HttpRequest, entry: Entry) -> dict[str, Any]:
    """The beam of today and the method with this KPI's own numbers, where the data tell it."""
    points = newest_points()
    if points is None or not entry.is_told or entry.origin == "retired":
        return {"beam": None}
    try:
        found = kpi_view(request.user, entry.kpi, points)
    except Refused as refusal:
        if refusal.code not in ("measure.no-unit", "access.denied"):
            raise
        return {"beam": None}
    return view_of(request, found)


def view_of(request: HttpRequest, found: KpiView) -> dict[str, Any]:
    each, currency = found.standing, found.points.currency
    if each.withheld:
        return {"beam": None}
    place: dict[str, Any] = {"unit": found.unit, "period": found.period}
    own = links.kpi(each.kpi.id, **place)
    return {
        "beam": beam_of(each, unit=found.unit, currency=currency, href=own),
        "unit_name": names.unit_name(found.unit),
        "period_name": names.period_name(found.period),
        "signal_lines": cards.signal_lines(each, currency=currency),
        "few": cards.few_line(each),
        "has_peers": each.peers,
        "page": own,
        "records": links.records(each.kpi.id, **place)
        if each.kpi.formula is None and can(request.user, "measure.records")
        else "",
        "n": each.now.n,
    }
