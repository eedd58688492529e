"""Diagnoses as records that people talk about."""

from typing import Any

from django.urls import reverse

from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.diagnose.queries.reading import reading_of
from steelyard.apps.diagnose.queries.saved import diagnosis_seen_by
from steelyard.apps.diagnose.words import headline


@declare("diagnosis")
def diagnosis(viewer: Any, key: str) -> Record:
    found = diagnosis_seen_by(viewer, key)
    label = headline.headline(reading_of(found.result)).text
    return Record("diagnosis", key, label, reverse("diagnosis", args=[key]))
