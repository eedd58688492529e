"""The units of a plan's document: a list, or teams with their people inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from steelyard.engine.cascade import reading
from steelyard.engine.cascade.plan import ROOT, UnitPlan
from steelyard.engine.cascade.reading import close, under
from steelyard.engine.cascade.spans import dated, past_labels, weekdays
from steelyard.engine.forecast.findings import Outlook
from steelyard.engine.periods import Period
from steelyard.errors import Refused


def _names(*groups: str) -> dict[str, str]:
    return {name: group.split()[0] for group in groups for name in group.split()}


UNIT_KEYS = _names(
    "code id key unit person member",
    "name names title",
    "parent team manager",
    "level kind type",
    "units members people teams children persons",
    "history past actuals last_year previous",
    "potential weight",
    "capacity fte heads",
    "leave absence away",
    "joins joined start joins_on from hired",
    "leaves left end leaves_on until to",
    "floor min minimum",
    "ceiling max maximum cap",
    "floors",
    "ceilings",
    "outlook forecast",
    "mean",
    "spread sd std",
    "denominator base",
    "lock locks locked",
)
CODES = {name for name, key in UNIT_KEYS.items() if key == "code"}
_DEPTH = 12
NestedLock = tuple[str, Any, Any, str]


@dataclass
class Found:
    """The units in the order of the document, and the locks that were written at them."""

    units: list[UnitPlan] = field(default_factory=list)
    locks: list[NestedLock] = field(default_factory=list)


@dataclass(frozen=True)
class _Frame:
    """What every unit is read against."""

    periods: tuple[str, ...]
    spans: tuple[Period, ...] | None
    fiscal_start: int
    kind: str


def read_units(found: Any, *, periods: tuple[str, ...], fiscal_start: int, kind: str) -> Found:
    """Read units as a list of mappings or names, or as a mapping from code to what is said of it."""
    result = Found()
    frame = _Frame(periods, dated(periods, fiscal_start), fiscal_start, kind)
    _read(found, None, "units", frame, result, depth=0)
    if not result.units:
        raise Refused("cascade.no-units", place="units")
    _check_codes(result.units)
    result.units = _with_parents(result.units)
    _check_cycles(result.units)
    return result


def _read(found: Any, parent: str | None, place: str, frame: _Frame, result: Found, *, depth: int) -> None:
    if depth > _DEPTH:
        raise Refused("cascade.cycle", units=(parent or "",))
    if isinstance(found, Mapping):
        lines = [(under(place, str(code)), _line(code, said)) for code, said in found.items()]
    else:
        listed = enumerate(reading.items(found, place))
        lines = [(f"{place}[{index}]", said) for index, said in listed]
    for here, said in lines:
        _read_one(said, parent, here, frame, result, depth=depth)


def _line(code: Any, said: Any) -> Any:
    """`Ann: 1200` says a history, `Ann:` nothing, `Ann: {…}` all the rest, `Team: [Ann, Bo]` its units."""
    if isinstance(said, Mapping):
        return said if CODES & set(said) else {"code": code, **said}
    if reading.is_empty(said):
        return {"code": code}
    if isinstance(said, list | tuple) and not _are_figures(said):
        return {"code": code, "units": said}
    return {"code": code, "history": said}


def _are_figures(said: Iterable[Any]) -> bool:
    try:
        return all(reading.is_empty(one) or bool(reading.number(one, "") is not None) for one in said)
    except Refused:
        return False


def _read_one(said: Any, parent: str | None, place: str, frame: _Frame, result: Found, *, depth: int) -> None:
    if isinstance(said, str | int) and not isinstance(said, bool):
        said = {"code": said}
    line = reading.named(said, UNIT_KEYS, place)
    if "code" not in line and "name" not in line:
        raise Refused("cascade.missing-key", place=under(place, "code"))
    code = reading.text(line.get("code", line.get("name")), under(place, "code"))
    above = parent if "parent" not in line else reading.text(line["parent"], under(place, "parent"))
    at = len(result.units)
    result.units.append(_unit(line, code, above, place, frame))
    if "lock" in line:
        here = under(place, "lock")
        result.locks += [(code, period, value, here) for period, value in _lock_pairs(line["lock"], here)]
    if "units" in line:
        _read(line["units"], code, under(place, "units"), frame, result, depth=depth + 1)
        if len(result.units) == at + 1:
            raise Refused("cascade.no-units", place=under(place, "units"))


def _lock_pairs(found: Any, place: str) -> list[tuple[Any, Any]]:
    """Period and value of a unit's locks: a figure for its total, by period, or a list of both."""
    if isinstance(found, list | tuple):
        lines = [reading.mapping(one, f"{place}[{index}]") for index, one in enumerate(found)]
        return [(line.get("period"), line.get("value")) for line in lines]
    if isinstance(found, Mapping) and "value" in found:
        return [(found.get("period"), found["value"])]
    return list(found.items()) if isinstance(found, Mapping) else [(None, found)]


