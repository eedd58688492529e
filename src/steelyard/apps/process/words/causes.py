"""Why work waits, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.process.words.durations import duration
from steelyard.engine.process.waiting import CAUSES, Waiting
from steelyard.web import numbers

UNKNOWN = "unknown"
ALL = (*CAUSES, UNKNOWN)


def cause_name(code: str) -> str:
    return {
        "batching": pgettext("why work waits", "Collected into batches"),
        "contention": pgettext("why work waits", "Performer busy with earlier work"),
        "prioritisation": pgettext("why work waits", "Later work taken first"),
        "unavailability": pgettext("why work waits", "Outside working hours"),
        "extraneous": pgettext("why work waits", "None of these"),
        UNKNOWN: pgettext("why work waits", "Cannot be told"),
    }[code]


def cause_inside(code: str) -> str:
    """Inside a sentence, after how much of the waiting it is."""
    return {
        "batching": _("while work was collected into batches"),
        "contention": _("while the performer was busy with earlier work"),
        "prioritisation": _("while later work was taken first"),
        "unavailability": _("outside working hours"),
        "extraneous": _("for reasons that the log does not show"),
        UNKNOWN: _("where it cannot be told why"),
    }[code]


def cause_note(code: str) -> str:
    """What it means, and what helps."""
    return {
        "batching": _("The step is done for several cases in one go. Smaller or more frequent batches help."),
        "contention": _("The queue in front of a person. More hands, or fewer steps for them, help."),
        "prioritisation": _("The case was overtaken. A rule of what comes first helps."),
        "unavailability": _("Nights, weekends, holidays. A deputy or other hours help, less work does not."),
        "extraneous": _(
            "The performer was there and free: waiting for a customer, for an answer, forgotten."
        ),
        UNKNOWN: _("The log names no performer for these steps."),
    }[code]


def seconds_of(each: object, code: str) -> float:
    return float(getattr(each, f"{code}_s") or 0.0)


def headline(found: Waiting) -> str:
    if found.verdict == "cannot-tell" or not found.total_s:
        return _("Why the work waits cannot be told from this log.")
    first, second, *_rest = sorted(ALL, key=lambda code: -seconds_of(found, code))
    return _("%(first_share)s of the waiting lies %(first)s, %(second_share)s %(second)s.") % {
        "first_share": numbers.percent(seconds_of(found, first) / found.total_s, digits=0),
        "first": cause_inside(first),
        "second_share": numbers.percent(seconds_of(found, second) / found.total_s, digits=0),
        "second": cause_inside(second),
    }


def lede(found: Waiting, *, version: int) -> str:
    if found.verdict == "cannot-tell":
        return " ".join(reason_words(reason) for reason in found.reasons)
    hours = {
        "given": _("Hours and holidays are those of working calendar %(version)s.") % {"version": version},
        "inferred": _("No working calendar is declared: hours are inferred from when people worked."),
        "none": _("No working hours are known, so nights and weekends count as waiting for something else."),
    }[found.calendar]
    told = _("In all %(total)s of waiting before %(count)s steps.") % {
        "total": duration(found.total_s),
        "count": numbers.count(found.count),
    }
    return " ".join([told, hours, *(reason_words(reason) for reason in found.reasons)])


def reason_words(code: str) -> str:
    return {
        "no-events": _("No case fits what was asked for."),
        "single-timestamps": _("The log has one time a step; bring the time at which each was begun, too."),
        "no-performers": _("The log names nobody who did the steps; bring the column with the performer."),
        "some-without-performer": _("Some steps name no performer: their waits cannot be split."),
        "some-without-start": _("Some steps have no start: their waits are not known."),
    }[code]
