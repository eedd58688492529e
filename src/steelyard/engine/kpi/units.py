"""Do the units of a formula fit? Money is not added to days."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.engine.drivers.formula import Formula
from steelyard.errors import Refused


@dataclass(frozen=True)
class Unit:
    """Powers of money, days, hours and scores; percent, count and times are plain numbers."""

    money: int = 0
    days: int = 0
    hours: int = 0
    score: int = 0

    @property
    def powers(self) -> tuple[int, ...]:
        """The powers in the order of the fields."""
        return (self.money, self.days, self.hours, self.score)

    def __add__(self, other: Any) -> "Unit":
        if self != _unit(other):
            raise Refused("kpi.units-differ")
        return self

    __radd__ = __sub__ = __rsub__ = __add__

    def __mul__(self, other: Any) -> "Unit":
        right = _unit(other)
        return Unit(*(own + other for own, other in zip(self.powers, right.powers, strict=True)))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Unit":
        right = _unit(other)
        return Unit(*(own - other for own, other in zip(self.powers, right.powers, strict=True)))

    def __rtruediv__(self, other: Any) -> "Unit":
        return _unit(other) / self

    def __neg__(self) -> "Unit":
        return self


_PLAIN = Unit()
UNIT_OF = {
    "money": Unit(money=1),
    "days": Unit(days=1),
    "hours": Unit(hours=1),
    "score": Unit(score=1),
    "percent": _PLAIN,
    "count": _PLAIN,
    "times": _PLAIN,
}


def check_units(formula: Formula, *, units: Mapping[str, str], result: str, kpi: str) -> None:
    """Refuse a formula whose terms have different units, or whose result has not the declared one.

    >>> check_units(Formula.parse("a * b"), units={"a": "money", "b": "percent"}, result="money", kpi="c")
    """
    try:
        found = _unit(formula.evaluate({name: UNIT_OF[units[name]] for name in formula.names}))
    except Refused as error:
        raise Refused("kpi.invalid", kpi=kpi, key=formula.text, reason="units-differ") from error
    if found != UNIT_OF[result]:
        raise Refused("kpi.invalid", kpi=kpi, key=formula.text, reason="units-differ")


def _unit(value: Any) -> Unit:
    return value if isinstance(value, Unit) else _PLAIN
