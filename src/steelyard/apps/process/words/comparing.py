"""How two parts of a log differ, in words: only what chance does not explain is called a difference."""

from django.utils.translation import gettext as _

from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import Comparison, Difference, EdgeDifference
from steelyard.web import numbers

ALPHA = 0.05


def is_real(each: Difference) -> bool:
    return each.p is not None and each.p < ALPHA and bool(each.difference)


def headline(found: Comparison, *, now: str, base: str) -> str:
    cycle = found.median_cycle_s
    if cycle.difference is None:
        return _("There are too few cases to compare %(now)s with %(base)s.") % {"now": now, "base": base}
    if not is_real(cycle):
        return _("Between %(base)s and %(now)s the time from end to end did not change beyond chance.") % {
            "base": base,
            "now": now,
        }
    words = {"now": now, "base": base, "time": duration(abs(cycle.difference))}
    if cycle.difference > 0:
        return _("A case takes %(time)s longer in %(now)s than in %(base)s.") % words
    return _("A case takes %(time)s less in %(now)s than in %(base)s.") % words


def lede(found: Comparison) -> str:
    told = [
        _("%(base)s cases against %(now)s.")
        % {"base": numbers.count(found.one_cases), "now": numbers.count(found.other_cases)}
    ]
    real = [each for each in found.edges if is_real(each.mean_wait_s)]
    if not real:
        told.append(_("No transition waits differently beyond chance."))
        return " ".join(told)
    most = max(real, key=added)
    if added(most) > 0:
        told.append(
            _("Most was added on the way %(source)s → %(target)s: %(change)s on average.")
            % {"source": most.source, "target": most.target, "change": change(most.mean_wait_s.difference)}
        )
    least = min(real, key=added)
    if added(least) < 0:
        told.append(
            _("Most was saved on the way %(source)s → %(target)s: %(change)s on average.")
            % {"source": least.source, "target": least.target, "change": change(least.mean_wait_s.difference)}
        )
    return " ".join(told)


def added(each: EdgeDifference) -> float:
    """The time that the difference adds to all cases that take the way now."""
    return (each.mean_wait_s.difference or 0.0) * each.other_count


def change(seconds: float | None) -> str:
    """With its sign; a missing one is a dash."""
    if seconds is None:
        return numbers.MISSING
    sign = "+" if seconds > 0 else numbers.MINUS if seconds < 0 else ""
    return f"{sign}{duration(abs(seconds))}"


def interval(each: Difference) -> str:
    if each.low is None or each.high is None:
        return numbers.MISSING
    return _("%(low)s to %(high)s") % {"low": change(each.low), "high": change(each.high)}


def chance(each: Difference) -> str:
    if each.p is None:
        return _("cannot tell")
    return "< 0.001" if each.p < 0.001 else f"{each.p:.3f}"
