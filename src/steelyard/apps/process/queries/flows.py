"""How the work ought to go: declared flows in their versions, and how the log keeps to each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from steelyard.apps.access.policy import authorize, can
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries.hours import calendar_in_force, calendars_for
from steelyard.apps.process.queries.seen import Asked, Seen, log_seen_by
from steelyard.apps.process.queries.work import at_midnight
from steelyard.engine.process.declared import Flow as Declared
from steelyard.engine.process.declared import (
    FlowCheck,
    VariantChoice,
    best_variant,
    check_flow,
    parse_flow,
)
from steelyard.engine.process.endings import endings_of
from steelyard.engine.process.log import EventLog
from steelyard.errors import Refused


@dataclass(frozen=True)
class Checked:
    """A version held against the log since it holds; where no case has ended since, against all before."""

    check: FlowCheck
    trial: FlowCheck | None


def flows_seen_by(viewer: Any) -> QuerySet[Flow]:
    """The company's for everybody in the room; a team's for who leads it or sees the company."""
    authorize(viewer, "process.see")
    every = Flow.objects.select_related("actor")
    reach = reach_of(viewer)
    if reach.is_company:
        return every
    listed = every.order_by().values_list("pk", "teams")
    return every.filter(pk__in=[pk for pk, teams in listed if set(teams) <= reach.led])


def flow_seen_by(viewer: Any, public_id: str) -> Flow:
    found = flows_seen_by(viewer).filter(public_id=public_id).first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


def newest_seen_by(viewer: Any, code: str) -> Flow:
    """The newest version of a flow, by what all its versions share."""
    found = flows_seen_by(viewer).filter(code=code).order_by("-version").first()
    if found is None:
        raise Refused("access.denied", 404)
    return found


def versions_of(flow: Flow) -> list[Flow]:
    """The newest first."""
    return list(Flow.objects.select_related("actor").filter(code=flow.code).order_by("-version"))


def standing_flows(viewer: Any, process: str) -> list[Flow]:
    """Of each flow of a process the version in force, or the newest where none is."""
    found: dict[str, Flow] = {}
    for each in flows_seen_by(viewer).filter(process=process).order_by("-version"):
        known = found.get(each.code)
        if known is None or (is_in_force(each) and not is_in_force(known)):
            found[each.code] = each
    return sorted(
        found.values(), key=lambda each: (not is_in_force(each), each.kind != Flow.Kind.STANDARD, each.pk)
    )


def is_in_force(flow: Flow, day: date | None = None) -> bool:
    day = day or timezone.localdate()
    return flow.valid_from <= day and (flow.valid_to is None or day < flow.valid_to)


def may_change(viewer: Any, flow: Flow) -> bool:
    """Who sees the company may change every flow; a manager those of teams that they lead."""
    reach = reach_of(viewer)
    is_own = bool(flow.teams) and set(flow.teams) <= reach.led
    return can(viewer, "process.keep") and (reach.is_company or is_own)


def declared_of(flow: Flow) -> Declared:
    """As the engine reads it."""
    dates = {"version": flow.version, "effective_from": flow.valid_from.isoformat()}
    return parse_flow({**flow.document, **dates})


def log_for_flow(viewer: Any, flow: Flow, asked: Asked) -> Seen | None:
    """The cases of the flow's process, and of its teams where nothing narrower is asked for."""
    whole = Asked(flow.process, asked.team, asked.period, asked.where)
    teams: Collection[str] | None = flow.teams if flow.teams and not asked.team else None
    return log_seen_by(viewer, whole, teams=teams)


def checked(seen: Seen, flow: Flow) -> Checked:
    check = check_of(seen, flow)
    return Checked(check, None if check.cases else check_of(seen, flow, is_trial=True))


def check_of(seen: Seen, flow: Flow, *, is_trial: bool = False) -> FlowCheck:
    """Over the cases that came in while the version held; a trial is over all of them."""
    kept = calendar_in_force()

    def ask(log: EventLog) -> FlowCheck:
        declared, endings = declared_of(flow), endings_of(log) or None
        if is_trial:
            declared = parse_flow({**declared.as_json(), "effective_from": None})
        elif flow.valid_to is not None:
            log = log.keep(came_before(log, flow.valid_to))
        return check_flow(
            log,
            declared,
            calendars=calendars_for(seen, kept),
            endings=endings,
            timezone=settings.TIME_ZONE,
        )

    until = str(flow.valid_to)
    return seen.kept("flow", ask, flow.public_id, until, is_trial, kept.version if kept else 0)


def came_before(log: EventLog, day: date) -> np.ndarray:
    if not len(log):
        return np.zeros(0, bool)
    return np.minimum.reduceat(log.starts(), log.first) < at_midnight(day)


def history(seen: Seen, versions: Sequence[Flow]) -> list[tuple[Flow, FlowCheck]]:
    """Every version that ever held, the oldest first."""
    held = [each for each in versions if each.valid_to is None or each.valid_to > each.valid_from]
    return [(each, check_of(seen, each)) for each in held[::-1]]


def choice_of(seen: Seen) -> VariantChoice:
    """Which way of those that are taken could become the standard."""
    kept = calendar_in_force()
    return seen.kept(
        "best-variant",
        lambda log: best_variant(log, calendars=calendars_for(seen, kept), endings=endings_of(log) or None),
        kept.version if kept else 0,
    )


def words_of(words: Mapping[str, str] | None, language: str) -> str:
    """A text of a flow in the reader's language."""
    return "" if words is None else words["zh" if language.startswith("zh") else "en"]
