"""Opportunities and their way through the stages: drawn from the day they close, backwards."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from . import columns
from .causes import MARKET, Cause, cause_of
from .chances import Flags, Words, approval_delay, conversions, draw_sources, pass_stages
from .customers import REGION_SHARE, REGIONS, SEGMENT_SHARE, SEGMENTS, Accounts
from .days import FIRST_YEAR, LAST_DAY, Floats, Ints, WorkingDays, spread
from .organisation import SALES_TEAMS, Staff, managers, people, sellers

PRODUCTS = np.array(["Beam One", "Beam Pro", "Anchor", "Pivot"])
PRODUCT_SHARE = np.array([0.52, 0.24, 0.14, 0.10])

# Closed a year; the year after the last one gives the opportunities that are still open at its end.
_A_YEAR = {2022: 3700, 2023: 4350, 2024: 4800, 2025: 5000, 2026: 5100}
_PRICE = {"Beam One": 52_000, "Beam Pro": 68_000, "Anchor": 60_000, "Pivot": 47_000}
_SIZE = {"Small": 0.85, "Mid": 1.15, "Enterprise": 1.7}
_REASONS = np.array(["price", "competitor", "no budget", "timing", "missing function"])
_REASON_SHARE = np.array([0.3, 0.26, 0.18, 0.16, 0.1])
_COMPETITORS = np.array(["Libra", "Plumb", "Tally", "None known"])
_COMPETITOR_SHARE = np.array([0.4, 0.25, 0.15, 0.2])
# After a planted change of the market: dearer than the others, and one of these above all.
_MARKET_REASONS = np.array([0.4, 0.36, 0.09, 0.09, 0.06])
_MARKET_COMPETITORS = np.array([0.3, 0.45, 0.12, 0.13])
_MARKET_DISCOUNT = 0.04
_TIMING = 3


@dataclass(frozen=True)
class Funnel:
    """Opportunities as columns, in the order of their ids; moments are positions on the working-day axis."""

    ids: Words
    account: Ints
    owner: Ints
    region: Words
    segment: Words
    product: Words
    source: Words
    created: Floats
    ended: Floats
    stages_passed: Ints
    """0 to 3: how many of qualification, proposal and negotiation it leaves upwards; 3 is won."""
    list_fen: Ints
    amount_fen: Ints
    cost_fen: Ints
    closed: Flags
    delay: Floats
    """Working days that a planted wait added."""
    waited_out: Flags
    """Lost because of it."""

    @property
    def won(self) -> Flags:
        return self.closed & (self.stages_passed == 3)

    @property
    def by_contract(self) -> Flags:
        return needs_contract({"segment": self.segment, "product": self.product})

    def entered(self, stage: int) -> Floats:
        """When it would enter stage 1 (proposal) or 2 (negotiation) on its way to its end."""
        last = np.maximum(self.stages_passed, 1)
        return self.created + (self.ended - self.created) * np.minimum(stage / (last + 1.0), 0.95)


def make_funnel(
    days: WorkingDays,
    accounts: Accounts,
    staff: Staff,
    causes: tuple[Cause, ...],
    *,
    seed: int,
    scale: float,
) -> Funnel:
    rng = np.random.default_rng([seed, 3])
    ended = _closing_moments(days, rng, scale=scale)
    count = len(ended)
    region = rng.choice(REGIONS, count, p=REGION_SHARE)
    segment = rng.choice(SEGMENTS, count, p=SEGMENT_SHARE)
    product = rng.choice(PRODUCTS, count, p=PRODUCT_SHARE)
    source = draw_sources(ended, causes, days, rng)
    owner = _owners(days, staff, region, ended, rng)
    dimensions = {"region": region, "segment": segment, "product": product, "source": source}
    odds = conversions(days, dimensions, owner, ended, causes, staff, rng)
    delay = approval_delay(needs_contract(dimensions), region, ended, causes, days, seed)
    passed = pass_stages(odds, delay, rng)
    created = ended - _cycle(dimensions, passed.stages, delay, rng)
    list_fen, amount_fen, cost_fen = _prices(dimensions, days, ended, causes, rng)
    account = accounts.pick(region, segment, rng)

    kept = np.flatnonzero(created < days.at(LAST_DAY) + 1)
    kept = kept[np.argsort(created[kept], kind="stable")]
    return Funnel(
        ids=columns.ids("O", len(kept)),
        account=account[kept],
        owner=owner[kept],
        region=region[kept],
        segment=segment[kept],
        product=product[kept],
        source=source[kept],
        created=created[kept],
        ended=ended[kept],
        stages_passed=passed.stages[kept],
        list_fen=list_fen[kept],
        amount_fen=amount_fen[kept],
        cost_fen=cost_fen[kept],
        closed=ended[kept] < days.at(LAST_DAY) + 1,
        delay=delay[kept],
        waited_out=passed.waited_out[kept],
    )


def _closing_moments(days: WorkingDays, rng: np.random.Generator, *, scale: float) -> Floats:
    season, drawn = days.season(), []
    for year, count in _A_YEAR.items():
        start, end = days.at(f"{year}-01-01"), days.at(f"{year + 1}-01-01")
        growth = np.exp(np.linspace(-0.02, 0.02, end - start))
        drawn.append(start + spread(season[start:end] * growth, round(count * scale), rng))
    return np.concatenate(drawn)


def _owners(days: WorkingDays, staff: Staff, region: Words, ended: Floats, rng: np.random.Generator) -> Ints:
    team_sellers, owner = sellers(days, staff), np.zeros(len(region), dtype=np.int64)
    for team, name in SALES_TEAMS.items():
        here = np.flatnonzero(region == name)
        owner[here] = team_sellers.pick(team, ended[here], rng)
    return owner


def needs_contract(dimensions: dict[str, Words]) -> Flags:
    """Large customers and projects sign a contract with approvals and a plan; the others send an order."""
    project = np.isin(dimensions["product"], ["Anchor", "Pivot"])
    return (dimensions["segment"] == "Enterprise") | ((dimensions["segment"] == "Mid") & project)


def _cycle(dimensions: dict[str, Words], passed: Ints, delay: Floats, rng: np.random.Generator) -> Floats:
    """Working days from creation to the end; an early loss ends early, a planted wait lengthens it."""
    usual = 32.0 * np.where(dimensions["segment"] == "Enterprise", 1.35, 1.0)
    length = usual * np.exp(rng.normal(0.0, 0.45, len(passed))) * np.where(passed == 0, 0.6, 1.0)
    return np.clip(length + delay * (passed >= 2), 2.0, 170.0)


def _prices(
    dimensions: dict[str, Words],
    days: WorkingDays,
    ended: Floats,
    causes: tuple[Cause, ...],
    rng: np.random.Generator,
) -> tuple[Ints, Ints, Ints]:
    """List price, amount after discount, cost, in fen; list prices rise half a percent a year."""
    base = np.vectorize(_PRICE.get)(dimensions["product"]) * np.vectorize(_SIZE.get)(dimensions["segment"])
    years = (ended - days.at(f"{FIRST_YEAR}-01-01")) / 249.0
    listed = base * np.exp(rng.normal(-0.045, 0.3, len(ended))) * 1.005**years
    list_fen = np.rint(listed).astype(np.int64) * 100
    discount = 0.3 * rng.beta(1.6, 3.2, len(ended)) + _MARKET_DISCOUNT * _market(ended, causes, days)
    amount = columns.split(list_fen, 1.0 - discount)
    cost = columns.split(list_fen, rng.normal(0.56, 0.04, len(ended)))
    return list_fen, amount, cost


def _market(ended: Floats, causes: tuple[Cause, ...], days: WorkingDays) -> Floats:
    """How far the market has changed when each closes: 1 is a planted change at full strength."""
    cause = cause_of(MARKET, causes)
    changed: Floats = np.zeros(len(ended))
    if cause:
        changed += cause.force * (ended >= days.at(cause.since))
    return changed


def first_met(funnel: Funnel, accounts: Accounts, days: WorkingDays) -> NDArray[np.datetime64]:
    """The day of each account's first opportunity; the last day for one that has none."""
    first = np.full(len(accounts.ids), float(days.at(LAST_DAY)))
    np.minimum.at(first, funnel.account, funnel.created)
    return days.dates(first)


