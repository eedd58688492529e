"""Causes as records that people talk about."""

from typing import Any

from django.urls import reverse

from steelyard.apps.access.policy import authorize
from steelyard.apps.causes.models import Cause
from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.errors import Refused


@declare("cause")
def cause(viewer: Any, key: str) -> Record:
    """For whoever sees the diagnosis that it belongs to."""
    authorize(viewer, "causes.see")
    found = Cause.objects.select_related("diagnosis").filter(public_id=key).first()
    if found is None:
        raise Refused("access.denied", 404)
    diagnosis = diagnosis_seen_by(viewer, found.diagnosis.public_id)
    return Record("cause", key, found.text, reverse("cause", args=[diagnosis.public_id, key]))
