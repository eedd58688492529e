"""Writes on scorecards: versions of the templates that weigh them, and what an account saw last."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.actions import Actor
from steelyard.apps.measure.models import ScorecardTemplate, ScorecardVisit, UnitKind
from steelyard.apps.measure.queries.changes import VISIT, seen_of
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.apps.measure.queries.scorecard import Scorecard
from steelyard.apps.measure.queries.templates import (
    WHOLE,
    Template,
    newest_templates,
    shipped_templates,
    versions_of,
)
from steelyard.errors import Refused

MOST_KPIS = 60


@transaction.atomic
def save_template(
    actor: Actor,
    *,
    code: str,
    kind: str,
    names: Mapping[str, str],
    weights: Mapping[str, int],
    valid_from: datetime.date,
    role: str = "",
    teams: Sequence[str] = (),
    is_retired: bool = False,
) -> ScorecardTemplate:
    """Add a version; the ones before stay, and go on holding for the periods before it."""
    authorize(actor, "measure.weights")
    check_weights(weights)
    known = {each.code: each for each in newest_templates(actor)}
    if code in known:
        kind = known[code].kind
    elif kind not in (UnitKind.TEAM, UnitKind.MEMBER):
        raise Refused("measure.one-company-scorecard", 409)
    newest = ScorecardTemplate.objects.select_for_update().filter(code=code).first()
    made = ScorecardTemplate.objects.create(
        code=code,
        version=newest.version + 1 if newest else 1,
        kind=kind,
        role=role if kind == UnitKind.MEMBER else "",
        teams=[] if kind == UnitKind.COMPANY else sorted(teams),
        names=dict(names),
        weights=[[kpi, weight] for kpi, weight in weights.items()],
        valid_from=valid_from,
        is_retired=is_retired,
        author=actor if isinstance(actor, User) else None,
    )
    record(actor, "measure.weigh", made, code=code, version=made.version)
    return made


def restore_template(
    actor: Actor, code: str, version: int, *, valid_from: datetime.date
) -> ScorecardTemplate:
    """Undo: what an earlier version said holds again, as a version of its own."""
    found = next((each for each in versions_of(actor, code) if each.version == version), None)
    if found is None:
        raise Refused("access.denied", 404)
    return _again(actor, found, valid_from=valid_from, is_retired=False)


def retire_template(actor: Actor, code: str, *, valid_from: datetime.date) -> ScorecardTemplate:
    """From then on no unit has it. What ships stays: some scorecard must hold."""
    found = versions_of(actor, code)[0]
    if any(each.code == code for each in shipped_templates()):
        raise Refused("measure.shipped-scorecard", 409)
    return _again(actor, found, valid_from=valid_from, is_retired=True)


def _again(
    actor: Actor, found: Template, *, valid_from: datetime.date, is_retired: bool
) -> ScorecardTemplate:
    return save_template(
        actor,
        code=found.code,
        kind=found.kind,
        names=found.names,
        weights=found.weights,
        valid_from=valid_from,
        role=found.role,
        teams=found.teams,
        is_retired=is_retired,
    )


def check_weights(weights: Mapping[str, int]) -> None:
    """Whole percents of known KPIs that add up to 100."""
    if len(weights) > MOST_KPIS:
        raise Refused("measure.too-many-weights", limit=MOST_KPIS)
    unknown = [kpi for kpi in weights if kpi not in known_kpis()]
    if unknown:
        raise Refused("kpi.unknown", 404, kpi=unknown[0][:63])
    if any(not 0 <= weight <= WHOLE for weight in weights.values()):
        raise Refused("measure.bad-weight")
    if (whole := sum(weights.values())) != WHOLE:
        raise Refused("measure.weights-not-whole", whole=whole)


@transaction.atomic
def see_scorecard(actor: Any, card: Scorecard) -> None:
    """Keep what an account sees of its own unit now; after a pause, what it saw then is the visit before."""
    authorize(actor, "measure.see")
    now, seen = timezone.now(), seen_of(card)
    fresh = {"unit": card.unit.key, "last": seen, "last_at": now}
    visit = ScorecardVisit.objects.select_for_update().filter(user_id=actor.pk).first()
    if visit is None:
        ScorecardVisit.objects.create(user_id=actor.pk, **fresh)
        return
    if visit.unit != card.unit.key:
        visit.before, visit.before_at = {}, None
    elif now - visit.last_at > VISIT:
        visit.before, visit.before_at = visit.last, visit.last_at
    visit.unit, visit.last, visit.last_at = card.unit.key, seen, now
    visit.save()
