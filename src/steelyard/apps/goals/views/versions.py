"""What a goal said before, and what waits for a decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.goals.actions.goals import approve as approve_version
from steelyard.apps.goals.actions.goals import reject as reject_version
from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.goals.queries.approvals import proposal_for, proposals_by, proposals_for
from steelyard.apps.goals.queries.seen import goal_seen_by, goals_seen_by
from steelyard.apps.goals.queries.versions import changes_between, consequences_seen_by, versions_seen_by
from steelyard.apps.goals.views.cards import follows
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.words import changes as words
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.words import sentence


@door("goals.see")
@require_safe
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Every version that the viewer may read, the newest first, each with what it changed."""
    found = goal_seen_by(request.user, public_id)
    rows = list(versions_seen_by(request.user, found))
    for row in rows:
        row.goal = found
    context = {
        "goal": found,
        "headline": _("What this goal said, and why it changed"),
        "title": rows[0].title if rows else "",
        "rows": [version_line(request.user, found, row, rows[place + 1 :]) for place, row in enumerate(rows)],
    }
    return render(request, "goals/versions.html", context | frame(request, ""))


def version_line(viewer: Any, found: Goal, version: GoalVersion, older: list[GoalVersion]) -> dict[str, Any]:
    before = next((each for each in older if each.state == GoalVersion.State.APPROVED), None)
    changed = changes_between(viewer, before, version) if before else ()
    return {
        "version": version,
        "state": names.version_state_name(version.state),
        "is_current": version.pk == found.current_id,
        "valid_from": names.day(version.valid_from),
        "author": version.author.name,
        "decided_by": version.decided_by.name if version.decided_by else "",
        "target": names.target_words(version, currency=currency()),
        "changes": [
            words.change_line(each, before=before, after=version, currency=currency()) for each in changed
        ]
        if before
        else [],
    }


@door("goals.propose")
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    return page(request)


def page(
    request: HttpRequest, *, refused: str = "", about: str = "", note: str = "", status: int = 200
) -> HttpResponse:
    """What waits for the viewer, then the viewer's own that wait for somebody else."""
    mine = proposals_for(request.user)
    context = {
        "headline": headline(len(mine)),
        "waiting": [proposal_line(request.user, each) for each in mine],
        "own": [proposal_line(request.user, each) for each in proposals_by(request.user)],
        "withdrawn": withdrawn(request.user),
        "refused": refused,
        "about": about,
        "note": note,
    }
    return render(request, "goals/approvals.html", context | frame(request, "approvals"), status=status)


def headline(count: int) -> str:
    if not count:
        return _("Nothing waits for your decision.")
    told = ngettext("%(n)d proposal waits for you", "%(n)d proposals wait for you", count)
    return _("%(told)s.") % {"told": told % {"n": count}}


def proposal_line(viewer: Any, version: GoalVersion) -> dict[str, Any]:
    before = version.goal.current
    changed = changes_between(viewer, before, version) if before else ()
    return {
        "version": version,
        "goal": version.goal,
        "key": f"{version.goal.public_id}:{version.number}",
        "href": reverse("goal", args=[version.goal.public_id]),
        "owner": names.owner_name(version.goal),
        "stretch": names.stretch_of(version),
        "author": version.author.name,
        "target": names.target_words(version, currency=currency()),
        "above": str(version.parent or version.theme or ""),
        "follows": follows(consequences_seen_by(viewer, version)),
        "changes": [
            words.change_line(each, before=before, after=version, currency=currency()) for each in changed
        ]
        if before
        else [],
    }


def withdrawn(viewer: Any) -> list[dict[str, str]]:
    """Goals of the viewer that they took back before a decision: from each a new proposal can begin."""
    gone = goals_seen_by(viewer).filter(state=Goal.State.WITHDRAWN, created_by=viewer.pk).order_by("-pk")[:10]
    found = []
    for goal in gone:
        version = goal.versions.order_by("-number").first()
        if version is not None:
            found.append({"title": version.title, "href": reverse("goal", args=[goal.public_id])})
    return found


@door("goals.approve")
@require_POST
def decide(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """Approved or rejected, by the button that was pressed."""
    version = proposal_for(request.user, public_id, number)
    note, is_yes = request.POST.get("note", ""), request.POST.get("decision") == "approve"
    try:
        if is_yes:
            approve_version(actor_of(request), version, note)
        else:
            reject_version(actor_of(request), version, note)
    except Refused as refused:
        if refused.status == 404:
            raise
        about = f"{public_id}:{number}"
        return page(request, refused=sentence(refused), about=about, note=note, status=422)
    messages.success(request, _("Approved: it holds.") if is_yes else _("Rejected. The author reads why."))
    return redirect("approvals")
