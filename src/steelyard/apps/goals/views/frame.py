"""What stands around every page of goals: the ways to look at them, and what waits."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.access.policy import can
from steelyard.apps.goals.queries.seen import sight_of
from steelyard.apps.measure.queries.points import newest_points
from steelyard.web.once import once


def tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """Items of the kit's tabs, for what the viewer has."""
    sight = sight_of(request.user)
    leads = bool(sight.managed) or sight.is_company
    listed = [("aim", pgettext("goals", "Overview") if leads else _("My goals"))]
    if leads and sight.person is not None:
        listed.append(("my_goals", _("My goals")))
    listed.append(("tree", _("Alignment")))
    if leads:
        listed.append(("team_goals", _("Teams")))
    if can(request.user, "goals.propose"):
        listed.append(("approvals", _("Proposals")))
    listed += [("themes", _("Themes")), ("weights_home", _("Weights"))]
    if can(request.user, "goals.quality"):
        listed.append(("quota_quality", pgettext("goals", "Fairness")))
    listed.append(("goal_settings", pgettext("goals", "Rules")))
    return [{"label": label, "href": reverse(name), "is_here": name == here} for name, label in listed]


def frame(request: HttpRequest, here: str) -> dict[str, Any]:
    return {
        "tabs": tabs(request, here),
        "may_propose": can(request.user, "goals.propose"),
        "today": timezone.localdate(),
    }


def currency() -> str:
    """In which the newest figures are kept."""

    def ask() -> str:
        points = newest_points()
        return (points.currency if points else "") or "CNY"

    return once("goals.currency", ask)
