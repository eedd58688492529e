"""Morale: engagement fell, and before the result did."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from steelyard.engine.kpi import available
from steelyard.engine.kpi import judge as values_of
from steelyard.engine.kpi import summarise as figures
from steelyard.engine.kpi.derived.survey import survey_answers
from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import Difference, estimate, rate_change
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.funnel import by_month
from steelyard.engine.lenses.people import staff_of
from steelyard.engine.lenses.stages import WHOLE, has_deals
from steelyard.engine.lenses.units import COMPANY, Fall, falls_of, share_of, units_of
from steelyard.engine.periods import Period

# How long before the period a wave still speaks of it, and where the waves end that say what was usual.
RECENT, EARLIER, YEAR = timedelta(days=100), timedelta(days=185), timedelta(days=400)
# Without enough waves to measure it: answers of one person go together.
USUAL_EXCESS, FEWEST_WAVES = 3.0, 8
QUARTER = timedelta(days=92)


@dataclass(frozen=True)
class Wave:
    """A team's answers to all questions of one wave: favourable, of."""

    team: str
    held_on: date
    good: float
    of: float


@dataclass(frozen=True, eq=False)
class Summary:
    """What was read: the waves by team, and activities per head now and before, where they are known."""

    waves: tuple[Wave, ...]
    activities: Mapping[str, tuple[float, float, int, int]]


@dataclass(frozen=True)
class Look:
    """One unit: how favourable answers changed, and how its results did."""

    unit: str | None
    change: Difference
    early: Difference | None
    p: float
    n: int
    is_older: bool = False
    """Whether the waves before the recent ones were as low: then the result may have fallen sooner, too."""


def summarise(case: Case) -> Summary | tuple[Missing, ...]:
    """Read the answers by team and wave, and the activities per head: two scans."""
    lacking = _lacking(case)
    if lacking:
        return lacking
    return Summary(_waves(case), _activities(case))


def judge(case: Case, summary: Summary | tuple[Missing, ...]) -> LensFinding:
    """Did answers become less favourable where the result fell, and did they so before it?

    Notes
    -----
    In each unit the favourable share of the last waves is compared with that of the year before; waves held
    less than half a year before the period are not counted as before. Answers of one person go together: the
    variance is that of independent answers times what the waves of all teams vary beyond it. Corrected for
    the units. Where it fell, the win rate must have fallen, too, and more than in other units (corrected for
    the units where it did); at least one of the waves must have been held before the period. p is the larger
    of both.

    Source: Newcombe (1998), Statistics in Medicine 17; Berger (1982), intersection-union tests;
    Wedderburn (1974), Biometrika 61 (quasi-likelihood).
    """
    if isinstance(summary, tuple):
        return LensFinding("morale", "cannot-tell", missing=summary)
    known = {wave.team for wave in summary.waves}
    units = [unit for unit in units_of(case, by_month(case)) if unit is COMPANY or unit in known]
    excess = _excess(summary.waves, before=case.period.start - RECENT)
    looks = [look for unit in units if (look := _look(case, summary, unit, excess=excess)) is not None]
    if not looks:
        return LensFinding("morale", "cannot-tell", missing=(_few_waves(summary),))
    fallen = [look for look in looks if min(1.0, look.p * len(looks)) <= case.alpha]
    # What fell in a team fell a little in the company, too.
    fallen = [look for look in fallen if look.unit is not COMPANY] or fallen
    scored = []
    for look in fallen or looks:
        fall = next(iter(falls_of(case, look.unit, [WHOLE], since=_since(case, look))), None)
        of_result = 1.0 if fall is None else fall.p * max(len(fallen), 1)
        scored.append((min(1.0, max(look.p * len(looks), of_result)), look, fall))
    p, worst, fall = min(scored, key=lambda each: (round(each[0], 12), each[1].unit or ""))
    came_before = worst.early is not None and worst.early.value < 0
    is_supported = p <= case.alpha and came_before
    return LensFinding(
        lens="morale",
        verdict="supported" if is_supported else "not-supported",
        effect=worst.change.value,
        low=worst.change.low,
        high=worst.change.high,
        unit="percentage-points",
        n=worst.n,
        p=p,
        **(share_of(case, fall) if is_supported else {}),
        before=came_before if worst.early is not None else None,
        place=_place(worst, looks, fall, case),
        facts=_facts(case, summary, worst),
        charts=(_chart(summary, worst),),
        checks=_checks(case, summary, worst, fall, looks=len(looks)),
    )


