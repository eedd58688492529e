"""What the columns, tables and values of business files are called: the words of synonyms.yaml, looked up."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from steelyard.lake.imports.headers import bare, normalise
from steelyard.lake.tables import TableSpec

# How a header agrees with a column: by its own name, by a word for it, or without what stands around it.
EXACT, KNOWN, SHORTENED = 0, 1, 2
# The names of the XES standard and of the tools that follow it; the likelier header of a column first.
XES_NAMES = {
    "case:concept:name": "case_id",
    "concept:name": "activity",
    "time:timestamp": "finished_at",
    "start_timestamp": "started_at",
    "org:resource": "performer",
    "org:role": "role",
    "org:group": "role",
}
_PREFIX = re.compile(r"^.+?(?:\s-\s|[.:：]|(?<=[\u4e00-\u9fff])[-_—](?=[\u4e00-\u9fff]))\s*(.+)$")
_AROUND = re.compile(r"^[\s\d一二三四五六七八九十]*[.、:：)）\-\s]*|[\s\d%％()（）【】\[\]\-]*$")
# Words that settle an outcome even inside others, unless what stands before says "not yet".
_STRONG = {
    "won": re.compile(r"(?<![未待拟])赢单|closed\W*won"),
    "lost": re.compile(r"输单|丢单|战败|closed\W*lost"),
}


@cache
def words() -> dict[str, Any]:
    """The document of synonyms, its words in the form of headers."""
    text = files("steelyard.lake.imports").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar stays a string
    document["columns"] = {name: _forms(each) for name, each in document["columns"].items()}
    document["own"] = {
        table: {name: _forms(each) for name, each in columns.items()}
        for table, columns in document["own"].items()
    }
    return dict(document)


@cache
def table_words(table: str) -> tuple[str, ...]:
    """What a table is called, the longest word first."""
    return tuple(sorted({table, *_forms(words()["tables"].get(table, ()))}, key=lambda word: -len(word)))


def matches(spec: TableSpec, header: str) -> Iterable[tuple[int, int, str]]:
    """(how, rank of the word, column) for each column of the table that a header may mean."""
    known = _index(spec)
    form = normalise(header)
    if spec.name == "work_events" and header in XES_NAMES:
        yield EXACT, [*XES_NAMES].index(header) - len(XES_NAMES), XES_NAMES[header]
    if form in spec.columns:
        yield EXACT, 0, form
    for rank, column in known.get(form, ()):
        yield KNOWN, rank, column
    for shorter in shortened(spec.name, header):
        if shorter in spec.columns:
            yield SHORTENED, 0, shorter
        for rank, column in known.get(shorter, ()):
            yield SHORTENED, rank + 1, column


def shortened(table: str, header: str) -> list[str]:
    """The header without units and brackets, and without the table's own name before it."""
    form, plain = normalise(header), normalise(bare(header))
    found = [plain]
    if (prefixed := _PREFIX.match(bare(header))) and has_prefix(table, header):
        found.append(normalise(prefixed[1]))
    for each in list(found):
        rest = _without_name(table, each)
        while rest:
            found.append(rest)
            rest = _without_name(table, rest)
    return [each for each in dict.fromkeys(found) if each and each != form]


def has_prefix(table: str, header: str) -> bool:
    """Whether a header begins with the table's name, as in "Deal - Owner"."""
    prefixed = _PREFIX.match(header)
    return bool(prefixed) and normalise(header[: prefixed.start(1)]) in table_words(table)  # type: ignore[union-attr]


def means(header: str, table: str, wanted: Iterable[str]) -> bool:
    """Whether a header is one of some words."""
    forms = {normalise(header), *shortened(table, header)}
    return not forms.isdisjoint(_forms(wanted))


def outcome_of(text: str) -> str:
    """ "won" or "lost" where a stage or status says so, else nothing."""
    plain = text.strip().casefold()
    known = words()["values"]["outcome"]
    for candidate in (plain, _AROUND.sub("", plain)):
        for outcome in ("won", "lost"):
            if candidate == outcome or candidate in known[outcome]:
                return outcome
    return next((outcome for outcome, strong in _STRONG.items() if strong.search(plain)), "")


def outcome_words(texts: Sequence[str]) -> dict[str, str]:
    """Text → outcome for a column's texts, and for the usual words of its language that it may yet hold."""
    found = {text: outcome for text in texts if (outcome := outcome_of(text))}
    if not found:
        return {}
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for text in found for letter in text)
    usual = {"赢单": "won", "成交": "won", "输单": "lost", "丢单": "lost", "战败": "lost", "流失": "lost"}
    lasting = (
        usual if is_chinese else {"Closed Won": "won", "Closed Lost": "lost", "Won": "won", "Lost": "lost"}
    )
    return found | {text: outcome for text, outcome in lasting.items() if text not in found}


def value_words(column: str, allowed: Sequence[str], texts: Sequence[str]) -> dict[str, str]:
    """Text → the word that a closed column may hold, for texts that say it in other words."""
    known = words()["values"].get(column, {})
    return {
        text: value
        for text in texts
        for value in allowed
        if text != value and text.strip().casefold() in known.get(value, ())
    }


def decision_words(texts: Sequence[str]) -> dict[str, str]:
    """Text → approved, rejected or changed for a column's texts; "" for those that decide nothing.

    The usual words of the column's language come along: a later file may yet hold them.
    """
    allowed = ("approved", "rejected", "changed")
    found = value_words("outcome", allowed, texts)
    is_chinese = any("\u4e00" <= letter <= "\u9fff" for text in texts for letter in text)
    usual = [
        word
        for value in allowed
        for word in words()["values"]["outcome"][value]
        if ("\u4e00" <= word[0] <= "\u9fff") == is_chinese and word not in allowed
    ]
    silent = {text: "" for text in texts if text not in found and text.casefold() not in allowed}
    lasting = value_words("outcome", allowed, usual) if is_chinese else {}
    return silent | lasting | found


def hinted(hints: Mapping[str, Sequence[str]], *texts: str) -> str:
    """The first key of which a word stands in one of the texts."""
    joined = " ".join(texts).casefold()
    return next((key for key, each in hints.items() if any(word in joined for word in each)), "")


def _without_name(table: str, form: str) -> str:
    for name in table_words(table):
        is_chinese = "\u4e00" <= name[0] <= "\u9fff"
        start = name if is_chinese else f"{name}_"
        if form.startswith(start) and len(form) > len(start):
            return form.removeprefix(start).lstrip("_")
    return ""


def _forms(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(normalise(each) for each in given))


@cache
def _index_of(table: str, columns: tuple[str, ...]) -> dict[str, list[tuple[int, str]]]:
    own = words()["own"].get(table, {})
    index: dict[str, list[tuple[int, str]]] = {}
    for column in columns:
        listed = dict.fromkeys([*own.get(column, ()), *words()["columns"].get(column, ())])
        for rank, word in enumerate(listed):
            index.setdefault(word, []).append((rank, column))
    return index


def _index(spec: TableSpec) -> dict[str, list[tuple[int, str]]]:
    return _index_of(spec.name, tuple(spec.columns))
