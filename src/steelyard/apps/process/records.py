"""Scenarios as records that people talk about."""

from typing import Any

from django.urls import reverse

from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.process.queries.scenarios import scenario_seen_by


@declare("scenario")
def scenario(viewer: Any, key: str) -> Record:
    found = scenario_seen_by(viewer, key)
    return Record("scenario", key, found.name, reverse("process_scenario", args=[key]))
