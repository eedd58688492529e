"""Calibration of the localisation: its constants, and how often it names a segment where nothing happened.

    python benchmarks/localise_null.py [--cases 500] [--seed 11]

Prints the tail ratios that engine/localise/noise.py keeps as constants, then the false alarms at a nominal
5 % by kind of table, by kind of noise and by size.
"""

import argparse
from collections import Counter

import numpy as np
from localise_cases import NULL_KINDS, null_tables
from scipy.stats import t as student

from steelyard.engine.localise import localise
from steelyard.engine.localise.noise import DEGREES, TAIL, TAIL_RATIOS

SUM = {"actual": "real", "expected": "predict"}
RATIO = {
    "actual_numerator": "an",
    "actual_denominator": "ad",
    "expected_numerator": "en",
    "expected_denominator": "ed",
}


def tail_ratios() -> np.ndarray:
    """|t| at TAIL over |t| at one half, by degrees of freedom."""
    return student.ppf(0.5 + TAIL / 2, DEGREES) / student.ppf(0.75, DEGREES)


def false_alarms(kind: str, *, cases: int, seed: int) -> tuple[Counter, Counter]:
    """Tables and tables with a segment named: in all, by noise, by size."""
    tables, alarms = Counter(), Counter()
    for noise, table in null_tables(kind, cases=cases, seed=seed):
        figures = RATIO if kind in ("ratio", "mean") else SUM
        dimensions = [name for name in table.column_names if name not in figures.values()]
        named = bool(localise(table, dimensions=dimensions, **figures).segments)
        for group in ("all", noise, _size(table.num_rows)):
            tables[group] += 1
            alarms[group] += named
    return tables, alarms


def _size(rows: int) -> str:
    return next(f"under {edge} leaves" for edge in (50, 200, 1000, 20_000) if rows < edge)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    print("tail ratios", ", ".join(f"{ratio:.4g}" for ratio in tail_ratios()))
    assert np.allclose(tail_ratios(), TAIL_RATIOS, atol=2e-3)
    for kind in NULL_KINDS:
        tables, alarms = false_alarms(kind, cases=options.cases, seed=options.seed)
        print(f"{kind}: {alarms['all']} of {tables['all']} = {alarms['all'] / tables['all']:.1%}")
        for group in sorted(tables.keys() - {"all"}):
            share = alarms[group] / tables[group]
            print(f"  {group:>20} {alarms[group]:>4} of {tables[group]:>4} = {share:.1%}")


if __name__ == "__main__":
    main()
