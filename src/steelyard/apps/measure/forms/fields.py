"""A declaration as fields of a form, and back: what no field shows is kept as it is."""

import json
import re
from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
Fields = dict[str, Any]
MEASURE, NUMERATOR, DENOMINATOR = "measure", "numerator", "denominator"
PARTS = (MEASURE, NUMERATOR, DENOMINATOR)
# How many conditions a part can have in the form; a document with more keeps the rest untouched.
ROWS = 6
LANGUAGES = ("en", "zh")
WORDS = ("names", "note", "gaming", "levers")
PLAIN = ("id", "dimension", "kind", "unit", "direction", "table", "date", "when", "formula", "tree", "owner")
ORDER = [
    "id",
    "version",
    "names",
    "dimension",
    "kind",
    "unit",
    "direction",
    "table",
    "date",
    "when",
    "where",
    "measure",
    "numerator",
    "denominator",
    "formula",
    "scale",
    "tree",
    "timing",
    "shift",
    "complete",
    "target",
    "otherwise",
    "note",
    "gaming",
    "levers",
    "owner",
    "floor",
    "valid_from",
]
# What a part is measured by.
HOW = ("sum", "count", "distinct", "days", "of", "quantile")
_PIECE = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,，]*))\s*(?:[,，]|$)')


def fields_of(document: Document) -> Fields:
    """What the form shows of a document; `kept` is the rest of it."""
    found: Fields = {key: document.get(key, "") for key in PLAIN}
    kept = {key: value for key, value in document.items() if key not in PLAIN}
    for key in WORDS:
        words = kept.pop(key, None) or {}
        found |= {f"{key}_{language}": words.get(language, "") for language in LANGUAGES}
    found["floor"] = kept.pop("floor", "")
    found |= _rows_of(kept, prefix="")
    for part in PARTS:
        given = kept.pop(part, None)
        if isinstance(given, Mapping):
            own, rest = _part_fields(part, given)
            found |= own
            kept |= {part: rest} if rest else {}
    for key in ("version", "valid_from"):
        kept.pop(key, None)
    return found | {"kept": json.dumps(kept, ensure_ascii=False)}


def document_of(fields: Mapping[str, Any], numbers: Mapping[str, set[str]]) -> dict[str, Any]:
    """The document that the form says; `numbers` are the columns of each part that hold numbers."""
    kept = _kept(fields.get("kept", ""))
    kind = fields.get("kind", "")
    said: dict[str, Any] = {key: text for key in PLAIN if (text := str(fields.get(key) or "").strip())}
    if kind != "formula":
        said.pop("formula", None)
    else:
        for key in ("table", "date", "when"):
            said.pop(key, None)
    for key in WORDS:
        words = {each: str(fields.get(f"{key}_{each}") or "").strip() for each in LANGUAGES}
        if any(words.values()):
            said[key] = {each: text for each, text in words.items() if text}
    if floor := str(fields.get("floor") or "").strip():
        said["floor"] = int(floor) if floor.isdecimal() else floor
    if kind != "formula" and (where := conditions_of(fields, "", kept, numbers.get("", set()))):
        said["where"] = where
    kept.pop("where", None)
    wanted = {"ratio": (NUMERATOR, DENOMINATOR), "formula": ()}.get(kind, (MEASURE,))
    for part in PARTS:
        rest = kept.pop(part, {})
        if part in wanted:
            said[part] = _part_document(part, fields, rest, numbers.get(part, set()))
    whole = {**kept, **said}
    return {key: whole[key] for key in [*ORDER, *(key for key in whole if key not in ORDER)] if key in whole}


