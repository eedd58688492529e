"""The sentences that open the pages, written from codes and numbers: same figures, same text."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.measure.queries.scorecard import Gap, Scorecard, Standing
from steelyard.apps.measure.words import names
from steelyard.web import numbers
from steelyard.web.numbers import MINUS

NAMED = 3


def headline(card: Scorecard) -> str:
    """Where the unit stands: the first KPI against its target, and how many KPIs show a signal."""
    period = names.period_name(card.period)
    if card.lead is None:
        return _("%(period)s: no KPI can be told from the data.") % {"period": period}
    shown = {
        "period": period,
        "standing": standing(card.lead, currency=card.points.currency),
        "signals": signals(len(card.signals), len(card.told)),
    }
    return _("%(period)s: %(standing)s; %(signals)s.") % shown


def signals(count: int, whole: int) -> str:
    if not whole:
        return _("it is too early to tell signals: each KPI needs six values or more")
    if not count:
        return ngettext(
            "the one KPI measured shows no signal", "none of %(whole)d KPIs shows a signal", whole
        ) % {"whole": whole}
    return ngettext(
        "%(count)d of %(whole)d KPIs shows a signal", "%(count)d of %(whole)d KPIs show a signal", count
    ) % {"count": count, "whole": whole}


def standing(each: Standing, *, currency: str) -> str:
    """Won revenue is 18.4% short of target; without a target, against a year ago, or its value alone."""
    shown = {"kpi": names.kpi_inside(each.kpi), "value": value_of(each, currency=currency)}
    if each.value is None:
        return _("%(kpi)s has no value") % shown
    if each.target is not None:
        return _to_target(each, shown, currency=currency)
    if each.year_ago.value is not None:
        shown["change"] = distance(each, each.year_ago.value, currency=currency)
        if each.value == each.year_ago.value:
            return _("%(kpi)s is %(value)s, the same as a year ago") % shown
        if each.value > each.year_ago.value:
            return _("%(kpi)s is %(value)s, up %(change)s on a year ago") % shown
        return _("%(kpi)s is %(value)s, down %(change)s on a year ago") % shown
    return _("%(kpi)s is %(value)s") % shown


def _to_target(each: Standing, shown: dict[str, str], *, currency: str) -> str:
    value, target = each.value, each.target
    if value is None or target is None or value == target:
        return _("%(kpi)s is exactly on target") % shown
    shown["distance"] = distance(each, target, currency=currency)
    is_usual = each.judgement == "usual"
    if value > target:
        text = (
            _("%(kpi)s is %(distance)s above target, inside its usual variation")
            if is_usual
            else _("%(kpi)s is %(distance)s above target")
        )
        return text % shown
    if is_usual:
        return _("%(kpi)s is %(distance)s below target, inside its usual variation") % shown
    if each.kpi.direction == "down" or each.kpi.unit == "percent":
        return _("%(kpi)s is %(distance)s below target") % shown
    return _("%(kpi)s is %(distance)s short of target") % shown


def distance(each: Standing, base: float, *, currency: str) -> str:
    """How far, without the sign: the words say the direction."""
    text = numbers.difference(each.value, base, unit=each.kpi.unit, currency=currency)
    return numbers.unbroken(text.lstrip(f"+{MINUS}"))


def value_of(each: Standing, *, currency: str) -> str:
    return numbers.unbroken(numbers.figure(each.value, unit=each.kpi.unit, currency=currency).text)


def lede(card: Scorecard) -> str:
    """Which KPIs show a signal, and which are short of target and are to be left alone."""
    parts = []
    if card.signals:
        parts.append(_("Signals: %(kpis)s.") % {"kpis": listed([each.kpi for each in card.signals])})
    if card.usual_shortfalls:
        kpis = listed([each.kpi for each in card.usual_shortfalls])
        parts.append(
            _("Worse than target, but inside the usual variation, so no reason to react: %(kpis)s.")
            % {"kpis": kpis}
        )
    if not card.is_complete:
        parts.append(_("The period is still running: its figures grow until it ends."))
    return _joined(parts)


def listed(kpis: Sequence) -> str:
    """The first few names; the others are counted."""
    shown = pgettext("between names", ", ").join(names.kpi_inside(kpi) for kpi in kpis[:NAMED])
    rest = len(kpis) - NAMED
    if rest <= 0:
        return shown
    return ngettext("%(names)s and %(rest)d more", "%(names)s and %(rest)d more", rest) % {
        "names": shown,
        "rest": rest,
    }


def kpi_headline(each: Standing, *, currency: str) -> str:
    """The KPI page's sentence: where it stands, and whether that is a signal."""
    shown = {
        "period": names.period_name(each.period),
        "standing": standing(each, currency=currency),
        "signal": signal_clause(each),
    }
    if each.judgement == "usual" and not each.is_signal:
        return _("%(period)s: %(standing)s; no signal.") % shown
    return _("%(period)s: %(standing)s; %(signal)s.") % shown


