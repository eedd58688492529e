"""Targets typed into the grid: read as they are written, saved as an import, refused as a whole."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from steelyard.apps.accounts.models import User
from steelyard.apps.data.models import Import
from steelyard.apps.jobs.actions import run
from steelyard.apps.jobs.models import Job
from steelyard.apps.measure.actions import number_typed
from steelyard.apps.measure.queries.points import newest_points

pytestmark = pytest.mark.django_db(transaction=True)
LogIn = Callable[[User], Client]
GRID = "/measure/targets/?kpi=won_revenue&year=2025&grain=quarter"


@pytest.mark.parametrize(
    ("typed", "is_percent", "value"),
    [
        ("1,200,000", False, "1200000"),
        ("120万", False, "1200000"),
        ("1.2 亿元", False, "120000000"),
        ("−5", False, "-5"),
        ("21%", True, "0.21"),
        ("21", True, "0.21"),
        ("8 小时", False, "8"),
        ("2.5 hours", False, "2.5"),
        ("−20 分", False, "-20"),
        ("12x", False, None),
        ("NaN", False, None),
    ],
)
def test_a_number_as_people_type_it(typed: str, is_percent: bool, value: str | None):
    found = number_typed(typed, is_percent=is_percent)
    assert found == (None if value is None else Decimal(value))


def cell(page: str, label: str) -> str:
    """The name of the input that is labelled so."""
    before = page[: page.index(f'aria-label="{label}"')]
    return before.rsplit('name="', 1)[1].split('"', 1)[0]


def test_the_grid_shows_what_is_set(published: Any, leader: User, log_in: LogIn):
    page = log_in(leader).get(GRID).content.decode()
    assert 'value="1,800" aria-label="East, Q4 2025"' in page
    assert 'aria-label="Lin Yue 林悦, Q4 2025"' in page


def test_saving_is_an_import_that_can_be_undone(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    page = client.get(GRID).content.decode()
    answer = client.post(GRID, {cell(page, "East, Q3 2025"): "2,000"})
    assert answer.status_code == 302
    run(Job.objects.get(kind="measure.publish-targets").pk, raising=True)
    taken = Import.objects.get()
    assert (taken.state, taken.counts["total"]["created"]) == ("published", 1)
    run(Job.objects.filter(kind="measure.points").first().pk, raising=True)
    assert newest_points().points.get(kpi="won_revenue", unit="east", period="2025-Q3").target == 2000
    assert 'value="2,000" aria-label="East, Q3 2025"' in client.get(GRID).content.decode()
    client.post(f"/measure/targets/{taken.public_id}/undo/")
    run(Job.objects.get(kind="measure.undo-targets").pk, raising=True)
    assert 'value="2,000" aria-label="East, Q3 2025"' not in client.get(GRID).content.decode()


@pytest.mark.parametrize("typed", ["many", "1..2"])
def test_what_is_no_number_is_refused_as_a_whole(published: Any, leader: User, log_in: LogIn, typed: str):
    client = log_in(leader)
    page = client.get(GRID).content.decode()
    answer = client.post(GRID, {cell(page, "East, Q3 2025"): typed, cell(page, "West, Q3 2025"): "5"})
    assert answer.status_code == 400
    assert "is no number" in answer.content.decode()
    assert not Import.objects.exists()


def test_a_cell_is_not_emptied_silently(published: Any, leader: User, log_in: LogIn):
    client = log_in(leader)
    page = client.get(GRID).content.decode()
    answer = client.post(GRID, {cell(page, "East, Q4 2025"): ""})
    assert answer.status_code == 400
    assert "cannot be emptied here" in answer.content.decode()


def test_who_may_not_set_targets_finds_no_grid(published: Any, manager: User, member: User, log_in: LogIn):
    assert log_in(manager).get(GRID).status_code == 404
    assert log_in(member).post(GRID, {"c0-0": "5"}).status_code == 404
