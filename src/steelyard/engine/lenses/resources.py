"""Resources: load, budget, coverage or tools fell short, and answers or conversion with them."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import ibis.expr.types as ir

from steelyard.engine.kpi import available
from steelyard.engine.kpi import judge as values_of
from steelyard.engine.kpi import summarise as figures
from steelyard.engine.kpi.relations import day_of
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, Moments, estimate, mean_contrast
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.funnel import by_month
from steelyard.engine.lenses.people import Staff, staff_of
from steelyard.engine.lenses.stages import has_deals
from steelyard.engine.lenses.units import COMPANY, Fall, falls_of, known_steps, share_of, units_of

# A load per head this much above that of the baseline is worth a look, and one above that of the others.
HEAVIER, FEWEST = 0.10, 20
HOUR = 3600.0


@dataclass(frozen=True, eq=False)
class Summary:
    """What was read.

    `work`: team → opportunities that came in (period, baseline). `contacts`: team → hours to the first
    contact, as logarithms (period, usual). `checks`: what is known of budget, tools and coverage.
    """

    work: Mapping[str, tuple[int, int]]
    contacts: Mapping[str | None, tuple[Moments, Moments]]
    staff: Staff
    checks: tuple[Check, ...]
    missing: tuple[Missing, ...]


@dataclass(frozen=True)
class Load:
    """Work per head of a unit in the period and in the baseline; `change` and `apart` are logarithms."""

    unit: str | None
    now: float
    then: float
    heads: tuple[float, float]
    change: Difference
    p: float
    n: int


@dataclass(frozen=True)
class Answer:
    """How much slower the first contact became in a unit than elsewhere (logarithm of hours)."""

    unit: str | None
    change: Difference
    p: float
    n: int


def summarise(case: Case) -> Summary | tuple[Missing, ...]:
    """Read work and first contacts by team, and the small tables of budget, tools and coverage."""
    lacking = _lacking(case)
    if lacking:
        return lacking
    budget, tools, coverage = _budget(case), _tools(case), _coverage(case)
    checks = tuple(each for each in (budget, tools, coverage) if isinstance(each, Check))
    contacts = _contacts(case)
    missing = [each for each in (budget, tools, coverage) if isinstance(each, Missing)]
    if not contacts:
        missing.append(Missing("leads", ("created_on", "first_contact_at", "owner"), "lens.no-columns"))
    return Summary(_work(case), contacts, staff_of(case), checks, tuple(missing))


def judge(case: Case, summary: Summary | tuple[Missing, ...]) -> LensFinding:
    """Is there more work per head where answers come later or fewer convert?

    Notes
    -----
    A unit is exposed where opportunities that came in per head (average headcount from memberships) rose by a
    tenth and more, surely (Poisson, corrected for the units). Only there it is asked whether the first
    contact of leads came later (Welch on the logarithm of hours) or a stage converted less than before and
    than elsewhere; corrected for the units exposed and what was asked of each. p is the larger of both.
    Budget, tools and coverage are checks of their own beside it and do not decide.

    Source: Berger (1982), intersection-union tests; Welch (1947), Biometrika 34.
    """
    if isinstance(summary, tuple):
        return LensFinding("resources", "cannot-tell", missing=summary)
    units = units_of(case, by_month(case))
    loads = [load for unit in units if (load := _load(case, summary, unit)) is not None]
    if not loads:
        params = {"of": "opportunities-per-team", "needed": FEWEST}
        missing = Missing("opportunities", ("owner", "created_on"), "lens.too-few", params)
        return LensFinding("resources", "cannot-tell", checks=summary.checks, missing=(missing,))
    exposed = [
        load for load in loads if load.p * len(loads) <= case.alpha and load.now >= (1 + HEAVIER) * load.then
    ]
    exposed = [load for load in exposed if load.unit is not COMPANY] or exposed
    scored = [
        _scored(case, summary, load, looks=len(loads), exposed=max(len(exposed), 1))
        for load in exposed or loads
    ]
    p, worst, answer, fall = min(scored, key=lambda each: (round(each[0], 12), each[1].unit or ""))
    is_supported = bool(exposed) and p <= case.alpha
    return LensFinding(
        lens="resources",
        verdict="supported" if is_supported else "not-supported",
        effect=math.expm1(worst.change.value),
        low=math.expm1(worst.change.low),
        high=math.expm1(worst.change.high),
        unit="share",
        n=worst.n,
        p=p if exposed else 1.0,
        **(share_of(case, fall) if is_supported else {}),
        place=_place(case, worst, loads, fall),
        facts=_facts(worst, answer),
        charts=(_chart(loads),),
        checks=(*_checks(case, worst, answer, fall, looks=len(loads)), *summary.checks),
        missing=summary.missing,
    )


def _lacking(case: Case) -> tuple[Missing, ...]:
    lacking = []
    if not has_deals(case.tables) or not {"owner", "created_on"} <= set(case.tables["opportunities"].columns):
        columns = ("owner", "created_on", "outcome", "closed_on")
        lacking.append(Missing("opportunities", columns, "lens.no-table"))
    if not staff_of(case).is_known:
        lacking.append(Missing("memberships", ("person", "team", "valid_from"), "lens.no-table"))
    return tuple(lacking)


def _work(case: Case) -> dict[str, tuple[int, int]]:
    rows = values_of(
        figures(
            case.tables,
            "opportunities",
            periods=[case.period, case.baseline],
            by=["team"],
            people=case.people,
        )
    )
    found: dict[str, list[int]] = {}
    for row in rows:
        if row.by["team"] is not None:
            found.setdefault(row.by["team"], [0, 0])[row.period != case.period] += row.n
    return {team: (now, then) for team, (now, then) in sorted(found.items())}


def _contacts(case: Case) -> dict[str | None, tuple[Moments, Moments]]:
    """Hours from a lead to its first contact by the owner's team on the day the lead came."""
    leads = case.tables.get("leads")
    if leads is None or not {"owner", "created_on", "first_contact_at"} <= set(leads.columns):
        return {}
    came = leads.created_at if "created_at" in leads.columns else leads.created_on.cast("timestamp")
    hours = (leads.first_contact_at.cast("timestamp").epoch_seconds() - came.epoch_seconds()) / HOUR
    rows = leads.mutate(_day=day_of(leads.created_on), _alias=leads.owner.strip().lower(), _hours=hours)
    rows = rows.filter(
        (rows["_hours"] >= 0) & (rows["_day"] >= case.usual.start) & (rows["_day"] < case.period.end)
    )
    spans = case.people.table().select("alias", "valid_from", "valid_to", "team")
    day = rows["_day"]
    joined = rows.inner_join(
        spans, [rows["_alias"] == spans["alias"], day >= spans.valid_from, day < spans.valid_to]
    )
    value = (joined["_hours"] + 1).log()
    joined = joined.mutate(
        _x=value, _is_now=joined["_day"] >= case.period.start, _is_usual=joined["_day"] < case.usual.end
    )
    kept = joined.filter(joined["_is_now"] | joined["_is_usual"])
    grouped = kept.group_by(team=kept.team, is_now=kept["_is_now"]).agg(
        n=kept.count(), total=kept["_x"].sum(), squares=(kept["_x"] * kept["_x"]).sum()
    )
    return _moments(grouped)


