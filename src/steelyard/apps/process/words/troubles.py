"""Rework, hand-offs, open cases and doubts about the log, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.findings import Ageing, Breakpoint, HandOffs, LogQuality, Rework
from steelyard.web import numbers


def share_text(value: float) -> str:
    return numbers.percent(value, digits=0 if value >= 0.1 or value == 0 else 1)


def interval(low: float, high: float) -> str:
    return _("%(low)s to %(high)s") % {"low": numbers.percent(low), "high": numbers.percent(high)}


def kind_name(kind: str) -> str:
    return {
        "self-loop": pgettext("of rework", "Done again at once"),
        "return": pgettext("of rework", "Came back"),
        "ping-pong": pgettext("of rework", "To and fro"),
    }[kind]


def rework_headline(found: Rework) -> str:
    if not found.cases:
        return _("No case does a step twice.")
    told = sum(line.hours for line in found.lines)
    return _("%(share)s of the cases do a step more than once; that takes %(hours)s.") % {
        "share": share_text(found.share),
        "hours": duration(told * 3600),
    }


def rework_lede(found: Rework, *, currency: str) -> str:
    if not found.lines:
        return ""
    worst = found.lines[0]
    money = [line.money for line in found.lines if line.money is not None]
    told = [
        _("Most of it is at %(activity)s: %(times)s repeats in %(cases)s cases.")
        % {
            "activity": worst.activity,
            "times": numbers.count(worst.events),
            "cases": numbers.count(worst.cases),
        }
    ]
    if money:
        told.append(
            _("The repeated work alone costs %(money)s.")
            % {"money": numbers.money(sum(money), currency=currency)}
        )
        told.append(_("Nights and weekends between the start and the finish of a step count as work here."))
    else:
        told.append(_("Money is not told: it needs starts, and a headcount with cost and hours."))
    return " ".join(told)


def handoffs_headline(found: HandOffs) -> str:
    if found.share_handed is None:
        return _("Who hands work to whom is not in this log.")
    worst = max(found.lines, key=lambda line: line.total_wait_s, default=None)
    share = share_text(found.share_handed)
    if worst is None:
        return _("Nobody hands work on: everyone does their cases alone.")
    return _("%(share)s of the steps change hands; most waits on the way %(giver)s → %(taker)s.") % {
        "share": share,
        "giver": worst.giver,
        "taker": worst.taker,
    }


def handoffs_lede(found: HandOffs) -> str:
    worst = max(found.lines, key=lambda line: line.total_wait_s, default=None)
    if worst is None:
        return ""
    return _("There it lies %(median)s at the median, %(total)s in all, over %(count)s hand-offs.") % {
        "median": duration(worst.median_wait_s),
        "total": duration(worst.total_wait_s),
        "count": numbers.count(worst.count),
    }


def open_headline(found: Ageing) -> str:
    if not found.open_cases:
        return _("No case is open: all have come to an end.")
    late = sum(line.is_late for line in found.lines)
    cases = ngettext("%(n)s case is open", "%(n)s cases are open", found.open_cases) % {
        "n": numbers.count(found.open_cases)
    }
    if not late:
        return _("%(cases)s, none of them longer where it is than is usual.") % {"cases": cases}
    return _("%(cases)s; %(late)s of them lie where they are for longer than nine in ten ever did.") % {
        "cases": cases,
        "late": numbers.count(late),
    }


def open_lede(found: Ageing, *, day: str) -> str:
    told = [_("As of %(day)s.") % {"day": day}]
    if found.median_age_s is not None:
        told.append(
            _("Half of the open ones are older than %(age)s.") % {"age": duration(found.median_age_s)}
        )
    if found.median_cycle_s is not None:
        told.append(
            _("A case takes %(cycle)s at the median, open ones counted as not finished yet.")
            % {"cycle": duration(found.median_cycle_s)}
        )
    if found.endings:
        told.append(_("A case ends with: %(endings)s.") % {"endings": ", ".join(found.endings)})
    return " ".join(told)


def breakpoint_note(found: tuple[Breakpoint, ...]) -> str:
    if not found:
        return _("No step stands out after which cases stop.")
    worst = max(found, key=lambda each: each.stopped)
    return _("%(stopped)s of the %(reached)s cases that reached %(activity)s never went on.") % {
        "stopped": numbers.count(worst.stopped),
        "reached": numbers.count(worst.reached),
        "activity": worst.activity,
    }


def quality_headline(found: LogQuality) -> str:
    doubts = sum(line["is_doubt"] for line in quality_lines(found))
    if not doubts:
        return _("The log is whole: nothing in it makes the figures doubtful.")
    return ngettext(
        "%(n)s thing in the log makes figures doubtful.",
        "%(n)s things in the log make figures doubtful.",
        doubts,
    ) % {"n": doubts}


def quality_lines(found: LogQuality) -> list[dict]:
    """Each check with its count, its share of the events or cases, and what it means."""
    events, cases = max(found.events, 1), max(found.cases, 1)
    listed = [
        (
            _("Rows left out"),
            found.dropped,
            found.dropped / (events + found.dropped),
            _("Rows without a case, a step or a time of finish. Bring them complete."),
        ),
        (
            _("Rows that come twice"),
            found.duplicates,
            found.duplicates / events,
            _("The same step of the same case at the same time. They count as rework."),
        ),
        (
            _("Steps of one case at one instant"),
            found.ties,
            found.ties / events,
            _("Their order is that of the file. Times with minutes and seconds tell it."),
        ),
        (
            _("Steps with one time only"),
            found.single_timestamps,
            found.single_timestamps / events,
            _("Work cannot be told from waiting. Bring the time at which each step was begun."),
        ),
        (
            _("Steps finished before they were begun"),
            found.negative_durations,
            found.negative_durations / events,
            _("They count as no work. Check the columns and time zones of the export."),
        ),
        (
            _("Steps that overlap in one case"),
            found.overlaps,
            found.overlaps / events,
            _("Done side by side; their wait counts as none."),
        ),
        (
            _("Steps without a performer"),
            found.missing_performers,
            found.missing_performers / events,
            _("Hand-offs, teams and causes of waiting leave them out."),
        ),
        (
            _("Cases with one step"),
            found.one_event_cases,
            found.one_event_cases / cases,
            _("They have no transition. Often the export cut them off."),
        ),
    ]
    return [
        {
            "name": name,
            "count": numbers.count(count),
            "share": numbers.percent(share),
            "note": note,
            "is_doubt": count > 0,
        }
        for name, count, share, note in listed
    ]


def quality_lede(found: LogQuality) -> str:
    told = [
        _("%(cases)s cases, %(events)s steps.")
        % {"cases": numbers.count(found.cases), "events": numbers.count(found.events)}
    ]
    if found.without_outcome:
        told.append(
            _("%(count)s steps have no outcome: only decisions need one.")
            % {"count": numbers.count(found.without_outcome)}
        )
    if found.varying:
        told.append(
            _("These columns change within a case, which is filtered by their first value: %(columns)s.")
            % {"columns": ", ".join(found.varying)}
        )
    return " ".join(told)
