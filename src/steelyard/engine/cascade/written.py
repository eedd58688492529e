"""A plan back as the document that it can be read from."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from steelyard.engine.cascade.plan import Plan, UnitPlan


def written(plan: Plan) -> dict[str, Any]:
    """Every key that says something, figures as texts."""
    document: dict[str, Any] = {
        "total": str(plan.total),
        "periods": list(plan.periods),
        "units": [_unit(unit, plan) for unit in plan.units],
        "method": plan.method,
        "minor": plan.minor,
        "kind": plan.kind,
        "root": plan.root,
        "fiscal_start": plan.fiscal_start,
        "profile": [str(share) for share in plan.profile],
        "locks": [
            {"unit": lock.unit, "period": lock.period, "value": str(lock.value)} for lock in plan.locks
        ],
        "over": _texts(plan.over),
        "extra": {unit: _texts(line) for unit, line in plan.extra.items()},
        "fixed": {unit: _texts(line) for unit, line in plan.fixed.items()},
        "step": plan.step,
        "denominator": plan.denominator,
        "country": plan.country,
    }
    return {key: _text(value) for key, value in document.items() if value not in (None, [], {})}


def _unit(unit: UnitPlan, plan: Plan) -> dict[str, Any]:
    document: dict[str, Any] = {
        "code": unit.code,
        "name": unit.name,
        "parent": unit.parent,
        "level": unit.level,
        "history": _history(unit),
        "potential": unit.potential,
        "capacity": [str(value) for value in unit.capacity],
        "leave": [str(value) for value in unit.leave],
        "joins": unit.joins,
        "leaves": unit.leaves,
        "floor": unit.floor,
        "ceiling": unit.ceiling,
        "floors": _texts(unit.floors),
        "ceilings": _texts(unit.ceilings),
        "outlook": None if unit.outlook is None else unit.outlook.as_json(),
        "denominator": _denominator(unit, plan),
    }
    return {key: _text(value) for key, value in document.items() if value not in (None, [], {})}


def _history(unit: UnitPlan) -> Any:
    figures = _labelled(unit.history, unit.history_periods)
    if not unit.history_base:
        return figures
    return {"numerator": figures, "denominator": _labelled(unit.history_base, unit.history_periods)}


def _labelled(figures: tuple[Decimal | None, ...], labels: tuple[str, ...]) -> Any:
    texts = [None if value is None else str(value) for value in figures]
    if labels:
        return dict(zip(labels, texts, strict=True))
    return texts[0] if len(texts) == 1 else texts


def _denominator(unit: UnitPlan, plan: Plan) -> Any:
    values = [str(value) for value in unit.denominator]
    return values[0] if len(values) == 1 and len(plan.periods) > 1 else values


def _texts(figures: Mapping[str, Decimal]) -> dict[str, str]:
    return {key: str(value) for key, value in figures.items()}


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal | date) else value
