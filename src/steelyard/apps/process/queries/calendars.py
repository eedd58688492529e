"""Versions of the working calendar, the one to begin with, and what a calendar makes of a year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import yaml
from django.conf import settings

from steelyard.apps.people.models import Team
from steelyard.apps.process.models import WorkCalendar
from steelyard.engine.calendars import WorkingCalendar
from steelyard.engine.calendars.document import Document, read_document
from steelyard.engine.calendars.rules import Rule
from steelyard.engine.process.log import microseconds
from steelyard.errors import Refused

USUAL_HOURS = {"mon-fri": ["09:00-18:00"]}
HOUR = 3_600_000_000


@dataclass(frozen=True)
class Year:
    """Working days and hours of a year; weekdays that are free all the same, free days that are worked."""

    year: int
    days: int
    hours: float
    free: tuple[date, ...]
    worked: tuple[date, ...]


def default_document() -> str:
    """China's holidays with their make-up days, nine to six from Monday to Friday, by the site's clock."""
    return as_yaml({"timezone": settings.TIME_ZONE, "holidays": "CN", "hours": USUAL_HOURS})


def as_yaml(document: Mapping[str, Any]) -> str:
    return yaml.safe_dump(
        dict(document), allow_unicode=True, sort_keys=False, default_flow_style=None, width=100
    )


def rules_of(document: str | Mapping[str, Any]) -> Document:
    """The rules of a document, checked; one that names no time zone means the site's own."""
    said = read_yaml(document) if isinstance(document, str) else document
    return read_document({"timezone": settings.TIME_ZONE, **said})


def read_yaml(text: str) -> Mapping[str, Any]:
    """What YAML that somebody wrote says; refused where it cannot be read."""
    try:
        said = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar is text
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        raise Refused("calendar.unreadable", line=mark.line + 1 if mark else 1) from fault
    if not isinstance(said, Mapping):
        raise Refused("calendar.unreadable", line=1)
    return said


def calendar_versions() -> list[WorkCalendar]:
    """All of them, the newest first."""
    return list(WorkCalendar.objects.select_related("actor"))


def unknown_teams(document: Document) -> list[str]:
    """Teams of the calendar that the organisation does not have: their hours are nobody's."""
    known = set(Team.objects.values_list("code", flat=True))
    return sorted(set(document.teams) - known)


def year_of(rule: Rule, year: int) -> Year:
    """Day by day, by the rule's own clock; a night shift belongs to the day on which it begins."""
    zone = ZoneInfo(rule.zone)
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    begin, end = (microseconds(datetime.combine(day, time(), tzinfo=zone)) for day in (first, after))
    begins, ends = WorkingCalendar((rule,)).stretches(begin, end)
    worked = {_day(each, zone) for each in begins.tolist()}
    every = [first + timedelta(days=count) for count in range((after - first).days)]
    usual = {day for day in every if rule.week[day.weekday()]}
    return Year(
        year=year,
        days=len(worked),
        hours=float(np.sum(ends - begins)) / HOUR,
        free=tuple(sorted(usual - worked)),
        worked=tuple(sorted(worked - usual)),
    )


def _day(moment: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(moment / 1_000_000, tz=zone).date()
