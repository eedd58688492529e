"""A figure can be talked about by whoever sees it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from steelyard.apps.accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)
COMPANYS = "won_revenue|2025-Q4|company"


def talk(key: str) -> str:
    return reverse("conversation", args=["figure", key])


def test_the_page_of_a_figure_leads_to_its_conversation(
    published: Any, leader: User, log_in: Callable[[User], Client]
):
    client = log_in(leader)
    page = client.get("/measure/won_revenue/?period=2025-Q4").content.decode()
    assert talk(COMPANYS) in page
    client.post(talk(COMPANYS), {"text": "Is the fair in it?", "question": "yes"})
    answer = client.get(talk(COMPANYS)).content.decode()
    assert "Won revenue · Q4 2025 · " in answer
    assert "Is the fair in it?" in answer


@pytest.mark.parametrize("key", [COMPANYS, "won_revenue|2025-Q4|team:west", "no_such_kpi|2025-Q4|team:east"])
def test_figures_of_others_and_unknown_ones_have_none(
    published: Any, member: User, log_in: Callable[[User], Client], key: str
):
    assert log_in(member).get(talk(key)).status_code == 404


def test_a_member_talks_about_the_own_teams_figure(
    published: Any, member: User, log_in: Callable[[User], Client]
):
    client, key = log_in(member), "won_revenue|2025-Q4|team:east"
    client.post(talk(key), {"text": "We can explain this."})
    assert "We can explain this." in client.get(talk(key)).content.decode()
