"""The plan of a cascade out of its document, which was checked when it was kept.

`Plan.load` gives the same; with a thousand people it takes a second for its leniency.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from steelyard.engine.cascade import Lock, Plan, UnitPlan
from steelyard.engine.forecast.findings import Outlook

Figures = tuple[Decimal, ...]
Maybe = tuple[Decimal | None, ...]


def plan_kept(document: Mapping[str, Any]) -> Plan:
    """What `Plan.as_document` wrote."""
    periods = tuple(document["periods"])
    return Plan(
        total=Decimal(document["total"]),
        periods=periods,
        units=tuple(_unit(each) for each in document["units"]),
        method=document["method"],
        profile=_figures(document.get("profile")),
        locks=tuple(
            Lock(each["unit"], each["period"], Decimal(each["value"])) for each in document.get("locks", ())
        ),
        over=_amounts(document.get("over")),
        extra={unit: _amounts(line) for unit, line in document.get("extra", {}).items()},
        step=_maybe(document.get("step")),
        minor=int(document["minor"]),
        fixed={unit: _amounts(line) for unit, line in document.get("fixed", {}).items()},
        kind=document["kind"],
        denominator=_maybe(document.get("denominator")),
        root=document["root"],
        fiscal_start=int(document["fiscal_start"]),
        country=document.get("country"),
    )


def histories_kept(document: Mapping[str, Any]) -> dict[str, dict[str, Decimal]]:
    """Each unit's past by period, where it was kept by period."""
    found = {}
    for unit in document["units"]:
        history = unit.get("history")
        if isinstance(history, Mapping) and "numerator" not in history:
            found[unit["code"]] = {
                label: Decimal(text) for label, text in history.items() if text is not None
            }
    return found


def _unit(held: Mapping[str, Any]) -> UnitPlan:
    history, labels, base = _history(held.get("history"))
    denominator = held.get("denominator", ())
    return UnitPlan(
        code=held["code"],
        name=held.get("name", ""),
        parent=held.get("parent"),
        level=held.get("level"),
        history=history,
        history_periods=labels,
        history_base=base,
        potential=_maybe(held.get("potential")),
        capacity=_figures(held.get("capacity")),
        leave=_figures(held.get("leave")),
        joins=_day(held.get("joins")),
        leaves=_day(held.get("leaves")),
        floor=_maybe(held.get("floor")),
        ceiling=_maybe(held.get("ceiling")),
        floors=_amounts(held.get("floors")),
        ceilings=_amounts(held.get("ceilings")),
        outlook=None if held.get("outlook") is None else Outlook.from_json(held["outlook"]),
        denominator=(Decimal(denominator),) if isinstance(denominator, str) else _figures(denominator),
    )


def _history(held: Any) -> tuple[Maybe, tuple[str, ...], Maybe]:
    if held is None:
        return (), (), ()
    if isinstance(held, Mapping) and "numerator" in held:
        figures, labels, _none = _history(held["numerator"])
        return figures, labels, _history(held["denominator"])[0]
    if isinstance(held, Mapping):
        return tuple(_maybe(text) for text in held.values()), tuple(held), ()
    if isinstance(held, str):
        return (Decimal(held),), (), ()
    return tuple(_maybe(text) for text in held), (), ()


def _figures(held: Any) -> Figures:
    return tuple(Decimal(text) for text in held or ())


def _amounts(held: Any) -> dict[str, Decimal]:
    return {key: Decimal(text) for key, text in (held or {}).items()}


def _maybe(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
