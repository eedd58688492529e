"""What the data tell and what each export would add: every KPI is opened once, the least effort first."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from steelyard.apps.accounts.models import User
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.readiness import EXPORT, MORE_COLUMNS, readiness, steps_of

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]


def test_each_kpi_is_told_or_opened_by_one_step(published: Any, leader: User):
    found = readiness(leader)
    told = {kpi.id for kpis in found.told.values() for kpi in kpis}
    opened = [kpi.id for step in found.steps for kpi in step.opens]
    assert "won_revenue" in told
    assert len(opened) == len(set(opened))
    assert told | set(opened) == set(known_kpis())
    assert told.isdisjoint(opened)
    assert [step.effort for step in found.steps] == sorted(step.effort for step in found.steps)


def test_more_columns_of_a_file_come_first(published: Any, leader: User):
    """The deals name no lead: one more column of the same export."""
    first = readiness(leader).steps[0]
    assert (first.table, first.effort, first.is_new) == ("opportunities", MORE_COLUMNS, False)
    assert "opportunities_without_lead" in {kpi.id for kpi in first.opens}
    assert "lead_id" in first.columns


def test_a_kpi_of_two_tables_waits_for_the_second():
    known = known_kpis()
    lacks = {
        "invoiced": [("invoices", ""), ("invoices", "amount")],
        "collection_rate": [("invoices", ""), ("receipts", ""), ("receipts", "amount")],
        "collected": [("receipts", ""), ("receipts", "amount")],
    }
    first, second = steps_of(lacks, known)
    assert {first.effort, second.effort} == {EXPORT}
    assert [kpi.id for kpi in first.helps] == ["collection_rate"]
    assert {kpi.id for kpi in second.opens} >= {"collection_rate"}


def test_before_the_first_import_everything_is_to_come(leader: User, settings: Any, tmp_path: Any):
    settings.STEELYARD_DATA = tmp_path
    found = readiness(leader)
    assert found.count == 0
    assert found.steps
    assert not any(depth.is_there for depth in found.depths)


@pytest.mark.parametrize(("language", "words"), [("en", "What to add next"), ("zh-hans", "接下来补什么")])
def test_the_page(published: Any, leader: User, member: User, log_in: LogIn, language: str, words: str):
    for viewer in (leader, member):
        viewer.language = language
        viewer.save(update_fields=["language"])
        page = log_in(viewer).get(reverse("readiness"))
        assert page.status_code == 200
        assert words in page.content.decode()


def test_an_administrator_finds_none(published: Any, administrator: User, log_in: LogIn):
    assert log_in(administrator).get(reverse("readiness")).status_code == 404
