"""How goals hang together: from the company's down to everybody's, folded below the second level."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import record
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.progress import progress_of
from steelyard.apps.goals.queries.seen import goal_seen_by, goals_seen_by
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.views.grids import sheet_of
from steelyard.apps.goals.words import names
from steelyard.apps.goals.words.progress import words_of
from steelyard.web.doors import door

OPEN = "active"
MOST_ROOTS, MOST_BELOW, MOST_FOUND = 200, 200, 100


@door("goals.see")
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Two levels at once; a search goes through all of them; `under` begins at one goal."""
    found, under, text = (
        open_goals(request.user),
        request.GET.get("under", ""),
        request.GET.get("q", "").strip(),
    )
    start = goal_seen_by(request.user, under) if under else None
    if text:
        listed = matching(found, text)
        context = {"found": branches(request.user, listed), "q": text}
    else:
        roots = [start] if start is not None else list(roots_of(found))
        context = {"branches": with_children(request.user, found, roots)}
    whole = found.count()
    told = ngettext("%(n)d goal hangs together", "%(n)d goals hang together", whole) % {"n": whole}
    context |= {
        "headline": _("%(told)s.") % {"told": told} if whole else _("No goals are set yet."),
        "start": start,
        "start_title": str(start) if start else "",
        "whole": whole,
    }
    return render(request, "goals/tree.html", context | frame(request, "tree"))


@door("goals.see")
@require_safe
def below(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next level of one goal: the fragment that opening it asks for."""
    goal = goal_seen_by(request.user, public_id)
    children = list(children_of(open_goals(request.user), [goal.pk])[:MOST_BELOW])
    return render(request, "goals/parts/branches.html", {"branches": branches(request.user, children)})


@door("goals.see")
@require_safe
def tree_xlsx(request: HttpRequest) -> HttpResponse:
    """Every open goal that the viewer sees, a line each, the goal above beside it."""
    goals = list(open_goals(request.user).order_by("owner_kind", "current__starts", "pk"))
    record(request.user, "goals.export", goals=len(goals))
    progress = progress_of(request.user, goals, is_brief=True)
    return sheet_of([(names.owner_name(goal), goal) for goal in goals], progress, name=f"{_('goals')}.xlsx")


def open_goals(viewer: Any) -> QuerySet[Goal]:
    return goals_seen_by(viewer).filter(state=OPEN)


def roots_of(found: QuerySet[Goal]) -> QuerySet[Goal]:
    """Those above which the viewer sees nothing."""
    seen = found.order_by().values("pk")
    return in_order(found.filter(Q(current__parent=None) | ~Q(current__parent__in=seen)))[:MOST_ROOTS]


def children_of(found: QuerySet[Goal], parents: Iterable[int]) -> QuerySet[Goal]:
    return in_order(found.filter(current__parent__in=list(parents)))


def in_order(found: QuerySet[Goal]) -> QuerySet[Goal]:
    return found.order_by("current__theme__position", "owner_kind", "team__name", "person__name", "pk")


def matching(found: QuerySet[Goal], text: str) -> list[Goal]:
    wanted = (
        Q(current__title__icontains=text) | Q(team__name__icontains=text) | Q(person__name__icontains=text)
    )
    return list(in_order(found.filter(wanted))[:MOST_FOUND])


def with_children(viewer: Any, found: QuerySet[Goal], roots: list[Goal]) -> list[dict[str, Any]]:
    """The roots with the level below them."""
    children = list(children_of(found, [goal.pk for goal in roots])[: MOST_BELOW * 5])
    lines = branches(viewer, children)
    below_of: dict[int, list[dict[str, Any]]] = {}
    for goal, line in zip(children, lines, strict=True):
        below_of.setdefault(goal.current.parent_id or 0, []).append(line)  # type: ignore[union-attr]  open goals say something
    return [line | {"branches": below_of.get(line["pk"], [])} for line in branches(viewer, roots)]


def branches(viewer: Any, goals: list[Goal]) -> list[dict[str, Any]]:
    """Lines of the tree: what, whose, how it stands, and how many hang below."""
    progress = progress_of(viewer, goals, is_brief=True)
    counts = counts_below(viewer, goals)
    return [line(goal, progress.get(goal.pk), counts.get(goal.pk, 0)) for goal in goals if goal.current]


def counts_below(viewer: Any, goals: list[Goal]) -> dict[int, int]:
    rows = open_goals(viewer).filter(current__parent__in=[goal.pk for goal in goals]).order_by()
    return dict(rows.values_list("current__parent").annotate(count=Count("pk")))


def line(goal: Goal, made: Any, count: int) -> dict[str, Any]:
    version = goal.current
    told = words_of(version, made, currency=currency()) if version and made else None
    parent = version.parent if version else None
    return {
        "pk": goal.pk,
        "key": goal.public_id,
        "href": reverse("goal", args=[goal.public_id]),
        "title": str(goal),
        "owner": names.owner_name(goal),
        "target": names.target_words(version, currency=currency()) if version else "",
        "status": made.status if made else "",
        "told": told,
        "count": count,
        "parent": str(parent) if parent else "",
        "branches": [],
    }
