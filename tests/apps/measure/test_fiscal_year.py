"""A site whose fiscal year starts in April: figures, pickers, targets and the command line follow it."""

from typing import Any

import pytest
from django.conf import settings as site

from steelyard.apps.measure.models import KpiPoint
from steelyard.apps.measure.queries.calendar import grains, main_grain, read_period
from steelyard.apps.measure.queries.points import default_period, newest_points, period_for
from steelyard.errors import Refused
from tests.apps.measure.conftest import deals

pytestmark = pytest.mark.django_db


@pytest.fixture
def april(settings: Any) -> None:
    settings.STEELYARD_FISCAL_START = 4


def test_the_calendar_year_is_the_fiscal_year_unless_set() -> None:
    assert site.STEELYARD_FISCAL_START == 1
    assert grains() == ("month", "quarter", "year")
    assert main_grain() == "quarter"


def test_points_are_kept_by_fiscal_quarter_and_year(april: None, published: Any) -> None:
    found = KpiPoint.objects.filter(kpi="won_revenue", unit_kind="company")
    assert set(found.values_list("grain", flat=True)) == {
        "month",
        "quarter",
        "year",
        "fiscal-quarter",
        "fiscal-year",
    }
    by_name = dict(found.values_list("period", "value"))
    assert by_name["FY2026-Q1"] == by_name["2025-Q2"]
    assert by_name["FY2025"] == sum(by_name[f"2024-Q{n}"] for n in (2, 3, 4)) + by_name["2025-Q1"]


def test_the_fiscal_quarter_is_looked_at_first(april: None, published: Any) -> None:
    points = newest_points()
    assert points is not None
    assert default_period(points).label == "FY2026-Q3"
    assert period_for(points, "FY2026-Q1").start == read_period("2025-04").start


def test_a_target_of_a_fiscal_quarter_stands_beside_both_names(april: None, publish: Any) -> None:
    target = {"kpi": "won_revenue", "period": "FY2026-Q3", "unit": "", "value": 5200.0, "_import": "i"}
    publish(opportunities=deals(), targets=[target])
    company = KpiPoint.objects.filter(kpi="won_revenue", unit_kind="company")
    told = dict(company.filter(target__isnull=False).values_list("period", "target"))
    assert told == {"FY2026-Q3": 5200.0, "2025-Q4": 5200.0}
    attained = KpiPoint.objects.filter(kpi="attainment", unit_kind="company", value__isnull=False)
    assert set(attained.values_list("period", "value")) == {("FY2026-Q3", 0.75), ("2025-Q4", 0.75)}


def test_a_range_has_no_points(published: Any) -> None:
    points = newest_points()
    assert points is not None
    with pytest.raises(Refused, match=r"measure\.no-points-for-grain"):
        period_for(points, "2025-04-01..2025-04-20")
    assert period_for(points, "FY2025-Q2").label == "2025-Q2"
