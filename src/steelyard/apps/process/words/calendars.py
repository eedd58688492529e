"""Working hours in words: days that have the same hours stand together."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.process.queries.calendars import Year
from steelyard.engine.calendars.document import Document
from steelyard.engine.calendars.rules import DAY, Rule, Spans
from steelyard.web import numbers
from steelyard.web.numbers import is_chinese


def day_name(day: int) -> str:
    return [
        pgettext("day of the week", "Mon"),
        pgettext("day of the week", "Tue"),
        pgettext("day of the week", "Wed"),
        pgettext("day of the week", "Thu"),
        pgettext("day of the week", "Fri"),
        pgettext("day of the week", "Sat"),
        pgettext("day of the week", "Sun"),
    ][day]


def hours_words(week: Sequence[Spans]) -> str:
    """Mon–Fri 09:00–18:00; Sat 09:00–12:00."""
    parts: list[str] = []
    first = 0
    for day in range(1, 8):
        if day < 7 and week[day] == week[first]:
            continue
        if week[first]:
            names = day_name(first) if day - first == 1 else _days(first, day - 1)
            parts.append(f"{names} {spans_words(week[first])}")
        first = day
    return _between().join(parts) or _("never")


def spans_words(spans: Spans) -> str:
    return ", ".join(f"{clock(begin)}–{clock(end)}" for begin, end in spans)


def clock(minutes: int) -> str:
    """After midnight the clock begins anew; a span may end at 24:00."""
    shown = minutes if minutes <= DAY else minutes - DAY
    return f"{shown // 60:02}:{shown % 60:02}"


def holidays_words(rule: Rule) -> str:
    if not rule.holidays:
        return _("none")
    return _between().join(country_name(code) for code in rule.holidays)


def country_name(code: str) -> str:
    return _("China, with its make-up days (CN)") if code == "CN" else code


def headline(document: Document | None) -> str:
    if document is None:
        return _("When do people work? No working calendar is declared yet.")
    return _("People work %(hours)s.") % {"hours": hours_words(document.everybody.week)}


def lede(document: Document | None, *, version: int) -> str:
    if document is None:
        return _(
            "Until one is, the causes of waiting infer hours from when people worked, "
            "and service levels count the hours of the clock."
        )
    told = [
        _(
            "Version %(version)s holds: waiting, service levels, approvals and what-ifs are counted "
            "in its hours."
        )
        % {"version": version}
    ]
    others = len(document.teams) + len(document.performers)
    if others:
        told.append(
            ngettext(
                "%(count)s team or person works otherwise.",
                "%(count)s teams or people work otherwise.",
                others,
            )
            % {"count": others}
        )
    return " ".join(told)


def year_words(found: Year) -> str:
    return _("In %(year)s that is %(days)s working days, %(hours)s.") % {
        "year": found.year,
        "days": numbers.count(found.days),
        "hours": numbers.hours(round(found.hours)),
    }


def days_words(days: Sequence[date]) -> str:
    """1–3 Jan, 16 Feb: days that follow each other stand together."""
    if not days:
        return _("none")
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return _between().join(_run(each[0], each[-1]) for each in runs)


def _run(first: date, last: date) -> str:
    if first == last:
        return _date(first)
    if first.month != last.month:
        return f"{_date(first)}–{_date(last)}"
    if is_chinese():
        return f"{_date(first)}–{last.day}日"
    return f"{first.day}–{_date(last)}"


def _date(day: date) -> str:
    if is_chinese():
        return f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]}"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _days(first: int, last: int) -> str:
    return pgettext("days of the week", "%(first)s–%(last)s") % {
        "first": day_name(first),
        "last": day_name(last),
    }


def _between() -> str:
    return "；" if is_chinese() else "; "
