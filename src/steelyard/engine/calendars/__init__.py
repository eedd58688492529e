"""Working time: weekly hours, holidays with make-up days, time zones; per company, team and performer."""

from steelyard.engine.calendars.calendars import Calendars
from steelyard.engine.calendars.rules import Rule
from steelyard.engine.calendars.working import ALWAYS_OPEN, WorkingCalendar

__all__ = ["ALWAYS_OPEN", "Calendars", "Rule", "WorkingCalendar"]
