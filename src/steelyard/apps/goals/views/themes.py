"""Themes of the strategy: everybody reads them, the leader words and orders them."""

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.goals.actions import themes as actions
from steelyard.apps.goals.errors import Overtaken
from steelyard.apps.goals.forms.themes import ThemeForm
from steelyard.apps.goals.models import Goal, Theme
from steelyard.apps.goals.views.frame import frame
from steelyard.apps.jobs.views import actor_of
from steelyard.apps.measure.models import UnitKind
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])
MOVES = {"up": -1, "down": 1}


@door("goals.see")
@require_safe
def themes(request: HttpRequest) -> HttpResponse:
    held = Q(versions__goal__current=F("versions__pk"), versions__goal__state=Goal.State.ACTIVE)
    counted = Count("versions", filter=held & Q(versions__goal__owner_kind=UnitKind.COMPANY))
    found = list(Theme.objects.annotate(goals=counted).order_by("position", "pk"))
    standing = [each for each in found if each.retired_at is None]
    told = ngettext(
        "%(n)d theme stands above the goals", "%(n)d themes stand above the goals", len(standing)
    ) % {"n": len(standing)}
    context = {
        "headline": _("%(told)s.") % {"told": told} if standing else _("No theme is named yet."),
        "themes": standing,
        "retired": [each for each in found if each.retired_at is not None],
        "may_keep": can(request.user, "goals.themes"),
    }
    return render(request, "goals/themes.html", context | frame(request, "themes"))


@door("goals.themes")
@form_page
def new(request: HttpRequest) -> HttpResponse:
    form = ThemeForm(request.POST or None)
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.add_theme(
                actor_of(request), title=told["title"], measure=told["measure"], note=told["note"]
            )
        except Refused as refused:
            form.add_error("title", sentence(refused))
        else:
            return redirect("themes")
    return shown(request, form, headline=_("What is the strategy, in a few words?"))


@door("goals.themes")
@form_page
def change(request: HttpRequest, public_id: str) -> HttpResponse:
    theme = found(public_id)
    initial = {"title": theme.title, "measure": theme.measure, "note": theme.note, "version": theme.version}
    form = ThemeForm(request.POST or None, initial=initial)
    stands = None
    if form.is_valid():
        told = form.cleaned_data
        try:
            actions.change_theme(
                actor_of(request),
                theme,
                title=told["title"],
                measure=told["measure"],
                note=told["note"],
                based_on=told["version"] or 0,
            )
        except Overtaken as overtaken:
            stands = overtaken.stands
            sent = request.POST.copy()
            sent["version"] = str(overtaken.number)
            form = ThemeForm(sent)
            form.add_error(None, sentence(overtaken))
        except Refused as refused:
            form.add_error("title", sentence(refused))
        else:
            return redirect("themes")
    return shown(request, form, headline=_("Change the theme"), theme=theme, stands=stands)


def shown(
    request: HttpRequest,
    form: ThemeForm,
    *,
    headline: str,
    theme: Theme | None = None,
    stands: Theme | None = None,
) -> HttpResponse:
    context = {"form": form, "headline": headline, "theme": theme, "stands": stands}
    status = 422 if form.is_bound else 200
    return render(request, "goals/theme.html", context | frame(request, "themes"), status=status)


@door("goals.themes")
@require_POST
def retire(request: HttpRequest, public_id: str) -> HttpResponse:
    actions.retire_theme(actor_of(request), found(public_id))
    messages.success(request, _("Retired. Goals below it stay; it can be brought back."))
    return redirect("themes")


@door("goals.themes")
@require_POST
def restore(request: HttpRequest, public_id: str) -> HttpResponse:
    actions.restore_theme(actor_of(request), found(public_id))
    messages.success(request, _("Brought back."))
    return redirect("themes")


@door("goals.themes")
@require_POST
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    """One place up or down."""
    order = list(Theme.objects.filter(retired_at=None).values_list("public_id", flat=True))
    if public_id not in order:
        raise Refused("access.denied", 404)
    place = order.index(public_id)
    other = place + MOVES.get(request.POST.get("to", ""), 0)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
        actions.order_themes(actor_of(request), order)
    return redirect("themes")


def found(public_id: str) -> Theme:
    theme = Theme.objects.filter(public_id=public_id).first()
    if theme is None:
        raise Refused("access.denied", 404)
    return theme
