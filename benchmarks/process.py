"""Our process maps beside PM4Py's: the same figures on every log, and what both sides take.

    python benchmarks/process.py [--pm4py PYTHON] [--skip-scale] [--events 1000000,10000000] [--json]

PM4Py is AGPL: it runs in an environment of its own, by the Python that `--pm4py` names or else in one made
for the run with venv and pip, and never in ours. Both sides read a file and give the directly-follows graph
with counts, median, mean, p90 and total of the waits, the starts, the ends and the variants; each run is a
process of its own, and its CPU seconds and peak memory are all that it took from its start, imports
included. PM4Py is given its quickest way to them (see process_pm4py.py). The made-up logs are written once,
as Parquet under PM4Py's column names, in the order of time; both sides read the same file.

The waits are PM4Py's: next start minus this finish. Where a log has starts and steps of a case overlap, PM4Py
with its `start_timestamp_key` counts such a wait as 0, and so do we; its short form without that key gives
negative ones.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from process_figures import WAITS, summary

HERE = Path(__file__).parent
ROOT = HERE.parent
SHARED = Path(os.environ.get("STEELYARD_SHARED_DATA", ROOT.parent / "shared" / "data")) / "process"
PACKAGES = ["pm4py==2.7.23.*", "pyarrow"]
SPANS = {"case": "case_id", "activity": "Activity", "finished": "end_time", "started": "start_time"}
SMALL = SPANS | {"activity": "activity"}
# Logs whose columns are not those of XES or PM4Py, and so are named to both sides.
COLUMNS = {
    "bpa_Production.csv.gz": SPANS,
    "bpa_Production_expected_WTs.csv.gz": SPANS,
    "wta_manual_log_1.csv.gz": SPANS,
    "wta_manual_log_2.csv.gz": SPANS,
    "wta_manual_log_3.csv.gz": SPANS,
    "bpic2012_W_intervals.csv.gz": SMALL,
    "procure_to_pay_sim.csv.gz": SMALL,
    "procure_to_pay_sim_3_timers.csv.gz": SMALL,
    "sepsis_bupar.csv.gz": {"case": "Case ID", "activity": "Activity", "finished": "Complete Timestamp"},
    "sample.csv": {"case": "case_id", "activity": "activity", "finished": "finished_at"},
}
AIMS = {"bpic2012.xes.gz": 1.5, 1_000_000: 1.8, 10_000_000: 2.5}
# The waiting-time-analysis tool splits this many instances a CPU second.
PEER_RATE = 37
ROUNDS = 5


@dataclass(frozen=True)
class Run:
    """What one process found and took."""

    found: dict[str, Any]
    cpu: float
    peak: float


def run(python: str, script: str, file: Path, *extra: str) -> Run:
    """Run one side on one file."""
    with tempfile.TemporaryDirectory() as folder:
        out, said = Path(folder) / "out.json", Path(folder) / "said.txt"
        with said.open("w") as talk:
            command = [python, str(HERE / script), str(file), str(out), *extra]
            process = subprocess.Popen(command, stdout=talk, stderr=talk)
            _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{script} failed on {file.name}: {said.read_text('utf-8')[-2000:]}")
        found = json.loads(out.read_text("utf-8"))
    return Run(found, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def both(pm4py: str, file: Path) -> tuple[Run, Run]:
    """PM4Py's run and ours."""
    named = ",".join(f"{ours}={theirs}" for ours, theirs in COLUMNS.get(file.name, {}).items())
    extra = ("--columns", named) if named else ()
    return run(pm4py, "process_pm4py.py", file, *extra), run(sys.executable, "process_ours.py", file, *extra)


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """What is not the same: counts to one, waits to 1e-9 of them and a microsecond."""
    for name in ("cases", "events", "starts", "ends"):
        if theirs[name] != ours[name]:
            yield name
    ways = [{tuple(way["path"]): way["count"] for way in side["variants"]} for side in (theirs, ours)]
    if ways[0] != ways[1]:
        yield "variants"
    edges = [{(edge["from"], edge["to"]): edge for edge in side["edges"]} for side in (theirs, ours)]
    if edges[0].keys() != edges[1].keys():
        yield "edges"
    for ends in edges[0].keys() & edges[1].keys():
        if edges[0][ends]["count"] != edges[1][ends]["count"]:
            yield f"count of {ends}"
        for figure in WAITS:
            one, other = (side[ends][figure] for side in edges)
            if abs(one - other) > 1e-9 * max(abs(one), abs(other)) + 1e-6:
                yield f"{figure} of {ends}: {one} and {other}"


def sample(folder: Path) -> Path:
    """The log of four lines that the reference shows."""
    text = (ROOT / "docs" / "reference" / "process.md").read_text("utf-8")
    found = re.search(r"```csv\n(.*?)```", text, flags=re.DOTALL)
    assert found
    path = folder / "sample.csv"
    path.write_text(found[1], encoding="utf-8")
    return path


def logs() -> list[Path]:
    """Every event log of the shared data."""
    tables = ("_expected.csv.gz", "_expected_handoff.csv.gz")
    return [path for path in sorted(SHARED.glob("*.gz")) if not path.name.endswith(tables)]


