"""Strategy and mix: more of what converts worse, while every segment keeps its rate."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from steelyard.engine.drivers import mix_and_rate
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, estimate
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.funnel import Deals, Mask, by_dimension, dimensions_of
from steelyard.engine.lenses.leads import Channels, Counts, read_channels
from steelyard.engine.lenses.stages import has_deals

FEWEST = 40


@dataclass(frozen=True, eq=False)
class Summary:
    """What was read: closed opportunities by dimension, leads by source."""

    deals: Deals
    dimensions: tuple[str, ...]
    channels: Channels | None


@dataclass(frozen=True)
class Mix:
    """One dimension's mix and rate effect on a conversion, the values behind, and the value that moved most.

    Rows: value, share then and now, rate then and now.
    """

    name: str
    mix: Difference
    rate: float
    gap: float
    rows: tuple[dict[str, Any], ...]
    moved: str | None
    n: int


def summarise(case: Case) -> Summary | Missing:
    """Read deals by dimension and leads by source: two scans."""
    if not has_deals(case.tables):
        return Missing("opportunities", ("outcome", "closed_on"), "lens.no-table")
    return Summary(by_dimension(case), dimensions_of(case), read_channels(case))


def judge(case: Case, summary: Summary | Missing) -> LensFinding:
    """Did the mix move to what converts worse?

    Notes
    -----
    Kitagawa's mix effect on the win rate, for each dimension: Σ (mean rate of the value less mean rate of
    all) × the change of its share. Its variance is that of the shares (multinomial) and of the rates
    (binomial), by the delta method. p is corrected for the dimensions. The mix of leads over sources is
    judged in the same way by what share of them became opportunities.

    Source: Kitagawa (1955), JASA 50; Casella and Berger (2002), 5.5.4.
    """
    if isinstance(summary, Missing):
        return LensFinding("strategy", "cannot-tell", missing=(summary,))
    inside = summary.deals.mask(case.where)
    closed = summary.deals.closed[:2][:, inside].sum(axis=1)
    if closed.min() < FEWEST:
        return LensFinding("strategy", "cannot-tell", missing=(_too_few(int(closed.min())),))
    if not summary.dimensions:
        missing = Missing("opportunities", ("source", "product", "segment"), "lens.no-columns")
        return LensFinding("strategy", "cannot-tell", missing=(missing,))
    names = [name for name in summary.dimensions if name not in case.where]
    found = [_mix_of_deals(summary.deals, name, inside=inside) for name in names]
    of_leads = None if summary.channels is None else mix_of(summary.channels.name, *summary.channels.counts)
    looked = [*found, *([of_leads] if of_leads is not None else [])]
    if not looked:
        return LensFinding("strategy", "cannot-tell", missing=(_too_few(int(closed.min())),))
    worst = min(looked, key=lambda mix: (round(mix.mix.p(sign=-1), 12), mix.name))
    p = min(1.0, worst.mix.p(sign=-1) * len(looked))
    is_supported = p <= case.alpha
    is_of_leads = worst is of_leads
    share = {"share_code": "share.of-leads"} if is_of_leads else case.rate_share(_bounds(worst))
    return LensFinding(
        lens="strategy",
        verdict="supported" if is_supported else "not-supported",
        effect=worst.mix.value,
        low=worst.mix.low,
        high=worst.mix.high,
        unit="percentage-points",
        n=worst.n,
        p=p,
        **(share if is_supported else {}),
        place=Place({} if worst.moved is None else {worst.name: worst.moved}),
        facts=_facts(worst, is_of_leads=is_of_leads),
        charts=(Series("bars", "strategy.mix", worst.rows),),
        checks=tuple(
            _check(mix, is_of_leads=mix is of_leads, alpha=case.alpha, looks=len(looked)) for mix in looked
        ),
    )


def mix_of(name: str, then: Counts, now: Counts) -> Mix:
    """Split the change of a rate over the values of one dimension, with the error of the mix effect."""
    values = sorted({*then, *now}, key=str)
    parts = mix_and_rate(baseline=dict(then.items()), actual=dict(now.items()))
    old, new = (np.array([side.get(value, (0.0, 0.0)) for value in values]) for side in (then, now))
    size = [old[:, 1].sum(), new[:, 1].sum()]
    shares = [old[:, 1] / size[0], new[:, 1] / size[1]]
    both = old + new
    rates = [
        np.where(
            side[:, 1] > 0, side[:, 0] / np.maximum(side[:, 1], 1), both[:, 0] / np.maximum(both[:, 1], 1)
        )
        for side in (old, new)
    ]
    level = (rates[0] + rates[1]) / 2 - (parts.baseline + parts.actual) / 2
    moved = shares[1] - shares[0]
    variance = 0.0
    for side, share, rate, whole in zip((old, new), shares, rates, size, strict=True):
        variance += (float((level**2 * share).sum()) - float((level * share).sum()) ** 2) / whole
        smooth = (rate * side[:, 1] + 0.5) / (side[:, 1] + 1)
        variance += float((moved**2 * smooth * (1 - smooth) / 4 / np.maximum(side[:, 1], 1)).sum())
    rows: tuple[dict[str, Any], ...] = tuple(
        {
            "label": value,
            "share_then": float(shares[0][place]),
            "share_now": float(shares[1][place]),
            "rate_then": float(rates[0][place]),
            "rate_now": float(rates[1][place]),
            "mix": float(level[place] * moved[place]),
        }
        for place, value in enumerate(values)
    )
    worst = min(rows, key=lambda row: (-round(row["share_now"] - row["share_then"], 12), row["label"]))
    return Mix(
        name,
        estimate(parts.mix, math.sqrt(max(variance, 0.0))),
        parts.rate,
        parts.gap,
        rows,
        str(worst["label"]) if rows else None,
        int(size[1]),
    )


def _mix_of_deals(deals: Deals, name: str, *, inside: Mask) -> Mix:
    won, closed = (deals.by(name, each[:2], inside=inside) for each in (deals.won, deals.closed))
    sides: list[Counts] = [
        {
            value or "": (float(won[side, place]), float(closed[side, place]))
            for place, value in enumerate(deals.coded[name][1])
            if closed[side, place] > 0
        }
        for side in (0, 1)
    ]
    return mix_of(name, sides[1], sides[0])


def _bounds(mix: Mix) -> tuple[float, float, float]:
    return mix.mix.value, mix.mix.low, mix.mix.high


def _too_few(found: int) -> Missing:
    params = {"of": "opportunities-closed", "found": found, "needed": FEWEST}
    return Missing("opportunities", ("outcome", "closed_on"), "lens.too-few", params)


def _check(mix: Mix, *, is_of_leads: bool, alpha: float, looks: int) -> Check:
    p = mix.mix.p(sign=-1)
    return Check(
        "strategy.mix-of-leads" if is_of_leads else "strategy.mix-moved",
        holds(p * looks <= alpha),
        *_bounds(mix),
        "percentage-points",
        mix.n,
        p,
        {"dimension": mix.name, "rate": mix.rate},
    )


def _facts(mix: Mix, *, is_of_leads: bool) -> tuple[Fact, ...]:
    moved = next(row for row in mix.rows if row["label"] == mix.moved)
    params = {"dimension": mix.name, "value": mix.moved, **{k: v for k, v in moved.items() if k != "label"}}
    return (
        Fact("strategy.channel-share" if is_of_leads else "strategy.value-share", params),
        Fact(
            "strategy.split", {"dimension": mix.name, "mix": mix.mix.value, "rate": mix.rate, "gap": mix.gap}
        ),
    )
