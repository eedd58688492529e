"""The only door to causes: seen by whoever sees the diagnosis, evidence by its audience, too."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from steelyard.apps.access.policy import authorize, can
from steelyard.apps.accounts.models import Role
from steelyard.apps.causes.models import Cause, Countermeasure, Evidence, Why, Wording
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.apps.measure.queries.units import reach_of
from steelyard.errors import Refused

LEADS = (Role.LEADER, Role.MANAGER)
Audience = Evidence.Audience


def diagnosis_for(viewer: Any, public_id: str) -> Diagnosis:
    """The diagnosis whose causes are asked for."""
    authorize(viewer, "causes.see")
    return diagnosis_seen_by(viewer, public_id)


def causes_of(diagnosis: Diagnosis) -> QuerySet[Cause]:
    return diagnosis.causes.select_related("created_by", "worded_by", "decided_by", "finding", "why")


def cause_of(diagnosis: Diagnosis, public_id: str) -> Cause:
    return _found(causes_of(diagnosis), public_id)


def whys_of(diagnosis: Diagnosis) -> QuerySet[Why]:
    """Every answer, the withdrawn ones too, which their writers can bring back."""
    return diagnosis.whys.select_related("created_by", "worded_by", "cause")


def why_of(diagnosis: Diagnosis, public_id: str) -> Why:
    return _found(whys_of(diagnosis).select_related("parent"), public_id)


def countermeasures_of(diagnosis: Diagnosis) -> QuerySet[Countermeasure]:
    found = Countermeasure.objects.filter(cause__diagnosis=diagnosis)
    return found.select_related("cause", "created_by", "worded_by")


def countermeasure_of(diagnosis: Diagnosis, public_id: str) -> Countermeasure:
    return _found(countermeasures_of(diagnosis), public_id)


def evidence_seen_by(viewer: Any, diagnosis: Diagnosis) -> list[Evidence]:
    """What the viewer may read: by its audience, and of a team's figures by who sees that team."""
    authorize(viewer, "causes.see")
    audiences = Q(audience=Audience.ALL) | Q(created_by=viewer.pk)
    if viewer.has_role(*LEADS):
        audiences |= Q(audience=Audience.LEADS)
    found = diagnosis.evidence.filter(audiences).select_related("created_by", "cause", "why")
    return within_reach(viewer, found)


def within_reach(viewer: Any, found: Iterable[Evidence]) -> list[Evidence]:
    """Figures of a team, as evidence too, are for who may see the team's figures."""
    reach = reach_of(viewer)
    return [
        each
        for each in found
        if reach.is_company or not each.figure or (each.figure.get("team") or "") in reach.led
    ]


def standing_evidence(viewer: Any, diagnosis: Diagnosis) -> list[Evidence]:
    """Without what was withdrawn."""
    return [each for each in evidence_seen_by(viewer, diagnosis) if each.withdrawn_at is None]


def withdrawn_evidence(viewer: Any, diagnosis: Diagnosis) -> list[Evidence]:
    """What the viewer could bring back."""
    gone = [each for each in evidence_seen_by(viewer, diagnosis) if each.withdrawn_at is not None]
    return [each for each in gone if may_keep(viewer, each)]


def evidence_of(viewer: Any, diagnosis: Diagnosis, public_id: str) -> Evidence:
    found = next((each for each in evidence_seen_by(viewer, diagnosis) if each.public_id == public_id), None)
    if found is None:
        raise Refused("access.denied", 404)
    return found


def may_keep(viewer: Any, evidence: Evidence) -> bool:
    """Whether the viewer may withdraw it or bring it back."""
    is_own = evidence.created_by_id == viewer.pk
    return can(viewer, "causes.edit" if is_own else "causes.confirm")


def wordings_of(*public_ids: str) -> QuerySet[Wording]:
    """Former texts, and those that were set aside, the newest first."""
    return Wording.objects.filter(object_id__in=public_ids).select_related("author")


def _found(rows: Any, public_id: str) -> Any:
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found
