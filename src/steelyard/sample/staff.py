"""Who was there when what is planted is taken in: an overloaded region's joiners, and those who gave up."""

from dataclasses import replace
from datetime import date, timedelta

from .causes import MORALE, OVERLOAD, TEAM_OF, Cause, cause_of
from .organisation import CAST, LATE_JOINERS_FROM, Person, Staff, is_member, managers, people

_JOINED_INSTEAD = "CS"
_FEWEST_SELLERS = 3
_GAVE_UP_AFTER = timedelta(days=75)


def roster(causes: tuple[Cause, ...]) -> Staff:
    """Everybody by code, with the leaving dates and the teams that the causes make."""
    staff = people()
    overload, morale = cause_of(OVERLOAD, causes), cause_of(MORALE, causes)
    if overload:
        team = TEAM_OF[overload.where["region"]]
        staff = tuple(replace(p, team=_JOINED_INSTEAD) if _is_late(p, team) else p for p in staff)
        if len(_sellers(staff, team, overload.since)) >= _FEWEST_SELLERS:
            staff = _without(staff, team, overload.since - timedelta(days=1))
    if morale:
        staff = _without(staff, morale.where["team"], morale.since + _GAVE_UP_AFTER)
    return staff


def _is_late(person: Person, team: str) -> bool:
    return person.team == team and person.joined_on >= LATE_JOINERS_FROM


def _sellers(staff: Staff, team: str, day: date) -> list[Person]:
    """Who could leave: no manager, nobody whom a demonstration logs in as, no joiner of the last year."""
    stay = {boss.code for boss in managers().values()} | set(CAST.values())
    return [
        p for p in staff if is_member(p, team, day) and p.code not in stay and p.joined_on < LATE_JOINERS_FROM
    ]


def _without(staff: Staff, team: str, last: date) -> Staff:
    """One seller's last day is `last`; which one depends on the month alone."""
    could = _sellers(staff, team, last)
    gone = could[last.month % len(could)]
    return tuple(replace(p, left_on=last) if p == gone else p for p in staff)
