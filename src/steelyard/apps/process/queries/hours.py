"""The working calendar in force, with everybody's team known to it."""

from dataclasses import replace

import yaml
from django.conf import settings

from steelyard.apps.process.models import WorkCalendar
from steelyard.apps.process.queries.persons import waiting_told
from steelyard.apps.process.queries.seen import Seen
from steelyard.apps.process.queries.work import last_teams, work_of
from steelyard.engine.calendars import Calendars
from steelyard.engine.process.waiting import Waiting, waiting_causes


def calendar_in_force() -> WorkCalendar | None:
    """The newest version; one that says nothing takes the calendar back."""
    newest = WorkCalendar.objects.first()
    return newest if newest and newest.document.strip() else None


def read_calendar(text: str) -> Calendars:
    """A document that names no time zone means the site's own."""
    calendars = Calendars.load(text)
    told = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  every scalar is text, as the engine reads it
    if "timezone" in told:
        return calendars
    return Calendars.load({**told, "timezone": settings.TIME_ZONE})


def calendars_for(seen: Seen, kept: WorkCalendar | None) -> Calendars | None:
    """Performers of the log by the hours of the team that they worked in last; None where none declared."""
    work = work_of(seen.snapshot)
    if kept is None or work is None:
        return None
    calendars = read_calendar(kept.document)
    by_team = {
        name: calendars.teams[team] for name, team in last_teams(work).items() if team in calendars.teams
    }
    return replace(calendars, performers={**by_team, **calendars.performers})


def waiting_of(seen: Seen) -> Waiting:
    """Why the work waits, on the declared calendar or on the hours that the log itself tells."""
    kept = calendar_in_force()
    version = kept.version if kept else 0
    found = seen.kept(
        "waiting", lambda log: waiting_causes(log, calendars=calendars_for(seen, kept)), version
    )
    return waiting_told(seen, found)
