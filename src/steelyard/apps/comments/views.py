"""The conversation on a record, as a page and as the part of one; the questions that wait."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.accounts.models import User
from steelyard.apps.comments import actions, queries
from steelyard.apps.comments.kinds import Record, record_seen_by
from steelyard.apps.comments.models import Comment
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.words import say


@door("comments.see")
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    found = queries.questions_for(request.user)
    shown = {
        "waiting": [each for each in found if each.talk.is_waiting],
        "answered": [each for each in found if not each.talk.is_waiting],
    }
    return render(request, "comments/questions.html", shown)


@door("comments.see")
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    record = record_seen_by(request.user, kind, key)
    if request.method != "POST":
        return shown(request, record)
    text, public_id = request.POST.get("text", ""), request.POST.get("answers", "")
    answered = queries.comment_of(request.user, public_id) if public_id else None
    try:
        actions.write_comment(
            cast(User, request.user),
            kind=kind,
            key=key,
            text=text,
            is_question="question" in request.POST,
            answers=answered,
        )
    except Refused as refused:
        if refused.status != 422:
            raise
        return shown(
            request, record, fault=say(refused.code, **refused.params), draft=text, answered=public_id
        )
    return back(request, record)


@door("comments.write")
@require_POST
def withdraw(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = queries.comment_of(request.user, public_id)
    actions.withdraw_comment(cast(User, request.user), comment)
    return back(request, record_of(request, comment))


@door("comments.write")
@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = queries.comment_of(request.user, public_id)
    actions.restore_comment(cast(User, request.user), comment)
    return back(request, record_of(request, comment))


def record_of(request: HttpRequest, comment: Comment) -> Record:
    return record_seen_by(request.user, comment.kind, comment.key)


def back(request: HttpRequest, record: Record) -> HttpResponse:
    """The conversation anew: as a part where a part was asked for."""
    if getattr(request, "htmx", False):
        return shown(request, record)
    return redirect("conversation", record.kind, record.key)


def shown(
    request: HttpRequest, record: Record, *, fault: str = "", draft: str = "", answered: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "record": record,
        "talks": queries.talks_on(request.user, record),
        "may_write": can(request.user, "comments.write"),
        "fault": fault,
        "draft": draft,
        "answered": answered,
        "longest": actions.LONGEST,
    }
    template = "comments/thread.html" if getattr(request, "htmx", False) else "comments/conversation.html"
    return render(request, template, context, status=422 if fault else 200)
