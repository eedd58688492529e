"""Are the planted causes found where they were planted, and is it silent where they were not?

    .venv/bin/python benchmarks/planted.py [--seeds 20] [--null-seeds 100] [--strengths 1 0.5 0] [--jobs 2]
        [--only drivers lenses nothing approvals] [--json FILE]

Every company is written and goes through the import into a lake of its own. Three tables:

1. Drivers and segments. For each seed and strength the standard causes are planted, and won revenue of the
   last quarter is diagnosed against the year before.
   - driver: win rate is the driver with the largest loss, and its interval leaves out zero;
   - segment: the planted segment is named exactly (a hit), or among those named (a part of it);
   - elsewhere: a segment is named that shares no record with the planted one (a false alarm);
   - since: the month of change of the named segment, in months from the planted one.
   At strength 0 any named segment is a false alarm, and any driver beyond its noise is one too.

2. Lenses. For each of the seven, companies in which its cause alone is planted. The gap is won revenue
   of the whole company in 2025-Q4 against 2024-Q4; for goals that of the planted team against its target.
   - hit: supported; missed: not supported; cannot tell; at the place: a hit that names the planted place;
   - false: supported verdicts of the other six lenses.
   Then companies with nothing planted, diagnosed in both ways (the team is the one that the seed would have
   planted): supported of all verdicts, by lens; goals by its target, the other six by the year before. The
   bar is 7 %.

3. Approvals. The needless one alone planted: is it proposed to go (drop, merge, sample or delegate) with its
   cost, and are the two needed ones kept? And with nothing planted: is anything proposed to go?
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from planted_company import OPPORTUNITIES, company
from planted_lenses import approvals_of, lenses_of, nothing_of

from steelyard.engine.diagnosis import Diagnosis, diagnose
from steelyard.engine.lenses import LENSES
from steelyard.sample.causes import choose_causes

BAR = 0.07
PARTS = ("drivers", "lenses", "nothing", "approvals")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--first-seed", type=int, default=0)
    arguments.add_argument("--null-seeds", type=int, default=100)
    arguments.add_argument("--strengths", type=float, nargs="+", default=[1.0, 0.5, 0.0])
    arguments.add_argument("--jobs", type=int, default=2)
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    arguments.add_argument("--lenses", nargs="+", choices=LENSES, default=LENSES)
    arguments.add_argument("--json", type=Path, help="Also write every verdict to this file.")
    asked = arguments.parse_args()
    started, seeds = time.monotonic(), range(asked.first_seed, asked.first_seed + asked.seeds)
    nulls = range(asked.first_seed, asked.first_seed + asked.null_seeds)
    kept: dict[str, Any] = {}
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        if "drivers" in asked.only:
            kept["drivers"] = print_drivers(pool.map, asked.strengths, seeds)
        if "lenses" in asked.only:
            kept["lenses"] = print_lenses(pool.map, asked.lenses, seeds)
        if "nothing" in asked.only:
            kept["nothing"] = print_nothing(pool.map, nulls)
        if "approvals" in asked.only:
            kept["approvals"] = print_approvals(pool.map, seeds)
    if asked.json:
        asked.json.write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
    print(f"\n{time.monotonic() - started:,.0f} s, {asked.jobs} processes")


def print_drivers(each: Callable[..., Iterable[Any]], strengths: Sequence[float], seeds: range) -> Any:
    print("strength  driver  segment  overlapping  elsewhere  silent  months off (median, of found)")
    kept = {}
    for strength in strengths:
        rows = list(each(judged, seeds, [strength] * len(seeds)))
        print(summary(strength, rows), flush=True)
        kept[str(strength)] = rows
    return kept


def summary(strength: float, rows: list[dict[str, Any]]) -> str:
    def share(name: str) -> str:
        return f"{sum(row[name] for row in rows)}/{len(rows)}"

    off = sorted(row["off"] for row in rows if row["off"] is not None)
    median = off[len(off) // 2] if off else "–"
    names = ("driver", "segment", "overlapping", "elsewhere", "silent")
    return f"{strength:8}  " + "  ".join(f"{share(name):>{len(name)}}" for name in names) + f"  {median}"


def judged(seed: int, strength: float) -> dict[str, Any]:
    """What a diagnosis of one company says, held against the truth."""
    causes = choose_causes(seed, strength=1.0, planted=True)
    planted = next(cause for cause in causes if cause.kind == "win-rate")
    with company(seed, needed=OPPORTUNITIES, strength=strength, planted=strength > 0) as (_, tables):
        found = diagnose(tables, "won_revenue", period="2025-Q4", against="year-ago")
    named = [dict(segment.where) for segment in found.segments]
    return {
        "seed": seed,
        "planted": dict(planted.where),
        "named": named,
        "driver": is_win_rate_loss(found),
        "segment": dict(planted.where) in named,
        "overlapping": any(is_compatible(where, planted.where) for where in named),
        "elsewhere": any(not is_compatible(where, planted.where) for where in named),
        "silent": not named,
        "off": months_off(found, str(planted.since)),
    }


def is_win_rate_loss(found: Diagnosis) -> bool:
    worst = min(found.drivers, key=lambda driver: driver.contribution)
    return worst.kpi == "win_rate" and worst.high is not None and worst.high < 0


def is_compatible(where: dict[str, str], planted: Any) -> bool:
    """Whether some record can lie in both segments."""
    return all(where.get(dimension, value) == value for dimension, value in dict(planted).items())


def months_off(found: Diagnosis, since: str) -> int | None:
    change = found.as_json()["since"].get("segment") if found.segments else None
    if not change:
        return None
    year, month = (int(part) for part in change["period"].split("-"))
    return abs((year - int(since[:4])) * 12 + month - int(since[5:7]))


def print_lenses(each: Callable[..., Iterable[Any]], lenses: Sequence[str], seeds: range) -> Any:
    print("\nplanted for  hit  missed  cannot tell  at the place  false  (of which)", flush=True)
    kept = {}
    for lens in lenses:
        rows = kept[lens] = list(each(lenses_of, seeds, [lens] * len(seeds)))
        said = Counter(row["verdicts"][lens] for row in rows)
        false = Counter(
            other
            for row in rows
            for other, verdict in row["verdicts"].items()
            if other != lens and verdict == "supported"
        )
        at_place = sum(row["is_at_place"] for row in rows)
        of_which = ", ".join(f"{name} {count}" for name, count in false.most_common()) or "–"
        print(
            f"{lens:11} {said['supported']:>4}{said['not-supported']:>8}{said['cannot-tell']:>13}"
            f"{at_place:>14}  {false.total():>3}/{len(rows) * 6:<4} {of_which}",
            flush=True,
        )
    return kept


def print_nothing(each: Callable[..., Iterable[Any]], seeds: range) -> Any:
    rows = list(each(nothing_of, seeds))
    print(f"\nnothing planted, {len(rows)} companies: supported, cannot tell, of verdicts")
    supported = 0
    for lens in LENSES:
        said = Counter(row["verdicts"][lens] for row in rows)
        supported += said["supported"]
        print(f"{lens:11} {said['supported']:>4}{said['cannot-tell']:>6}{len(rows):>6}")
    share = supported / (len(rows) * len(LENSES))
    kept_bar = "within" if share <= BAR else "ABOVE"
    print(f"together    {supported}/{len(rows) * len(LENSES)} = {share:.1%}, {kept_bar} the bar of {BAR:.0%}")
    return rows


def print_approvals(each: Callable[..., Iterable[Any]], seeds: range) -> Any:
    print("\napprovals       needless named  with cost  needed kept  cost over the log (median)", flush=True)
    kept = {}
    for label, planted in (("planted", True), ("nothing planted", False)):
        rows = kept[label] = list(each(approvals_of, seeds, [planted] * len(seeds)))
        costs = sorted(row["cost"] for row in rows if row["cost"] is not None)
        median = f"{costs[len(costs) // 2]:,.0f}" if costs else "–"
        shares = [f"{sum(row[name] for row in rows)}/{len(rows)}" for name in ("named", "costed", "kept")]
        print(f"{label:15} {shares[0]:>14}{shares[1]:>11}{shares[2]:>13}  {median}", flush=True)
    return kept


if __name__ == "__main__":
    main()
