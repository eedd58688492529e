"""Saved diagnoses as the lines of a list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.queries.reading import reading_of
from steelyard.apps.diagnose.views.parts import scope_name
from steelyard.apps.diagnose.words import headline, names


@dataclass(frozen=True)
class Line:
    public_id: str
    href: str
    title: str
    kpi: str
    period: str
    against: str
    scope: str
    made_by: str
    made_at: str
    note: str


def lines_of(found: Iterable[Diagnosis]) -> list[Line]:
    return [_line(each) for each in found]


def _line(diagnosis: Diagnosis) -> Line:
    reading = reading_of(diagnosis.result)
    return Line(
        public_id=diagnosis.public_id,
        href=reverse("diagnosis", args=[diagnosis.public_id]),
        title=headline.headline(reading).text,
        kpi=names.kpi_name(reading.kpi),
        period=names.period_name(reading.period),
        against=names.against_name(reading.against, reading.baseline_period),
        scope=scope_name(diagnosis, reading),
        made_by=diagnosis.actor.name if diagnosis.actor else "",
        made_at=date_format(localtime(diagnosis.created_at), "DATE_FORMAT"),
        note=diagnosis.note,
    )
