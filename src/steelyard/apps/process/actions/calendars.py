"""Writes on the working calendar: every change is a version, the newest counts."""

from django.db import IntegrityError, transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.accounts.models import User
from steelyard.apps.process.models import WorkCalendar
from steelyard.apps.process.queries.hours import read_calendar
from steelyard.errors import Refused

LONGEST = 100_000
REASON_LENGTH = 400


def save_calendar(actor: User, document: str, *, based_on: int, reason: str = "") -> WorkCalendar:
    """Add a version; `based_on` is the newest one that the actor has seen, 0 where there was none.

    An empty document is a version, too: from it on no calendar is declared.
    """
    authorize(actor, "process.calendars")
    text = document.strip()
    if len(text) > LONGEST:
        raise Refused("process.calendar-too-long", most=LONGEST)
    if text:
        read_calendar(text)
    newest = WorkCalendar.objects.first()
    if (newest.version if newest else 0) != based_on:
        raise _edited(newest)
    if text == (newest.document.strip() if newest else ""):
        raise Refused("process.calendar-unchanged")
    try:
        with transaction.atomic():
            made = WorkCalendar.objects.create(
                version=based_on + 1, document=text, reason=reason.strip()[:REASON_LENGTH], actor=actor
            )
            record(actor, "process.calendars", made, version=made.version)
    except IntegrityError as fault:
        raise _edited(WorkCalendar.objects.first()) from fault
    return made


def restore_calendar(actor: User, version: int, *, based_on: int) -> WorkCalendar:
    """Undo: what an earlier version said holds again, as a version of its own; version 0 says nothing."""
    authorize(actor, "process.calendars")
    found = WorkCalendar.objects.filter(version=version).first()
    if found is None and version:
        raise Refused("access.denied", 404)
    return save_calendar(actor, found.document if found else "", based_on=based_on)


def _edited(newest: WorkCalendar | None) -> Refused:
    return Refused("process.calendar-edited", 409, version=newest.version if newest else 0)
