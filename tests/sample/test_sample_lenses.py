"""Each lens's cause, planted alone, leaves its traces in every table where it would show."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from steelyard.sample.causes import KINDS, TEAM_OF, choose_causes

SEEDS = range(40, 45)
STAGES = ("qualification", "proposal", "negotiation")
YEAR_AGO = (date(2024, 10, 1), date(2024, 12, 31))
NOW = (date(2025, 10, 1), date(2025, 12, 31))
REGION_OF = {team: region for region, team in TEAM_OF.items()}


def companies(written, kind):
    return [written(seed=seed, kinds=(kind,)) for seed in SEEDS]


def place_of(seed, kind):
    return choose_causes(seed, strength=1, planted=True, kinds=[kind])[0]


def conversion(company, stage, span, where=None) -> float:
    """Share of those who left a stage in the span that left it upwards."""
    left = company["stage_changes"].filter(
        (pl.col("from_stage") == stage) & pl.col("changed_at").dt.date().is_between(*span)
    )
    rows = left.join(company["opportunities"], on="opportunity_id")
    return (rows.filter(where if where is not None else True)["to_stage"] != "lost").mean()


def change(company, stage, where=None) -> float:
    return conversion(company, stage, NOW, where) - conversion(company, stage, YEAR_AGO, where)


def closed(company, span) -> pl.DataFrame:
    rows = company["opportunities"].filter(pl.col("outcome") != "open")
    return rows.filter(pl.col("closed_on").is_between(*span))


def heads(company, team, day) -> int:
    """Sellers of the team: its members but the manager."""
    spans = company["memberships"].filter((pl.col("team") == team) & (pl.col("role") == "member"))
    here = (pl.col("valid_from") <= day) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
    return spans.filter(here).height


def test_every_kind_names_its_lens_and_all_seven_have_one():
    lenses = {kind.lens for kind in KINDS.values()}
    assert lenses - {""} == {"goals", "process", "skills", "resources", "morale", "market", "strategy"}


def test_a_place_depends_neither_on_strength_nor_on_what_else_is_planted():
    for seed in range(30):
        every = choose_causes(seed, strength=0.5, planted=True, kinds=KINDS)
        assert [cause.kind for cause in every] == list(KINDS)
        for cause in every:
            alone = place_of(seed, cause.kind)
            assert (alone.where, alone.since) == (cause.where, cause.since)
            assert cause.force == pytest.approx(0.5)


def test_places_and_months_differ_between_seeds():
    for kind in ("approval-wait", "overload", "morale", "market"):
        places = {(tuple(c.where.values()), c.since) for c in (place_of(seed, kind) for seed in range(40))}
        assert len(places) > 3, kind


def test_deals_whose_approval_waits_longer_are_lost_more_often(written):
    """Only with the wait planted; alone, long and short waits are lost alike."""
    gaps = {True: [], False: []}
    for planted in (True, False):
        for seed in SEEDS:
            company = written(seed=seed, kinds=("approval-wait",), planted=planted)
            gaps[planted].append(lost_after_long_waits(company, place_of(seed, "approval-wait").where))
    assert np.mean(gaps[True]) > 0.06
    assert abs(np.mean(gaps[False])) < 0.06


def lost_after_long_waits(company, where) -> float:
    """Share lost of the slowest tenth of first approvals less that of the others."""
    events = company["work_events"].sort("case_id", "finished_at")
    waits = events.with_columns(
        (pl.col("started_at") - pl.col("finished_at").shift(1).over("case_id")).alias("waited")
    ).filter(pl.col("activity") == where["activity"])
    first = waits.unique("case_id", keep="first", maintain_order=True).drop("outcome")
    ended = first.join(company["opportunities"].select("opportunity_id", "outcome"), on="opportunity_id")
    ended = ended.filter(pl.col("outcome") != "open").sort("waited", descending=True)
    slowest = ended.height // 10
    lost = (ended["outcome"] == "lost").cast(pl.Float64)
    return lost[:slowest].mean() - lost[slowest:].mean()


def test_an_overloaded_region_has_fewer_heads_slower_contacts_and_converts_less(written):
    drops, others, slower = [], [], []
    for company in companies(written, "overload"):
        cause = company.truth.cause("overload")
        region, team = cause.where["region"], TEAM_OF[cause.where["region"]]
        then, now = heads(company, team, date(2024, 11, 15)), heads(company, team, date(2025, 11, 15))
        assert now <= then - 1
        assert all(
            heads(company, other, NOW[0]) > heads(company, other, YEAR_AGO[0])
            for other in TEAM_OF.values()
            if other not in (team, "WEST")
        )
        drops.append(change(company, "qualification", pl.col("region") == region))
        others.append(change(company, "qualification", pl.col("region") != region))
        waits = company["leads"].with_columns(
            (pl.col("first_contact_at") - pl.col("created_at")).dt.total_seconds().alias("waited")
        )
        here = waits.filter((pl.col("region") == region) & (pl.col("created_on") >= cause.since))
        slower.append(here["waited"].mean() / waits.filter(pl.col("region") != region)["waited"].mean())
        assert calls(company, region, NOW) < 0.9 * calls(company, region, YEAR_AGO)
    assert np.mean(drops) == pytest.approx(-0.16, abs=0.04)
    assert abs(np.mean(others)) < 0.02
    assert np.mean(slower) > 2


def calls(company, region, span) -> int:
    done = company["activities"].filter(pl.col("region") == region)
    return done.filter(pl.col("done_at").dt.date().is_between(*span)).height


def test_morale_falls_a_wave_before_activity_and_wins_and_somebody_leaves(written):
    favour, activity, wins = [], [], []
    for seed, company in zip(SEEDS, companies(written, "morale"), strict=True):
        cause = company.truth.cause("morale")
        team, region = cause.where["team"], REGION_OF[cause.where["team"]]
        scores = company["survey_scores"].filter(pl.col("team") == team)
        scores = scores.with_columns(pl.col("held_on").cast(pl.Date) >= cause.since)
        shares = scores.group_by("held_on").agg(pl.col("favourable").sum() / pl.col("answers").sum())
        both = dict(shares.iter_rows())
        favour.append(both[True] - both[False])
        activity.append(a_head(company, team, region, NOW) / a_head(company, team, region, YEAR_AGO))
        rates = [(closed(company, span).filter(pl.col("region") == region)) for span in (NOW, YEAR_AGO)]
        wins.append((rates[0]["outcome"] == "won").mean() - (rates[1]["outcome"] == "won").mean())
        usual = written(seed=seed, planted=False)["people"]["left_on"].is_not_null().sum()
        left = company["people"].filter(pl.col("left_on") > cause.since)
        assert company["people"]["left_on"].is_not_null().sum() == usual + 1 == usual + left.height
    assert np.mean(favour) == pytest.approx(-0.3, abs=0.07)
    assert np.mean(activity) == pytest.approx(0.65, abs=0.15)
    assert np.mean(wins) == pytest.approx(-0.075, abs=0.03)


def a_head(company, team, region, span) -> float:
    return calls(company, region, span) / heads(company, team, span[0] + timedelta(days=45))


def test_a_market_change_hits_every_region_and_moves_reasons_and_discounts(written):
    for company in companies(written, "market"):
        stage = company.truth.cause("market").where["stage"]
        assert change(company, stage) == pytest.approx(-0.14, abs=0.09)
        for other in set(STAGES) - {stage}:
            assert abs(change(company, other)) < 0.09
        assert to_rivals(company, NOW) - to_rivals(company, YEAR_AGO) > 0.12
        assert discount(company, NOW) - discount(company, YEAR_AGO) == pytest.approx(0.04, abs=0.01)
    here = [
        np.mean(
            [
                change(c, c.truth.cause("market").where["stage"], pl.col("region") == region)
                for c in companies(written, "market")
            ]
        )
        for region in TEAM_OF
    ]
    assert here == pytest.approx([-0.14] * 4, abs=0.06)


def to_rivals(company, span) -> float:
    lost = closed(company, span).filter(pl.col("outcome") == "lost")
    return lost["lost_reason"].is_in(["price", "competitor"]).mean()


def discount(company, span) -> float:
    rows = closed(company, span)
    return 1 - rows["amount"].sum() / rows["list_price"].sum()


def test_the_mix_moves_to_online_and_every_source_keeps_its_rate(written):
    falls = []
    for company in companies(written, "mix"):
        now, then = closed(company, NOW), closed(company, YEAR_AGO)
        assert (now["source"] == "Online").mean() - (then["source"] == "Online").mean() > 0.22
        for source in ("Direct", "Partner", "Online"):
            rates = [
                (rows.filter(pl.col("source") == source)["outcome"] == "won").mean() for rows in (now, then)
            ]
            assert rates[0] == pytest.approx(rates[1], abs=0.12)
        falls.append((now["outcome"] == "won").mean() - (then["outcome"] == "won").mean())
        leads = company["leads"].group_by(pl.col("created_on").dt.year()).len()
        assert dict(leads.iter_rows())[2025] > 1.4 * dict(leads.iter_rows())[2024]
    assert np.mean(falls) == pytest.approx(-0.024, abs=0.015)


def test_nothing_planted_moves_nothing(written):
    """A fair null: conversions, contacts, activity a head, reasons, discounts and answers stand still."""
    moved = {name: [] for name in (*STAGES, "discount", "reasons", "online", "contact", "activity", "favour")}
    for seed in SEEDS:
        company = written(seed=seed, planted=False)
        for stage in STAGES:
            moved[stage].append(change(company, stage))
        moved["discount"].append(discount(company, NOW) - discount(company, YEAR_AGO))
        moved["reasons"].append(to_rivals(company, NOW) - to_rivals(company, YEAR_AGO))
        online = [(closed(company, span)["source"] == "Online").mean() for span in (NOW, YEAR_AGO)]
        moved["online"].append(online[0] - online[1])
        moved["contact"].append(contact(company, NOW) / contact(company, YEAR_AGO) - 1)
        teams = [
            a_head(company, team, region, NOW) / a_head(company, team, region, YEAR_AGO)
            for region, team in TEAM_OF.items()
        ]
        moved["activity"].append(np.mean(teams) - 1)
        moved["favour"].append(favourable(company, "2025-Q4") - favourable(company, "2024-Q4"))
    assert {
        name: abs(np.mean(values)) < 0.03 for name, values in moved.items() if name in STAGES
    } == dict.fromkeys(STAGES, True)
    for name, tolerance in (
        ("discount", 0.005),
        ("reasons", 0.02),
        ("online", 0.02),
        ("contact", 0.15),
        ("activity", 0.15),
        ("favour", 0.06),
    ):
        assert abs(np.mean(moved[name])) < tolerance, (name, moved[name])


def contact(company, span) -> float:
    rows = company["leads"].filter(pl.col("created_on").is_between(*span))
    return (rows["first_contact_at"] - rows["created_at"]).dt.total_seconds().mean()


def favourable(company, wave) -> float:
    rows = company["survey_scores"].filter(pl.col("wave") == wave)
    return rows["favourable"].sum() / rows["answers"].sum()


def test_joiners_are_assessed_lower_in_negotiation_only_where_planted(written):
    for planted, expected in ((True, -2.0), (False, 0.0)):
        gaps = []
        for seed in SEEDS:
            company = written(seed=seed, kinds=("joiners-negotiation",), planted=planted)
            team = place_of(seed, "joiners-negotiation").where["team"]
            late = company["people"].filter(pl.col("joined_on") >= date(2025, 1, 1))["code"].to_list()
            members = company["memberships"].filter(pl.col("team") == team)["person"].to_list()
            levels = company["skill_assessments"].filter(
                (pl.col("skill") == "negotiation") & (pl.col("assessed_on") > date(2025, 1, 1))
            )
            joiner = pl.col("person").is_in(sorted(set(late) & set(members)))
            gaps.append(levels.filter(joiner)["level"].mean() - levels.filter(~joiner)["level"].mean())
        assert np.mean(gaps) == pytest.approx(expected, abs=0.4)
