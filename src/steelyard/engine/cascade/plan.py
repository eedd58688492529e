"""What is to be cascaded: a total, its periods, the units that carry it, and what is fixed beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal, get_args

from steelyard.engine.forecast.findings import Outlook

Method = Literal["equal", "history", "potential", "capacity", "fair"]
Kind = Literal["sum", "ratio"]
METHODS: tuple[Method, ...] = get_args(Method)
ROOT = "company"
# Keys of `over` that name no unit and no level: the parents of people, and every parent below the whole.
LOWEST, TEAMS = "*", "team"


@dataclass(frozen=True)
class UnitPlan:
    """A team or a person.

    Parameters
    ----------
    code, name
        The code is unique; without one the name stands for it.
    parent
        Code of the unit above; None directly below the whole.
    level
        Name of its level, for over-assignment by level.
    history
        Figures of past periods, the latest last; one figure alone is the sum of the whole past. None where
        a period has none.
    history_periods
        Their labels, where they are known.
    history_base
        Of a ratio: the past denominators; `history` then holds the numerators.
    potential
        What the method `potential` weighs by.
    capacity
        Full-time equivalents, per period of the plan; empty for 1 throughout.
    leave
        Share of each period that the person is away; empty for none.
    joins, leaves
        First and last day with a target.
    floor, ceiling
        Bounds of the total over all periods (of a ratio: of the ratio).
    floors, ceilings
        Bounds of single periods.
    outlook
        What may be reached in the periods that are still open.
    denominator
        Of a ratio: the base that the unit is planned to have, over all periods; or per period.
    """

    code: str
    name: str = ""
    parent: str | None = None
    level: str | None = None
    history: tuple[Decimal | None, ...] = ()
    history_periods: tuple[str, ...] = ()
    history_base: tuple[Decimal | None, ...] = ()
    potential: Decimal | None = None
    capacity: tuple[Decimal, ...] = ()
    leave: tuple[Decimal, ...] = ()
    joins: date | None = None
    leaves: date | None = None
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    floors: Mapping[str, Decimal] = field(default_factory=dict)
    ceilings: Mapping[str, Decimal] = field(default_factory=dict)
    outlook: Outlook | None = None
    denominator: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Lock:
    """A value that is given: of a cell, or with period None of a unit's total."""

    unit: str
    period: str | None
    value: Decimal


@dataclass(frozen=True)
class Plan:
    """What is to be cascaded. Read one with `Plan.load`; docs/reference/cascade.md tells the document.

    Parameters
    ----------
    total
        What the whole is to reach over all periods; of a ratio the ratio.
    periods
        Labels in time order.
    units
        Teams and people; whoever has no units of his own gets cells.
    method
        How the units share; see `METHODS`.
    profile
        Weights of the periods, in any scale; empty: from the history, else equal.
    locks
        Values that are given.
    over
        Declared over-assignment by unit code, by level, by depth ("0" is the whole), or for all parents
        of people ("*").
    step
        Cells are multiples of it, but for locks and the remainder; None for the smallest unit.
    minor
        Decimals of the smallest unit.
    fixed
        Closed periods: unit → period → value. Where a period is given for all who were there, it is closed.
    extra
        Amounts by which the units of a parent carry more than it in a period, beside `over`.
    kind
        `sum`, or `ratio`: numerator and denominator cascade.
    denominator
        Of a ratio: the whole's base over all periods; None when the units say theirs.
    root
        Code of the whole.
    """

    total: Decimal
    periods: tuple[str, ...]
    units: tuple[UnitPlan, ...]
    method: Method = "equal"
    profile: tuple[Decimal, ...] = ()
    locks: tuple[Lock, ...] = ()
    over: Mapping[str, Decimal] = field(default_factory=dict)
    step: Decimal | None = None
    minor: int = 0
    fixed: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    extra: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    kind: Kind = "sum"
    denominator: Decimal | None = None
    root: str = ROOT
    fiscal_start: int = 1
    country: str | None = None

    @classmethod
    def load(cls, document: "str | Mapping[str, Any]") -> "Plan":
        """Read a plan from YAML text or from the mapping that it stands for.

        Parameters
        ----------
        document
            `total`, `periods` and `units` are needed; see docs/reference/cascade.md. Names are read
            leniently, figures strictly.

        Returns
        -------
        Plan

        Raises
        ------
        Refused
            `cascade.unreadable` with `line`; all others with the `place` in the document ("units[2].floor"):
            `cascade.not-a-mapping`, `cascade.not-a-list`, `cascade.unknown-key`, `cascade.missing-key`,
            `cascade.not-a-number`, `cascade.not-a-date`, `cascade.not-text`, `cascade.below-zero`,
            `cascade.too-fine`, `cascade.too-large`, `cascade.bad-periods`, `cascade.period-twice`,
            `cascade.no-dates`, `cascade.no-units`, `cascade.unit-twice`, `cascade.unknown-unit`,
            `cascade.unknown-period`, `cascade.unknown-parent`, `cascade.cycle`, `cascade.lock-twice`,
            `cascade.bad-method`, `cascade.bad-step`, `cascade.bad-over`, `cascade.wrong-length`,
            `cascade.bad-share`, `cascade.bad-outlook`, `cascade.needs-denominator`, `cascade.ratio-history`.

        Examples
        --------
        >>> plan = Plan.load("{total: 1200, periods: 2026, units: [Ann, Bo], step: 10}")
        >>> len(plan.periods), plan.units[0].code, plan.method
        (12, 'Ann', 'equal')
        >>> Plan.load(plan.as_document()) == plan
        True
        """
        from steelyard.engine.cascade.document import read_plan

        return read_plan(document)

    def as_document(self) -> dict[str, Any]:
        """The plan as plain values that `load` reads back; figures are texts, so that none loses a digit."""
        from steelyard.engine.cascade.written import written

        return written(self)

    @cached_property
    def children(self) -> dict[str, tuple[str, ...]]:
        """The units directly below each unit and below the whole, in the plan's order."""
        found: dict[str, list[str]] = {self.root: []}
        for unit in self.units:
            if unit.code != self.root:
                found.setdefault(unit.parent or self.root, []).append(unit.code)
        return {code: tuple(below) for code, below in found.items()}

    @cached_property
    def unit(self) -> dict[str, UnitPlan]:
        """Units by code."""
        return {unit.code: unit for unit in self.units}

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Units that get cells, in the plan's order."""
        return tuple(unit.code for unit in self.units if not self.children.get(unit.code))

    def depth(self, code: str) -> int:
        """How far a unit stands below the whole; 0 for the whole itself."""
        depth = 0
        while code != self.root:
            code, depth = self.unit[code].parent or self.root, depth + 1
        return depth

    def over_of(self, code: str) -> Decimal:
        """The over-assignment declared for the units of a parent, the nearest saying first."""
        depth = self.depth(code)
        level = self.unit[code].level if code in self.unit else None
        is_lowest = not any(self.children.get(below) for below in self.children.get(code, ()))
        said = [code, level, ROOT if depth == 0 else TEAMS, str(depth), LOWEST if is_lowest else None]
        return next((self.over[key] for key in said if key is not None and key in self.over), Decimal(0))
