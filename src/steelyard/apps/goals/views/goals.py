"""The page of a goal: its card, what it hangs on, its months and steps, and what can be done with it."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.goals.actions.checkins import tick as tick_milestone
from steelyard.apps.goals.actions.goals import close_goal, reopen_goal, withdraw_proposal
from steelyard.apps.goals.models import Goal, GoalVersion, Milestone
from steelyard.apps.goals.queries.progress import outcome_of, progress_of
from steelyard.apps.goals.queries.rights import may_approve
from steelyard.apps.goals.queries.seen import (
    goal_seen_by,
    goals_seen_by,
    may_check_in,
    may_propose,
    may_spread,
    stands_above,
    unit_of,
)
from steelyard.apps.goals.views import smart
from steelyard.apps.goals.views.cards import answers_of, card_of
from steelyard.apps.goals.views.drafting import draft_of
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.words import names
from steelyard.apps.goals.words import progress as words
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.doors import door
from steelyard.web.words import sentence

MOST_BELOW = 40
MOST_ABOVE = 8


@door("goals.see")
@require_safe
def goal(request: HttpRequest, public_id: str) -> HttpResponse:
    return page(request, goal_seen_by(request.user, public_id))


def page(request: HttpRequest, found: Goal, *, status: int = 200, **more: Any) -> HttpResponse:
    viewer, version = request.user, shown_version(found)
    progress = progress_of(viewer, [found])
    card = card_of(
        viewer, found, version, progress=progress.get(found.pk), answers=answers_of(viewer, [version])
    )
    is_open = found.state == Goal.State.ACTIVE
    context = {
        "goal": found,
        "version": version,
        "card": card,
        "headline": version.title,
        "letters": letters_of(request, found, version),
        "above": above(viewer, version),
        "below": below(viewer, found),
        "over": numbers.percent(version.over) if version.over else "",
        "credits": credits_of(version),
        "months": months_of(version),
        "steps": steps_of(viewer, found, version),
        "proposal": proposal_of(viewer, found),
        "may_change": may_propose(viewer, found) and found.state in ("proposed", "active"),
        "may_close": is_open and stands_above(viewer, found),
        "may_reopen": found.state == Goal.State.CLOSED and stands_above(viewer, found),
        "may_spread": is_open and may_spread(viewer, found) and version.kind in GoalVersion.WITH_KPI,
        "may_add": is_open and may_propose(viewer, found),
        "may_begin_anew": found.state == Goal.State.WITHDRAWN and may_propose(viewer, found),
        "is_held": found.current is not None,
        "closed": closed_of(found),
        "last_day": names.day(names.last_day(version)),
    }
    return render(request, "goals/goal.html", context | frame(request, "") | more, status=status)


def shown_version(found: Goal) -> GoalVersion:
    """What holds; of what never did, the newest text."""
    rows = found.versions.select_related("parent__current", "parent__team", "parent__person", "theme")
    rows = rows.select_related("cause__diagnosis", "author").prefetch_related(
        "credits__team", "credits__person"
    )
    wanted = rows.filter(pk=found.current_id) if found.current_id else rows.order_by("-number")
    version = wanted.first()
    if version is None:
        raise Refused("access.denied", 404)
    version.goal = found
    return version


def letters_of(request: HttpRequest, found: Goal, version: GoalVersion) -> tuple[dict[str, Any], ...]:
    """The check of what the goal says."""
    told = {
        name: getattr(version, name)
        for name in ("title", "kpi", "baseline", "target", "unit", "starts", "ends", "kind", "why")
    }
    above = str(version.parent or version.theme or "")
    cause = version.cause.text if version.cause else ""
    owner = unit_of(found)
    draft = draft_of(request.user, told, owner=owner, goal=found, parent=above, cause=cause)
    return smart.check_of(request.user, draft, told, goal=found, owner=owner).lines


def above(viewer: Any, version: GoalVersion) -> list[dict[str, str]]:
    """The goals over this one, the highest first, as far as the viewer sees them."""
    found: list[dict[str, str]] = []
    at, seen = version.parent, set[int]()
    while at is not None and at.pk not in seen and len(found) < MOST_ABOVE:
        seen.add(at.pk)
        held = goals_seen_by(viewer).filter(pk=at.pk).first()
        if held is None or held.current is None:
            break
        found.insert(0, line(held, held.current))
        at = held.current.parent
    return found


def below(viewer: Any, found: Goal) -> list[dict[str, str]]:
    """Its parts, by owner, with how they stand."""
    parts = list(
        goals_seen_by(viewer)
        .filter(current__parent=found, state__in=("active", "closed"))
        .order_by("owner_kind", "team__name", "person__name", "pk")[:MOST_BELOW]
    )
    made = progress_of(viewer, parts, is_brief=True)
    return [line(each, each.current) | standing(each, made) for each in parts if each.current]


def standing(each: Goal, made: Any) -> dict[str, str]:
    progress = made[each.pk]
    return {
        "status": progress.status,
        "status_name": words.status_word(progress.status),
        "attainment": words.attainment_words(progress),
    }


def line(each: Goal, version: GoalVersion) -> dict[str, str]:
    return {
        "title": version.title,
        "href": reverse("goal", args=[each.public_id]),
        "owner": names.owner_name(each),
        "target": names.target_words(version, currency=currency()),
    }


def credits_of(version: GoalVersion) -> list[dict[str, str]]:
    return [
        {"name": str(each.team or each.person), "share": numbers.percent(each.share / 100, digits=0)}
        for each in version.credits.all()
    ]


def months_of(version: GoalVersion) -> dict[str, Any] | None:
    """The plan as rows and as bars; the running period is marked."""
    if not version.plan:
        return None
    today = timezone.localdate()
    values = [abs(float(row[1])) for row in version.plan]
    most = max(values) or 1.0
    width = 100 / len(values)
    rows = []
    for place, row in enumerate(version.plan):
        share = values[place] / most
        rows.append(
            {
                "name": names.plan_label(row[0]),
                "value": names.amount(numbers.decimal(float(row[1])), version.unit, currency=currency()),
                "x": f"{place * width + width * 0.12:.3f}%",
                "width": f"{width * 0.76:.3f}%",
                "height": f"{share * 92:.2f}%",
                "y": f"{100 - share * 92:.2f}%",
                "is_now": names.is_running(row[0], today),
            }
        )
    return {"rows": rows, "is_ratio": any(len(row) > 2 for row in version.plan)}


def steps_of(viewer: Any, found: Goal, version: GoalVersion) -> list[dict[str, Any]]:
    """Milestones that stand; of a proposal those that it names."""
    may_tick = found.state == Goal.State.ACTIVE and may_check_in(viewer, found)
    today = timezone.localdate()
    if found.current is None:
        return [
            {"title": each["title"], "due": names.day(datetime.date.fromisoformat(each["due_on"]))}
            for each in version.steps
        ]
    return [
        {
            "key": each.public_id,
            "title": each.title,
            "due": names.day(each.due_on),
            "done": names.day(each.done_on) if each.done_on else "",
            "is_late": each.done_on is None and each.due_on < today,
            "may_tick": may_tick,
        }
        for each in found.milestones.filter(dropped_at=None)
    ]


def proposal_of(viewer: Any, found: Goal) -> dict[str, Any] | None:
    """The newest change that waits, where it concerns the viewer."""
    waiting = found.versions.filter(state=GoalVersion.State.PROPOSED).select_related("author", "goal")
    version = waiting.order_by("-number").first()
    if version is None:
        return None
    is_own = version.author_id == viewer.pk
    may_decide = may_approve(viewer, version)
    if not (is_own or may_decide or may_propose(viewer, found)):
        return None
    return {"version": version, "author": version.author.name, "is_own": is_own, "may_decide": may_decide}


def closed_of(found: Goal) -> dict[str, str] | None:
    if found.state != Goal.State.CLOSED or found.closed_at is None:
        return None
    by = found.closed_by.name if found.closed_by else ""
    day = names.day(timezone.localdate(found.closed_at))
    return {"by": by, "day": day, "note": (found.outcome or {}).get("note", "")}


@door("goals.set")
@require_POST
def close(request: HttpRequest, public_id: str) -> HttpResponse:
    found = goal_seen_by(request.user, public_id)
    note = request.POST.get("note", "")
    try:
        close_goal(actor_of(request), found, note=note, outcome=outcome_of(found))
    except Refused as refused:
        if refused.status == 404:
            raise
        return page(request, found, status=422, close_note=note, close_refused=sentence(refused))
    messages.success(request, _("Closed. What it came to is kept; it can be reopened."))
    return redirect("goal", public_id)


@door("goals.set")
@require_POST
def reopen(request: HttpRequest, public_id: str) -> HttpResponse:
    found = goal_seen_by(request.user, public_id)
    reason = request.POST.get("reason", "")
    try:
        reopen_goal(actor_of(request), found, reason)
    except Refused as refused:
        if refused.status == 404:
            raise
        return page(request, found, status=422, reopen_reason=reason, reopen_refused=sentence(refused))
    messages.success(request, _("Open again."))
    return redirect("goal", public_id)


@door("goals.check-in")
@require_POST
def tick(request: HttpRequest, public_id: str, key: str) -> HttpResponse:
    """A step is done today, or not after all."""
    found = goal_seen_by(request.user, public_id)
    step = Milestone.objects.select_related("goal").filter(goal=found, public_id=key).first()
    if step is None:
        raise Refused("access.denied", 404)
    tick_milestone(actor_of(request), step, None if step.done_on else timezone.localdate())
    return redirect(f"{reverse('goal', args=[public_id])}#steps")


@door("goals.propose")
@require_POST
def withdraw(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    found = goal_seen_by(request.user, public_id)
    version = found.versions.filter(number=number).select_related("goal").first()
    if version is None:
        raise Refused("access.denied", 404)
    withdraw_proposal(actor_of(request), version)
    messages.success(request, _("Withdrawn. Its text is kept; from it you can propose anew."))
    return redirect("goal", public_id)
