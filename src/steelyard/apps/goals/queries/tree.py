"""How goals hang together: themes, the company's goals, teams, people; thousands of them in two questions."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from steelyard.apps.goals.models import Goal, Theme
from steelyard.apps.goals.queries.seen import goals_seen_by
from steelyard.apps.measure.models import UnitKind

# No days and no amounts: to make thousands of those takes longer than all the rest.
COLUMNS = (
    "pk",
    "public_id",
    "owner_kind",
    "team__name",
    "person__name",
    "current__title",
    "current__parent_id",
    "current__theme_id",
)
# From the company down, whatever was set first.
LEVELS = {UnitKind.COMPANY.value: 0, UnitKind.TEAM.value: 1, UnitKind.MEMBER.value: 2}


@dataclass(slots=True)
class Branch:
    """An open goal, and those right below it that the viewer sees."""

    pk: int
    key: str
    owner_kind: str
    owner: str
    title: str
    branches: list["Branch"] = field(default_factory=list)

    def walk(self) -> Iterator["Branch"]:
        """Itself, and everything below it."""
        waiting = [self]
        while waiting:
            branch = waiting.pop()
            yield branch
            waiting += reversed(branch.branches)


@dataclass(frozen=True)
class Line:
    """A theme and what serves it; None gathers the goals that serve no theme."""

    theme: Theme | None
    branches: tuple[Branch, ...]

    @property
    def size(self) -> int:
        return sum(1 for branch in self.branches for _ in branch.walk())


def alignment_tree(
    viewer: Any, *, year: int | None = None, stretch: tuple[datetime.date, datetime.date] | None = None
) -> list[Line]:
    """The open goals that run in a year or stretch of days, by theme; without either, all of them.

    A goal whose parent the viewer does not see, or that does not run in these days, stands at the top.
    """
    rows = goals_seen_by(viewer).filter(_running(year, stretch), state=Goal.State.ACTIVE)
    found = list(rows.select_related(None).order_by("pk").values_list(*COLUMNS))
    branches = {row[0]: _branch(row) for row in found}
    tops: dict[int | None, list[Branch]] = {}
    for row in found:
        parent, theme = row[-2:]
        above = branches[parent].branches if parent in branches else tops.setdefault(theme, [])
        above.append(branches[row[0]])
    for branch in branches.values():
        branch.branches.sort(key=_place)
    themes = [each for each in Theme.objects.all() if each.retired_at is None or each.pk in tops]
    lines = [Line(each, tuple(sorted(tops.get(each.pk, ()), key=_place))) for each in themes]
    rest = tuple(sorted(tops.get(None, ()), key=_place))
    return [*lines, Line(None, rest)] if rest else lines


def _running(year: int | None, stretch: tuple[datetime.date, datetime.date] | None) -> Q:
    if year is not None:
        stretch = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    if stretch is None:
        return Q()
    return Q(current__starts__lt=stretch[1], current__ends__gt=stretch[0])


def _branch(row: tuple[Any, ...]) -> Branch:
    pk, key, owner_kind, team, person, title = row[:-2]
    return Branch(pk, key, owner_kind, team or person or "", title)


def _place(branch: Branch) -> tuple[int, str, int]:
    return LEVELS[branch.owner_kind], branch.owner, branch.pk
