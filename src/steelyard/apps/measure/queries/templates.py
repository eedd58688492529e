"""What a scorecard shows and how it weighs it: the versions of this site before those that ship."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.models import KpiPoint, PointSet, ScorecardTemplate, UnitKind
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.kept import kept
from steelyard.apps.measure.queries.staff import Staff
from steelyard.apps.measure.queries.units import Unit
from steelyard.errors import Refused

WHOLE = 100
EVER = datetime.date(1900, 1, 1)


@dataclass(frozen=True)
class Template:
    """One version that holds; `version` 0 is what ships."""

    code: str
    version: int
    kind: str
    names: Mapping[str, str]
    weights: Mapping[str, int]
    role: str = ""
    teams: tuple[str, ...] = ()
    valid_from: datetime.date = EVER
    is_retired: bool = False

    def weight_on(self, kpis: Iterable[str]) -> int:
        """How much of it these KPIs carry."""
        return sum(self.weights.get(kpi, 0) for kpi in kpis)


@cache
def shipped_templates() -> tuple[Template, ...]:
    """Those that ship, in the order of the file."""
    text = (resources.files("steelyard.apps.measure") / "scorecards.yaml").read_text("utf-8")
    return tuple(
        Template(code=one["code"], version=0, kind=one["kind"], names=one["names"], weights=one["weights"])
        for one in yaml.safe_load(text)
    )


def templates_on(day: datetime.date) -> list[Template]:
    """The templates that hold for a period that begins on a day: of each code the latest to begin."""
    newest = {each.code: each for each in shipped_templates()}
    rows = ScorecardTemplate.objects.filter(valid_from__lte=day).order_by("valid_from", "version")
    for row in rows:
        newest[row.code] = template_of(row)
    return [each for each in newest.values() if not each.is_retired]


def shown_first(day: datetime.date) -> list[str]:
    """Every KPI that is known: those of the scorecards first, in their order."""
    known = known_kpis()
    weighed = dict.fromkeys(kpi for each in templates_on(day) for kpi in each.weights)
    return [kpi for kpi in dict.fromkeys([*weighed, *known]) if kpi in known]


def template_of(row: ScorecardTemplate) -> Template:
    return Template(
        code=row.code,
        version=row.version,
        kind=row.kind,
        names=row.names,
        weights=dict(row.weights),
        role=row.role,
        teams=tuple(row.teams),
        valid_from=row.valid_from,
        is_retired=row.is_retired,
    )


def versions_of(viewer: Any, code: str) -> list[Template]:
    """Every version of a template, the newest first; what ships is the first of them."""
    authorize(viewer, "measure.weights")
    rows = [template_of(row) for row in ScorecardTemplate.objects.filter(code=code).order_by("-version")]
    found = rows + [each for each in shipped_templates() if each.code == code]
    if not found:
        raise Refused("access.denied", 404)
    return found


def newest_templates(viewer: Any) -> list[Template]:
    """The newest version of each template, whenever it begins to hold; the retired last."""
    authorize(viewer, "measure.weights")
    newest = {each.code: each for each in shipped_templates()}
    newest |= {row.code: template_of(row) for row in ScorecardTemplate.objects.order_by("version")}
    return sorted(newest.values(), key=lambda each: each.is_retired)


class Templates:
    """Which template each unit has in a period."""

    def __init__(self, points: PointSet, day: datetime.date, staff: Staff) -> None:
        self.points, self.day, self.staff = points, day, staff
        self.listed = templates_on(day)

    def of(self, unit: Unit) -> Template | None:
        """The one that names the team nearest, then the role; in a tie, the one that fits the records."""
        fitting = [each for each in self.listed if each.kind == unit.kind]
        if not fitting:
            return None
        if unit.kind == UnitKind.COMPANY:
            return fitting[-1]
        place = self.staff.place_of(unit.code, on=self.day) if unit.kind == UnitKind.MEMBER else None
        team = place.team if place else unit.code
        role = place.role if place else ""
        return chosen(
            fitting, teams=self.staff.with_above(team), role=role, measured=measured_of(self.points, team)
        )


def chosen(
    templates: Sequence[Template], *, teams: Sequence[str], role: str, measured: frozenset[str]
) -> Template | None:
    """Out of those of one kind; `teams` from the unit's own upwards."""

    def rank(each: Template) -> tuple[int, int, int] | None:
        nearest = next((place for place, team in enumerate(teams) if team in each.teams), None)
        if (each.teams and nearest is None) or (each.role and each.role != role):
            return None
        return (
            -1 if nearest is None else len(teams) - nearest,
            int(bool(each.role)),
            each.weight_on(measured),
        )

    ranked = [(rank(each), each) for each in templates]
    known = [(found, each) for found, each in ranked if found is not None]
    return max(known, key=lambda pair: pair[0])[1] if known else None


def measured_of(points: PointSet, team: str) -> frozenset[str]:
    """The KPIs of which a team has records in any year."""
    return kept(("measured", points.pk, str(points.computed_at)), lambda: _measured(points)).get(
        team, frozenset()
    )


def _measured(points: PointSet) -> dict[str, frozenset[str]]:
    rows = KpiPoint.objects.filter(point_set=points, unit_kind=UnitKind.TEAM, grain="year", n__gt=0)
    found: dict[str, set[str]] = {}
    for team, kpi in rows.values_list("unit", "kpi").order_by().distinct():
        found.setdefault(team, set()).add(kpi)
    return {team: frozenset(kpis) for team, kpis in found.items()}
