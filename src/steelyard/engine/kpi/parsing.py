"""Read a KPI from its YAML form; unknown keys, words and shapes are refused."""

import re
from collections.abc import Mapping
from typing import Any

from steelyard.engine.drivers.formula import Formula
from steelyard.engine.kpi.definitions import (
    DIMENSIONS,
    DIRECTIONS,
    KINDS,
    UNITS,
    Condition,
    Kpi,
    Measure,
    Part,
    Timing,
)
from steelyard.errors import Refused

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PART_KEYS = {"table", "date", "where", "timing", "when", "shift", "complete", "target", "otherwise"}
_MEASURES = {"sum", "count", "distinct", "days", "of", "quantile"}
_NEEDED = {"id", "version", "names", "dimension", "kind", "unit", "direction", "note"}
_KEYS = _NEEDED | _PART_KEYS | {"measure", "numerator", "denominator", "scale", "formula", "tree"}
_OPTIONAL = {"owner", "valid_from", "gaming", "levers", "floor"}
_MEASURE_OF = {"sum": "sum", "count": "count", "distinct": "distinct", "quantile": "quantile"}


def parse(declared: Mapping[str, Any]) -> Kpi:
    """Read one KPI.

    Parameters
    ----------
    declared
        The YAML mapping. Needed: `id`, `version`, `names` and `note` (each `en` and `zh`),
        `dimension`, `kind`, `unit`, `direction`. Then, by kind: `measure` (sum, count, distinct,
        quantile, snapshot), `numerator` and `denominator` (ratio), or `formula`. `table`, `date`,
        `where`, `timing`, `when` stand beside them and may be set again for one part of a ratio.

    Returns
    -------
    Kpi

    Raises
    ------
    Refused
        `kpi.invalid` with `kpi`, `key` and `reason` ("unknown-key", "missing-key", "unknown-value",
        "not-a-mapping", "units-differ", ...); `formula.*` for a formula or tree that cannot be read.

    Examples
    --------
    >>> parse({"id": "orders", "version": 1, "names": {"en": "Orders", "zh": "订单数"},
    ...        "dimension": "results", "kind": "count", "unit": "count", "direction": "up",
    ...        "note": {"en": "Order lines.", "zh": "订单行。"},
    ...        "table": "orders", "date": "ordered_on", "measure": {"count": "rows"}}).numerator.date
    'ordered_on'
    """
    if not isinstance(declared, Mapping):
        raise Refused("kpi.invalid", kpi="", key="", reason="not-a-mapping")
    return _Reader(declared).kpi()


