"""The product as a process: it starts lean, on a database that fits, and not on another."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import environment

HEAVY = ["scipy", "statsmodels", "altair", "highspy", "ibis", "pandas", "polars", "tea_tasting", "networkx"]
START = "import steelyard.config.wsgi, sys; print([name for name in {heavy!r} if name in sys.modules])"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"DJANGO_SETTINGS_MODULE": "steelyard.config.settings"}
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(folder, **settings),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("var")
    migrated = run(place, "-m", "django", "migrate", "--verbosity", "0")
    assert migrated.returncode == 0, migrated.stderr
    return place


def test_it_starts_without_the_heavy_libraries(folder: Path) -> None:
    started = run(folder, "-c", START.format(heavy=HEAVY))
    assert started.returncode == 0, started.stderr
    assert started.stdout.strip() == "[]"


def test_it_refuses_an_empty_database(tmp_path: Path) -> None:
    started = run(tmp_path, "-c", "import steelyard.config.wsgi")
    assert started.returncode == 1
    assert "database.not-migrated" in started.stderr


def test_it_refuses_a_newer_schema(folder: Path, tmp_path: Path) -> None:
    with (
        sqlite3.connect(folder / "steelyard.sqlite3") as source,
        sqlite3.connect(tmp_path / "steelyard.sqlite3") as copy,
    ):
        source.backup(copy)
        copy.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('people', '9999_later', '2030-01-01')"
        )
    started = run(tmp_path, "-c", "import steelyard.config.wsgi")
    assert started.returncode == 1
    assert "database.newer-schema (migration='people.9999_later')" in started.stderr


def test_the_databases_settings_are_read_back(folder: Path) -> None:
    assert run(folder, "-m", "django", "check", "--database", "default").returncode == 0
    asked = "; ".join(
        [
            "import django",
            "django.setup()",
            "from django.db import connection",
            "connection.ensure_connection()",
            "connection.connection.execute('PRAGMA synchronous=OFF')",
            "from steelyard.config.checks import sqlite_settings",
            "print([message.obj for message in sqlite_settings(connection)])",
        ]
    )
    assert run(folder, "-c", asked).stdout.strip() == "['synchronous']"