def _moments(grouped: ir.Table) -> dict[str | None, tuple[Moments, Moments]]:
    cells: dict[str | None, dict[bool, Moments]] = {}
    sums: dict[bool, list[float]] = {True: [0.0, 0.0, 0.0], False: [0.0, 0.0, 0.0]}
    for row in sorted(grouped.to_pyarrow().to_pylist(), key=lambda row: (str(row["team"]), row["is_now"])):
        parts = (float(row["n"]), round(row["total"], 9), round(row["squares"], 9))
        cells.setdefault(row["team"], {})[row["is_now"]] = Moments.of(*parts)
        sums[row["is_now"]] = [one + two for one, two in zip(sums[row["is_now"]], parts, strict=True)]
    cells[COMPANY] = {is_now: Moments.of(*parts) for is_now, parts in sums.items()}
    return {team: (each[True], each[False]) for team, each in cells.items() if len(each) == 2}


def _load(case: Case, summary: Summary, unit: str | None) -> Load | None:
    teams = list(summary.work) if unit is COMPANY else [unit]
    counts = [sum(summary.work[team][side] for team in teams if team in summary.work) for side in (0, 1)]
    heads = [
        math.fsum(summary.staff.heads(str(team), period) for team in teams)
        for period in (case.period, case.baseline)
    ]
    if min(counts) < FEWEST or min(heads) < 0.5:
        return None
    each = [count / head for count, head in zip(counts, heads, strict=True)]
    change = estimate(math.log(each[0] / each[1]), math.sqrt(1 / counts[0] + 1 / counts[1]))
    return Load(unit, each[0], each[1], (heads[0], heads[1]), change, change.p(sign=1), counts[0])


