"""What is planted can be measured in the raw files, and is not there when nothing is planted."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from steelyard.sample.causes import choose_causes

SEEDS = range(20, 28)
SALES = {"EAST": "East", "SOUTH": "South", "NORTH": "North", "WEST": "West"}


def closed_in(company, first: date, last: date) -> pl.DataFrame:
    rows = company["opportunities"].filter(pl.col("outcome") != "open")
    return rows.filter(pl.col("closed_on").is_between(first, last))


def last_quarter(company) -> pl.DataFrame:
    return closed_in(company, date(2025, 10, 1), date(2025, 12, 31))


def win_rate(rows: pl.DataFrame) -> float:
    return (rows["outcome"] == "won").mean()


def change_of_win_rate(company, where: dict[str, str], *, inside: bool) -> tuple[float, float]:
    """Last quarter against a year ago, with its standard error."""
    hit = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
    quarters = [last_quarter(company), closed_in(company, date(2024, 10, 1), date(2024, 12, 31))]
    rates = [(win_rate(rows), rows.height) for rows in (q.filter(hit if inside else ~hit) for q in quarters)]
    error = np.sqrt(sum(rate * (1 - rate) / n for rate, n in rates))
    return rates[0][0] - rates[1][0], float(error)


def test_the_win_rate_falls_by_twelve_points_in_the_planted_segment_only(written):
    inside, outside, scores = [], [], []
    for seed in SEEDS:
        company = written(seed=seed)
        cause = company.truth.cause("win-rate")
        drop, error = change_of_win_rate(company, cause.where, inside=True)
        inside.append(drop)
        scores.append(drop / error)
        outside.append(change_of_win_rate(company, cause.where, inside=False)[0])
    assert np.mean(inside) == pytest.approx(-0.12, abs=0.03)
    assert abs(np.mean(outside)) < 0.02
    assert np.mean(scores) < -4


def test_half_strength_is_half_the_drop_and_nothing_planted_is_none(written):
    halves, nothing = [], []
    for seed in SEEDS:
        where = choose_causes(seed, strength=1, planted=True)[1].where
        halves.append(change_of_win_rate(written(seed=seed, strength=0.5), where, inside=True)[0])
        change, error = change_of_win_rate(written(seed=seed, planted=False), where, inside=True)
        nothing.append(change / error)
    assert np.mean(halves) == pytest.approx(-0.06, abs=0.03)
    assert abs(np.mean(nothing)) < 1
    assert np.max(np.abs(nothing)) < 3.5


def test_the_planted_segment_closes_at_least_150_opportunities_a_quarter(written):
    for seed in SEEDS:
        company = written(seed=seed)
        where = company.truth.cause("win-rate").where
        hit = pl.all_horizontal(pl.col(name) == value for name, value in where.items())
        assert last_quarter(company).filter(hit).height >= 150


def test_volume_and_deal_size_stand_still_against_a_year_ago(written):
    for seed in SEEDS:
        company = written(seed=seed, planted=False)
        now = last_quarter(company)
        then = closed_in(company, date(2024, 10, 1), date(2024, 12, 31))
        assert now.height / then.height == pytest.approx(1.04, abs=0.03)
        sizes = [rows.filter(pl.col("outcome") == "won")["amount"].mean() for rows in (now, then)]
        assert sizes[0] / sizes[1] == pytest.approx(1.0, abs=0.13)


def negotiations(company, team: str) -> tuple[float, float]:
    """Share won at negotiation in 2025: the team's joiners of the year, and everybody else."""
    owners = company["people"].select(pl.col("email").alias("owner"), "joined_on")
    ended = (
        company["stage_changes"]
        .filter((pl.col("from_stage") == "negotiation") & (pl.col("changed_at").dt.year() == 2025))
        .join(company["opportunities"], on="opportunity_id")
        .join(owners, on="owner")
        .with_columns((pl.col("to_stage") == "won").alias("is_won"))
    )
    joiner = (pl.col("region") == SALES[team]) & (pl.col("joined_on") >= date(2025, 1, 1))
    return ended.filter(joiner)["is_won"].mean(), ended.filter(~joiner)["is_won"].mean()