def _unit(line: Mapping[str, Any], code: str, parent: str | None, place: str, frame: _Frame) -> UnitPlan:
    def at(key: str) -> str:
        return under(place, key)

    history, labels, base = _history(line.get("history"), at("history"), frame)
    floor, floors = _bound(line.get("floor"), line.get("floors"), at("floor"), frame)
    ceiling, ceilings = _bound(line.get("ceiling"), line.get("ceilings"), at("ceiling"), frame)
    return UnitPlan(
        code=code,
        name=reading.text(line["name"], at("name")) if "name" in line else code,
        parent=parent,
        level=reading.text(line["level"], at("level")) if "level" in line else None,
        history=history,
        history_periods=labels,
        history_base=base,
        potential=None if "potential" not in line else reading.amount(line["potential"], at("potential")),
        capacity=_series(line.get("capacity"), at("capacity"), frame, absent=Decimal(1)),
        leave=_leave(line.get("leave"), at("leave"), frame),
        joins=reading.day(line["joins"], at("joins")) if "joins" in line else None,
        leaves=reading.day(line["leaves"], at("leaves"), is_last=True) if "leaves" in line else None,
        floor=floor,
        ceiling=ceiling,
        floors=floors,
        ceilings=ceilings,
        outlook=_outlook(line, place, frame),
        denominator=_denominator(line.get("denominator"), at("denominator"), frame),
    )


def _history(
    found: Any, place: str, frame: _Frame
) -> tuple[tuple[Decimal | None, ...], tuple[str, ...], tuple[Decimal | None, ...]]:
    """Figures, their labels, and of a ratio the denominators."""
    if found is None:
        return (), (), ()
    if isinstance(found, Mapping) and "numerator" in found:
        parts = replace(frame, kind="sum")
        top, labels, _ = _history(found["numerator"], under(place, "numerator"), parts)
        base, _, _ = _history(found.get("denominator"), under(place, "denominator"), parts)
        if len(top) != len(base):
            raise Refused("cascade.wrong-length", place=place, found=len(base), needed=len(top))
        return top, labels, base
    if frame.kind == "ratio" and isinstance(found, Mapping | list | tuple):
        raise Refused("cascade.ratio-history", place=place)
    if isinstance(found, Mapping):
        pairs = sorted((str(key).strip(), value) for key, value in found.items())
        labels = tuple(label for label, _ in pairs)
        return tuple(_maybe(value, under(place, label)) for label, value in pairs), labels, ()
    if isinstance(found, list | tuple):
        figures = tuple(_maybe(value, f"{place}[{index}]") for index, value in enumerate(found))
        labels = past_labels(frame.periods, len(figures), frame.fiscal_start) if len(figures) > 1 else ()
        return figures, labels, ()
    return (reading.number(found, place),), (), ()


def _maybe(found: Any, place: str) -> Decimal | None:
    return None if reading.is_empty(found) else reading.number(found, place)


def _bound(one: Any, several: Any, place: str, frame: _Frame) -> tuple[Decimal | None, dict[str, Decimal]]:
    """A bound of the total, and those of periods; `floor: {2026-01: 5}` says the latter."""
    if isinstance(one, Mapping):
        one, several = None, {**one, **(several or {})}
    bounds = {
        str(key).strip(): reading.amount(value, under(place, str(key)))
        for key, value in reading.mapping(several or {}, place).items()
    }
    for label in bounds:
        if label not in frame.periods:
            raise Refused("cascade.unknown-period", place=under(place, label), value=label[:63])
    return (None if one is None else reading.amount(one, place)), bounds


