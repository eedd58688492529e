"""Whether a round of targets was set well, in words that stay honest about few units."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.goals.queries.quality import Quality, Round
from steelyard.apps.goals.words import names
from steelyard.apps.measure.models import UnitKind
from steelyard.web import numbers


def round_name(each: Round) -> str:
    """Won revenue · 2025 · people."""
    whose = (
        pgettext("a round of goals", "people")
        if each.kind == UnitKind.MEMBER
        else pgettext("a round of goals", "teams")
    )
    return " · ".join((names.kpi_name(each.kpi), names.stretch_name(each.starts, each.ends), whose))


def headline(found: Quality) -> str:
    """4 of 6 reached their target."""
    made = found.finding
    if not made.n:
        return _("None of them has figures yet.")
    told = {"reached": made.reached, "n": made.n, "share": numbers.percent(made.share, digits=0)}
    return _("%(reached)s of %(n)s reached their target: %(share)s.") % told


def honesty(found: Quality) -> str:
    """With 6 people the share lies between 22 and 96 %."""
    made = found.finding
    if not made.n:
        return ""
    told = {"n": made.n, "low": percent(made.low), "high": percent(made.high)}
    forms = {
        UnitKind.MEMBER: ngettext(
            "With %(n)s person the share could as well lie anywhere between %(low)s and %(high)s.",
            "With %(n)s people the share could as well lie anywhere between %(low)s and %(high)s.",
            made.n,
        ),
        UnitKind.TEAM: ngettext(
            "With %(n)s team the share could as well lie anywhere between %(low)s and %(high)s.",
            "With %(n)s teams the share could as well lie anywhere between %(low)s and %(high)s.",
            made.n,
        ),
    }
    return forms[UnitKind(found.round.kind)] % told


def percent(share: float) -> str:
    return numbers.percent(share, digits=0)


def verdicts(found: Quality) -> list[str]:
    """What the round says of how its targets were set; the most serious first."""
    return [verdict(code, found) for code in found.finding.verdicts]


def verdict(code: str, found: Quality) -> str:
    made: Any = found.finding
    told = {
        "expected": numbers.count(round(made.expected, 1)) if made.expected is not None else "",
        "reached": made.reached,
        "failing": len(made.set_up_to_fail),
        "windfalls": len(made.windfalls),
        "p10": percent(made.p10 or 0.0),
        "p90": percent(made.p90 or 0.0),
    }
    forms = {
        "too-few": _("There are too few to tell whether the targets were set well: eight are needed."),
        "too-hard": _("The targets were too hard: even by chance more than four in ten should have reached."),
        "too-easy": _("The targets were too easy: nearly everybody reached them."),
        "off-the-chances": _(
            "%(reached)s reached, where the chances at the start added up to %(expected)s: "
            "more than chance alone explains."
        ),
        "uneven": _(
            "The targets fell unevenly: one tenth came to %(p10)s or less, another to %(p90)s or more."
        ),
        "some-set-up-to-fail": ngettext(
            "%(failing)s had less than one chance in ten from the start.",
            "%(failing)s had less than one chance in ten from the start.",
            told["failing"],
        ),
        "windfalls": ngettext(
            "%(windfalls)s came far above a target that was likely anyway.",
            "%(windfalls)s came far above a target that was likely anyway.",
            told["windfalls"],
        ),
        "sound": _("Nothing speaks against how the targets were set."),
    }
    return forms[code] % told


def spread(found: Quality) -> str:
    """Half came to 96 % or more; eight in ten between 71 and 118 %."""
    made = found.finding
    if made.median is None:
        return ""
    told = {"median": percent(made.median), "p10": percent(made.p10), "p90": percent(made.p90)}
    return _("Half came to %(median)s of their target or more, eight in ten to %(p10)s to %(p90)s.") % told


def left_out(found: Quality) -> str:
    count = len(found.left_out)
    if not count:
        return ""
    return ngettext(
        "%(n)s has no figures and is left out.", "%(n)s have no figures and are left out.", count
    ) % {"n": count}


def flag(found: Quality, public_id: str) -> str:
    """Why a unit stands out."""
    if public_id in {each.unit for each in found.finding.set_up_to_fail}:
        return pgettext("a target", "out of reach from the start")
    if public_id in {each.unit for each in found.finding.windfalls}:
        return pgettext("a target", "windfall")
    return ""
