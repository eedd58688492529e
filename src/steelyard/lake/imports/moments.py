"""Columns of texts or times to moments in UTC, many at once."""

import pyarrow as pa
import pyarrow.compute as pc

from steelyard.errors import Refused
from steelyard.lake import sql
from steelyard.lake.imports import cast
from steelyard.lake.imports.detect import date_look
from steelyard.lake.imports.mapping import ColumnRule

MOMENT = pa.timestamp("us", tz="UTC")
_NAIVE = pa.timestamp("us")
_LOOKED_AT = 2_000


def as_moments(column: pa.ChunkedArray, *, name: str, header: str) -> tuple[pa.ChunkedArray, int | None]:
    """The moments, null where there is nothing, and the first row whose text is none.

    A time without a zone is taken for UTC. A column in which nothing tells day from month is refused.
    """
    if not _is_text(column.type):
        return _from_times(column, name=name, header=header), None
    texts = column.cast(pa.string())
    for attempt in (texts, _tidied(texts)):
        for kind in (MOMENT, _NAIVE):
            try:
                return _in_utc(attempt.cast(kind)), None
            except pa.ArrowInvalid:
                continue
    return _one_by_one(texts, name=name, header=header)


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _from_times(column: pa.ChunkedArray, *, name: str, header: str) -> pa.ChunkedArray:
    if pa.types.is_date(column.type):
        return _in_utc(column.cast(_NAIVE))
    if not pa.types.is_timestamp(column.type):
        raise Refused("log.not-times", file=name, column=header, kind=str(column.type))
    zone = column.type.tz
    return _in_utc(column.cast(pa.timestamp("us", tz=zone), safe=False))


def _in_utc(moments: pa.ChunkedArray) -> pa.ChunkedArray:
    return moments.cast(MOMENT) if moments.type.tz else pc.assume_timezone(moments, "UTC")


def _tidied(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Slashes as hyphens and no more than six digits of a second; a blank is nothing."""
    trimmed = pc.replace_substring(pc.utf8_trim_whitespace(texts), "/", "-")
    short = pc.replace_substring_regex(trimmed, r"(\.\d{6})\d+", r"\1")
    return pc.if_else(pc.equal(short, ""), pa.scalar(None, pa.string()), short)


def _one_by_one(texts: pa.ChunkedArray, *, name: str, header: str) -> tuple[pa.ChunkedArray, int | None]:
    """The way of the imports: every notation of a day that they know, in the order that the column shows."""
    import duckdb

    look = date_look(text for text in texts.slice(0, _LOOKED_AT).to_pylist() if text)
    if look.mixed or look.ambiguous:
        raise Refused("log.day-or-month", file=name, column=header, examples=list(look.examples))
    read = cast.cell("text", "value", kind="timestamp", rule=ColumnRule(order=look.order), thorough=True)
    trimmed = cast.trimmed("given", thorough=True)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("given_texts", pa.table({"given": texts}))
        # Only expressions of this package; what the file holds comes as a table.
        rows = f"SELECT {trimmed} AS text FROM given_texts"  # noqa: S608
        query = f"SELECT CAST({read.value} AS {sql.DUCK['timestamp']}) AS value, text FROM ({rows})"  # noqa: S608
        found = connection.execute(query).fetch_arrow_table()
    moments = found["value"].cast(_NAIVE)
    wrong = pc.and_(pc.is_null(moments), pc.is_valid(found["text"]))
    place = pc.index(wrong, True).as_py()
    return _in_utc(moments), None if place < 0 else int(place)
