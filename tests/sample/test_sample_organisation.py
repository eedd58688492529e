"""Six teams, 48 people, joiners, leavers, and the reorganisation of July 2024."""

from datetime import date

import polars as pl

from steelyard.sample import CAST

REORGANISED_ON = date(2024, 7, 1)


def holding(spans: pl.DataFrame, day: date) -> pl.DataFrame:
    return spans.filter(
        (pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    )


def test_six_teams_and_48_people(company):
    assert company["teams"].height == 6
    assert company["people"].height == 48
    assert company["people"]["left_on"].is_not_null().sum() >= 5
    assert company["people"].filter(pl.col("joined_on") >= date(2022, 1, 1)).height >= 12


def test_the_reorganisation_moves_people_and_puts_a_team_under_another(company):
    members = company["memberships"]
    before, after = holding(members, date(2024, 6, 30)), holding(members, REORGANISED_ON)
    moved = before.join(after, on="person").filter(pl.col("team") != pl.col("team_right"))
    assert moved.height == 4
    assert (moved["valid_from_right"] == REORGANISED_ON).all()
    parents = company["team_parents"].filter(pl.col("team") == "WEST")
    assert holding(parents, date(2024, 6, 30))["parent"].item() == "SOUTH"
    assert holding(parents, REORGANISED_ON)["parent"].item() == "NORTH"
    assert company["teams"].filter(pl.col("code") == "WEST")["parent"].item() == "NORTH"


def test_nobody_is_in_two_teams_or_employed_without_one(company):
    for day in (date(2022, 1, 4), date(2024, 6, 30), REORGANISED_ON, date(2025, 12, 31)):
        members = holding(company["memberships"], day)
        assert members["person"].is_unique().all()
        employed = company["people"].filter(
            (pl.col("joined_on") <= day) & (pl.col("left_on").is_null() | (pl.col("left_on") >= day))
        )
        assert set(members["person"]) == set(employed["code"])


def test_everybody_but_the_leader_has_one_solid_line(company):
    for day in (date(2024, 6, 30), date(2025, 12, 31)):
        solid = holding(company["manager_links"].filter(pl.col("kind") == "solid"), day)
        assert solid["person"].is_unique().all()
        members = set(holding(company["memberships"], day)["person"])
        assert members - set(solid["person"]) == {CAST["leader"]}
    assert company["manager_links"].filter(pl.col("kind") == "dotted").height == 4


def test_owners_were_in_the_regions_team_when_they_closed(company):
    closed = company["opportunities"].filter(pl.col("outcome") != "open")
    people = company["people"].select(pl.col("code").alias("person"), pl.col("email").alias("owner"))
    spans = company["memberships"].join(
        company["teams"].select(pl.col("code").alias("team"), "region"), on="team"
    )
    owned = closed.join(people, on="owner").join(spans, on="person", suffix="_team")
    here = owned.filter(
        (pl.col("valid_from") <= pl.col("closed_on"))
        & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("closed_on")))
    )
    assert here.height == closed.height
    assert (here["region"] == here["region_team"]).all()


def test_survey_scores_never_show_a_group_under_five(company):
    scores = company["survey_scores"]
    assert scores["answers"].min() >= 5
    assert (scores["favourable"] <= scores["answers"]).all()
    assert scores["team"].n_unique() == 6


def test_the_cast_can_play(company):
    roles = dict(company["memberships"].select("person", "role").iter_rows())
    assert roles[CAST["manager"]] == "manager"
    assert roles[CAST["member"]] == "member"
    assert len(set(CAST.values())) == 4
