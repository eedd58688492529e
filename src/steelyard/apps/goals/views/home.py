"""The room: one's own goals, a team's at a glance, the company's by theme."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from steelyard.apps.goals.models import Goal, Theme
from steelyard.apps.goals.queries.approvals import proposals_for
from steelyard.apps.goals.queries.seen import goals_seen_by, sight_of, stands_above
from steelyard.apps.goals.views.cards import cards_of
from steelyard.apps.goals.views.frame import frame
from steelyard.apps.goals.views.grids import grid_of, home_team, table_of
from steelyard.apps.goals.words import names, standing
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.units import COMPANY
from steelyard.web.doors import door

State = Goal.State
MOST = 60


@door("goals.see")
@require_safe
def aim(request: HttpRequest) -> HttpResponse:
    """A member's own goals; a manager's team; for who sees the company, its goals by theme."""
    sight = sight_of(request.user)
    if sight.is_company:
        return company(request)
    return team(request) if sight.managed else own(request, here="aim")


@door("goals.see")
@require_safe
def my_goals(request: HttpRequest) -> HttpResponse:
    return own(request, here="my_goals") if sight_of(request.user).person else redirect("aim")


@door("goals.see")
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """One's own goals in a few lines, for the first page of a member."""
    cards = cards_of(request.user, running(mine(request.user)))
    return render(request, "goals/panel.html", {"cards": cards} | frame(request, ""))


def own(request: HttpRequest, *, here: str) -> HttpResponse:
    found = mine(request.user)
    cards = cards_of(request.user, running(found))
    shown = {
        "headline": standing.headline(counts(cards), is_mine=True),
        "is_mine": True,
        "cards": cards,
        "proposed": lines(found.filter(state=State.PROPOSED)),
        "past": past(found),
    }
    return render(request, "goals/home.html", around(request, here, shown))


def team(request: HttpRequest) -> HttpResponse:
    """The grid of the team first, then what the team itself answers for."""
    sight = sight_of(request.user)
    teams = goals_seen_by(request.user).filter(team__in=sight.managed)
    cards = cards_of(request.user, running(teams))
    found = home_team(request.user)
    table = table_of(request.user, found) if found else None
    shown = {
        "headline": standing.headline(
            Counter(each.status for each in table.progress.values()) if table else counts(cards),
            is_mine=False,
        ),
        "cards": cards,
        "grid": grid_of(request.user, table) if table else None,
        "grid_title": found.name if found else "",
        "past": past(teams),
    }
    return render(request, "goals/home.html", around(request, "aim", shown))


def company(request: HttpRequest) -> HttpResponse:
    found = goals_seen_by(request.user).filter(owner_kind=UnitKind.COMPANY)
    cards = cards_of(request.user, running(found))
    shown = {
        "headline": standing.headline(counts(cards), is_mine=False),
        "sections": by_theme(cards) if cards else [],
        "past": past(found),
    }
    return render(request, "goals/home.html", around(request, "aim", shown))


def around(request: HttpRequest, here: str, shown: dict[str, Any]) -> dict[str, Any]:
    every = [*shown.get("cards", ()), *(card for each in shown.get("sections", ()) for card in each["cards"])]
    count = len(proposals_for(request.user))
    waiting = (
        ngettext("%(n)d proposal waits for your decision.", "%(n)d proposals wait for your decision.", count)
        % {"n": count}
        if count
        else ""
    )
    may_set = stands_above(request.user, COMPANY) or bool(sight_of(request.user).reports)
    return (
        frame(request, here)
        | {"waiting": waiting, "has_beam": any(card["beam"] for card in every), "may_set": may_set}
        | shown
    )


def mine(viewer: Any) -> QuerySet[Goal]:
    """One's own, and those that one has a part in."""
    person = sight_of(viewer).person
    if person is None:
        return Goal.objects.none()
    own = Q(person_id=person) | Q(current__credits__person_id=person)
    return goals_seen_by(viewer).filter(own).distinct()


def running(found: QuerySet[Goal]) -> list[Goal]:
    return list(found.filter(state=State.ACTIVE).order_by("current__ends", "pk")[:MOST])


def past(found: QuerySet[Goal]) -> list[dict[str, str]]:
    return lines(found.filter(state=State.CLOSED).order_by("-closed_at")[:MOST])


def lines(goals: Iterable[Goal]) -> list[dict[str, str]]:
    """Of what is not decided yet the newest version speaks."""
    listed = []
    for goal in goals:
        version = goal.current or goal.versions.order_by("-number").first()
        if version is not None:
            listed.append(
                {
                    "title": version.title,
                    "href": reverse("goal", args=[goal.public_id]),
                    "owner": names.owner_name(goal),
                    "stretch": names.stretch_of(version),
                }
            )
    return listed


def counts(cards: Sequence[dict[str, Any]]) -> Counter[str]:
    return Counter(card["status"] for card in cards)


def by_theme(cards: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The strategy's lines in their order, with the goals that serve them; the rest last."""
    themes = list(Theme.objects.filter(retired_at=None))
    held = {card["version"].theme_id: card["version"].theme for card in cards if card["version"].theme_id}
    retired = [theme for pk, theme in held.items() if pk not in {each.pk for each in themes}]
    sections = [
        {
            "title": theme.title,
            "note": theme.measure,
            "cards": [card for card in cards if card["version"].theme_id == theme.pk],
        }
        for theme in [*themes, *retired]
    ]
    rest = [card for card in cards if card["version"].theme_id is None]
    if rest:
        title = _("Further goals") if sections else _("The company's goals")
        sections.append({"title": title, "note": "", "cards": rest})
    return sections
