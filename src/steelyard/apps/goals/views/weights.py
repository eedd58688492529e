"""How an owner's goals of a period weigh, or the parts of one goal: together 100."""

import datetime
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steelyard.apps.goals.actions.weights import set_weights
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.seen import goal_seen_by, goals_of, goals_seen_by
from steelyard.apps.goals.queries.weights import Weights, may_weigh, weights_of, weights_of_parts
from steelyard.apps.goals.views.choosing import grouped
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import main_grain, period_of
from steelyard.apps.measure.queries.units import COMPANY, Unit
from steelyard.apps.measure.words.names import unit_name
from steelyard.apps.people.queries import person_of
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence

PREFIX = "weight-"
Stretch = tuple[datetime.date, datetime.date]
form_page = require_http_methods(["GET", "HEAD", "POST"])


@door("goals.see")
@form_page
def weights(request: HttpRequest, key: str = "") -> HttpResponse:
    """An owner's goals in a period; who stands above weighs them, everybody who sees them reads it."""
    units = owners_seen(request.user)
    unit = next((each for each in units if each.key == (key or request.GET.get("owner", ""))), None)
    if unit is None:
        if key:
            raise Refused("access.denied", 404)
        unit = first_of(request.user, units)
    if unit is None:
        context = {"headline": _("There are no goals to weigh yet."), "rows": []}
        return render(request, "goals/weights.html", context | frame(request, "weights_home"))
    stretches = stretches_of(request.user, unit)
    starts, ends = stretch_asked(request, stretches)
    found = weights_of(request.user, unit, starts=starts, ends=ends)
    more = {
        "owners": grouped(units),
        "unit": unit,
        "stretches": [
            {"value": label(each), "label": names.stretch_name(*each), "is_here": each == (starts, ends)}
            for each in stretches
        ],
        "stretch": label((starts, ends)),
        "headline": _("%(owner)s, %(period)s: how the goals weigh")
        % {"owner": unit_name(unit), "period": names.stretch_name(starts, ends)},
    }
    back = redirect(f"{request.path}?{urlencode({'owner': unit.key, 'of': label((starts, ends))})}")
    return weighing(request, unit, found, more, back=back, starts=starts, ends=ends)


@door("goals.see")
@form_page
def parts(request: HttpRequest, public_id: str) -> HttpResponse:
    """The goals right below one."""
    goal = goal_seen_by(request.user, public_id)
    more = {"parent": goal, "headline": _("How the parts of this goal weigh")}
    return weighing(
        request, goal, weights_of_parts(request.user, goal), more, back=redirect("goal", public_id)
    )


def weighing(
    request: HttpRequest,
    thing: Unit | Goal,
    found: Weights,
    more: dict[str, Any],
    *,
    back: HttpResponse,
    **stretch: Any,
) -> HttpResponse:
    typed = None
    status, refused = 200, ""
    if request.method == "POST":
        typed = {
            each.goal.public_id: request.POST.get(f"{PREFIX}{each.goal.public_id}", "")
            for each in found.goals
        }
        try:
            said = {each.goal: weight_typed(typed[each.goal.public_id]) for each in found.goals}
            set_weights(actor_of(request), thing, said, reason=request.POST.get("reason", ""), **stretch)
        except Refused as refusal:
            if refusal.status == 404:
                raise
            refused, status = sentence(refusal), 422
        else:
            messages.success(request, _("The weights are saved; the ones before stay readable."))
            return back
    context = {
        "rows": [row(each, typed) for each in found.goals],
        "gone": [{"title": str(each.goal), "weight": shown(each.weight)} for each in found.gone],
        "sum": whole_of(typed if typed is not None else texts(found)),
        "stated": found.stated,
        "may_weigh": bool(found.goals) and may_weigh(request.user, thing),
        "refused": refused,
        "reason": request.POST.get("reason", ""),
    }
    return render(
        request, "goals/weights.html", context | more | frame(request, "weights_home"), status=status
    )


def row(each: Any, typed: Mapping[str, str] | None) -> dict[str, Any]:
    goal = each.goal
    version = goal.current
    return {
        "name": f"{PREFIX}{goal.public_id}",
        "goal": goal,
        "owner": names.owner_name(goal),
        "target": names.target_words(version, currency=currency()) if version else "",
        "value": typed[goal.public_id] if typed is not None else shown(each.weight),
    }


def texts(found: Weights) -> dict[str, str]:
    return {each.goal.public_id: shown(each.weight) for each in found.goals}


def shown(weight: Decimal | None) -> str:
    return "" if weight is None else amounts.plain(weight)


def weight_typed(text: str) -> Decimal:
    """40, 40% or 12.5; what is no number is refused by the action's own word."""
    try:
        return amounts.read(text.rstrip("%％ "), unit="count") or Decimal(0)
    except ValueError:
        raise Refused("goals.bad-weight") from None


def whole_of(typed: Mapping[str, str]) -> str:
    whole = Decimal(0)
    for text in typed.values():
        try:
            whole += weight_typed(text)
        except Refused:
            continue  # a cell that is no number counts as nothing until it is sent
    return amounts.plain(whole)


def owners_seen(viewer: Any) -> list[Unit]:
    """Whose open goals the viewer sees."""
    rows = goals_seen_by(viewer).filter(state=Goal.State.ACTIVE).order_by()
    fields = ("owner_kind", "team__code", "team__name", "person__code", "person__name")
    found = {
        Unit(kind, team or person or "", team_name or person_name or "")
        for kind, team, team_name, person, person_name in rows.values_list(*fields).distinct()
    }
    order = [UnitKind.COMPANY, UnitKind.TEAM, UnitKind.MEMBER]
    listed = [COMPANY if each.kind == UnitKind.COMPANY else each for each in found]
    return sorted(listed, key=lambda each: (order.index(UnitKind(each.kind)), each.name, each.code))


def first_of(viewer: Any, units: list[Unit]) -> Unit | None:
    """The first that the viewer may weigh, else their own, else the first."""
    person = person_of(viewer)
    own = Unit(UnitKind.MEMBER, person.code).key if person else ""
    mine = next((unit for unit in units if unit.key == own), units[0] if units else None)
    return next((unit for unit in units if may_weigh(viewer, unit)), mine)


def stretches_of(viewer: Any, unit: Unit) -> list[Stretch]:
    """The periods of the owner's open goals, those of most goals first; else the running quarter."""
    rows = goals_of(viewer, unit).filter(state=Goal.State.ACTIVE)
    counted = Counter(rows.order_by().values_list("current__starts", "current__ends"))
    running = period_of(timezone.localdate(), main_grain())
    return [each for each, _count in counted.most_common(24)] or [(running.start, running.end)]


def stretch_asked(request: HttpRequest, stretches: list[Stretch]) -> Stretch:
    asked = request.GET.get("of", "")
    return next((each for each in stretches if label(each) == asked), stretches[0])


def label(stretch: Stretch) -> str:
    return f"{stretch[0].isoformat()}..{stretch[1].isoformat()}"
