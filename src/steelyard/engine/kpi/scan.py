"""One pass over one table: filter, add up by the columns asked for, then join what is small.

Facts are added up by owner, day and dimensions first. Only that much smaller table is joined with the
organisation, the accounts and the exchange rates, so a cut by team costs little more than one by a column.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from itertools import pairwise
from operator import and_, or_
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from steelyard.engine.kpi.currency import CURRENCY, RATE, UNRATED, with_rates
from steelyard.engine.kpi.definitions import Condition, Part
from steelyard.engine.kpi.dimensions import (
    ACCOUNT,
    OWNER,
    Where,
    account_link,
    holds,
    join_account,
    join_organisation,
    resolve,
)
from steelyard.engine.kpi.relations import MONEY, Relation, Tables, day_of, is_present, money_of, needed
from steelyard.engine.kpi.sources import building_once, relation
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period

PERIOD, DAY, BELONGS = "_period", "_day", "_belongs"
START, END = "_start", "_end"
# Columns that differ between the rows of one thing in a derived relation.
_MOVING = ("amount", "balance", "unpriced", "kind", "happened_on", "belongs_on", "open_from", "overdue_from")


# More bounds than this, and finding the stretch of a day costs more than the groups it saves.
MOST_BOUNDS = 8


@dataclass(frozen=True)
class Scan:
    """A lazy table, one row per period and cut, and which of its columns hold which part.

    Columns: `_period` (index into the periods), the dimensions, and per part i `a{i}` (amount), `n{i}`
    (rows) and, where asked, `m{i}` (rows without a value). Where there is a currency, `_rate` is what
    money is to be multiplied by (empty: 1), and `_unrated` names a currency without a rate.
    """

    table: ir.Table
    parts: tuple[Part, ...]
    by: tuple[str, ...]


def scans(
    tables: Tables,
    parts: Iterable[Part],
    *,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Where,
    people: Organisation,
    base_currency: str | None,
) -> list[Scan]:
    """Put parts that one pass can read together, and build each pass."""
    tables = building_once(tables)
    groups: dict[tuple[object, ...], list[Part]] = {}
    for part in parts:
        alone = part if not part.is_additive else None
        key = (part.table, part.date, part.when, part.shift, bool(part.timing), alone)
        groups.setdefault(key, []).append(part)
    return [
        Pass(
            tables,
            tuple(group),
            periods=periods,
            by=by,
            where=where,
            people=people,
            base_currency=base_currency,
        ).scan()
        for group in groups.values()
    ]


def check_part(tables: Tables, part: Part) -> Relation:
    """Return what a part reads; Refused `kpi.missing-column` when a column of it is absent."""
    source = relation(tables, part.table)
    names = [part.date, *part.measure.columns, *(one.column for one in part.where)]
    for name in [*names, *(timing.column for timing in part.timing)]:
        source.column(name)
    if part.otherwise is not None:
        needed(tables, "targets")
    return source


class Pass:
    """Builds the expression of one scan; its parts share table, date column and reading."""

    def __init__(
        self,
        tables: Tables,
        parts: tuple[Part, ...],
        *,
        periods: Sequence[Period],
        where: Where,
        people: Organisation,
        by: Sequence[str] = (),
        base_currency: str | None = None,
    ) -> None:
        self.tables, self.parts, self.people, self.base_currency = tables, parts, people, base_currency
        self.part = parts[0]
        self.periods = [_shifted(period, self.part) for period in periods]
        self.source = [check_part(tables, part) for part in parts].pop()
        self.cut = resolve(tables, self.source, by=by, where=where, people=people)

    def scan(self) -> Scan:
        rows = self.rows()
        if not self.part.is_additive:
            return self.spread(rows)
        table = self.added_up(rows)
        table = self.rated(self.joined(self.in_periods(table)))
        return Scan(self.regrouped(table), self.parts, self.cut.by)

    def rows(self) -> ir.Table:
        """Rows of the table that can matter, with the columns to group by."""
        facts = self.source.table
        if self.source.spans is not None:
            return self.lasting(*self.source.spans)
        day = day_of(self.source.column(self.part.date))
        tests = [*self.in_range(self.source.column(self.part.date)), self.wanted()]
        tests += [holds(facts[name], held) for name, held in self.cut.plain_where.items()]
        named: dict[str, ir.Value] = {DAY: self.stretch_of(day)}
        if self.cut.of_organisation and self.source.owner is not None:
            named[OWNER] = facts[self.source.owner]
        link = account_link(self.source)
        if self.cut.of_account and link is not None:
            named[ACCOUNT] = facts[link]
        if self.is_converted:
            named[CURRENCY] = facts[self.source.currency]
        if self.belongs is not None and (self.cut.of_organisation or self.is_converted):
            named[BELONGS] = facts[self.belongs]
        rows = facts.mutate(**named).filter(tests)
        return self.with_period(rows) if self.part.timing or not self.part.is_additive else rows

    def lasting(self, first: str, last: str) -> ir.Table:
        """Rows that last, once in each period that they overlap, with their amounts times the days of it."""
        facts = self.source.table
        plain = [holds(facts[name], held) for name, held in self.cut.plain_where.items()]
        rows = facts.filter([self.wanted(), *plain])
        bounds = _bounds(self.periods)
        rows = rows.inner_join(bounds, [rows[first] < bounds[END], rows[last] > bounds[START]])
        from_day = ibis.greatest(rows[first], rows[START])
        days = ibis.least(rows[last], rows[END]).delta(from_day, unit="day")
        summed = {part.measure.columns[0] for part in self.parts if part.measure.kind == "sum"}
        named = {DAY: from_day, **{name: rows[name] * days for name in summed}}
        if self.cut.of_organisation and self.source.owner is not None:
            named[OWNER] = rows[self.source.owner]
        return rows.mutate(**named)

    @property
    def belongs(self) -> str | None:
        return self.source.belongs_on if self.part.when == "period" else None

    @property
    def is_converted(self) -> bool:
        adds_money = any(
            part.measure.kind == "sum" and self.source.column(part.measure.columns[0]).type().is_decimal()
            for part in self.parts
        )
        return adds_money and self.source.currency is not None

    @property
    def needs_day(self) -> bool:
        if self.source.spans is not None:
            return bool(self.cut.of_organisation)
        if self.part.when != "period" or (len(self.periods) > 1 and not self.part.timing):
            return True
        return self.belongs is None and (self.is_rated or bool(self.cut.of_organisation))

    @property
    def is_rated(self) -> bool:
        """Amounts are converted at the rate of their day."""
        return self.is_converted and "exchange_rates" in self.tables

    def stretch_of(self, day: ir.Value) -> ir.Value:
        """The first day of the stretch that no period cuts, where nothing else hangs on the day itself.

        A few stretches instead of hundreds of days keep the groups few when there are many dimensions.
        """
        bounds = sorted({bound for period in self.periods for bound in (period.start, period.end)})
        is_plain = self.part.when == "period" and self.part.is_additive and not self.part.timing
        hangs_on_day = self.is_rated or bool(self.cut.of_organisation)
        if len(self.periods) == 1 or len(bounds) > MOST_BOUNDS or hangs_on_day or not is_plain:
            return day
        stretches = [(day < end, ibis.literal(start)) for start, end in pairwise(bounds)]
        return ibis.cases(*stretches, else_=day)

    def in_range(self, column: ir.Column) -> list[ir.BooleanValue]:
        """Date bounds as plain comparisons, so that the engine can skip whole files and row groups."""
        if self.part.when == "start":
            return [column < _like(column, max(period.start for period in self.periods))]
        if self.part.when == "end":
            return [column < _like(column, max(period.end for period in self.periods))]
        stretches = _merged(self.periods)
        hull = [
            column >= _like(column, stretches[0][0]),
            column < _like(column, stretches[-1][1]),
        ]
        if len(stretches) == 1:
            return hull
        inside = [
            (column >= _like(column, start)) & (column < _like(column, end)) for start, end in stretches
        ]
        return [*hull, reduce(or_, inside)]

    def wanted(self) -> ir.BooleanValue:
        """Rows that at least one part counts."""
        return reduce(or_, (conditions(self.source.table, where) for where in self.wheres))

    @cached_property
    def wheres(self) -> list[tuple[Condition, ...]]:
        """What the parts ask for, widest first: lists of one column's values are put together."""
        if any(not part.where for part in self.parts):
            return [()]
        values: dict[str, dict[Any, None]] = {}
        others = []
        for where in dict.fromkeys(part.where for part in self.parts):
            if len(where) == 1 and where[0].test == "in":
                values.setdefault(where[0].column, {}).update(dict.fromkeys(where[0].values))
            else:
                others.append(where)
        return [(Condition(column, "in", tuple(each)),) for column, each in values.items()] + others

    def with_period(self, rows: ir.Table) -> ir.Table:
        """Put the period and its bounds on every row."""
        if len(self.periods) == 1:
            only = self.periods[0]
            return rows.mutate(
                **{PERIOD: ibis.literal(0), START: ibis.literal(only.start), END: ibis.literal(only.end)}
            )
        return rows.inner_join(_calendar(self.periods), DAY)

    def records(self) -> ir.Table:
        """The rows themselves; of a snapshot one row per thing that stands, with its amount."""
        rows = self.rows()
        counted = [test for part in self.parts if (test := self.counts_in(rows, part)) is not None]
        if len(counted) == len(self.parts):
            rows = rows.filter(reduce(or_, counted))
        if self.part.when != "period" and self.source.standing is not None:
            rows = self.standing(rows, self.source.standing)
        if self.part.when != "period":
            moment = getattr(self.periods[0], self.part.when)
            last_day = moment - timedelta(days=1) if self.part.when == "end" else moment
            rows = rows.mutate(**{DAY: ibis.literal(last_day)})
        rows = self.joined(rows)
        own = [name for name in self.source.table.columns if name in rows.columns and name[0] != "_"]
        joined = [name for name in (*self.cut.of_organisation, *self.cut.of_account) if name not in own]
        return rows.select(*own, *joined)

    def standing(self, rows: ir.Table, column: str) -> ir.Table:
        """Put the rows of one opportunity or invoice together, and keep those that stand."""
        added = (self.part.measure.columns or (column,))[0]
        changing = {*_MOVING, self.part.date, DAY, column, added}
        grouped = rows.group_by([name for name in rows.columns if name not in changing])
        table = grouped.aggregate(
            _standing=lambda each: each[column].sum(), amount=lambda each: each[added].sum()
        )
        return table.filter(table["_standing"] != 0)

    def counts_in(self, rows: ir.Table, part: Part) -> ir.BooleanValue | None:
        """The rows of the scan that belong to a part; None for all of them."""
        tests = []
        if part.where and not self.is_all(part.where):
            tests.append(conditions(rows, part.where))
        for timing in part.timing:
            column = rows[timing.column]
            bound = rows[START if timing.bound == "start" else END]
            before = column.notnull() & (column < bound)
            tests.append(before if timing.test == "before" else ~before)
        return reduce(and_, tests) if tests else None

    def is_all(self, where: tuple[Condition, ...]) -> bool:
        """Whether every row of the scan meets it, so that no row need be asked again."""
        return len(self.wheres) == 1 and _normal(where) == _normal(self.wheres[0])

    def added_up(self, rows: ir.Table) -> ir.Table:
        keys = [*self.cut.plain_by]
        keys += [name for name in (OWNER, ACCOUNT, CURRENCY, BELONGS) if name in rows.columns]
        if PERIOD in rows.columns:
            keys.append(PERIOD)
        if self.needs_day:
            keys.append(DAY)
        sums: dict[str, ir.Value] = {}
        for index, part in enumerate(self.parts):
            counted = self.counts_in(rows, part)
            sums[f"n{index}"] = self.counted(rows, counted)
            if part.measure.kind == "sum":
                sums[f"a{index}"] = _exact(rows[part.measure.columns[0]]).sum(where=counted)
            if part.measure.kind == "squares":
                sums[f"a{index}"] = (rows[part.measure.columns[0]].cast("float64") ** 2).sum(where=counted)
            if part.complete is not None:
                sums[f"m{index}"] = rows[part.complete].sum(where=counted)
        grouped = rows.group_by(keys) if keys else rows
        table = grouped.aggregate(**sums)
        if keys:
            return table
        return table.filter(reduce(or_, (table[name] > 0 for name in sums if name.startswith("n"))))

    def counted(self, rows: ir.Table, test: ir.BooleanValue | None) -> ir.Value:
        """Count rows; of a snapshot count the things that stand, of which each may have several rows."""
        if self.part.when != "period" and self.source.standing is not None:
            return rows[self.source.standing].sum(where=test)
        if self.source.weight is not None:
            return rows[self.source.weight].sum(where=test)
        return rows.count(where=test)

    def in_periods(self, table: ir.Table) -> ir.Table:
        if PERIOD in table.columns:
            return table
        if self.part.when != "period":
            return self.standing_in_periods(table)
        if len(self.periods) == 1:
            return table.mutate(**{PERIOD: ibis.literal(0)})
        return table.inner_join(_calendar(self.periods).select(DAY, PERIOD), DAY)

    def standing_in_periods(self, table: ir.Table) -> ir.Table:
        """A snapshot counts all that happened before its moment, in every later period again."""
        moments = [getattr(period, str(self.part.when)) for period in self.periods]
        table = self.by_moment(table, sorted(set(moments)))
        bounds = ibis.memtable(
            pa.table(
                {
                    PERIOD: pa.array(range(len(moments)), pa.int64()),
                    "_moment": pa.array(moments, pa.date32()),
                }
            )
        )
        standing = table.inner_join(bounds, table["_until"] <= bounds["_moment"])
        last_day = ibis.literal(-1 if self.part.when == "end" else 0)
        return standing.mutate(**{DAY: (standing["_moment"] + last_day.as_interval("D")).cast("date")})

    def by_moment(self, table: ir.Table, moments: list[date]) -> ir.Table:
        """Add up all days between two moments into one row, before it is repeated."""
        steps = [
            (first + timedelta(days=offset), last)
            for first, last in pairwise(moments)
            for offset in range((last - first).days)
        ]
        if steps:
            days, following = zip(*steps, strict=True)
            calendar = pa.table(
                {"_on": pa.array(days, pa.date32()), "_next": pa.array(following, pa.date32())}
            )
            steps_of = ibis.memtable(calendar)
            table = table.left_join(steps_of, table[DAY] == steps_of["_on"])
            table = table.mutate(_until=table["_next"].coalesce(ibis.literal(moments[0])))
        else:
            table = table.mutate(_until=ibis.literal(moments[0]))
        sums = {name: table[name].sum() for name in table.columns if _is_sum(name)}
        keys = [name for name in (*self.cut.plain_by, OWNER, ACCOUNT, CURRENCY) if name in table.columns]
        return table.group_by(*keys, "_until").aggregate(**sums)

    def joined(self, table: ir.Table) -> ir.Table:
        if self.cut.of_organisation:
            day = table[BELONGS] if BELONGS in table.columns else table[DAY]
            table = join_organisation(table, self.cut, people=self.people, day=day)
        if self.cut.of_account:
            table = join_account(self.tables, table, self.cut)
        tests = [holds(table[name], held) for name, held in self.cut.joined_where.items()]
        return table.filter(tests) if tests else table

    def rated(self, table: ir.Table) -> ir.Table:
        if not self.is_converted:
            return table
        day = next((name for name in (BELONGS, DAY) if name in table.columns), None)
        return with_rates(self.tables, table, day=day, base_currency=self.base_currency)

    def regrouped(self, table: ir.Table) -> ir.Table:
        """Add up again by what is left after the joins."""
        sums = {name: table[name].sum() for name in table.columns if _is_sum(name)}
        if UNRATED in table.columns:
            sums[UNRATED] = table[UNRATED].min()
        keys = [PERIOD, *self.cut.by, *(name for name in (RATE,) if name in table.columns)]
        return table.group_by(keys).aggregate(**sums)

    def spread(self, rows: ir.Table) -> Scan:
        """Quantiles and distinct counts need every row: nothing is added up beforehand."""
        table = self.joined(rows)
        measure = self.part.measure
        if measure.kind == "distinct":
            amount = counted = table[measure.columns[0]].nunique()
        elif len(measure.columns) == 1:
            column = table[measure.columns[0]]
            amount, counted = column.quantile(measure.at), column.count()
        else:
            first, last = (day_of(table[name]) for name in measure.columns)
            days = last.delta(first, unit="day")
            amount, counted = days.quantile(measure.at), days.count()
        summary = table.group_by(PERIOD, *self.cut.by).aggregate(a0=amount, n0=counted)
        return Scan(summary, self.parts, self.cut.by)


