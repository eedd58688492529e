"""Small pieces of DuckDB SQL: quoted names, quoted text, the stored types."""

from collections.abc import Iterable, Mapping

DUCK = {
    "text": "VARCHAR",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "money": "DECIMAL(18,4)",
    "number": "DOUBLE",
    "integer": "BIGINT",
}


def name(identifier: str) -> str:
    """A quoted identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def text(value: str) -> str:
    """A quoted string; the NUL that no SQL string can hold is refused by what reads files."""
    return "'" + value.replace("'", "''") + "'"


def names(identifiers: Iterable[str]) -> str:
    """Quoted identifiers, separated by commas."""
    return ", ".join(name(each) for each in identifiers)


def parquet(files: Iterable[str], schema: Mapping[str, str]) -> str:
    """A query over Parquet files of one table; a column that a file lacks is null there."""
    listed = sorted(files)
    if not listed:
        nulls = ", ".join(f"NULL::{DUCK[kind]} AS {name(column)}" for column, kind in schema.items())
        return f"SELECT {nulls} WHERE false"
    source = "read_parquet([" + ", ".join(text(file) for file in listed) + "], union_by_name = true)"
    # The empty first branch names every column and its type, whichever files have it.
    shape = ", ".join(f"NULL::{DUCK[kind]} AS {name(column)}" for column, kind in schema.items())
    return f"SELECT * FROM (SELECT {shape} WHERE false) UNION ALL BY NAME SELECT * FROM {source}"  # noqa: S608
