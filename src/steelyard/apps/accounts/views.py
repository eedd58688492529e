"""Pages of accounts: the first run, logging in, one's own settings, and the users' administration."""

from allauth.account import views as allauth
from allauth.account.decorators import reauthentication_required
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from steelyard.apps.accounts import actions, queries
from steelyard.apps.accounts.forms import AcceptForm, InviteForm, ProfileForm, UserForm, WelcomeForm
from steelyard.apps.accounts.models import Language, Theme, User
from steelyard.errors import Refused
from steelyard.web.doors import authorize, can, door
from steelyard.web.pages import page_of
from steelyard.web.shell import THEME_COOKIE
from steelyard.web.words import sentence

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
YEAR = 365 * 24 * 3600
form_page = require_http_methods(["GET", "HEAD", "POST"])


@door("accounts.log-in")
def log_in(request: HttpRequest) -> HttpResponseBase:
    """Before the first account there is nobody to log in."""
    if queries.is_empty():
        return redirect("welcome")
    return allauth.login(request)


@door("accounts.first-run")
@form_page
@sensitive_post_parameters("password", "again")
@never_cache
def welcome(request: HttpRequest) -> HttpResponse:
    """Makes the first administrator; afterwards this page does not exist."""
    if not queries.is_empty():
        raise Refused("access.denied", 404)
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        user = actions.make_first_administrator(
            name=data["name"], email=data["email"], password=data["password"]
        )
        login(request, user, backend=BACKEND)
        return redirect("home")
    return render(request, "accounts/welcome.html", {"form": form})


@door("accounts.accept-invitation")
@form_page
@sensitive_post_parameters("password", "again")
@never_cache
def invitation(request: HttpRequest, public_id: str, token: str) -> HttpResponse:
    user = queries.invited_user(public_id, token)
    form = AcceptForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        user = actions.accept_invitation(public_id, token, password=form.cleaned_data["password"])
        login(request, user, backend=BACKEND)
        return redirect("home")
    return render(request, "accounts/invitation.html", {"form": form, "invited": user})


@door("accounts.own")
@form_page
def settings(request: HttpRequest) -> HttpResponse:
    user = account(request)
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=user.pk))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        actions.change_profile(user, name=data["name"], language=data["language"], theme=data["theme"])
        messages.success(request, _("Saved."))
        return redirect("settings")
    shown = {"form": form, "has_second_factor": is_mfa_enabled(user), "tabs": settings_tabs(request)}
    return render(request, "accounts/settings.html", shown)


@door("accounts.switch")
@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    language = request.POST.get("language", "")
    response = redirect(local_address(request))
    if language in Language.values and language:
        response.set_cookie(
            "steelyard_language", language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
        if request.user.is_authenticated:
            actions.keep_language(account(request), language)
    return response


@door("accounts.switch")
@require_POST
def switch_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    response = redirect(local_address(request))
    if theme in Theme.values:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax", secure=request.is_secure())
        if request.user.is_authenticated:
            actions.keep_theme(account(request), theme)
    return response


@door("accounts.users")
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()
    page = page_of(request, queries.users_seen_by(request.user, text=text))
    shown = {"page": page, "text": text, "tabs": settings_tabs(request)}
    return render(request, "accounts/users.html", shown)


@door("accounts.users")
@form_page
@reauthentication_required(allow_get=True)
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            user = actions.invite(request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            return link_page(request, user, token=actions.invitation_token(request.user, user))
    return render(request, "accounts/invite.html", {"form": form})


@door("accounts.users")
@form_page
@reauthentication_required(allow_get=True)
def user(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.user_seen_by(request.user, public_id)
    form = UserForm(request.POST or None, initial={"name": chosen.name, "roles": chosen.roles})
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_user(request.user, chosen, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("user", chosen.public_id)
    return render(request, "accounts/user.html", {"form": form, "chosen": chosen})


@door("accounts.users")
@require_POST
@reauthentication_required
def user_switch(request: HttpRequest, public_id: str) -> HttpResponse:
    """Switches an account off, or on again."""
    chosen = queries.user_seen_by(request.user, public_id)
    change = actions.switch_off if chosen.is_active else actions.switch_on
    change(request.user, chosen)
    return redirect("user", public_id)


@door("accounts.users")
@require_POST
@reauthentication_required
def user_link(request: HttpRequest, public_id: str) -> HttpResponse:
    chosen = queries.user_seen_by(request.user, public_id)
    return link_page(request, chosen, token=actions.renew_invitation(request.user, chosen))


@door("accounts.users")
@require_POST
@reauthentication_required
def user_second_factor(request: HttpRequest, public_id: str) -> HttpResponse:
    actions.drop_second_factor(request.user, queries.user_seen_by(request.user, public_id))
    messages.success(request, _("The second factor was removed."))
    return redirect("user", public_id)


def link_page(request: HttpRequest, user: User, *, token: str) -> HttpResponse:
    """The one-time link is shown once and stored nowhere."""
    link = request.build_absolute_uri(reverse("invitation", args=[user.public_id, token]))
    return render(request, "accounts/link.html", {"chosen": user, "link": link})


def account(request: HttpRequest) -> User:
    """The viewer as the account that it is behind this door."""
    if not isinstance(request.user, User):
        raise Refused("access.denied", 404)
    authorize(request.user, "accounts.own", request.user)
    return request.user


def local_address(request: HttpRequest) -> str:
    """Where to go back to; never to another site."""
    address = request.POST.get("next", "")
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


def settings_tabs(request: HttpRequest) -> list[dict[str, object]]:
    items = [("settings", _("My account"))]
    if can(request.user, "accounts.users"):
        items.append(("users", _("Accounts")))
    return [
        {"label": label, "href": reverse(name), "is_here": request.path == reverse(name)}
        for name, label in items
    ]
