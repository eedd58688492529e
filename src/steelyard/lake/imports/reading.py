"""How a file is to be read: the `read` part of a mapping, for one file, checked and given its kinds."""

import fnmatch
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.errors import Refused

ALL = "all"
FIRST_YEAR, LAST_YEAR = 1900, 2199


@dataclass(frozen=True)
class ReadRule:
    """Settings of one file; what is empty or None is found out.

    `header` are the lines of the header, () for the lines that look like one. `fill` are columns in which a
    blank cell says the same as the one above. `unpivot` False leaves columns of months as they are.
    `record` is the column of an approval export that holds the record of each request; `finds_records` False
    leaves such exports one row a request.
    """

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    header: tuple[int, ...] = ()
    has_header: bool = True
    names: tuple[str, ...] = ()
    keeps_totals: bool = False
    year: int | None = None
    fill: tuple[str, ...] | None = None
    unpivot: bool = True
    record: str = ""
    finds_records: bool = True

    @classmethod
    def parse(cls, given: Mapping[str, Any], name: str = "") -> "ReadRule":
        """The settings of the file of this name: those of all files, then those that `files` has for it."""
        merged = {key: value for key, value in given.items() if key != "files"}
        for pattern, special in (given.get("files") or {}).items():
            if fnmatch.fnmatchcase(name.casefold(), str(pattern).casefold()):
                merged |= special
        sheets, header = merged.get("sheets"), merged.get("header")
        if header == "none" and not merged.get("names"):
            raise Refused("mapping.names-missing")
        return cls(
            encoding=str(merged.get("encoding") or ""),
            delimiter=str(merged.get("delimiter") or ""),
            sheet=str(merged.get("sheet") or ""),
            sheets=(ALL,) if sheets == ALL else _texts(sheets, "sheets"),
            header=() if header == "none" else _lines(header),
            has_header=header != "none",
            names=_texts(merged.get("names"), "names"),
            keeps_totals=_one_of(merged.get("totals"), ("drop", "keep"), "totals") == "keep",
            year=_year(merged.get("year")),
            fill=None if merged.get("fill") is None else _texts(merged["fill"], "fill"),
            unpivot=_one_of(merged.get("unpivot"), ("true", "false"), "unpivot") != "false",
            record=_record(merged.get("records")),
            finds_records=merged.get("records") != "none",
        )


def _texts(given: Any, key: str) -> tuple[str, ...]:
    if given is None or given == "":
        return ()
    if isinstance(given, Mapping):
        raise _bad(key, given)
    return tuple(str(each) for each in given) if isinstance(given, list | tuple) else (str(given),)


def _lines(given: Any) -> tuple[int, ...]:
    """One line, or several that make one header."""
    lines = []
    for each in _texts(given, "header"):
        if not each.isdecimal() or int(each) < 1:
            raise _bad("header", given)
        lines.append(int(each))
    return tuple(sorted(lines))


def _record(given: Any) -> str:
    """The column that `records` names; "" when it is to be found, or when none is."""
    if given in (None, "", "none"):
        return ""
    if not isinstance(given, Mapping) or set(given) - {"column", "kind"} or not given.get("column"):
        raise _bad("records", given)
    _one_of(given.get("kind"), ("approval",), "records.kind")
    return str(given["column"])


def _year(given: Any) -> int | None:
    if given is None or given == "":
        return None
    text = str(given)
    if not text.isdecimal() or not FIRST_YEAR <= int(text) <= LAST_YEAR:
        raise _bad("year", given)
    return int(text)


def _one_of(given: Any, allowed: tuple[str, ...], key: str) -> str:
    text = "" if given is None else str(given).casefold()
    if text and text not in allowed:
        raise _bad(key, given)
    return text


def _bad(key: str, given: Any) -> Refused:
    return Refused("mapping.bad-value", place=f"read.{key}", value=str(given)[:80])
