"""The lenses tested on the facts of a diagnosis, once for each state of the facts and of the engine."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.causes.models import LensRun
from steelyard.apps.causes.queries.testing import question_of
from steelyard.apps.data.queries import facts
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.jobs.actions import Actor, account_of
from steelyard.apps.measure.queries.calendar import fiscal_start
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.engine.kpi.relations import Tables

Progress = Callable[[str, int, int], None]
ORGANISATION = {"team": ("org_teams", "team"), "member": ("org_people", "person")}


def test_lenses(actor: Actor, diagnosis: Diagnosis, *, progress: Progress | None) -> LensRun:
    """Test on the snapshot that the diagnosis was made of; the same question is answered once."""
    authorize(actor, "causes.edit")
    fingerprint = fingerprint_of(diagnosis)
    known = LensRun.objects.filter(fingerprint=fingerprint).first()
    if known is not None:
        return known
    result = report_on(diagnosis, progress=progress)
    try:
        with transaction.atomic():
            made = LensRun.objects.create(
                diagnosis=diagnosis,
                engine_version=version("steelyard"),
                fingerprint=fingerprint,
                result=result,
                actor=account_of(actor),
            )
            record(actor, "causes.test", diagnosis, run=made.pk)
    except IntegrityError:
        return LensRun.objects.get(fingerprint=fingerprint)  # asked twice at once
    return made


def fingerprint_of(diagnosis: Diagnosis) -> str:
    """The diagnosis's own, which names its facts, and the engine that looks at them now."""
    return hashlib.sha256(f"{diagnosis.fingerprint} {version('steelyard')}".encode()).hexdigest()


def report_on(diagnosis: Diagnosis, *, progress: Progress | None = None) -> dict[str, Any]:
    """What the engine says of every lens, as JSON, with the names of the teams and people in it."""
    from steelyard.engine import lenses  # scipy takes a moment, which the web's start need not

    asked = question_of(diagnosis)
    with facts(diagnosis.snapshot.versions) as lake:
        report = lenses.test_lenses(
            lake.tables,
            asked.kpi,
            period=asked.period,
            against=asked.against,
            where=asked.within,
            target_team=asked.team,
            fiscal_start=fiscal_start(),
            base_currency=settings.STEELYARD_CURRENCY,
            definitions=known_kpis(),
            progress=progress,
        ).as_json()
        return report | {"names": names_in(lake.tables, report)}


def names_in(tables: Tables, report: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Code → name of the teams and people that the report speaks of, as they were called then."""
    told = set(_texts(report))
    found: dict[str, dict[str, str]] = {}
    for kind, (table, key) in ORGANISATION.items():
        if table in tables:
            rows = tables[table].filter(tables[table][key].isin(sorted(told))).select(key, "name")
            found[kind] = {row[key]: row["name"] or row[key] for row in rows.to_pyarrow().to_pylist()}
    return found


def _texts(held: Any) -> Iterator[str]:
    """Every text inside, as a value or as a key."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, Mapping):
        for name, each in held.items():
            yield from (name, *_texts(each))
    elif isinstance(held, list | tuple):
        for each in held:
            yield from _texts(each)
