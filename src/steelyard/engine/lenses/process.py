"""Process: waiting or rework rose before one step, whoever does it."""

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from steelyard.engine.lenses.case import Case
from steelyard.engine.lenses.chance import (
    Difference,
    Moments,
    estimate,
    mean_contrast,
    rate_change,
    rate_contrast,
)
from steelyard.engine.lenses.findings import Check, Fact, LensFinding, Missing, Place, Series, holds
from steelyard.engine.lenses.waits import (
    BASELINE,
    BEFORE,
    NEEDED,
    NOW,
    Mask,
    Waits,
    read_waits,
    steps_of_work,
)

FEWEST, FEWEST_USUAL, FEWEST_PERFORMED = 5, 10, 3
WAIT, REWORK = "wait", "rework"


@dataclass(frozen=True)
class Look:
    """One step in one segment: how much longer it waited (or how much oftener it was taken again).

    `change` is in logarithms of hours (or a share), `effect` in hours (or a share).
    """

    kind: str
    step: str
    dimension: str | None
    value: str | None
    change: Difference
    effect: Difference
    p: float
    n: int


@dataclass(frozen=True)
class AfterWait:
    """Opportunities that waited long before the step, and the others: lost, closed."""

    long: tuple[int, int]
    short: tuple[int, int]


def summarise(case: Case) -> Waits | Missing:
    """Read the waits by step, segment and performer: two scans of the log."""
    if "work_events" not in case.tables:
        return Missing("work_events", (*NEEDED, "started_at", "performer", "opportunity_id"), "lens.no-table")
    lacking = tuple(name for name in NEEDED if name not in case.tables["work_events"].columns)
    if lacking:
        return Missing("work_events", lacking, "lens.no-columns")
    found = read_waits(case)
    if found is None:
        params = {"of": "work-events", "found": 0, "needed": FEWEST + FEWEST_USUAL}
        return Missing("work_events", NEEDED, "lens.too-few", params)
    return found


def judge(case: Case, summary: Waits | Missing) -> LensFinding:
    """Did work wait longer, or was it taken up again oftener, before one step?

    Notes
    -----
    Every step is looked at as a whole against the baseline, and in every segment (columns of the case, team
    of who opened it) against the twelve months up to the baseline's end; a segment must be longer than before
    and have grown more than the others did. Waits are compared as logarithms, with the spread of the step
    over all segments, weekends left out. p is corrected for all steps and segments, waiting and rework.
    Performers are then looked at one by one: a process fault shows whoever does it.

    Source: Welch (1947), Biometrika 34; Aitchison and Brown (1957), The lognormal distribution; Holm (1979).
    """
    if isinstance(summary, Missing):
        return LensFinding("process", "cannot-tell", missing=(summary,))
    looks = _looks(case, summary)
    if not looks:
        params = {"of": "steps-in-both-periods", "needed": FEWEST + FEWEST_USUAL}
        missing = Missing("work_events", NEEDED, "lens.too-few", params)
        return LensFinding("process", "cannot-tell", missing=(missing,))
    worst = min(
        looks,
        key=lambda look: (round(look.p, 15), look.kind, look.step, str(look.dimension), str(look.value)),
    )
    p = min(1.0, worst.p * len(looks))
    performers = _performers(summary, worst)
    is_supported = p <= case.alpha and performers.verdict != "fails"
    after = _after(case, worst) if is_supported and worst.kind == WAIT else None
    lost = None if after is None else _lost_check(after, alpha=case.alpha)
    others = tuple(
        {str(look.dimension): str(look.value)}
        for look in looks
        if (look.kind, look.step, look.dimension) == (worst.kind, worst.step, worst.dimension)
        and look.value != worst.value
        and look.p > case.alpha
    )
    return LensFinding(
        lens="process",
        verdict="supported" if is_supported else "not-supported",
        effect=worst.effect.value,
        low=worst.effect.low,
        high=worst.effect.high,
        unit="hours" if worst.kind == WAIT else "percentage-points",
        n=worst.n,
        p=p,
        **(_share(case, summary, after, lost) if is_supported else {}),
        before=_before(case, summary, worst) if is_supported else None,
        place=Place(
            _where(worst), None if lost is None else lost.verdict == "holds", _is_absent(looks, worst), others
        ),
        facts=(_fact(summary, worst),),
        charts=(_chart(summary, worst),),
        checks=(
            Check(
                "process.rose" if worst.kind == WAIT else "process.rework-rose",
                holds(p <= case.alpha),
                worst.effect.value,
                worst.effect.low,
                worst.effect.high,
                "hours" if worst.kind == WAIT else "percentage-points",
                worst.n,
                p,
                {"step": worst.step, "looks": len(looks)},
            ),
            performers,
            *([lost] if lost is not None else []),
        ),
    )


