"""The working calendars of an organisation, as one document tells them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from steelyard.engine.calendars.document import read_document
from steelyard.engine.calendars.rules import Rule
from steelyard.engine.calendars.working import ALWAYS_OPEN, WorkingCalendar


@dataclass(frozen=True)
class Calendars:
    """The calendar of everybody, of teams that differ and of performers who differ."""

    everybody: WorkingCalendar = ALWAYS_OPEN
    teams: Mapping[str, WorkingCalendar] = field(default_factory=dict)
    performers: Mapping[str, WorkingCalendar] = field(default_factory=dict)

    @classmethod
    def load(cls, document: str | Mapping[str, Any]) -> "Calendars":
        """Read the calendars from YAML text or from the mapping that it stands for.

        Parameters
        ----------
        document
            `hours` (needed), `timezone` (UTC), `holidays`, `closed`, `open`, `teams`, `performers`; see
            docs/reference/calendars.md. A team takes over what it does not say from the whole, a
            performer from his `team`, if he names one.

        Returns
        -------
        Calendars

        Raises
        ------
        Refused
            `calendar.unreadable` with `line`; all others with the `place` in the document:
            `calendar.not-a-mapping`, `calendar.unknown-key`, `calendar.no-hours`, `calendar.day`,
            `calendar.day-twice`, `calendar.time`, `calendar.overlap`, `calendar.date`,
            `calendar.zone`, `calendar.country`, `calendar.team`, most of them with the `value`.

        Examples
        --------
        >>> calendars = Calendars.load("hours: {mon-fri: ['09:00-12:00', '13:00-18:00']}")
        >>> float(calendars.of().working_seconds(0, 86_400_000_000))
        28800.0
        """
        found = read_document(document)
        return cls(
            _calendar(found.everybody),
            {name: _calendar(rule) for name, rule in found.teams.items()},
            {name: _calendar(rule) for name, rule in found.performers.items()},
        )

    def of(self, *, team: str | None = None, performer: str | None = None) -> WorkingCalendar:
        """The calendar of a performer; of his team, where he has none; of everybody else."""
        if performer is not None and performer in self.performers:
            return self.performers[performer]
        if team is not None and team in self.teams:
            return self.teams[team]
        return self.everybody


def _calendar(rule: Rule) -> WorkingCalendar:
    return WorkingCalendar((rule,))
