"""Why is a KPI where it is: one function from tables to a finding."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from steelyard.engine import organisation
from steelyard.engine.diagnosis import history as past
from steelyard.engine.diagnosis.choice import candidates
from steelyard.engine.diagnosis.drivers import TARGET, split, squares_of, strongest
from steelyard.engine.diagnosis.finding import (
    Change,
    Diagnosis,
    Driver,
    SegmentFinding,
    SignalFinding,
)
from steelyard.engine.diagnosis.grid import Grid, read_grid
from steelyard.engine.diagnosis.segments import Located, bright_units, effects, locate
from steelyard.engine.diagnosis.verdict import verdict_of
from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import (
    Definitions,
    Kpi,
    Row,
    available,
    dimensions,
    judge,
    kpi_of,
    summarise,
    target_for,
)
from steelyard.engine.kpi.expand import parts_of
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.kpi.sources import prepare
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import RANGE, Period
from steelyard.errors import Refused

MOST_DIMENSIONS = 6
MOST_UNITS = 500
MOST_CUTS = 2
Missing = dict[str, str]


def diagnose(
    tables: Tables,
    kpi: Kpi | str,
    *,
    period: Period | str,
    against: Period | str = "year-ago",
    where: Mapping[str, Any] | None = None,
    target_team: str | None = None,
    fiscal_start: int = 1,
    base_currency: str | None = None,
    max_dimensions: int = MOST_DIMENSIONS,
    alpha: float = 0.05,
    definitions: Definitions | None = None,
) -> Diagnosis:
    """Explain the gap of a KPI: signal, drivers, segments, bright spots, since when.

    Parameters
    ----------
    tables
        The lake's tables by name; opportunities alone are enough.
    kpi, period, where, base_currency, definitions
        As for `summarise`.
    against
        `"previous"`, `"year-ago"`, `"target"`, or a period.
    target_team
        Whose target counts where `where` lists a team together with those below it.
    fiscal_start
        For periods given by name.
    max_dimensions
        How many dimensions are searched for segments at most.
    alpha
        Chance of naming a segment where nothing happened.

    Returns
    -------
    Diagnosis
        Codes and numbers. Without records in the baseline the verdict is `"no-baseline"`, without a value
        in the period `"no-data"`; `missing` says what a fuller answer would need.

    Raises
    ------
    Refused
        `diagnosis.no-target` when there is none for the KPI, period and unit; as `summarise`.

    Notes
    -----
    The KPI tree is split by Shapley values; against a target, the distance from last year's value to the
    target stands among the drivers as `target`. The strongest driver is cut into segments: localisation
    names them, and each is then tested against the rest of the table with both periods taken as samples,
    corrected for all segments looked at. The rates of segments are expected from the twelve months up to
    the baseline's end, which halves the noise; their contributions are to the baseline itself. A change
    that all segments share is nobody's. Wrong where records come in clusters (one customer, many deals):
    then p-values are too small.
    Cost: two scans for values and history, two for segments and units, one for the date of the change.

    Source: Shapley (1953); Kulldorff (1997), A spatial scan statistic; Wheeler (2000), Understanding
    Variation; see the functions used.

    Examples
    --------
    >>> import ibis
    >>> from datetime import date
    >>> deals = ibis.memtable({
    ...     "owner": ["ann"] * 4, "outcome": ["won", "lost", "won", "won"], "amount": [5.0, 9.0, 7.0, 9.0],
    ...     "closed_on": [date(2024, 5, 6), date(2024, 5, 7), date(2023, 5, 6), date(2023, 5, 7)],
    ... })
    >>> found = diagnose({"opportunities": deals}, "won_revenue", period="2024-Q2")
    >>> found.gap, found.drivers[0].kpi, found.residual, found.verdict
    (Decimal('-11.00'), 'win_rate', 0.0, 'too-early')
    """
    case = _Case(
        tables,
        kpi,
        where=where,
        target_team=target_team,
        base_currency=base_currency,
        definitions=definitions,
    )
    when = Period.parse(period, fiscal_start) if isinstance(period, str) else period
    baseline = baseline_of(when, against, fiscal_start=fiscal_start)
    return case.diagnosis(when, baseline, against=against, limit=max_dimensions, alpha=alpha)


def baseline_of(period: Period, against: Period | str, *, fiscal_start: int) -> Period:
    """Return the period that a gap is measured from; against a target that of a year ago."""
    if isinstance(against, Period):
        return against
    if against == "previous":
        return period.previous()
    if against in ("year-ago", "target"):
        return period.year_ago()
    return Period.parse(against, fiscal_start)


@dataclass(frozen=True, eq=False)
class _Look:
    """One driver cut into segments; `weight` turns its change into the KPI's, `scale` its baseline."""

    grid: Grid
    located: Located
    weight: float
    scale: float
    units: tuple[SegmentFinding, ...] = ()


