"""Where an import stands in time, and the word for word consent to what a snapshot takes away."""

import datetime
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.models import Import
from steelyard.apps.data.queries.retired import retiring_most
from steelyard.apps.jobs.actions import Actor
from steelyard.errors import Refused
from steelyard.lake.imports.snapshots import time_in_names

OPEN = (Import.State.UPLOADED, Import.State.CHECKED)
# Clocks differ, and a file of tomorrow's date can come from the other side of the date line.
AHEAD = datetime.timedelta(days=1)


def place_in_time(
    actor: Actor,
    taken: Import,
    *,
    as_of: datetime.datetime,
    covered: Sequence[datetime.date | None] = (None, None),
) -> None:
    """Say when the files were exported, and which stretch they cover where they do not show it themselves."""
    authorize(actor, "data.import", taken)
    first, last = covered
    if as_of > on_the_wall() + AHEAD:
        raise Refused("snapshot.in-future", as_of=f"{as_of:%Y-%m-%d}")
    if first and last and first > last:
        raise Refused("snapshot.stretch-reversed", first=str(first), last=str(last))
    fields = {"as_of": as_of.replace(tzinfo=datetime.UTC), "covered_from": first, "covered_to": last}
    with transaction.atomic():
        if not Import.objects.filter(pk=taken.pk, state__in=OPEN).update(**fields):
            raise Refused("import.already-decided", 409, state=taken.state)
        record(actor, "data.place-in-time", taken, as_of=f"{as_of:%Y-%m-%d %H:%M:%S}")
    taken.refresh_from_db()


def confirm_retiring(actor: Actor, taken: Import) -> None:
    """Consent to just the rows that the dry run would retire; more than these are asked about again."""
    authorize(actor, "data.import", taken)
    counts = taken.counts.get("tables", {})
    rows = sum(each.get("retired", 0) for each in counts.values())
    with transaction.atomic():
        if not Import.objects.filter(pk=taken.pk, state__in=OPEN).update(retiring_confirmed=rows):
            raise Refused("import.already-decided", 409, state=taken.state)
        record(actor, "data.confirm-retiring", taken, rows=rows, most=bool(retiring_most(counts)))
    taken.refresh_from_db()


def on_the_wall() -> datetime.datetime:
    """Now, by the clock of the site."""
    return timezone.localtime().replace(tzinfo=None, microsecond=0)


def exported_at(names: Sequence[str]) -> datetime.datetime:
    """When files were exported: as their names say, else now; kept as UTC, as `Import.as_of` is."""
    now = on_the_wall()
    told = time_in_names(names, now=now)
    known = told if told is not None and told <= now + AHEAD else now
    return known.replace(tzinfo=datetime.UTC)