def signal_clause(each: Standing) -> str:
    signal = each.signal
    if each.value is None:
        return _("without a value there is nothing to judge")
    if signal.status == "too-early":
        known = sum(point.value is not None for point in each.history)
        return ngettext(
            "too early to tell a signal: %(known)d value, six are needed",
            "too early to tell a signal: %(known)d values, six are needed",
            known,
        ) % {"known": known}
    if signal.status == "no-signal":
        return _("that is its usual variation, no signal")
    if each.is_contrary:
        return _("a signal the other way: %(rule)s") % {"rule": rule_words(each)}
    return _("a signal: %(rule)s") % {"rule": rule_words(each)}


def rule_words(each: Standing) -> str:
    """Why it is a signal, by the first rule that fired."""
    rules, is_above = each.signal.rules[-1], each.signal.side == "above"
    if "outside" in rules:
        return _("above the natural process limits") if is_above else _("below the natural process limits")
    if "run" in rules:
        return (
            _("eight or more in a row above the mean")
            if is_above
            else _("eight or more in a row below the mean")
        )
    return _("three of four near the upper limit") if is_above else _("three of four near the lower limit")


def note(each: Standing, *, currency: str) -> str:
    """The small line under a KPI's name: the signal in words, else how it changed."""
    if each.is_signal:
        return _("signal: %(rule)s") % {"rule": rule_words(each)}
    if each.signal.status == "too-early" and each.value is not None:
        return _("too early to tell a signal")
    return changes(each, currency=currency)


def row_note(each: Standing, *, weight: int) -> str:
    """The small line on a scorecard: the weight, and the signal where there is one or cannot be."""
    parts = [_("weight %(weight)d") % {"weight": weight}] if weight else []
    if each.is_signal:
        parts.append(_("signal: %(rule)s") % {"rule": rule_words(each)})
    elif each.signal.status == "too-early" and each.value is not None:
        parts.append(_("too early to tell a signal"))
    return " · ".join(parts)


def compared(each: Standing, *, currency: str, has_peers: bool) -> tuple[tuple[str, str], ...]:
    """A year ago, the period before, and peers where any KPI has them: the columns of a scorecard."""
    unit = each.kpi.unit

    def change(base: float | None) -> str:
        return numbers.unbroken(numbers.change(each.value, base, unit=unit, currency=currency))

    peers = numbers.figure(each.peers.value if each.peers else None, unit=unit, currency=currency).text
    columns = (
        (_("a year ago"), change(each.year_ago.value)),
        (_("period before"), change(each.before.value)),
    )
    return (*columns, (_("peers"), numbers.unbroken(peers))) if has_peers else columns


def changes(each: Standing, *, currency: str) -> str:
    """▲ 8.1% on a year ago · ▼ 2.3% on the period before."""
    parts = []
    unit = each.kpi.unit
    if each.year_ago.value is not None and each.value is not None:
        change = numbers.change(each.value, each.year_ago.value, unit=unit, currency=currency)
        parts.append(_("%(change)s on a year ago") % {"change": numbers.unbroken(change)})
    if each.before.value is not None and each.value is not None:
        change = numbers.change(each.value, each.before.value, unit=unit, currency=currency)
        parts.append(_("%(change)s on the period before") % {"change": numbers.unbroken(change)})
    return " · ".join(parts)


def gap(each: Gap) -> str:
    """What is missing, and for which KPI."""
    shown = {
        "kpi": names.kpi_name(each.kpi),
        "table": names.table_name(each.table),
        "column": each.column,
    }
    if each.table == "exchange_rates":
        return _("%(kpi)s: there are amounts in %(column)s without an exchange rate") % shown
    if each.column:
        return _("%(kpi)s: the table %(table)s has no column %(column)s") % shown
    return _("%(kpi)s: no %(table)s yet") % shown


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _joined(sentences: Sequence[str]) -> str:
    return ("" if numbers.is_chinese() else " ").join(sentences)
