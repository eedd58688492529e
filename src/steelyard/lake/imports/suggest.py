"""From the columns of a file to the table it probably feeds and a mapping for it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import PurePath
from typing import Any

from steelyard.lake.imports import known_words
from steelyard.lake.imports.approvals import ACTIVITY, EVENT_COLUMNS
from steelyard.lake.imports.detect import NO_VALUE
from steelyard.lake.imports.headers import normalise, unit_of
from steelyard.lake.tables import ORGANISATION_TABLES, TABLES, TableSpec

_DATES = ("date", "timestamp")
_NUMBERS = ("money", "number", "integer")
# Below it nobody should believe a suggestion without looking.
DOUBTFUL = 0.35
_UNKNOWN = 0.2
Column = Mapping[str, Any]
Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Suggestion:
    """A table that the file may feed. `confidence` is a share of 1; `missing` are needs without a column.

    `reasons` has, for columns that no single header feeds, a code and the headers: `joined-key` for a key
    made of several, `from-stage` and `from-days` for an outcome, `from-file` for a constant.
    """

    table: str
    confidence: float
    columns: Mapping[str, Any]
    missing: tuple[str, ...]
    reasons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def mapping(self, source: str = "") -> dict[str, Any]:
        """A mapping document that the user may go on from."""
        return {"source": source, "table": self.table, "columns": dict(self.columns)}


@dataclass
class _Draft:
    """A table being fitted to a file: header → column, column → rule, and why."""

    spec: TableSpec
    fed: dict[str, str]
    rules: dict[str, Any] = field(default_factory=dict)
    reasons: dict[str, dict[str, Any]] = field(default_factory=dict)

    def header(self, column: str) -> str:
        """The one header that feeds a column."""
        return next((header for header, fed in self.fed.items() if fed == column), "")


def suggest(columns: Sequence[Column], *, file: str, table: str = "", head: Rows = ()) -> list[Suggestion]:
    """Suggestions for an inspected file, the likeliest first; for one table alone when it is named.

    `head` are the first rows: they tell whether columns without a number of their own name each row.
    """
    specs = {**TABLES, **ORGANISATION_TABLES}
    drafts = [_Draft(spec, _fed(spec, columns)) for spec in specs.values()]
    common = Counter(header for draft in drafts for header in draft.fed)
    wanted = [draft for draft in drafts if table in ("", draft.spec.name)]
    found = [_suggestion(draft, columns, file, head, common) for draft in wanted]
    return sorted(found, key=lambda each: -each.confidence)


def _fed(spec: TableSpec, columns: Sequence[Column]) -> dict[str, str]:
    """Header → column, each once: first by own names, then by words, the likeliest word first."""
    order = list(spec.columns)
    pairs = sorted(
        (how, rank, order.index(name), place)
        for place, column in enumerate(columns)
        for how, rank, name in known_words.matches(spec, column.get("known_as", column["name"]))
        if _may_feed(spec, name, column) and _is_of_the_event(spec, column["name"], columns)
    )
    fed: dict[str, str] = {}
    for _how, _rank, name, place in pairs:
        header = columns[place]["name"]
        if header not in fed and order[name] not in fed.values():
            fed[header] = order[name]
    return fed


def _is_of_the_event(spec: TableSpec, header: str, columns: Sequence[Column]) -> bool:
    """Of an approval's form nothing stands for what its events tell: its 完成时间 is not that of a step."""
    if spec.name != "work_events" or not _are_events(columns):
        return True
    return header in EVENT_COLUMNS


def _are_events(columns: Sequence[Column]) -> bool:
    return any(column["name"] == ACTIVITY for column in columns)


def _may_feed(spec: TableSpec, name: str, column: Column) -> bool:
    """Whether the values do not speak against it: no digits in a number, no known word in an outcome."""
    texts = [text for text in column["distinct"] if text.casefold() not in NO_VALUE]
    if not texts:
        return True
    if name == "outcome" and spec.name == "opportunities":
        return any(known_words.outcome_of(text) for text in texts)
    if name == "outcome":
        allowed = spec.values[name]
        decided = known_words.value_words(name, allowed, texts)
        return bool(decided) or any(text.casefold() in allowed for text in texts)
    has_digits = any(any(letter.isdigit() for letter in text) for text in texts)
    return spec.columns[name] == "text" or has_digits