@pytest.mark.parametrize(("planted", "expected"), [(True, -0.15), (False, 0.0)])
def test_joiners_of_one_team_convert_fifteen_points_less_at_negotiation(written, planted, expected):
    gaps = []
    for seed in SEEDS:
        team = choose_causes(seed, strength=1, planted=True)[2].where["team"]
        joiners, others = negotiations(written(seed=seed, planted=planted), team)
        gaps.append(joiners - others)
    assert np.mean(gaps) == pytest.approx(expected, abs=0.045)


def mean_wait(company, activity: str, region: str, since: date) -> tuple[float, float]:
    """Calendar days from the step before to the start of the approval, before and since."""
    events = company["work_events"].sort("case_id", "finished_at")
    events = events.with_columns(
        (pl.col("started_at") - pl.col("finished_at").shift(1).over("case_id")).alias("waited")
    )
    first = events.filter((pl.col("activity") == activity) & (pl.col("region") == region)).unique(
        "case_id", keep="first", maintain_order=True
    )
    dated = first.join(company["opportunities"].select("opportunity_id", "closed_on"), on="opportunity_id")
    halves = [dated.filter(pl.col("closed_on") < since), dated.filter(pl.col("closed_on") >= since)]
    return tuple(half["waited"].mean() / timedelta(days=1) for half in halves)


@pytest.mark.parametrize(("planted", "expected"), [(True, 4.4), (False, 0.0)])
def test_one_approval_waits_three_working_days_longer(written, planted, expected):
    """Three working days are about 4.4 calendar days, weekends and holidays counted in."""
    longer = []
    for seed in SEEDS:
        cause = choose_causes(seed, strength=1, planted=True)[0]
        company = written(seed=seed, planted=planted)
        before, since = mean_wait(company, cause.where["activity"], cause.where["region"], cause.since)
        longer.append(since - before)
    assert np.mean(longer) == pytest.approx(expected, abs=0.7)


def test_one_target_lies_far_above_what_the_team_ever_reached(written):
    """Years of the team's own quarters, grown by a tenth a year, would reach it in under one case in ten."""
    for seed in SEEDS:
        company = written(seed=seed)
        team = company.truth.cause("target-out-of-reach").where["team"]
        ratios = {name: target_over_history(company, name) for name in SALES}
        assert ratios[team] > 1.3
        assert all(0.7 < ratio < 1.3 for name, ratio in ratios.items() if name != team)


def target_over_history(company, team: str) -> float:
    """The last quarter's target over what the mean share of the year-ago quarter would give."""
    won = company["opportunities"].filter(pl.col("outcome") == "won")
    share = won.filter(pl.col("region") == SALES[team])["amount"].sum() / won["amount"].sum()
    quarter = won.filter(pl.col("closed_on").is_between(date(2024, 10, 1), date(2024, 12, 31)))
    target = company["targets"].filter(
        (pl.col("kpi") == "won_revenue") & (pl.col("period") == "2025-Q4") & (pl.col("unit") == team)
    )
    return target["value"].item() / (quarter["amount"].sum() * share)


def test_member_targets_add_up_to_their_teams(company):
    targets = company["targets"].filter((pl.col("kpi") == "won_revenue") & (pl.col("period") == "2025-Q4"))
    members = targets.filter(pl.col("unit").str.starts_with("P"))["value"].sum()
    teams = targets.filter(~pl.col("unit").str.starts_with("P"))["value"].sum()
    assert members == pytest.approx(teams, abs=0.005)


@pytest.mark.parametrize(
    ("year", "festival"), [(2022, date(2022, 2, 1)), (2023, date(2023, 1, 22)), (2024, date(2024, 2, 10))]
)
def test_the_dip_moves_with_the_spring_festival(company, year, festival):
    """From twelve days before to a fortnight after, a working day closes far less than others."""
    quarter = closed_in(company, date(year, 1, 4), date(year, 3, 20))
    near = pl.col("closed_on").is_between(festival - timedelta(days=12), festival + timedelta(days=14))
    a_day = [
        rows.height / rows["closed_on"].n_unique() for rows in (quarter.filter(near), quarter.filter(~near))
    ]
    assert a_day[0] < 0.75 * a_day[1]
