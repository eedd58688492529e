"""Skills: some people, at one stage, and their assessed skill is low."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from steelyard.engine.lenses.assessments import Level, levels_of
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, between_variance, estimate
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.funnel import Deals, Floats, Mask, by_month
from steelyard.engine.lenses.groups import FEWEST, compared
from steelyard.engine.lenses.people import Staff, staff_of
from steelyard.engine.lenses.stages import WHOLE, has_deals

FEWEST_PEOPLE = 2
# Of the error allowed, the part for those who joined; the rest is for those assessed below what is needed.
JOINERS_PART = 0.8
JOINED, BELOW = "joined", "below-needed"


@dataclass(frozen=True, eq=False)
class Summary:
    """What was read: deals by member and month, assessments by skill and member, and who is where."""

    deals: Deals
    levels: Mapping[str, Mapping[str, Level]]
    staff: Staff


@dataclass(frozen=True)
class Look:
    """One group of people at one stage, against the others of their unit."""

    kind: str
    unit: str | None
    stage: str
    skill: str
    people: tuple[str, ...]
    others: tuple[str, ...]
    weakness: Difference
    shortfall: Difference
    n: int


def summarise(case: Case) -> Summary | tuple[Missing, ...]:
    """Read deals by member and the assessments: two scans."""
    lacking = _lacking(case)
    if lacking:
        return lacking
    return Summary(by_month(case), levels_of(case), staff_of(case))


def judge(case: Case, summary: Summary | tuple[Missing, ...]) -> LensFinding:
    """Do those convert worse at a stage whose skill for that stage is low?

    Notes
    -----
    Groups are chosen without looking at the result: who joined since the baseline and is assessed lower than
    the others of the team in the skill of a stage (Welch over the variance of all, corrected for teams and
    stages); and all who are assessed below what is needed. Only for these the conversion at that stage is
    compared with that of the others of their unit in the same twelve months, corrected for the groups. Its
    error counts chance and, by the method of moments, what other people differ by anyway, so that a person
    counts as one. A stage's skill is the one that bears its name. p is the larger of both, as both must hold.

    Source: Berger (1982), Multiparameter hypothesis testing and acceptance sampling (intersection-union);
    Kleinman (1973), JASA 68; Efron and Morris (1975), JASA 70 (the shrunk rates of the chart).
    """
    if isinstance(summary, tuple):
        return LensFinding("skills", "cannot-tell", missing=summary)
    pairs = _pairs(summary)
    if not pairs:
        return LensFinding("skills", "cannot-tell", missing=(_no_skill(summary),))
    looks, of_screen = _looks(case, summary, pairs)
    spread = _spread_checks(case, summary, pairs)
    if looks is None:
        return LensFinding("skills", "cannot-tell", checks=spread, missing=(_few_people(),))
    if not looks:
        return LensFinding(
            "skills", "not-supported", p=1.0, checks=spread, charts=_charts(case, summary, pairs[0][0])
        )
    kinds = {kind: sum(look.kind == kind for look in looks) for kind in (JOINED, BELOW)}
    scored = [(_p(look, kinds=kinds, screened=of_screen), look) for look in looks]
    # Of those found, a team's newcomers say more than a list of people.
    p, worst = min(
        scored,
        key=lambda each: (
            each[1].kind == BELOW if each[0] <= case.alpha else True,
            round(each[0], 12),
            str(each[1].unit),
            each[1].stage,
        ),
    )
    is_supported = p <= case.alpha
    elsewhere = _elsewhere(summary, worst, case)
    return LensFinding(
        lens="skills",
        verdict="supported" if is_supported else "not-supported",
        effect=worst.shortfall.value,
        low=worst.shortfall.low,
        high=worst.shortfall.high,
        unit="percentage-points",
        n=worst.n,
        p=p,
        **(_share(case, summary, worst) if is_supported else {}),
        before=True if worst.kind == JOINED else None,
        place=Place(
            {} if worst.unit is None else {"team": worst.unit},
            is_present=is_supported or None,
            is_absent=None if elsewhere is None else elsewhere.verdict == "holds",
        ),
        facts=(_fact(worst),),
        charts=_charts(case, summary, worst.stage),
        checks=(*_checks(worst, case), *([elsewhere] if elsewhere else []), *spread),
    )


def _lacking(case: Case) -> tuple[Missing, ...]:
    lacking = []
    if not has_deals(case.tables) or "owner" not in case.tables["opportunities"].columns:
        lacking.append(Missing("opportunities", ("owner", "outcome", "closed_on"), "lens.no-table"))
    elif case.stages == (WHOLE,):
        lacking.append(
            Missing("stage_changes", ("opportunity_id", "changed_at", "to_stage"), "lens.no-table")
        )
    if "skill_assessments" not in case.tables:
        columns = ("person", "skill", "assessed_on", "level", "needed")
        lacking.append(Missing("skill_assessments", columns, "lens.no-table"))
    if not staff_of(case).is_known:
        lacking.append(Missing("memberships", ("person", "team", "valid_from"), "lens.no-table"))
    return tuple(lacking)


def _pairs(summary: Summary) -> list[tuple[str, str]]:
    """Each stage with the skill that bears its name, or has it in its name."""
    found = []
    for stage in summary.deals.stages:
        for skill in sorted(summary.levels):
            one, other = stage.strip().lower(), skill.strip().lower()
            if one in other or other in one:
                found.append((stage, skill))
                break
    return found


def _no_skill(summary: Summary) -> Missing:
    params = {"stages": list(summary.deals.stages), "skills": sorted(summary.levels)}
    return Missing("skill_assessments", ("skill",), "lens.no-skill-of-stage", params)


def _few_people() -> Missing:
    params = {"of": "people-assessed-and-selling", "needed": 2 * FEWEST_PEOPLE}
    return Missing("skill_assessments", ("person", "level"), "lens.too-few", params)


def _year(case: Case, deals: Deals) -> Mask:
    """The months of the twelve up to the end of the period in which it is known where the lost ones ended."""
    start = case.period.end - timedelta(days=366)
    known = deals.known_share() >= 0.8
    return np.array([month.start >= start for month in deals.periods]) & known


def _members(case: Case, summary: Summary, stage: str) -> dict[str, tuple[float, float]]:
    """Passed and tried by member over the year; months after the period are not in it."""
    months = _year(case, summary.deals)
    passed, tried = (
        summary.deals.by("member", each[months]).sum(axis=0) for each in summary.deals.tries(stage)
    )
    values = summary.deals.coded["member"][1]
    return {
        value: (float(passed[place]), float(tried[place]))
        for place, value in enumerate(values)
        if value is not None and tried[place] > 0
    }


def _looks(case: Case, summary: Summary, pairs: list[tuple[str, str]]) -> tuple[list[Look] | None, int]:
    """The groups whose skill is low, and how many were screened for it; None where nobody can be compared."""
    teams = summary.staff.team_on(case.period.end - timedelta(days=1))
    since = min(case.baseline.end, case.period.start)
    joined = {member for member, day in summary.staff.joined().items() if day >= since}
    asked = case.teams_asked
    units = sorted({team for team in teams.values() if asked is None or team in asked})
    looks, screened, could = [], 0, False
    for stage, skill in pairs:
        counts, levels = _members(case, summary, stage), summary.levels[skill]
        able = [
            m for m in sorted(counts) if m in levels and m in teams and (asked is None or teams[m] in asked)
        ]
        could = could or len(able) >= 2 * FEWEST_PEOPLE
        spread = _spread_of([levels[member].held for member in able])
        for unit in [None, *units] if len(units) > 1 else units:
            here = [member for member in able if unit is None or teams[member] == unit]
            new, old = [m for m in here if m in joined], [m for m in here if m not in joined]
            if unit is not None and min(len(new), len(old)) >= FEWEST_PEOPLE:
                weakness = _weakness(new, old, levels, spread)
                screened += 1
                looks += _look(JOINED, unit, stage, skill, new, old, weakness, counts, teams)
        low = [member for member in able if levels[member].held < levels[member].needed]
        rest = [member for member in able if member not in low]
        if min(len(low), len(rest)) >= FEWEST_PEOPLE:
            unit = units[0] if len(units) == 1 else None
            weakness = _weakness(low, rest, levels, spread)
            looks += _look(BELOW, unit, stage, skill, low, rest, weakness, counts, teams)
    kept = [
        look
        for look in looks
        if look.kind == BELOW or look.weakness.p(sign=-1) * max(screened, 1) <= case.alpha
    ]
    return (kept if could else None), screened


def _spread_of(levels: list[float]) -> float:
    return max(float(np.std(levels, ddof=1)), 0.3) if len(levels) > 2 else 1.0


def _weakness(one: list[str], two: list[str], levels: Mapping[str, Level], spread: float) -> Difference:
    """How much lower one group is assessed than the other."""
    means = [math.fsum(levels[member].held for member in group) / len(group) for group in (one, two)]
    return estimate(means[0] - means[1], spread * math.sqrt(1 / len(one) + 1 / len(two)))


def _look(
    kind: str,
    unit: str | None,
    stage: str,
    skill: str,
    one: list[str],
    two: list[str],
    weakness: Difference,
    counts: Mapping[str, tuple[float, float]],
    teams: Mapping[str, str],
) -> list[Look]:
    shortfall = compared(counts, one, two, teams)
    if shortfall is None:
        return []
    n = int(sum(counts[member][1] for member in one))
    return [Look(kind, unit, stage, skill, tuple(one), tuple(two), weakness, shortfall, n)]


def _p(look: Look, *, kinds: Mapping[str, int], screened: int) -> float:
    part = JOINERS_PART if look.kind == JOINED else 1 - JOINERS_PART
    of_result = look.shortfall.p(sign=-1) * kinds[look.kind] / part
    of_skill = look.weakness.p(sign=-1) * max(screened, 1) if look.kind == JOINED else 0.0
    return min(1.0, max(of_result, of_skill))


def _elsewhere(summary: Summary, look: Look, case: Case) -> Check | None:
    """Are the same people as good as the others at the other stages?"""
    found = []
    teams = summary.staff.team_on(case.period.end - timedelta(days=1))
    for stage in summary.deals.stages:
        if stage != look.stage:
            difference = compared(_members(case, summary, stage), list(look.people), list(look.others), teams)
            if difference is not None:
                found.append((difference.p(sign=-1), stage, difference))
    if not found:
        return None
    p, stage, difference = min(found, key=lambda each: (round(each[0], 12), each[1]))
    verdict = holds(p * len(found) > case.alpha)
    params = {"stage": stage}
    bounds = (difference.value, difference.low, difference.high)
    return Check("skills.other-stages-alike", verdict, *bounds, "percentage-points", None, p, params)


def _checks(look: Look, case: Case) -> tuple[Check, ...]:
    weak, short = look.weakness, look.shortfall
    params = {"stage": look.stage, "skill": look.skill, "group": look.kind, "people": len(look.people)}
    p_weak, p_short = weak.p(sign=-1), short.p(sign=-1)
    return (
        Check(
            "skills.assessed-lower",
            holds(p_weak <= case.alpha),
            weak.value,
            weak.low,
            weak.high,
            "levels",
            len(look.people),
            p_weak,
            params,
        ),
        Check(
            "skills.converts-lower",
            holds(p_short <= case.alpha),
            short.value,
            short.low,
            short.high,
            "percentage-points",
            look.n,
            p_short,
            params,
        ),
    )


def _spread_checks(case: Case, summary: Summary, pairs: list[tuple[str, str]]) -> tuple[Check, ...]:
    """Do people differ at the stage more than chance lets them?"""
    found = []
    for stage, _ in pairs:
        counts = _counts(_members(case, summary, stage))
        if len(counts) > 2:
            variance, p = between_variance(counts[:, 0], counts[:, 1])
            verdict = holds(p <= case.alpha)
            params = {"stage": stage}
            found.append(
                Check(
                    "skills.people-differ",
                    verdict,
                    math.sqrt(variance),
                    unit="percentage-points",
                    n=len(counts),
                    p=p,
                    params=params,
                )
            )
    return tuple(found)


def _counts(members: Mapping[str, tuple[float, float]]) -> Floats:
    kept = [each for _, each in sorted(members.items()) if each[1] >= FEWEST]
    return np.array(kept).reshape(-1, 2)


def _share(case: Case, summary: Summary, look: Look) -> dict[str, Any]:
    """What the shortfall of these people took off the win rate of the period, less that of the baseline."""
    deals = summary.deals
    periods = [
        np.array([month.start >= each.start and month.end <= each.end for month in deals.periods])
        for each in (case.period, case.baseline)
    ]
    if not all(months.any() for months in periods) or set(case.where) - {"team"}:
        return {"share_code": "share.no-algebra"}
    inside = (
        deals.mask({"team": case.where["team"]})
        if "team" in case.where
        else np.ones(deals.closed.shape[1], bool)
    )
    theirs = deals.mask({"member": list(look.people)})
    later = 1.0
    for stage in deals.stages[deals.stages.index(look.stage) + 1 :]:
        passed, tried = (each[periods[0]][:, theirs].sum() for each in deals.tries(stage))
        later *= passed / tried if tried else 0.0
    _, tried = deals.tries(look.stage)
    part = [
        float(tried[months][:, theirs & inside].sum() / max(deals.closed[months][:, inside].sum(), 1.0))
        for months in periods
    ]
    worth = (part[0] - (part[1] if look.kind == BELOW else 0.0)) * later
    short = look.shortfall
    return case.rate_share((short.value * worth, short.low * worth, short.high * worth))


def _fact(look: Look) -> Fact:
    return Fact(
        "skills.group",
        {
            "group": look.kind,
            "team": look.unit,
            "stage": look.stage,
            "skill": look.skill,
            "people": list(look.people),
            "levels": look.weakness.value,
            "shortfall": look.shortfall.value,
        },
    )


def _charts(case: Case, summary: Summary, stage: str) -> tuple[Series, ...]:
    """Each member's rate, shrunk towards the common one by how little is known of them."""
    members = _members(case, summary, stage)
    counts = _counts(members)
    if not len(counts):
        return ()
    apart, _ = between_variance(counts[:, 0], counts[:, 1])
    rate = float(counts[:, 0].sum() / counts[:, 1].sum())
    prior = rate * (1 - rate) / apart - 1 if apart > 0 else 1e6
    prior = max(prior, 1.0)
    skill = dict(_pairs(summary)).get(stage)
    levels = summary.levels.get(skill, {}) if skill else {}
    rows = []
    for member, (won, tried) in sorted(members.items()):
        if tried >= FEWEST:
            middle = (won + prior * rate) / (tried + prior)
            half = 1.96 * math.sqrt(middle * (1 - middle) / (tried + prior + 1))
            level = levels[member].held if member in levels else None
            rows.append(
                {
                    "label": member,
                    "y": middle,
                    "low": middle - half,
                    "high": middle + half,
                    "n": int(tried),
                    "level": level,
                }
            )
    return (Series("dots", "skills.conversion-by-member", tuple(rows)),)
