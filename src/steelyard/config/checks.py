"""What must hold before the first request: the database's settings, read back, and its schema."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from steelyard.errors import Refused

# What SQLite answers when a setting holds; a database in memory has no write-ahead log.
PRAGMAS: Mapping[str, set[Any]] = {"journal_mode": {"wal", "memory"}, "synchronous": {2}, "foreign_keys": {1}}
BUSY_TIMEOUT = 5000


def sqlite_settings(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """The settings that keep data safe, as the open connection itself reports them."""
    found: dict[str, Any] = {}
    with connection.cursor() as cursor:
        for name in (*PRAGMAS, "busy_timeout"):
            cursor.execute(f"PRAGMA {name}")
            found[name] = cursor.fetchone()[0]
    wrong = [name for name, allowed in PRAGMAS.items() if found[name] not in allowed]
    if found["busy_timeout"] < BUSY_TIMEOUT:
        wrong.append("busy_timeout")
    if getattr(connection, "transaction_mode", None) != "IMMEDIATE":
        wrong.append("transaction_mode")
    return [
        Error(f"SQLite runs with {name}={found.get(name)}.", id="steelyard.E001", obj=name) for name in wrong
    ]


@register(Tags.database)
def database_settings(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Read the settings back from every SQLite database that is being checked."""
    chosen = [connections[alias] for alias in databases or []]
    return [
        message
        for connection in chosen
        if connection.vendor == "sqlite"
        for message in sqlite_settings(connection)
    ]


def require_fit_database(alias: str = "default") -> None:
    """Never serve on unsafe settings, on an empty database, or on a newer schema than this version's.

    Raises Refused("database.unsafe-settings" | "database.newer-schema" | "database.not-migrated", 500).
    """
    connection = connections[alias]
    if connection.vendor == "sqlite" and (messages := sqlite_settings(connection)):
        raise Refused("database.unsafe-settings", 500, settings=[message.obj for message in messages])
    loader = MigrationLoader(connection)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations) - replaced(loader)):
        raise Refused("database.newer-schema", 500, migration=".".join(unknown[0]))
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refused("database.not-migrated", 500, missing=len(plan))


def replaced(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Migrations that a squashed one stands for: applied, and rightly no longer on disk."""
    return {old for migration in loader.disk_migrations.values() for old in migration.replaces}