def _looks(case: Case, waits: Waits) -> list[Look]:
    asked = {name: held for name, held in case.where.items() if name in waits.coded}
    found = []
    for step in waits.steps:
        here = waits.of("step", step)
        spread = _spread(waits, here)
        has_repeats = float(waits.again[here].sum()) > 0
        for dimension, value, inside in _segments(waits, asked):
            found += _wait_look(waits, step, dimension, value, here, inside, spread)
            if has_repeats:
                found += _rework_look(waits, step, dimension, value, here, inside)
    return found


def _segments(waits: Waits, asked: dict[str, Any]) -> list[tuple[str | None, str | None, Mask]]:
    """Everything, and every value of every dimension; only the place asked for where it can be told."""
    everything = np.ones(len(waits.n), dtype=bool)
    if asked:
        name, held = next(iter(asked.items()))
        asked_for = list(held) if isinstance(held, list | tuple) else [held]
        inside = np.logical_or.reduce([waits.of(name, value) for value in asked_for])
        return [(name, str(asked_for[0]), inside)]
    listed: list[tuple[str | None, str | None, Mask]] = [(None, None, everything)]
    for name, (_, values) in waits.coded.items():
        if name not in ("step", "performer"):
            listed += [(name, value, waits.of(name, value)) for value in values if value is not None]
    return listed


def _spread(waits: Waits, here: Mask) -> float:
    """The variance of the logarithm of a wait for the step, within its windows."""
    cells = [waits.moments(here & (waits.window == window)) for window in (NOW, BASELINE, BEFORE)]
    df = sum(max(cell.n - 1, 0) for cell in cells)
    return sum(cell.variance * max(cell.n - 1, 0) for cell in cells) / df if df else 0.0


def _wait_look(
    waits: Waits, step: str, dimension: str | None, value: str | None, here: Mask, inside: Mask, spread: float
) -> list[Look]:
    now, then = waits.window == NOW, waits.window == BASELINE
    usual = then if dimension is None else then | (waits.window == BEFORE)
    masks = [here & inside & now, here & inside & usual]
    if dimension is not None:
        masks += [here & ~inside & now, here & ~inside & usual]
    cells = [waits.moments(mask) for mask in masks]
    least = (FEWEST, FEWEST if dimension is None else FEWEST_USUAL, FEWEST, FEWEST_USUAL)
    if any(cell.n < few for cell, few in zip(cells, least, strict=False)):
        return []
    own = _logs(cells[:2], (1, -1), spread)
    change = own if dimension is None else _logs(cells, (1, -1, -1, 1), spread)
    p = max(own.p(sign=1), change.p(sign=1))
    hours = mean_contrast([waits.moments(mask, in_hours=True) for mask in masks[:2]], (1, -1))
    return [Look(WAIT, step, dimension, value, change, hours, p, int(cells[0].n))]