def _lacking(case: Case) -> tuple[Missing, ...]:
    lacking = []
    if "survey_scores" not in case.tables:
        columns = ("wave", "team", "question", "answers", "favourable")
        lacking.append(Missing("survey_scores", columns, "lens.no-table"))
    if not has_deals(case.tables):
        lacking.append(Missing("opportunities", ("owner", "outcome", "closed_on"), "lens.no-table"))
    return tuple(lacking)


def _waves(case: Case) -> tuple[Wave, ...]:
    table = survey_answers(case.tables, case.people).table
    known = table.filter(table.team.notnull() & table.held_on.notnull() & (table.held_on < case.period.end))
    grouped = known.group_by(team=known.team, held_on=known.held_on).agg(
        good=known.favourable.cast("float64").sum(), of=known.answers.cast("float64").sum()
    )
    rows = grouped.to_pyarrow().to_pylist()
    ordered = sorted(rows, key=lambda row: (row["team"], row["held_on"]))
    return tuple(Wave(row["team"], row["held_on"], row["good"], row["of"]) for row in ordered)


def _excess(waves: tuple[Wave, ...], *, before: date) -> float:
    """How much more the waves of a team vary than independent answers would, at least 1."""
    square, df = 0.0, 0
    for team in sorted({wave.team for wave in waves}):
        own = [wave for wave in waves if wave.team == team and wave.held_on < before]
        good, of = math.fsum(wave.good for wave in own), math.fsum(wave.of for wave in own)
        if len(own) < 2 or not 0 < good < of:
            continue
        rate = good / of
        square += math.fsum((wave.good - wave.of * rate) ** 2 / (wave.of * rate * (1 - rate)) for wave in own)
        df += len(own) - 1
    return max(1.0, square / df) if df >= FEWEST_WAVES else USUAL_EXCESS


def _look(case: Case, summary: Summary, unit: str | None, *, excess: float) -> Look | None:
    start = case.period.start
    own = [wave for wave in summary.waves if unit is COMPANY or wave.team == unit]
    recent = [wave for wave in own if wave.held_on >= start - RECENT]
    early = [wave for wave in recent if wave.held_on < start]
    usual = [wave for wave in own if start - EARLIER - YEAR <= wave.held_on < start - EARLIER]
    if not recent or not usual:
        return None
    change = _change(recent, usual, excess=excess)
    before = _change(early, usual, excess=excess) if early else None
    n = round(math.fsum(wave.of for wave in recent))
    older = [wave for wave in own if start - EARLIER <= wave.held_on < start - RECENT]
    is_older = bool(older) and _change(older, usual, excess=excess).p(sign=-1) <= case.alpha
    return Look(unit, change, before, change.p(sign=-1), n, is_older)


def _since(case: Case, look: Look) -> Period | None:
    """The period with the quarter before it, where answers were low already then."""
    if not look.is_older or case.period.start - QUARTER < case.baseline.end:
        return None
    start = Period.containing(case.period.start - QUARTER + timedelta(days=15), grain="month").start
    return Period(start, case.period.end, "range", "since")


def _change(recent: list[Wave], usual: list[Wave], *, excess: float) -> Difference:
    sides = [
        (math.fsum(wave.good for wave in each) / excess, math.fsum(wave.of for wave in each) / excess)
        for each in (recent, usual)
    ]
    return rate_change(sides[0], sides[1])


def _few_waves(summary: Summary) -> Missing:
    found = len({wave.held_on for wave in summary.waves})
    params = {"of": "survey-waves", "found": found, "needed": 2}
    return Missing("survey_scores", ("wave", "team", "held_on"), "lens.too-few", params)