def opportunity_table(
    funnel: Funnel,
    accounts: Accounts,
    lead_ids: Words,
    causes: tuple[Cause, ...],
    days: WorkingDays,
    *,
    seed: int,
) -> pl.DataFrame:
    """The owner is the e-mail here; other tables know people by code or name."""
    rng = np.random.default_rng([seed, 4])
    count, lost = len(funnel.ids), funnel.closed & ~funnel.won
    market = _market(funnel.ended, causes, days)
    reason = _chosen(_REASON_SHARE, _MARKET_REASONS, market, rng)
    reason = np.where(funnel.waited_out & (rng.random(count) < 0.6), _TIMING, reason)
    rival = _chosen(_COMPETITOR_SHARE, _MARKET_COMPETITORS, market, rng)
    emails = np.array([person.email for person in people()])
    reached = np.array(["qualification", "proposal", "negotiation", "won"])
    stage = np.where(lost, "lost", reached[np.where(funnel.closed, 3, _open_stage(funnel, days))])
    return pl.DataFrame(
        {
            "opportunity_id": funnel.ids,
            "owner": emails[funnel.owner],
            "stage": stage,
            "created_on": columns.day(days.dates(funnel.created)),
            "account_id": accounts.ids[funnel.account],
            "product": funnel.product,
            "region": funnel.region,
            "segment": funnel.segment,
            "source": funnel.source,
            "industry": accounts.industry[funnel.account],
            "lead_id": columns.text(lead_ids, known=lead_ids != ""),
            "amount": columns.money(funnel.amount_fen),
            "list_price": columns.money(funnel.list_fen),
            "cost": columns.money(funnel.cost_fen),
            "currency": np.full(count, "CNY"),
            "closed_on": columns.day(days.dates(funnel.ended), known=funnel.closed),
            "outcome": np.select([funnel.won, lost], ["won", "lost"], "open"),
            "lost_reason": columns.text(_REASONS[reason], known=lost),
            "competitor": columns.text(_COMPETITORS[rival], known=funnel.closed),
        }
    )


