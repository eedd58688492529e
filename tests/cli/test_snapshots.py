"""Full snapshots from the command line, in the words that a person types."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.processes import environment

pytestmark = pytest.mark.slow

HEADER = "opportunity_id,owner,stage,created_on\n"


def steelyard(folder: Path, *verb: str) -> tuple[int, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "steelyard", *verb, "--json"],
        env=environment(folder / "var"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout if done.returncode == 0 else done.stderr)


def test_two_exports_of_a_crm(tmp_path: Path):
    first, second = tmp_path / "deals-2024-01-31.csv", tmp_path / "deals.csv"
    first.write_text(HEADER + "".join(f"O{n},lin,Engaging,2024-01-0{n}\n" for n in range(1, 6)))
    second.write_text(HEADER + "O1,wang,Won,2024-01-01\n")
    verb = ["import", "opportunities"]
    code, told = steelyard(tmp_path, *verb, str(first), "--source", "crm", "--snapshot")
    assert (code, told["created"]) == (0, 5)
    more = [*verb, str(second), "--source", "crm"]
    code, told = steelyard(tmp_path, *more, "--as-of", "2024-01-15")
    assert (code, told["error"]) == (2, "snapshot.older")
    code, told = steelyard(tmp_path, *more, "--as-of", "soon")
    assert (code, told["error"]) == (2, "cli.not-a-day")
    code, told = steelyard(tmp_path, *more, "--as-of", "2024-02-29")
    assert (code, told["error"], told["retired"]) == (2, "snapshot.retires-most", 4)
    code, told = steelyard(tmp_path, *more, "--as-of", "2024-02-29", "--dry-run")
    assert (code, told["tables"]["opportunities"]["retired"]) == (0, 4)
    code, told = steelyard(tmp_path, *more, "--as-of", "2024-02-29", "--confirm-removal")
    assert (code, told["tables"]["opportunities"]["retired"]) == (0, 4)
    assert told["tables"]["stage_changes"]["derived"] == 1
    assert told["tables"]["owner_changes"]["derived"] == 1
