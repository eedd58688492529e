"""The one sentence that opens a diagnosis. Same figures and codes, same text; it never says "caused"."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.diagnose.queries.reading import MAINLY, Driver, Reading
from steelyard.apps.diagnose.words import figures, names, phrases

OFFSET, HALF = 0.3, 0.5


@dataclass(frozen=True)
class Headline:
    """`emphasis` is the stretch of `text` that says how far off; `judged` is better, worse or ""."""

    text: str
    emphasis: str
    judged: str

    @property
    def parts(self) -> tuple[str, str, str]:
        """Before, the emphasis, after."""
        before, _found, after = self.text.partition(self.emphasis) if self.emphasis else (self.text, "", "")
        return before, self.emphasis, after


def headline(reading: Reading) -> Headline:
    """How the KPI stands, and what explains it."""
    shown = {
        "period": names.period_name(reading.period),
        "kpi": names.kpi_inside(reading.kpi),
        "baseline": names.against_name(reading.against, reading.baseline_period),
    }
    if reading.actual is None:
        return Headline(_("%(kpi)s of %(period)s cannot be told: it has no records.") % _first(shown), "", "")
    if reading.baseline is None:
        shown["actual"] = figures.value(reading, reading.actual)
        text = _("%(kpi)s of %(period)s: %(actual)s, with nothing known of %(baseline)s to compare it with.")
        return Headline(text % _first(shown), "", "")
    emphasis = phrases.standing(reading)
    shown |= {"standing": emphasis, "reason": reason(reading)}
    judged = reading.judged if reading.is_target and reading.is_signal_of_gap else ""
    return Headline(phrases.capital(_sentence(reading) % shown), emphasis, judged)


def _sentence(reading: Reading) -> str:
    """What is counted is many things, everything else is one."""
    has_reason, are_many = bool(reason(reading)), reading.unit == "count"
    if has_reason and are_many:
        return pgettext("many", "%(period)s %(kpi)s are %(standing)s; %(reason)s.")
    if has_reason:
        return _("%(period)s %(kpi)s is %(standing)s; %(reason)s.")
    if are_many:
        return pgettext("many", "%(period)s %(kpi)s are %(standing)s.")
    return _("%(period)s %(kpi)s is %(standing)s.")


def _first(shown: dict[str, str]) -> dict[str, str]:
    return {**shown, "kpi": phrases.capital(shown["kpi"])}


def reason(reading: Reading) -> str:
    """The clause after the semicolon: what explains the gap, or why it needs no explaining."""
    if reading.side == 0:
        return _cancelled(reading)
    if reading.signal == "no-signal":
        return _usual(reading)
    by_driver = _by_drivers(reading)
    if by_driver and _is_mainly_there(reading):
        shown = {"driver": by_driver, "segment": phrases.segment(reading, reading.main_segments[0])}
        return _("%(driver)s, mainly in %(segment)s") % shown
    where = _where(reading, after_driver=bool(by_driver))
    if by_driver and where:
        return _("%(driver)s, and %(where)s") % {"driver": by_driver, "where": where}
    return by_driver or where


def _cancelled(reading: Reading) -> str:
    ups = [each for each in reading.real_drivers if each.contribution > 0]
    downs = [each for each in reading.real_drivers if each.contribution < 0]
    if not (ups and downs):
        return ""
    shown = {"one": phrases.driver(downs[0]), "other": phrases.driver(ups[0])}
    return _("%(one)s and %(other)s cancel each other out") % shown


def _usual(reading: Reading) -> str:
    if reading.segments:
        shown = {"segment": phrases.segment(reading, reading.segments[0])}
        return _("as a whole that is its usual variation, but %(segment)s stands out") % shown
    if reading.judged == "worse":
        return _("that is inside its usual variation, so leave it")
    return _("that is inside its usual variation")


def _by_drivers(reading: Reading) -> str:
    same = reading.with_gap
    if not same:
        return _mix(reading)
    first = same[0]
    other = reading.against_gap[0] if reading.against_gap else None
    if other is not None and _is_offset(first, other):
        shown = {"driver": phrases.driver(first), "other": phrases.driver(other)}
        return _("the effect of %(driver)s is larger than that of %(other)s") % shown
    if _reaches(reading, first):
        return _("most of it is explained by %(driver)s") % {"driver": phrases.driver(first)}
    if len(same) > 1 and _reaches(reading, *same[:2]):
        shown = {"driver": phrases.driver(first), "second": phrases.driver(same[1])}
        return _("most of it is explained by %(driver)s together with %(second)s") % shown
    return _("the largest part is explained by %(driver)s") % {"driver": phrases.driver(first)}


def _is_offset(first: Driver, other: Driver) -> bool:
    return abs(other.contribution) >= OFFSET * abs(first.contribution)


def _reaches(reading: Reading, *drivers: Driver) -> bool:
    return sum(each.contribution for each in drivers) * reading.side >= MAINLY * abs(reading.gap or 0.0)


def _mix(reading: Reading) -> str:
    """For a ratio without a tree: was it what was done, or where it was done?"""
    if not reading.mixes or reading.drivers:
        return ""
    largest = max(reading.mixes, key=lambda each: each.mix * reading.side)
    if largest.mix * reading.side < MAINLY * abs(reading.gap or 0.0):
        return ""
    dimension = names.dimension_name(largest.dimension).lower()
    return _("most of it is explained by a different mix by %(dimension)s") % {"dimension": dimension}


def _is_mainly_there(reading: Reading) -> bool:
    """Whether one segment holds half or more of what the first driver adds."""
    if not (reading.main_segments and reading.with_gap and reading.with_gap[0].kpi == reading.cut):
        return False
    return abs(reading.main_segments[0].contribution) >= HALF * abs(reading.cut_gap)


def _where(reading: Reading, *, after_driver: bool) -> str:
    if not reading.is_localised:
        return ""
    main = reading.main_segments
    if not main:
        return _("no segment stands out") if not reading.segments else _only_other_way(reading)
    shown = {"segment": phrases.segment(reading, main[0]), "kpi": names.kpi_inside(reading.cut)}
    if after_driver and reading.is_driver_cut and reading.with_gap[0].kpi != reading.cut:
        return _("%(segment)s stands out in its %(kpi)s") % shown
    if after_driver or abs(reading.share(main[0].contribution) or 0.0) < MAINLY:
        return _("%(segment)s stands out") % shown
    return _("%(segment)s explains most of it") % shown


def _only_other_way(reading: Reading) -> str:
    shown = {"segment": phrases.segment(reading, reading.segments[0])}
    return _("only %(segment)s stands out, and it pulls the other way") % shown
