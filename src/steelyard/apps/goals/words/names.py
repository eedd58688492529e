"""Names of what goals are made of: kinds, states, levels, owners, stretches of days, amounts."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.goals.models import Goal, GoalVersion
from steelyard.apps.measure.models import UnitKind
from steelyard.apps.measure.queries.calendar import grains, period_of, read_period
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.words.names import MONTHS, period_name
from steelyard.apps.measure.words.names import kpi_name as name_of_kpi
from steelyard.engine.kpi.definitions import UNITS
from steelyard.engine.periods import Period
from steelyard.web import numbers
from steelyard.web.numbers import Number, Shown

LEVELS = ("floor", "target", "stretch", "challenge")


def kind_name(kind: str) -> str:
    return {
        "reach": pgettext("kind of goal", "Reach a number"),
        "keep-above": pgettext("kind of goal", "Keep above"),
        "keep-below": pgettext("kind of goal", "Keep below"),
        "band": pgettext("kind of goal", "Stay inside a range"),
        "milestones": pgettext("kind of goal", "Reach by milestones"),
        "deliverable": pgettext("kind of goal", "Hand something over, yes or no"),
    }[kind]


def state_name(state: str) -> str:
    return {
        "proposed": pgettext("state of a goal", "proposed"),
        "active": pgettext("state of a goal", "active"),
        "closed": pgettext("state of a goal", "closed"),
        "withdrawn": pgettext("state of a goal", "withdrawn"),
    }[state]


def version_state_name(state: str) -> str:
    return {
        "proposed": pgettext("version of a goal", "waits for approval"),
        "approved": pgettext("version of a goal", "approved"),
        "rejected": pgettext("version of a goal", "rejected"),
        "withdrawn": pgettext("version of a goal", "withdrawn"),
        "undone": pgettext("version of a goal", "undone"),
    }[state]


def level_name(level: str, renamed: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """What the site calls it in the reader's language, else the usual word."""
    language = "zh" if numbers.is_chinese() else "en"
    own = ((renamed or {}).get(language) or {}).get(level, "")
    return own or usual_level_name(level)


def usual_level_name(level: str) -> str:
    return {
        "floor": pgettext("level of a goal", "Floor"),
        "target": pgettext("level of a goal", "Target"),
        "stretch": pgettext("level of a goal", "Stretch"),
        "challenge": pgettext("level of a goal", "Challenge"),
    }[level]


def consequence_name(kind: str) -> str:
    return {
        "pay": pgettext("what a goal brings", "Pay"),
        "growth": pgettext("what a goal brings", "Growth"),
        "recognition": pgettext("what a goal brings", "Recognition"),
    }[kind]


def owner_name(goal: Goal) -> str:
    """The company, the team's or the person's name; the goal comes with its team and person."""
    if goal.owner_kind == UnitKind.TEAM and goal.team:
        return goal.team.name
    if goal.owner_kind == UnitKind.MEMBER and goal.person:
        return goal.person.name
    return _("The company")


def owner_kind_name(kind: str) -> str:
    return {
        "company": pgettext("owner of a goal", "Company"),
        "team": pgettext("owner of a goal", "Team"),
        "member": pgettext("owner of a goal", "Person"),
    }[kind]


def kpi_name(kpi: str) -> str:
    """In the reader's language; one that is no longer known keeps its id."""
    known = once_known_kpis().get(kpi)
    return name_of_kpi(known) if known else kpi


def stretch_name(starts: datetime.date, ends: datetime.date) -> str:
    """Q1 2027 where the days are those of a period, else from day to day."""
    for grain in grains():
        period = period_of(starts, grain)
        if (period.start, period.end) == (starts, ends):
            return period_name(period)
    return period_name(Period.of_days(starts, ends - datetime.timedelta(days=1)))


def stretch_of(version: GoalVersion) -> str:
    return stretch_name(version.starts, version.ends)


def last_day(version: GoalVersion) -> datetime.date:
    return version.ends - datetime.timedelta(days=1)


def day(when: datetime.date) -> str:
    return date_format(when, "DATE_FORMAT")


def short_day(when: datetime.date) -> str:
    """31 Mar; 3月31日."""
    return f"{when.month}月{when.day}日" if numbers.is_chinese() else f"{when.day} {MONTHS[when.month - 1]}"


def plan_label(label: str) -> str:
    """The name of a period of a plan, `2027-01`, as periods are named elsewhere."""
    return period_name(read_period(label))


def reached_at(share: Decimal) -> str:
    """Of what follows: 90%, and 92.5% where that was said."""
    digits = max(0, -int((share * 100).normalize().as_tuple().exponent))
    return numbers.percent(share, digits=digits)


def amount(value: Number | None, unit: str, *, currency: str = "CNY") -> Shown:
    """A figure in a KPI's unit, or in the words that the goal itself has for it: 20 customers."""
    if unit in UNITS or not unit:
        return numbers.figure(value, unit=unit or "count", currency=currency)
    bare = numbers.count(value)
    if value is None:
        return Shown(bare, bare)
    text = f"{bare} {unit}"
    return Shown(text, text)


def target_words(version: GoalVersion, *, currency: str = "CNY") -> str:
    """≥ 58%, 4 to 6 days, ¥1.20 m; empty where there is no number."""
    if version.target is None:
        return ""
    low = amount(version.target, version.unit, currency=currency).text
    if version.kind == "band" and version.target_high is not None:
        high = amount(version.target_high, version.unit, currency=currency).text
        return _("%(low)s to %(high)s") % {"low": without_unit(low, like=high), "high": high}
    sign = {"keep-above": "≥ ", "keep-below": "≤ "}.get(version.kind, "")
    return f"{sign}{low}"


def without_unit(low: str, *, like: str) -> str:
    """30 to 45 days: the unit stands once where it is a word."""
    unit = like.lstrip("−-+0123456789.,")
    return low.removesuffix(unit) if unit.startswith(" ") or not unit.isascii() else low


def unit_choice(unit: str) -> str:
    return {
        "money": pgettext("unit of a goal", "money"),
        "percent": pgettext("unit of a goal", "percent"),
        "count": pgettext("unit of a goal", "number"),
        "days": pgettext("unit of a goal", "days"),
        "hours": pgettext("unit of a goal", "hours"),
        "times": pgettext("unit of a goal", "times"),
        "score": pgettext("unit of a goal", "score"),
    }[unit]


def is_running(label: str, day: datetime.date) -> bool:
    """Whether a period of a plan holds the day."""
    period = read_period(label)
    return period.start <= day < period.end
