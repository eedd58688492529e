"""Saved diagnoses: the only door to them, and who may open which."""

from typing import Any

from django.db.models import QuerySet

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.measure.queries.units import Reach, reach_of
from steelyard.errors import Refused


def diagnoses_seen_by(viewer: Any) -> QuerySet[Diagnosis]:
    """All of them for who sees the company; a manager those whose teams they all lead today."""
    authorize(viewer, "diagnose.see")
    every = Diagnosis.objects.select_related("actor", "snapshot")
    reach = reach_of(viewer)
    if reach.is_company:
        return every
    own = [pk for pk, teams in Diagnosis.objects.values_list("pk", "teams") if is_led(reach, teams)]
    return every.filter(pk__in=own)


def is_led(reach: Reach, teams: list[str]) -> bool:
    """Whether a manager leads every team that the answer was made of; the company's is nobody's own."""
    return bool(teams) and set(teams) <= reach.led


def diagnosis_seen_by(viewer: Any, public_id: str) -> Diagnosis:
    """One of them; what is not the viewer's to see does not exist."""
    found = diagnoses_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


def is_outdated(diagnosis: Diagnosis) -> bool:
    """Whether data were published since."""
    newest = newest_snapshot()
    return newest is not None and newest.pk != diagnosis.snapshot_id


def others_of_kpi(viewer: Any, diagnosis: Diagnosis) -> list[Diagnosis]:
    """Earlier and later diagnoses of the same KPI, to compare with."""
    same = diagnoses_seen_by(viewer).filter(kpi=diagnosis.kpi).exclude(pk=diagnosis.pk)
    return list(same[:20])
