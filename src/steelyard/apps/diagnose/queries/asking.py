"""What may be asked, and by whom: the question checked, and narrowed to the teams that the actor leads."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import known_kpi
from steelyard.apps.measure.queries.units import Reach, reach_of
from steelyard.engine.kpi import Kpi
from steelyard.engine.periods import Period
from steelyard.errors import Refused

Where = Mapping[str, Any]
BASELINES = ("target", "previous", "year-ago")
MOST_CONDITIONS = 6


@dataclass(frozen=True)
class Question:
    """A KPI, a period, a baseline and a cut.

    `teams` are those whose facts may take part, "" being facts of no known team; empty means all of them.
    """

    kpi: Kpi
    period: Period
    against: str
    where: Where
    teams: tuple[str, ...]

    @property
    def within(self) -> dict[str, Any]:
        """The conditions on the facts: what was asked for, and the teams it is narrowed to."""
        rest = {name: held for name, held in self.where.items() if name != "team"}
        codes = [code or None for code in self.teams]
        if not codes:
            return rest
        return {**rest, "team": codes[0] if len(codes) == 1 else codes}

    @property
    def team(self) -> str | None:
        """The one team that is asked about, those below it counted in."""
        asked = self.where.get("team")
        return asked if isinstance(asked, str) else None

    def fingerprint(self, snapshot: Snapshot, *, versions: Mapping[str, int], engine: str) -> str:
        """All that the answer follows from: the same question of the same data has one answer."""
        told = [self.kpi.id, self.period.label, self.against, self.within, dict(versions), engine]
        text = json.dumps([*told, snapshot.versions], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def question(actor: Any, *, kpi: str, period: str, against: str, where: Where | None = None) -> Question:
    """Check a question and narrow it; what the actor may not ask about is as unknown as what is not there."""
    authorize(actor, "diagnose.start")
    declared, when = known_kpi(kpi), read_period(period)
    baseline = against if against in BASELINES else read_period(against).label
    if baseline == when.label:
        raise Refused("diagnose.same-period", period=when.label)
    asked = dict(where or {})
    if len(asked) > MOST_CONDITIONS:
        raise Refused("diagnose.too-many-conditions", most=MOST_CONDITIONS)
    reach = reach_of(actor)
    if not reach.is_company and "team" not in asked:
        asked["team"] = _own_teams(reach)
    return Question(declared, when, baseline, asked, tuple(_teams(reach, asked.get("team", []))))


def parse_where(texts: Sequence[str]) -> dict[str, Any]:
    """`region=East` and more → conditions; one named twice takes either value, an empty one none."""
    found: dict[str, list[str | None]] = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise Refused("diagnose.bad-condition", text=text[:80])
        found.setdefault(name.strip(), []).append(value.strip() or None)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def where_texts(where: Where) -> list[str]:
    """The conditions as they are typed."""
    return [f"{name}={each or ''}" for name, held in where.items() for each in _listed(held)]


def _own_teams(reach: Reach) -> str | list[str]:
    """The teams that a manager leads, those below them left out: they are counted in."""
    below = {code for team in reach.led for code in reach.with_below([team]) if code != team}
    top = sorted(reach.led - below)
    if not top:
        raise Refused("diagnose.no-team", 409)
    return top[0] if len(top) == 1 else top


def _teams(reach: Reach, asked: Any) -> list[str]:
    """A team stands for itself and those below it; a manager asks about teams that they lead."""
    codes = [str(each) for each in _listed(asked) if each]
    has_none = None in _listed(asked)
    if reach.is_company:
        return reach.with_below(codes) + [""] * has_none
    found = reach.with_below(codes)
    if has_none or not found or not set(found) <= reach.led:
        raise Refused("access.denied", 404)
    return found


def _listed(held: Any) -> list[Any]:
    return list(held) if isinstance(held, list | tuple) else [held]
