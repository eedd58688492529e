"""How a goal stands, in words: a status, a tone for it, and one sentence that says it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.queries.rollup import Rollup
from steelyard.apps.goals.queries.standing import Progress
from steelyard.apps.goals.words import names
from steelyard.apps.measure.queries.calendar import period_of
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.words.names import period_name
from steelyard.web import numbers

# Colour judges against a target only, and always with a word; inside the usual variation it stays grey.
TONES = {"reached": "good", "done": "good", "missed": "bad", "behind": "bad", "on-pace": "good"}
SIGNS = {"reached": "✓", "done": "✓", "missed": "✗", "behind": "▼", "on-pace": "✓"}


@dataclass(frozen=True)
class Words:
    """What cards, grids and trees show of a goal's progress."""

    status: str
    tone: str
    sign: str
    sentence: str
    actual: str
    expected: str
    attainment: str
    chance: str
    forecast: str


def words_of(version: GoalVersion, made: Progress, *, currency: str = "CNY") -> Words:
    say = sayer(version, currency=currency)
    return Words(
        status=status_word(made.status),
        tone=TONES.get(made.status, "quiet"),
        sign=SIGNS.get(made.status, ""),
        sentence=sentence(version, made, currency=currency),
        actual=actual_words(made, say),
        expected=say(made.expected) if made.expected is not None and not made.is_over else "",
        attainment=attainment_words(made),
        chance=chance_word(made.chance),
        forecast=_("%(low)s to %(high)s") % {"low": say(made.low), "high": say(made.high)}
        if made.low is not None
        else "",
    )


def sayer(version: GoalVersion, *, currency: str) -> Any:
    def say(value: numbers.Number | None) -> str:
        return names.amount(value, version.unit, currency=currency).text

    return say


def status_word(status: str) -> str:
    return {
        "reached": pgettext("a goal stands so", "reached"),
        "missed": pgettext("a goal stands so", "missed"),
        "done": pgettext("a goal stands so", "done"),
        "on-pace": pgettext("a goal stands so", "on pace"),
        "behind": pgettext("a goal stands so", "behind"),
        "no-signal": pgettext("a goal stands so", "below pace, no signal"),
        "below-pace": pgettext("a goal stands so", "below pace"),
        "not-begun": pgettext("a goal stands so", "not begun"),
        "just-begun": pgettext("a goal stands so", "just begun"),
        "no-data": pgettext("a goal stands so", "no data"),
        "withheld": pgettext("a goal stands so", "not shown"),
    }[status]


def chance_word(chance: float | None) -> str:
    """Whole percent, and never sure: below 1 and above 99 say so."""
    if chance is None:
        return ""
    if chance < 0.01:
        return _("below 1%")
    return _("above 99%") if chance > 0.99 else numbers.percent(chance, digits=0)


def actual_words(made: Progress, say: Any) -> str:
    if made.mode == "steps":
        return _("%(done)s of %(steps)s") % {"done": made.steps_done, "steps": made.steps}
    return say(made.actual) if made.actual is not None else ""


def attainment_words(made: Progress) -> str:
    return "" if made.attainment is None else numbers.percent(made.attainment, digits=0)


def sentence(version: GoalVersion, made: Progress, *, currency: str = "CNY") -> str:
    """The conclusion: where it stands against what was asked for by now, and whether that is a signal."""
    if made.status == "withheld":
        return withheld_sentence(made.withheld)
    if made.mode == "steps":
        return steps_sentence(made)
    say = sayer(version, currency=currency)
    target = names.target_words(version, currency=currency)
    told = {"actual": say(made.actual), "target": target, "expected": say(made.expected)}
    told |= {"until": until_words(made)}
    forms = {
        "reached": _("Reached: %(actual)s against a target of %(target)s."),
        "missed": _("Not reached: %(actual)s against a target of %(target)s."),
        "not-begun": _("It has not begun in the data yet; the target is %(target)s."),
        "just-begun": _("The first month is still running: %(actual)s so far, the target is %(target)s."),
        "no-data": _("There are no figures for it yet; the target is %(target)s."),
    }
    if made.status in forms:
        return forms[made.status] % told
    told["actual"] = say(made.settled)
    if made.mode == "said":
        return said_sentence(made, told)
    if made.mode == "total":
        forms = {
            "on-pace": _("On pace: %(actual)s by the end of %(until)s, where %(expected)s was asked for."),
            "behind": _(
                "Behind, and a signal: %(actual)s by the end of %(until)s, where %(expected)s was asked for."
            ),
            "no-signal": _(
                "Below pace, but no signal: %(actual)s by the end of %(until)s, where %(expected)s was asked "
                "for. The months lie within their usual variation."
            ),
            "below-pace": _(
                "Below pace: %(actual)s by the end of %(until)s, where %(expected)s was asked for. "
                "There is too little history to tell a signal from chance."
            ),
        }
    else:
        told["expected"] = bound_words(version, made, say)
        forms = {
            "on-pace": _(
                "On pace: %(actual)s so far, up to the end of %(until)s; asked for is %(expected)s."
            ),
            "behind": _(
                "Behind, and a signal: %(actual)s up to the end of %(until)s; asked for is %(expected)s."
            ),
            "no-signal": _(
                "Short of it, but no signal: %(actual)s up to the end of %(until)s; asked for is "
                "%(expected)s. The months lie within their usual variation."
            ),
            "below-pace": _(
                "Short of it: %(actual)s up to the end of %(until)s; asked for is %(expected)s. "
                "There is too little history to tell a signal from chance."
            ),
        }
    return forms[made.status] % told