class _Reader:
    """Reads one declaration; keeps it for the refusals' sake."""

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.declared = declared
        self.id = str(declared.get("id", ""))[:63]

    def refusal(self, key: str, reason: str) -> Refused:
        return Refused("kpi.invalid", kpi=self.id, key=key, reason=reason)

    def kpi(self) -> Kpi:
        given = self.declared
        self.check_keys(given, known=_KEYS | _OPTIONAL, needed=_NEEDED)
        if not IDENTIFIER.fullmatch(self.id):
            raise self.refusal("id", "unknown-value")
        if type(given["version"]) is not int or given["version"] < 1:
            raise self.refusal("version", "unknown-value")
        kind = self.one_of("kind", KINDS)
        numerator, denominator = self.parts(kind)
        scale = self.one_of("scale", ("days",)) if "scale" in given else None
        return Kpi(
            id=self.id,
            version=given["version"],
            names=self.words("names"),
            dimension=self.one_of("dimension", DIMENSIONS),
            kind=kind,
            unit=self.one_of("unit", UNITS),
            direction=self.one_of("direction", DIRECTIONS),
            note=self.words("note"),
            numerator=numerator,
            denominator=denominator,
            scale=scale,
            formula=self.formula("formula"),
            tree=self.formula("tree"),
            owner=self.text("owner"),
            valid_from=self.text("valid_from"),
            gaming=self.words("gaming") if "gaming" in given else None,
            levers=self.words("levers") if "levers" in given else None,
            floor=self.floor(),
        )

    def parts(self, kind: str) -> tuple[Part | None, Part | None]:
        given = self.declared
        wanted = {"ratio": {"numerator", "denominator"}, "formula": {"formula"}}.get(kind, {"measure"})
        present = {"measure", "numerator", "denominator", "formula"} & set(given)
        if present != wanted:
            raise self.refusal(sorted(present ^ wanted)[0], "does-not-fit-the-kind")
        if kind == "formula":
            return None, None
        if kind == "ratio":
            return self.part("numerator"), self.part("denominator")
        part = self.part("measure")
        if (part.when != "period") != (kind == "snapshot"):
            raise self.refusal("when", "does-not-fit-the-kind")
        allowed = ("sum", "count") if kind == "snapshot" else (_MEASURE_OF[kind],)
        if part.measure.kind not in allowed:
            raise self.refusal("measure", "does-not-fit-the-kind")
        return part, None

    def part(self, key: str) -> Part:
        own = self.declared[key]
        if not isinstance(own, Mapping):
            raise self.refusal(key, "not-a-mapping")
        self.check_keys(own, known=_PART_KEYS | _MEASURES)
        shared = {name: value for name, value in self.declared.items() if name in _PART_KEYS}
        merged = {**shared, **own}
        merged["where"] = {**(shared.get("where") or {}), **(own.get("where") or {})}
        for name in ("table", "date"):
            if not isinstance(merged.get(name), str) or not IDENTIFIER.fullmatch(merged[name]):
                raise self.refusal(name, "missing-key")
        if merged.get("when", "period") not in ("period", "start", "end"):
            raise self.refusal("when", "unknown-value")
        if merged.get("shift", 0) not in (0, -1, "year"):
            raise self.refusal("shift", "unknown-value")
        if merged.get("otherwise", "none") != "none" or ("otherwise" in merged and "target" not in merged):
            raise self.refusal("otherwise", "unknown-value")
        return Part(
            table=merged["table"],
            date=merged["date"],
            measure=self.measure(key, own),
            where=tuple(self.condition(column, held) for column, held in merged["where"].items()),
            timing=tuple(self.timing(one) for one in merged.get("timing", ())),
            when=merged.get("when", "period"),
            shift=merged.get("shift", 0),
            complete=merged.get("complete"),
            target=merged.get("target"),
            otherwise=merged.get("otherwise"),
        )

    def measure(self, key: str, own: Mapping[str, Any]) -> Measure:
        match {name: value for name, value in own.items() if name in _MEASURES}:
            case {"sum": str(column), **rest} if not rest:
                return Measure("sum", (column,))
            case {"count": "rows", **rest} if not rest:
                return Measure("count")
            case {"distinct": str(column), **rest} if not rest:
                return Measure("distinct", (column,))
            case {"days": [str(first), str(last)], "quantile": float(at), **rest} if not rest and 0 < at < 1:
                return Measure("quantile", (first, last), at)
            case {"of": str(column), "quantile": float(at), **rest} if not rest and 0 < at < 1:
                return Measure("quantile", (column,), at)
        raise self.refusal(key, "unknown-measure")

    def condition(self, column: str, held: Any) -> Condition:
        match held:
            case str() | int():
                return Condition(column, "in", (held,))
            case [*values] if values and all(isinstance(value, str | int) for value in values):
                return Condition(column, "in", tuple(values))
            case {"present": bool(present), **rest} if not rest:
                return Condition(column, "present" if present else "absent")
            case {"less": int() | float() as bound, **rest} if not rest:
                return Condition(column, "less", (bound,))
            case {"more": int() | float() as bound, **rest} if not rest:
                return Condition(column, "more", (bound,))
        raise self.refusal(f"where.{column}", "unknown-value")

    def timing(self, declared: Any) -> Timing:
        match declared:
            case {"column": str(column), "before": "start" | "end" as bound, **rest} if not rest:
                return Timing(column, "before", bound)
            case {"column": str(column), "from": "start" | "end" as bound, **rest} if not rest:
                return Timing(column, "from", bound)
        raise self.refusal("timing", "unknown-value")

    def floor(self) -> int | None:
        value = self.declared.get("floor")
        if value is not None and (type(value) is not int or value < 1):
            raise self.refusal("floor", "unknown-value")
        return value

    def formula(self, key: str) -> str | None:
        text = self.text(key)
        return Formula.parse(text).text if text is not None else None

    def text(self, key: str) -> str | None:
        value = self.declared.get(key)
        if value is not None and not isinstance(value, str):
            raise self.refusal(key, "not-text")
        return value

    def words(self, key: str) -> Mapping[str, str]:
        words = self.declared[key]
        if not isinstance(words, Mapping):
            raise self.refusal(key, "not-a-mapping")
        self.check_keys(words, known={"en", "zh"}, needed={"en", "zh"})
        if not all(isinstance(word, str) and word.strip() for word in words.values()):
            raise self.refusal(key, "not-text")
        return {language: word.strip() for language, word in words.items()}

    def one_of(self, key: str, allowed: tuple[str, ...]) -> Any:
        value = self.declared[key]
        if value not in allowed:
            raise self.refusal(key, "unknown-value")
        return value

    def check_keys(
        self, mapping: Mapping[str, Any], *, known: set[str], needed: set[str] | None = None
    ) -> None:
        unknown = sorted(str(key) for key in mapping if key not in known)
        if unknown:
            raise self.refusal(unknown[0], "unknown-key")
        missing = sorted((needed or set()) - set(mapping))
        if missing:
            raise self.refusal(missing[0], "missing-key")
