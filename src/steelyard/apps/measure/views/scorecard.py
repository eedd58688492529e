"""The scorecard: where the unit stands, in one sentence, one total, and one beam a KPI."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import enqueue
from steelyard.apps.measure import actions
from steelyard.apps.measure.queries.changes import Changes, changes_for
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.queries.mine import has_own_page, mine_of
from steelyard.apps.measure.queries.scorecard import Scorecard, Standing, scorecard_of
from steelyard.apps.measure.queries.units import home_unit
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.picking import picker
from steelyard.apps.measure.views.showing import beam_of
from steelyard.apps.measure.views.tabs import tabs
from steelyard.apps.measure.words import changes as change_words
from steelyard.apps.measure.words import names, sentences, totals
from steelyard.engine.kpi.definitions import DIMENSIONS


@door("measure.see")
@require_safe
def scorecard(request: HttpRequest) -> HttpResponse:
    card = scorecard_of(request.user, unit=request.GET.get("unit", ""), period=request.GET.get("period", ""))
    if card is None:
        return nothing_yet(request)
    return render(request, "measure/scorecard.html", context_of(request, card))


@door("measure.compute")
@require_POST
def compute(request: HttpRequest) -> HttpResponse:
    """Ask for the figures anew: for the case that their job was cancelled or failed."""
    job = enqueue(request.user, "measure.points", {})  # type: ignore[arg-type]
    messages.success(request, _("The figures are being computed."))
    return redirect("job", public_id=job.public_id)


@door("measure.see")
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """The page was looked at: keep what the viewer's own unit says, for the next visit to compare with."""
    card = own_card(request.user)
    if card is not None:
        actions.see_scorecard(request.user, card)
    return HttpResponse(status=204)


def own_card(viewer: Any) -> Scorecard | None:
    """The scorecard that a visit is of: a member's own, else that of the unit where the viewer starts."""
    if has_own_page(viewer):
        found = mine_of(viewer)
        return found.own if found else None
    return scorecard_of(viewer)


def nothing_yet(request: HttpRequest) -> HttpResponse:
    """No figures: because there are no data, or because their job has not ended yet."""
    snapshot = newest_snapshot()
    has_data = snapshot is not None and snapshot.data_to is not None
    shown = {"has_data": has_data, "may_import": can(request.user, "data.import")}
    return render(request, "measure/nothing_yet.html", shown)


def context_of(request: HttpRequest, card: Scorecard) -> dict[str, Any]:
    is_home = not request.GET.get("period") and is_own_unit(request.user, card)
    return {
        "card": card,
        "tabs": tabs(request, "scorecard", unit=card.unit, period=card.period),
        "picker": picker(request, points=card.points, unit=card.unit, period=card.period),
        "headline": sentences.headline(card),
        "lede": sentences.lede(card),
        "total": total_context(card),
        "changes": changes_context(changes_for(request.user, card), card) if is_home else None,
        "groups": groups(card, card.standings),
        "has_peers": has_peers(card),
        "withheld": totals.withheld(card),
        "others": others(card),
        "gaps": [sentences.gap(each) for each in card.gaps],
        "may_import": can(request.user, "data.import"),
        "may_diagnose": can(request.user, "diagnose.start"),
        "may_set_targets": can(request.user, "measure.targets"),
        "diagnose": links.diagnose(card.lead.kpi.id, unit=card.unit, period=card.period) if card.lead else "",
        "asked": links.query(card.unit, card.period),
    }


def is_own_unit(viewer: Any, card: Scorecard) -> bool:
    return not has_own_page(viewer) and card.unit.key == home_unit(viewer).key


def total_context(card: Scorecard) -> dict[str, Any]:
    """The total, and on demand each line that it is the sum of."""
    known, total = once_known_kpis(), card.total
    return {
        "score": totals.score(total),
        "is_told": total.score is not None,
        "measured": totals.measured(total),
        "left_out": totals.left_out(total, known),
        "rule": totals.rule(total),
        "template": totals.template_name(dict(card.template.names)) if card.template else "",
        "weight": sum(part.weight for part in total.parts),
        "points": totals.division(total) if total.score is not None else "",
        "lines": [
            {
                "name": names.kpi_name(known[part.kpi]) if part.kpi in known else part.kpi,
                "weight": part.weight,
                "how": totals.how(part, known.get(part.kpi)),
                "attainment": totals.attainment(part),
                "points": totals.points(part),
                "is_scored": part.points is not None,
            }
            for part in total.parts
        ],
    }


def changes_context(changes: Changes | None, card: Scorecard) -> dict[str, Any] | None:
    """One line, the first few changes, and how many more there are."""
    if changes is None:
        return None
    shown = changes.listed[: change_words.SHOWN]
    return {
        "line": change_words.line(changes),
        "rest": len(changes.listed) - len(shown),
        "listed": [
            {
                "name": names.kpi_name(each.standing.kpi),
                "text": change_words.item(each, currency=card.points.currency),
                "href": links.kpi(each.standing.kpi.id, unit=card.unit, period=card.period),
            }
            for each in shown
        ],
    }


def groups(card: Scorecard, standings: Sequence[Standing]) -> list[dict[str, Any]]:
    """The four dimensions, each with its beams, the weighted first; one without a KPI is left out."""
    found, peers = [], has_peers(card)
    for dimension in DIMENSIONS:
        shown = [
            each
            for each in standings
            if each.kpi.dimension == dimension
            and (each.value is not None or each.target is not None)
            and not each.withheld
        ]
        shown.sort(key=lambda each: not card.weight_of(each.kpi.id))
        rows = [
            beam_of(
                each,
                unit=card.unit,
                currency=card.points.currency,
                note=sentences.row_note(each, weight=card.weight_of(each.kpi.id)),
                compare=sentences.compared(each, currency=card.points.currency, has_peers=peers),
            )
            for each in shown
        ]
        if rows:
            found.append({"label": names.part_of_scorecard(dimension), "rows": rows})
    return found


def has_peers(card: Scorecard) -> bool:
    return any(each.peers for each in card.standings)


def others(card: Scorecard) -> list[dict[str, Any]]:
    """What is computed besides the template, by dimension; what was never measured here is left out."""
    found = []
    for dimension in DIMENSIONS:
        shown = [
            {
                "name": names.kpi_name(each.kpi),
                "href": links.kpi(each.kpi.id, unit=card.unit, period=card.period),
            }
            for each in card.others
            if each.kpi.dimension == dimension and each.value is not None
        ]
        if shown:
            found.append({"label": names.part_of_scorecard(dimension), "kpis": shown})
    return found
