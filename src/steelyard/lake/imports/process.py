"""Starting the child process, listening to it, and ending it when its time or our patience is over."""

import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits

Progress = Callable[[int, int, str], None]
_LOOK_EVERY = 0.2


def run_child(
    task: str,
    folder: Path,
    *,
    limits: Limits,
    given: Mapping[str, Any],
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """Run a task in a process of its own; its answer, or its refusal raised here."""
    folder.mkdir(parents=True, exist_ok=True)
    job, answer = folder / "job.json", folder / "answer.json"
    answer.unlink(missing_ok=True)
    job.write_text(
        json.dumps(
            {"task": task, "folder": str(folder), "parent": os.getpid(), "limits": limits.as_dict(), **given}
        ),
        encoding="utf-8",
    )
    with open(folder / "errors.txt", "wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "steelyard.lake.imports.child", str(job)],
            stdout=subprocess.PIPE,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env=_environment(),
        )
        try:
            _listen(child, limits, progress, cancelled)
        finally:
            _end(child)
            shutil.rmtree(folder / "work", ignore_errors=True)
            shutil.rmtree(folder / "spill", ignore_errors=True)
    return _answer(answer, child.returncode, folder)


def _environment() -> dict[str, str]:
    """What Python needs to find this package again, and no secrets of the server."""
    kept = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "PYTHONHOME", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(each for each in sys.path if each)
    environment["PYTHONUTF8"] = "1"
    # One arena for each thread would reserve address space that the limits count.
    environment["MALLOC_ARENA_MAX"] = "2"
    return environment


def _listen(
    child: "subprocess.Popen[bytes]",
    limits: Limits,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    deadline = time.monotonic() + limits.seconds
    assert child.stdout is not None  # noqa: S101  it was asked for
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if cancelled is not None and cancelled():
                raise Refused("import.cancelled", 409)
            if time.monotonic() > deadline:
                raise Refused("import.took-too-long", 413, limit=limits.seconds)
            if not selector.select(_LOOK_EVERY):
                continue
            line = child.stdout.readline()
            if not line:
                child.wait()
                return
            if progress is not None:
                progress(*json.loads(line))


def _end(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _answer(answer: Path, returncode: int, folder: Path) -> Any:
    if returncode == 0 and answer.exists():
        found = json.loads(answer.read_text(encoding="utf-8"))
        if "refused" in found:
            refused = found["refused"]
            raise Refused(refused["code"], refused["status"], **refused["params"])
        return found["done"]
    said = (folder / "errors.txt").read_text(encoding="utf-8", errors="replace")
    if returncode == -signal.SIGXCPU:
        raise Refused("import.took-too-long", 413)
    if returncode == -signal.SIGXFSZ:
        raise Refused("import.expands-too-much", 413)
    if returncode < 0 or any(word in said for word in ("memory", "bad_alloc", "MemoryError")):
        raise Refused("import.too-much-memory", 413)
    raise RuntimeError(f"the import process failed ({returncode}): {said[-2000:]}")
