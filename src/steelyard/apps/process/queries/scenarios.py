"""Saved what-ifs and tries that are not saved yet: the only door to them."""

from typing import Any

from django.db.models import Q, QuerySet

from steelyard.apps.access.policy import authorize
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.process.models import Scenario
from steelyard.apps.process.queries.hours import calendars_for
from steelyard.apps.process.queries.seen import Asked, Seen, log_seen_by
from steelyard.engine.calendars import Calendars
from steelyard.errors import Refused

JOB = "process.what-if"
SAVED = (Scenario.State.READY, Scenario.State.CHOSEN, Scenario.State.DROPPED)


def scenarios_seen_by(viewer: Any) -> QuerySet[Scenario]:
    """All of them for who sees the company, a manager those of teams that they lead; tries only one's own."""
    authorize(viewer, "process.see")
    every = Scenario.objects.select_related("actor", "snapshot", "calendar")
    every = every.filter(~Q(name="") | Q(actor_id=viewer.pk))
    reach = reach_of(viewer)
    if reach.is_company:
        return every
    own = [
        pk for pk, teams in every.order_by().values_list("pk", "teams") if teams and set(teams) <= reach.led
    ]
    return every.filter(pk__in=own)


def scenario_seen_by(viewer: Any, public_id: str) -> Scenario:
    """One of them; what is not the viewer's to see does not exist."""
    found = scenarios_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


def saved_scenarios(viewer: Any, process: str) -> list[Scenario]:
    """Those with a name about a process, the newest first."""
    return list(scenarios_seen_by(viewer).filter(process=process, state__in=SAVED).exclude(name=""))


def log_of_scenario(viewer: Any, scenario: Scenario) -> Seen:
    """The part of the log that it plays through, as it was then."""
    seen = log_seen_by(
        viewer, Asked.of_json(scenario.asked), snapshot=scenario.snapshot, teams=scenario.teams
    )
    if seen is None:
        raise Refused("process.no-log", 409)
    return seen


def calendars_of(scenario: Scenario, seen: Seen) -> Calendars | None:
    return calendars_for(seen, scenario.calendar)
