"""A cascade as a sheet: units down, months across; read from what is kept, without dividing again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from steelyard.apps.goals.models import Cascade
from steelyard.engine.cascade import Allocation, Plan
from steelyard.engine.cascade.findings import Cell, Total

Row3 = tuple[str | None, str | None, str | None]
# Below this chance somebody is set up to fail.
LOW_CHANCE = 0.2
SMALLEST_SHARE = Decimal("0.0001")


@dataclass(frozen=True)
class Line:
    """One unit of the sheet. `values` by period; of a ratio `bases` are the denominators."""

    key: str
    name: str
    parent: str | None
    depth: int
    is_parent: bool
    values: tuple[Decimal | None, ...]
    total: Decimal | None
    chance: float | None = None
    locked: frozenset[str | None] = frozenset()
    closed: frozenset[str] = frozenset()
    numerators: tuple[Decimal | None, ...] = ()
    denominators: tuple[Decimal | None, ...] = ()
    over: Decimal = Decimal(0)

    @property
    def is_person(self) -> bool:
        return self.key.startswith("member:")

    @property
    def is_low(self) -> bool:
        return self.chance is not None and self.chance < LOW_CHANCE


@dataclass(frozen=True)
class Sheet:
    """`lines` in the order of the tree, the whole first."""

    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    kind: str
    method: str
    minor: int
    step: Decimal | None
    total: Decimal
    fairness: Mapping[str, Any] | None = None
    warnings: tuple[Mapping[str, Any], ...] = ()
    declared: tuple[Mapping[str, Any], ...] = ()
    is_exact: bool = True
    over: Mapping[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Line:
        return self.lines[0]

    @cached_property
    def by_key(self) -> dict[str, Line]:
        return {line.key: line for line in self.lines}

    @property
    def people(self) -> list[Line]:
        return [line for line in self.lines if not line.is_parent]

    @property
    def teams(self) -> list[Line]:
        return [line for line in self.lines[1:] if line.is_parent]

    @property
    def low(self) -> list[Line]:
        return [line for line in self.people if line.is_low]

    @property
    def is_ratio(self) -> bool:
        return self.kind == "ratio"


def kept(plan: Plan, allocation: Allocation) -> dict[str, Any]:
    """What is kept of an allocation: the tree, and each unit's figures as exact texts."""
    found: dict[str, list[Any]] = {}
    place = {label: at for at, label in enumerate(plan.periods)}
    parts: list[Cell | Total] = [*allocation.cells]
    parts += [each for each in allocation.totals if each.period is not None]
    for one in parts:
        row = found.setdefault(one.unit, [None] * len(plan.periods))
        row[place[str(one.period)]] = _figure(one)
    totals = {one.unit: _figure(one) for one in allocation.totals if one.period is None}
    locks: dict[str, list[str | None]] = {}
    for lock in plan.locks:
        locks.setdefault(lock.unit, []).append(lock.period)
    return {
        "units": [[key, name, parent, depth] for key, name, parent, depth in tree(plan)],
        "rows": found,
        "totals": totals,
        "locks": locks,
        "closed": {unit: list(held) for unit, held in plan.fixed.items() if held},
        "chances": {
            unit: _short(chance) for unit, chance in allocation.chances.items() if chance is not None
        },
        "fairness": allocation.fairness.as_json() if allocation.fairness else None,
        "warnings": [each.as_json() for each in allocation.warnings],
        "declared": [
            {"unit": each.unit, "share": str(each.share), "value": str(each.value)}
            for each in allocation.declared
        ],
        "is_exact": allocation.is_exact,
        "method": plan.method,
        "kind": plan.kind,
        "minor": plan.minor,
        "step": None if plan.step is None else str(plan.step),
        "total": str(plan.total),
        "over": {key: str(share) for key, share in plan.over.items()},
        "periods": list(plan.periods),
    }


