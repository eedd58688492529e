"""Writes on what-ifs: try changes, save what came out, decide what becomes of it."""

from collections.abc import Sequence
from datetime import timedelta
from importlib.metadata import version

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.jobs.actions import Actor, enqueue
from steelyard.apps.process.models import Scenario
from steelyard.apps.process.queries.findings import activities_of
from steelyard.apps.process.queries.hours import calendar_in_force
from steelyard.apps.process.queries.scenarios import JOB, calendars_of, log_of_scenario
from steelyard.apps.process.queries.seen import Seen
from steelyard.engine.process.endings import endings_of
from steelyard.engine.process.whatif import Change, change_of, simulate
from steelyard.errors import Refused

State = Scenario.State
# More cases or events than these take over a second, so that a job plays them through.
AT_ONCE_CASES, AT_ONCE_EVENTS = 1500, 20_000
MOST_CHANGES = 10
LONGEST_NAME, LONGEST_NOTE = 200, 4000
TRIES_KEPT = timedelta(days=1)


def try_changes(actor: User, seen: Seen, changes: Sequence[Change]) -> Scenario:
    """Play the changes through on the log that is seen; the same try is answered once."""
    authorize(actor, "process.keep")
    check_changes(seen, changes)
    asked = {
        "process": seen.asked.process or "",
        "asked": seen.asked.as_json(),
        "teams": list(seen.teams),
        "changes": [each.as_json() for each in changes],
        "snapshot": seen.snapshot,
        "calendar": calendar_in_force(),
        "engine_version": version("steelyard"),
    }
    known = Scenario.objects.filter(actor=actor, name="", **asked).exclude(state=State.REFUSED).first()
    if known is not None:
        return known
    forget_tries(actor)
    made = Scenario.objects.create(actor=actor, **asked)
    if len(seen.log.cases) <= AT_ONCE_CASES and len(seen.log) <= AT_ONCE_EVENTS:
        return work_out(actor, made)
    enqueue(actor, JOB, {"scenario": made.public_id})
    return made


def check_changes(seen: Seen, changes: Sequence[Change]) -> None:
    if not changes:
        raise Refused("process.no-changes")
    if len(changes) > MOST_CHANGES:
        raise Refused("process.too-many-changes", most=MOST_CHANGES)
    known = set(activities_of(seen.log))
    for each in changes:
        for activity in each.activities:
            if activity not in known:
                raise Refused("whatif.unknown-activity", activity=activity)


def forget_tries(actor: User) -> None:
    """What somebody tried and did not save goes after a day."""
    old = timezone.now() - TRIES_KEPT
    Scenario.objects.filter(actor=actor, name="", created_at__lt=old).delete()


def work_out(actor: Actor, scenario: Scenario) -> Scenario:
    """Find the outcome, once; a refusal is kept as the scenario's state and raised."""
    if scenario.outcome is not None:
        return scenario
    seen = log_of_scenario(actor, scenario)
    try:
        found = simulate(
            seen.log,
            [change_of(each) for each in scenario.changes],
            calendars=calendars_of(scenario, seen),
            endings=endings_of(seen.log) or None,
        )
    except Refused:
        scenario.state = State.REFUSED
        scenario.save(update_fields=["state"])
        raise
    scenario.outcome, scenario.state = found.as_json(), State.READY
    scenario.save(update_fields=["outcome", "state"])
    return scenario


def save_scenario(actor: User, scenario: Scenario, *, name: str, note: str = "") -> Scenario:
    """Give it a name, by which others find it, or another one."""
    authorize(actor, "process.keep")
    told = " ".join(name.split())[:LONGEST_NAME]
    if not told:
        raise Refused("process.no-name")
    if scenario.outcome is None:
        raise Refused("process.not-worked-out", 409)
    with transaction.atomic():
        scenario.name, scenario.note = told, note.strip()[:LONGEST_NOTE]
        scenario.save(update_fields=["name", "note"])
        record(actor, "process.save-scenario", scenario)
    return scenario


def decide_scenario(actor: User, scenario: Scenario, state: str) -> Scenario:
    """Choose it, drop it, or take either back."""
    authorize(actor, "process.keep")
    if not scenario.name or scenario.outcome is None:
        raise Refused("process.not-worked-out", 409)
    if state not in (State.READY, State.CHOSEN, State.DROPPED):
        raise Refused("access.denied", 404)
    with transaction.atomic():
        scenario.state = state
        scenario.save(update_fields=["state"])
        record(actor, "process.decide-scenario", scenario, state=state)
    return scenario
