"""Our side of the comparison with PM4Py: the same job, as a process of its own.

python process_ours.py FILE OUT.json [--columns case=…,activity=…,finished=…,started=…]
"""

import argparse
import json
from pathlib import Path


def main() -> None:
    import pyarrow

    from steelyard.engine.process import discover, log_of, variants
    from steelyard.lake.event_logs import read_event_log

    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--columns", default="")
    options = parser.parse_args()
    columns = dict(pair.split("=", 1) for pair in options.columns.split(",") if pair)
    log = log_of(read_event_log(options.file, **columns))
    pyarrow.default_memory_pool().release_unused()
    found = discover(log).as_json()
    found["variants"] = [{"path": list(way.path), "count": way.count} for way in variants(log)]
    options.out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
