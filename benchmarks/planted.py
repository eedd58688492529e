"""Are the planted causes found where they were planted, and is it silent where they were not?

    .venv/bin/python benchmarks/planted.py [--seeds 20] [--strengths 1 0.5 0]

For each seed and strength a company is written, its opportunities go through the lake, and won
revenue of the last quarter is diagnosed against the year before. Counted for each strength:

- driver: win rate is the driver with the largest loss, and its interval leaves out zero;
- segment: the planted segment is named exactly (a hit), or among those named (a part of it);
- elsewhere: a segment is named that shares no record with the planted one (a false alarm);
- since: the month of change of the named segment, in months from the planted one.

At strength 0 any named segment is a false alarm, and any driver beyond its noise is one too.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis.expr.types as ir

from steelyard.engine.diagnosis import Diagnosis, diagnose
from steelyard.lake.imports.apply import apply
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import keep_original
from steelyard.lake.imports.plan import plan
from steelyard.lake.imports.stage import stage
from steelyard.lake.store import Lake
from steelyard.sample import tables_of, write_company
from steelyard.sample.causes import choose_causes


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--seeds", type=int, default=20)
    arguments.add_argument("--strengths", type=float, nargs="+", default=[1.0, 0.5, 0.0])
    asked = arguments.parse_args()
    print("strength  driver  segment  overlapping  elsewhere  silent  months off (median, of found)")
    for strength in asked.strengths:
        rows = [judged(seed, strength) for seed in range(asked.seeds)]
        print(summary(strength, rows), flush=True)


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
    with company(seed, strength) as tables:
        found = diagnose(tables, "won_revenue", period="2025-Q4", against="year-ago")
    named = [dict(segment.where) for segment in found.segments]
    return {
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


@contextmanager
def company(seed: int, strength: float) -> Iterator[dict[str, ir.Table]]:
    """The company's opportunities, out of a lake of their own."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        write_company(home / "files", seed=seed, strength=strength, planted=strength > 0)
        lake = Lake(home / "lake")
        versions: dict[str, int] = {}
        for table, path, mapping in tables_of(home / "files"):
            if table == "opportunities":
                original = keep_original(path, lake.root)
                staged = stage([original], ImportMapping.load(mapping), lake=lake, import_id=table)
                versions |= apply(plan(staged, lake, versions), lake, table)
        with lake.open(versions) as facts:
            yield dict(facts.tables)


if __name__ == "__main__":
    main()