def _shifted(period: Period, part: Part) -> Period:
    if part.shift == "year":
        return period.year_ago()
    return period.previous() if part.shift else period


def _normal(where: Sequence[Condition]) -> set[tuple[str, str, frozenset[Any]]]:
    """The conditions, whatever the order of their values."""
    return {(one.column, one.test, frozenset(one.values)) for one in where}


def conditions(rows: ir.Table, where: Sequence[Condition]) -> ir.BooleanValue:
    """Return the test that a row meets every condition."""
    return reduce(and_, (_condition(rows[one.column], one) for one in where), ibis.literal(True))


def _condition(column: ir.Column, one: Condition) -> ir.BooleanValue:
    match one.test:
        case "present":
            return is_present(column)
        case "absent":
            return ~is_present(column)
        case "less":
            return column < one.values[0]
        case "more":
            return column > one.values[0]
    return column.isin(one.values)


def _is_sum(name: str) -> bool:
    return name[0] in "anm" and name[1:].isdigit()


def _exact(column: ir.Column) -> ir.Value:
    """Integers stay; other numbers are added as decimals, so that the order of rows cannot matter."""
    if column.type().is_integer() or column.type().is_decimal():
        return column
    return money_of(column).cast(MONEY)


def _like(column: ir.Column, day: date) -> ir.Value:
    return ibis.literal(day) if column.type().is_date() else ibis.literal(day).cast("timestamp")


