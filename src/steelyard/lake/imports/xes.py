"""Event logs in XES: every event a row, its attributes and those of its trace as columns of text.

The file is a stranger's: it is read as a stream, a document type (and with it every entity) is refused before
its first declaration is read, and nothing outside the file is ever fetched.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from xml.parsers import expat

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.errors import Refused
from steelyard.lake.imports.limits import MEGABYTE, Limits

CASE = "case:"
LINE = "_line"
# What an attribute's element says about its value; lists and containers have no value of their own.
KINDS = ("string", "date", "int", "float", "boolean", "id")
_LOG, _TRACE, _EVENT = 1, 2, 3
_BATCH = 100_000
_DEEPEST = 100
# Positions and values of one attribute, in the order of the file.
Found = tuple[list[int], list[str]]


class Readable(Protocol):
    """A file of bytes, packed or not."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class XesLog:
    """The rows of a log, `_line` first, and the kinds of its columns ("string" where a file mixes them)."""

    table: pa.Table
    kinds: dict[str, str]


@dataclass
class _Batch:
    """Whole traces that were read and not yet made a table."""

    lines: list[int] = field(default_factory=list)
    trace_of: list[int] = field(default_factory=list)
    traces: int = 0
    of_events: dict[str, dict[str, Found]] = field(default_factory=lambda: {kind: {} for kind in KINDS})
    of_traces: dict[str, dict[str, Found]] = field(default_factory=lambda: {kind: {} for kind in KINDS})


def is_xes(start: bytes) -> bool:
    """Whether the first bytes of a file are those of an XML document whose root is a log."""
    for encoding in ("utf-8", "utf-16"):
        text = start.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
        if text.startswith("<") and _root(text) in ("log", "xes:log"):
            return True
    return False


def read_xes(file: Readable, *, name: str, limits: Limits, ceiling: int | None = None) -> XesLog:
    """Read a log; `ceiling` bounds the bytes that a packed file may give.

    Attributes of attributes are not read. An attribute that comes twice in an event has its last value.
    """
    reader = _Reader(name, limits)
    reader.feed(_chunks(file, name, limits, limits.unpacked if ceiling is None else ceiling))
    return XesLog(reader.table(), reader.kinds)


def read_xes_file(path: Path, *, name: str, limits: Limits) -> XesLog:
    """Read a log that lies unpacked on the disc."""
    with open(path, "rb") as file:
        return read_xes(file, name=name, limits=limits)


def _root(text: str) -> str:
    """The name of the first element, or "" when it does not come in what is known of the document."""
    at = 0
    while (at := text.find("<", at)) >= 0:
        if text.startswith("<!--", at):
            at = text.find("-->", at)
            if at < 0:
                return ""
        elif text[at + 1 : at + 2] in ("?", "!"):
            at += 1
        else:
            head = text[at + 1 : at + 40].replace("/", " ").replace(">", " ").split()
            return head[0] if head else ""
    return ""


def _chunks(file: Readable, name: str, limits: Limits, ceiling: int) -> Iterator[bytes]:
    given = 0
    try:
        while chunk := file.read(MEGABYTE):
            given += len(chunk)
            if given > ceiling:
                raise Refused("import.expands-too-much", 413, file=name, limit=limits.expansion)
            yield chunk
    except (EOFError, OSError, zlib.error) as fault:
        raise Refused("import.broken-archive", file=name, reason=str(fault)[:120]) from fault


