"""The page of a job: how far it is, a way to stop it, and what came of it."""

from typing import cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from steelyard.apps.accounts.models import User
from steelyard.apps.jobs import actions, queries
from steelyard.apps.jobs.models import Job
from steelyard.apps.jobs.words import headline, outcome, step
from steelyard.web.doors import door


@door("jobs.see")
@never_cache
@require_safe
def job(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.job_seen_by(request.user, public_id)
    after = local(request, request.GET.get("next", ""))
    is_asked_again = bool(getattr(request, "htmx", False))
    if chosen.state == Job.State.DONE and after:
        return HttpResponseClientRedirect(after) if is_asked_again else redirect(after)
    if is_asked_again and not chosen.is_open:
        return HttpResponseClientRefresh()
    shown = {
        "job": chosen,
        "headline": headline(chosen),
        "step": step(chosen),
        "total": chosen.total if chosen.done else 0,  # a bar that stands at nothing tells nothing
        "outcome": outcome(chosen),
        "next": after,
        "address": address(chosen, after=after),
    }
    return render(request, "jobs/state.html" if is_asked_again else "jobs/job.html", shown)


@door("jobs.cancel")
@require_POST
def cancel(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.job_seen_by(request.user, public_id)
    actions.cancel(actor_of(request), chosen)
    return redirect(address(chosen, after=local(request, request.POST.get("next", ""))))


def actor_of(request: HttpRequest) -> User:
    """Whose request it is; the door lets nobody in without an account."""
    return cast(User, request.user)


def address(chosen: Job, *, after: str = "") -> str:
    """Where a job is watched; `after` is the page that goes on when it is done."""
    query = f"?{urlencode({'next': after})}" if after else ""
    return reverse("job", args=[chosen.public_id]) + query


def local(request: HttpRequest, target: str) -> str:
    """The target when it is a page of this site, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else ""