def _kept(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except (TypeError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _part_fields(part: str, given: Document) -> tuple[Fields, dict[str, Any]]:
    rest = dict(given)
    found: Fields = {f"{part}_{key}": rest.pop(key, "") for key in ("table", "date", "when")}
    what, columns, at = "", ["", ""], ""
    match {key: value for key, value in rest.items() if key in HOW}:
        case {"sum": str(column), **more} if not more:
            what, columns[0] = "sum", column
        case {"count": "rows", **more} if not more:
            what = "count"
        case {"distinct": str(column), **more} if not more:
            what, columns[0] = "distinct", column
        case {"of": str(column), "quantile": share, **more} if not more:
            what, columns[0], at = "of", column, str(share)
        case {"days": [str(first), str(last)], "quantile": share, **more} if not more:
            what, columns, at = "days", [first, last], str(share)
    if what:
        rest = {key: value for key, value in rest.items() if key not in HOW}
    found |= {f"{part}_what": what, f"{part}_column": columns[0], f"{part}_to": columns[1], f"{part}_at": at}
    return found | _rows_of(rest, prefix=f"{part}_"), rest


def _part_document(part: str, fields: Mapping[str, Any], rest: Any, numbers: set[str]) -> dict[str, Any]:
    def said(name: str) -> str:
        return str(fields.get(f"{part}_{name}") or "").strip()

    kept = dict(rest) if isinstance(rest, Mapping) else {}
    found: dict[str, Any] = {key: said(key) for key in ("table", "date", "when") if said(key)}
    if said("what"):
        kept = {key: value for key, value in kept.items() if key not in HOW}
    match said("what"):
        case "count":
            found["count"] = "rows"
        case "of":
            found["of"] = said("column")
            found["quantile"] = _share(said("at"))
        case "days":
            found["days"] = [said("column"), said("to")]
            found["quantile"] = _share(said("at"))
        case "sum" | "distinct" as what:
            found[what] = said("column")
    where = conditions_of(fields, f"{part}_", kept, numbers)
    kept.pop("where", None)
    return {**kept, **found, **({"where": where} if where else {})}


def _share(text: str) -> Any:
    try:
        return float(text)
    except ValueError:
        return text


def _rows_of(given: dict[str, Any], *, prefix: str) -> Fields:
    """The conditions as rows of three fields; those that the form cannot hold stay in what is given."""
    where = given.pop("where", None)
    if not isinstance(where, Mapping):
        return {}
    found: Fields = {}
    beyond: dict[str, Any] = {}
    for column, held in where.items():
        row = _row_of(held)
        place = len(found) // 3
        if row is None or place >= ROWS:
            beyond[column] = held
            continue
        names = [f"{prefix}w{place}_{name}" for name in ("column", "test", "values")]
        found |= dict(zip(names, (column, *row), strict=True))
    if beyond:
        given["where"] = beyond
    return found


def _row_of(held: Any) -> tuple[str, str] | None:
    match held:
        case {"present": bool(present)}:
            return ("present" if present else "absent", "")
        case {"less": int() | float() as bound}:
            return "less", f"{bound:g}" if isinstance(bound, float) else str(bound)
        case {"more": int() | float() as bound}:
            return "more", f"{bound:g}" if isinstance(bound, float) else str(bound)
        case str() | int():
            return "in", _joined([held])
        case [*values]:
            return "in", _joined(values)
    return None


def conditions_of(
    fields: Mapping[str, Any], prefix: str, kept: Mapping[str, Any], numbers: set[str]
) -> dict[str, Any]:
    found: dict[str, Any] = dict(kept.get("where") or {})
    for place in range(ROWS):
        column, test, values = (
            str(fields.get(f"{prefix}w{place}_{name}") or "").strip() for name in ("column", "test", "values")
        )
        if column:
            found[column] = _held(test, values, is_number=column in numbers)
    return found


def _held(test: str, values: str, *, is_number: bool) -> Any:
    if test in ("present", "absent"):
        return {"present": test == "present"}
    if test in ("less", "more"):
        return {test: _number(values)}
    listed = [_number(each) if is_number else each for each in split(values)]
    return listed[0] if len(listed) == 1 else listed


def _number(text: str) -> Any:
    try:
        value = float(text)
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def split(text: str) -> list[str]:
    """`won, lost` → two values; one that holds a comma stands in quotes."""
    found, place = [], 0
    while place < len(text) and (piece := _PIECE.match(text, place)):
        quoted, bare = piece.groups()
        value = quoted.replace('""', '"') if quoted is not None else (bare or "").strip()
        if value or quoted is not None:
            found.append(value)
        if piece.end() == place:
            break
        place = piece.end()
    return found


def _joined(values: list[Any]) -> str:
    return ", ".join(_quoted(str(value)) for value in values)


def _quoted(text: str) -> str:
    is_plain = text and text == text.strip() and not re.search(r'[,，"]', text)
    return text if is_plain else '"' + text.replace('"', '""') + '"'
