"""Targets of the children that do not sum to that of the parent."""

import math
from collections.abc import Sequence

from steelyard.engine.kpi import Targets
from steelyard.engine.lenses.case import Case
from steelyard.engine.organisation import ancestors

COMPANY = ""
# By how much targets of the children may miss that of the parent.
SPLIT = 0.02


def splits_of(case: Case, targets: Targets) -> tuple[tuple[str, float, float], ...]:
    """Parents whose children have targets that do not sum to theirs: unit, own target, sum."""
    if not case.kpi.additive:
        return ()
    given = targets.values.get(case.kpi.id, {})
    found = []
    counted = targets.counted_teams(case.kpi, period=case.period)
    parents = {unit for unit in given if unit in targets.parents}
    for unit in sorted(parents - set(counted)):
        below = [team for team in counted if unit in ancestors(team, targets.parents)]
        found += _split(case, targets, (unit,), unit, below)
    if case.teams_asked is None:
        found += _split(case, targets, ("company", ""), COMPANY, counted)
    return tuple(found)


def _split(
    case: Case, targets: Targets, own: tuple[str, ...], name: str, below: Sequence[str]
) -> list[tuple[str, float, float]]:
    whole = targets.given(case.kpi, period=case.period, units=own)
    parts = [targets.given(case.kpi, period=case.period, units=(team,)) for team in below]
    known = [float(part) for part in parts if part is not None]
    if whole is None or not known or len(known) < len(parts):
        return []
    is_off = abs(math.fsum(known) - float(whole)) > SPLIT * abs(float(whole))
    return [(name, float(whole), math.fsum(known))] if is_off else []
