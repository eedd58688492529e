"""Writes on declared flows: each change is a version that holds from a day on."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries.flows import may_change
from steelyard.engine.process.declared import parse_flow
from steelyard.errors import Refused

LONGEST_NOTE = 4000
OF_VERSION = ("version", "effective_from")


def declare_flow(
    actor: User,
    document: Mapping[str, Any],
    *,
    process: str,
    kind: str,
    valid_from: date,
    teams: Sequence[str] = (),
    note: str = "",
) -> Flow:
    """A new flow; a manager's is that of the teams that they lead."""
    authorize(actor, "process.keep")
    with transaction.atomic():
        made = Flow.objects.create(
            kind=kind,
            process=process,
            teams=sorted(teams),
            valid_from=valid_from,
            note=note.strip()[:LONGEST_NOTE],
            actor=actor,
            **told_by(document),
        )
        record(actor, "process.declare-flow", made, version=made.version)
    return made


def change_flow(
    actor: User, flow: Flow, document: Mapping[str, Any], *, based_on: int, valid_from: date, note: str = ""
) -> Flow:
    """Add a version; the one before holds until that day and stays as it was."""
    newest = newest_of(actor, flow)
    if newest.version != based_on:
        by = newest.actor.name if newest.actor else ""
        raise Refused("process.flow-edited", 409, version=newest.version, by=by)
    told = told_by(document)
    is_same_day = valid_from == newest.valid_from and newest.valid_to is None
    if is_same_day and told["document"] == newest.document:
        raise Refused("process.flow-unchanged")
    if valid_from < newest.valid_from:
        raise Refused("process.flow-too-early", day=newest.valid_from.isoformat())
    try:
        with transaction.atomic():
            end_at(newest, valid_from)
            made = Flow.objects.create(
                code=newest.code,
                version=newest.version + 1,
                kind=newest.kind,
                process=newest.process,
                teams=newest.teams,
                valid_from=valid_from,
                note=note.strip()[:LONGEST_NOTE],
                actor=actor,
                **told,
            )
            record(actor, "process.change-flow", made, version=made.version)
    except IntegrityError as fault:
        raise Refused("process.flow-edited", 409, version=newest.version + 1, by="") from fault
    return made


def restore_flow(actor: User, version: Flow, *, based_on: int, valid_from: date) -> Flow:
    """Undo: what an earlier version said holds again from a day on, as a version of its own."""
    return change_flow(actor, version, version.document, based_on=based_on, valid_from=valid_from)


def end_flow(actor: User, flow: Flow, *, day: date) -> Flow:
    """From that day on it holds no more; what was measured stays."""
    newest = newest_of(actor, flow)
    with transaction.atomic():
        end_at(newest, day)
        record(actor, "process.end-flow", newest, version=newest.version)
    return newest


def newest_of(actor: User, flow: Flow) -> Flow:
    """The version that a change stands on, for who may change it."""
    if not may_change(actor, flow):
        raise Refused("access.denied", 404)
    return Flow.objects.select_related("actor").filter(code=flow.code).order_by("-version")[0]


def end_at(flow: Flow, day: date) -> None:
    if flow.valid_to is None or day < flow.valid_to:
        flow.valid_to = max(day, flow.valid_from)
        flow.save(update_fields=["valid_to"])


def told_by(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document, checked, and the name by which lists call it."""
    found = parse_flow({key: value for key, value in document.items() if key not in OF_VERSION})
    said = {key: value for key, value in found.as_json().items() if key not in OF_VERSION}
    return {"document": said, "name": found.names["en"][:200]}