class _Case:
    """One KPI on one set of tables; what several steps need is read once."""

    def __init__(
        self,
        tables: Tables,
        kpi: Kpi | str,
        *,
        where: Mapping[str, Any] | None,
        target_team: str | None,
        base_currency: str | None,
        definitions: Definitions | None,
    ) -> None:
        self.tables, self.definitions = tables, definitions
        self.kpi = kpi_of(kpi, definitions=definitions)
        text = self.kpi.tree or self.kpi.formula
        self.tree = Formula.parse(text) if text else None
        self.where, self.target_team = dict(where or {}), target_team
        self.people: Organisation = organisation.read(tables)
        self.options: dict[str, Any] = {
            "base_currency": base_currency,
            "definitions": definitions,
            "people": self.people,
        }
        self.missing: list[Missing] = []
        parts = [part for each in self.known() for part in parts_of(each, definitions=definitions)]
        self.tables = prepare(tables, (part.table for part in parts))
        self.tree = self.usable_tree()

    @property
    def adverse(self) -> int:
        """The sign of a change for the worse."""
        return 1 if self.kpi.direction == "down" else -1

    def usable_tree(self) -> Formula | None:
        """The tree (or formula) of the KPI, if every factor can be read."""
        if self.tree is None:
            return None
        _, refused = available(self.tables, self.tree.names, definitions=self.definitions)
        for refusal in refused.values():
            self.note(**{name: str(value) for name, value in refusal.params.items()}, code=refusal.code)
        return None if refused else self.tree

    def note(self, **missing: str) -> None:
        if missing not in self.missing:
            self.missing.append(missing)

    def diagnosis(
        self, period: Period, baseline: Period, *, against: Period | str, limit: int, alpha: float
    ) -> Diagnosis:
        now, then = self.values(period, baseline)
        series = past.read_history(self.tables, self.kpi, period=period, where=self.where, **self.options)
        target = self.target(period) if against == "target" else None
        actual, start = now[self.kpi.id], then[self.kpi.id]
        goal = start.exact if target is None else Fraction(target)
        has_start = start.exact is not None and (start.n > 0 or self.kpi.kind == "snapshot")
        signal = past.signal_of(self.kpi, series.own)
        self.note_gaps(
            signal, has_start=has_start, target=target, against=against, is_range=period.grain == RANGE
        )
        is_known = actual.exact is not None and goal is not None and (has_start or target is not None)
        gap = actual.exact - goal if is_known and actual.exact is not None and goal is not None else None
        drivers: tuple[Driver, ...] = ()
        residual = None
        if self.tree is not None and gap is not None and has_start:
            drivers, residual = self.drivers(now, then, target=target)
        looked: _Look | None = None
        if gap is not None and has_start and limit > 0:
            worth = {kpi.id: self.weight(kpi, drivers, now, then, period) for kpi in self.cuts(drivers, gap)}
            scale = self.scale(start, target)
            looked = self.look(worth, period, baseline, scale=scale, gap=gap, limit=limit, alpha=alpha)
        grid = looked.grid if looked else None
        segments = looked.located.segments if looked else ()
        return Diagnosis(
            kpi=self.kpi.id,
            period=period.label,
            against=against.label if isinstance(against, Period) else against,
            baseline_period=baseline.label if has_start else None,
            unit=self.kpi.unit,
            direction=self.kpi.direction,
            where=self.where,
            actual=actual.value,
            baseline=self.shown(goal, start, target) if is_known else None,
            gap=self.difference(gap),
            n=actual.n,
            signal=signal,
            drivers=drivers,
            residual=residual,
            driver=grid.kpi.id if grid is not None else None,
            mix_and_rate=effects(grid) if grid is not None else (),
            dimensions=grid.names if grid is not None else (),
            segments=segments,
            rest=looked.located.rest if looked else None,
            bright_spots=(*looked.located.bright_spots, *looked.units) if looked else (),
            since={
                "kpi": past.change_of(series.fine),
                "segment": self.change_in(grid.kpi, segments, period) if grid is not None else None,
            },
            history=past.shown(series.own),
            verdict=verdict_of(
                actual,
                gap,
                looked.located.segments if looked else None,
                signal,
                adverse=self.adverse,
                against=against,
            ),
            missing=tuple(self.missing),
            versions={kpi.id: kpi.version for kpi in self.known()},
        )

    def values(self, period: Period, baseline: Period) -> tuple[dict[str, Row], dict[str, Row]]:
        """Read the KPI and its factors in both periods."""
        kpi, *factors = self.known()
        kpis = list({each.id: each for each in [kpi, *factors, *squares_of(factors)]}.values())
        rows = judge(
            summarise(self.tables, kpis, periods=[period, baseline], where=self.where, **self.options)
        )
        return {row.kpi: row for row in rows[0::2]}, {row.kpi: row for row in rows[1::2]}

    def target(self, period: Period) -> Decimal:
        unit_kind, unit = "company", ""
        if self.where:
            unit_kind, unit = next(iter(self.where.items()))
        if unit_kind == "team" and self.target_team is not None:
            unit = self.target_team
        found = None
        if len(self.where) <= 1 and unit_kind in ("company", "team", "member") and isinstance(unit, str):
            found = target_for(
                self.tables,
                self.kpi,
                period=period,
                unit_kind=unit_kind,
                unit=unit,
                definitions=self.definitions,
            )
        if found is None:
            raise Refused("diagnosis.no-target", 409, kpi=self.kpi.id, period=period.label)
        return found

    def note_gaps(
        self, signal: SignalFinding, *, has_start: bool, target: Any, against: Any, is_range: bool
    ) -> None:
        """Say what a fuller answer would need."""
        if not has_start:
            self.note(
                code="diagnosis.no-baseline", against="year-ago" if target is not None else str(against)
            )
        if is_range:
            self.note(code="diagnosis.range-has-no-series")
        elif signal.status == "too-early":
            self.note(code="diagnosis.short-history")
        if not self.people.is_known:
            self.note(code="diagnosis.no-organisation")

    def drivers(
        self, now: Mapping[str, Row], then: Mapping[str, Row], *, target: Decimal | None
    ) -> tuple[tuple[Driver, ...], float]:
        assert self.tree is not None, "asked for with a tree only"  # noqa: S101
        kpis = {name: kpi_of(name, definitions=self.definitions) for name in self.tree.names}
        actual, start = now[self.kpi.id].exact, then[self.kpi.id].exact
        assert actual is not None, "a gap is known"  # noqa: S101
        assert start is not None, "a gap is known"  # noqa: S101
        listed, residual = split(self.tree, kpis=kpis, actual=now, baseline=then, gap=actual - start)
        if target is None:
            return listed, residual
        raised = Driver(TARGET, float(start - Fraction(target)), None, None, float(target), float(start))
        return (*listed, raised), residual

    def cuts(self, drivers: tuple[Driver, ...], gap: Fraction) -> list[Kpi]:
        """The KPIs worth cutting: of the drivers, or the KPI itself where it has none."""
        known = [kpi_of(name, definitions=self.definitions) for name in strongest(drivers, gap=gap)]
        return [kpi for kpi in known or [self.kpi] if _can_be_cut(kpi)][:MOST_CUTS]

    def look(
        self,
        worth: Mapping[str, float],
        period: Period,
        baseline: Period,
        *,
        scale: float,
        gap: Fraction,
        limit: int,
        alpha: float,
    ) -> "_Look | None":
        """Cut one driver after the other until segments are found; they share the error allowed."""
        first: _Look | None = None
        for name, weight in worth.items():
            grid = self.grid(name, period, baseline, limit=limit)
            if grid is None:
                continue
            own_scale = scale if name == self.kpi.id else 1.0
            located = locate(
                grid,
                weight=weight,
                scale=own_scale,
                adverse=self.adverse_of(weight),
                is_short=gap * self.adverse > 0,
                alpha=alpha / len(worth),
            )
            look = _Look(grid, located, weight, own_scale)
            first = first or look
            if located.segments:
                first = look
                break
        if first is None:
            self.note(code="diagnosis.no-dimensions")
            return None
        return replace(first, units=tuple(self.units(first, period, baseline, alpha=alpha)))

    def grid(self, kpi: str, period: Period, baseline: Period, *, limit: int) -> Grid | None:
        cut = kpi_of(self.kpi if kpi == self.kpi.id else kpi, definitions=self.definitions)
        names = candidates(
            self.tables, cut, where=self.where, definitions=self.definitions, people=self.people
        )
        return read_grid(
            self.tables,
            cut,
            actual=period,
            baseline=baseline,
            dimensions=names,
            limit=limit,
            where=self.where,
            **self.options,
        )

    def units(self, look: "_Look", period: Period, baseline: Period, *, alpha: float) -> list[SegmentFinding]:
        """Teams and members above expectation, tested apart from the segments."""
        grid, cut = look.grid, look.grid.kpi
        known = dimensions(self.tables, cut, definitions=self.definitions, people=self.people)
        names = [u for u in ("team", "member") if u in known and u not in self.where and u not in grid.names]
        own = read_grid(
            self.tables,
            cut,
            actual=period,
            baseline=baseline,
            dimensions=names,
            limit=len(names),
            most=MOST_UNITS,
            where=self.where,
            **self.options,
        )
        if own is None:
            return []
        adverse = self.adverse_of(look.weight)
        return bright_units(own, weight=look.weight, scale=look.scale, adverse=adverse, alpha=alpha)

    def scale(self, start: Row, target: Decimal | None) -> float:
        """What the baseline's leaves are raised by to stand for the target."""
        if target is None or not start.exact:
            return 1.0
        return float(Fraction(target) / start.exact)

    def weight(
        self,
        cut: Kpi,
        drivers: tuple[Driver, ...],
        now: Mapping[str, Row],
        then: Mapping[str, Row],
        period: Period,
    ) -> float:
        """What a change of the driver by one is worth in the diagnosed KPI."""
        own = float(period.days) if cut.scale == "days" else 1.0
        if cut.id == self.kpi.id:
            return own
        before, after = then[cut.id].exact, now[cut.id].exact
        change = float(after - before) if before is not None and after is not None else 0.0
        contribution = next(each.contribution for each in drivers if each.kpi == cut.id)
        return contribution / change * own if change else 0.0

    def adverse_of(self, weight: float) -> int:
        return self.adverse if weight >= 0 else -self.adverse

    def change_in(self, cut: Kpi, segments: tuple[SegmentFinding, ...], period: Period) -> Change | None:
        """Date the change of the first segment."""
        if not segments:
            return None
        first = segments[0]
        where = {**self.where, **first.where}
        rows = judge(
            summarise(self.tables, cut, periods=past.periods_before(period)[1], where=where, **self.options)
        )
        return past.change_of(past.from_first(rows))

    def difference(self, gap: Fraction | None) -> Any:
        if gap is None:
            return None
        if self.kpi.unit == "money":
            return (Decimal(gap.numerator) / Decimal(gap.denominator)).quantize(Decimal("0.01"))
        return int(gap) if self.kpi.unit == "count" and gap.denominator == 1 else float(gap)

    def shown(self, goal: Fraction | None, start: Row, target: Decimal | None) -> Any:
        if target is None:
            return start.value
        return target if self.kpi.unit == "money" else float(target)

    def known(self) -> list[Kpi]:
        """The KPI and the factors of its tree."""
        names = self.tree.names if self.tree else ()
        return [self.kpi, *(kpi_of(name, definitions=self.definitions) for name in names)]


def _can_be_cut(kpi: Kpi) -> bool:
    return kpi.numerator is not None and all(
        part.is_additive and part.otherwise is None for part in kpi.parts
    )