def _suggestion(
    draft: _Draft, columns: Sequence[Column], file: str, head: Rows, common: Mapping[str, int]
) -> Suggestion:
    spec = draft.spec
    by_name = {column["name"]: column for column in columns}
    for name in spec.columns:
        if header := draft.header(name):
            draft.rules[name] = _rule(name, spec, by_name[header])
    if spec.name == "opportunities":
        _settle_deal(draft, columns)
    _code_and_name(draft)
    _constants(draft, columns, file)
    if spec.key[0] not in draft.rules and len(spec.key) == 1:
        _join_key(draft, columns, head)
    needs = [*spec.required, *("|".join(group) for group in spec.alternatives)]
    missing = tuple(need for need in needs if not any(part in draft.rules for part in need.split("|")))
    made = sum(reason["code"] in ("joined-key", "from-file") for reason in draft.reasons.values())
    covered = 1 - (len(missing) + 0.1 * made) / len(needs)
    confidence = 0.8 * covered**1.5 * (0.25 + 0.75 * _strength(draft, by_name, common))
    confidence += 0.2 * (_named_so(spec.name, file) or _prefixed_so(spec.name, columns))
    if _are_events(columns):
        # Whatever the form of the requests holds, their rows have become events.
        confidence = 1.0 if spec.name == "work_events" and not missing else 0.5 * confidence
    return Suggestion(spec.name, round(min(1.0, confidence), 3), draft.rules, missing, draft.reasons)


def _strength(draft: _Draft, by_name: Mapping[str, Column], common: Mapping[str, int]) -> float:
    """How much of the file the table explains; a header that means something in few tables says more."""
    weight = {header: 1 / common[header] if common.get(header) else _UNKNOWN for header in by_name}
    kinds = draft.spec.columns
    held = sum(weight[header] * _fit(kinds[name], by_name[header]) for header, name in draft.fed.items())
    return sqrt(held / max(sum(weight.values()), 0.01) * min(1.0, held / 1.2))


def _fit(kind: str, column: Column) -> float:
    """How well the looks of a column agree with the kind it would have."""
    looks = column["type"]
    if kind == "text" or column["blank_share"] == 1.0:
        return 1.0
    if kind in _DATES:
        return 1.0 if looks in _DATES else 0.4
    return 1.0 if kind in _NUMBERS and looks == "number" else 0.2


def _rule(name: str, spec: TableSpec, column: Column) -> Any:
    """The mapping of one column: its header alone, or with what the file shows about it."""
    kind = spec.columns[name]
    rule: dict[str, Any] = {"from": column["name"]}
    if kind in _DATES and column["order"] and column["type"] in _DATES:
        rule["order"] = column["order"]
    if kind in _NUMBERS:
        if column["decimal"] == ",":
            rule["decimal"] = ","
        unit = column.get("unit", unit_of(column["name"]))
        # A title speaks of money; how many there are of something it does not say.
        is_meant = column.get("unit_from") != "title" or kind == "money" or column["name"] == "_value"
        if is_meant and unit not in ("", "1", "0.01"):
            rule["unit"] = unit
    if name in spec.values:
        rule |= _values(name, spec, column["distinct"])
    return rule if len(rule) > 1 else column["name"]


def _values(name: str, spec: TableSpec, texts: Sequence[str]) -> dict[str, Any]:
    if spec.name == "opportunities" and name == "outcome":
        values = known_words.outcome_words(texts)
        return {"values": values, "otherwise": "open"} if values else {}
    if spec.name == "work_events" and name == "outcome":
        return {"values": values} if (values := known_words.decision_words(texts)) else {}
    values = known_words.value_words(name, spec.values[name], texts)
    return {"values": values} if values else {}


