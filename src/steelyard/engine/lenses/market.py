"""Market and product: the same fall at the same stage for everybody, also for the best."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import chdtrc

from steelyard.engine.kpi import available
from steelyard.engine.kpi import judge as values_of
from steelyard.engine.kpi import summarise as figures
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, estimate, heterogeneity, rate_change, rate_contrast
from steelyard.engine.lenses.findings import (
    Check,
    CheckVerdict,
    Fact,
    LensFinding,
    Missing,
    Place,
    Series,
    holds,
)
from steelyard.engine.lenses.funnel import Deals, Floats, Mask, by_dimension, dimensions_of
from steelyard.engine.lenses.onset import onset_of
from steelyard.engine.lenses.stages import WHOLE, has_deals

# Fewest who tried a step in each period for a value to be compared, and fewest values of a dimension.
FEWEST, FEWEST_VALUES = 10, 2
REASONS = ("lost_reason", "competitor")
SPARED = 0.05


@dataclass(frozen=True, eq=False)
class Summary:
    """What was read: deals by dimension, why they were lost, and what was given away on the price."""

    deals: Deals
    dimensions: tuple[str, ...]
    reasons: dict[str, dict[str, tuple[int, int]]]
    discount: tuple[float, float] | None


@dataclass(frozen=True)
class Shock:
    """The change of one step, and whether everybody shares it.

    `p_without` is that of the rest when the value that fell hardest (`hardest`) is left out, `p_apart` says
    whether values differ in how they changed.
    """

    step: str
    change: Difference
    p: float
    hardest: tuple[str, str | None] | None
    p_without: float
    p_apart: float
    n: int


def summarise(case: Case) -> Summary | Missing:
    """Read deals by dimension, lost reasons and discount: three scans."""
    if not has_deals(case.tables):
        return Missing("opportunities", ("outcome", "closed_on"), "lens.no-table")
    return Summary(
        deals=by_dimension(case),
        dimensions=dimensions_of(case),
        reasons={name: _reasons(case, name) for name in REASONS if _has(case, name)},
        discount=_discount(case),
    )


def judge(case: Case, summary: Summary | Missing) -> LensFinding:
    """Is there one fall that everybody shares?

    Notes
    -----
    For each stage the change of its conversion is tested within the values of every dimension (weights of
    Mantel and Haenszel), so that a shifted mix is not taken for it. It must stay when the value that fell
    hardest is left out, values must not differ more than chance lets them (Cochran's Q, corrected for the
    dimensions), and the best members of the time between must have fallen, too: they are chosen from other
    months than those compared, or they would fall by regression to the mean. p is corrected for the stages.

    Source: Mantel and Haenszel (1959), JNCI 22; Cochran (1954), Biometrics 10; Galton (1886) on regression.
    """
    if isinstance(summary, Missing):
        return LensFinding("market", "cannot-tell", missing=(summary,))
    deals = summary.deals
    few = _too_few(deals)
    if few is not None:
        return LensFinding("market", "cannot-tell", missing=(few,))
    steps = steps_of(deals)
    found = [shock for step in steps if (shock := _shock(summary, step)) is not None]
    if not found:
        return LensFinding("market", "cannot-tell", missing=(_none_large(),))
    worst = min(found, key=lambda shock: (round(shock.p, 12), shock.step))
    p = min(1.0, worst.p * len(found))
    best = _best(deals, worst.step)
    is_apart = worst.p_apart < case.alpha or worst.p_without > case.alpha
    is_shared = not is_apart and (best is None or best.verdict != "fails")
    is_supported = p <= case.alpha and is_shared
    reasons = [check for name, seen in summary.reasons.items() if (check := _moved(name, seen)) is not None]
    checks = (
        Check("market.fell", holds(p <= case.alpha), *_of(worst.change), n=worst.n, p=p),
        Check("market.shared", "fails" if is_apart else "holds", p=worst.p_apart, params=_hardest(worst)),
        *([best] if best is not None else []),
        *reasons,
    )
    since = onset_of(case, worst.step) if is_supported else None
    return LensFinding(
        lens="market",
        verdict="supported" if is_supported else "not-supported",
        effect=worst.change.value,
        low=worst.change.low,
        high=worst.change.high,
        unit="percentage-points",
        n=worst.n,
        p=p,
        **(_share(case, deals, worst) if is_supported else {}),
        before=None if since is None else since <= case.period.label,
        since=since,
        place=Place({}, is_present=is_supported or None),
        facts=_facts(summary, worst),
        charts=_charts(summary, worst),
        checks=checks,
        missing=_further(case),
    )


def steps_of(deals: Deals) -> tuple[str, ...]:
    """The steps that can be compared: the stages, if it is known where lost opportunities ended."""
    if len(deals.stages) < 2 or deals.known_share()[:2].min() < 0.8:
        return (WHOLE,)
    return deals.stages


def _of(change: Difference) -> tuple[float, float, float, str]:
    return change.value, change.low, change.high, "percentage-points"


def _too_few(deals: Deals) -> Missing | None:
    found = int(deals.closed[:2].sum(axis=1).min())
    if found >= 2 * FEWEST:
        return None
    params = {"of": "opportunities-closed", "found": found, "needed": 2 * FEWEST}
    return Missing("opportunities", ("outcome", "closed_on"), "lens.too-few", params)


def _none_large() -> Missing:
    params = {"of": "opportunities-closed", "needed": 2 * FEWEST}
    return Missing("opportunities", ("outcome", "closed_on"), "lens.too-few", params)


def _shock(summary: Summary, step: str) -> Shock | None:
    deals = summary.deals
    passed, tried = deals.tries(step)
    whole = rate_change((passed[0].sum(), tried[0].sum()), (passed[1].sum(), tried[1].sum()))
    n = int(tried[0].sum())
    if min(tried[:2].sum(axis=1)) < 2 * FEWEST:
        return None
    p, without, hardest, apart = whole.p(sign=-1), 0.0, None, [1.0]
    looked = [name for name in (*summary.dimensions, "team", "member") if name in deals.coded]
    for name in looked:
        cells = _cells(deals, passed, tried, name)
        if len(cells) < FEWEST_VALUES:
            continue
        p = max(p, _pooled(cells).p(sign=-1))
        z = [cell[1].z * np.sqrt(cell[2]) for cell in cells]
        worst = int(np.argmin(np.round(z, 9)))
        kept = _pooled([cell for place, cell in enumerate(cells) if place != worst]).p(sign=-1)
        if kept > without:
            without, hardest = kept, (name, cells[worst][0])
        apart.append(heterogeneity([c[1].value for c in cells], [c[1].error for c in cells])[1])
    alike = min(1.0, min(apart) * max(1, len(apart) - 1))
    return Shock(step, whole, p, hardest, without, alike, n)


def _cells(
    deals: Deals, passed: Floats, tried: Floats, name: str, inside: Mask | None = None
) -> list[tuple[str | None, Difference, float]]:
    """Each value with enough tries in both periods: its change, and the weight of Mantel and Haenszel."""
    good, all_of = deals.by(name, passed[:2], inside=inside), deals.by(name, tried[:2], inside=inside)
    found = []
    for place, value in enumerate(deals.coded[name][1]):
        now, then = all_of[0, place], all_of[1, place]
        if min(now, then) < FEWEST:
            continue
        change = rate_change((good[0, place], now), (good[1, place], then))
        found.append((value, change, now * then / (now + then)))
    return found


def _pooled(cells: list[tuple[str | None, Difference, float]]) -> Difference:
    """The common change of strata by their weights."""
    whole = sum(weight for _, _, weight in cells)
    value = sum(weight * change.value for _, change, weight in cells) / whole
    error = np.sqrt(sum((weight * change.error) ** 2 for _, change, weight in cells)) / whole
    return estimate(float(value), float(error))


def _best(deals: Deals, step: str) -> Check | None:
    """Did those fall, too, who were the best half in the time between?"""
    if "member" not in deals.coded:
        return None
    passed, tried = (deals.by("member", each) for each in deals.tries(step))
    known = (tried[2] >= FEWEST) & (tried[:2].min(axis=0) >= FEWEST)
    if known.sum() < 4:
        return Check("market.best-fell", "cannot-tell", n=int(known.sum()))
    rate = np.where(known, passed[2] / np.maximum(tried[2], 1), -1.0)
    best = known & (rate >= np.median(rate[known]))
    rest = known & ~best
    sides = [
        (float(passed[when][who].sum()), float(tried[when][who].sum()))
        for who in (best, rest)
        for when in (0, 1)
    ]
    change = rate_change(sides[0], sides[1])
    p = change.p(sign=-1)
    is_spared = change.value >= 0 or rate_contrast(*sides).p(sign=1) <= SPARED
    verdict: CheckVerdict = "holds" if p <= 2 * SPARED else "cannot-tell"
    verdict = "fails" if is_spared and p > 2 * SPARED else verdict
    return Check("market.best-fell", verdict, *_of(change), n=int(best.sum()), p=p)


def _share(case: Case, deals: Deals, shock: Shock) -> dict[str, Any]:
    factor = later_and_earlier(deals, shock.step, inside=deals.mask(case.where))
    change = shock.change
    return case.rate_share((change.value * factor, change.low * factor, change.high * factor))


def later_and_earlier(deals: Deals, step: str, *, inside: Mask) -> float:
    """What a conversion of the step higher by one is worth in the win rate: the other steps multiplied."""
    if step == WHOLE:
        return 1.0
    factor = 1.0
    for other in deals.stages:
        if other != step:
            passed, tried = (each[:2][:, inside].sum() for each in deals.tries(other))
            factor *= passed / tried if tried else 0.0
    return float(factor)


def _has(case: Case, name: str) -> bool:
    return name in case.tables["opportunities"].columns


def _reasons(case: Case, name: str) -> dict[str, tuple[int, int]]:
    rows = values_of(
        figures(
            case.tables,
            "opportunities_closed",
            periods=[case.period, case.baseline],
            by=[name],
            where={"outcome": "lost"},
            people=case.people,
        )
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        value = row.by[name]
        if value is not None:
            found.setdefault(value, [0, 0])[row.period != case.period] += row.n
    return {value: (now, then) for value, (now, then) in sorted(found.items())}


def _moved(name: str, seen: dict[str, tuple[int, int]]) -> Check | None:
    """Are opportunities lost for other reasons (to others) than before?"""
    counts = np.array(list(seen.values()), dtype=np.float64).reshape(-1, 2)
    if len(counts) < 2 or counts.sum(axis=0).min() < 2 * FEWEST:
        return None
    expected = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / counts.sum()
    p = float(chdtrc(len(counts) - 1, ((counts - expected) ** 2 / expected).sum()))
    shares = counts / counts.sum(axis=0)
    place = int(np.argmax(np.round(shares[:, 0] - shares[:, 1], 12)))
    value = list(seen)[place]
    change = rate_change((counts[place, 0], counts[:, 0].sum()), (counts[place, 1], counts[:, 1].sum()))
    verdict = holds(p <= 0.05)
    params = {"column": name, "value": value}
    return Check("market.reasons-moved", verdict, *_of(change), n=int(counts[:, 0].sum()), p=p, params=params)


def _discount(case: Case) -> tuple[float, float] | None:
    if not {"list_price", "amount"} <= set(case.tables["opportunities"].columns):
        return None
    if not available(case.tables, ["discount_rate"])[0]:
        return None
    asked = [case.period, case.baseline]
    rows = values_of(figures(case.tables, "discount_rate", periods=asked, **case.options))
    if any(row.value is None for row in rows):
        return None
    return float(rows[0].value or 0), float(rows[1].value or 0)


def _hardest(shock: Shock) -> dict[str, Any]:
    if shock.hardest is None:
        return {}
    return {"dimension": shock.hardest[0], "value": shock.hardest[1]}


def _facts(summary: Summary, shock: Shock) -> tuple[Fact, ...]:
    passed, tried = summary.deals.tries(shock.step)
    facts = [
        Fact(
            "market.conversion",
            {
                "step": shock.step,
                "now": float(passed[0].sum() / tried[0].sum()),
                "then": float(passed[1].sum() / tried[1].sum()),
                "n": shock.n,
            },
        )
    ]
    if summary.discount is not None:
        facts.append(Fact("market.discount", {"now": summary.discount[0], "then": summary.discount[1]}))
    return tuple(facts)


def _charts(summary: Summary, shock: Shock) -> tuple[Series, ...]:
    passed, tried = summary.deals.tries(shock.step)
    rows = []
    for name in (*summary.dimensions, "team"):
        if name in summary.deals.coded:
            for value, change, _ in _cells(summary.deals, passed, tried, name):
                rows.append(
                    {
                        "dimension": name,
                        "label": value,
                        "y": change.value,
                        "low": change.low,
                        "high": change.high,
                    }
                )
    bars = [
        {"label": value, "column": name, "now": now, "then": then}
        for name, seen in summary.reasons.items()
        for value, (now, then) in seen.items()
    ]
    charts = [Series("intervals", "market.change-by-value", tuple(rows))]
    if bars:
        charts.append(Series("bars", "market.lost-reasons", tuple(bars)))
    return tuple(charts)


def _further(case: Case) -> tuple[Missing, ...]:
    """What would make the answer fuller."""
    lacking = []
    if len(case.stages) < 2:
        lacking.append(Missing("stage_changes", ("to_stage", "changed_at"), "lens.no-table"))
    columns = tuple(name for name in REASONS if not _has(case, name))
    if columns:
        lacking.append(Missing("opportunities", columns, "lens.no-columns"))
    return tuple(lacking)