def _answer(summary: Summary, unit: str | None) -> Answer | None:
    if unit not in summary.contacts:
        return None
    own, cells = summary.contacts[unit], [*summary.contacts[unit]]
    signs: tuple[float, ...] = (1, -1)
    rest = [_without(summary.contacts[COMPANY][side], own[side]) for side in (0, 1)]
    if unit is not COMPANY and min(cell.n for cell in rest) >= FEWEST:
        cells, signs = [*cells, *rest], (1, -1, -1, 1)
    if min(cell.n for cell in cells) < 5:
        return None
    change = mean_contrast(cells, signs)
    p = change.p(sign=1) if own[0].mean > own[1].mean else 1.0
    return Answer(unit, change, p, int(own[0].n))


def _without(whole: Moments, part: Moments) -> Moments:
    """The moments of the rest."""
    n = whole.n - part.n
    if n < 2:
        return Moments(n, 0.0, 0.0)
    total = whole.n * whole.mean - part.n * part.mean
    squares = sum(
        sign * ((each.n - 1) * each.variance + each.n * each.mean**2)
        for sign, each in ((1, whole), (-1, part))
    )
    return Moments.of(n, total, squares)


def _scored(
    case: Case, summary: Summary, load: Load, *, looks: int, exposed: int
) -> tuple[float, Load, Answer | None, Fall | None]:
    answer = _answer(summary, load.unit)
    falls = falls_of(case, load.unit, known_steps(case))
    fall = min(falls, key=lambda each: (round(each.p, 12), each.step), default=None)
    asked = len(falls) + (answer is not None)
    results = [each.p for each in (answer, fall) if each is not None]
    of_result = min(results, default=1.0) * asked * exposed
    return min(1.0, max(load.p * looks, of_result)), load, answer, fall


def _place(case: Case, worst: Load, loads: list[Load], fall: Fall | None) -> Place:
    if worst.unit is COMPANY:
        return Place({}, None if fall is None else fall.p <= case.alpha)
    others = [load for load in loads if load.unit not in (COMPANY, worst.unit)]
    elsewhere = tuple({"team": str(load.unit)} for load in others if load.change.value < math.log1p(HEAVIER))
    is_absent = len(elsewhere) == len(others) if others else None
    return Place({"team": worst.unit}, None if fall is None else fall.p <= case.alpha, is_absent, elsewhere)


def _facts(load: Load, answer: Answer | None) -> tuple[Fact, ...]:
    params = {
        "team": load.unit,
        "now": load.now,
        "then": load.then,
        "heads": load.heads[0],
        "heads_then": load.heads[1],
    }
    facts = [Fact("resources.load", params)]
    if answer is not None:
        times = math.exp(answer.change.value)
        facts.append(Fact("resources.first-contact", {"team": load.unit, "times": times, "n": answer.n}))
    return tuple(facts)


