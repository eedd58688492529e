"""What a scorecard's total says, how it came about, and what was left out of it."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.measure.queries.scorecard import Scorecard
from steelyard.apps.measure.queries.total import CAP, WHOLE, Part, Total
from steelyard.apps.measure.words import names
from steelyard.engine.kpi import Definitions, Kpi
from steelyard.web import numbers

# Below this much of the weights the total says little, and that is said.
HALF = 50


def score(total: Total) -> str:
    """96 of 100, rounded to a whole; without a total, a dash."""
    return numbers.MISSING if total.score is None else numbers.count(round(total.score))


def measured(total: Total) -> str:
    """82 of 100 measured, and that it is little where it is."""
    if not total.measured:
        return _("No total: none of the weighted KPIs has both a value and a target.")
    shown = {"measured": total.measured, "whole": WHOLE}
    if total.measured < HALF:
        return (
            _("over the %(measured)d of %(whole)d that were measured: less than half, so it says little")
            % shown
        )
    return _("over the %(measured)d of %(whole)d that were measured") % shown


def left_out(total: Total, known: Definitions) -> str:
    """Not in the total: NPS (no data), learning hours (no target)."""
    if not total.left_out:
        return ""
    between = pgettext("between names", ", ")
    reasons: dict[str, list[str]] = {}
    for part in total.left_out:
        reasons.setdefault(part.reason, []).append(kpi_word(part, known))
    groups = [
        _("%(kpis)s (%(reason)s)") % {"kpis": between.join(kpis), "reason": reason(why)}
        for why, kpis in reasons.items()
    ]
    return _("Not in the total: %(kpis)s.") % {"kpis": pgettext("between groups", "; ").join(groups)}


def kpi_word(part: Part, known: Definitions) -> str:
    return names.kpi_inside(known[part.kpi]) if part.kpi in known else part.kpi


def reason(code: str) -> str:
    return {
        "no-data": _("the data lack what it is made of"),
        "no-value": _("no value in this period"),
        "no-target": _("no target"),
        "zero-target": _("a target of zero, which nothing is a share of"),
        "negative-target": _("a target below zero, which nothing is a share of"),
        "small-group": _("withheld: fewer than five people"),
        "under-floor": _("withheld: too few records"),
        "unknown": _("no such KPI any more"),
    }[code]


def how(part: Part, kpi: Kpi | None) -> str:
    """The arithmetic of one line, with the figures that are divided."""
    if kpi is None or part.value is None or part.target is None or part.attainment is None:
        return reason(part.reason)
    shown = {"value": exact(kpi, part.value), "target": exact(kpi, part.target)}
    if kpi.direction == "down":
        return _("2 − %(value)s ÷ %(target)s") % shown
    if kpi.direction == "band":
        return _("1 − |%(value)s ÷ %(target)s − 1|") % shown
    return _("%(value)s ÷ %(target)s") % shown


def exact(kpi: Kpi, value: float) -> str:
    return numbers.figure(value, unit=kpi.unit, currency="").exact


def attainment(part: Part) -> str:
    """105.0%; where it was cut off, what it counts as."""
    text = numbers.percent(part.attainment)
    if not part.is_capped:
        return text
    return _("%(attainment)s, counts as %(counted)s") % {
        "attainment": text,
        "counted": numbers.percent(part.counted, digits=0),
    }


def points(part: Part) -> str:
    return numbers.MISSING if part.points is None else plain(part.points, 2)


def plain(value: float | None, digits: int) -> str:
    return numbers.grouped(numbers.decimal(value) or Decimal(0), digits)


def rule(total: Total) -> str:
    """The rule in words, and the division that ends it."""
    text = _(
        "Points are the weight times the attainment, the attainment kept between 0 and %(cap)s. "
        "What has no value or no target is left out of the points and of the weights: it is no zero."
    ) % {"cap": numbers.percent(CAP, digits=0)}
    return text if total.score is None else f"{text} {division(total)}"


def division(total: Total) -> str:
    return _("%(points)s points ÷ %(measured)d measured × 100 = %(score)s.") % {
        "points": plain(total.points, 2),
        "measured": total.measured,
        "score": plain(total.score, 1),
    }


def withheld(card: Scorecard) -> str:
    """What is withheld on a scorecard, and why."""
    listed = card.withheld
    if not listed:
        return ""
    return ngettext(
        "%(kpis)s is withheld: the figure would tell of fewer than five.",
        "%(kpis)s are withheld: the figures would tell of fewer than five.",
        len(listed),
    ) % {"kpis": kpi_list([each.kpi for each in listed])}


def kpi_list(kpis: Sequence[Kpi]) -> str:
    text = pgettext("between names", ", ").join(names.kpi_inside(kpi) for kpi in kpis)
    return text[:1].upper() + text[1:]


def template_name(held: dict[str, str]) -> str:
    return held["zh" if numbers.is_chinese() else "en"]
