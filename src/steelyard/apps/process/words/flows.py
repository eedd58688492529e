"""How the log keeps to a flow, in words."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.process.models import Flow
from steelyard.apps.process.queries.flows import Checked, declared_of, words_of
from steelyard.apps.process.words.names import process_name
from steelyard.engine.process.declared import Deviation, FlowCheck, SlaLine, VariantChoice
from steelyard.web import numbers


def flow_name(flow: Flow) -> str:
    return words_of(flow.document["names"], get_language() or "en")


def kind_name(kind: str) -> str:
    return {
        "declared": pgettext("kind of flow", "Declared flow"),
        "standard": pgettext("kind of flow", "Standard (SOP)"),
    }[kind]


def step_names(flow: Flow) -> dict[str, str]:
    """Key → name of the steps of a version."""
    language = get_language() or "en"
    return {step.key: words_of(step.names, language) for step in declared_of(flow).steps}


def day_words(day: date) -> str:
    return str(date_format(day, "DATE_FORMAT"))


def headline(flow: Flow, found: Checked) -> str:
    words = {"name": flow_name(flow), "day": day_words(flow.valid_from)}
    if is_unmatched(flow, found):
        return _("No step of “%(name)s” is found in this log: say what the log calls them.") % words
    if found.check.share is not None:
        share = numbers.percent(found.check.share, digits=0)
        return _("%(share)s of the cases keep to “%(name)s”.") % {**words, "share": share}
    if found.trial is not None and found.trial.share is not None:
        share = numbers.percent(found.trial.share, digits=0)
        return _("“%(name)s” holds from %(day)s on; of the cases before, %(share)s went that way.") % {
            **words,
            "share": share,
        }
    return _("“%(name)s” holds from %(day)s on; no case tells yet how it is kept.") % words


def is_unmatched(flow: Flow, found: Checked) -> bool:
    """Whether no case of those that ended reached any step: then the names do not fit, not the work."""
    check = found.trial or found.check
    return bool(check.cases) and len(check.untouched) == len(declared_of(flow).steps)


def lede(flow: Flow, found: Checked) -> str:
    check = found.trial or found.check
    if check.share is None or is_unmatched(flow, found):
        return ""
    told = [
        _("%(adherent)s of %(cases)s cases that have ended (%(low)s to %(high)s).")
        % {
            "adherent": numbers.count(check.adherent),
            "cases": numbers.count(check.cases),
            "low": numbers.percent(check.low, digits=0),
            "high": numbers.percent(check.high, digits=0),
        }
    ]
    names = step_names(flow)
    if check.deviations:
        most = check.deviations[0]
        told.append(
            _("Most often: %(deviation)s, in %(share)s.")
            % {
                "deviation": deviation_words(most, names),
                "share": numbers.percent(most.share, digits=0),
            }
        )
    late = max(check.breaches, key=lambda each: each.late, default=None)
    if late is not None and late.late:
        told.append(
            _("%(step)s is late in %(late)s of %(cases)s cases.")
            % {
                "step": names[late.step],
                "late": numbers.count(late.late),
                "cases": numbers.count(late.cases),
            }
        )
    if any(each.sla_hours for each in check.breaches):
        told.append(clock_words(check))
    return " ".join(told)


def clock_words(check: FlowCheck) -> str:
    if check.clock == "working":
        return _("Time limits count working hours.")
    return _("No working calendar is declared, so time limits count the hours of the clock.")


def deviation_words(each: Deviation, names: dict[str, str]) -> str:
    """One way to leave the flow, inside a sentence."""
    if each.kind == "inserted" and not each.step:
        return _("“%(activity)s” before the first step") % {"activity": each.activity}
    return {
        "skipped": _("%(step)s is left out"),
        "order": _("%(step)s comes after a later step"),
        "repeated": _("%(step)s comes again"),
        "inserted": _("“%(activity)s” after %(step)s"),
    }[each.kind] % {"step": names.get(each.step, each.step), "activity": each.activity}


def deviation_kind(kind: str) -> str:
    return {
        "skipped": pgettext("deviation", "Left out"),
        "order": pgettext("deviation", "Out of order"),
        "repeated": pgettext("deviation", "Again"),
        "inserted": pgettext("deviation", "Not in the flow"),
    }[kind]


def hours_words(value: float | None) -> str:
    if value is None:
        return numbers.MISSING
    return numbers.hours(round(value) if abs(value) >= 100 else round(value, 1))


def in_time(each: SlaLine) -> str:
    if each.share is None:
        return numbers.MISSING
    return numbers.percent(each.share)


def span_words(flow: Flow) -> str:
    if flow.valid_to is None:
        return _("from %(day)s on") % {"day": day_words(flow.valid_from)}
    if flow.valid_to <= flow.valid_from:
        return _("never in force")
    return _("from %(day)s until before %(end)s") % {
        "day": day_words(flow.valid_from),
        "end": day_words(flow.valid_to),
    }


def none_headline(process: str) -> str:
    return _("How ought the work to go? For %(process)s nothing is declared yet.") % {
        "process": process_name(process)
    }


def choice_words(found: VariantChoice) -> str:
    """Which way to make the standard, and why."""
    if found.best is None:
        needed = dict(found.reasons)["too-few-cases"]["needed"]
        return _("No way is taken by %(needed)s cases or more: too few to call one the best.") % {
            "needed": needed
        }
    best = next(each for each in found.candidates if each.path == found.best)
    share = numbers.percent(best.share, digits=0)
    told = (
        _("The usual way, taken by %(share)s of the cases; no other is surely faster.")
        if found.best == found.reference
        else _("It is surely faster than the usual way; %(share)s of the cases take it.")
    ) % {"share": share}
    return told + " " + _("Cases were not dealt out by lot: easier ones may take it more often.")