def _logs(cells: list[Moments], signs: tuple[float, ...], spread: float) -> Difference:
    """The contrast with the step's own spread, or that of the cell where it is larger."""
    value = math.fsum(sign * cell.mean for sign, cell in zip(signs, cells, strict=True))
    variance = math.fsum(max(spread, cell.variance if cell.n >= 10 else 0.0) / cell.n for cell in cells)
    return estimate(value, math.sqrt(variance))


def _rework_look(
    waits: Waits, step: str, dimension: str | None, value: str | None, here: Mask, inside: Mask
) -> list[Look]:
    now, then = waits.window == NOW, waits.window == BASELINE
    usual = then if dimension is None else then | (waits.window == BEFORE)
    cells = [waits.repeats(here & place & when) for place in (inside, ~inside) for when in (now, usual)]
    if cells[0][1] < 2 * FEWEST or cells[1][1] < 2 * FEWEST or cells[0][0] < FEWEST:
        return []
    own = rate_change(cells[0], cells[1])
    if dimension is None:
        return [Look(REWORK, step, None, None, own, own, own.p(sign=1), int(cells[0][1]))]
    if min(cells[2][1], cells[3][1]) < 2 * FEWEST:
        return []
    apart = rate_contrast(*cells)
    return [
        Look(
            REWORK, step, dimension, value, apart, own, max(own.p(sign=1), apart.p(sign=1)), int(cells[0][1])
        )
    ]


def _inside(waits: Waits, look: Look) -> Mask:
    here = waits.of("step", look.step)
    return here if look.dimension is None else here & waits.of(look.dimension, look.value)


def _performers(waits: Waits, look: Look) -> Check:
    """Did it rise for most of those who do the step? One performer alone cannot be told from the step."""
    inside = _inside(waits, look)
    now, usual = waits.window == NOW, waits.window != NOW
    rose, known = 0, 0
    for performer in waits.coded["performer"][1]:
        own = inside & waits.of("performer", performer)
        if look.kind == WAIT:
            cells = [waits.moments(own & when) for when in (now, usual)]
            means = [cell.mean for cell in cells]
            sizes = [cell.n for cell in cells]
        else:
            counts = [waits.repeats(own & when) for when in (now, usual)]
            means, sizes = [again / of if of else 0.0 for again, of in counts], [of for _, of in counts]
        if min(sizes) >= FEWEST_PERFORMED and performer is not None:
            known += 1
            rose += means[0] > means[1]
    params = {"performers": known, "rose": rose}
    if known < 2:
        return Check("process.whoever-does-it", "cannot-tell", params=params)
    return Check(
        "process.whoever-does-it",
        holds(rose > known / 2),
        rose / known,
        n=known,
        params=params,
    )


def _is_absent(looks: list[Look], worst: Look) -> bool | None:
    """Whether most other segments of the dimension do not show it."""
    if worst.dimension is None:
        return None
    others = [
        look
        for look in looks
        if (look.kind, look.step, look.dimension) == (worst.kind, worst.step, worst.dimension)
        and look != worst
    ]
    return all(look.p > 0.05 for look in others) if others else None


def _before(case: Case, waits: Waits, look: Look) -> bool | None:
    """It was there from the first month on: what rises only within the period did not come before it."""
    table = steps_of_work(case)
    months = [case.period.start, case.period.start + timedelta(days=31)]
    day = table["_done"].cast("date")
    kept = table.filter(
        (table.step == look.step) & (day >= months[0] - timedelta(days=31)) & (day < months[1])
    )
    if look.dimension is not None and look.dimension in kept.columns:
        kept = kept.filter(kept[look.dimension] == look.value)
    mean = kept["_hours"].mean().round(6).to_pyarrow().as_py()
    usual = waits.moments(_inside(waits, look) & (waits.window != NOW), in_hours=True)
    return None if mean is None or usual.n == 0 else bool(mean > usual.mean + look.effect.value / 4)


