"""One gap that the lenses look at: the KPI in both periods, and what a change of its factors is worth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from steelyard.engine.diagnosis.grid import year_up_to
from steelyard.engine.drivers import Formula, decompose
from steelyard.engine.kpi import Definitions, Kpi, Row, available, judge, kpi_of, summarise, target_for
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.sources import people_of
from steelyard.engine.lenses.stages import WHOLE, stages_of
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period
from steelyard.errors import Refused

RATE = "win_rate"


@dataclass(frozen=True, eq=False)
class Case:
    """The question, and the tables to answer it from."""

    tables: Tables
    kpi: Kpi
    period: Period
    baseline: Period
    against: str
    where: Mapping[str, Any]
    target_team: str | None
    base_currency: str | None
    definitions: Definitions | None
    alpha: float
    kept: dict[str, Any] = field(default_factory=dict)

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what several lenses need, read when it is first asked for."""
        if name not in self.kept:
            self.kept[name] = make()
        return self.kept[name]

    @cached_property
    def people(self) -> Organisation:
        """The organisation in time."""
        return people_of(self.tables)

    @cached_property
    def options(self) -> dict[str, Any]:
        """What every question to the KPIs is asked with."""
        return {
            "base_currency": self.base_currency,
            "definitions": self.definitions,
            "people": self.people,
        }

    @cached_property
    def usual(self) -> Period:
        """The twelve months up to the end of the baseline: what is usual is read from more than it."""
        return year_up_to(self.baseline.end, like=self.baseline)

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """The stages in order; one step, from closing to winning, where no history tells of them."""
        return stages_of(self.tables) or (WHOLE,)

    @property
    def teams_asked(self) -> tuple[str, ...] | None:
        """The teams that the question names; None where it is of all."""
        asked = self.where.get("team")
        if asked is None:
            return None
        return tuple(asked) if isinstance(asked, list | tuple) else (asked,)

    @property
    def adverse(self) -> int:
        """The sign of a change of the KPI for the worse."""
        return 1 if self.kpi.direction == "down" else -1

    @cached_property
    def rows(self) -> tuple[dict[str, Row], dict[str, Row]]:
        """The KPI and its factors, by id, in the period and in the baseline."""
        kpis = [self.kpi, *self._factors]
        asked = [self.period, self.baseline]
        found = judge(summarise(self.tables, kpis, periods=asked, where=self.where, **self.options))
        return {row.kpi: row for row in found[0::2]}, {row.kpi: row for row in found[1::2]}

    @cached_property
    def target(self) -> Decimal | None:
        """The target of the unit asked for; None where there is none."""
        if len(self.where) > 1 or not set(self.where) <= {"team", "member"}:
            return None
        kind, unit = next(iter(self.where.items()), ("company", ""))
        unit = self.target_team if kind == "team" and self.target_team else unit
        if not isinstance(unit, str):
            return None
        return target_for(
            self.tables,
            self.kpi,
            period=self.period,
            unit_kind=kind,
            unit=unit,
            definitions=self.definitions,
        )

    @property
    def actual(self) -> Fraction | None:
        """The value of the period."""
        return self.rows[0][self.kpi.id].exact

    @cached_property
    def goal(self) -> Fraction | None:
        """What the gap is measured from; Refused `diagnosis.no-target` where a target is asked for."""
        if self.against != "target":
            row = self.rows[1][self.kpi.id]
            return row.exact if row.n > 0 or self.kpi.kind == "snapshot" else None
        if self.target is None:
            raise Refused("diagnosis.no-target", 409, kpi=self.kpi.id, period=self.period.label)
        return Fraction(self.target)

    @property
    def gap(self) -> Fraction | None:
        """The value less what it is measured from."""
        if self.actual is None or self.goal is None:
            return None
        return self.actual - self.goal

    @property
    def is_adverse(self) -> bool | None:
        """Whether the gap is one for the worse."""
        return None if self.gap is None else self.gap * self.adverse > 0

    @cached_property
    def _factors(self) -> list[Kpi]:
        if self.kpi.tree is None:
            return []
        names = Formula.parse(self.kpi.tree).names
        _, refused = available(self.tables, names, definitions=self.definitions)
        return [] if refused else [kpi_of(name, definitions=self.definitions) for name in names]

    @cached_property
    def rate_weight(self) -> float | None:
        """What a win rate higher by one is worth in the KPI; None where no algebra says so."""
        if self.kpi.id == RATE:
            return 1.0
        if self.kpi.id == "opportunities_won":
            sizes = [self.rows[side][self.kpi.id] for side in (0, 1)]
            return None if not sizes else self._closed
        if not any(factor.id == RATE for factor in self._factors):
            return None
        return self._tree_weight

    @cached_property
    def closed_in_period(self) -> int:
        """How many opportunities closed in the period."""
        rows = judge(
            summarise(
                self.tables, "opportunities_closed", periods=[self.period], where=self.where, **self.options
            )
        )
        return rows[0].n

    @cached_property
    def _closed(self) -> float:
        asked = [self.period, self.baseline]
        found = judge(
            summarise(self.tables, "opportunities_closed", periods=asked, where=self.where, **self.options)
        )
        return sum(float(row.exact or 0) for row in found) / 2

    @cached_property
    def _tree_weight(self) -> float | None:
        """The Shapley value of a small change of the rate around the middle of both periods."""
        now, then = self.rows
        names = [factor.id for factor in self._factors]
        if any(side[name].exact is None for side in (now, then) for name in names):
            return None
        formula = Formula.parse(str(self.kpi.tree))
        middle = (_exact(now[RATE]) + _exact(then[RATE])) / 2
        step = Fraction(1, 1000)
        ends = [
            {name: middle + sign * step if name == RATE else _exact(side[name]) for name in names}
            for side, sign in ((now, 1), (then, -1))
        ]
        split = decompose(formula, actual=ends[0], baseline=ends[1])
        moved = next(each.contribution for each in split.contributions if each.factor == RATE)
        return moved / float(2 * step)

    def share(self, contribution: tuple[float, float, float] | None) -> dict[str, Any]:
        """Return the share of the gap that a contribution (value, low, high) in the KPI's unit explains."""
        if contribution is None:
            return {"share_code": "share.no-algebra"}
        if self.gap is None:
            return {"share_code": "share.no-gap"}
        if not self.is_adverse:
            return {"share_code": "share.gap-is-not-adverse"}
        found = sorted(_within(each / float(self.gap)) for each in contribution)
        middle = _within(contribution[0] / float(self.gap))
        return {"share": middle, "share_low": found[0], "share_high": found[-1]}

    def rate_share(self, change: tuple[float, float, float]) -> dict[str, Any]:
        """Return the share that a change of the win rate (value, low, high) explains."""
        if self.rate_weight is None:
            return {"share_code": "share.no-algebra"}
        value, low, high = (each * self.rate_weight for each in change)
        return self.share((value, low, high))


def _exact(row: Row) -> Fraction:
    assert row.exact is not None, "checked before"  # noqa: S101
    return row.exact


def _within(share: float) -> float:
    return min(1.0, max(0.0, share))
