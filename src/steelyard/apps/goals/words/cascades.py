"""Cascades in words: what was divided over whom, how fair it is, and what a method does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.goals.models import Cascade, GoalVersion
from steelyard.apps.goals.queries.cascade_preview import Becoming
from steelyard.apps.goals.queries.cascade_sheets import LOW_CHANCE, Line, Sheet
from steelyard.apps.goals.queries.cascade_workbook import Sums
from steelyard.apps.goals.words import names
from steelyard.engine.cascade import METHODS, Plan
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.words import say

# So many people are named in a sentence; the table has all of them.
NAMED = 4


def method_name(method: str) -> str:
    return {
        "equal": pgettext("method of dividing", "Equally"),
        "history": pgettext("method of dividing", "By history"),
        "potential": pgettext("method of dividing", "By potential"),
        "capacity": pgettext("method of dividing", "By capacity"),
        "fair": pgettext("method of dividing", "Equally likely"),
    }[method]


def method_note(method: str) -> str:
    return {
        "equal": _("Everybody gets the same for the days on which they are there."),
        "history": _("Everybody gets the share that they had in the past."),
        "potential": _("Everybody gets a share by their potential, such as the open pipeline."),
        "capacity": _("Everybody gets a share by working days: leave, joining and leaving count."),
        "fair": _("Everybody gets what they reach with the same probability."),
    }[method]


def teams_and_people(sheet: Sheet) -> str:
    teams, people = len(sheet.teams), len(sheet.people)
    of_people = ngettext("%(number)s person", "%(number)s people", people) % {"number": numbers.count(people)}
    if not teams:
        return of_people
    of_teams = ngettext("%(number)s team", "%(number)s teams", teams) % {"number": numbers.count(teams)}
    return _("%(teams)s and %(people)s") % {"teams": of_teams, "people": of_people}


def headline(sheet: Sheet, *, unit: str, currency: str) -> str:
    """What is divided over whom, and with what chance."""
    told = {
        "amount": names.amount(sheet.total, unit, currency=currency).text,
        "over": teams_and_people(sheet),
    }
    if len(sheet.people) == 1 and not sheet.teams:
        months = ngettext("%(number)s month", "%(number)s months", len(sheet.periods)) % {
            "number": len(sheet.periods)
        }
        return _("%(amount)s is divided over %(months)s.") % {**told, "months": months}
    chance = chances(sheet.fairness)
    if not chance:
        return _("%(amount)s is divided over %(over)s.") % told
    return _("%(amount)s is divided over %(over)s; everybody's chance is %(chance)s.") % {
        **told,
        "chance": chance,
    }


def lede(sheet: Sheet) -> str:
    """Who would be set up to fail; without chances, why there are none."""
    if sheet.fairness is None:
        return no_chance(sheet)
    low = sorted(sheet.low, key=lambda line: (line.chance or 0, line.name))
    if not low:
        return _("Nobody is set up to fail: everybody whose chance is known has 20% or more.")
    named = listed([f"{line.name} {percent(line.chance)}" for line in low[:NAMED]])
    more = len(low) - NAMED
    if more > 0:
        named = _("%(names)s and %(number)s more") % {"names": named, "number": numbers.count(more)}
    return ngettext(
        "%(number)s person is set up to fail, with a chance below 20%%: %(names)s.",
        "%(number)s people are set up to fail, with a chance below 20%%: %(names)s.",
        len(low),
    ) % {"number": numbers.count(len(low)), "names": named}


def no_chance(sheet: Sheet) -> str:
    if sheet.is_ratio:
        return _("How likely a ratio is to be reached by each person is not told here.")
    return _(
        "No chances are shown: what to expect of each person is not worked out for this KPI and period yet. "
        "It needs two years of months, and is worked out after the next publication of data."
    )


def chances(fairness: Mapping[str, Any] | None) -> str:
    """41% to 63%; one figure where all are alike."""
    if not fairness:
        return ""
    least, most = percent(fairness["min"]), percent(fairness["max"])
    return least if least == most else _("%(low)s to %(high)s") % {"low": least, "high": most}


def fairness(held: Mapping[str, Any] | None) -> str:
    """One sentence on how alike the chances are."""
    if not held:
        return _("Chances are not known.")
    told = {"low": percent(held["min"]), "high": percent(held["max"]), "middle": percent(held["median"])}
    if held["spread"] < 0.02:
        return _("Everybody has about the same chance: %(middle)s.") % told
    return _("Chances from %(low)s to %(high)s; half of the people have %(middle)s or more.") % told


def percent(chance: float | None) -> str:
    """A chance in whole percent; never 0% or 100%, which nothing in the future is."""
    if chance is None:
        return numbers.MISSING
    if chance < 0.01:
        return "<1%"
    return ">99%" if chance > 0.99 else numbers.percent(chance, digits=0)


def warned(held: Sequence[Mapping[str, Any]], by_key: Mapping[str, Line]) -> list[str]:
    """What the division had to do otherwise, each said once with the names that it is about."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for each in held:
        groups.setdefault(each["code"], []).append(each)
    return [say(code, **_params(told, by_key)) for code, told in groups.items()]


