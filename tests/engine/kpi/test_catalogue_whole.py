"""Every KPI that the design names ships, and each says how it is gamed and what moves it."""

import pytest

from steelyard.engine.kpi import catalogue

NAMED = {
    "results": "won_revenue contract_value invoiced collected collection_rate overdue_amount dso "
    "gross_margin average_deal_size discount_rate revenue_growth attainment revenue_per_head "
    "marketing_roi customer_acquisition_cost",
    "process": "leads mql_rate sql_rate lead_quality cost_per_lead speed_to_lead opportunities win_rate "
    "sales_cycle_days stage_conversion pipeline_coverage campaign_participation cost_per_attendee "
    "content_reach engagement_rate activities_per_head work_cycle_days waiting_share rework_rate "
    "first_pass_rate on_time_rate",
    "customer": "nps csat complaint_rate relationship_depth repeat_rate",
    "people": "engagement_index manager_support collaboration_index ideas_per_head learning_hours "
    "skill_coverage tool_adoption regretted_attrition",
}
LONGEST = 200


@pytest.mark.parametrize("dimension", NAMED)
def test_the_kpis_of_each_dimension_ship(dimension):
    shipped = {kpi.id for kpi in catalogue().values() if kpi.dimension == dimension}
    assert set(NAMED[dimension].split()) <= shipped


@pytest.mark.parametrize("kpi", catalogue().values(), ids=lambda kpi: kpi.id)
def test_each_says_how_it_is_gamed_and_what_moves_it(kpi):
    for told in (kpi.gaming, kpi.levers):
        assert told is not None
        assert set(told) == {"en", "zh"}
        assert all(0 < len(text) <= LONGEST for text in told.values())
        assert told["en"][-1] == "."
        assert told["zh"][-1] == "。"


@pytest.mark.parametrize("kpi", [kpi for kpi in catalogue().values() if kpi.table == "survey_answers"])
def test_each_index_of_a_survey_has_the_floor(kpi):
    assert kpi.floor == 5
