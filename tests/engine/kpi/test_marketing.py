"""Campaigns, content and leads by hand; cohorts that are too young have no figure."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import available, catalogue, dimensions, judge, summarise


def values(tables, kpis, periods, **how):
    rows = judge(summarise(tables, kpis, periods=periods, **how))
    return {(row.kpi, row.period.label, *row.by.values()): row.value for row in rows}


CAMPAIGN_DAYS = pa.table(
    {
        "campaign_id": ["M1", "M1", "M2"],
        "day": [date(2024, 3, 1), date(2024, 3, 2), date(2024, 4, 5)],
        "spend": pa.array([Decimal(300), Decimal(100), Decimal(50)], pa.decimal128(18, 4)),
        "impressions": [1000, 3000, 500],
        "clicks": [30, 50, 0],
        "registrations": [10, 30, None],
        "attendees": [6, 14, None],
        "leads": [4, 1, 0],
    }
)
CAMPAIGNS = pa.table({"campaign_id": ["M1", "M2"], "name": ["Expo", "Post"], "channel": ["Fair", "WeChat"]})
MARKETING = {"campaign_days": ibis.memtable(CAMPAIGN_DAYS), "campaigns": ibis.memtable(CAMPAIGNS)}


def test_campaign_figures_by_hand():
    kpis = [
        "cost_per_lead",
        "campaign_participation",
        "cost_per_attendee",
        "click_through_rate",
        "cost_per_click",
    ]
    found = values(MARKETING, kpis, ["2024-03", "2024-04"])
    assert found == {
        ("cost_per_lead", "2024-03"): Decimal(80),  # 400 ÷ 5
        ("cost_per_lead", "2024-04"): None,  # no lead
        ("campaign_participation", "2024-03"): 0.5,  # 20 ÷ 40
        ("campaign_participation", "2024-04"): None,
        ("cost_per_attendee", "2024-03"): Decimal(20),  # 400 ÷ 20
        ("cost_per_attendee", "2024-04"): None,
        ("click_through_rate", "2024-03"): 0.02,  # 80 ÷ 4,000
        ("click_through_rate", "2024-04"): 0.0,
        ("cost_per_click", "2024-03"): Decimal(5),  # 400 ÷ 80
        ("cost_per_click", "2024-04"): None,
    }


def test_a_campaign_lends_its_days_what_it_says_of_itself():
    assert {"campaign", "channel"} <= set(dimensions(MARKETING, "cost_per_lead"))
    assert values(MARKETING, "cost_per_lead", ["2024"], by=["channel"])["cost_per_lead", "2024", "Fair"] == 80
    assert values(MARKETING, "spend", ["2024"], where={"campaign_id": "M2"}) == {("spend", "2024"): 50}


def test_leads_split_into_those_of_campaigns_and_others():
    leads = pa.table({"lead_id": list("abcdefg"), "created_on": [date(2024, 3, 9)] * 7})
    tables = MARKETING | {"leads": ibis.memtable(leads)}
    found = values(tables, ["leads", "spend", "cost_per_lead", "leads_without_spend"], ["2024-03"])
    assert found["leads_without_spend", "2024-03"] == 2
    tree = Formula.parse("spend ÷ cost_per_lead + leads_without_spend")
    assert tree.evaluate({name: found[name, "2024-03"] for name in tree.names}) == found["leads", "2024-03"]


def test_engagement_is_people_where_they_are_counted_else_interactions():
    day = [date(2024, 5, 1), date(2024, 5, 2)]
    counted = pa.table(
        {"day": day, "reach": [100, 300], "shares": [2, 4], "comments": [1, None], "likes": [5, 8]}
    )
    tables = {"content_days": ibis.memtable(counted)}
    assert values(tables, ["content_reach", "content_interactions", "engagement_rate"], ["2024-05"]) == {
        ("content_reach", "2024-05"): 400,
        ("content_interactions", "2024-05"): 20,  # 2 + 1 + 5 and 4 + 8
        ("engagement_rate", "2024-05"): 0.05,
    }
    told = counted.append_column("engaged", pa.array([10, None])).append_column(
        "interactions", pa.array([None, 16])
    )
    tables = {"content_days": ibis.memtable(told)}
    assert values(tables, ["content_interactions", "engagement_rate"], ["2024-05"]) == {
        ("content_interactions", "2024-05"): 24,  # 8 added up, 16 as told
        ("engagement_rate", "2024-05"): 26 / 400,  # 10 people as told, else the 16 interactions
    }


def test_the_published_figures_of_the_facebook_page(con, shared, oracles):
    raw = con.read_csv(str(shared / "facebook_post_metrics" / "dataset_Facebook.csv"), table_name="facebook")
    days = raw.select(
        day=ibis.literal(date(2014, 6, 1)),
        kind=raw["Type"],
        reach=raw["Lifetime Post Total Reach"],
        engaged=raw["Lifetime Engaged Users"],
        interactions=raw["Total Interactions"],
    )
    expected = oracles["facebook_posts"]
    found = values(
        {"content_days": days}, ["content_interactions", "engagement_rate", "content_reach"], ["2014"]
    )
    assert found["content_interactions", "2014"] == expected["interactions_total"]
    assert round(found["engagement_rate", "2014"], 4) == expected["engaged_per_reach"]
    assert found["content_reach", "2014"] / 500 == expected["reach_mean"]


def test_the_published_figures_of_the_advertisements(con, shared, oracles):
    raw = con.read_csv(
        str(shared / "kag_facebook_ads" / "KAG_conversion_data_campaign1178.csv"), table_name="kag"
    )
    days = raw.select(
        campaign_id=raw.ad_id.cast("string"),
        day=ibis.literal(date(2017, 8, 17)),
        age=raw.age,
        gender=raw.gender,
        spend=raw.Spent.round(6).cast("decimal(18, 4)"),
        impressions=raw.Impressions.cast("int64"),
        clicks=raw.Clicks,
        leads=raw.Approved_Conversion,
    )
    expected = oracles["kag_ads_1178"]
    tables = {"campaign_days": days}
    found = values(tables, ["spend", "click_through_rate", "cost_per_click", "cost_per_lead"], ["2017"])
    assert float(found["spend", "2017"]) == pytest.approx(expected["spent"], abs=0.01)
    # The oracle gives it in percent.
    assert found["click_through_rate", "2017"] == pytest.approx(expected["ctr"] / 100, abs=5e-7)
    assert float(found["cost_per_click", "2017"]) == pytest.approx(expected["cpc"], abs=5e-5)
    assert float(found["cost_per_lead", "2017"]) == pytest.approx(expected["cost_per_approved"], abs=5e-4)
    by_age = values(tables, "cost_per_lead", ["2017"], by=["age"])
    for age, cost in expected["cpa_by_age"].items():
        assert float(by_age["cost_per_lead", "2017", age]) == pytest.approx(cost, abs=5e-4)


def leads(*rows):
    """Rows: (created_on, days until MQL, days until SQL); None for never."""

    def after(day, days):
        return None if days is None else day + timedelta(days=days)

    return ibis.memtable(
        pa.table(
            {
                "lead_id": [f"L{number}" for number in range(len(rows))],
                "created_on": pa.array([day for day, *_ in rows], pa.date32()),
                "mql_on": pa.array([after(day, mql) for day, mql, _ in rows], pa.date32()),
                "sql_on": pa.array([after(day, sql) for day, _, sql in rows], pa.date32()),
            }
        )
    )


# The last lead is created on 29 June: 90 days after 31 March is the 29th; a day less, and March is too young.
COHORTS = (
    (date(2024, 3, 1), 90, 91),
    (date(2024, 3, 5), 10, 60),
    (date(2024, 3, 31), None, None),
    (date(2024, 3, 31), 91, None),
    (date(2024, 4, 2), 1, 2),
)


def test_cohorts_count_once_they_were_observed_for_ninety_days():
    tables = {"leads": leads(*COHORTS, (date(2024, 6, 29), None, None))}
    found = values(tables, ["mql_rate", "sql_rate"], ["2024-03", "2024-04", "2024-Q2"])
    assert found == {
        ("mql_rate", "2024-03"): 0.5,  # two of four within 90 days
        ("sql_rate", "2024-03"): 0.25,  # the 91st day is too late
        ("mql_rate", "2024-04"): None,
        ("sql_rate", "2024-04"): None,
        ("mql_rate", "2024-Q2"): None,
        ("sql_rate", "2024-Q2"): None,
    }
    younger = {"leads": leads(*COHORTS[:3], (date(2024, 6, 28), None, None))}
    assert values(younger, "mql_rate", ["2024-03"]) == {("mql_rate", "2024-03"): None}


STEP = st.none() | st.integers(0, 120)
LEAD = st.tuples(st.integers(0, 300).map(lambda n: date(2024, 1, 1) + timedelta(days=n)), STEP, STEP)
MONTHS = [f"2024-{month:02}" for month in range(1, 13)]


@settings(max_examples=25, deadline=None)
@given(older=st.lists(LEAD, min_size=1, max_size=8), younger=st.lists(LEAD, min_size=1, max_size=5))
def test_younger_cohorts_never_change_an_older_figure(older, younger):
    last = max(day + timedelta(days=max(mql or 0, sql or 0)) for day, mql, sql in older)
    later = [(last + timedelta(days=(day - date(2023, 12, 31)).days), mql, sql) for day, mql, sql in younger]
    before = values({"leads": leads(*older)}, ["mql_rate", "sql_rate"], MONTHS)
    after = values({"leads": leads(*older, *later)}, ["mql_rate", "sql_rate"], MONTHS)
    known = {key: value for key, value in before.items() if value is not None}
    assert known == {key: after[key] for key in known}


def test_lead_quality_follows_the_opportunities():
    known = pa.table({"lead_id": ["L0", "L1", "L2"], "created_on": [date(2024, 1, 10)] * 3})
    deals = pa.table(
        {
            "opportunity_id": ["O1", "O2", "O3", "O4"],
            "lead_id": ["L0", "L0", "L1", None],
            "created_on": [date(2024, 1, 20), date(2024, 2, 20), date(2024, 4, 10), date(2024, 4, 30)],
        }
    )
    tables = {"leads": ibis.memtable(known), "opportunities": ibis.memtable(deals)}
    # L1's opportunity came on the 91st day; 30 April is the 90th after the end of January.
    assert values(tables, "lead_quality", ["2024-01"]) == {("lead_quality", "2024-01"): pytest.approx(1 / 3)}
    tables["opportunities"] = ibis.memtable(deals.slice(0, 3))
    assert values(tables, "lead_quality", ["2024-01"]) == {("lead_quality", "2024-01"): None}


def test_speed_to_lead_is_the_median_of_hours():
    day = date(2024, 1, 10)

    def at(hour, minute=0):
        return datetime.combine(day, time(hour, minute))

    table = pa.table(
        {
            "lead_id": list("abcd"),
            "created_on": [day] * 4,
            "created_at": [
                at(9),
                at(10),
                None,
                at(12),
            ],
            "first_contact_at": [
                at(9, 30),  # half an hour
                at(9),  # before it was typed in: 0
                at(3),  # 3 from the start of the day
                None,  # never: not in it
            ],
        }
    )
    assert values({"leads": ibis.memtable(table)}, "speed_to_lead", ["2024-01"]) == {
        ("speed_to_lead", "2024-01"): 0.5
    }


@pytest.mark.parametrize(
    ("kpi", "table", "column"),
    [
        ("mql_rate", "leads", "mql_on"),
        ("sql_rate", "leads", "sql_on"),
        ("speed_to_lead", "leads", "first_contact_at"),
        ("lead_quality", "opportunities", "lead_id"),
        ("cost_per_lead", "campaign_days", ""),
        ("engagement_rate", "content_days", "shares"),
    ],
)
def test_what_is_missing_is_named(kpi, table, column):
    tables = {
        "leads": ibis.memtable(pa.table({"lead_id": ["a"], "created_on": [date(2024, 1, 1)]})),
        "content_days": ibis.memtable(pa.table({"day": [date(2024, 1, 1)], "reach": [1]})),
    }
    _, refused = available(tables, [kpi])
    assert refused[kpi].params == {"table": table, "column": column}
    assert kpi in catalogue()
