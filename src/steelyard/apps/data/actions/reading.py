"""How files are read, as a person decides it: encoding, sheet, order of dates, a mapping to start from."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from steelyard.apps.access.policy import authorize, record
from steelyard.apps.data.actions.imports import in_time
from steelyard.apps.data.actions.recognising import proposed
from steelyard.apps.data.models import Import, Source
from steelyard.apps.data.queries import lake
from steelyard.apps.jobs.actions import Actor
from steelyard.errors import Refused
from steelyard.lake.imports.inspect import inspect
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.lake.imports.originals import Original

OPEN = (Import.State.UPLOADED, Import.State.CHECKED)


def look_again(actor: Actor, taken: Import, read: Mapping[str, Any], *, limits: Limits) -> None:
    """Inspect the files once more, read in another way, and propose a mapping for what is found."""
    authorize(actor, "data.import", taken)
    home = lake().originals
    originals = [Original(**each | {"path": str(home / each["sha256"])}) for each in taken.originals]
    inspections = [inspect(original, limits=limits, read=read).as_dict() for original in originals]
    mapping = proposed(inspections) | ({"read": dict(read)} if read else {})
    _write(actor, taken, "data.read-as", inspections=inspections, mapping=mapping)


def answer_dates(actor: Actor, taken: Import, answers: Mapping[tuple[int, int], str]) -> None:
    """Keep which of day and month comes first in columns where nothing in the file tells it."""
    authorize(actor, "data.import", taken)
    inspections = [dict(each) for each in taken.inspections]
    for (number, place), order in answers.items():
        column = inspections[number]["columns"][place]
        column |= {"order": order, "ambiguous": False, "answered": True}
    table = taken.mapping.get("table", "")
    kept = {key: taken.mapping[key] for key in ("source", "read") if key in taken.mapping}
    again = proposed(inspections, table=table if isinstance(table, str) else "")
    _write(actor, taken, "data.answer-dates", inspections=inspections, mapping=again | kept)


def remember(actor: Actor, source: Source, mapping: Mapping[str, Any]) -> None:
    """Change the mapping that a source starts from the next time; what was imported stays as it is."""
    authorize(actor, "data.sources", source)
    parsed = ImportMapping.parse({**mapping, "source": source.name})
    document = dict(parsed.document)
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(mapping=document, **in_time(parsed))
        record(actor, "data.change-source", source, source=source.name)
    source.refresh_from_db()


def accept_rejects(actor: Actor, source: Source, share: float) -> None:
    """Say up to which share of rejected rows a file of the watched folder is committed by itself."""
    authorize(actor, "data.sources", source)
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(accept_rejects_up_to=share)
        record(actor, "data.change-source", source, source=source.name, accept_rejects_up_to=share)
    source.refresh_from_db()


def _write(actor: Actor, taken: Import, action: str, **fields: Any) -> None:
    with transaction.atomic():
        values = fields | {"state": Import.State.UPLOADED, "counts": {}}
        if not Import.objects.filter(pk=taken.pk, state__in=OPEN).update(**values):
            raise Refused("import.already-decided", 409, state=taken.state)
        record(actor, action, taken)
    taken.refresh_from_db()