def _activities(case: Case) -> dict[str, tuple[float, float, int, int]]:
    """Team → activities per head in the period and in the baseline, and how many there were."""
    known, _ = available(case.tables, ["activities_per_head"], definitions=case.definitions)
    if not known or not case.people.is_known:
        return {}
    rows = values_of(
        figures(
            case.tables,
            "activities_per_head",
            periods=[case.period, case.baseline],
            by=["team"],
            **case.options,
        )
    )
    found: dict[str, list[tuple[float, int]]] = {}
    for row in rows:
        if row.by["team"] is not None and row.value is not None:
            found.setdefault(row.by["team"], []).append((float(row.value), int(row.numerator or 0)))
    return {team: (one[0], two[0], one[1], two[1]) for team, (one, two) in _pairs(found)}


def _pairs(
    found: Mapping[str, list[tuple[float, int]]],
) -> list[tuple[str, tuple[tuple[float, int], tuple[float, int]]]]:
    return [(team, (sides[0], sides[1])) for team, sides in sorted(found.items()) if len(sides) == 2]


def _place(worst: Look, looks: list[Look], fall: Fall | None, case: Case) -> Place:
    where = {} if worst.unit is COMPANY else {"team": worst.unit}
    others = [look for look in looks if look.unit not in (COMPANY, worst.unit)]
    elsewhere = tuple(
        {"team": look.unit} for look in others if look.unit and look.p * len(looks) > case.alpha
    )
    is_absent = None if not others or worst.unit is COMPANY else len(elsewhere) == len(others)
    is_present = None if fall is None else fall.p <= case.alpha
    return Place({k: str(v) for k, v in where.items()}, is_present, is_absent, elsewhere)


def _facts(case: Case, summary: Summary, look: Look) -> tuple[Fact, ...]:
    facts = [Fact("morale.change", {"team": look.unit, "change": look.change.value, "answers": look.n})]
    staff = staff_of(case)
    if look.unit is not COMPANY and staff.is_known:
        start = case.period.start - timedelta(days=183)
        left = staff.leavers(look.unit, start, case.period.end)
        facts.append(Fact("morale.left", {"team": look.unit, "left": left, "since": start.isoformat()}))
    return tuple(facts)


def _chart(summary: Summary, look: Look) -> Series:
    rows = []
    days = sorted({wave.held_on for wave in summary.waves})
    for name, is_own in (("unit", True), ("others", False)):
        if look.unit is COMPANY and not is_own:
            continue
        for day in days:
            kept = [
                wave
                for wave in summary.waves
                if wave.held_on == day and (look.unit is COMPANY or (wave.team == look.unit) == is_own)
            ]
            of = math.fsum(wave.of for wave in kept)
            if of:
                share = math.fsum(wave.good for wave in kept) / of
                rows.append({"x": day.isoformat(), "y": share, "series": name, "n": int(of)})
    return Series("line", "morale.favourable", tuple(rows))


def _checks(case: Case, summary: Summary, look: Look, fall: Fall | None, *, looks: int) -> tuple[Check, ...]:
    p = min(1.0, look.p * looks)
    bounds = (look.change.value, look.change.low, look.change.high)
    checks = [Check("morale.fell", holds(p <= case.alpha), *bounds, "percentage-points", look.n, p)]
    if look.early is None:
        checks.append(Check("morale.came-before", "cannot-tell"))
    else:
        early = look.early
        verdict = holds(early.value < 0)
        checks.append(
            Check(
                "morale.came-before",
                verdict,
                early.value,
                early.low,
                early.high,
                "percentage-points",
                p=early.p(sign=-1),
            )
        )
    if fall is not None:
        change = fall.change
        verdict = holds(fall.p <= case.alpha)
        checks.append(
            Check(
                "morale.result-fell-there",
                verdict,
                change.value,
                change.low,
                change.high,
                "percentage-points",
                fall.n,
                fall.p,
            )
        )
    if look.unit in summary.activities:
        checks.append(_activity_check(*summary.activities[str(look.unit)]))
    return tuple(checks)


def _activity_check(now: float, then: float, n: int, n_then: int) -> Check:
    """Were there fewer activities per head than in the baseline? Counts taken as Poisson."""
    if not (now and then and n and n_then):
        return Check("morale.activity-fell", "cannot-tell", n=n)
    change = estimate(math.log(now / then), math.sqrt(1 / n + 1 / n_then))
    low, high = math.expm1(change.low), math.expm1(change.high)
    p = change.p(sign=-1)
    verdict = holds(p <= 0.05)
    return Check("morale.activity-fell", verdict, math.expm1(change.value), low, high, "share", n, p)
