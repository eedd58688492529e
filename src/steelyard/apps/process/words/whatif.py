"""What would be if the work went otherwise, in words, from codes and numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.process.words.durations import HOUR, duration
from steelyard.web import numbers

Held = Mapping[str, Any]
CYCLE = ("median_s", "mean_s", "p90_s")


def asking() -> str:
    return _("What if the work went otherwise?")


def asking_lede() -> str:
    return _(
        "Choose what to change. Every case that came to an end is then played through again, with the change "
        "and without it."
    )


def kind_name(kind: str) -> str:
    return {
        "remove": pgettext("change of a process", "Remove a step"),
        "merge": pgettext("change of a process", "Merge steps"),
        "parallelise": pgettext("change of a process", "Do steps side by side"),
        "automate": pgettext("change of a process", "Automate a step"),
        "staff": pgettext("change of a process", "Add people"),
    }[kind]


def kind_note(kind: str) -> str:
    return {
        "remove": _("Neither its wait nor its work remains. What it would have caught is not counted."),
        "merge": _("One after the other without a wait between them; their work remains."),
        "parallelise": _("Each begins when the first of them may; what follows waits for all."),
        "automate": _("A machine does it in the minutes given. The wait before it stays, or a part of it."),
        "staff": _("The queue before those who do it, played again with more people."),
    }[kind]


def change_words(change: Held) -> str:
    """One change in a few words: without legal approval (below 5,000 of amount)."""
    steps = [str(name) for name in change["activities"]]
    told = {
        "remove": _("without %(steps)s"),
        "merge": _("%(steps)s in one go"),
        "parallelise": _("%(steps)s side by side"),
        "automate": _("%(steps)s by a machine"),
        "staff": ngettext(
            "%(added)s person more for %(steps)s", "%(added)s people more for %(steps)s", change["added"] or 1
        ),
    }[change["kind"]] % {"steps": _(" + ").join(steps), "added": change["added"]}
    return told + "".join(_conditions(change))


def _conditions(change: Held) -> list[str]:
    found = []
    if change["share"] < 1:
        found.append(_("in %(share)s of the cases") % {"share": numbers.percent(change["share"], digits=0)})
    if change["below"]:
        column, limit = change["below"]
        found.append(
            _("where %(column)s is below %(limit)s") % {"column": column, "limit": numbers.count(limit)}
        )
    if change["kind"] == "automate" and change["wait_kept"] < 1:
        kept = numbers.percent(change["wait_kept"], digits=0)
        found.append(_("with %(share)s of the wait") % {"share": kept})
    return [_(" (%(condition)s)") % {"condition": each} for each in found]


def changes_words(changes: Sequence[Held]) -> str:
    return _("; ").join(change_words(each) for each in changes)


def time_words(seconds: float | None, clock: str) -> str:
    """Working time in hours only: a day of it has no fixed length."""
    if seconds is None or clock != "working" or abs(seconds) < HOUR:
        return duration(seconds)
    hours = seconds / HOUR
    return numbers.hours(round(hours) if abs(hours) >= 100 else round(hours, 1))


def signed(seconds: float, clock: str) -> str:
    sign = "+" if seconds > 0 else numbers.MINUS if seconds < 0 else ""
    return f"{sign}{time_words(abs(seconds), clock)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def headline(outcome: Held) -> str:
    """Before and after at the median; what lies inside the interval's zero is no effect."""
    changes = capital(changes_words(outcome["changes"]))
    found, clock = outcome["difference"]["median_s"], outcome["clock"]
    words = {"changes": changes, "time": time_words(abs(found["value"]), clock)}
    if not outcome["touched"]:
        return _("%(changes)s: no case would go otherwise.") % words
    if found["high"] < 0:
        return _("%(changes)s: a case would take %(time)s less at the median.") % words
    if found["low"] > 0:
        return _("%(changes)s: a case would take %(time)s longer at the median.") % words
    return _("%(changes)s: the median case would hardly take another time.") % words


