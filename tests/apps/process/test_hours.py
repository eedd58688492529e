"""What a declared calendar changes: why the work waits, and whose hours count."""

from steelyard.apps.process.models import WorkCalendar
from steelyard.apps.process.queries.hours import calendar_in_force, calendars_for, waiting_of
from steelyard.apps.process.queries.seen import Asked, log_seen_by

WEEK = 'hours:\n  mon-fri: ["09:00-18:00"]\n'
# Nine to six on 6 January 2025 in Shanghai, in microseconds.
MONDAY = (1_736_125_200_000_000, 1_736_157_600_000_000)


def test_waiting_is_counted_by_the_calendar_and_worked_out_anew(snapshot, analyst):
    seen = log_seen_by(analyst, Asked())
    before = waiting_of(seen)
    assert before.calendar != "given"
    WorkCalendar.objects.create(version=1, document=WEEK)
    after = waiting_of(seen)
    assert after.calendar == "given"
    assert after.unavailability_s > 0
    assert after.total_s == before.total_s
    WorkCalendar.objects.create(version=2, document="")
    assert calendar_in_force() is None
    assert waiting_of(seen) == before


def test_a_performer_has_the_hours_of_their_team_and_the_sites_time_zone(snapshot, analyst):
    document = WEEK + 'teams:\n  east:\n    hours: {mon-fri: ["09:00-12:00"]}\n'
    kept = WorkCalendar.objects.create(version=1, document=document)
    found = calendars_for(log_seen_by(analyst, Asked()), kept)
    assert set(found.performers) == {"p1"}
    assert float(found.of(performer="p1").working_seconds(*MONDAY)) == 3 * 3600
    assert float(found.of(performer="p4").working_seconds(*MONDAY)) == 9 * 3600
