"""Pages of the organisation."""

from collections.abc import Callable
from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.people import actions, queries
from steelyard.apps.people.forms import (
    AccountForm,
    AliasForm,
    ChangePersonForm,
    ChangeTeamForm,
    EndForm,
    ManagerForm,
    MembershipForm,
    MoveForm,
    PersonForm,
    TeamForm,
)
from steelyard.apps.people.models import Person
from steelyard.errors import Refused
from steelyard.web.doors import can, door
from steelyard.web.pages import page_of
from steelyard.web.words import sentence

form_page = require_http_methods(["GET", "HEAD", "POST"])


@door("people.see")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = page_of(request, queries.people_found(request.user, text))
    shown = {"page": page, "text": text, "tabs": tabs("people"), **rights(request)}
    return render(request, "people/people.html", shown)


@door("people.see")
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    shown = {"branches": queries.team_tree(request.user), "tabs": tabs("teams"), **rights(request)}
    return render(request, "people/teams.html", shown)


@door("people.see")
@require_safe
def team(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.team_seen_by(request.user, public_id)
    members = queries.team_members(request.user, chosen)
    opened = set(queries.people_seen_by(request.user).values_list("pk", flat=True))
    shown = {"team": chosen, "members": members, "opened": opened, **rights(request)}
    return render(request, "people/team.html", shown)


@door("people.see")
@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    shown = {"person": chosen, "current": queries.membership_today(chosen), **rights(request)}
    return render(request, "people/person.html", shown)


@door("people.keep")
@form_page
def add_person(request: HttpRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if made := done(form, lambda data: actions.add_person(request.user, **data)):
        return redirect("person", made.public_id)
    return form_view(request, form, title=_("Add a person"))


@door("people.keep")
@form_page
def change_person(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    form = ChangePersonForm(request.POST or None, initial=vars(chosen))
    if done(form, lambda data: actions.change_person(request.user, chosen, **data) or chosen):
        return back_to(request, chosen)
    return form_view(request, form, title=chosen.name)


@door("people.keep")
@form_page
def move(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    form = MoveForm(request.POST or None)
    if done(form, lambda data: actions.move_person(request.user, chosen, **data)):
        return back_to(request, chosen)
    return form_view(request, form, title=_("Move %(name)s to a team") % {"name": chosen.name})


@door("people.keep")
@form_page
def membership(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    """One line of a person's memberships, by its place in their own list."""
    chosen = queries.person_seen_by(request.user, public_id)
    held = get_object_or_404(chosen.memberships, pk=number)
    form = MembershipForm(request.POST or None, initial={**vars(held), "team": held.team_id})
    if done(form, lambda data: actions.change_membership(request.user, held, **data) or held):
        return back_to(request, chosen)
    return form_view(request, form, title=_("Mend a membership of %(name)s") % {"name": chosen.name})


@door("people.keep")
@form_page
def end_membership(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    held = get_object_or_404(chosen.memberships, pk=number)
    form = EndForm(request.POST or None)
    if done(form, lambda data: actions.end_membership(request.user, held, **data) or held):
        return back_to(request, chosen)
    return form_view(request, form, title=_("End a membership of %(name)s") % {"name": chosen.name})


@door("people.keep")
@form_page
def set_manager(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    form = ManagerForm(request.POST or None)
    if done(form, lambda data: actions.set_manager(request.user, chosen, **data)):
        return back_to(request, chosen)
    return form_view(request, form, title=_("Who manages %(name)s") % {"name": chosen.name})


@door("people.keep")
@form_page
def end_manager_link(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    link = get_object_or_404(chosen.manager_links, pk=number)
    form = EndForm(request.POST or None)
    if done(form, lambda data: actions.end_manager_link(request.user, link, **data) or link):
        return back_to(request, chosen)
    return form_view(request, form, title=_("End a reporting line of %(name)s") % {"name": chosen.name})


@door("people.keep")
@form_page
def add_alias(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    form = AliasForm(request.POST or None)
    if done(form, lambda data: actions.add_alias(request.user, chosen, **data)):
        return back_to(request, chosen)
    return form_view(request, form, title=_("Another name of %(name)s") % {"name": chosen.name})


@door("people.keep")
@require_POST
def remove_alias(request: HttpRequest, public_id: str, number: int) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    actions.remove_alias(request.user, get_object_or_404(chosen.aliases, pk=number))
    return back_to(request, chosen)


@door("accounts.users")
@form_page
@reauthentication_required(allow_get=True)
def link_account(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.person_seen_by(request.user, public_id)
    form = AccountForm(request.POST or None, initial={"user": chosen.user_id})
    if done(form, lambda data: actions.link_account(request.user, chosen, **data) or chosen):
        return back_to(request, chosen)
    return form_view(request, form, title=_("The account of %(name)s") % {"name": chosen.name})


@door("people.keep")
@form_page
def add_team(request: HttpRequest) -> HttpResponse:
    form = TeamForm(request.POST or None)
    if made := done(form, lambda data: actions.add_team(request.user, **data)):
        return redirect("team", made.public_id)
    return form_view(request, form, title=_("Add a team"))


@door("people.keep")
@form_page
def change_team(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.team_seen_by(request.user, public_id)
    form = ChangeTeamForm(request.POST or None, initial={**vars(chosen), "parent": chosen.parent_id})
    if done(form, lambda data: actions.change_team(request.user, chosen, **data) or chosen):
        messages.success(request, _("Saved."))
        return redirect("team", public_id)
    return form_view(request, form, title=chosen.name)


def done(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Carry out a filled form; a refusal is said on the form, which keeps what was typed."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except Refused as refused:
        form.add_error(None, sentence(refused))
        return None


def back_to(request: HttpRequest, chosen: Person) -> HttpResponse:
    messages.success(request, _("Saved."))
    return redirect("person", chosen.public_id)


def form_view(request: HttpRequest, form: forms.Form, *, title: str) -> HttpResponse:
    return render(request, "people/form.html", {"form": form, "heading": title})


def rights(request: HttpRequest) -> dict[str, bool]:
    return {
        "can_keep": can(request.user, "people.keep"),
        "can_import": can(request.user, "data.import"),
        "can_link": can(request.user, "accounts.users"),
    }


def tabs(here: str) -> list[dict[str, object]]:
    items = [("people", _("People"), "/people/"), ("teams", _("Teams"), "/people/teams/")]
    return [{"label": label, "href": href, "is_here": name == here} for name, label, href in items]