class _Reader:
    """The state of one reading: the parser's place, the batch being filled, the batches done."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.kinds: dict[str, str] = {}
        self.events = 0
        self._batch = _Batch()
        self._done: list[pa.Table] = []
        self._parser = self._made()

    def feed(self, chunks: Iterator[bytes]) -> None:
        """Parse the document; a fault is refused by its line."""
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as fault:
            reason = expat.ErrorString(fault.code) or ""
            raise Refused("import.broken-xml", file=self.name, line=fault.lineno, reason=reason) from fault
        except (LookupError, ValueError) as fault:
            raise Refused("import.unknown-encoding", file=self.name, line=1) from fault
        self._flush()

    def table(self) -> pa.Table:
        """All events in the order of the file; refused when there are none."""
        if not self._done:
            raise Refused("import.empty-file", file=self.name)
        return pa.concat_tables(self._done, promote_options="default")

    def _made(self) -> Any:
        parser = expat.ParserCreate()
        parser.ordered_attributes = True
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse_doctype
        parser.StartElementHandler, parser.EndElementHandler = self._handlers(parser)
        return parser

    def _refuse_doctype(self, *_: Any) -> None:
        line = self._parser.CurrentLineNumber
        raise Refused("import.xml-with-doctype", file=self.name, line=line)

    def _handlers(self, parser: Any) -> tuple[Any, Any]:
        """What is called for every element, millions of times: closures over locals, with no call inside."""
        depth, inside = 0, 0
        batch = self._batch
        of_events, of_traces = batch.of_events, batch.of_traces
        event, trace = 0, 0

        def start(tag: str, pairs: list[str]) -> None:
            nonlocal depth, inside, event
            depth += 1
            if inside == _EVENT:
                if depth == _EVENT + 1 and tag in of_events:
                    key, value = (
                        _pair(pairs) if len(pairs) != 4 or pairs[0] != "key" else (pairs[1], pairs[3])
                    )
                    try:
                        positions, values = of_events[tag][key]
                    except KeyError:
                        positions, values = of_events[tag][key] = ([], [])
                    positions.append(event)
                    values.append(value)
                elif depth > _DEEPEST:
                    self._refuse_depth()
            elif inside == _TRACE:
                if depth == _TRACE + 1:
                    if tag == "event" or tag == "xes:event":
                        inside = _EVENT
                        event = len(batch.lines)
                        batch.lines.append(parser.CurrentLineNumber)
                        batch.trace_of.append(trace)
                    elif tag in of_traces:
                        key, value = _pair(pairs)
                        positions, values = of_traces[tag].setdefault(key, ([], []))
                        positions.append(trace)
                        values.append(value)
                elif depth > _DEEPEST:
                    self._refuse_depth()
            elif depth == _TRACE and (tag == "trace" or tag == "xes:trace"):
                inside = _TRACE
            elif depth == _LOG and tag not in ("log", "xes:log"):
                raise Refused("import.web-page", file=self.name)
            elif depth == _LOG + 1 and tag in ("event", "xes:event"):
                line = parser.CurrentLineNumber
                raise Refused("import.event-without-trace", file=self.name, line=line)
            elif depth > _DEEPEST:
                self._refuse_depth()

        def end(tag: str) -> None:
            nonlocal depth, inside, batch, of_events, of_traces, trace
            depth -= 1
            if depth == inside - 1:
                inside = _TRACE if inside == _EVENT else 0
                if not inside:
                    batch.traces = trace = trace + 1
                    if len(batch.lines) >= _BATCH:
                        self._flush()
                        batch, trace = self._batch, 0
                        of_events, of_traces = batch.of_events, batch.of_traces

        return start, end

    def _refuse_depth(self) -> None:
        line = self._parser.CurrentLineNumber
        raise Refused("import.xml-too-deep", 413, file=self.name, line=line, limit=_DEEPEST)

    def _flush(self) -> None:
        """Make a table of what was read, so that texts do not lie about as objects."""
        batch, self._batch = self._batch, _Batch()
        rows = len(batch.lines)
        if not rows:
            return
        self.events += rows
        if self.events > self.limits.rows:
            raise Refused("import.too-many-rows", 413, file=self.name, limit=self.limits.rows)
        columns = {LINE: pa.array(batch.lines, pa.int64())}
        trace_of = pa.array(batch.trace_of, pa.int64())
        for key, array in self._arrays(batch.of_traces, batch.traces, CASE).items():
            columns[key] = array.take(trace_of)
        columns |= self._arrays(batch.of_events, rows, "")
        if len(columns) - 1 > self.limits.columns:
            raise Refused(
                "import.too-many-columns",
                413,
                file=self.name,
                columns=len(columns) - 1,
                limit=self.limits.columns,
            )
        self._done.append(pa.table(columns))

    def _arrays(self, found: dict[str, dict[str, Found]], rows: int, prefix: str) -> dict[str, pa.Array]:
        arrays: dict[str, pa.Array] = {}
        for kind, attributes in found.items():
            for key, (positions, values) in attributes.items():
                name = prefix + key
                if self.kinds.setdefault(name, kind) != kind:
                    self.kinds[name] = "string"
                each = _spread(positions, values, rows)
                arrays[name] = pc.coalesce(arrays[name], each) if name in arrays else each
        return arrays


def _pair(pairs: list[str]) -> tuple[str, str]:
    """Key and value of an attribute whose element says them in another order, or not both."""
    named = dict(zip(pairs[::2], pairs[1::2], strict=True))
    return named.get("key", ""), named.get("value", "")


def _spread(positions: list[int], values: list[str], rows: int) -> pa.Array:
    """The values as a column, null in the rows without one."""
    texts = pa.array(values, pa.string())
    if len(values) == rows and positions[-1] == rows - 1 and positions[0] == 0:
        at = np.asarray(positions)
        if bool((at[1:] > at[:-1]).all()):
            return texts
    places = np.full(rows, -1, np.int64)
    places[positions] = np.arange(len(values))
    return texts.take(pa.array(places, mask=places < 0))