def lede(outcome: Held) -> str:
    clock = outcome["clock"]
    before, after = outcome["before"]["median_s"], outcome["after"]["median_s"]
    told = [
        _("From end to end %(before)s before and %(after)s after; %(touched)s of %(cases)s cases change.")
        % {
            "before": time_words(before["value"], clock),
            "after": time_words(after["value"], clock),
            "touched": numbers.count(outcome["touched"]),
            "cases": numbers.count(outcome["cases"]),
        },
        _("Times are working time.") if clock == "working" else _("Times run by the clock, nights included."),
        _("The interval holds for chance in which cases came, not for what is approximated."),
    ]
    return " ".join(told)


def playing(changes: Sequence[Held]) -> str:
    return _("%(changes)s: being played through.") % {"changes": capital(changes_words(changes))}


def not_played(changes: Sequence[Held]) -> str:
    return _("%(changes)s: this could not be played through.") % {"changes": capital(changes_words(changes))}


def comparing(one: Any, other: Any) -> str:
    """Which of two saves more at the median; where their intervals overlap it is not said."""
    first, second = (each.outcome["difference"]["median_s"] for each in (one, other))
    if first["high"] < second["low"]:
        return _("“%(name)s” shortens a case more.") % {"name": one.name}
    if second["high"] < first["low"]:
        return _("“%(name)s” shortens a case more.") % {"name": other.name}
    return _("Which of the two shortens a case more cannot be told.")


def comparing_lede(one: Any, other: Any) -> str:
    told = []
    if one.asked != other.asked or one.teams != other.teams:
        told.append(_("They play different parts of the log: compare the differences, not the figures."))
    if one.snapshot_id != other.snapshot_id:
        told.append(_("They stand on different data snapshots."))
    if one.calendar_id != other.calendar_id:
        told.append(_("They count time on different working calendars."))
    return " ".join(told) or _("Both play the same cases, on the same data and the same calendar.")


def figure_short(key: str) -> str:
    return {
        "median_s": pgettext("from end to end", "Median"),
        "mean_s": pgettext("from end to end", "Mean"),
        "p90_s": pgettext("from end to end", "P90"),
    }[key]


def figure_name(key: str) -> str:
    return {
        "median_s": _("From end to end, median"),
        "mean_s": _("From end to end, mean"),
        "p90_s": _("From end to end, P90"),
        "throughput_per_week": _("Cases that end in a week"),
        "in_progress": _("Cases in progress at a time"),
        "work_hours": _("Work of a case"),
    }[key]


def approximations(changes: Sequence[Held]) -> list[str]:
    """What every play does not take into account, and what those of some kinds do not."""
    kinds = {each["kind"] for each in changes}
    told = [
        _(
            "Each case is played through from its own waits and works; "
            "people who are freed do not shorten other queues."
        ),
        _("Waits for a day, a batch or another person stay as they were."),
    ]
    if "remove" in kinds:
        told.append(_("What a removed step would have caught or prevented is not counted."))
    if "automate" in kinds:
        told.append(_("The log does not tell how much of a wait was for the person whom a machine replaces."))
    if "staff" in kinds:
        told.append(_("All who do the step work off one queue, first come, first served."))
    if any(each["share"] < 1 for each in changes):
        told.append(_("Which cases are spared is drawn by lot, once."))
    return told


def note_words(code: str, told: Held) -> str:
    return {
        "no-performers": _("The log names nobody who does %(activity)s, so more people change nothing here."),
        "no-work-times": _("The log does not tell how long %(activity)s takes, so its work counts as wait."),
        "pool": _("%(people)s people did %(activity)s in a usual week; played with %(added)s more."),
    }[code] % {
        name: numbers.count(value) if isinstance(value, int) else value for name, value in told.items()
    }


def state_name(state: str) -> str:
    return {
        "waiting": pgettext("of a scenario", "being played"),
        "ready": pgettext("of a scenario", "open"),
        "refused": pgettext("of a scenario", "cannot be played"),
        "chosen": pgettext("of a scenario", "chosen"),
        "dropped": pgettext("of a scenario", "dropped"),
    }[state]
