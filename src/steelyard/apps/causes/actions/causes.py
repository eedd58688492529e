"""Writes on causes: name one, reword it, test it by its lens, decide on it."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.causes.actions.wordings import keep_reason, said, save_over
from steelyard.apps.causes.models import LENSES, Cause, LensRun, Why
from steelyard.apps.diagnose.models import Diagnosis, Finding
from steelyard.errors import Refused

LONGEST_REASON = 2000
Status = Cause.Status


def add_cause(
    actor: User,
    diagnosis: Diagnosis,
    *,
    lens: str,
    text: str,
    finding: Finding | None = None,
    why: Why | None = None,
) -> Cause:
    """A hypothesis; the lens's test is another step."""
    authorize(actor, "causes.edit")
    told = said(text)
    _check(diagnosis, lens, finding)
    with transaction.atomic():
        made = Cause.objects.create(
            diagnosis=diagnosis,
            lens=lens,
            text=told,
            finding=finding,
            why=why,
            created_by=actor,
            worded_by=actor,
        )
        record(actor, "causes.add", made, diagnosis=diagnosis.public_id, lens=lens)
    return made


def add_tested_cause(actor: User, run: LensRun, *, lens: str, text: str) -> Cause:
    """A cause out of what its lens found, with that test."""
    with transaction.atomic():
        made = add_cause(actor, run.diagnosis, lens=lens, text=text)
        return test_cause(actor, made, run, based_on=made.version)


def test_cause(actor: User, cause: Cause, run: LensRun, *, based_on: int) -> Cause:
    """Hold what the lens found against the cause; a decision that was taken stays."""
    authorize(actor, "causes.edit")
    found = next((each for each in run.result["lenses"] if each["lens"] == cause.lens), None)
    if found is None or run.diagnosis_id != cause.diagnosis_id:
        raise Refused("causes.no-test", 409)
    fields: dict[str, Any] = {"test": found, "tested_on": timezone.localdate(run.created_at)}
    if cause.status == Status.HYPOTHESIS:
        fields["status"] = Status.TESTED
    return save_over(actor, cause, based_on=based_on, action="causes.test-cause", **fields)


def change_cause(
    actor: User, cause: Cause, *, text: str, lens: str, finding: Finding | None, based_on: int
) -> Cause:
    """Another wording, or another place; a test belongs to its lens and does not move along."""
    authorize(actor, "causes.edit")
    _check(cause.diagnosis, lens, finding)
    if cause.is_decided:
        raise Refused("causes.decided", 409)
    fields: dict[str, Any] = {"text": said(text), "lens": lens, "finding": finding}
    if lens != cause.lens:
        fields |= {"test": None, "tested_on": None, "status": Status.HYPOTHESIS}
    return save_over(actor, cause, based_on=based_on, action="causes.change", **fields)


def decide(actor: User, cause: Cause, *, status: str, reason: str, based_on: int) -> Cause:
    """Confirm or reject, with a reason and something behind it: a test, or people's evidence."""
    authorize(actor, "causes.confirm")
    if status not in Cause.DECIDED:
        raise Refused("causes.no-such-decision")
    if cause.is_decided:
        raise Refused("causes.decided", 409)
    if cause.test is None and not cause.evidence.filter(withdrawn_at=None).exists():
        raise Refused("causes.nothing-behind", 409)
    return save_over(
        actor,
        cause,
        based_on=based_on,
        action="causes.decide",
        status=status,
        reason=_reason(reason),
        decided_by=actor,
        decided_at=timezone.now(),
    )


def reopen(actor: User, cause: Cause, *, based_on: int) -> Cause:
    """Take a decision back; its reason is kept among the former texts."""
    authorize(actor, "causes.confirm")
    if not cause.is_decided:
        raise Refused("causes.not-decided", 409)
    with transaction.atomic():
        keep_reason(cause)
        return save_over(
            actor,
            cause,
            based_on=based_on,
            action="causes.reopen",
            status=Status.TESTED if cause.test else Status.HYPOTHESIS,
            reason="",
            decided_by=None,
            decided_at=None,
        )


def _check(diagnosis: Diagnosis, lens: str, finding: Finding | None) -> None:
    if lens not in LENSES:
        raise Refused("causes.unknown-lens", lens=lens[:40])
    if finding is not None and finding.diagnosis_id != diagnosis.pk:
        raise Refused("access.denied", 404)


def _reason(text: str) -> str:
    if not text.strip():
        raise Refused("causes.no-reason")
    return said(text, longest=LONGEST_REASON)
