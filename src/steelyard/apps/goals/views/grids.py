"""A team at a glance: its people and their goals, how far each is and what to make of it."""

import datetime
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import record
from steelyard.apps.goals.models import Goal
from steelyard.apps.goals.queries.progress import Progress, progress_of
from steelyard.apps.goals.queries.seen import goals_seen_by, sight_of, units_proposable_by
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.words import names, standing
from steelyard.apps.goals.words.progress import words_of
from steelyard.apps.people.models import Membership, Person, Team
from steelyard.apps.people.queries import holds_on, with_those_below
from steelyard.errors import Refused
from steelyard.web.doors import door
from steelyard.web.downloads import XLSX, attachment, write_xlsx

OTHER = ""


@dataclass(frozen=True)
class Line:
    """A person of the team, or the team itself; goals by the KPI that measures them."""

    name: str
    key: str
    is_team: bool
    goals: dict[str, list[Goal]]


@dataclass(frozen=True)
class Table:
    """Lines and columns: the KPIs that most goals are about first, goals without one last."""

    team: Team
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    progress: dict[int, Progress]

    @property
    def is_empty(self) -> bool:
        return not any(line.goals for line in self.lines)


@door("goals.see")
@require_safe
def team_goals(request: HttpRequest) -> HttpResponse:
    teams = teams_of(request.user)
    team = team_asked(request, teams)
    context = {
        "teams": [{"value": each.code, "label": each.name, "is_here": each == team} for each in teams],
        "team": team,
        "grid": grid_of(request.user, table_of(request.user, team)) if team else None,
        "headline": _("%(team)s: people and their goals") % {"team": team.name}
        if team
        else _("There is no team whose goals you see."),
    }
    return render(request, "goals/teams.html", context | frame(request, "team_goals"))


@door("goals.see")
@require_safe
def team_goals_xlsx(request: HttpRequest) -> HttpResponse:
    """The same as a sheet, a line a goal: numbers as numbers."""
    team = team_asked(request, teams_of(request.user))
    if team is None:
        raise Refused("access.denied", 404)
    table = table_of(request.user, team)
    goals = [(line.name, goal) for line in table.lines for listed in line.goals.values() for goal in listed]
    record(request.user, "goals.export", goals=len(goals))
    return sheet_of(goals, table.progress, name=f"{_('goals')}-{team.code}.xlsx")


def teams_of(viewer: Any) -> list[Team]:
    """Those that the viewer leads, or all of them for who sees the company; a member's own."""
    sight = sight_of(viewer)
    if sight.is_company:
        return list(Team.objects.all())
    return list(Team.objects.filter(pk__in=sight.managed or sight.teams))


def home_team(viewer: Any) -> Team | None:
    """The highest team that the viewer leads."""
    sight = sight_of(viewer)
    led = list(Team.objects.filter(pk__in=sight.led))
    return next((team for team in led if team.parent_id not in sight.managed), led[0] if led else None)


def team_asked(request: HttpRequest, teams: list[Team]) -> Team | None:
    asked = request.GET.get("team", "")
    if asked:
        found = next((team for team in teams if team.code == asked), None)
        if found is None:
            raise Refused("access.denied", 404)
        return found
    return (
        home_team(request.user)
        or next((team for team in teams if team.parent_id is None), None)
        or next(iter(teams), None)
    )


def table_of(viewer: Any, team: Team, *, today: datetime.date | None = None) -> Table:
    """The team's own goals and those of its people, here and below, that run or ended not long ago."""
    day = today or timezone.localdate()
    ids = with_those_below([team.pk])
    members = Membership.objects.filter(holds_on(day), team_id__in=ids).values("person_id")
    active = goals_seen_by(viewer).filter(state=Goal.State.ACTIVE)
    goals = list(active.filter(team_id__in=ids)) + list(active.filter(person__in=members))
    counts: dict[str, int] = {}
    for goal in goals:
        kpi = goal.current.kpi if goal.current else OTHER
        counts[kpi] = counts.get(kpi, 0) + 1
    columns = sorted((kpi for kpi in counts if kpi), key=lambda kpi: (-counts[kpi], kpi))
    people = list(Person.objects.filter(pk__in=members).order_by("name", "code"))
    own: dict[int | None, list[Goal]] = {}
    for goal in goals:
        own.setdefault(goal.person_id, []).append(goal)
    return Table(
        team=team,
        columns=(*columns, *([OTHER] if OTHER in counts else [])),
        lines=(
            *team_lines(team, ids, goals),
            *(person_line(person, own.get(person.pk, ())) for person in people),
        ),
        progress=progress_of(viewer, goals, is_brief=True),
    )


