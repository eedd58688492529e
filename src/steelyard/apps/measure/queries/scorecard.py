"""Where a unit stands: each KPI of its template, judged, and one total that says how much was measured."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import PointSet
from steelyard.apps.measure.queries import total as totals
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.peers import peers_of
from steelyard.apps.measure.queries.points import (
    default_period,
    histories,
    is_behind,
    is_complete,
    newest_points,
    period_for,
)
from steelyard.apps.measure.queries.staff import staff
from steelyard.apps.measure.queries.standings import Gap, Standing, gaps_of, signal_of, standing_of
from steelyard.apps.measure.queries.templates import Template, Templates
from steelyard.apps.measure.queries.total import Part, Total, part_of, total_of
from steelyard.apps.measure.queries.units import Unit, home_unit, reach_of, unit_for
from steelyard.apps.measure.queries.veil import veil_of
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period

__all__ = [
    "Gap",
    "KpiView",
    "Scorecard",
    "Standing",
    "as_dict",
    "kpi_view",
    "scorecard_of",
    "signal_of",
    "standing_of",
]


@dataclass(frozen=True)
class Scorecard:
    """`standings` are the KPIs of the template in its order, `others` those that are computed besides."""

    unit: Unit
    period: Period
    points: PointSet
    template: Template | None
    standings: tuple[Standing, ...]
    others: tuple[Standing, ...]
    gaps: tuple[Gap, ...]
    total: Total
    is_complete: bool
    is_behind: bool

    def weight_of(self, kpi: str) -> int:
        return self.template.weights.get(kpi, 0) if self.template else 0

    @property
    def measured(self) -> list[Standing]:
        return [each for each in self.standings if each.value is not None]

    @property
    def told(self) -> list[Standing]:
        """Those of which a signal can be told from none."""
        return [each for each in self.measured if each.is_told]

    @property
    def signals(self) -> list[Standing]:
        return [each for each in self.measured if each.is_signal]

    @property
    def withheld(self) -> list[Standing]:
        return [each for each in self.standings if each.withheld]

    @property
    def usual_shortfalls(self) -> list[Standing]:
        """Below target, and no signal: to be left alone."""
        return [
            each
            for each in self.measured
            if each.judgement == "usual" and each.is_off_target and not each.is_signal
        ]

    @property
    def lead(self) -> Standing | None:
        """What the headline speaks of: the first KPI of the list that can be told."""
        return next(iter(self.measured), None)


def scorecard_of(viewer: Any, *, unit: str = "", period: str = "") -> Scorecard | None:
    """The scorecard of a unit in a period; None while there are no points at all."""
    authorize(viewer, "measure.see")
    points = newest_points()
    if points is None:
        return None
    chosen = unit_for(viewer, unit) if unit else home_unit(viewer)
    when = period_for(points, period) if period else default_period(points)
    template = Templates(points, when.start, staff()).of(chosen)
    weights = template.weights if template else {}
    judged = judged_of(viewer, chosen, when, points)
    shown = [name for name in weights if name in judged]
    standings = tuple(judged[name] for name in shown)
    return Scorecard(
        unit=chosen,
        period=when,
        points=points,
        template=template,
        standings=standings,
        others=tuple(each for name, each in judged.items() if name not in weights),
        gaps=tuple(gaps_of(points, weights)),
        total=total_of(parts_of(weights, judged, missing=points.missing)),
        is_complete=is_complete(points, when),
        is_behind=is_behind(points),
    )


def judged_of(
    viewer: Any, unit: Unit, period: Period, points: PointSet, *, kpis: Iterable[str] | None = None
) -> dict[str, Standing]:
    """Every KPI that the data can tell, of a unit that is the viewer's to see, as the viewer may see it."""
    known, people = known_kpis(), staff()
    wanted = [kpi for kpi in known.values() if kpi.id not in points.missing]
    if kpis is not None:
        names = set(kpis)
        wanted = [kpi for kpi in wanted if kpi.id in names]
    veil = veil_of(viewer, unit, points, grain=str(period.grain), reach=reach_of(viewer), staff=people)
    found = histories(points, unit, period=period, kpis=kpis)
    peers = peers_of(points, unit, period=period, staff=people, known=known)
    return {
        kpi.id: standing_of(kpi, found.get(kpi.id, {}), period=period, points=points, veil=veil, peers=peers)
        for kpi in wanted
    }


