"""A file of text: unpacked within limits, its encoding found, brought to UTF-8."""

import codecs
import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from steelyard.errors import Refused
from steelyard.lake.imports.limits import MEGABYTE, Limits
from steelyard.lake.imports.totals import may_hold_totals

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = bytes(each for each in range(32) if each not in (9, 10, 13)) + b"\x7f"
_WIDE_SPACES = (b"\xe3\x80\x80", b"\xc2\xa0", b"\xe2\x80\x87", b"\xe2\x80\xaf", b"\xef\xbb\xbf")
# What stands at the edge of a cell.
_EDGE = np.isin(np.arange(256), list(b',;|\t"\r\n'))
_LONGEST_LINE = 10_000
_CHINESE = re.compile("[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")


@dataclass(frozen=True)
class TextFile:
    """A UTF-8 file without a byte order mark, and what was found out on the way.

    `odd` files have bytes that the fast reader must not see: control characters, spaces that are none.
    In a `padded` file a cell may have something to be trimmed; with `totals` a line looks like one.
    """

    path: Path
    encoding: str
    odd: bool
    tabs: bool
    padded: bool
    totals: bool = False


def unpack_gzip(path: Path, target: Path, *, name: str, limits: Limits) -> None:
    """Write the content of a gzip file, as far as the limits on expansion reach."""
    ceiling = expansion_ceiling(path.stat().st_size, limits)
    written = 0
    try:
        with gzip.open(path, "rb") as packed, open(target, "wb") as plain:
            while chunk := packed.read(MEGABYTE):
                written += len(chunk)
                if written > ceiling:
                    raise Refused("import.expands-too-much", 413, file=name, limit=limits.expansion)
                plain.write(chunk)
    except (EOFError, OSError, zlib.error) as fault:
        raise Refused("import.broken-archive", file=name, reason=str(fault)[:120]) from fault


def expansion_ceiling(packed: int, limits: Limits) -> int:
    """The bytes to which a file of this size may grow."""
    return min(max(packed * limits.expansion, limits.free_expansion), limits.unpacked)


def as_utf8(path: Path, target: Path, *, name: str, encoding: str = "") -> TextFile:
    """The file itself when it is plain UTF-8, else a transcoded copy at `target`."""
    with open(path, "rb") as file:
        start = file.read(MEGABYTE)
    encoding = encoding or _marked(start) or _wide(start)
    if encoding in ("", "utf-8"):
        seen = _scan(path)
        bad = seen.bad_line
        if bad is None:
            return TextFile(path, "utf-8", seen.odd, seen.tabs, seen.padded, seen.totals)
        if encoding:
            raise Refused("import.bad-encoding", file=name, encoding="utf-8", line=bad)
        encoding = _legacy(path, name, bad)
    _transcode(path, target, encoding, name)
    shown = {"utf-8-sig": "utf-8 with BOM"}.get(encoding, encoding)
    seen = _scan(target)
    return TextFile(target, shown, seen.odd, seen.tabs, seen.padded, seen.totals)


def _marked(start: bytes) -> str:
    return next((encoding for mark, encoding in _BOMS if start.startswith(mark)), "")


def _wide(start: bytes) -> str:
    """UTF-16 without a mark: nearly all zeros stand on one side of the pairs."""
    sample = start[: min(len(start), 4096) // 2 * 2]
    if len(sample) < 4:
        return ""
    even, odd, half = sample[::2].count(0), sample[1::2].count(0), len(sample) // 2
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _legacy(path: Path, name: str, bad_line: int) -> str:
    """The encoding of a file that is not UTF-8: GB18030 when it reads as Chinese, else what fits."""
    if _share_of_broken(path) < 0.05:
        raise Refused("import.bad-encoding", file=name, encoding="utf-8", line=bad_line)
    if _first_bad_line(path, "gb18030") is None and _reads_as_chinese(path):
        return "gb18030"
    from charset_normalizer import from_bytes

    with open(path, "rb") as file:
        best = from_bytes(file.read(MEGABYTE)).best()
    if best is None or _first_bad_line(path, best.encoding) is not None:
        raise Refused("import.unknown-encoding", file=name, line=bad_line)
    return str(best.encoding)


def _share_of_broken(path: Path) -> float:
    """Broken sequences among all that are not ASCII: few mean damaged UTF-8, many another encoding."""
    with open(path, "rb") as file:
        start = file.read(16 * MEGABYTE)
    text = start.decode("utf-8", errors="replace")
    strange = sum(1 for each in text if ord(each) > 127)
    return text.count("\ufffd") / max(strange, 1)


def _reads_as_chinese(path: Path) -> bool:
    with open(path, "rb") as file:
        text = file.read(MEGABYTE).decode("gb18030", errors="ignore")
    strange = [each for each in text if ord(each) > 127]
    return len(_CHINESE.findall("".join(strange))) > 0.8 * max(len(strange), 1)


def _first_bad_line(path: Path, encoding: str) -> int | None:
    """The line of the first byte that this encoding cannot read; None when it reads all."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    for chunk in _chunks(path):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as fault:
            return line + fault.object[: fault.start].count(b"\n")
        line += chunk.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return line
    return None


@dataclass
class _Scan:
    """What one pass over a file's bytes finds."""

    bad_line: int | None = None
    odd: bool = False
    tabs: bool = False
    padded: bool = False
    totals: bool = False


def _scan(path: Path) -> _Scan:
    decoder, found, before = codecs.getincrementaldecoder("utf-8")(), _Scan(), b"\n"
    tail = b""
    for chunk in _chunks(path):
        if decoder.getstate()[0] or not chunk.isascii():
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                found.bad_line = _first_bad_line(path, "utf-8")
                return found
            found.odd = found.odd or any(space in chunk for space in _WIDE_SPACES)
        found.odd = found.odd or len(chunk.translate(None, _CONTROL)) != len(chunk)
        found.tabs = found.tabs or b"\t" in chunk
        # The byte before goes along, so that every byte is seen with both of its neighbours.
        found.padded = found.padded or _is_padded(np.frombuffer(before + chunk, np.uint8))
        # A line that is cut by the end of a chunk is put together with what went before.
        found.totals = found.totals or may_hold_totals(tail + chunk)
        before, tail = chunk[-1:], chunk[chunk.rfind(b"\n") + 1 :][-_LONGEST_LINE:]
    found.padded = found.padded or before == b" "
    if decoder.getstate()[0]:
        found.bad_line = _first_bad_line(path, "utf-8")
    return found


def _is_padded(chunk: "np.ndarray[Any, np.dtype[np.uint8]]") -> bool:
    """Whether a cell may begin or end with a space, or begin with a quote that our exports put there."""
    edge = _EDGE[chunk]
    space = chunk == ord(" ")
    begins = edge[:-1] & (space[1:] | (chunk[1:] == ord("'")))
    return bool(begins.any() or (space[:-1] & edge[1:]).any())


def _transcode(path: Path, target: Path, encoding: str, name: str) -> None:
    line = 1
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError as fault:
        raise Refused("import.unknown-encoding", file=name, encoding=encoding) from fault
    with open(target, "wb") as out:
        for chunk in _chunks_with_end(path):
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                raise Refused("import.bad-encoding", file=name, encoding=encoding, line=line) from fault
            line += text.count("\n")
            out.write(text.encode("utf-8"))


def _chunks_with_end(path: Path) -> Iterator[bytes]:
    yield from _chunks(path)
    yield b""


def _chunks(path: Path) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(MEGABYTE):
            yield chunk
