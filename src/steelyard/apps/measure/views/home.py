"""The way in: 我的 for a member, the scorecard for who sees more, else the first room there is."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import can, door
from steelyard.apps.measure.queries.changes import changes_for
from steelyard.apps.measure.queries.mine import Mine, has_own_page, mine_of
from steelyard.apps.measure.views import links
from steelyard.apps.measure.views.scorecard import changes_context, groups, has_peers, total_context
from steelyard.apps.measure.words import mine as words
from steelyard.apps.measure.words import names
from steelyard.web import views as web


@door("web.home")
@require_safe
def home(request: HttpRequest) -> HttpResponseBase:
    if not can(request.user, "measure.see"):
        return web.home(request)
    if not has_own_page(request.user):
        return redirect("scorecard")
    found = mine_of(request.user, period=request.GET.get("period", ""))
    if found is None:
        return redirect("scorecard")
    return render(request, "measure/mine.html", context_of(request, found))


def context_of(request: HttpRequest, found: Mine) -> dict[str, object]:
    own = found.own
    is_newest = own is not None and not request.GET.get("period")
    return {
        "mine": found,
        "headline": words.headline(found),
        "period_name": names.period_name(own.period) if own else "",
        "changes": changes_context(changes_for(request.user, own), own) if own and is_newest else None,
        "total": total_context(own) if own else None,
        "has_peers": own is not None and has_peers(own),
        "own_groups": groups(own, found.measured) if own else [],
        "scorecard": links.scorecard(own.unit, own.period) if own else "",
        "teams": [
            {
                "name": names.unit_name(card.unit),
                "href": links.scorecard(card.unit, card.period),
                "groups": groups(card, card.standings),
            }
            for card in found.teams
        ],
        "steps": steps(found),
        "witnesses": words.witnesses(found),
    }


def steps(found: Mine) -> list[dict[str, str]]:
    """The next things to do, each with where to do it."""
    own = found.own
    if own is None:
        return []
    listed = []
    for code, each in found.next_steps:
        link = links.records if code == "check-records" else links.kpi
        href = link(each.kpi.id, unit=own.unit, period=own.period)
        listed.append({"text": words.step(code, each), "href": href})
    return listed
