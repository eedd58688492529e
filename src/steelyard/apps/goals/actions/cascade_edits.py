"""Changes of a plan, each with what was there before, so that the last one can be taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal

from steelyard.engine.cascade import Lock, Plan, UnitPlan, check_fits
from steelyard.errors import Refused

What = Literal["lock", "floor", "ceiling", "potential", "leave", "over", "extra", "step", "method"]
OF_UNITS = ("floor", "ceiling", "potential", "leave")


@dataclass(frozen=True)
class Deed:
    """One thing that is set, or with value None taken away. Figures are texts, so that none loses a digit."""

    what: What
    unit: str = ""
    period: str | None = None
    value: str | None = None

    def as_json(self) -> list[Any]:
        return [self.what, self.unit, self.period, self.value]

    @classmethod
    def of_json(cls, held: Sequence[Any]) -> "Deed":
        return cls(*held)


def done(plan: Plan, deeds: Iterable[Deed]) -> tuple[Plan, list[Deed]]:
    """The plan with these changes, and the deeds that take them back; those that change nothing are left."""
    locks = {(lock.unit, lock.period): lock for lock in plan.locks}
    over, units = dict(plan.over), dict(plan.unit)
    back: list[Deed] = []
    for deed in deeds:
        was = _value_of(plan, deed, locks=locks, over=over, units=units)
        if _same(was, deed.value):
            continue
        back.append(replace(deed, value=was))
        match deed.what:
            case "lock":
                _put(locks, (deed.unit, deed.period), _lock(plan, deed))
            case "over":
                _put(over, deed.unit, None if deed.value is None else Decimal(deed.value))
            case "extra":
                plan = replace(plan, extra=_extra(plan, deed))
            case "step":
                plan = replace(plan, step=None if deed.value is None else Decimal(deed.value))
            case "method":
                plan = replace(plan, method=deed.value)  # type: ignore[arg-type]
            case _:
                units[deed.unit] = _unit(plan, units, deed)
    kept = tuple(units[unit.code] for unit in plan.units)
    return replace(plan, locks=tuple(locks.values()), over=over, units=kept), back[::-1]


def between(before: Plan, after: Plan) -> list[Deed]:
    """The deeds on locks and over-assignment that lead from one plan to another."""
    old = {(lock.unit, lock.period): str(lock.value) for lock in before.locks}
    new = {(lock.unit, lock.period): str(lock.value) for lock in after.locks}
    deeds = [
        Deed("lock", unit, period, new.get((unit, period)))
        for unit, period in {**old, **new}
        if old.get((unit, period)) != new.get((unit, period))
    ]
    for key in {**before.over, **after.over}:
        if before.over.get(key) != after.over.get(key):
            share = after.over.get(key)
            deeds.append(Deed("over", key, None, None if share is None else str(share)))
    return deeds


def _value_of(
    plan: Plan,
    deed: Deed,
    *,
    locks: Mapping[tuple[str, str | None], Lock],
    over: Mapping[str, Decimal],
    units: Mapping[str, UnitPlan],
) -> str | None:
    match deed.what:
        case "lock":
            held = locks.get((deed.unit, deed.period))
            return None if held is None else str(held.value)
        case "over":
            return _text(over.get(deed.unit))
        case "extra":
            return _text(plan.extra.get(deed.unit, {}).get(str(deed.period)))
        case "step":
            return _text(plan.step)
        case "method":
            return plan.method
    if deed.unit not in units:
        raise Refused("cascade.unknown-unit", place="units", value=deed.unit)
    unit = units[deed.unit]
    if deed.what == "leave":
        return _text(unit.leave[_place(plan, deed.period)]) if unit.leave else None
    return _text(getattr(unit, deed.what))


def _unit(plan: Plan, units: Mapping[str, UnitPlan], deed: Deed) -> UnitPlan:
    unit, value = units[deed.unit], None if deed.value is None else Decimal(deed.value)
    if deed.what != "leave":
        return replace(unit, **{deed.what: value})  # type: ignore[arg-type]
    leave = list(unit.leave or [Decimal(0)] * len(plan.periods))
    leave[_place(plan, deed.period)] = value or Decimal(0)
    return replace(unit, leave=tuple(leave) if any(leave) else ())


def _lock(plan: Plan, deed: Deed) -> Lock | None:
    if deed.unit != plan.root and deed.unit not in plan.unit:
        raise Refused("cascade.unknown-unit", place="locks", value=deed.unit)
    if deed.period is not None:
        _place(plan, deed.period)
    return None if deed.value is None else lock_of(plan, deed.unit, deed.period, deed.value)


def lock_of(plan: Plan, unit: str, period: str | None, value: str) -> Lock:
    """A lock as it is typed; the sums could not hold one that is finer than the smallest unit."""
    lock = Lock(unit, period, Decimal(value))
    if plan.kind == "sum":
        check_fits([(f"{unit} {period or ''}", lock.value)], plan.minor)
    return lock


def _extra(plan: Plan, deed: Deed) -> dict[str, dict[str, Decimal]]:
    """What the units of a parent carry beside it in one month."""
    _place(plan, deed.period)
    line = dict(plan.extra.get(deed.unit, {}))
    _put(line, deed.period, None if deed.value is None else Decimal(deed.value))
    others = {key: dict(held) for key, held in plan.extra.items() if key != deed.unit}
    return {**others, deed.unit: line} if line else others


def _place(plan: Plan, period: str | None) -> int:
    if period not in plan.periods:
        raise Refused("cascade.unknown-period", place="locks", value=str(period))
    return plan.periods.index(period)


def _put(held: dict[Any, Any], key: Any, value: Any) -> None:
    if value is None:
        held.pop(key, None)
    else:
        held[key] = value


def _same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    try:
        return Decimal(one) == Decimal(other)
    except ArithmeticError:
        return one == other


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
