"""One KPI: its sentence, its chart, its cuts, how it is made, and the way to its records."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.data.queries.quality import Reads, gate_json, quality_gate, reads_behind
from steelyard.apps.data.words.quality import gate_text
from steelyard.apps.measure.queries.cuts import Cut, Line, cut_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.figures import dimensions_of, figure_key, kpi_seen
from steelyard.apps.measure.queries.kept import kept, key_of
from steelyard.apps.measure.queries.points import newest_points
from steelyard.apps.measure.queries.scorecard import Gap, KpiView, kpi_view
from steelyard.apps.measure.queries.units import UnitKind
from steelyard.apps.measure.queries.versions import changed_on
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import picker
from steelyard.apps.measure.views.scorecard import nothing_yet
from steelyard.apps.measure.views.showing import beam_of, chart_of
from steelyard.apps.measure.words import names, sentences, totals
from steelyard.apps.measure.words.formula import formula, of_kpis
from steelyard.engine.kpi import Kpi
from steelyard.errors import Refused
from steelyard.web import numbers

# By what a KPI is cut first, when nothing is asked: the first of these that there is.
PREFERRED = ("team", "product", "region", "member", "industry", "customer")


@door("measure.see")
@require_safe
def kpi(request: HttpRequest, kpi: str) -> HttpResponse:
    declared = kpi_seen(request.user, kpi)
    points = newest_points()
    if points is None:
        return nothing_yet(request)
    if kpi in points.missing:
        return missing(request, Gap(declared, **points.missing[kpi]))
    found = kpi_view(request.user, declared, points, **asked(request))
    by = request.GET.get("by", "")
    return render(
        request, "measure/kpi.html", context_of(request, found) | cut_context(request, found, by=by)
    )


@door("measure.see")
@require_safe
def cut(request: HttpRequest, kpi: str) -> HttpResponse:
    """The fragment of the page that htmx asks for when another dimension is picked."""
    declared = kpi_seen(request.user, kpi)
    points = newest_points()
    if points is None or kpi in points.missing:
        raise Http404
    found = kpi_view(request.user, declared, points, **asked(request))
    return render(
        request, "measure/parts/cut.html", cut_context(request, found, by=request.GET.get("by", ""))
    )


def asked(request: HttpRequest) -> dict[str, str]:
    return {"unit": request.GET.get("unit", ""), "period": request.GET.get("period", "")}


def missing(request: HttpRequest, gap: Gap) -> HttpResponse:
    shown = {
        "kpi_name": names.kpi_name(gap.kpi),
        "note": names.kpi_note(gap.kpi),
        "gap": sentences.gap(gap),
        "may_import": can(request.user, "data.import"),
        "table": gap.table,
    }
    return render(request, "measure/missing.html", shown)


def context_of(request: HttpRequest, found: KpiView) -> dict[str, Any]:
    each, currency = found.standing, found.points.currency
    place: dict[str, Any] = {"unit": found.unit, "period": found.period}
    behind = links.records(each.kpi.id, **place)
    return {
        "kpi": each.kpi,
        "kpi_name": names.kpi_name(each.kpi),
        "each": each,
        "headline": sentences.kpi_headline(each, currency=currency),
        "lede": sentences.changes(each, currency=currency),
        "beam": beam_of(each, unit=found.unit, currency=currency, note=own_note(each.kpi), href=behind),
        "chart": chart_of(each, currency=currency),
        "picker": picker(request, points=found.points, unit=found.unit, period=found.period),
        "note": names.kpi_note(each.kpi),
        "formula": formula(each.kpi),
        "changed_on": changed_on(each.kpi.id),
        "factors": of_kpis(each.kpi.tree or ""),
        "points": found.points,
        "withheld": sentences.capital(totals.reason(each.withheld)) if each.withheld else "",
        "records": "" if each.withheld else behind,
        "scorecard": links.scorecard(**place),
        "diagnose": links.diagnose(each.kpi.id, **place) if can(request.user, "diagnose.start") else "",
        "set_goal": links.set_goal(each.kpi.id, unit=found.unit)
        if can(request.user, "goals.propose")
        else "",
        "parts": parts_of(found),
        "gate": gate_of(each.kpi, found),
        "may_see_quality": can(request.user, "data.quality"),
        "figure_key": figure_key(each.kpi, found.unit, found.period),
    }


def gate_of(declared: Kpi, found: KpiView) -> str:
    """What the data check says of the tables behind the figure."""
    snapshot = found.points.snapshot

    def ask() -> Reads:
        return reads_behind(snapshot, declared, definitions=known_kpis())

    reads = kept(key_of(snapshot, "reads", declared.id, declared.version), ask)
    return gate_text(gate_json(quality_gate(snapshot, reads, ask=False), snapshot))


def own_note(declared: Kpi) -> str:
    """Which way is better; a beam that runs reversed says so itself."""
    return "" if declared.direction == "down" else names.direction_name(declared)


def parts_of(found: KpiView) -> list[dict[str, Any]]:
    """Numerator and denominator, each with the records it counts."""
    each, point = found.standing.kpi, found.standing.now
    if each.denominator is None or point.value is None or found.standing.withheld:
        return []
    return [
        {
            "name": name,
            "value": shown,
            "href": links.records(each.id, unit=found.unit, period=found.period, part=name),
        }
        for name, shown in (
            ("numerator", amount(point.numerator, found, "numerator")),
            ("denominator", amount(point.denominator, found, "denominator")),
        )
    ]


def amount(value: numbers.Number | None, found: KpiView, part: str) -> numbers.Shown:
    """Sums of money in money, all else as counts."""
    declared = getattr(found.standing.kpi, part)
    is_money = declared is not None and declared.measure.columns[:1] in (("amount",), ("balance",), ("cost",))
    return numbers.figure(value, unit="money" if is_money else "count", currency=found.points.currency)


def cut_context(request: HttpRequest, found: KpiView, *, by: str) -> dict[str, Any]:
    """The cut by a dimension; where the facts cannot be cut for this viewer, none."""
    if found.standing.withheld:
        return {"cut": None}
    name = found.standing.kpi.id
    place: dict[str, Any] = {"unit": found.unit, "period": found.period}
    # By what its own definition asks for, a KPI falls into itself and nothing.
    own = {each.column for part in found.standing.kpi.parts for each in part.where} | {"currency"}
    listed = [each for each in dimensions_of(request.user, name) if each not in own]
    known = [each for each in PREFERRED if each in listed] + [
        each for each in listed if each not in PREFERRED
    ]
    if found.unit.kind == UnitKind.MEMBER:
        known = [each for each in known if each not in ("team", "member", "manager")]
    chosen = by if by in known else next(iter(known), "")
    if not chosen:
        return {"cut": None}
    try:
        made = cut_of(request.user, name, by=chosen, **place)
    except Refused as refusal:
        if refusal.code not in ("access.denied", "kpi.unknown-dimension"):
            raise
        return {"cut": None}
    return {
        "cut": made,
        "dimension_name": names.dimension_name(chosen),
        "tabs": [
            {
                "label": names.dimension_name(each),
                "href": links.cut(name, by=each, **place),
                "fragment": links.cut_fragment(name, by=each, **place),
                "is_here": each == chosen,
            }
            for each in known
        ],
        "lines": [line_of(found, made, line) for line in made.lines],
        "year_ago_name": names.period_name(found.period.year_ago()),
    }


def line_of(found: KpiView, made: Cut, line: Line) -> dict[str, Any]:
    unit, currency, row = made.kpi.unit, found.points.currency, line.row
    value = None if row.value is None else float(row.value)
    before = line.before.value if line.before else None
    where = {made.dimension: line.value}
    return {
        "label": line.label or names.no_value(made.dimension),
        "value": numbers.figure(row.value, unit=unit, currency=currency),
        "href": links.records(made.kpi.id, unit=found.unit, period=found.period, where=where),
        "share": abs(value or 0) / made.largest if made.largest else 0,
        "change": numbers.change(row.value, before, unit=unit, currency=currency),
        "numerator": amount(row.numerator, found, "numerator"),
        "denominator": amount(row.denominator, found, "denominator"),
        "n": row.n,
    }