def _series(found: Any, place: str, frame: _Frame, *, absent: Decimal) -> tuple[Decimal, ...]:
    """One figure for all periods, a list of as many as there are periods, or a mapping of some."""
    if found is None:
        return ()
    if isinstance(found, Mapping):
        known = {str(key).strip(): value for key, value in found.items()}
        for label in known:
            if label not in frame.periods:
                raise Refused("cascade.unknown-period", place=under(place, label), value=label[:63])
        values = [known.get(label, absent) for label in frame.periods]
    elif isinstance(found, list | tuple):
        values = list(found)
    else:
        values = [found] * len(frame.periods)
    if len(values) != len(frame.periods):
        raise Refused("cascade.wrong-length", place=place, found=len(values), needed=len(frame.periods))
    return tuple(reading.amount(value, place) for value in values)


def _leave(found: Any, place: str, frame: _Frame) -> tuple[Decimal, ...]:
    """Shares of the periods; a figure above 1 is working days, Monday to Friday."""
    days = _series(found, place, frame, absent=Decimal(0))
    shares = []
    for index, value in enumerate(days):
        if value > 1:
            if frame.spans is None:
                raise Refused("cascade.bad-share", place=place, value=str(value))
            value = value / max(weekdays(frame.spans[index]), 1)
        if value > 1:
            raise Refused("cascade.bad-share", place=place, value=str(days[index]))
        shares.append(value)
    return tuple(shares)


def _denominator(found: Any, place: str, frame: _Frame) -> tuple[Decimal, ...]:
    """One figure over all periods, or one per period."""
    if found is None:
        return ()
    if not isinstance(found, Mapping | list | tuple):
        return (reading.amount(found, place),)
    return _series(found, place, frame, absent=Decimal(0))


def _outlook(line: Mapping[str, Any], place: str, frame: _Frame) -> Outlook | None:
    """What a forecast gave, or mean and spread of the total of the open periods."""
    found = line.get("outlook")
    if isinstance(found, Outlook):
        return found
    if isinstance(found, Mapping) and "totals" in found:
        return Outlook.from_json({key: _plain(value) for key, value in found.items()})
    if found is None and "mean" not in line and "spread" not in line:
        return None
    said = line if found is None else reading.mapping(found, under(place, "outlook"))
    if "mean" not in said or "spread" not in said:
        raise Refused("cascade.bad-outlook", place=under(place, "outlook"))
    mean, spread = (_summed(said[key], under(place, key)) for key in ("mean", "spread"))
    if spread < 0:
        raise Refused("cascade.below-zero", place=under(place, "spread"), value=str(spread))
    return Outlook.normal(mean=float(mean), spread=float(spread), periods=len(frame.periods))


def _summed(found: Any, place: str) -> Decimal:
    """One figure for the total, or a list to add up: spreads, too, for months move together."""
    if isinstance(found, list | tuple):
        return sum((reading.number(one, place) for one in found), Decimal(0))
    return reading.number(found, place)


def _plain(found: Any) -> Any:
    """Texts of a YAML document back to the figures that an outlook's JSON has."""
    if isinstance(found, Mapping):
        return {key: _plain(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_plain(one) for one in found]
    if not isinstance(found, str):
        return found
    if reading.is_empty(found):
        return None
    try:
        return int(found) if found.isdecimal() else float(found)
    except ValueError:
        return found


def _check_codes(units: Sequence[UnitPlan]) -> None:
    seen: set[str] = set()
    for index, unit in enumerate(units):
        if unit.code in seen:
            raise Refused("cascade.unit-twice", place=f"units[{index}]", value=unit.code)
        seen.add(unit.code)


def _with_parents(units: list[UnitPlan]) -> list[UnitPlan]:
    """Parents by their codes; a name that one unit alone bears stands for its code."""
    codes = {unit.code for unit in units}
    names: dict[str, list[str]] = {}
    for unit in units:
        names.setdefault(unit.name, []).append(unit.code)
    result = []
    for unit in units:
        if unit.parent is None or unit.parent in codes:
            result.append(unit)
        elif len(names.get(unit.parent, ())) == 1:
            result.append(replace(unit, parent=names[unit.parent][0]))
        elif unit.parent == ROOT:
            result.append(replace(unit, parent=None))
        else:
            suggestion = close(unit.parent, [*codes, *names])
            raise Refused("cascade.unknown-parent", unit=unit.code, parent=unit.parent, suggestion=suggestion)
    return result


def _check_cycles(units: Sequence[UnitPlan]) -> None:
    parents = {unit.code: unit.parent for unit in units}
    sound: set[str] = set()
    for code in parents:
        path: list[str] = []
        at: str | None = code
        while at is not None and at not in sound:
            if at in path:
                raise Refused("cascade.cycle", units=tuple(path[path.index(at) :]))
            path.append(at)
            at = parents[at]
        sound.update(path)
