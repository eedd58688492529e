"""How this site handles goals: readable for everybody, changed by the leader."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from steelyard.apps.goals.actions.settings import change_settings
from steelyard.apps.goals.forms.themes import RulesForm
from steelyard.apps.goals.models import GoalSettings
from steelyard.apps.goals.queries.seen import settings_now
from steelyard.apps.goals.views.frame import frame
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.web.doors import authorize, can, door
from steelyard.web.words import sentence


@door("goals.see")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    now = settings_now()
    initial = {
        "members_see_chance": now.members_see_chance,
        "managers_need_approval": now.managers_need_approval,
    } | RulesForm.initial_of(now.level_names)
    if request.method == "POST":
        authorize(request.user, "goals.settings")
    form = RulesForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            change_settings(
                actor_of(request),
                members_see_chance=told["members_see_chance"],
                managers_need_approval=told["managers_need_approval"],
                level_names=form.level_names,
            )
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("The rules are changed from now on."))
            return redirect("goal_settings")
    context = {
        "headline": _("The rules of this room"),
        "form": form,
        "now": now,
        "may_keep": can(request.user, "goals.settings"),
        "levels": [names.level_name(level, now.level_names) for level in names.LEVELS],
        "history": list(GoalSettings.objects.select_related("author")[:20]),
    }
    status = 422 if form.is_bound else 200
    return render(request, "goals/settings.html", context | frame(request, "goal_settings"), status=status)
