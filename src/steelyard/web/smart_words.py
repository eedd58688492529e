"""Reasons and repairs of the SMART check in words: the command line and the pages say the same."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from steelyard.engine.smart import Reason, Repair
from steelyard.web import numbers

UNITS = frozenset({"money", "percent", "days", "hours", "times", "score", "count"})
REASONS = {
    "smart.pinned": _("A figure pins down what is meant."),
    "smart.delivered": _("It names what is handed over."),
    "smart.named": _("It names the matter, though no figure."),
    "smart.no-owner": _("Nobody is named who owns it."),
    "smart.blame": _("“%(words)s” blames somebody. Name the matter, not the person."),
    "smart.double": _("There is a second goal in it: “%(words)s”."),
    "smart.verb-alone": _("“%(words)s” stands alone: of what, and how much?"),
    "smart.vague": _("“%(words)s” is vague: neither a figure nor something to hand over pins it down."),
    "smart.slogan": _("This is a slogan: it says neither what is to change nor what is handed over."),
    "smart.unclear": _("It does not say what is to change or what is handed over."),
    "smart.figure": _("A figure says when it is reached."),
    "smart.yes-or-no": _("It is done or not, and that can be seen."),
    "smart.no-baseline": _("A change is measured from a baseline, and none is given."),
    "smart.no-figure": _("There is no figure, and nothing that is handed over or not."),
    "smart.figure-of-nothing": _("There is a figure, but not of what."),
    "smart.no-history": _("Without a history of the KPI there is no chance to tell."),
    "smart.no-target": _("Without a target there is no chance to tell."),
    "smart.short-history": _("The history has %(found)s values; %(needed)s are needed to tell a chance."),
    "smart.few-within-reach": _(
        "By the %(found)s values that there are it is within reach; too few for a figure."
    ),
    "smart.few-out-of-reach": _(
        "By the %(found)s values that there are it is out of reach; too few for a figure."
    ),
    "smart.within-reach": _("From its own history the chance to reach it is %(chance)s."),
    "smart.out-of-reach": _("From its own history the chance to reach it is only %(chance)s."),
    "smart.asks-little": _("It would be reached almost surely anyway: it asks little."),
    "smart.has-parent": _("It serves “%(parent)s”."),
    "smart.has-cause": _("It says why."),
    "smart.says-why": _("It says what it serves: “%(words)s”."),
    "smart.no-purpose": _("It does not say which goal or cause it serves."),
    "smart.has-end": _("It ends on %(end)s."),
    "smart.ends": _("It has an end: “%(words)s”."),
    "smart.no-end": _("It has no end."),
    "smart.soon": _("“%(words)s” is not an end."),
    "smart.rhythm": _("“%(words)s” says how often, but not until when."),
    "smart.start-only": _("“%(words)s” is when it starts, not when it ends."),
    "smart.past-only": _("“%(words)s” is what it is compared with, not when it ends."),
}
REPAIRS = {
    "smart.add-owner": _("Name who owns it."),
    "smart.add-baseline": _("Give the baseline."),
    "smart.add-parent": _("Choose the goal or theme that it serves."),
    "smart.add-cause": _("Say why: because of what, or so that what follows?"),
    "smart.choose-kpi": _("Choose the KPI that it is about."),
    "smart.name-kpi": _("Name the KPI that the figure is of."),
    "smart.choose-end": _("Choose a day on which it ends."),
    "smart.rewrite": _("Write it anew: what is to change, for what, by how much?"),
    "smart.split": _("Make two goals of it: “%(first)s” and “%(second)s”."),
    "smart.from-to": _("Say from where to where: “%(value)s”."),
    "smart.first-figure": _("Give it a figure, to be made your own: “%(value)s”."),
    "smart.name-end": _("Give it an end: “%(value)s”."),
    "smart.set-end": _("Let it end on %(value)s."),
    "smart.set-target": _("Take %(value)s as target: the chance to reach that is about %(chance)s."),
}
FIGURES = frozenset({"target", "baseline"})
CHANCES = frozenset({"chance", "share"})


def reason(found: Reason, *, unit: str = "") -> str:
    """A reason in the viewer's language; figures in the unit of the KPI."""
    return str(REASONS[found.code]) % _shown(found.params, unit=unit)


def repair(found: Repair, *, unit: str = "") -> str:
    """What a repair does, for its button."""
    params = dict(found.params)
    if isinstance(found.value, tuple):
        params |= dict(zip(("first", "second"), found.value, strict=False))
    elif found.field in FIGURES and found.value is not None:
        params["value"] = figure(found.value, unit=unit)
    else:
        params["value"] = found.value
    return str(REPAIRS[found.code]) % _shown(params, unit=unit)


def figure(value: Any, *, unit: str) -> str:
    """A figure in a KPI's unit; in any other unit as it stands."""
    return numbers.figure(value, unit=unit).text if unit in UNITS else f"{value:,.6g}"


def _shown(params: Mapping[str, Any], *, unit: str) -> dict[str, str]:
    between = "、" if numbers.is_chinese() else ", "
    shown = {}
    for name, value in params.items():
        if name in CHANCES:
            shown[name] = chance(value)
        elif name in FIGURES:
            shown[name] = figure(value, unit=unit)
        elif isinstance(value, tuple | list):
            shown[name] = between.join(map(str, value))
        else:
            shown[name] = value.isoformat() if isinstance(value, date) else str(value)
    return shown


def chance(share: float) -> str:
    """62%; what is almost sure or almost impossible is not told as certain."""
    return "<1%" if share < 0.01 else ">99%" if share > 0.99 else numbers.percent(share, digits=0)
