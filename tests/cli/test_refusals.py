"""A verb that refuses says so in one sentence on stderr, ends with 2, and leaves nothing behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment


def steelyard(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "steelyard", *words]
    around = environment(folder / "var")
    return subprocess.run(command, cwd=folder, env=around, capture_output=True, text=True, check=False)


def test_a_verb_on_plain_files_makes_no_data_folder(tmp_path: Path) -> None:
    (tmp_path / "leaves.csv").write_text("region,actual\nEast,1\n")
    refused = steelyard(tmp_path, "localise", "leaves.csv", "--actual", "actual", "--expected", "plan")
    assert refused.returncode == 2
    assert refused.stderr.strip() == "leaves.csv: There is no column “plan”. Check the name."
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["kpi", "nonsense", "--period", "2026-Q1"], "kpi.unknown", "nonsense"),
        (["import", "opportunities", "absent.csv"], "import.", "absent.csv"),
        (["import", "no_such_table", "absent.csv"], "import.unknown-table", "no_such_table"),
        (["diagnose", "won_revenue", "--period", "2026-Q9"], "period.", "2026-Q9"),
    ],
)
def test_a_refusal_names_its_place(tmp_path: Path, words: list[str], code: str, said: str) -> None:
    refused = steelyard(tmp_path, *words)
    assert refused.returncode == 2
    assert said in refused.stderr
    assert "Traceback" not in refused.stderr
    told = steelyard(tmp_path, *words, "--json")
    assert json.loads(told.stderr)["error"].startswith(code)
    assert told.stdout == ""