def parts_of(
    weights: Mapping[str, int], judged: Mapping[str, Standing], *, missing: Mapping[str, Any]
) -> list[Part]:
    """What each KPI of a template adds to the total, or why it adds nothing."""
    known, parts = known_kpis(), []
    for name, weight in weights.items():
        if name in judged:
            each = judged[name]
            parts.append(
                part_of(
                    name,
                    weight=weight,
                    direction=each.kpi.direction,
                    value=each.value,
                    target=each.target,
                    reason=each.withheld,
                )
            )
        else:
            reason = "no-data" if name in known and name in missing else "unknown"
            parts.append(part_of(name, weight=weight, direction="up", reason=reason))
    return parts


@dataclass(frozen=True)
class KpiView:
    """One KPI of one unit in one period."""

    standing: Standing
    unit: Unit
    period: Period
    points: PointSet


def kpi_view(viewer: Any, kpi: Kpi, points: PointSet, *, unit: str = "", period: str = "") -> KpiView:
    """The standing of one KPI, as it is on the scorecard."""
    authorize(viewer, "measure.see")
    chosen = unit_for(viewer, unit) if unit else home_unit(viewer)
    when = period_for(points, period) if period else default_period(points)
    return KpiView(judged_of(viewer, chosen, when, points, kpis=[kpi.id])[kpi.id], chosen, when, points)


def as_dict(card: Scorecard) -> dict[str, Any]:
    """A scorecard as codes and numbers, as its viewer may see it: what is withheld is not in it."""
    by_kpi = {part.kpi: part for part in card.total.parts}
    return {
        "unit": {"kind": str(card.unit.kind), "code": card.unit.code},
        "period": card.period.label,
        "grain": str(card.period.grain),
        "snapshot": card.points.snapshot_id,
        "currency": card.points.currency,
        "is_complete": card.is_complete,
        "template": {"code": card.template.code, "version": card.template.version} if card.template else None,
        "total": {
            "score": short(card.total.score),
            "measured": card.total.measured,
            "of": totals.WHOLE,
            "signals": [each.kpi.id for each in card.signals],
        },
        "kpis": [
            _standing_dict(each, weight=card.weight_of(each.kpi.id), part=by_kpi.get(each.kpi.id))
            for each in (*card.standings, *card.others)
        ],
        "left_out": [
            {"kpi": part.kpi, "weight": part.weight, "reason": part.reason} for part in card.total.left_out
        ],
    }


def _standing_dict(each: Standing, *, weight: int, part: Part | None) -> dict[str, Any]:
    return {
        "kpi": each.kpi.id,
        "version": each.kpi.version,
        "dimension": each.kpi.dimension,
        "unit": each.kpi.unit,
        "direction": each.kpi.direction,
        "weight": weight,
        "value": short(each.value),
        "numerator": short(each.now.numerator),
        "denominator": short(each.now.denominator),
        "n": each.now.n,
        "target": short(each.target),
        "target_rule": each.now.target_rule,
        "before": short(each.before.value),
        "year_ago": short(each.year_ago.value),
        "peers": {"median": short(each.peers.value), "units": each.peers.count} if each.peers else None,
        "judgement": each.judgement,
        "signal": each.signal.status,
        "side": each.signal.side,
        "rules": list(each.signal.rules[-1]),
        "limits": [short(limit) for limit in each.limits] if each.limits else None,
        "attainment": short(part.attainment) if part else None,
        "points": short(part.points) if part else None,
        "withheld": each.withheld,
    }


def short(value: float | None) -> float | None:
    """Twelve significant digits: the same text wherever it is written."""
    return None if value is None else float(f"{value:.12g}")
