"""From the columns of a file to the table it probably feeds and a mapping for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any

import yaml

from steelyard.lake.imports.headers import normalise
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES, TableSpec

_DATES = ("date", "timestamp")
_NUMBERS = ("money", "number", "integer")


@dataclass(frozen=True)
class Suggestion:
    """A table that the file may feed. `confidence` is a share of 1; `missing` are needs without a column."""

    table: str
    confidence: float
    columns: Mapping[str, Any]
    missing: tuple[str, ...]

    def mapping(self, source: str = "") -> dict[str, Any]:
        """A mapping document that the user may go on from."""
        return {"source": source, "table": self.table, "columns": dict(self.columns)}


def suggest(columns: Sequence[Mapping[str, Any]], *, file: str, table: str = "") -> list[Suggestion]:
    """Suggestions for an inspected file, the likeliest first; for one table alone when it is named."""
    specs = {**TABLES, **ORGANISATION_TABLES}
    wanted = [specs[table]] if table else list(specs.values())
    found = [_for_table(spec, columns, file) for spec in wanted]
    return sorted(found, key=lambda each: -each.confidence)


def _for_table(spec: TableSpec, columns: Sequence[Mapping[str, Any]], file: str) -> Suggestion:
    taken: dict[str, Any] = {}
    mapped: dict[str, Any] = {}
    score = 0.0
    for exact in (True, False):
        for name, kind in spec.columns.items():
            if name in mapped:
                continue
            for column in columns:
                if column["name"] not in taken and _matches(name, column["name"], exact=exact):
                    taken[column["name"]] = name
                    mapped[name] = _rule(name, kind, spec, column)
                    score += _fit(kind, column) * (1.0 if exact else 0.9)
                    break
    if "outcome" in spec.columns and "outcome" not in mapped and "stage" in mapped:
        mapped |= _outcome_from_stage(mapped["stage"], columns)
    _code_and_name(spec, mapped)
    needs = [*spec.required, *("|".join(group) for group in spec.alternatives)]
    missing = tuple(need for need in needs if not any(part in mapped for part in need.split("|")))
    covered = 1 - len(missing) / len(needs)
    share = score / max(len(columns), 1)
    hint = 0.2 if _named_so(spec.name, file) else 0.0
    confidence = min(1.0, 0.8 * covered * (0.4 + 0.6 * min(share * 1.5, 1.0)) + hint)
    return Suggestion(spec.name, round(confidence, 3), mapped, missing)


def _matches(name: str, header: str, *, exact: bool) -> bool:
    form = normalise(header)
    return form == name if exact else form in _synonyms()["columns"].get(name, ())


def _fit(kind: str, column: Mapping[str, Any]) -> float:
    """How well the looks of a column agree with the kind it would have."""
    looks = column["type"]
    if kind == "text" or column["blank_share"] == 1.0:
        return 1.0
    if kind in _DATES:
        return 1.0 if looks in _DATES else 0.4
    return 1.0 if kind in _NUMBERS and looks == "number" else 0.2


def _rule(name: str, kind: str, spec: TableSpec, column: Mapping[str, Any]) -> Any:
    """The mapping of one column: its header alone, or with what the file shows about it."""
    rule: dict[str, Any] = {"from": column["name"]}
    if kind in _DATES and column["order"] and column["type"] in _DATES:
        rule["order"] = column["order"]
    if kind in _NUMBERS and column["decimal"] == ",":
        rule["decimal"] = ","
    if name in spec.values:
        values = _known_words(name, spec.values[name], column["distinct"])
        if values:
            rule["values"] = values
    return rule if len(rule) > 1 else column["name"]


def _known_words(name: str, allowed: Sequence[str], distinct: Sequence[str]) -> dict[str, str]:
    words = _synonyms()["values"].get(name, {})
    return {
        text: value
        for text in distinct
        for value in allowed
        if text != value and text.strip().casefold() in words.get(value, ())
    }


def _outcome_from_stage(stage: Any, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """An outcome read from the stage, when the stages name won and lost."""
    header = stage["from"] if isinstance(stage, dict) else stage
    column = next(each for each in columns if each["name"] == header)
    values = _known_words("outcome", ("won", "lost"), column["distinct"])
    values |= {text: text.casefold() for text in column["distinct"] if text.casefold() in ("won", "lost")}
    if "won" not in values.values():
        return {}
    return {"outcome": {"from": header, "values": values, "otherwise": "open"}}


def _code_and_name(spec: TableSpec, mapped: dict[str, Any]) -> None:
    """Where a file has a name and no code, or a code and no name, one stands for both."""
    key = spec.key[0]
    if len(spec.key) == 1 and "name" in spec.needs and (key in mapped) != ("name" in mapped):
        mapped.setdefault("name", mapped.get(key))
        mapped.setdefault(key, mapped["name"])


def _named_so(table: str, file: str) -> bool:
    stem = normalise(PurePath(file).name.split(".")[0])
    names = [table, *_synonyms()["tables"].get(table, ())]
    return any(name == stem or (len(name) > 1 and name in stem) for name in names)


@cache
def _synonyms() -> dict[str, Any]:
    text = files("steelyard.lake.imports").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar stays a string
    document["columns"] = {
        name: frozenset(normalise(each) for each in words) for name, words in document["columns"].items()
    }
    return dict(document)
