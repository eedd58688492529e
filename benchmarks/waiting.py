"""Waiting causes: agreement with the published splits, delays recovered, instances per CPU second, memory.

    python benchmarks/waiting.py [--events 100000 1000000]

Reads process/ of the shared data (STEELYARD_SHARED_DATA, ../shared/data beside the repository). Times are
CPU seconds of `waiting_causes`, with the hours inferred; the peer takes one for 37 activity instances.
"""

import argparse
import os
import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

from steelyard.engine.calendars import Calendars
from steelyard.engine.process.log import EventLog, log_of
from steelyard.engine.process.waiting import CAUSES, Waiting, waiting_causes

SHARED = Path(os.environ.get("STEELYARD_SHARED_DATA", Path(__file__).parents[1] / "../shared/data"))
PEER_SPEED = 37
STANDARD = ("case_id", "Activity", "start_time", "end_time", "Resource")
DISCO = ("case:concept:name", "Activity", "start_timestamp", "time:timestamp", "Resource")
SIMULATED = ("case_id", "activity", "start_time", "end_time", "resource")
OURS = ("case_id", "activity", "started_at", "finished_at", "performer")
HOURS = Calendars.load(
    {
        "hours": {"mon-fri": "10:00-20:00"},
        "performers": {"Marcus": {"hours": {"mon-fri": ["10:00-12:00", "12:30-20:00"]}}},
    }
)
# Seconds: total, batching, contention, prioritisation, unavailability, extraneous.
MANUAL = {
    "wta_manual_log_1": (18900, 0, 8100, 5400, 1800, 3600),
    "wta_manual_log_2": (21600, 0, 4500, 6300, 3600, 7200),
    "wta_manual_log_3": (75600, 13500, 29700, 16200, 16200, 0),
}
PRODUCTION = (1_661_623_200, 31.10, 3.50, 8.29, 49.88, 7.24)
TIMED = (
    ("wta_Production", DISCO),
    ("wta_PurchasingExample", DISCO),
    ("procure_to_pay_sim", SIMULATED),
)


def table_of(name: str, columns: tuple[str, ...]) -> pl.DataFrame:
    """A log of the shared data in our names; times without a zone are UTC."""
    text = pl.read_csv(SHARED / "process" / f"{name}.csv.gz", infer_schema=False)
    table = text.select(
        *(pl.col(theirs).alias(ours) for theirs, ours in zip(columns, OURS, strict=True)),
        *(pl.col(name).cast(pl.Float64) for name in text.columns if name == "extraneous_delay"),
    )
    has_zone = bool(table["started_at"].str.contains(r"[+-]\d\d:\d\d$").all())
    moment = pl.col("started_at", "finished_at")
    if has_zone:
        return table.with_columns(moment.str.to_datetime(time_unit="us", time_zone="UTC"))
    return table.with_columns(moment.str.to_datetime(time_unit="us").dt.replace_time_zone("UTC"))


def made_log(events: int, *, steps: int = 8) -> EventLog:
    """Three years of cases of eight steps, two of them side by side; 5,000 at random for each performer."""
    performers = max(events // 5000, 1)
    rng = np.random.default_rng(0)
    cases = events // steps
    gaps, work = (rng.exponential(mean, (cases, steps)) * 3.6e9 for mean in (6.0, 1.0))
    begun = rng.integers(0, 3 * 365 * 86_400 * 10**6, (cases, 1))
    finished = begun + np.cumsum(gaps + work, axis=1).astype(np.int64)
    activity = np.tile(np.arange(steps), (cases, 1))
    turned = rng.random(cases) < 0.3
    activity[turned, 2], activity[turned, 3] = 3, 2
    named = {
        "activity": (activity.ravel(), steps),
        "performer": (rng.integers(0, performers, cases * steps), performers),
    }
    return log_of(
        pa.table(
            {
                "case_id": pa.array(np.repeat(np.arange(cases), steps)),
                "started_at": pa.array((finished - work.astype(np.int64)).ravel().astype("datetime64[us]")),
                "finished_at": pa.array(finished.ravel().astype("datetime64[us]")),
                **{
                    name: pa.DictionaryArray.from_arrays(
                        pa.array(codes.astype(np.int32)), [f"{name} {code}" for code in range(size)]
                    )
                    for name, (codes, size) in named.items()
                },
            }
        )
    )


def seconds_by_cause(found: Waiting) -> list[float]:
    return [getattr(found, f"{cause}_s") for cause in CAUSES]


def compare_manual() -> None:
    print("manual logs, seconds: total, batching, contention, prioritisation, unavailability, extraneous")
    for name, published in MANUAL.items():
        found = waiting_causes(log_of(table_of(name, STANDARD).to_arrow()), calendars=HOURS)
        ours = tuple(round(value) for value in (found.total_s, *seconds_by_cause(found)))
        print(f"  {name}: {ours} {'equal' if ours == published else f'PUBLISHED {published}'}")


def compare_production() -> None:
    found = waiting_causes(log_of(table_of("wta_Production", DISCO).to_arrow()))
    shares = [100 * value / found.total_s for value in seconds_by_cause(found)]
    total, *published = PRODUCTION
    print(f"Production, hours inferred: total {found.total_s:.0f} s, published {total} s; per cent")
    for cause, ours, theirs in zip(CAUSES, shares, published, strict=True):
        print(f"  {cause:<16} {ours:6.2f}  published {theirs:6.2f}")
    print(f"  {'the last two':<16} {sum(shares[3:]):6.2f}  published {sum(published[3:]):6.2f}")


def compare_delays() -> None:
    print("planted delays, hours inferred: seconds planted, delay_s, extraneous_s")
    for name in ("procure_to_pay_sim", "procure_to_pay_sim_3_timers"):
        table = table_of(name, SIMULATED)
        planted: Counter[str] = Counter()
        for activity, delay in table.select("activity", "extraneous_delay").iter_rows():
            planted[activity] += delay
        found = waiting_causes(log_of(table.to_arrow()))
        print(f"  {name}: {sum(planted.values()):.0f} {found.delay_s:.0f} {found.extraneous_s:.0f}")
        for line in found.activities:
            if planted[line.activity] or line.delay_s:
                told = f"{planted[line.activity]:.0f} {line.delay_s:.0f} {line.extraneous_s:.0f}"
                print(f"    {line.activity}: {told}")


def time_logs(sizes: list[int]) -> None:
    print("instances, CPU seconds, instances per CPU second, times the peer's 37, peak MB of the process")
    logs = [(name, log_of(table_of(name, columns).to_arrow())) for name, columns in TIMED]
    waiting_causes(logs[0][1])
    for name, log in logs:
        time_one(name, log)
    for size in sizes:
        time_one("made", made_log(size))


def time_one(name: str, log: EventLog) -> None:
    begun = time.process_time()
    waiting_causes(log)
    taken = time.process_time() - begun
    speed, peak = len(log) / taken, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"  {name:<20} {len(log):>9} {taken:8.3f} {speed:9.0f} {speed / PEER_SPEED:8.0f} {peak:6}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, nargs="*", default=[100_000, 1_000_000])
    given = parser.parse_args()
    compare_manual()
    compare_production()
    compare_delays()
    time_logs(given.events)


if __name__ == "__main__":
    main()