def _settle_deal(draft: _Draft, columns: Sequence[Column]) -> None:
    """An outcome from the stage, or from the days of winning and losing; the day of closing from those."""
    rules, by_name = draft.rules, {column["name"]: column for column in columns}
    if "stage" not in rules and "outcome" in rules:
        rules["stage"] = draft.header("outcome")
    stage = draft.header("stage")
    values = known_words.outcome_words(by_name[stage]["distinct"]) if stage else {}
    if "outcome" not in rules and values:
        rules["outcome"] = {"from": stage, "values": values, "otherwise": "open"}
        draft.reasons["outcome"] = {"code": "from-stage", "columns": [stage]}
    days = {
        outcome: header
        for outcome, wanted in known_words.words()["ended"].items()
        for header in by_name
        if header not in draft.fed and known_words.means(header, "opportunities", wanted)
    }
    if not days:
        return
    listed = list(days.values())
    if "outcome" not in rules:
        rules["outcome"] = {"filled": days, "otherwise": "open"}
        draft.reasons["outcome"] = {"code": "from-days", "columns": listed}
    if "closed_on" not in rules:
        orders = {by_name[header]["order"] for header in listed if by_name[header]["order"]}
        order = {"order": orders.pop()} if len(orders) == 1 else {}
        rules["closed_on"] = ({"first": listed} if len(listed) > 1 else {"from": listed[0]}) | order
        draft.reasons["closed_on"] = {"code": "from-days", "columns": listed}


def _code_and_name(draft: _Draft) -> None:
    """Where a file has a name and no code, or a code and no name, one stands for both."""
    spec, rules, key = draft.spec, draft.rules, draft.spec.key[0]
    has_name = len(spec.key) == 1 and "name" in spec.needs and spec.name != "campaigns"
    if has_name and (key in rules) != ("name" in rules):
        rules.setdefault("name", rules.get(key))
        rules.setdefault(key, rules["name"])


def _constants(draft: _Draft, columns: Sequence[Column], file: str) -> None:
    """What the name of the file or of a column tells, where no column does: a scale, a channel."""
    spec, rules = draft.spec, draft.rules
    name = next((each for each in ("scale", "channel") if each in spec.needs and each not in rules), "")
    if not name or spec.name not in ("feedback", "content_days"):
        return
    hints = known_words.words()["values"]["scale"] if name == "scale" else known_words.words()["channels"]
    if value := known_words.hinted(hints, draft.header("score"), file, *(each["name"] for each in columns)):
        rules[name] = {"value": value}
        draft.reasons[name] = {"code": "from-file", "columns": []}


def _join_key(draft: _Draft, columns: Sequence[Column], head: Rows) -> None:
    """A key of several columns where no column numbers the rows; none when rows would still fall together."""
    headers = [column["name"] for column in columns]
    parts: list[str] = []
    for wanted in known_words.words()["keys"].get(draft.spec.name, ()):
        if isinstance(wanted, str):
            found = draft.header(wanted)
        else:
            named = [header for header in headers if header not in parts]
            found = next(
                (
                    each
                    for word in wanted
                    for each in named
                    if known_words.means(each, draft.spec.name, [word])
                ),
                "",
            )
        if found and found not in parts:
            parts.append(found)
    places = [headers.index(part) for part in parts]
    rows = [tuple(row[place] for place in places) for row in head]
    if not parts or len(set(rows)) < len(rows) or (len(parts) == 1 and len(rows) < 2):
        return
    key = draft.spec.key[0]
    draft.rules[key] = {"join": parts} if len(parts) > 1 else parts[0]
    draft.reasons[key] = {"code": "joined-key", "columns": parts}


def _named_so(table: str, file: str) -> bool:
    stem = normalise(PurePath(file).name.split(".")[0])
    tokens = set(stem.split("_"))
    return any(
        name == stem or name in tokens or (not name.isascii() and name in stem) or f"_{name}_" in f"_{stem}_"
        for name in known_words.table_words(table)
    )


def _prefixed_so(table: str, columns: Sequence[Column]) -> bool:
    """Whether most headers begin with the table's name."""
    return 2 * sum(known_words.has_prefix(table, column["name"]) for column in columns) > len(columns)
