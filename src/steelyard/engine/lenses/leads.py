"""Leads by source: how many came, and how many became opportunities."""

from dataclasses import dataclass

import ibis.expr.types as ir

from steelyard.engine.kpi.relations import day_of
from steelyard.engine.lenses.case import Case
from steelyard.engine.periods import Period

SOURCES = ("source", "channel")
FEWEST = 40
Counts = dict[str | None, tuple[float, float]]


@dataclass(frozen=True)
class Channels:
    """The column that names the source, and (became opportunities, leads) by source: then, now."""

    name: str
    counts: tuple[Counts, Counts]


def read_channels(case: Case) -> Channels | None:
    """Read leads by source in both periods; None where there are none to compare."""
    leads, deals = case.tables.get("leads"), case.tables.get("opportunities")
    if leads is None or deals is None or "lead_id" not in deals.columns:
        return None
    name = next((each for each in SOURCES if each in leads.columns), None)
    if name is None or set(case.where) - {"region"}:
        return None
    used = deals.filter(deals.lead_id.notnull()).select(_lead=deals.lead_id).distinct()
    both = leads.left_join(used, leads.lead_id == used["_lead"])
    sides = (_counts(case, both, name, case.baseline), _counts(case, both, name, case.period))
    if min(sum(of for _, of in side.values()) for side in sides) < FEWEST:
        return None
    return Channels(name, sides)


def _counts(case: Case, leads: ir.Table, name: str, period: Period) -> Counts:
    day = day_of(leads.created_on)
    tests = [day >= period.start, day < period.end, leads[name].notnull()]
    if "region" in case.where and "region" in leads.columns:
        tests.append(leads.region == case.where["region"])
    kept = leads.filter(tests)
    grouped = kept.group_by(value=kept[name]).agg(became=kept["_lead"].notnull().sum(), n=kept.count())
    rows = grouped.to_pyarrow().to_pylist()
    return {
        row["value"]: (float(row["became"]), float(row["n"]))
        for row in sorted(rows, key=lambda r: r["value"])
    }
