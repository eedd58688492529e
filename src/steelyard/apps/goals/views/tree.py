"""How goals hang together: from the company's down to everybody's, folded below the second level."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import record
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.seen import goals_seen_by
from steelyard.apps.goals.queries.tree import Branch, Line, alignment_tree
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.views.grids import sheet_of
from steelyard.apps.goals.words import names
from steelyard.apps.goals.words.progress import words_of
from steelyard.errors import Refused
from steelyard.web.doors import door

# Of so many siblings the first are shown; a search finds the others.
MOST_BELOW = 100
MOST_FOUND = 100


@door("goals.see")
@require_safe
def tree(request: HttpRequest) -> HttpResponse:
    """Two levels at once; a search goes through all of them; `under` begins at one goal."""
    lines = alignment_tree(request.user)
    text, under = request.GET.get("q", "").strip()[:100], request.GET.get("under", "")
    start = branch_of(lines, under) if under else None
    context: dict[str, Any] = {"start": start, "q": text}
    if text:
        context["found"] = shown(request.user, matching(lines, text), levels=1)
    else:
        context["sections"] = sections(request.user, [Line(None, (start,))] if start else lines)
    whole = sum(line.size for line in lines)
    told = ngettext("%(n)d goal hangs together", "%(n)d goals hang together", whole) % {"n": whole}
    context |= {
        "headline": _("%(told)s.") % {"told": told} if whole else _("No goals are set yet."),
        "whole": whole,
    }
    return render(request, "goals/tree.html", context | frame(request, "tree"))


@door("goals.see")
@require_safe
def below(request: HttpRequest, public_id: str) -> HttpResponse:
    """The next level of one goal: the fragment that opening it asks for."""
    start = branch_of(alignment_tree(request.user), public_id)
    branches = shown(request.user, start.branches[:MOST_BELOW], levels=1)
    context = {"branches": branches, "more": more_of(start.branches)}
    return render(request, "goals/parts/branches.html", context)


@door("goals.see")
@require_safe
def tree_xlsx(request: HttpRequest) -> HttpResponse:
    """Every open goal that the viewer sees, a line each, the goal above beside it."""
    order = [
        branch.pk for line in alignment_tree(request.user) for root in line.branches for branch in root.walk()
    ]
    found = goals_seen_by(request.user).in_bulk(order)
    goals = [found[pk] for pk in order if pk in found]
    record(request.user, "goals.export", goals=len(goals))
    progress = progress_of(request.user, goals, is_brief=True)
    return sheet_of([(names.owner_name(goal), goal) for goal in goals], progress, name=f"{_('goals')}.xlsx")


def every_branch(lines: Iterable[Line]) -> Iterator[Branch]:
    return (branch for line in lines for root in line.branches for branch in root.walk())


def branch_of(lines: Iterable[Line], key: str) -> Branch:
    """Raises Refused for a goal that is not in the viewer's tree."""
    found = next((branch for branch in every_branch(lines) if branch.key == key), None)
    if found is None:
        raise Refused("access.denied", 404)
    return found


def matching(lines: Iterable[Line], text: str) -> list[Branch]:
    """By title or owner, in the order of the tree."""
    wanted = text.casefold()
    found = [
        branch for branch in every_branch(lines) if wanted in f"{branch.title} {branch.owner}".casefold()
    ]
    return found[:MOST_FOUND]


def sections(viewer: Any, lines: Sequence[Line]) -> list[dict[str, Any]]:
    """By theme; how all of them stand is asked at once."""
    listed = [branch for line in lines for branch in line.branches[:MOST_BELOW]]
    told = {each["key"]: each for each in shown(viewer, listed, levels=2)}
    return [
        {
            "theme": line.theme.title if line.theme else "",
            "measure": line.theme.measure if line.theme else "",
            "branches": [told[branch.key] for branch in line.branches[:MOST_BELOW]],
            "more": more_of(line.branches),
        }
        for line in lines
    ]


def more_of(branches: Sequence[Branch]) -> int:
    return max(len(branches) - MOST_BELOW, 0)


def shown(viewer: Any, branches: Sequence[Branch], *, levels: int) -> list[dict[str, Any]]:
    """Lines of the tree to so many levels, with how each goal stands."""
    every = [*branches, *(each for branch in branches for each in branch.branches[:MOST_BELOW] if levels > 1)]
    goals = goals_seen_by(viewer).in_bulk([branch.pk for branch in every])
    progress = progress_of(viewer, goals.values(), is_brief=True)
    return [line(branch, goals, progress, levels=levels) for branch in branches]


def line(
    branch: Branch, goals: dict[int, Goal], progress: dict[int, Progress], *, levels: int
) -> dict[str, Any]:
    goal = goals.get(branch.pk)
    version = goal.current if goal else None
    made = progress.get(branch.pk)
    children = branch.branches[:MOST_BELOW] if levels > 1 else []
    return {
        "key": branch.key,
        "href": reverse("goal", args=[branch.key]),
        "title": branch.title,
        "owner": branch.owner or _("The company"),
        "told": words_of(version, made, currency=currency()) if version and made else None,
        "count": len(branch.branches),
        "parent": str(version.parent) if version and version.parent else "",
        "branches": [line(each, goals, progress, levels=levels - 1) for each in children],
        "more": more_of(branch.branches) if levels > 1 else 0,
    }
