"""Localisation against its aims: F1, first answers, CPU seconds, false alarms, a million leaves.

    python benchmarks/localise.py [--sets B0,S,L,RS] [--generated 100] [--null 500] [--skip-large]

Reads rca/{B0,S,L,RS}.tar.xz of the shared data (STEELYARD_SHARED_DATA, ../shared/data beside the repository).
A predicted combination counts only where it equals a true one exactly; F1 is micro over all cases of a set.
"""

import argparse
import csv
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
from localise_cases import NULL_KINDS, L, S, Where, planted
from localise_null import RATIO, SUM, false_alarms

from steelyard.engine.localise import Localisation, localise
from steelyard.engine.localise.table import leaves_of

SHARED = Path(os.environ.get("STEELYARD_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
PEERS = {
    "B0": "RiskLoc 0.962, 0.44 s    aim F1 >= 0.97, <= 0.015 s",
    "S": "RiskLoc 0.757, 5.96 s    aim F1 >= 0.80, <= 0.20 s",
    "L": "RiskLoc 0.655, 1.26 s    aim F1 >= 0.75, <= 0.042 s",
    "RS": "RobustSpot 0.559, tops 0.563 0.652, 0.77 s    aim F1 >= 0.70, top-1 >= 0.70, top-3 >= 0.85",
}
WIDTHS = (4, 6, 6, 6, 6, 8, 6, 6)
Case = tuple[pa.Table, list[Where]]


@dataclass
class Score:
    """Counts over the cases of one set."""

    cases: int = 0
    hits: int = 0
    extra: int = 0
    missed: int = 0
    first: int = 0
    first_whole: int = 0
    first_three: int = 0
    uneven: int = 0
    seconds: float = 0.0
    plain: list[float] = field(default_factory=list)

    def add(self, answer: Localisation, truth: list[Where], seconds: float) -> None:
        named = [frozenset(segment.where.items()) for segment in answer.segments]
        true = {frozenset(where.items()) for where in truth}
        hits = len(true & set(named))
        self.cases += 1
        self.hits += hits
        self.extra += len(set(named)) - hits
        self.missed += len(true) - hits
        self.first += bool(named) and named[0] in true
        self.first_whole += set(named[:1]) == true
        self.first_three += true <= set(named[:3])
        self.uneven += not adds_up(answer)
        self.seconds += seconds

    def line(self, name: str) -> str:
        f1 = 2 * self.hits / max(1, 2 * self.hits + self.extra + self.missed)
        each = self.seconds / self.cases
        plain = float(np.median(self.plain))
        tops = (self.first / self.cases, self.first_whole / self.cases, self.first_three / self.cases)
        return (
            f"{name:<12} {self.cases:>4} {f1:>6.3f} {tops[0]:>6.3f} {tops[1]:>6.3f} {tops[2]:>6.3f} "
            f"{each:>8.4f} {each / plain:>6.1f} {self.uneven:>6}"
        )


def adds_up(answer: Localisation) -> bool:
    """Contributions and rest equal the gap to 1e-9 of the sum of their sizes."""
    terms = [segment.contribution for segment in answer.segments] + [answer.rest]
    return abs(sum(terms) - answer.gap) <= 1e-9 * max(1.0, sum(abs(term) for term in terms))


def score(cases: Iterable[Case], figures: dict[str, str]) -> Score:
    found = Score()
    for table, truth in cases:
        dimensions = [name for name in table.column_names if name not in figures.values()]
        start = time.process_time()
        answer = localise(table, dimensions=dimensions, **figures)
        found.add(answer, truth, time.process_time() - start)
        found.plain.append(plain_seconds(table, dimensions, figures))
    return found


def plain_seconds(table: pa.Table, dimensions: list[str], figures: dict[str, str]) -> float:
    """CPU seconds of one plain aggregation of two figures over every combination, codes given."""
    leaves = leaves_of(table, dimensions=dimensions, figures=figures)
    measures = list(leaves.figures.values())[:2]
    start = time.process_time()
    for level in range(1, len(dimensions) + 1):
        for dims in combinations(range(len(dimensions)), level):
            key = np.zeros(len(leaves.codes), dtype=np.int64)
            for dim in dims:
                key = key * leaves.sizes[dim] + leaves.codes[:, dim]
            if float(np.prod([float(leaves.sizes[dim]) for dim in dims])) > 4 * len(key):
                key = np.unique(key, return_inverse=True)[1]
            for measure in measures:
                np.bincount(key, measure)
    return time.process_time() - start


def planted_cases(folder: Path) -> Iterator[Case]:
    for listing in sorted(folder.rglob("injection_info.csv")):
        for row in csv.DictReader(listing.open(encoding="utf-8")):
            causes = [dict(part.split("=") for part in cause.split("&")) for cause in row["set"].split(";")]
            yield pl.read_csv(listing.parent / f"{row['timestamp']}.csv").to_arrow(), causes


def incident_cases(folder: Path) -> Iterator[Case]:
    """Each incident's minute beside the mean of the four minutes before."""
    for incident in json.loads((folder / "anomaly.json").read_text(encoding="utf-8")):
        rows = pl.read_csv(folder / f"{incident['data']}.csv")
        dimensions = [name for name in rows.columns if name not in ("min", "value", "cnt")]
        rows = rows.with_columns(*(pl.col(name).cast(pl.String) for name in dimensions))
        minute, at = pl.col("min"), incident["timestamp"]
        good = (pl.col("cnt") - pl.col("value")).sum()
        now = rows.filter(minute == at).group_by(dimensions).agg(an=good, ad=pl.col("cnt").sum())
        before = rows.filter((minute < at) & (minute >= at - 240)).group_by(dimensions)
        usual = before.agg(en=good / 4, ed=pl.col("cnt").sum() / 4)
        both = now.join(usual, on=dimensions, how="full", coalesce=True).fill_null(0)
        causes = incident["cause"] if isinstance(incident["cause"], list) else [incident["cause"]]
        yield both.to_arrow(), [{name: str(value) for name, value in cause.items()} for cause in causes]


def million_leaves() -> pa.Table:
    """A million leaves over six dimensions, one planted cause, rows shuffled."""
    rng = np.random.default_rng(3)
    codes = np.indices([10] * 6).reshape(6, -1)
    base = rng.weibull(0.7, codes.shape[1]) * 100
    real = np.maximum(base * (1 + rng.normal(0, 0.1, len(base))), 0)
    real[(codes[1] == 2) & (codes[3] == 1)] *= 0.8
    labels = np.array([f"v{i}" for i in range(10)])
    columns = {f"d{axis}": labels[row] for axis, row in enumerate(codes)}
    table = pa.table({**columns, "real": real, "predict": base})
    return table.take(pa.array(rng.permutation(len(base))))


def print_sets(names: list[str], generated: int) -> None:
    heads = ("n", "F1", "top-1", "whole", "top-3", "CPU s", "x", "uneven")
    print(f"{'set':<12}", *(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    print("(top-1: a true cause first; whole: the first answer is the whole truth; x: times a plain lattice)")
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(SHARED / "rca" / f"{name}.tar.xz") as archive:
                archive.extractall(folder, filter="data")
            cases = incident_cases if name == "RS" else planted_cases
            print(score(cases(Path(folder) / name), RATIO if name == "RS" else SUM).line(name))
        print(f"{'':<12} {PEERS[name]}")
    for name, recipe, seed in (("S", S, 2024), ("L", L, 2025)):
        if name in names and generated:
            print(score(planted(recipe, cases=generated, seed=seed), SUM).line(f"{name} generated"))


def print_false_alarms(cases: int) -> None:
    named = tried = 0
    for kind in NULL_KINDS:
        tables, alarms = false_alarms(kind, cases=cases, seed=77)
        tried, named = tried + tables["all"], named + alarms["all"]
        print(f"false alarms, {kind}: {alarms['all'] / tables['all']:.1%} of {tables['all']} (aim <= 10 %)")
    print(f"false alarms in all: {named / tried:.1%} of {tried} at a nominal 5 % (aim <= 7 %)")


def print_large() -> None:
    table = million_leaves()
    dimensions = [name for name in table.column_names if name.startswith("d")]
    wall, cpu = time.perf_counter(), time.process_time()
    answer = localise(table, dimensions=dimensions, **SUM)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    plain = plain_seconds(table, dimensions, SUM)
    where = [segment.where for segment in answer.segments]
    print(
        f"1,000,000 leaves: {cpu:.2f} CPU s, {wall:.2f} s, {cpu / plain:.1f} x plain; found {where} (aim 2 s)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", default="B0,S,L,RS")
    parser.add_argument("--generated", type=int, default=100)
    parser.add_argument("--null", type=int, default=500)
    parser.add_argument("--skip-large", action="store_true")
    options = parser.parse_args()
    print_sets([name for name in options.sets.split(",") if name], options.generated)
    if options.null:
        print_false_alarms(options.null)
    if not options.skip_large:
        print_large()


if __name__ == "__main__":
    main()
