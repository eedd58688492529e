"""The data folder is prepared: never empty beside a lake, and never migrated without a copy."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.processes import environment


def django(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "django", *arguments]
    return subprocess.run(command, env=environment(folder), capture_output=True, text=True, check=False)


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_an_empty_folder_is_filled_and_an_old_schema_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    assert django(tmp_path, "prepare").returncode == 0
    assert "diagnose_diagnosis" in tables(tmp_path / "steelyard.sqlite3")
    assert not (tmp_path / "backups").exists()
    assert django(tmp_path, "migrate", "diagnose", "zero").returncode == 0
    assert django(tmp_path, "prepare").returncode == 0
    [copy] = (tmp_path / "backups").glob("*.sqlite3")
    assert "diagnose_diagnosis" not in tables(copy)
    assert "diagnose_diagnosis" in tables(tmp_path / "steelyard.sqlite3")


def test_after_a_change_of_schema_figures_are_computed_anew(tmp_path: Path) -> None:
    assert django(tmp_path, "prepare").returncode == 0
    imported = "from steelyard.apps.data.models import Snapshot"
    snapshot = f"{imported}; Snapshot.objects.create(cause='import', versions={{}})"
    assert django(tmp_path, "shell", "-c", snapshot).returncode == 0
    assert jobs(tmp_path) == []
    assert django(tmp_path, "migrate", "diagnose", "zero").returncode == 0
    assert django(tmp_path, "prepare").returncode == 0
    assert jobs(tmp_path) == ["data.quality", "measure.points"]


def jobs(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "steelyard.sqlite3")) as database:
        return sorted(kind for (kind,) in database.execute("SELECT kind FROM jobs_job"))


def test_a_lake_without_its_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "lake").mkdir()
    refused = django(tmp_path, "prepare")
    assert refused.returncode != 0
    assert "database.lost" in refused.stderr
    assert not (tmp_path / "steelyard.sqlite3").exists()