def _chart(loads: list[Load]) -> Series:
    rows = tuple(
        {"label": load.unit, "now": load.now, "then": load.then} for load in loads if load.unit is not COMPANY
    )
    return Series("bars", "resources.load-per-head", rows)


def _checks(
    case: Case, load: Load, answer: Answer | None, fall: Fall | None, *, looks: int
) -> tuple[Check, ...]:
    is_heavier = load.p * looks <= case.alpha and load.now >= (1 + HEAVIER) * load.then
    checks = [
        Check("resources.load-rose", holds(is_heavier), *_grown(load.change), "share", load.n, load.p),
    ]
    if answer is not None:
        is_later = answer.p <= case.alpha
        grown = _grown(answer.change)
        checks.append(Check("resources.answers-later", holds(is_later), *grown, "share", answer.n, answer.p))
    if fall is not None:
        change = fall.change
        verdict = holds(fall.p <= case.alpha)
        bounds = (change.value, change.low, change.high)
        params = {"step": fall.step}
        checks.append(
            Check("resources.converts-less", verdict, *bounds, "percentage-points", fall.n, fall.p, params)
        )
    return tuple(checks)


def _grown(change: Difference) -> tuple[float, float, float]:
    return math.expm1(change.value), math.expm1(change.low), math.expm1(change.high)


def _budget(case: Case) -> Check | Missing:
    """Was less spent, and did fewer leads come?"""
    known, _ = available(case.tables, ["spend", "leads"], definitions=case.definitions)
    if len(known) < 2:
        return Missing("campaign_days", ("campaign_id", "day", "spend"), "lens.no-table")
    rows = values_of(
        figures(case.tables, ["spend", "leads"], periods=[case.period, case.baseline], **case.options)
    )
    now, then, leads, leads_then = (float(row.exact or 0) for row in rows)
    if not (now and then and leads and leads_then):
        return Check("resources.budget", "cannot-tell")
    came = estimate(math.log(leads / leads_then), math.sqrt(1 / leads + 1 / leads_then))
    is_short = now < (1 - 2 * HEAVIER) * then and came.p(sign=-1) <= 0.05
    params = {"leads": leads, "leads_then": leads_then, "spend": now, "spend_then": then}
    return Check("resources.budget", holds(is_short), now / then - 1, unit="share", params=params)


def _tools(case: Case) -> Check | Missing:
    """Are tools used by fewer than before?"""
    known, _ = available(case.tables, ["tool_adoption"], definitions=case.definitions)
    if not known:
        return Missing("tool_use", ("tool", "person", "day"), "lens.no-table")
    rows = values_of(
        figures(case.tables, "tool_adoption", periods=[case.period, case.baseline], **case.options)
    )
    now, then = (row.value for row in rows)
    if now is None or then is None or not rows[1].n:
        return Check("resources.tools", "cannot-tell")
    change = float(now) - float(then)
    return Check("resources.tools", holds(change < -HEAVIER), change, unit="percentage-points")


def _coverage(case: Case) -> Check | Missing:
    """Are there customers whose owner is no longer there?"""
    accounts = case.tables.get("accounts")
    if accounts is None or "owner" not in accounts.columns:
        return Missing("accounts", ("account_id", "owner"), "lens.no-columns")
    rows = (
        accounts.group_by(alias=accounts.owner.strip().lower())
        .agg(n=accounts.count())
        .to_pyarrow()
        .to_pylist()
    )
    staff = staff_of(case)
    here = staff.team_on(case.period.end - timedelta(days=1))
    whole = sum(row["n"] for row in rows)
    bare = sum(row["n"] for row in rows if staff.aliases.get(row["alias"] or "") not in here)
    share = bare / whole if whole else 0.0
    params = {"accounts": whole, "uncovered": bare}
    return Check(
        "resources.coverage",
        holds(share > HEAVIER),
        share,
        unit="share",
        n=whole,
        params=params,
    )
