"""Compute the points of a snapshot: every KPI for each unit and period."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from steelyard.apps.access.policy import record
from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts
from steelyard.apps.jobs.actions import JobHandle
from steelyard.apps.measure.models import KpiPoint, PointSet, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.points import GRAINS
from steelyard.apps.measure.queries.units import teams_below
from steelyard.engine import kpi as engine
from steelyard.engine import organisation
from steelyard.engine.kpi import Kpi, Row, Targets
from steelyard.engine.kpi.relations import Tables
from steelyard.engine.organisation import Organisation
from steelyard.engine.periods import Period, periods
from steelyard.errors import Refused

# The dates between which there are figures; due dates lie in the future and say nothing of the data.
DATES = {
    "opportunities": ("created_on", "closed_on"),
    "leads": ("created_on",),
    "invoices": ("issued_on",),
    "receipts": ("received_on",),
    "orders": ("ordered_on",),
    "contracts": ("signed_on",),
    "campaign_days": ("day",),
}
# A typing error in one date must not make a thousand empty months.
LONGEST_YEARS = 10
STEPS = 2
# (KPI, unit, grain, start) → the fields of its point.
Places = dict[tuple[str, str, str, datetime.date], dict[str, Any]]


def compute_points(handle: JobHandle, snapshot: Snapshot) -> dict[str, Any]:
    """Work out every KPI of a snapshot for each unit and period, and put them in the place of older ones."""
    with facts(snapshot.versions) as lake:
        people = organisation.read(lake.tables)
        first, last = span_of(lake.tables, snapshot)
        computed = Computation(lake.tables, people=people, first=first, last=last)
        handle.progress(0, STEPS, "computing")
        computed.add()
        computed.add_targets(engine.read_targets(lake.tables))
        currency = currency_of(lake.tables)
    handle.progress(1, STEPS, "saving")
    found = PointSet(
        snapshot=snapshot,
        first=first,
        last=last,
        currency=currency,
        missing=computed.refused,
    )
    replace_points(handle, found, list(computed.places.values()))
    return {"snapshot": snapshot.pk, "points": len(computed.places), "missing": sorted(computed.refused)}


def replace_points(handle: JobHandle, found: PointSet, places: list[dict[str, Any]]) -> None:
    """One transaction, so that readers see the old points or the new ones, and never none."""
    with transaction.atomic():
        Snapshot.objects.select_for_update().filter(pk=found.snapshot_id).first()
        handle.raise_if_stopped()
        if PointSet.objects.filter(snapshot_id__gt=found.snapshot_id).exists():
            return  # a newer snapshot was quicker, and its points are the ones to read
        PointSet.objects.filter(snapshot_id__lte=found.snapshot_id).delete()
        KpiPoint.objects.filter(snapshot_id__lte=found.snapshot_id).delete()
        insert_points(found.snapshot_id, places)
        found.save(force_insert=True)
        record(handle.actor, "measure.compute", found, points=len(places))


def insert_points(snapshot_id: int, places: list[dict[str, Any]]) -> None:
    """Tens of thousands of rows in one statement; the ORM would take ten times as long."""
    columns = [str(field.column) for field in KpiPoint._meta.concrete_fields if not field.primary_key]
    blank = {"snapshot_id": snapshot_id} | dict.fromkeys(("numerator", "denominator", "value", "target"))
    blank |= {"n": 0, "target_rule": ""}
    with connection.cursor() as cursor:
        quoted = ", ".join(connection.ops.quote_name(column) for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(
            f"INSERT INTO {KpiPoint._meta.db_table} ({quoted}) VALUES ({marks})",  # noqa: S608  own names
            [[fields[column] for column in columns] for fields in (blank | place for place in places)],
        )


class Computation:
    """The points of one snapshot as they come together: figures first, then the targets beside them."""

    def __init__(
        self,
        tables: Tables,
        *,
        people: Organisation,
        first: datetime.date,
        last: datetime.date,
    ) -> None:
        self.tables, self.people, self.first, self.last = tables, people, first, last
        self.known = known_kpis()
        kpis, refused = engine.available(tables, list(self.known), definitions=self.known)
        self.kpis = {kpi.id: kpi for kpi in kpis}
        # KPI → what the data lack.
        self.refused = {kpi: _lacking(refusal) for kpi, refusal in refused.items()}
        self.places: Places = {}
        self.below = _teams_below(tables)

    def add(self) -> None:
        """All units and grains in common scans; a team that has teams below it counts them in."""
        for row in self.of_units():
            kind, code = next(iter(row.by.items()), ("company", ""))
            if code is not None:
                self.put(row, kind, code)
        for team, below in self.below.items():
            if len(below) > 1:
                for row in self.rolled_up(sorted(below)):
                    self.put(row, UnitKind.TEAM, team)

    def of_units(self) -> list[Row]:
        """Where an amount has no rate, each KPI by itself, to keep the others."""
        try:
            return list(self._points(list(self.kpis.values())))
        except Refused as refusal:
            if refusal.code != "kpi.missing-rate":
                raise
        rows: list[Row] = []
        for kpi in list(self.kpis.values()):
            try:
                rows += self._points([kpi])
            except Refused as refusal:
                if refusal.code != "kpi.missing-rate":
                    raise
                self.refused[kpi.id] = {"table": "exchange_rates", "column": str(refusal.params["currency"])}
                del self.kpis[kpi.id]
        return rows

    def _points(self, kpis: list[Kpi]) -> Iterator[Row]:
        if not kpis:
            return iter(())
        return engine.points(
            self.tables,
            kpis,
            grain=GRAINS,
            first=self.first,
            last=self.last,
            units=("company", "team", "member") if self.people.is_known else ("company",),
            base_currency=settings.STEELYARD_CURRENCY,
            definitions=self.known,
        )

    def rolled_up(self, teams: list[str]) -> list[Row]:
        if not self.of_teams:
            return []
        summary = engine.summarise(
            self.tables,
            self.of_teams,
            periods=[period for grain in GRAINS for period in periods(grain, self.first, self.last)],
            where={"team": teams},
            base_currency=settings.STEELYARD_CURRENCY,
            definitions=self.known,
            people=self.people,
        )
        return engine.judge(summary)

    @cached_property
    def of_teams(self) -> list[Kpi]:
        """The KPIs whose records belong to somebody."""
        return [
            kpi
            for kpi in self.kpis.values()
            if "team" in engine.dimensions(self.tables, kpi, definitions=self.known, people=self.people)
        ]

    def put(self, row: Row, kind: str, code: str) -> None:
        fields = self._place(self.kpis[row.kpi], kind, code, row.period)
        fields |= {
            "numerator": _number(row.numerator),
            "denominator": _number(row.denominator),
            "value": _number(row.value),
            "n": row.n,
        }

    def add_targets(self, targets: Targets) -> None:
        """Targets stand beside the figures, also of periods that are still to come."""
        for name, units in targets.values.items():
            kpi = self.kpis.get(name)
            if kpi is None:
                continue
            wanted = {(kind, code) for each in units for kind, code in [self._unit_of(each)]}
            wanted |= {(str(UnitKind.COMPANY), "")}
            wanted |= {(str(UnitKind.TEAM), team) for team, below in self.below.items() if len(below) > 1}
            for kind, code in sorted(wanted):
                for period in _periods_with_targets(units):
                    self._put_target(targets, kpi, period, kind=kind, code=code)

    def _put_target(self, targets: Targets, kpi: Kpi, period: Period, *, kind: str, code: str) -> None:
        value = self.target_of(targets, kpi, period, kind=kind, code=code)
        if value is None:
            return
        names = ("company", "") if kind == UnitKind.COMPANY else (code,)
        own = [targets.values[kpi.id].get(each, {}).get(period.label) for each in names]
        given = value in own
        rule = KpiPoint.TargetRule.GIVEN if given else KpiPoint.TargetRule.SUMMED
        fields = self._place(kpi, kind, code, period)
        fields |= {"target": float(value), "target_rule": rule}

    def target_of(
        self, targets: Targets, kpi: Kpi, period: Period, *, kind: str, code: str
    ) -> Decimal | None:
        """A team that counts the teams below it in its figures counts them in its target, too."""
        below = self.below.get(code, frozenset()) if kind == UnitKind.TEAM else frozenset()
        if len(below) < 2 or not kpi.additive:
            return targets.of(kpi, period=period, unit_kind=kind, unit=code)
        counted = below & set(targets.counted_teams(kpi, period=period))
        own = targets.given(kpi, period=period, units=(code,))
        if own is not None and code not in counted:
            return own
        found = [targets.given(kpi, period=period, units=(team,)) for team in sorted(counted)]
        known = [value for value in found if value is not None]
        return sum(known, Decimal(0)) if known else None

    def _unit_of(self, code: str) -> tuple[str, str]:
        if code in ("", "company"):
            return str(UnitKind.COMPANY), ""
        return str(UnitKind.TEAM if code in self.below else UnitKind.MEMBER), code

    def _place(self, kpi: Kpi, kind: str, code: str, period: Period) -> dict[str, Any]:
        key = (kpi.id, f"{kind}:{code}", str(period.grain), period.start)
        return self.places.setdefault(
            key,
            {
                "kpi": kpi.id,
                "kpi_version": kpi.version,
                "unit_kind": str(kind),
                "unit": code,
                "grain": str(period.grain),
                "period": period.label,
                "starts": connection.ops.adapt_datefield_value(period.start),
            },
        )


def span_of(tables: Tables, snapshot: Snapshot) -> tuple[datetime.date, datetime.date]:
    """The first and the last day that the facts tell of, by the dates of what happened."""
    days = [day for table, columns in DATES.items() for day in _days(tables, table, columns)]
    last = snapshot.data_to or max(days, default=snapshot.created_at.date())
    earliest = last.replace(year=last.year - LONGEST_YEARS, day=1)
    first = min((day for day in days if earliest <= day <= last), default=last)
    return first, last


def currency_of(tables: Tables) -> str:
    """The currency that figures come in: the only one there is, else the one that all are converted to."""
    found: set[str] = set()
    for name in DATES:
        if name in tables and "currency" in tables[name].columns:
            column = tables[name].currency.strip().upper().nullif("")
            found |= {each for each in column.as_table().distinct().to_pyarrow()[0].to_pylist() if each}
    return found.pop() if len(found) == 1 else settings.STEELYARD_CURRENCY


def _days(tables: Tables, table: str, columns: Sequence[str]) -> Iterator[datetime.date]:
    known = [name for name in columns if table in tables and name in tables[table].columns]
    if not known:
        return
    facts = tables[table]
    edges = {f"{edge}_{name}": getattr(facts[name], edge)() for name in known for edge in ("min", "max")}
    for value in facts.aggregate(**edges).to_pyarrow().to_pylist()[0].values():
        if value is not None:
            yield value.date() if isinstance(value, datetime.datetime) else value


def _teams_below(tables: Tables) -> dict[str, frozenset[str]]:
    if "org_teams" not in tables:
        return {}
    rows = tables["org_teams"].select("team", "parent").to_pyarrow().to_pylist()
    return teams_below([(row["team"], row["team"], row["parent"]) for row in rows])


def _periods_with_targets(units: Mapping[str, Mapping[str, Any]]) -> list[Period]:
    """The periods that targets name, and the longer ones that they may sum to."""
    found: set[Period] = set()
    for text in {text for named in units.values() for text in named}:
        try:
            period = Period.parse(text)
        except Refused:
            continue  # a name that is none is the target of no period; the grid lists it
        found |= {Period.containing(period.start, grain=grain) for grain in ("quarter", "year")}
        if period.grain in GRAINS:
            found.add(period)
    return sorted(found)


def _lacking(refusal: Refused) -> dict[str, str]:
    return {name: str(refusal.params.get(name, "")) for name in ("table", "column")}


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