def _params(told: Sequence[Mapping[str, Any]], by_key: Mapping[str, Line]) -> dict[str, Any]:
    params = dict(told[0])
    params.pop("code", None)
    for key, value in params.items():
        params[key] = named(value, by_key) if isinstance(value, str) else value
    if "unit" in params:
        units = [named(str(each["unit"]), by_key) for each in told if "unit" in each]
        params["unit"] = shortened(units)
    if isinstance(params.get("units"), list | tuple):
        params["units"] = shortened([named(str(each), by_key) for each in params["units"]])
    return params


def refusal(refused: Refused, by_key: Mapping[str, Line]) -> str:
    """The sentence of a refusal, with names instead of codes."""
    params = {
        key: named(value, by_key)
        if isinstance(value, str)
        else [named(str(each), by_key) for each in value]
        if isinstance(value, list | tuple)
        else grouped(value)
        if isinstance(value, Decimal)
        else value
        for key, value in refused.params.items()
    }
    return say(refused.code, **params)


def named(text: str, by_key: Mapping[str, Line]) -> str:
    """The name of a unit or a month that stands where a code would; figures get their commas."""
    if text in by_key:
        return unit_name(by_key[text])
    if text in METHODS:
        return method_name(text)
    unit, _space, period = text.rpartition(" ")
    if unit in by_key:
        return f"{unit_name(by_key[unit])}, {month(period)}"
    if len(text) in (7, 8) and text[:4].isdecimal() and text[4:5] == "-":
        return month(text)
    try:
        return grouped(Decimal(text)) if text[:1].isdecimal() or text[:1] == "-" else text
    except ArithmeticError:
        return text


def unit_name(line: Line) -> str:
    if line.name:
        return line.name
    return _("The company") if line.key == "company" else _("The whole")


def month(label: str) -> str:
    try:
        return names.plan_label(label)
    except Refused:
        return label


