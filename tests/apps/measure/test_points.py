"""Points: the right figures for each unit, replaced as a whole, and what is missing is named."""

from typing import Any

import pytest

from steelyard.apps.access.policy import LOCAL_OPERATOR
from steelyard.apps.jobs.actions import run_here
from steelyard.apps.measure.actions import points as saving
from steelyard.apps.measure.models import KpiPoint, PointSet
from steelyard.apps.measure.queries.figures import figures
from steelyard.apps.measure.queries.points import newest_points
from tests.apps.measure.conftest import TARGETS, Publish, deal, deals

pytestmark = pytest.mark.django_db(transaction=True)


def point(kpi: str, unit: str, period: str) -> KpiPoint:
    kind = "company" if not unit else "member" if unit.startswith("p") else "team"
    return KpiPoint.objects.get(point_set=newest_points(), kpi=kpi, unit_kind=kind, unit=unit, period=period)


def test_each_unit_and_period_has_its_figure(published: Any):
    assert point("won_revenue", "", "2025-Q4").value == 3 * 1300
    assert point("won_revenue", "east", "2025-11").value == 300
    assert point("won_revenue", "p1", "2025").value == 1200
    rate = point("win_rate", "p1", "2025-Q4")
    assert (rate.numerator, rate.denominator, rate.value, rate.n) == (3, 6, 0.5, 6)


def test_a_team_counts_the_teams_below_it_in_figures_and_targets(published: Any):
    sales = point("won_revenue", "sales", "2025-Q4")
    assert sales.value == 900
    assert (sales.target, sales.target_rule) == (1800, "summed")


def test_targets_stand_beside_the_figures(published: Any):
    assert (point("won_revenue", "p1", "2025-Q4").target, point("won_revenue", "p1", "2025-Q3").target) == (
        250,
        None,
    )
    company = point("won_revenue", "", "2025-Q4")
    assert (company.target, company.target_rule) == (3800, "summed")


def test_what_the_data_lack_is_named(published: Any):
    missing = newest_points().missing
    assert missing["invoiced"] == {"table": "invoices", "column": ""}
    assert "won_revenue" not in missing


def test_newer_points_replace_older_ones_and_are_not_replaced_by_them(publish: Publish, published: Any):
    more = [*deals(), deal(900, "Lin", 12, 2025, 5000, "won")]
    newer = publish(opportunities=more, targets=TARGETS)
    assert point("won_revenue", "p1", "2025-12").value == 5100
    run_here(LOCAL_OPERATOR, "measure.points", {"snapshot": published.pk})
    assert point("won_revenue", "p1", "2025-12").value == 5100
    assert newest_points().snapshot_id == newer.pk


def test_points_that_are_half_written_have_no_readers_and_go(published: Any):
    whole = newest_points()
    half = PointSet.objects.create(snapshot=published, first=whole.first, last=whole.last)
    point("won_revenue", "", "2025-Q4")
    assert newest_points() == whole
    run_here(LOCAL_OPERATOR, "measure.points", {})
    assert newest_points() not in (whole, half)
    # The set that was read until now stays for who is reading it; the next computation takes it away.
    assert set(PointSet.objects.all()) == {whole, newest_points()}
    run_here(LOCAL_OPERATOR, "measure.points", {})
    assert not PointSet.objects.filter(pk=whole.pk).exists()
    assert not KpiPoint.objects.filter(point_set=whole.pk).exists()


def test_points_of_a_computation_that_was_overtaken_are_not_read(published: Any, monkeypatch: Any):
    """Another computation begins between two batches, and takes away what it finds half-way."""
    whole = newest_points()
    monkeypatch.setattr(saving, "BATCH", 50)
    first_batch = saving.insert

    def overtaken(rows: Any) -> None:
        first_batch(rows)
        monkeypatch.setattr(saving, "insert", first_batch)
        PointSet.objects.exclude(pk=whole.pk).delete()

    monkeypatch.setattr(saving, "insert", overtaken)
    job = run_here(LOCAL_OPERATOR, "measure.points", {})
    assert job.result["points"] == 0
    assert newest_points() == whole


def test_computing_twice_changes_nothing(published: Any):
    before = list(
        newest_points()
        .points.order_by("kpi", "unit", "unit_kind", "period")
        .values_list("kpi", "unit", "period", "value")
    )
    run_here(LOCAL_OPERATOR, "measure.points", {})
    after = list(
        newest_points()
        .points.order_by("kpi", "unit", "unit_kind", "period")
        .values_list("kpi", "unit", "period", "value")
    )
    assert after == before


@pytest.mark.parametrize(
    ("where", "unit"),
    [({}, ""), ({"team": "east"}, "east"), ({"team": "sales"}, "sales"), ({"member": "p1"}, "p1")],
)
def test_points_and_live_figures_agree(published: Any, where: dict[str, str], unit: str):
    for found in figures(
        LOCAL_OPERATOR, ["won_revenue", "win_rate", "sales_cycle_days"], periods=["2025-Q4"], where=where
    ):
        assert float(found.rows[0].value) == point(found.kpi.id, unit, "2025-Q4").value
