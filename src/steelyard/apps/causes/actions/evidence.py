"""Writes on evidence: bring it, withdraw it, bring it back."""

import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.causes.actions.wordings import said
from steelyard.apps.causes.models import Cause, Evidence, Why
from steelyard.apps.causes.queries.figures import kpi_figure
from steelyard.apps.causes.queries.surveys import Cell, survey_cell
from steelyard.apps.diagnose.models import Diagnosis
from steelyard.errors import Refused
from steelyard.lake.imports.limits import MEGABYTE, Limits

LONGEST_TEXT = 5000
LONGEST_SOURCE = 200
FILE_SIZE = 20 * MEGABYTE
Kind = Evidence.Kind


def file_root() -> Path:
    """Where files that people attach lie, under their SHA-256 and never under a name of theirs."""
    return Path(settings.STEELYARD_DATA) / "evidence"


def add_evidence(
    actor: User,
    diagnosis: Diagnosis,
    *,
    kind: str,
    source: str,
    happened_on: datetime.date,
    audience: str = Evidence.Audience.ALL,
    text: str = "",
    lens: str = "",
    cause: Cause | None = None,
    why: Why | None = None,
    figure: dict[str, Any] | None = None,
    file: tuple[Path, str] | None = None,
) -> Evidence:
    """Bring evidence beside a lens, a cause or an answer; `file` is (path, name), `figure` what it shows."""
    authorize(actor, "causes.edit")
    for place in (cause, why):
        if place is not None and place.diagnosis_id != diagnosis.pk:
            raise Refused("access.denied", 404)
    if not (text.strip() or figure or file):
        raise Refused("causes.no-text")
    if happened_on > timezone.localdate():
        raise Refused("causes.in-the-future")
    fields = {
        "kind": Kind(kind),
        "text": kept_text(text),
        "source": said(source, longest=LONGEST_SOURCE),
        "happened_on": happened_on,
        "audience": Evidence.Audience(audience),
        "lens": lens or (cause.lens if cause else ""),
        "figure": figure,
    }
    if file is not None:
        fields |= _kept_file(*file)
    with transaction.atomic():
        made = Evidence.objects.create(diagnosis=diagnosis, cause=cause, why=why, created_by=actor, **fields)
        record(actor, "causes.add-evidence", made, kind=made.kind, diagnosis=diagnosis.public_id)
    return made


def add_survey_cell(
    actor: User, diagnosis: Diagnosis, *, wave: str, team: str, question: str, **places: Any
) -> Evidence:
    """A cell of a survey's results as it stands now, dated by its wave."""
    cell: Cell = survey_cell(actor, wave=wave, team=team, question=question)
    return add_evidence(
        actor,
        diagnosis,
        kind=Kind.SURVEY,
        source=cell.wave,
        happened_on=cell.held_on or timezone.localdate(),
        figure=cell.as_json(),
        **places,
    )


def add_figure(
    actor: User, diagnosis: Diagnosis, *, kpi: str, period: str, unit: str, **places: Any
) -> Evidence:
    """A KPI's figure as it stands now, which opens the records behind it."""
    figure = kpi_figure(actor, kpi=kpi, period=period, unit=unit)
    return add_evidence(
        actor,
        diagnosis,
        kind=Kind.FIGURE,
        source=figure["kpi"],
        happened_on=timezone.localdate(),
        figure=figure,
        **places,
    )


def withdraw_evidence(actor: User, evidence: Evidence) -> None:
    """Out of sight; who brought it can bring it back, and so can who may confirm."""
    check_keeper(actor, evidence)
    with transaction.atomic():
        evidence.withdrawn_at = timezone.now()
        evidence.save(update_fields=["withdrawn_at"])
        record(actor, "causes.withdraw-evidence", evidence)


def restore_evidence(actor: User, evidence: Evidence) -> None:
    check_keeper(actor, evidence)
    with transaction.atomic():
        evidence.withdrawn_at = None
        evidence.save(update_fields=["withdrawn_at"])
        record(actor, "causes.restore-evidence", evidence)


def check_keeper(actor: User, evidence: Evidence) -> None:
    """Evidence is its author's; those who confirm causes may take away what should not stand there."""
    authorize(actor, "causes.edit" if evidence.created_by_id == actor.pk else "causes.confirm")


def kept_text(text: str) -> str:
    """Notes keep their lines."""
    told = text.strip()
    if len(told) > LONGEST_TEXT:
        raise Refused("causes.text-too-long", most=LONGEST_TEXT)
    return told


def _kept_file(path: Path, name: str) -> dict[str, Any]:
    from steelyard.lake.imports.originals import keep_original

    kept = keep_original(path, file_root(), limits=Limits(size=FILE_SIZE), name=name)
    return {"file_name": kept.name[:255], "file_sha256": kept.sha256, "file_size": kept.size}
