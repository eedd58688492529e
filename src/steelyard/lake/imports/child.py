"""The process in which foreign files are parsed: it limits itself, works, and writes its answer to a file."""

import gc
import json
import os
import resource
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb

from steelyard.errors import Refused


def main(job: Path) -> None:
    """Do the job that the file describes; the answer is `answer.json` beside it."""
    given = json.loads(job.read_text(encoding="utf-8"))
    _limit(given["limits"])
    threading.Thread(target=_end_with, args=(given["parent"],), daemon=True).start()
    # Rows make no cycles, and looking for cycles among millions of them takes half of the time.
    gc.disable()
    try:
        answer = {"done": _do(given)}
    except Refused as refusal:
        answer = {"refused": {"code": refusal.code, "status": refusal.status, "params": refusal.params}}
    except duckdb.Error as fault:
        answer = {
            "refused": {"code": "import.unreadable-file", "status": 400, "params": _fault(given, fault)}
        }
    except MemoryError:
        answer = {"refused": {"code": "import.too-much-memory", "status": 413, "params": {}}}
    job.with_name("answer.json").write_text(
        json.dumps(answer, ensure_ascii=False, default=str), encoding="utf-8"
    )


def _end_with(parent: int) -> None:
    """Nobody reads the answer of an orphan, and its folder may soon be another's."""
    while os.getppid() == parent:
        time.sleep(0.1)
    os._exit(1)


def _fault(given: dict[str, Any], fault: Exception) -> dict[str, Any]:
    return {"file": given["originals"][0]["name"], "reason": str(fault)[:200]}


def _limit(limits: dict[str, Any]) -> None:
    """Ceilings that the kernel keeps; libraries reserve more addresses than they use, hence the margin."""
    seconds = int(limits["seconds"] * limits["threads"]) + 1
    for which, ceiling in (
        (resource.RLIMIT_AS, limits["memory"] + (2 << 30)),
        (resource.RLIMIT_DATA, limits["memory"]),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits["unpacked"]),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        ceiling = ceiling if hard == resource.RLIM_INFINITY else min(ceiling, hard)
        resource.setrlimit(which, (ceiling, ceiling))


def _do(given: dict[str, Any]) -> Any:
    from steelyard.lake.imports.inspection import inspect_file
    from steelyard.lake.imports.limits import Limits
    from steelyard.lake.imports.mapping import ImportMapping
    from steelyard.lake.imports.originals import Original
    from steelyard.lake.imports.staging import Task, stage_files

    limits, folder = Limits(**given["limits"]), Path(given["folder"])
    originals = tuple(Original(**each) for each in given["originals"])
    if given["task"] == "inspect":
        return inspect_file(originals[0], folder, read=given["read"], limits=limits)
    mapping = ImportMapping.parse(given["mapping"])
    if given["tables"]:
        mapping = mapping.only(given["tables"])
    task = Task(originals, mapping, limits, folder, given["import_id"], given["known"], given["zone"])
    return stage_files(task, progress=_tell)


def _tell(done: int, total: int, code: str) -> None:
    print(json.dumps([done, total, code]), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
