"""What could be done with an approval, and why, in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from steelyard.apps.process.words.durations import DAY, duration, nights_count
from steelyard.engine.process.approvals import Approval
from steelyard.web import numbers

CLEAR = ("drop", "merge", "sample", "delegate")
REASONS: Mapping[str, Any] = {
    "no-outcomes": gettext_lazy(
        "The log has no outcomes for it: bring a column that says approved, rejected or changed."
    ),
    "outcomes-missing": gettext_lazy("%(share)s of its decisions have no outcome in the log."),
    "too-few-cases": gettext_lazy("%(cases)s decided cases are too few; about %(needed)s are needed."),
    "rarely-changes": gettext_lazy(
        "It changed something in %(affected)s of %(cases)s cases: surely in no more than %(high)s."
    ),
    "others-lean-on-it": gettext_lazy(
        "Another approval can go because this one stays: look at %(sampled)s of the cases."
    ),
    "no-refusal-in-log": gettext_lazy(
        "The log holds no refusal at all; refused cases may be missing. "
        "Look at %(sampled)s of the cases first."
    ),
    "not-never": gettext_lazy("It did change something now and then: look at %(sampled)s of the cases."),
    "only-control": gettext_lazy("No other approval sees these cases: go on looking at %(sampled)s of them."),
    "another-approval-stays": gettext_lazy(
        "%(activity)s decides %(share)s of the same cases in the same round."
    ),
    "same-person": gettext_lazy("In %(share)s it is the same person as in %(activity)s."),
    "same-decision": gettext_lazy("In %(share)s it decides the same as %(activity)s."),
    "one-person-in-turn": gettext_lazy("In %(share)s the same person decides %(activity)s directly before."),
    "only-above": gettext_lazy("Below %(value)s of %(column)s it changed hardly anything; above, it did."),
    "changes-things": gettext_lazy(
        "It changed, refused or sent back %(affected)s of %(cases)s cases (%(low)s to %(high)s)."
    ),
    "interval-too-wide": gettext_lazy(
        "It changed something in %(affected)s of %(cases)s cases: between %(low)s and %(high)s. "
        "More cases would settle it."
    ),
}


def proposal_name(code: str) -> str:
    return {
        "drop": pgettext("an approval", "Drop"),
        "merge": pgettext("an approval", "Merge"),
        "sample": pgettext("an approval", "Check a sample"),
        "delegate": pgettext("an approval", "Delegate below a limit"),
        "keep": pgettext("an approval", "Keep"),
        "cannot-tell": pgettext("an approval", "Cannot tell"),
    }[code]


def step_name(activity: str, turn: int) -> str:
    """Of several approvers in a row under one name, which one."""
    if not turn:
        return activity
    return _("%(activity)s (approver %(turn)s)") % {"activity": activity, "turn": turn}


def headline(found: Sequence[Approval], *, currency: str) -> str:
    """The step that would save most, what it saves, and what its work costs."""
    if not found:
        return _("This log has no approvals.")
    clear = [each for each in found if each.proposal in CLEAR]
    if not clear:
        if all(each.proposal == "keep" for each in found):
            return _("Every approval changes something: none is needless.")
        return _("No approval can be called needless from this log.")
    first = min(clear, key=urgency)
    words = {"activity": step_name(first.activity, first.turn), "other": other_of(first)}
    told = {
        "drop": _("“%(activity)s” can be dropped: “%(other)s” decides the same cases."),
        "merge": _("“%(activity)s” can be merged with “%(other)s”: one person does both in turn."),
        "sample": _("“%(activity)s” need not look at every case: a sample is enough."),
        "delegate": _("“%(activity)s” can be delegated for small cases."),
    }[first.proposal] % words
    if not first.saving_days or first.saving_days.low <= 0:
        return told
    saved = {
        "time": duration(first.saving_days.value * DAY),
        "cost": numbers.money(first.cost, currency=currency),
    }
    if first.cost is None:
        return join(told, _("That saves %(time)s a case.") % saved)
    return join(told, _("That saves %(time)s a case and %(cost)s of work.") % saved)


def urgency(each: Approval) -> tuple[bool, float]:
    """What could be done away with first, by what it saves in all."""
    return each.proposal not in CLEAR, -(each.saving.total_hours if each.saving else 0.0)


def join(*sentences: str) -> str:
    return ("" if numbers.is_chinese() else " ").join(sentences)


def lede(found: Sequence[Approval], *, currency: str) -> str:
    if not found:
        return _("An approval is known by its outcome (approved, rejected, changed) or by its name.")
    wait = sum(each.total_wait_s for each in found)
    told = [
        ngettext(
            "%(n)s approval step; before it cases waited %(wait)s in all.",
            "%(n)s approval steps; before them cases waited %(wait)s in all.",
            len(found),
        )
        % {"n": len(found), "wait": duration(wait)}
    ]
    costs = [each.cost for each in found if each.cost is not None]
    if costs:
        told.append(
            _("The work of approving costs %(cost)s.")
            % {"cost": numbers.money(sum(costs), currency=currency)}
        )
    if found[0].clock == "working":
        told.append(_("Times are working time."))
    elif costs:
        told.append(nights_count())
    return " ".join(told)


def other_of(each: Approval) -> str:
    return step_name(each.with_activity or "", each.with_turn)


def reason_words(code: str, told: Mapping[str, Any]) -> str:
    """One reason as a sentence; its figures as they are shown."""
    shown = {name: _shown(name, value) for name, value in told.items()}
    if "activity" in told:
        shown["activity"] = step_name(str(told["activity"]), int(told.get("turn") or 0))
    return str(REASONS[code]) % shown


def _shown(name: str, value: Any) -> Any:
    if name in ("share", "low", "high", "limit_share", "adjacent", "sampled", "below_share", "above_share"):
        return numbers.percent(value, digits=0 if (value or 0) >= 0.1 or not value else 1)
    if name == "limit" and isinstance(value, float) and value < 1:
        return numbers.percent(value, digits=0)
    return numbers.count(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def saving_words(each: Approval) -> str:
    """What the proposal would save, with its interval."""
    if each.saving is None:
        return numbers.MISSING
    days = each.saving.median_days
    return _("%(days)s a case (%(low)s to %(high)s)") % {
        "days": duration(days.value * DAY),
        "low": duration(days.low * DAY),
        "high": duration(days.high * DAY),
    }
