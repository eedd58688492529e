"""People as the lenses see them: who belongs to which team, since when, and under which names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from steelyard.engine.lenses.case import Case
from steelyard.engine.periods import Period


@dataclass(frozen=True)
class Stay:
    """One person in one team, from a day to the day after the last."""

    member: str
    team: str
    start: date
    end: date


@dataclass(frozen=True)
class Staff:
    """All stays, and the person behind each alias (in small letters)."""

    stays: tuple[Stay, ...]
    aliases: Mapping[str, str]

    @property
    def is_known(self) -> bool:
        """Whether it is known who belongs to which team."""
        return bool(self.stays)

    def joined(self) -> dict[str, date]:
        """Return the first day of each person in any team."""
        first: dict[str, date] = {}
        for stay in self.stays:
            first[stay.member] = min(first.get(stay.member, stay.start), stay.start)
        return first

    def heads(self, team: str, period: Period) -> float:
        """Return the average headcount of a team."""
        days = sum(
            (min(stay.end, period.end) - max(stay.start, period.start)).days
            for stay in self.stays
            if stay.team == team and stay.start < period.end and stay.end > period.start
        )
        return days / period.days

    def team_on(self, day: date) -> dict[str, str]:
        """Return the team of each person on a day."""
        return {stay.member: stay.team for stay in self.stays if stay.start <= day < stay.end}

    def leavers(self, team: str, start: date, end: date) -> int:
        """Count who left the company out of a team between two days."""
        last: dict[str, date] = {}
        for stay in self.stays:
            last[stay.member] = max(last.get(stay.member, stay.end), stay.end)
        return sum(
            stay.team == team and stay.end == last[stay.member] and start <= stay.end < end
            for stay in self.stays
        )


def staff_of(case: Case) -> Staff:
    """Read the staff from the organisation, once."""
    return case.once("staff", lambda: _staff(case))


def _staff(case: Case) -> Staff:
    stays: set[Stay] = set()
    aliases: dict[str, str] = {}
    for row in case.people.spans.to_pylist():
        if row["member"] is None:
            continue
        aliases[row["alias"]] = row["member"]
        if row["team"] is not None:
            stays.add(Stay(row["member"], row["team"], row["valid_from"], row["valid_to"]))
    ordered = sorted(stays, key=lambda stay: (stay.member, stay.start, stay.team))
    return Staff(tuple(ordered), aliases)