def _merged(periods: Sequence[Period]) -> list[tuple[date, date]]:
    """Join periods that touch into as few stretches as possible."""
    merged: list[tuple[date, date]] = []
    for period in sorted(periods):
        if merged and period.start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], period.end))
        else:
            merged.append((period.start, period.end))
    return merged


def _bounds(periods: Sequence[Period]) -> ir.Table:
    """List the periods themselves."""
    return ibis.memtable(
        pa.table(
            {
                PERIOD: pa.array(range(len(periods)), pa.int64()),
                START: pa.array([period.start for period in periods], pa.date32()),
                END: pa.array([period.end for period in periods], pa.date32()),
            }
        )
    )


def _calendar(periods: Sequence[Period]) -> ir.Table:
    """List the days of every period; a day stands in each period that holds it."""
    rows = [
        (period.start + timedelta(days=offset), index, period.start, period.end)
        for index, period in enumerate(periods)
        for offset in range(period.days)
    ]
    days, indexes, starts, ends = zip(*rows, strict=True)
    return ibis.memtable(
        pa.table(
            {
                DAY: pa.array(days, pa.date32()),
                PERIOD: pa.array(indexes, pa.int64()),
                START: pa.array(starts, pa.date32()),
                END: pa.array(ends, pa.date32()),
            }
        )
    )
