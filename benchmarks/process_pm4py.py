"""PM4Py's side of the comparison; run by the Python of its own environment, never imported.

    PYTHON process_pm4py.py FILE OUT.json [--form pandas|polars] [--columns case=…,activity=…,finished=…]

Reads a log, takes the frequency and performance directly-follows graph with median, mean, p90 and total,
the starts, the ends and the variants, and writes them. `both` in one go is PM4Py's quickest way to the two
graphs.
"""

import argparse
import json
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")
CASE, ACTIVITY, FINISHED, STARTED = "case:concept:name", "concept:name", "time:timestamp", "start_timestamp"


def read(path: Path, columns: dict[str, str]):
    """The file as PM4Py's own data frame."""
    import pandas as pd
    import pm4py

    if ".xes" in path.suffixes:
        return pm4py.format_dataframe(pm4py.read_xes(str(path), show_progress_bar=False))
    if path.suffix == ".parquet":
        frame = pd.read_parquet(path, columns=[CASE, ACTIVITY, FINISHED])
    else:
        with pd.io.common.get_handle(path, "r", compression="infer") as opened:
            separator = ";" if ";" in opened.handle.readline() else ","
        # pandas by itself takes the case with the name "NA" for none.
        frame = pd.read_csv(path, sep=separator, keep_default_na=False, na_values=[""])
    for name in (columns.get("finished", FINISHED), columns.get("started", STARTED)):
        if name in frame.columns and not pd.api.types.is_datetime64_any_dtype(frame[name]):
            frame[name] = pd.to_datetime(frame[name], utc=True, format="mixed")
    return pm4py.format_dataframe(
        frame,
        case_id=columns.get("case", CASE),
        activity_key=columns.get("activity", ACTIVITY),
        timestamp_key=columns.get("finished", FINISHED),
        start_timestamp_key=columns.get("started", STARTED),
    )


def p90(values):
    """The ninth decile, as numpy has it."""
    return values.quantile(0.9)


def by_pandas(path: Path, columns: dict[str, str]):
    """Counts, edges, starts, ends and variants by PM4Py's pandas functions."""
    import pm4py
    from pm4py.algo.discovery.dfg.adapters.pandas.df_statistics import get_dfg_graph

    frame = read(path, columns)
    counts, waits = get_dfg_graph(
        frame,
        measure="both",
        start_timestamp_key=STARTED if STARTED in frame.columns else None,
        perf_aggregation_key=["median", "mean", p90, "sum"],
    )
    edges = [
        {
            "from": source,
            "to": target,
            "count": int(count),
            "median_wait_s": waits["median"][source, target],
            "mean_wait_s": waits["mean"][source, target],
            "p90_wait_s": waits["p90"][source, target],
            "total_wait_s": waits["sum"][source, target],
        }
        for (source, target), count in counts.items()
    ]
    ways = pm4py.get_variants(frame)
    return {
        "cases": frame[CASE].nunique(),
        "events": len(frame),
        "edges": edges,
        "starts": pm4py.get_start_activities(frame),
        "ends": pm4py.get_end_activities(frame),
        "variants": [{"path": list(path), "count": count} for path, count in ways.items()],
    }


def by_polars(path: Path, columns: dict[str, str]):
    """The same by PM4Py's functions for polars, which cut waits to whole seconds."""
    import numpy as np
    import pm4py
    import polars as pl
    from pm4py.algo.discovery.dfg.adapters.polars.df_statistics import get_dfg_graph

    frame = pl.scan_parquet(path).select(CASE, ACTIVITY, FINISHED).collect().lazy()
    counts, waits = get_dfg_graph(frame, measure="both", perf_aggregation_key="raw_values")
    edges = []
    for (source, target), count in counts.items():
        lengths = np.array(waits[source, target])
        edges.append(
            {
                "from": source,
                "to": target,
                "count": count,
                "median_wait_s": float(np.median(lengths)),
                "mean_wait_s": float(lengths.mean()),
                "p90_wait_s": float(np.quantile(lengths, 0.9)),
                "total_wait_s": float(lengths.sum()),
            }
        )
    ways = pm4py.get_variants(frame)
    return {
        "cases": sum(ways.values()),
        "events": frame.select(pl.len()).collect().item(),
        "edges": edges,
        "starts": pm4py.get_start_activities(frame),
        "ends": pm4py.get_end_activities(frame),
        "variants": [{"path": list(path), "count": count} for path, count in ways.items()],
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--form", choices=("pandas", "polars"), default="pandas")
    parser.add_argument("--columns", default="")
    options = parser.parse_args()
    columns = dict(pair.split("=", 1) for pair in options.columns.split(",") if pair)
    found = (by_polars if options.form == "polars" else by_pandas)(options.file, columns)
    options.out.write_text(json.dumps(found, default=int), encoding="utf-8")


if __name__ == "__main__":
    main()