def _chosen(usual: Floats, changed: Floats, share: Floats, rng: np.random.Generator) -> Ints:
    """One place for each row, by shares that lie between the usual and the changed ones."""
    bounds = np.cumsum(usual[:, None] + (changed - usual)[:, None] * share, axis=0)[:-1]
    return (rng.random(len(share)) >= bounds).sum(axis=0)


def _open_stage(funnel: Funnel, days: WorkingDays) -> Ints:
    """How far an opportunity had come when the last day ended."""
    now = float(days.at(LAST_DAY) + 1)
    return sum(((funnel.stages_passed >= s) & (funnel.entered(s) < now)).astype(np.int64) for s in (1, 2))  # type: ignore[return-value]


def stage_change_table(funnel: Funnel, days: WorkingDays, *, kept_from: str = "2024-10-01") -> pl.DataFrame:
    """Each step out of a stage since the CRM began to keep the history of stages."""
    now, count = float(days.at(LAST_DAY) + 1), len(funnel.ids)
    stages = np.array(["qualification", "proposal", "negotiation"])
    last = stages[np.minimum(funnel.stages_passed, 2)]
    steps = [
        (funnel.stages_passed >= 1, funnel.entered(1), np.full(count, stages[0]), "proposal"),
        (funnel.stages_passed >= 2, funnel.entered(2), np.full(count, stages[1]), "negotiation"),
        (funnel.stages_passed == 3, funnel.ended, last, "won"),
        (funnel.stages_passed < 3, funnel.ended, last, "lost"),
    ]
    codes = np.array([person.code for person in people()])
    parts = []
    for taken, when, left, entered in steps:
        rows = np.flatnonzero(taken & (when < now) & (when >= days.at(kept_from)))
        parts.append(
            pl.DataFrame(
                {
                    "opportunity_id": funnel.ids[rows],
                    "changed_at": columns.moment(days.times(when[rows])),
                    "from_stage": left[rows],
                    "to_stage": np.full(len(rows), entered),
                    "by": codes[_present(funnel, rows, when, days)],
                }
            )
        )
    return pl.concat(parts).sort("changed_at", "opportunity_id", "to_stage")


def _present(funnel: Funnel, rows: Ints, when: Floats, days: WorkingDays) -> Ints:
    """The owner, or the region's manager while the owner was not there yet."""
    joined = np.array([days.at(person.joined_on) for person in people()])
    boss = {
        SALES_TEAMS[team]: int(person.code[1:]) - 1
        for team, person in managers().items()
        if team in SALES_TEAMS
    }
    instead = np.vectorize(boss.get)(funnel.region[rows])
    return np.where(joined[funnel.owner[rows]] <= when[rows], funnel.owner[rows], instead)
