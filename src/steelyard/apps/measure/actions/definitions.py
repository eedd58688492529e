"""Writes on the site's own KPIs: a draft, a version that counts, and taking it back."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.jobs.actions import Actor, account_of, enqueue
from steelyard.apps.measure.models import KpiDefinition
from steelyard.apps.measure.queries.declaring import declared
from steelyard.apps.measure.queries.definitions import forget_definitions, known, without_kpi
from steelyard.apps.measure.queries.versions import document_in_force, newest_version
from steelyard.engine.kpi import catalogue
from steelyard.errors import Refused

State = KpiDefinition.State
REASON_LENGTH = 400
# What says when and as which version a KPI was declared, and nothing of what it is.
OF_VERSION = ("version", "valid_from")


def save_definition(
    actor: Actor, document: Mapping[str, Any], *, based_on: int, reason: str = "", is_draft: bool = False
) -> KpiDefinition:
    """Add a version; `based_on` is the newest one that the author has seen, 0 for a KPI that is new.

    A published one counts from now on: the figures of all periods are computed with it.
    """
    authorize(actor, "measure.define")
    given = dict(document) if isinstance(document, Mapping) else {}
    name, why = str(given.get("id", ""))[:63], reason.strip()[:REASON_LENGTH]
    version = _next_version(name, based_on)
    given["version"] = version
    given["valid_from"] = str(given.get("valid_from") or timezone.localdate().isoformat())
    declared(given)
    held = document_in_force(name)
    if held is not None and content_of(held) == content_of(given):
        raise Refused("kpi.nothing-changed", kpi=name)
    if held is not None and not why:
        raise Refused("kpi.no-reason", kpi=name, key="reason")
    state = State.DRAFT if is_draft else State.PUBLISHED
    return _add(actor, name, version, given, state=state, reason=why, valid_from=given["valid_from"])


def retire_definition(actor: Actor, kpi: str, *, based_on: int, reason: str) -> KpiDefinition:
    """Take the site's declaration back: the one that ships counts again, or the KPI is computed no more."""
    authorize(actor, "measure.define")
    held = known().own.get(kpi) or _broken(kpi)
    if held is None:
        raise Refused("kpi.not-own", 409, kpi=kpi[:63])
    version, why = _next_version(kpi, based_on), reason.strip()[:REASON_LENGTH]
    if not why:
        raise Refused("kpi.no-reason", kpi=kpi, key="reason")
    without_kpi(kpi)
    day = timezone.localdate().isoformat()
    return _add(actor, kpi, version, held.document, state=State.RETIRED, reason=why, valid_from=day)


def content_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """What a document says of the KPI itself."""
    return {key: value for key, value in document.items() if key not in OF_VERSION}


def _broken(kpi: str) -> KpiDefinition | None:
    if kpi not in known().broken:
        return None
    return KpiDefinition.objects.filter(kpi=kpi).exclude(state=State.DRAFT).first()


def _next_version(kpi: str, based_on: int) -> int:
    newest = newest_version(kpi)
    if newest is None or newest.version == based_on:
        shipped = catalogue().get(kpi)
        if newest is None and based_on == 0 and shipped is not None:
            raise Refused("kpi.invalid", kpi=kpi, key="id", reason="used-twice")
        return max(newest.version if newest else 0, shipped.version if shipped else 0) + 1
    if based_on == 0:
        raise Refused("kpi.invalid", kpi=kpi, key="id", reason="used-twice")
    raise _meanwhile(newest)


def _add(
    actor: Actor,
    kpi: str,
    version: int,
    document: Mapping[str, Any],
    *,
    state: str,
    reason: str,
    valid_from: str,
) -> KpiDefinition:
    try:
        with transaction.atomic():
            made = KpiDefinition.objects.create(
                kpi=kpi,
                version=version,
                document=dict(document),
                state=state,
                valid_from=datetime.date.fromisoformat(valid_from),
                author=account_of(actor),
                reason=reason,
            )
            record(actor, "measure.define", made, kpi=kpi, version=version, state=state)
            if state != State.DRAFT and newest_snapshot() is not None:
                enqueue(actor, "measure.points", {})
    except IntegrityError as error:
        raise _meanwhile(newest_version(kpi)) from error
    forget_definitions()
    return made


def _meanwhile(newest: KpiDefinition | None) -> Refused:
    """Two at once: the second is told whose version came first."""
    if newest is None:
        return Refused("kpi.edited-meanwhile", 409, kpi="", version=0, by="")
    by = newest.author.name if newest.author else ""
    return Refused("kpi.edited-meanwhile", 409, kpi=newest.kpi, version=newest.version, by=by)
