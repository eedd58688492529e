"""Totals of the next months: coverage and sharpness, accuracy beside peers, and what P(reach) is worth.

    python benchmarks/forecast.py [--half held-out|chosen-on|all] [--every 1] [--no-peers]

Reads stats/m3_monthly_long.csv.gz of the shared data (STEELYARD_SHARED_DATA, ../shared/data beside the
repository). The constants of the engine were chosen on every other series, by name; `held-out`, the default,
are the others. Each history is forecast once for the year after it. Widths and errors are means over series
of figures scaled by the series' own seasonal naive error, so that no series outweighs another; a total's is
scaled by months × that error. Targets are set by the history alone.
"""

import argparse
import csv
import gzip
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from forecast_peers import Floats, Peers, ask

from steelyard.engine.forecast import LEVELS, Outlook, outlook_of

SHARED = Path(os.environ.get("STEELYARD_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
MONTHS, SEASON = 12, 12
NOMINAL = (0.5, 0.8, 0.95)
GRID = np.array(LEVELS)
FACTORS = (0.8, 0.9, 1.0, 1.1, 1.2)
DRAWN_TARGETS = 3


@dataclass(frozen=True, eq=False)
class Case:
    """A series with its history and what came."""

    name: str
    history: Floats
    actual: Floats

    @property
    def scale(self) -> float:
        season = min(SEASON, len(self.history) - 1)
        return float(np.abs(self.history[season:] - self.history[:-season]).mean()) or 1.0


@dataclass(frozen=True, eq=False)
class Told:
    """What someone says of the total: its quantile at a level, and the chance of a target."""

    quantile: Callable[[float], float]
    chance: Callable[[float], float]


def read(half: str, every: int) -> list[Case]:
    parts: dict[str, tuple[list[float], list[float]]] = {}
    with gzip.open(SHARED / "stats" / "m3_monthly_long.csv.gz", "rt", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            at = parts.setdefault(row["series"], ([], []))
            at[row["split"] != "train"].append(float(row["value"]))
    first, step = {"chosen-on": (0, 2), "held-out": (1, 2), "all": (0, 1)}[half]
    names = sorted(parts)[first :: step * every]
    return [Case(name, *(np.array(part) for part in parts[name])) for name in names]


def by_outlook(outlook: Outlook, periods: int) -> Told:
    return Told(lambda p: outlook.quantile(p, periods), lambda target: outlook.chance(target, periods))


def by_paths(totals: Floats) -> Told:
    return Told(lambda p: float(np.quantile(totals, p)), lambda target: float((totals >= target).mean()))


def scores(told: Told, total: float, scale: float) -> list[float]:
    """Coverage at each nominal level, scaled width and interval score at 80 %, scaled CRPS."""
    quantiles = np.array([told.quantile(p) for p in LEVELS])
    ends = [(told.quantile(0.5 - p / 2), told.quantile(0.5 + p / 2)) for p in NOMINAL]
    low, high = ends[NOMINAL.index(0.8)]
    missed = max(low - total, 0) + max(total - high, 0)
    apart = total - quantiles
    weights = np.diff(np.concatenate([[0], (GRID[1:] + GRID[:-1]) / 2, [1]]))
    crps = 2 * float(weights @ np.where(apart >= 0, GRID * apart, (GRID - 1) * apart))
    relative = (high - low) / max(abs(quantiles[LEVELS.index(0.5)]), 1e-9)
    covered = [float(left <= total <= right) for left, right in ends]
    return [*covered, relative, *(each / scale for each in (high - low, high - low + 10 * missed, crps))]


def targets(case: Case, seed: int) -> list[float]:
    """Last year's total times fixed factors, and times factors drawn as wide as its years differed before."""
    last = float(case.history[-MONTHS:].sum())
    years = np.array(
        [case.history[at - MONTHS : at].sum() for at in range(len(case.history), MONTHS, -MONTHS)]
    )
    wide = float(np.clip(np.abs(np.diff(years) / last).mean(), 0.02, 0.5)) if len(years) > 1 else 0.1
    drawn = np.random.default_rng(seed).normal(0, 1.25 * wide, DRAWN_TARGETS)
    return [last * factor for factor in (*FACTORS, *(1 + drawn))]


def print_scores(title: str, rows: dict[str, list[list[float]]]) -> None:
    print(f"\n{title}")
    print(
        f"{'':24} {'50 %':>6} {'80 %':>6} {'95 %':>6} {'width':>7} {'scaled':>7} {'interval':>8} {'CRPS':>7}"
    )
    for name, each in rows.items():
        c50, c80, c95, relative, width, interval, crps = np.mean(each, axis=0)
        print(
            f"{name:24} {c50:6.3f} {c80:6.3f} {c95:6.3f} "
            f"{relative:7.3f} {width:7.3f} {interval:8.3f} {crps:7.4f}"
        )


def print_reach(title: str, pairs: dict[str, list[tuple[float, bool]]]) -> None:
    print(f"\n{title}")
    for name, found in pairs.items():
        chance, came = np.array(found, dtype=float).T
        rate = came.mean()
        print(
            f"{name:24} Brier {np.mean((chance - came) ** 2):.4f}, "
            f"of the base rate {rate * (1 - rate):.4f}, "
            f"mean chance {chance.mean():.3f}, reached {rate:.3f}, n {len(came)}"
        )
    chance, came = np.array(pairs["steelyard"], dtype=float).T
    print(f"{'  chance said':24} {'n':>6} {'mean':>6} {'came':>6}")
    for low in np.arange(0, 1, 0.1):
        inside = (chance >= low) & (chance < low + 0.1 if low < 0.85 else chance <= 1)
        if inside.any():
            print(
                f"  {low:.1f} to {low + 0.1:.1f} {'':13} {inside.sum():6} "
                f"{chance[inside].mean():6.3f} {came[inside].mean():6.3f}"
            )


def run(cases: list[Case], *, with_peers: bool) -> None:
    by_length: dict[int, list[list[float]]] = {length: [] for length in (1, 3, 6, 12)}
    totals: dict[str, list[list[float]]] = {"steelyard": []}
    errors: dict[str, list[tuple[float, float]]] = {}
    reached: dict[str, list[tuple[float, bool]]] = {"steelyard": []}
    monthly, cpu = [], []
    for place, case in enumerate(cases):
        begun = time.process_time()
        outlook = outlook_of(case.history.tolist(), horizon=MONTHS)
        cpu.append(time.process_time() - begun)
        actual = case.actual[:MONTHS]
        for length, found in by_length.items():
            found.append(scores(by_outlook(outlook, length), actual[:length].sum(), case.scale * length))
        middle = outlook.periods[:, LEVELS.index(0.5)]
        at = [LEVELS.index(p) for p in (0.1, 0.9)]
        monthly.append(np.mean((outlook.periods[:, at[0]] <= actual) & (actual <= outlook.periods[:, at[1]])))
        peers = ask(case.history, horizon=MONTHS, season=SEASON, seed=place) if with_peers else None
        for name, told in says(outlook, peers):
            totals.setdefault(name, []).append(scores(told, actual.sum(), case.scale * MONTHS))
            reached.setdefault(name, []).extend(
                (told.chance(target), actual.sum() >= target) for target in targets(case, place)
            )
        for name, months in {"steelyard": middle, **(peers.months if peers else {})}.items():
            off = abs(months.sum() - actual.sum())
            errors.setdefault(name, []).append(
                (np.abs(months - actual).mean() / case.scale, off / actual.sum())
            )
    print_scores(f"Totals of {MONTHS} months, {len(cases)} series", totals)
    print_scores("steelyard, totals of fewer months", {f"{k} months": v for k, v in by_length.items()})
    print(f"single months inside their own 80 %: {np.mean(monthly):.3f}")
    print(f"\n{'Accuracy':24} {'MASE':>7} {'total off':>10}")
    for name, each in errors.items():
        print(f"{name:24} {np.mean(each, axis=0)[0]:7.4f} {np.mean(each, axis=0)[1]:10.4f}")
    print_reach(f"P(reach), {len(FACTORS) + DRAWN_TARGETS} targets a series", reached)
    print(f"\nCPU per series: mean {np.mean(cpu) * 1e3:.1f} ms, longest {np.max(cpu) * 1e3:.1f} ms")


def says(outlook: Outlook, peers: Peers | None) -> Iterator[tuple[str, Told]]:
    yield "steelyard", by_outlook(outlook, MONTHS)
    if peers is not None:
        yield "ETS, joint paths", by_paths(peers.joint[:, -1])
        yield "ETS, independent months", by_paths(peers.independent[:, -1])


def run_cut(cases: list[Case]) -> None:
    """The same series as a younger firm has them, and in quarters: the constants must hold there, too."""
    rows: dict[str, list[list[float]]] = {}
    for case in cases:
        for count in (12, 18, 24, 36, 48, 60):
            outlook = outlook_of(case.history[-count:].tolist(), horizon=MONTHS)
            total = float(case.actual[:MONTHS].sum())
            told = by_outlook(outlook, MONTHS)
            rows.setdefault(f"last {count} months", []).append(scores(told, total, case.scale * MONTHS))
        quarters = case.history[len(case.history) % 3 :].reshape(-1, 3).sum(axis=1)
        told = by_outlook(outlook_of(quarters.tolist(), horizon=4, grain="quarter"), 4)
        rows.setdefault("quarters", []).append(scores(told, total, case.scale * MONTHS))
    print_scores("steelyard, a year's total from less", rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=("held-out", "chosen-on", "all"), default="held-out")
    parser.add_argument("--every", type=int, default=1, help="every n-th series only")
    parser.add_argument("--no-peers", action="store_true")
    asked = parser.parse_args()
    cases = read(asked.half, asked.every)
    run(cases, with_peers=not asked.no_peers)
    run_cut(cases)


if __name__ == "__main__":
    main()