def bound_words(version: GoalVersion, made: Progress, say: Any) -> str:
    """≥ 58%, 4 to 6 days: what is asked for at any time."""
    if made.direction == "band":
        return names.target_words(version)
    return f"{'≤' if made.direction == 'down' else '≥'} {say(made.expected)}"


def said_sentence(made: Progress, told: dict[str, str]) -> str:
    forms = {
        "on-pace": _("On pace: %(actual)s by the last check-in, where %(expected)s was asked for."),
        "below-pace": _("Below pace: %(actual)s by the last check-in, where %(expected)s was asked for."),
    }
    return forms[made.status] % told


def steps_sentence(made: Progress) -> str:
    done = _("%(done)s of %(steps)s steps are done") % {"done": made.steps_done, "steps": made.steps}
    if made.status == "done":
        return _("Done: all steps.") if made.steps > 1 else _("Done.")
    if made.status == "no-data":
        return _("No step is set yet.")
    if made.status == "missed":
        return _("Not done in time: %(done)s.") % {"done": done}
    if made.steps_late:
        late = ngettext("%(n)s is late", "%(n)s are late", made.steps_late) % {"n": made.steps_late}
        return _("Behind: %(done)s, %(late)s.") % {"done": done, "late": late}
    if made.status == "not-begun":
        return _("It has not begun yet.")
    return _("On time: %(done)s.") % {"done": done}


def withheld_sentence(reason: str) -> str:
    return {
        "small-group": _("The figure is not shown: it is of fewer than five people."),
        "under-floor": _("The figure is not shown: there are too few answers behind it."),
    }.get(reason, _("The goal is yours to read; its figures are for its owner and who leads them."))


def until_words(made: Progress) -> str:
    """The last complete month."""
    if made.until is None:
        return ""
    month = period_of(made.until, "month").previous()
    return period_name(month)


def pace_rule(rule: str) -> str:
    """Where the months' numbers come from."""
    return {
        "plan": _("The months are those of the goal's own plan."),
        "profile": _("The months follow the season that the past years show."),
        "equal": _("Too little history shows a season: the months count alike."),
        "standing": _("The same number holds in every month."),
    }.get(rule, "")


def rollup_words(rolled: Rollup) -> str:
    """84 of 100, 62 of 100 measured."""
    if rolled.score is None:
        return _("Nothing of it is measured yet.")
    measured = share_words(rolled)
    return _("%(score)s of 100 points; %(measured)s.") % {
        "score": numbers.count(round(rolled.score)),
        "measured": measured,
    }


def share_words(rolled: Rollup) -> str:
    if not rolled.left_out:
        return _("all of it is measured")
    if rolled.is_stated:
        return _("%(part)s of 100 measured") % {"part": numbers.count(rolled.measured)}
    return _("%(part)s of %(total)s parts measured") % {
        "part": numbers.count(rolled.measured),
        "total": numbers.count(rolled.total),
    }


def left_out_reason(reason: str) -> str:
    return {
        "withheld": _("not shown to you"),
        "no-data": _("no figures"),
        "not-begun": _("not begun"),
        "just-begun": _("just begun"),
        "no-share": _("nothing that could be a share"),
        "not-approved": _("not approved"),
    }[reason]


def helps(version: GoalVersion, made: Progress) -> list[str]:
    """What moves the KPI, out of its card in the catalogue, in the reader's language."""
    kpi = once_known_kpis().get(version.kpi)
    if kpi is None or kpi.levers is None:
        return []
    return [kpi.levers["zh" if numbers.is_chinese() else "en"]]


def confidences() -> list[tuple[int, str]]:
    """From least to most sure."""
    return [
        (1, pgettext("how sure", "unlikely")),
        (2, pgettext("how sure", "doubtful")),
        (3, pgettext("how sure", "open")),
        (4, pgettext("how sure", "likely")),
        (5, pgettext("how sure", "as good as done")),
    ]


def chance_sentence(made: Progress, *, n: int) -> str:
    """The chance today, and what it rests on."""
    if made.chance is None or made.is_over:
        return ""
    told = {"chance": chance_word(made.chance)}
    first = _("The chance to reach it is %(chance)s today.") % told
    if not n:
        return first
    rest = ngettext("It comes from %(n)s month of history.", "It comes from %(n)s months of history.", n) % {
        "n": n
    }
    return f"{first}{'' if numbers.is_chinese() else ' '}{rest}"