def compare_figures(pm4py: str, folder: Path) -> list[dict[str, Any]]:
    """One row a log: how large it is, and how many figures differ."""
    rows: list[dict[str, Any]] = []
    print(f"{'log':<40} {'cases':>7} {'events':>8} {'edges':>6} {'variants':>8}  figures that differ")
    for path in [sample(folder), *logs()]:
        theirs, ours = both(pm4py, path)
        apart = list(differences(theirs.found, ours.found))
        sizes = [ours.found["cases"], ours.found["events"]]
        sizes += [len(ours.found["edges"]), len(ours.found["variants"])]
        rows.append({"log": path.name, "sizes": sizes, "apart": apart, "pm4py": summary(theirs.found)})
        print(
            f"{path.name:<40} {sizes[0]:>7} {sizes[1]:>8} {sizes[2]:>6} {sizes[3]:>8}  "
            f"{len(apart) or 'none'} {'; '.join(apart[:2])}",
            flush=True,
        )
    return rows


def compare_times(pm4py: str, folder: Path, sizes: list[int]) -> list[dict[str, Any]]:
    """One row a log: CPU seconds and peak memory of both sides."""
    rows: list[dict[str, Any]] = []
    print(
        f"\n{'log':<24} {'PM4Py s':>8} {'ours s':>8} {'ratio':>6} {'aim':>5} {'PM4Py MB':>9} {'ours MB':>8}"
    )
    files: list[tuple[int | str, Path]] = []
    if SHARED.exists():
        files.append(("bpic2012.xes.gz", SHARED / "bpic2012.xes.gz"))
    for events in sizes:
        path = folder / f"{events}.parquet"
        # By a process of its own: a child's peak counts what its parent holds when it is born.
        maker = [sys.executable, str(HERE / "process_logs.py"), str(path), str(events), "7"]
        subprocess.run(maker, check=True)
        files.append((events, path))
    for name, path in files:
        theirs, ours = both(pm4py, path)
        apart = list(differences(theirs.found, ours.found))
        ratio = theirs.cpu / ours.cpu
        label = name if isinstance(name, str) else f"{name:,} events"
        rows.append(
            {"log": label, "pm4py_s": theirs.cpu, "ours_s": ours.cpu, "ratio": ratio}
            | {"pm4py_mb": theirs.peak, "ours_mb": ours.peak, "apart": apart}
        )
        print(
            f"{label:<24} {theirs.cpu:>8.2f} {ours.cpu:>8.2f} {ratio:>6.2f} {AIMS.get(name, 0):>5} "
            f"{theirs.peak:>9.0f} {ours.peak:>8.0f}  {len(apart) or 'none'} differ",
            flush=True,
        )
    grown = [row for row in rows if row["log"].endswith("events")]
    if len(grown) > 1:
        growth = grown[-1]["ours_s"] / grown[0]["ours_s"]
        print(f"ours takes {growth:.2f} times as long for {sizes[-1] / sizes[0]:g} times the events")
    return rows


def time_waiting() -> dict[str, Any] | None:
    """How many events of the production log have their waits split into causes in a CPU second."""
    path = SHARED / "wta_Production.csv.gz"
    if not path.exists():
        return None
    from steelyard.engine.process import log_of
    from steelyard.engine.process.waiting import waiting_causes
    from steelyard.lake.event_logs import read_event_log

    log = log_of(read_event_log(path))
    began = time.process_time()
    for _ in range(ROUNDS):
        waiting_causes(log)
    rate = len(log) * ROUNDS / (time.process_time() - began)
    times = f"{rate / PEER_RATE:,.0f} times the peer's {PEER_RATE}"
    print(f"\nwaiting causes: {rate:,.0f} events a CPU second, {times}")
    return {"events_per_s": rate, "ratio": rate / PEER_RATE}


def environment(folder: Path) -> str:
    """An environment with PM4Py, made for this run."""
    subprocess.run([sys.executable, "-m", "venv", str(folder / "pm4py")], check=True)
    python = folder / "pm4py" / "bin" / "python"
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return str(python)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "--pm4py", help="A Python with PM4Py and pyarrow; made with venv and pip if left out."
    )
    parser.add_argument("--events", default="1000000,10000000", help="Sizes of the made-up logs.")
    parser.add_argument("--skip-figures", action="store_true")
    parser.add_argument("--skip-scale", action="store_true")
    parser.add_argument("--json", action="store_true", help="The rows as JSON, last.")
    parser.add_argument("--write", type=Path, help="Keep what PM4Py found in the shared logs, for the tests.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pm4py = options.pm4py or environment(folder)
        figures = [] if options.skip_figures else compare_figures(pm4py, folder)
        sizes = [int(size) for size in options.events.split(",")]
        times = [] if options.skip_scale else compare_times(pm4py, folder, sizes)
        waiting = time_waiting()
    if options.write:
        kept = {row["log"]: [COLUMNS.get(row["log"], {}), row["pm4py"]] for row in figures[1:]}
        lines = (f"{json.dumps(name)}: {json.dumps(kept[name], ensure_ascii=False)}" for name in sorted(kept))
        options.write.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    if options.json:
        print(json.dumps({"figures": figures, "times": times, "waiting": waiting}))


if __name__ == "__main__":
    main()
