"""What a member's own page says."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.accounts.models import Role
from steelyard.apps.measure.queries.mine import Mine, Witness
from steelyard.apps.measure.queries.scorecard import Standing
from steelyard.apps.measure.words import names, sentences


def headline(mine: Mine) -> str:
    """Your first KPI against its target, or what there is not yet."""
    if mine.own is None or not mine.measured:
        return _("There are no figures of yours yet.")
    shown = {
        "period": names.period_name(mine.own.period),
        "standing": sentences.standing(mine.measured[0], currency=mine.own.points.currency),
    }
    return _("%(period)s: your %(standing)s.") % shown


def step(code: str, each: Standing) -> str:
    """One of the next things to do."""
    shown = {"kpi": names.kpi_inside(each.kpi), "rule": sentences.rule_words(each) if each.is_signal else ""}
    text = {
        "look-into": _("Look into your %(kpi)s: it is a signal, %(rule)s."),
        "keep-an-eye": _(
            "Your %(kpi)s is short of target without a signal: go on, and look at what is still open."
        ),
        "check-records": _("Check the records behind your %(kpi)s: is anything missing, or somebody else's?"),
    }[code]
    return text % shown


def witnesses(mine: Mine) -> list[dict[str, str]]:
    return [{"name": each.name, "right": right_words(each)} for each in mine.witnesses]


def right_words(each: Witness) -> str:
    roles = {
        Role.LEADER: pgettext("who can see", "leader: all teams"),
        Role.ANALYST: pgettext("who can see", "analyst: all data, no pay"),
        Role.COMPENSATION: pgettext("who can see", "compensation administrator"),
        Role.FINANCE: pgettext("who can see", "finance"),
    }
    own = {
        "self": pgettext("who can see", "you: your figures and records"),
        "manager": pgettext("who can see", "manager: your figures and records"),
    }
    return str(own.get(each.right) or roles[Role(each.right)])
