"""Brings the database to this version's schema, with a verified backup first."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from steelyard.config.checks import require_fit_database
from steelyard.errors import Refused


class Command(BaseCommand):
    help = "Prepare the data folder: check it, back it up, migrate."

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_lost_database()
        try:
            require_fit_database()
        except Refused as refusal:
            if refusal.code != "database.not-migrated":
                raise
            back_up()
            call_command("migrate", verbosity=0, interactive=False)
            require_fit_database()
            compute_anew()
        settle_lake()


def compute_anew() -> None:
    """A new version may tell more, or otherwise: what follows from the newest facts is asked for."""
    from steelyard.apps.access.policy import LOCAL_OPERATOR
    from steelyard.apps.data.queries import newest_snapshot
    from steelyard.apps.jobs.actions import enqueue

    snapshot = newest_snapshot()
    if snapshot is not None:
        for kind in settings.STEELYARD_AFTER_PUBLICATION:
            enqueue(LOCAL_OPERATOR, kind, {"snapshot": snapshot.pk})


def settle_lake() -> None:
    """What a killed writer left is finished or taken away before anybody reads."""
    if (settings.STEELYARD_DATA / "lake").exists():
        from steelyard.apps.data.actions import settle

        settle()


def refuse_lost_database() -> None:
    """A folder with a lake and no database has lost one: never start empty beside it."""
    if connection.vendor != "sqlite" or connection.is_in_memory_db():  # type: ignore[attr-defined]
        return
    if (settings.STEELYARD_DATA / "lake").exists() and not Path(database_path()).exists():
        raise Refused("database.lost", 500, folder=str(settings.STEELYARD_DATA))


def database_path() -> str:
    return str(connection.settings_dict["NAME"])


def back_up() -> Path | None:
    """Copy SQLite as it stands and read the copy back whole; other databases have their own tools."""
    if connection.vendor != "sqlite" or not connection.introspection.table_names():
        return None
    folder = settings.STEELYARD_DATA / "backups"
    folder.mkdir(exist_ok=True, mode=0o700)
    target = folder / f"before-migration-{timezone.now():%Y%m%d-%H%M%S}.sqlite3"
    with closing(sqlite3.connect(database_path())) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        verdict = copy.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise Refused("database.backup-broken", 500, backup=str(target), found=verdict)
    return target