def _after(case: Case, look: Look) -> AfterWait | None:
    """How many were lost of those that waited long before the step, and of the others, in the period."""
    deals = case.tables.get("opportunities")
    log = case.tables["work_events"]
    if deals is None or "opportunity_id" not in log.columns or "outcome" not in deals.columns:
        return None
    steps = steps_of_work(case)
    kept = steps.filter(
        (steps.step == look.step) & steps["_hours"].notnull() & steps.opportunity_id.notnull()
    )
    if look.dimension is not None and look.dimension in kept.columns:
        kept = kept.filter(kept[look.dimension] == look.value)
    waits = kept.group_by(_deal=kept.opportunity_id).agg(_waited=kept["_hours"].sum().round(6))
    closed = deals.filter(
        deals.outcome.isin(["won", "lost"])
        & (deals.closed_on.cast("date") >= case.period.start)
        & (deals.closed_on.cast("date") < case.period.end)
    ).select("opportunity_id", "outcome")
    both = closed.inner_join(waits, closed.opportunity_id == waits["_deal"])
    middle = both["_waited"].median().to_pyarrow().as_py()
    if middle is None:
        return None
    rows = both.group_by(is_long=both["_waited"] > middle).agg(
        n=both.count(), lost=(both.outcome == "lost").sum()
    )
    found = {row["is_long"]: (int(row["lost"]), int(row["n"])) for row in rows.to_pyarrow().to_pylist()}
    if set(found) != {True, False} or min(of for _, of in found.values()) < FEWEST:
        return None
    return AfterWait(found[True], found[False])


def _lost_check(after: AfterWait, *, alpha: float) -> Check:
    change = rate_change(after.long, after.short)
    p = change.p(sign=1)
    verdict = holds(p <= alpha)
    params = {
        "lost_after_long": after.long[0],
        "long": after.long[1],
        "lost": after.short[0],
        "short": after.short[1],
    }
    bounds = (change.value, change.low, change.high)
    return Check(
        "process.lost-after-waiting", verdict, *bounds, "percentage-points", sum(after.long), p, params
    )


def _share(case: Case, waits: Waits, after: AfterWait | None, lost: Check | None) -> dict[str, Any]:
    """What deals lost after long waits, beyond those lost after short ones, took off the win rate."""
    if case.rate_weight is None:
        return {"share_code": "share.no-algebra"}
    if after is None or set(case.where) - set(waits.coded):
        return {"share_code": "share.not-linked"}
    if lost is not None and lost.verdict == "fails":
        return {"share_code": "share.not-lost-more"}
    change = rate_change(after.long, after.short)
    closed = case.closed_in_period
    if not closed:
        return {"share_code": "share.no-algebra"}
    part = after.long[1] / closed
    return case.rate_share((-change.value * part, -change.high * part, -change.low * part))


def _where(look: Look) -> dict[str, str]:
    where = {"step": look.step}
    if look.dimension is not None:
        where[look.dimension] = str(look.value)
    return where


def _fact(waits: Waits, look: Look) -> Fact:
    inside = _inside(waits, look)
    if look.kind == REWORK:
        again, of = waits.repeats(inside & (waits.window == NOW))
        again_then, of_then = waits.repeats(inside & (waits.window != NOW))
        params = {"now": again / of if of else None, "then": again_then / of_then if of_then else None}
    else:
        now, usual = (
            waits.moments(inside & when, in_hours=True) for when in (waits.window == NOW, waits.window != NOW)
        )
        params = {"now": now.mean, "then": usual.mean}
    return Fact(f"process.{look.kind}", {**_where(look), **params, "n": look.n})


def _chart(waits: Waits, look: Look) -> Series:
    rows = []
    for step in waits.steps:
        inside = waits.of("step", step)
        if look.dimension is not None:
            inside &= waits.of(look.dimension, look.value)
        now, usual = (
            waits.moments(inside & when, in_hours=True) for when in (waits.window == NOW, waits.window != NOW)
        )
        rows.append({"label": step, "now": now.mean, "then": usual.mean, "n": int(now.n)})
    return Series("bars", "process.hours-waited", tuple(rows))
