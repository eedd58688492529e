"""How one goal stands: where it may end, month by month, its parts, what people say of it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from steelyard.apps.goals.actions import checkins
from steelyard.apps.goals.forms.checkins import CheckInForm
from steelyard.apps.goals.models import CheckIn, Goal
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.rights import may_check_in, sees_chance, sees_figures, stands_above
from steelyard.apps.goals.queries.rollup import Rollup, rollup_of_goal
from steelyard.apps.goals.queries.seen import goal_seen_by
from steelyard.apps.goals.queries.track import Step, Track, track_of
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.views.tracks import chart_of, lines_of
from steelyard.apps.goals.words import names
from steelyard.apps.goals.words import progress as words
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.doors import door
from steelyard.web.words import sentence


@door("goals.see")
@require_safe
def goal_progress(request: HttpRequest, public_id: str) -> HttpResponse:
    """A page of its own; htmx gets the part that the goal's page shows."""
    goal = goal_seen_by(request.user, public_id)
    if goal.current is None:
        return redirect("goal", public_id)
    shown = progress_context(request, goal)
    if getattr(request, "htmx", False):
        return render(request, "goals/progress/body.html", shown)
    shown |= {"headline": shown["told"].sentence, "title": goal.current.title}
    return render(request, "goals/progress/page.html", frame(request, "") | shown)


@door("goals.check-in")
@require_POST
def check_in(request: HttpRequest, public_id: str) -> HttpResponse:
    goal = goal_seen_by(request.user, public_id)
    if goal.current is None or not may_check_in(request.user, goal):
        raise Refused("access.denied", 404)
    form = CheckInForm(request.POST, version=goal.current, today=timezone.localdate())
    if form.is_valid():
        try:
            checkins.check_in(actor_of(request), goal, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("Kept."))
            return redirect("goal", public_id)
    shown = progress_context(request, goal, form=form)
    shown |= {"headline": shown["told"].sentence, "title": goal.current.title}
    return render(request, "goals/progress/page.html", frame(request, "") | shown, status=422)


@door("goals.check-in")
@require_POST
def withdraw_check_in(request: HttpRequest, public_id: str) -> HttpResponse:
    found = get_object_or_404(CheckIn.objects.select_related("goal"), public_id=public_id)
    goal = goal_seen_by(request.user, found.goal.public_id)
    checkins.withdraw_check_in(actor_of(request), found)
    messages.success(request, _("Withdrawn."))
    return redirect("goal", goal.public_id)


def progress_context(request: HttpRequest, goal: Goal, *, form: CheckInForm | None = None) -> dict[str, Any]:
    """What the fragment shows; the goal holds, and is the viewer's to see."""
    viewer, version = request.user, goal.current
    if version is None:
        return {}
    made = progress_of(viewer, [goal])[goal.pk]
    track = track_of(goal) if made.is_told and sees_figures(viewer, goal) else None
    is_chance_seen = sees_chance(viewer, goal)
    if track is not None and not (is_chance_seen and made.chance is not None):
        track = without_fan(track)
    may_say = goal.state == Goal.State.ACTIVE and may_check_in(viewer, goal)
    rolled = rollup_of_goal(viewer, goal)
    return {
        "goal": goal,
        "version": version,
        "made": made,
        "told": words.words_of(version, made, currency=currency()),
        "chance": words.chance_sentence(made, n=track.n if track else 0),
        "chart": chart_of(version, track, currency=currency()) if track else None,
        "chart_title": chart_title(made),
        "lines": lines_of(version, track, currency=currency()) if track else [],
        "is_total": made.mode == "total",
        "rule": words.pace_rule(track.rule) if track else "",
        "counted": counted(track),
        "helps": words.helps(version, made) if made.status in ("behind", "no-signal", "below-pace") else [],
        "rolled": rollup_lines(rolled) if rolled else None,
        "said": said_lines(request, goal),
        "form": form or (CheckInForm(version=version, today=timezone.localdate()) if may_say else None),
    }


def chart_title(made: Progress) -> str:
    if made.chance is None or made.is_over:
        return _("So far")
    return _("So far, and where it may end")


def without_fan(track: Track) -> Track:
    """The same for who is not shown how likely it is."""
    steps: list[Step] = [replace(step, middle=None, half=None, most=None) for step in track.steps]
    return replace(track, steps=tuple(steps), n=0)


def counted(track: Track | None) -> str:
    """Of a goal that several share: whose figures were put together."""
    if track is None or len(track.series) < 2:
        return ""
    between = "、" if numbers.is_chinese() else ", "
    return between.join(each.unit or names.owner_kind_name(each.kind) for each in track.series)


def rollup_lines(rolled: Rollup) -> dict[str, Any]:
    return {
        "sentence": words.rollup_words(rolled),
        "is_stated": rolled.is_stated,
        "parts": [
            {
                "goal": share.goal,
                "owner": names.owner_name(share.goal),
                "weight": numbers.count(share.weight) if rolled.is_stated else "",
                "score": "" if share.score is None else numbers.percent(share.score, digits=0),
                "reason": words.left_out_reason(share.reason) if share.score is None else "",
                "status": words.status_word(share.progress.status) if share.progress else "",
            }
            for share in rolled.shares
        ],
    }


def said_lines(request: HttpRequest, goal: Goal) -> list[dict[str, Any]]:
    """The newest first; who wrote one, or stands above, may withdraw it."""
    rows = CheckIn.objects.filter(goal=goal, withdrawn_at=None).select_related("author", "version")
    is_above, sure = stands_above(request.user, goal), dict(words.confidences())
    sees = sees_figures(request.user, goal)
    return [
        {
            "public_id": each.public_id,
            "on": each.on,
            "author": each.author.name,
            "note": each.note if sees else "",
            "confidence": sure[each.confidence],
            "value": names.amount(each.value, each.version.unit, currency=currency()).text
            if each.value is not None and sees
            else "",
            "may_withdraw": is_above or each.author_id == request.user.pk,
        }
        for each in rows
    ]
