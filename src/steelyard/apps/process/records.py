"""Scenarios and flows as records that people talk about."""

from typing import Any

from django.urls import reverse

from steelyard.apps.comments.kinds import Record, declare
from steelyard.apps.process.queries.flows import newest_seen_by
from steelyard.apps.process.queries.scenarios import scenario_seen_by
from steelyard.apps.process.words.flows import flow_name


@declare("scenario")
def scenario(viewer: Any, key: str) -> Record:
    found = scenario_seen_by(viewer, key)
    return Record("scenario", key, found.name, reverse("process_scenario", args=[key]))


@declare("flow")
def flow(viewer: Any, key: str) -> Record:
    """One conversation for all versions of a flow, on its newest."""
    found = newest_seen_by(viewer, key)
    return Record("flow", key, flow_name(found), reverse("process_flow", args=[found.public_id]))
