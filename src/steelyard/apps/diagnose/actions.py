"""Writes of diagnosing: ask a question and keep its answer; write a note to one."""

from dataclasses import asdict
from importlib.metadata import version

from django.db import IntegrityError, transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.apps.diagnose.queries.answers import answer
from steelyard.apps.diagnose.queries.asking import Where, question
from steelyard.apps.diagnose.queries.reading import Driver, Reading, Segment, reading_of
from steelyard.apps.jobs.actions import Actor, account_of
from steelyard.apps.measure.queries.definitions import known_kpi
from steelyard.engine.drivers import Formula
from steelyard.engine.kpi import Kpi
from steelyard.errors import Refused

NOTE_LENGTH = 2000
Part = tuple[Where, Driver | Segment]


def start_diagnosis(
    actor: Actor, *, kpi: str, period: str, against: str, where: Where | None = None
) -> Diagnosis:
    """Diagnose on the newest snapshot; the same question of the same data is answered once."""
    asked = question(actor, kpi=kpi, period=period, against=against, where=where)
    snapshot = newest_snapshot()
    if snapshot is None:
        raise Refused("diagnose.no-data", 409)
    versions = versions_for(asked.kpi)
    engine_version = version("steelyard")
    fingerprint = asked.fingerprint(snapshot, versions=versions, engine=engine_version)
    known = Diagnosis.objects.filter(fingerprint=fingerprint).first()
    if known is not None:
        return known
    result = answer(asked, snapshot)
    try:
        with transaction.atomic():
            made = Diagnosis.objects.create(
                kpi=asked.kpi.id,
                period=asked.period.label,
                against=asked.against,
                where=dict(asked.where),
                teams=list(asked.teams),
                snapshot=snapshot,
                kpi_versions=versions,
                engine_version=engine_version,
                fingerprint=fingerprint,
                result=result,
                actor=account_of(actor),
            )
            Finding.objects.bulk_create(findings_of(made, reading_of(result)))
            record(actor, "diagnose.start", made, kpi=made.kpi, period=made.period, against=made.against)
    except IntegrityError:
        return Diagnosis.objects.get(fingerprint=fingerprint)  # asked twice at once
    return made


def write_note(actor: Actor, diagnosis: Diagnosis, text: str) -> None:
    """What people make of it; the answer itself stays as it was found."""
    authorize(actor, "diagnose.start")
    note = text.strip()
    if len(note) > NOTE_LENGTH:
        raise Refused("diagnose.note-too-long", most=NOTE_LENGTH)
    with transaction.atomic():
        diagnosis.note = note
        diagnosis.save(update_fields=["note"])
        record(actor, "diagnose.note", diagnosis)


def versions_for(kpi: Kpi) -> dict[str, int]:
    """The versions of the KPI, of every factor that its tree names, and of all that these are made of."""
    found: dict[str, int] = {}
    left = [kpi]
    while left:
        each = left.pop(0)
        found[each.id] = each.version
        texts = [text for text in (each.tree if each is kpi else None, each.formula) if text]
        names = dict.fromkeys(name for text in texts for name in Formula.parse(text).names)
        left += [known_kpi(name) for name in names if name not in found]
    return found


def findings_of(diagnosis: Diagnosis, reading: Reading) -> list[Finding]:
    """Drivers, segments and bright spots as rows that a cause or a goal can point at."""
    kinds = Finding.Kind
    drivers: list[Part] = [({"kpi": each.kpi}, each) for each in reading.drivers]
    segments: list[Part] = [(each.where, each) for each in reading.segments]
    bright: list[Part] = [(each.where, each) for each in reading.bright_spots]
    listed = ((kinds.DRIVER, drivers), (kinds.SEGMENT, segments), (kinds.BRIGHT_SPOT, bright))
    return [
        Finding(
            diagnosis=diagnosis,
            kind=kind,
            position=position,
            key=dict(key),
            contribution=each.contribution,
            detail=asdict(each),
        )
        for kind, found in listed
        for position, (key, each) in enumerate(found, start=1)
    ]
