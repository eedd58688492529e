"""The KPIs of this site: those that ship, and what the site itself declares, checked as a whole."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from steelyard.apps.measure.models import KpiDefinition
from steelyard.engine.kpi import Definitions, Kpi, catalogue, checked, kpi_of, parse
from steelyard.errors import Refused
from steelyard.web.once import forget, once

STAMP = "definitions of this site"
Stamp = tuple[int, datetime.datetime] | None


@dataclass(frozen=True)
class Known:
    """`kpis` are computed; `once` has the retired, too. `own` are the site's versions that hold.

    `broken` are those of the site that no longer fit the rest, say since a release changed a KPI they use.
    """

    kpis: Definitions
    once: Definitions
    own: Mapping[str, KpiDefinition]
    broken: Mapping[str, Refused]


# Replaced as a whole: a reader gets the old one or the new one.
_newest: tuple[Stamp, Known] | None = None


def known_kpis() -> Definitions:
    """Every KPI that is computed, by id, in the order of the catalogue, the site's own last."""
    return known().kpis


def once_known_kpis() -> Definitions:
    """Those and the retired ones: what was computed of them still has to be told."""
    return known().once


def known_kpi(kpi: str) -> Kpi:
    """One KPI; Refused `kpi.unknown` (404) when there is none."""
    return kpi_of(kpi, definitions=known_kpis())


def known() -> Known:
    global _newest
    stamp, kept = definitions_stamp(), _newest
    if kept is None or kept[0] != stamp:
        kept = _newest = (stamp, _read())
    return kept[1]


def definitions_stamp() -> Stamp:
    """Changes whenever a definition does."""
    return once(STAMP, _stamp)


def forget_definitions() -> None:
    """For the request that has just written one."""
    forget(STAMP)


def with_kpi(kpi: Kpi) -> Definitions:
    """The catalogue with one KPI added, or declared differently; refused where the whole does not fit."""
    return checked(({**known_kpis(), kpi.id: kpi}).values())


def without_kpi(kpi: str) -> Definitions:
    """The catalogue without the site's declaration; refused where another KPI is made of it."""
    left = {name: each for name, each in known_kpis().items() if name != kpi}
    if kpi in catalogue():
        left[kpi] = catalogue()[kpi]
    return checked(left.values())


def _stamp() -> Stamp:
    rows = KpiDefinition.objects.exclude(state=KpiDefinition.State.DRAFT).order_by("-pk")
    return rows.values_list("pk", "created_at").first()


def _read() -> Known:
    standing = _standing(KpiDefinition.objects.exclude(state=KpiDefinition.State.DRAFT).order_by("pk"))
    shipped = catalogue()
    published = [each for each in standing.values() if each.state == KpiDefinition.State.PUBLISHED]
    kpis, broken = _fitting(shipped, published)
    gone = [each for name, each in standing.items() if name not in kpis]
    told = {each.kpi: kpi for each in gone if isinstance(kpi := _parsed(each.document), Kpi)}
    return Known(
        kpis=kpis,
        once=MappingProxyType({**told, **kpis}),
        own=MappingProxyType({each.kpi: each for each in published if each.kpi not in broken}),
        broken=MappingProxyType(broken),
    )


def _standing(rows: Any) -> dict[str, KpiDefinition]:
    """The newest of each KPI."""
    return {each.kpi: each for each in rows.select_related("author")}


def _fitting(
    shipped: Definitions, published: Sequence[KpiDefinition]
) -> tuple[Definitions, dict[str, Refused]]:
    """All of them; where they do not fit together, as many as do, so that the site goes on working."""
    parsed = {each.kpi: _parsed(each.document) for each in published}
    own = {name: kpi for name, kpi in parsed.items() if isinstance(kpi, Kpi)}
    broken = {name: refusal for name, refusal in parsed.items() if isinstance(refusal, Refused)}
    try:
        return checked({**shipped, **own}.values()), broken
    except Refused:
        pass  # one by one then, to tell which
    fitting = shipped
    left, refusals = dict(own), dict[str, Refused]()
    while left:
        before = len(left)
        for name, kpi in list(left.items()):
            try:
                fitting = checked({**fitting, name: kpi}.values())
            except Refused as refusal:
                refusals[name] = refusal
            else:
                del left[name]
        if len(left) == before:
            break
    return fitting, broken | {name: refusals[name] for name in left}


def _parsed(document: Mapping[str, Any]) -> Kpi | Refused:
    try:
        return parse(document)
    except Refused as refusal:
        return refusal
