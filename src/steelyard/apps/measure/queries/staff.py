"""Who was in which team when, read once: for head counts, peers and the templates of members."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from steelyard.apps.measure.queries.units import teams_below
from steelyard.apps.people.models import Membership, Team
from steelyard.engine.periods import Period, periods
from steelyard.web.once import once

DAY = datetime.timedelta(days=1)
# Of fewer teams a median would be one's own figure, told to those who may not see it.
FEWEST_TEAMS = 3


@dataclass(frozen=True)
class Place:
    """A membership: the person in the team in a role, from a day up to before another."""

    person: str
    team: str
    role: str
    start: datetime.date
    end: datetime.date | None

    def holds_on(self, day: datetime.date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


class Staff:
    """The teams as a tree and everybody's memberships; two queries, asked when first needed."""

    @cached_property
    def teams(self) -> dict[str, Team]:
        """By code, in the order of their names."""
        return {team.code: team for team in Team.objects.all()}

    @cached_property
    def parents(self) -> dict[str, str | None]:
        codes = {team.pk: code for code, team in self.teams.items()}
        above = {code: team.parent_id for code, team in self.teams.items()}
        return {code: codes[pk] if pk is not None else None for code, pk in above.items()}

    @cached_property
    def below(self) -> dict[str, frozenset[str]]:
        """Team → itself and every team under it."""
        return teams_below([(team.pk, code, team.parent_id) for code, team in self.teams.items()])

    @cached_property
    def places(self) -> list[Place]:
        rows = Membership.objects.order_by("valid_from", "pk")
        names = ("person__code", "team__code", "role", "valid_from", "valid_to")
        return [Place(*row) for row in rows.values_list(*names)]

    def with_below(self, teams: Iterable[str]) -> set[str]:
        return {code for team in teams for code in self.below.get(team, frozenset({team}))}

    def children_of(self, team: str | None) -> list[str]:
        return [code for code, parent in self.parents.items() if parent == team]

    def with_above(self, team: str) -> list[str]:
        """The team, then each team above it."""
        found: list[str] = []
        step: str | None = team
        while step is not None and step not in found:
            found.append(step)
            step = self.parents.get(step)
        return found

    def leaves(self) -> list[str]:
        """The teams that have none below them."""
        return [code for code, below in self.below.items() if len(below) == 1]

    def like(self, team: str) -> list[str]:
        """The teams to compare one with: those of its parent; where these are few, all leaf teams."""
        parent = self.parents.get(team)
        beside = self.children_of(parent)
        leaves = self.leaves()
        return leaves if team in leaves and (parent is None or len(beside) < FEWEST_TEAMS) else beside

    def place_of(self, person: str, *, on: datetime.date) -> Place | None:
        """Where somebody is on a day; before the first membership and after the last, the nearest one."""
        own = [place for place in self.places if place.person == person]
        held = [place for place in own if place.holds_on(on)]
        if held:
            return held[-1]
        return next((place for place in own if place.start > on), own[-1] if own else None)

    def mates_of(self, person: str, *, on: datetime.date) -> list[str]:
        """The people of the same team and role on a day, with the person."""
        own = self.place_of(person, on=on)
        if own is None:
            return []
        same = [each for each in self.places if (each.team, each.role) == (own.team, own.role)]
        return sorted({each.person for each in same if each.holds_on(on)})

    def fewest(self, teams: Iterable[str], period: Period, *, without: Iterable[str] = ()) -> int:
        """The fewest people that teams (with those below) had at the end of a month of the period.

        By months, so that a quarter is not shown where one of its months is withheld.
        """
        inside, outside = self.with_below(teams), self.with_below(without)
        days = [month.end - DAY for month in periods("month", period.start, period.end - DAY)]
        own = [place for place in self.places if place.team in inside - outside]
        return min(len({place.person for place in own if place.holds_on(day)}) for day in days)


def staff() -> Staff:
    """The staff as one request sees it."""
    return once("measure.staff", Staff)
