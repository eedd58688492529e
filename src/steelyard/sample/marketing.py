"""Campaigns and their days, leads, touches and content; some online opportunities come from a lead."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import columns
from .causes import MIX, OVERLOAD, Cause, cause_of
from .chances import SOURCE_SHARE, Flags
from .customers import REGION_SHARE, REGIONS
from .days import FIRST_DAY, LAST_DAY, Floats, Ints, WorkingDays, spread
from .funnel import PRODUCTS, Funnel, Words
from .organisation import SALES_TEAMS, Staff, people, sellers

_CHANNELS = np.array(["WeChat", "Search", "Expo", "Webinar", "Email"])
_WITHOUT_CAMPAIGN = np.array(["Website", "Referral", "Hotline"])
_THEMES = ("新品发布", "行业沙龙", "Spring Promotion", "客户大会", "Webinar Series", "年终特惠")
_REASONS = np.array(["no need", "no budget", "wrong contact", "too small"])
_AUTHORS = ("P003", "P004")
_PER_GROWN = 1.7  # leads that end, for each that becomes an opportunity
_BOUGHT = "Search"
_OVERLOADED_CONTACT = 1.8  # times the usual that a first contact takes longer


@dataclass(frozen=True)
class Campaigns:
    ids: Words
    channel: Words
    started: NDArray[np.datetime64]
    ended: NDArray[np.datetime64]
    budget_fen: Ints

    def running(self, days: NDArray[np.datetime64], rng: np.random.Generator) -> Ints:
        """One of the two newest campaigns that run on each day, or -1."""
        newest = np.searchsorted(self.started, days, side="right") - 1 - rng.integers(0, 2, len(days))
        candidate = np.maximum(newest, 0)
        return np.where((newest >= 0) & (self.ended[candidate] >= days), candidate, -1)


@dataclass(frozen=True)
class Leads:
    ids: Words
    created: Floats
    created_on: NDArray[np.datetime64]
    region: Words
    campaign: Ints
    opportunity: Ints
    """The opportunity that came of it, or -1."""
    bought: Flags
    """Came with a planted shift of the mix, from one more source of the same quality."""


def make_campaigns(days: WorkingDays, *, seed: int, scale: float) -> Campaigns:
    rng = np.random.default_rng([seed, 8])
    count = max(8, round(48 * scale))
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) - 25
    started = days.dates(start + spread(np.ones(end - start), count, rng))
    return Campaigns(
        ids=columns.ids("M", count),
        channel=rng.choice(_CHANNELS, count, p=[0.3, 0.25, 0.15, 0.18, 0.12]),
        started=started,
        ended=started + rng.integers(14, 26, count),
        budget_fen=rng.integers(3, 20, count) * 10_000_00,
    )


def make_leads(
    funnel: Funnel,
    campaigns: Campaigns,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    *,
    seed: int,
    scale: float,
) -> Leads:
    """One online opportunity in four was a lead two to eighteen working days before; most leads end."""
    rng = np.random.default_rng([seed, 9])
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) + 1
    born = funnel.created - rng.uniform(2.0, 18.0, len(funnel.ids))
    online = (funnel.source == "Online") & (rng.random(len(funnel.ids)) < 0.25) & (born >= start)
    grown = np.flatnonzero(online)
    bought, since = _bought(funnel.created[grown], causes, days, seed)
    more = round(_PER_GROWN * int(bought.sum()))
    barren = max(0, round(2700 * scale) - int((~bought).sum()))
    season = days.season() ** 0.5
    created = np.concatenate(
        [
            born[grown],
            start + spread(season[start:end], barren, rng),
            since + spread(season[since:end], more, rng),
        ]
    )
    opportunity = np.concatenate([grown, np.full(barren + more, -1)])
    region = np.concatenate([funnel.region[grown], rng.choice(REGIONS, barren + more, p=REGION_SHARE)])
    bought = np.concatenate([bought, np.repeat([False, True], [barren, more])])
    order = np.argsort(created, kind="stable")
    created_on = days.dates(created[order])
    campaign = campaigns.running(created_on, rng)
    known = (rng.random(len(order)) < 0.7) & ~bought[order]
    return Leads(
        ids=columns.ids("L", len(order)),
        created=created[order],
        created_on=created_on,
        region=region[order],
        campaign=np.where(known, campaign, -1),
        opportunity=opportunity[order],
        bought=bought[order],
    )


def _bought(created: Floats, causes: tuple[Cause, ...], days: WorkingDays, seed: int) -> tuple[Flags, int]:
    """Which of these online opportunities a planted shift of the mix brought, and since when."""
    mix = cause_of(MIX, causes)
    if mix is None:
        return np.zeros(len(created), dtype=bool), days.at(LAST_DAY)
    share = mix.strength / (mix.strength + SOURCE_SHARE[2])
    drawn = np.random.default_rng([seed, 16]).random(len(created)) < share
    return drawn & (created >= days.at(mix.since)), days.at(mix.since)


def lead_ids_of(funnel: Funnel, leads: Leads) -> Words:
    """The lead of each opportunity, or an empty text."""
    numbered = np.full(len(funnel.ids), "", dtype=leads.ids.dtype)
    grown = leads.opportunity >= 0
    numbered[leads.opportunity[grown]] = leads.ids[grown]
    return numbered


def marketing_tables(
    funnel: Funnel,
    campaigns: Campaigns,
    leads: Leads,
    staff: Staff,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    *,
    seed: int,
    scale: float,
) -> dict[str, pl.DataFrame]:
    rng = np.random.default_rng([seed, 10])
    return {
        "campaigns": _campaign_table(campaigns, rng),
        "campaign_days": _campaign_days(campaigns, leads, rng),
        "leads": _lead_table(funnel, campaigns, leads, staff, causes, days, rng),
        "touches": _touches(campaigns, leads, days, rng),
        "content_days": _content_days(days, rng, scale=scale),
    }


def _campaign_table(campaigns: Campaigns, rng: np.random.Generator) -> pl.DataFrame:
    count = len(campaigns.ids)
    themes = np.array(_THEMES)[rng.integers(0, len(_THEMES), count)]
    months = campaigns.started.astype("datetime64[M]").astype(str)
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids,
            "name": np.char.add(np.char.add(themes, " "), months),
            "channel": campaigns.channel,
            "started_on": columns.day(campaigns.started),
            "ended_on": columns.day(campaigns.ended),
            "budget": columns.money(campaigns.budget_fen),
            "owner": rng.choice(_AUTHORS, count),
            "product": rng.choice(PRODUCTS, count),
        }
    )


def _campaign_days(campaigns: Campaigns, leads: Leads, rng: np.random.Generator) -> pl.DataFrame:
    """Every calendar day of each campaign; its leads are those of the leads table."""
    lengths = (campaigns.ended - campaigns.started).astype(np.int64) + 1
    rows = np.repeat(np.arange(len(lengths)), lengths)
    nth = np.arange(len(rows)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    spend = columns.split(campaigns.budget_fen[rows], 0.95 / lengths[rows] * rng.uniform(0.7, 1.3, len(rows)))
    impressions = rng.poisson(spend / 100 * 0.9)
    clicks = rng.binomial(impressions, 0.018)
    registrations = rng.binomial(clicks, 0.12)
    came = leads.campaign >= 0
    first_row = np.cumsum(lengths) - lengths
    place = first_row[leads.campaign[came]] + (
        leads.created_on[came] - campaigns.started[leads.campaign[came]]
    ).astype(np.int64)
    return pl.DataFrame(
        {
            "campaign_id": campaigns.ids[rows],
            "day": columns.day(campaigns.started[rows] + nth),
            "spend": columns.money(spend),
            "impressions": impressions,
            "clicks": clicks,
            "registrations": registrations,
            "attendees": rng.binomial(registrations, 0.55),
            "leads": np.bincount(place, minlength=len(rows)),
            "channel": campaigns.channel[rows],
        }
    )


def _lead_table(
    funnel: Funnel,
    campaigns: Campaigns,
    leads: Leads,
    staff: Staff,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    rng: np.random.Generator,
) -> pl.DataFrame:
    count, now, grew = len(leads.ids), days.at(LAST_DAY) + 1, leads.opportunity >= 0
    contacted = leads.created + rng.gamma(1.3, 0.45, count) * _slower(leads, causes, days)
    became = np.where(grew, funnel.created[np.maximum(leads.opportunity, 0)], leads.created + 20.0)
    qualified = leads.created + (became - leads.created) * rng.uniform(0.2, 0.5, count)
    accepted = leads.created + (became - leads.created) * rng.uniform(0.6, 0.95, count)
    is_mql = grew | (rng.random(count) < 0.38)
    is_sql = grew | (is_mql & (rng.random(count) < 0.3))
    dropped = leads.created + rng.uniform(20.0, 45.0, count)
    is_dropped = ~grew & (rng.random(count) < 0.7) & (dropped < now)
    score = np.clip(np.rint(rng.normal(45, 15, count) + 18 * grew + 8 * is_mql), 0, 100).astype(np.int64)
    source = np.where(
        leads.campaign >= 0,
        campaigns.channel[leads.campaign],
        rng.choice(_WITHOUT_CAMPAIGN, count, p=[0.5, 0.3, 0.2]),
    )
    source = np.where(leads.bought, _BOUGHT, source)
    return pl.DataFrame(
        {
            "lead_id": leads.ids,
            "created_on": columns.day(leads.created_on),
            "created_at": columns.moment(days.times(leads.created)),
            "first_contact_at": columns.moment(
                days.times(contacted), known=(contacted < now) & (grew | (rng.random(count) < 0.93))
            ),
            "source": source,
            "campaign_id": columns.text(campaigns.ids[leads.campaign], known=leads.campaign >= 0),
            "owner": _owner_codes(leads, staff, days, rng),
            "region": leads.region,
            "score": score,
            "mql_on": columns.day(days.dates(qualified), known=is_mql & (qualified < now)),
            "sql_on": columns.day(days.dates(accepted), known=is_sql & (accepted < now)),
            "disqualified_on": columns.day(days.dates(dropped), known=is_dropped),
            "reason": columns.text(rng.choice(_REASONS, count), known=is_dropped),
        }
    )


def _slower(leads: Leads, causes: tuple[Cause, ...], days: WorkingDays) -> Floats:
    """By how much a first contact takes longer than usual where a planted overload is."""
    cause = cause_of(OVERLOAD, causes)
    if cause is None:
        return np.ones(len(leads.ids))
    hit = (leads.region == cause.where["region"]) & (leads.created >= days.at(cause.since))
    return 1.0 + _OVERLOADED_CONTACT * cause.force * hit


def _owner_codes(leads: Leads, staff: Staff, days: WorkingDays, rng: np.random.Generator) -> Words:
    owner, team_sellers = np.zeros(len(leads.ids), dtype=np.int64), sellers(days, staff)
    for team, name in SALES_TEAMS.items():
        here = np.flatnonzero(leads.region == name)
        owner[here] = team_sellers.pick(team, leads.created[here], rng)
    return np.array([person.code for person in people()])[owner]


def _touches(campaigns: Campaigns, leads: Leads, days: WorkingDays, rng: np.random.Generator) -> pl.DataFrame:
    """What a lead from a campaign did up to the day it was created."""
    from_campaign = np.flatnonzero(leads.campaign >= 0)
    rows = np.sort(rng.choice(from_campaign, round(len(from_campaign) * 0.6), replace=False))
    at = np.floor(leads.created[rows]) + rng.random(len(rows)) * (leads.created[rows] % 1.0)
    return pl.DataFrame(
        {
            "touch_id": columns.ids("T", len(rows)),
            "touched_at": columns.moment(days.times(at)),
            "lead_id": leads.ids[rows],
            "campaign_id": campaigns.ids[leads.campaign[rows]],
            "kind": rng.choice(["click", "form", "attended", "download"], len(rows), p=[0.4, 0.3, 0.2, 0.1]),
            "person": rng.choice(_AUTHORS, len(rows)),
        }
    )


def _content_days(days: WorkingDays, rng: np.random.Generator, *, scale: float) -> pl.DataFrame:
    """Ten days of figures after each piece was published."""
    pieces, shown = max(4, round(56 * scale)), 10
    start, end = days.at(FIRST_DAY), days.at(LAST_DAY) - shown
    published = days.dates(start + spread(np.ones(end - start), pieces, rng))
    rows, nth = np.repeat(np.arange(pieces), shown), np.tile(np.arange(shown), pieces)
    reach = rng.poisson(np.repeat(rng.gamma(3.0, 700.0, pieces), shown) * 0.75**nth)
    reads = rng.binomial(reach, 0.22)
    return pl.DataFrame(
        {
            "content_id": columns.ids("W", pieces)[rows],
            "day": columns.day(published[rows] + nth),
            "channel": rng.choice(["WeChat", "Website", "Video"], pieces)[rows],
            "author": rng.choice(_AUTHORS, pieces)[rows],
            "impressions": reach + rng.poisson(reach * 0.6),
            "reach": reach,
            "reads": reads,
            "shares": rng.binomial(reads, 0.04),
            "comments": rng.binomial(reads, 0.01),
            "leads": rng.binomial(reads, 0.003),
            "likes": rng.binomial(reads, 0.09),
        }
    )