def grouped(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shortened(units: Sequence[str]) -> str:
    once = list(dict.fromkeys(units))
    if len(once) <= NAMED:
        return listed(once)
    return _("%(names)s and %(number)s more") % {
        "names": listed(once[:NAMED]),
        "number": numbers.count(len(once) - NAMED),
    }


def listed(texts: Iterable[str]) -> str:
    return ("、" if numbers.is_chinese() else ", ").join(texts)


def state_name(state: str) -> str:
    return {
        "draft": pgettext("state of a cascade", "draft"),
        "applied": pgettext("state of a cascade", "applied"),
        "undone": pgettext("state of a cascade", "undone"),
        "replaced": pgettext("state of a cascade", "replaced by a newer one"),
    }[state]


def methods() -> list[dict[str, str]]:
    return [{"key": each, "name": method_name(each), "note": method_note(each)} for each in METHODS]


def comparing(sheet: Sheet, *, unit: str, currency: str) -> str:
    return _("How should %(amount)s be divided over %(over)s?") % {
        "amount": names.amount(sheet.total, unit, currency=currency).text,
        "over": teams_and_people(sheet),
    }


def comparing_lede(held: Mapping[str, Mapping[str, Any]]) -> str:
    """Which method treats people most alike, where chances are known."""
    best = most_alike(held)
    if best is None:
        return _("Choose a method; single months and people can be changed afterwards.")
    return _(
        "Chances are most alike with “%(method)s”: %(chance)s. "
        "Single months and people can be changed afterwards."
    ) % {"method": method_name(best), "chance": chances(held[best]["fairness"])}


def most_alike(held: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The method with which chances differ least; None where fewer than two tell any."""
    known = {method: each["fairness"] for method, each in held.items() if each.get("fairness")}
    if len(known) < 2:
        return None
    return min(known, key=lambda method: (known[method]["spread"], METHODS.index(method)))


def low_words(held: Mapping[str, Any]) -> str:
    """How many people a method would set up to fail."""
    low = sum(1 for chance in held.get("chances", {}).values() if chance < LOW_CHANCE)
    if not held.get("fairness") or not low:
        return ""
    return ngettext("%(number)s person below 20%%", "%(number)s people below 20%%", low) % {"number": low}


def ways() -> list[dict[str, str]]:
    """What gives way when a month is changed after a goal was divided."""
    return [
        {"value": "siblings", "label": _("Colleagues give way in the same month")},
        {"value": "months", "label": _("The person's other months give way")},
        {"value": "parent", "label": _("Nobody: declare the difference")},
    ]


def limits_headline(plan: Plan) -> str:
    """How many people have limits or leave of their own."""
    people = [unit for unit in plan.units if unit.code in plan.leaves]
    bound = sum(1 for unit in people if unit.floor is not None or unit.ceiling is not None)
    away = sum(1 for unit in people if unit.leave)
    if not bound and not away:
        return _("Nobody has limits or leave of their own yet.")
    return _("%(bound)s people have limits of their own, %(away)s have leave.") % {
        "bound": numbers.count(bound),
        "away": numbers.count(away),
    }


def span(joins: date | None, leaves: date | None) -> str:
    """From when or until when somebody takes part, where that lies inside the period."""
    if joins and leaves:
        return _("%(first)s to %(last)s") % {"first": names.short_day(joins), "last": names.short_day(leaves)}
    if joins:
        return _("from %(day)s on") % {"day": names.short_day(joins)}
    return _("until %(day)s") % {"day": names.short_day(leaves)} if leaves else ""


def preview_headline(rows: Sequence[Becoming], sheet: Sheet, *, unit: str, currency: str) -> str:
    """How many goals would be new, changed, or left as they are."""
    new = sum(1 for each in rows if each.goal is None)
    changed = sum(1 for each in rows if each.goal is not None and each.is_changed)
    told = {
        "amount": names.amount(sheet.total, unit, currency=currency).text,
        "new": ngettext("%(number)s new goal", "%(number)s new goals", new) % {"number": numbers.count(new)},
        "changed": ngettext("%(number)s changed goal", "%(number)s changed goals", changed)
        % {"number": numbers.count(changed)},
    }
    if not new and not changed:
        return _("Nothing would change.")
    if not changed:
        return _("%(amount)s would become %(new)s.") % told
    if not new:
        return _("%(amount)s would stand in %(changed)s.") % told
    return _("%(amount)s would stand in %(new)s and %(changed)s.") % told


def declared(sheet: Sheet, *, unit: str, currency: str) -> list[str]:
    """What the units of a parent carry more, or less, than the parent itself: on purpose."""
    told = []
    for each in sheet.declared:
        value = Decimal(each["value"])
        words = {
            "unit": named(each["unit"], sheet.by_key),
            "amount": names.amount(abs(value), unit, currency=currency).text,
        }
        if value > 0:
            told.append(_("Those below %(unit)s carry %(amount)s more than it does.") % words)
        elif value < 0:
            told.append(_("Those below %(unit)s carry %(amount)s less than it does.") % words)
    return told


def goal_title(version: GoalVersion) -> str:
    """The title of a goal that a cascade makes: whose it is stands beside it anyway."""
    if not version.kpi:
        return version.title
    return _("%(kpi)s, %(period)s") % {
        "kpi": names.kpi_name(version.kpi),
        "period": names.stretch_of(version),
    }


def usual_reason(found: Cascade) -> str:
    """What a version says of why it is there, where nobody said more."""
    if (found.result or {}).get("is_change"):
        return _("Months changed within the cascade.")
    if (found.result or {}).get("is_rest"):
        return _("The rest of the period was divided anew.")
    return _("Divided over teams and people.")


def sum_words(wrong: Sums, sheet: Sheet) -> str:
    """Which people do not add up to what."""
    told = {"found": grouped(wrong.found), "expected": grouped(wrong.expected)}
    if wrong.period is None:
        return _("All rows add up to %(found)s, the goal to %(expected)s.") % told
    told |= {"unit": named(wrong.unit, sheet.by_key), "period": month(wrong.period)}
    return _("%(period)s: the people of %(unit)s add up to %(found)s, the team to %(expected)s.") % told
