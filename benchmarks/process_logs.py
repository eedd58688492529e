"""A made-up event log of any size: requests that are written, checked, sent back, approved and paid.

python process_logs.py FILE.parquet EVENTS SEED
"""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

STEPS = (
    "Write request",
    "Submit request",
    "Check budget",
    "Ask for detail",
    "Add detail",
    "Team lead approves",
    "Department approves",
    "Finance approves",
    "Legal reads",
    "Change contract",
    "General manager approves",
    "Order goods",
    "Receive goods",
    "Complain",
    "Receive invoice",
    "Match invoice",
    "Pay",
    "Close",
)
# From a step to the next ones, in parts of a hundred; what is missing to a hundred ends the case.
NEXT = {
    0: {1: 97},
    1: {2: 80, 5: 18},
    2: {5: 70, 3: 25, 17: 3},
    3: {4: 92},
    4: {2: 60, 5: 38},
    5: {6: 60, 7: 25, 1: 10},
    6: {7: 75, 10: 15, 1: 5},
    7: {8: 45, 11: 45, 3: 5},
    8: {9: 30, 11: 60, 10: 5},
    9: {8: 95},
    10: {11: 90, 1: 5},
    11: {12: 85, 14: 10},
    12: {14: 80, 13: 12, 12: 5},
    13: {12: 90},
    14: {15: 98},
    15: {16: 85, 14: 8},
    16: {17: 92},
    17: {},
}
START = np.datetime64("2023-01-02T00:00:00", "us").astype(np.int64)
YEARS_US = 2 * 365 * 86_400 * 1_000_000


def write_log(path: Path, *, events: int, seed: int) -> None:
    """Write so many events, in the order in which they happened, under PM4Py's column names."""
    case, step, time = _events(events, np.random.default_rng(seed))
    order = np.argsort(time, kind="stable")[:events]
    cases = pa.array([f"REQ-{number:08d}" for number in range(int(case.max()) + 1)])
    table = pa.table(
        {
            "case:concept:name": cases.take(pa.array(case[order])),
            "concept:name": pa.array(STEPS).take(pa.array(step[order])),
            "time:timestamp": pa.array(time[order]).cast(pa.timestamp("us", "UTC")),
        }
    )
    pq.write_table(table, path)


def _events(events: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Case, step and time of at least so many events, cases one step further in each round."""
    reach = np.ones((len(STEPS), len(STEPS) + 1))
    for step, ways in NEXT.items():
        parts = [ways.get(other, 0) / 100 for other in range(len(STEPS))]
        reach[step, :-1] = np.cumsum(parts)
    cases = events // 8
    case, step = np.arange(cases, dtype=np.int32), np.zeros(cases, np.int8)
    time = START + random.integers(0, YEARS_US, cases)
    rows: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    while len(case):
        rows.append((case, step, time))
        following = (random.random(len(step))[:, None] > reach[step]).sum(axis=1)
        on = following < len(STEPS)
        case, step = case[on], following[on].astype(np.int8)
        waits = random.lognormal(10 + step % 3, 1.2, len(step)) * 1_000_000
        time = time[on] + waits.astype(np.int64)
    found = tuple(np.concatenate(parts) for parts in zip(*rows, strict=True))
    if len(found[0]) < events:
        raise SystemExit(f"{len(found[0]):,} events are too few for {events:,}")
    return found


if __name__ == "__main__":
    write_log(Path(sys.argv[1]), events=int(sys.argv[2]), seed=int(sys.argv[3]))
