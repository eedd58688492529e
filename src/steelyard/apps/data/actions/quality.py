"""Writes on the quality of data: check a snapshot, accept a finding as it is, take that back."""

from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.models import QualityAcceptance, QualityCheck, QualityFinding, Snapshot, Source
from steelyard.apps.data.queries import facts
from steelyard.apps.data.queries.quality import Told, context_of
from steelyard.apps.jobs.actions import Actor, JobHandle, account_of
from steelyard.errors import Refused

# Findings of so many snapshots are kept; a diagnosis keeps those that it states by itself.
KEPT_CHECKS = 50
REASON_LENGTH = 500


def check_quality(handle: JobHandle, snapshot: Snapshot) -> dict[str, Any]:
    """Check every table of a snapshot and keep what was found in place of an earlier check of it."""
    from steelyard.engine.kpi import catalogue
    from steelyard.engine.quality import check, kpis_touched

    handle.progress(0, 1, "checking-quality")
    context = context_of(snapshot)
    with facts(snapshot.versions) as lake:
        found = check(lake.tables, context)
        touched = kpis_touched(lake.tables, found, definitions=catalogue())
    handle.raise_if_stopped()
    sources = {source.name: source for source in Source.objects.all()}
    with transaction.atomic():
        QualityCheck.objects.filter(snapshot=snapshot).delete()
        made = QualityCheck.objects.create(snapshot=snapshot, versions=snapshot.versions, as_of=context.as_of)
        QualityFinding.objects.bulk_create(
            QualityFinding(
                check_of=made,
                source=sources.get(each.source),
                table=each.table,
                rule=each.rule,
                column=each.column,
                count=each.count,
                rows=each.rows,
                amount=each.amount,
                total=each.total,
                detail={**each.detail, "kpis": touched[each.key]},
            )
            for each in found
        )
        old = QualityCheck.objects.values_list("pk", flat=True)[KEPT_CHECKS:]
        QualityCheck.objects.filter(pk__in=list(old)).delete()
        record(handle.actor, "data.check-quality", made, findings=len(found))
    return {"snapshot": snapshot.pk, "findings": len(found)}


def accept_finding(actor: Actor, told: Told, reason: str) -> QualityAcceptance:
    """From now on this rule says nothing of this table of this source, until it is withdrawn."""
    authorize(actor, "data.accept-finding")
    reason = reason.strip()
    if not reason:
        raise Refused("quality.no-reason")
    if len(reason) > REASON_LENGTH:
        raise Refused("quality.reason-too-long", most=REASON_LENGTH)
    place = {name: getattr(told.record, name) for name in ("source", "table", "rule", "column")}
    with transaction.atomic():
        made, is_new = QualityAcceptance.objects.get_or_create(
            **place, defaults={"reason": reason, "count": told.record.count, "actor": account_of(actor)}
        )
        if not is_new:
            raise Refused("quality.accepted-already", 409)
        record(actor, "data.accept-finding", made, **_told(made), reason=reason)
    return made


def withdraw_acceptance(actor: Actor, acceptance: QualityAcceptance) -> None:
    authorize(actor, "data.accept-finding")
    with transaction.atomic():
        record(actor, "data.withdraw-acceptance", acceptance, **_told(acceptance))
        acceptance.delete()


def _told(acceptance: QualityAcceptance) -> dict[str, str]:
    source = acceptance.source.name if acceptance.source else ""
    return {"source": source, "table": acceptance.table, "rule": acceptance.rule, "column": acceptance.column}
