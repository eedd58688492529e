"""Logging in: by e-mail, throttled, with a second factor, and never out to another site."""

import base64
from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from steelyard.apps.accounts.models import User
from tests.conftest import PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.database]
MakeUser = Callable[..., User]


def try_to_log_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> object:
    return client.post("/accounts/login/", {"login": email, "password": password, **more})


def test_the_address_counts_in_any_case(client: Client, leader: User) -> None:
    assert try_to_log_in(client, "LEADER@example.com").status_code == 302
    assert client.get("/settings/").status_code == 200


@pytest.mark.parametrize(
    ("email", "password"), [("leader@example.com", "wrong"), ("who@example.com", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_answer_alike(
    client: Client, leader: User, email: str, password: str
) -> None:
    page = try_to_log_in(client, email, password)
    assert page.status_code == 200
    assert "not correct" in page.content.decode()


def test_an_account_that_was_switched_off_opens_nothing(client: Client, leader: User) -> None:
    try_to_log_in(client, leader.email)
    leader.is_active = False
    leader.save()
    assert client.get("/settings/")["Location"].startswith("/accounts/login/")
    try_to_log_in(client, leader.email)
    assert client.get("/settings/").status_code == 302


def test_an_invited_account_has_no_password_to_guess(client: Client, make_user: MakeUser) -> None:
    User.objects.create_user("new@example.com", name="New")
    assert try_to_log_in(client, "new@example.com", "").status_code == 200
    assert try_to_log_in(client, "new@example.com", "!").status_code == 200


def test_too_many_tries_lock_that_address_out(client: Client, leader: User, analyst: User) -> None:
    from django.core.cache import cache

    for _ in range(12):
        cache.clear()  # allauth's own counting would stop earlier: this is about the one that lasts
        answer = try_to_log_in(client, leader.email, "wrong")
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    cache.clear()
    assert try_to_log_in(client, leader.email).status_code == 429
    assert try_to_log_in(Client(), analyst.email).status_code == 302


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_logging_in_never_leads_to_another_site(client: Client, leader: User, elsewhere: str) -> None:
    assert try_to_log_in(client, leader.email, next=elsewhere)["Location"] == "/"


def test_nobody_signs_up(client: Client) -> None:
    assert client.get("/accounts/signup/").status_code == 404


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_a_second_factor_is_added_asked_for_and_kept_encrypted(client: Client, leader: User) -> None:
    try_to_log_in(client, leader.email)
    again = client.get("/accounts/2fa/activate/")
    assert again["Location"].startswith("/accounts/reauthenticate/")
    client.post(again["Location"], {"password": PASSWORD, "next": "/accounts/2fa/activate/"})
    page = client.get("/accounts/2fa/activate/")
    assert page.status_code == 200
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/activate/", {"code": code_now(secret)}).status_code == 302
    stored = Authenticator.objects.get(user=leader, type="totp").data["secret"]
    assert secret not in stored
    assert base64.urlsafe_b64decode(stored)

    other = Client()
    assert try_to_log_in(other, leader.email)["Location"].startswith("/accounts/2fa/code/")
    assert other.get("/settings/").status_code == 302
    assert other.post("/accounts/2fa/code/", {"code": "000000"}).status_code == 200
    from django.core.cache import cache

    cache.clear()  # a code counts once; the clock is not waited for
    other.post("/accounts/2fa/code/", {"code": code_now(secret)})
    assert other.get("/settings/").status_code == 200