def team_lines(team: Team, ids: Iterable[int], goals: list[Goal]) -> list[Line]:
    teams = Team.objects.filter(pk__in=ids).order_by("name")
    ordered = [team, *(each for each in teams if each != team)]
    lines = [
        Line(each.name, f"team:{each.code}", True, by_kpi(goal for goal in goals if goal.team_id == each.pk))
        for each in ordered
    ]
    return [line for line in lines if line.goals]


def person_line(person: Person, goals: Iterable[Goal]) -> Line:
    return Line(person.name, f"member:{person.code}", False, by_kpi(goals))


def by_kpi(goals: Iterable[Goal]) -> dict[str, list[Goal]]:
    found: dict[str, list[Goal]] = {}
    for goal in goals:
        found.setdefault(goal.current.kpi if goal.current else OTHER, []).append(goal)
    return found


def grid_of(viewer: Any, table: Table) -> dict[str, Any]:
    """For the template: heads, and of each cell its goals in a word; who has none can be given one."""
    new = reverse("new_goal")
    settable = {unit.key for unit in units_proposable_by(viewer)}
    return {
        "team": table.team,
        "is_empty": table.is_empty,
        "columns": [names.kpi_name(kpi) if kpi else _("Others") for kpi in table.columns],
        "rows": [
            {
                "name": line.name,
                "is_team": line.is_team,
                "set": f"{new}?{urlencode({'owner': line.key})}"
                if not line.goals and line.key in settable
                else "",
                "cells": [cells(line.goals.get(kpi, []), table.progress) for kpi in table.columns],
            }
            for line in table.lines
        ],
        "xlsx": f"{reverse('team_goals_xlsx')}?{urlencode({'team': table.team.code})}",
    }


def cells(goals: Iterable[Goal], progress: dict[int, Progress]) -> list[dict[str, str]]:
    found = []
    for goal in goals:
        version = goal.current
        if version is None:
            continue
        made = progress[goal.pk]
        told = words_of(version, made, currency=currency())
        found.append(
            {
                "href": reverse("goal", args=[goal.public_id]),
                "title": version.title,
                "status": made.status,
                "text": told.attainment or told.actual or "—",
                "sign": told.sign,
                "word": told.status,
                "of": names.target_words(version, currency=currency()),
            }
        )
    return sorted(found, key=lambda each: standing.place(each["status"]))


def sheet_of(goals: Iterable[tuple[str, Goal]], progress: dict[int, Progress], *, name: str) -> HttpResponse:
    """A line a goal; text that a spreadsheet would run is neutralised, nothing of pay is in it."""
    head = [
        pgettext("of a goal", "Owner"),
        _("Goal"),
        _("KPI"),
        _("Unit"),
        pgettext("of a goal", "From"),
        pgettext("of a goal", "To"),
        _("Target"),
        _("Actual"),
        _("Attainment"),
        _("Status"),
        _("Goal above"),
    ]
    rows = [sheet_row(owner, goal, progress.get(goal.pk)) for owner, goal in goals]
    target = io.BytesIO()
    write_xlsx(target, head, [rows])
    return attachment(target.getvalue(), name, XLSX)


def sheet_row(owner: str, goal: Goal, made: Progress | None) -> list[Any]:
    version = goal.current
    if version is None:
        return [owner]
    told = words_of(version, made, currency=currency()) if made else None
    return [
        owner,
        version.title,
        names.kpi_name(version.kpi) if version.kpi else "",
        version.unit,
        version.starts,
        names.last_day(version),
        None if version.target is None else float(version.target),
        made.actual if made else None,
        made.attainment if made else None,
        told.status if told else "",
        str(version.parent or ""),
    ]