def tree(plan: Plan) -> list[tuple[str, str, str | None, int]]:
    """(key, name, parent, depth) of the whole and every unit, each below the one that it belongs to."""
    names = {unit.code: unit.name or unit.code for unit in plan.units}
    found: list[tuple[str, str, str | None, int]] = []
    waiting: list[tuple[str, str | None, int]] = [(plan.root, None, 0)]
    while waiting:
        key, parent, depth = waiting.pop()
        found.append((key, names.get(key, ""), parent, depth))
        below = plan.children.get(key, ())
        # Teams before people, each in the order of the plan, which is that of names.
        ordered = [each for each in below if plan.children.get(each)]
        ordered += [each for each in below if not plan.children.get(each)]
        waiting += [(each, key, depth + 1) for each in reversed(ordered)]
    return found


def sheet_of(cascade: Cascade) -> Sheet:
    """The sheet of what was divided last; the whole of a team has the team's name."""
    sheet = read((cascade.result or {})["sheet"])
    team = cascade.goal.team
    if team is None or sheet.root.name:
        return sheet
    return replace(sheet, lines=(replace(sheet.root, name=team.name), *sheet.lines[1:]))


def read(held: Mapping[str, Any]) -> Sheet:
    parents = {parent for _key, _name, parent, _depth in held["units"]}
    lines = tuple(_line(held, unit, is_parent=unit[0] in parents) for unit in held["units"])
    return Sheet(
        periods=tuple(held["periods"]),
        lines=lines,
        kind=held["kind"],
        method=held["method"],
        minor=held["minor"],
        step=None if held["step"] is None else Decimal(held["step"]),
        total=Decimal(held["total"]),
        fairness=held["fairness"],
        warnings=tuple(held["warnings"]),
        declared=tuple(held["declared"]),
        is_exact=held["is_exact"],
        over=held["over"],
    )


def _line(held: Mapping[str, Any], unit: Sequence[Any], *, is_parent: bool) -> Line:
    key, name, parent, depth = unit
    row = [_parts(each) for each in held["rows"].get(key, ())]
    total = _parts(held["totals"].get(key))
    over = sum((_share(each, total[0]) for each in held["declared"] if each["unit"] == key), Decimal(0))
    return Line(
        key=key,
        name=name,
        parent=parent,
        depth=depth,
        is_parent=is_parent,
        values=tuple(_decimal(each[0]) for each in row),
        total=_decimal(total[0]),
        chance=held["chances"].get(key),
        locked=frozenset(held["locks"].get(key, ())),
        closed=frozenset(held["closed"].get(key, ())),
        numerators=tuple(_decimal(each[1]) for each in row),
        denominators=tuple(_decimal(each[2]) for each in row),
        over=over,
    )


def _share(declared: Mapping[str, Any], total: str | None) -> Decimal:
    """The declared share; of a difference in single months, the share of the total that it comes to."""
    share, value = Decimal(declared["share"]), Decimal(declared["value"])
    if share or not value or total is None or not Decimal(total):
        return share
    found = (value / Decimal(total)).quantize(SMALLEST_SHARE)
    return found or SMALLEST_SHARE.copy_sign(value)


def visible(sheet: Sheet, opened: Iterable[str]) -> list[Line]:
    """The whole and what stands below units that are opened."""
    shown, known = [], {sheet.root.key} | set(opened)
    for line in sheet.lines:
        if line.parent is None or line.parent in known:
            shown.append(line)
        elif line.key in known:
            known.discard(line.key)
    return shown


def _figure(one: Cell | Total) -> Any:
    if one.denominator is None:
        return None if one.value is None else str(one.value)
    return [str(one.value) if one.value is not None else None, str(one.numerator), str(one.denominator)]


def _parts(held: Any) -> Row3:
    return tuple(held) if isinstance(held, list) else (held, None, None)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _short(value: float) -> float:
    return float(f"{value:.6g}")
