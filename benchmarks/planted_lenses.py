"""One company's lenses and approvals, held against what was planted."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from planted_company import OF_LENSES, company

from steelyard.engine.lenses import LensFinding, LensReport, test_lenses
from steelyard.engine.process.approvals import approvals
from steelyard.engine.process.log import log_of
from steelyard.sample.causes import (
    APPROVAL_WAIT,
    JOINERS,
    MARKET,
    MIX,
    MORALE,
    NEEDLESS,
    OVERLOAD,
    TARGET,
    TEAM_OF,
    Cause,
    choose_causes,
)

KIND_OF = {
    "goals": TARGET,
    "process": APPROVAL_WAIT,
    "skills": JOINERS,
    "resources": OVERLOAD,
    "morale": MORALE,
    "market": MARKET,
    "strategy": MIX,
}
NEEDED = {"discount approval", "legal approval"}
TO_GO = {"drop", "merge", "sample", "delegate"}
HOURLY_COST = Decimal(120)
QUESTION: dict[str, Any] = {"period": "2025-Q4", "against": "year-ago"}


def lenses_of(seed: int, lens: str) -> dict[str, Any]:
    """Every verdict on a company in which the cause of one lens alone is planted."""
    with company(seed, needed=OF_LENSES, kinds=[KIND_OF[lens]]) as (truth, tables):
        cause = truth.causes[0]
        asked = against_target(cause) if lens == "goals" else QUESTION
        report = test_lenses(tables, "won_revenue", **asked)
    found = report.lens(lens)
    return {
        **told(seed, report),
        "planted": {**cause.where, "since": cause.since.isoformat()},
        "is_at_place": found.is_supported and is_at(found, cause),
    }


def nothing_of(seed: int) -> dict[str, Any]:
    """Every verdict on a company with nothing planted; goals are judged by a team's target."""
    goals = choose_causes(seed, strength=1, planted=True, kinds=[TARGET])[0]
    with company(seed, needed=OF_LENSES, planted=False) as (_, tables):
        report = test_lenses(tables, "won_revenue", **QUESTION)
        of_target = test_lenses(tables, "won_revenue", **against_target(goals))
    row = told(seed, report)
    row["verdicts"]["goals"] = of_target.lens("goals").verdict
    row["p"]["goals"] = of_target.lens("goals").p
    return row


def against_target(cause: Cause) -> dict[str, Any]:
    return {"period": "2025-Q4", "against": "target", "where": {"team": cause.where["team"]}}


def told(seed: int, report: LensReport) -> dict[str, Any]:
    found = report.as_json()
    return {
        "seed": seed,
        "is_adverse": report.is_adverse,
        "unexplained": found["unexplained"],
        "verdicts": {each["lens"]: each["verdict"] for each in found["lenses"]},
        "p": {each["lens"]: each["p"] for each in found["lenses"]},
        "checks": {
            each["lens"]: {check["code"]: [check["verdict"], check["p"]] for check in each["checks"]}
            for each in found["lenses"]
        },
        "places": {each["lens"]: (each["place"] or {}).get("where") for each in found["lenses"]},
    }


def is_at(found: LensFinding, cause: Cause) -> bool:
    """Whether the place or a fact names where it was planted; a market is everywhere, so no one place."""
    named = set(found.place.where.values()) if found.place else set()
    if cause.kind == MARKET:
        return not named & (set(TEAM_OF) | set(TEAM_OF.values()))
    for fact in found.facts:
        named |= {value for value in fact.params.values() if isinstance(value, str)}
    region = cause.where.get("region", "")
    expected = {cause.where.get("team", ""), region, TEAM_OF.get(region, "")} - {""}
    return bool(named & (expected or set(cause.where.values())))


def approvals_of(seed: int, planted: bool) -> dict[str, Any]:
    """What is proposed for each approval, with the needless one planted or with nothing."""
    options: Mapping[str, Any] = {"kinds": [NEEDLESS]} if planted else {"planted": False}
    with company(seed, needed=("opportunities", "work_events"), **options) as (_, tables):
        found = approvals(log_of(tables["work_events"]), hourly_cost=HOURLY_COST)
    proposed = {each.activity: each.proposal for each in found}
    costs = [each.cost for each in found if each.activity not in NEEDED and each.proposal in TO_GO]
    return {
        "seed": seed,
        "proposed": proposed,
        "named": any(each in TO_GO for name, each in proposed.items() if name not in NEEDED),
        "costed": bool(costs) and costs[0] is not None and costs[0] > 0,
        "cost": float(costs[0]) if costs and costs[0] is not None else None,
        "kept": proposed.keys() >= NEEDED and all(proposed[name] == "keep" for name in NEEDED),
    }
