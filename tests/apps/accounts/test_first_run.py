"""The first-run page makes the first administrator, once."""

import pytest
from django.test import Client

from steelyard.apps.access.models import AuditEntry
from steelyard.apps.accounts import actions
from steelyard.apps.accounts.models import User
from steelyard.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.database]
FILLED = {
    "name": "Lin Yue",
    "email": "Lin.Yue@Example.com",
    "password": "a quiet brass weight",
    "again": "a quiet brass weight",
}


def test_an_empty_site_leads_to_the_first_run(client: Client) -> None:
    assert client.get("/accounts/login/")["Location"] == "/welcome/"
    assert client.get("/welcome/").status_code == 200


def test_the_first_account_may_do_three_jobs_and_is_logged_in(client: Client) -> None:
    assert client.post("/welcome/", FILLED)["Location"] == "/"
    user = User.objects.get()
    assert user.email == "lin.yue@example.com"
    assert user.roles == ["leader", "analyst", "administrator"]
    assert client.get("/settings/").status_code == 200
    assert AuditEntry.objects.get().action == "accounts.first-run"


def test_afterwards_the_page_does_not_exist(client: Client, leader: User) -> None:
    assert client.get("/welcome/").status_code == 404
    assert client.post("/welcome/", FILLED).status_code == 404
    with pytest.raises(Refused, match="already-set-up"):
        actions.make_first_administrator(name="Eve", email="eve@example.com", password="x")
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"again": "another weight"}, "The two passwords differ."),
        ({"password": "short", "again": "short"}, "too short"),
        ({"password": "lin.yue@example.com", "again": "lin.yue@example.com"}, "too similar"),
        ({"email": "nothing"}, "valid email"),
    ],
)
def test_what_is_typed_wrong_is_said(client: Client, change: dict[str, str], said: str) -> None:
    page = client.post("/welcome/", FILLED | change)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not User.objects.exists()
