"""What stands under the headline, and what to do about it: whole sentences from the same figures."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from steelyard.apps.diagnose.queries.reading import Missing, Reading, Since
from steelyard.apps.diagnose.words import figures, names, phrases
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.engine.periods import RANGE
from steelyard.web import numbers

SHOWN = 2
HELD = 0.1


def lede(reading: Reading) -> str:
    """A few sentences; where the gap cannot be told, none."""
    if reading.gap is None:
        return ""
    return joined(list(_sentences(reading)))


def _sentences(reading: Reading) -> Iterator[str]:
    yield _figures(reading)
    yield from _drivers(reading)
    yield from _segments(reading)
    yield from _bright(reading)
    yield from _early(reading)


def _figures(reading: Reading) -> str:
    shown = {
        "actual": figures.value(reading, reading.actual),
        "baseline": figures.value(reading, reading.baseline),
        "size": figures.size(reading, reading.gap),
        "period": names.period_name(reading.baseline_period or ""),
    }
    if reading.is_target:
        return _("It came to %(actual)s, where %(baseline)s was the target: a gap of %(size)s.") % shown
    return _("It came to %(actual)s, after %(baseline)s in %(period)s: a change of %(size)s.") % shown


def _drivers(reading: Reading) -> Iterator[str]:
    told = reading.real_drivers[:SHOWN]
    if told:
        parts = [
            _("%(name)s (%(amount)s)")
            % {"name": phrases.driver(each), "amount": figures.part(reading, each.contribution)}
            for each in told
        ]
        yield _("What moved it: %(parts)s.") % {"parts": phrases.listed(parts)}
    elif reading.drivers:
        yield _("No driver moved by more than chance explains.")
    held = [
        each.kpi for each in reading.drivers if each not in told and _is_small(reading, each.contribution)
    ]
    if told and held:
        yield _("Little or nothing comes from %(kpis)s.") % {
            "kpis": phrases.listed([names.kpi_inside(kpi) for kpi in held])
        }


def _is_small(reading: Reading, contribution: float) -> bool:
    largest = max(abs(each.contribution) for each in reading.drivers)
    return abs(contribution) <= HELD * largest


def _segments(reading: Reading) -> Iterator[str]:
    parts = []
    for each in reading.main_segments[:SHOWN]:
        shown = {
            "name": phrases.segment(reading, each),
            "amount": figures.part(reading, each.contribution),
            "share": figures.share(reading, each.contribution),
        }
        form = (
            _("%(name)s (%(amount)s, %(share)s of the gap)") if shown["share"] else _("%(name)s (%(amount)s)")
        )
        parts.append(form % shown)
    if parts:
        yield _("Where more than chance is at work: %(parts)s.") % {"parts": phrases.listed(parts)}


def _bright(reading: Reading) -> Iterator[str]:
    if reading.bright_spots:
        first = reading.bright_spots[0]
        shown = {
            "segment": phrases.segment(reading, first),
            "amount": figures.part(reading, first.contribution),
        }
        yield _("Better than the rest: %(segment)s, with %(amount)s.") % shown


def _early(reading: Reading) -> Iterator[str]:
    if is_range(reading):
        yield _("For a range of days no signal can be told; a month or a quarter has others to compare with.")
    elif reading.signal == "too-early":
        yield ngettext(
            "With %(n)s period of history it is too early to tell a signal from the usual variation.",
            "With %(n)s periods of history it is too early to tell a signal from the usual variation.",
            reading.periods_known,
        ) % {"n": reading.periods_known}


def next_step(reading: Reading) -> str:
    """What to do, by codes: leave it, look at one place, look at what all share, learn from the best."""
    if reading.gap is None or reading.side == 0:
        return ""
    if reading.judged == "better":
        return _after_better(reading)
    if reading.main_segments:
        return _at_segment(reading)
    if reading.signal == "no-signal":
        return _(
            "Leave it. A value inside the usual variation asks for no reaction; "
            "reacting to it only adds variation."
        )
    if is_range(reading):
        return _("Take this as a hint, and look at the months or quarters around it for a signal.")
    if reading.signal == "too-early":
        return _("Take this as a hint, and look again when more periods are in.")
    if reading.with_gap:
        shown = {"driver": phrases.driver(reading.with_gap[0])}
        return (
            _(
                "Look at what all parts share: no single segment holds the gap, "
                "so ask what is behind %(driver)s everywhere."
            )
            % shown
        )
    return _("Look at what all parts share: no single segment holds the gap.")


def _after_better(reading: Reading) -> str:
    if reading.bright_spots:
        shown = {"segment": phrases.segment(reading, reading.bright_spots[0])}
        return _("Find out what %(segment)s does differently, and pass it on.") % shown
    if reading.signal == "no-signal":
        return _("Keep going. Inside the usual variation there is nothing to read into it yet.")
    return _("Keep it: write down what was done differently before it is forgotten.")


def _at_segment(reading: Reading) -> str:
    shown = {"segment": phrases.segment(reading, reading.main_segments[0])}
    if reading.since_segment is not None:
        shown["since"] = names.period_name(reading.since_segment.period)
        return _("Start with %(segment)s: ask what has been different there since %(since)s.") % shown
    return _("Start with %(segment)s: ask what is different there from everywhere else.") % shown


def missing_lines(reading: Reading) -> list[str]:
    """What the data lack, and what an import would answer."""
    return [line for each in reading.missing if (line := _missing(reading, each))]


def _missing(reading: Reading, each: Missing) -> str:
    places = each.places
    shown = {
        "kpi": names.kpi_inside(reading.kpi),
        "table": names.table_name(places.get("table", "")),
        "column": places.get("column", ""),
    }
    if each.code == "kpi.missing-column" and shown["column"]:
        return (
            _("The drivers of %(kpi)s need the column “%(column)s” of %(table)s; the data lack it.") % shown
        )
    if each.code == "kpi.missing-column":
        return _("The drivers of %(kpi)s need %(table)s; there are none yet.") % shown
    if each.code == "diagnosis.no-baseline":
        return _(
            "There are no records in the period compared with: "
            "import earlier ones to see drivers and segments."
        )
    if each.code == "diagnosis.no-organisation":
        return _("Nobody is known to be in a team: import people and teams to see teams and members.")
    return ""


def since_lines(reading: Reading) -> str:
    """Since when: of the first segment, and of the KPI as a whole."""
    lines = []
    if reading.since_segment is not None and reading.segments:
        segment = phrases.segment(reading, reading.segments[0])
        lines.append(_since(reading, reading.since_segment, kpi=reading.cut, of=segment))
    if reading.since is not None:
        lines.append(_since(reading, reading.since, kpi=reading.kpi, of=""))
    if not lines:
        return _("No point can be named since when: the level has not changed by more than chance explains.")
    return joined(lines)


def _since(reading: Reading, since: Since, *, kpi: str, of: str) -> str:
    shown = {
        "kpi": names.kpi_inside(kpi),
        "segment": of,
        "period": names.period_name(since.period),
        "before": figures.value(reading, since.before, kpi),
        "after": figures.value(reading, since.after, kpi),
    }
    is_lower = since.after < since.before
    if of and is_lower:
        text = _(
            "%(segment)s: %(kpi)s has been lower since %(period)s, %(after)s on average after %(before)s."
        )
    elif of:
        text = _(
            "%(segment)s: %(kpi)s has been higher since %(period)s, %(after)s on average after %(before)s."
        )
    elif is_lower:
        text = _(
            "As a whole: %(kpi)s has been lower since %(period)s, %(after)s on average after %(before)s."
        )
    else:
        text = _(
            "As a whole: %(kpi)s has been higher since %(period)s, %(after)s on average after %(before)s."
        )
    return text % shown


def joined(sentences: list[str]) -> str:
    """Chinese sentences follow each other without a space."""
    return ("" if numbers.is_chinese() else " ").join(sentences)


def signal_line(reading: Reading) -> str:
    """What the process behaviour chart says of this period."""
    if reading.signal == "signal":
        return _signal(reading)
    if reading.signal == "no-signal" and reading.judged == "worse" and reading.is_target:
        return _("Below target is not yet a signal: the value lies inside its usual variation.")
    if reading.signal == "no-signal":
        return _("No signal: the value lies inside its usual variation.")
    if is_range(reading):
        return _("No signal can be told of a range of days: it is no point of a series.")
    return _("Too early for a signal: at least six periods are needed.")


def is_range(reading: Reading) -> bool:
    """Whether the question is of days from one to another instead of a month or quarter."""
    return read_period(reading.period).grain == RANGE


def _signal(reading: Reading) -> str:
    """Above or below the mean, by the first rule that fired; and what it does not say."""
    is_above, rule = reading.signal_side == "above", next(iter(reading.rules), "")
    if rule == "outside":
        text = (
            _("A signal: above its usual variation.")
            if is_above
            else _("A signal: below its usual variation.")
        )
    elif rule == "run":
        text = _run(is_above)
    else:
        text = (
            _("A signal: near the upper limit, as in most of the periods just before.")
            if is_above
            else _("A signal: near the lower limit, as in most of the periods just before.")
        )
    if reading.side and not reading.is_signal_of_gap:
        return joined([text, _("It points the other way than the gap.")])
    return text


def _run(is_above: bool) -> str:
    if is_above:
        return _("A signal: at least eight periods in a row above the mean.")
    return _("A signal: at least eight periods in a row below the mean.")
