"""The five letters: what they are called, and what their verdicts are called."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.web import numbers


def letter_name(letter: str) -> str:
    return {
        "specific": pgettext("SMART", "Specific"),
        "measurable": pgettext("SMART", "Measurable"),
        "achievable": pgettext("SMART", "Achievable"),
        "relevant": pgettext("SMART", "Relevant"),
        "time_bound": pgettext("SMART", "Time-bound"),
    }[letter]


def sign(verdict: bool | None) -> str:
    return "?" if verdict is None else "✓" if verdict else "!"


def tone(verdict: bool | None) -> str:
    return "open" if verdict is None else "holds" if verdict else "mends"


def verdict_words(verdict: bool | None) -> str:
    if verdict is None:
        return pgettext("a letter of SMART", "cannot tell")
    return (
        pgettext("a letter of SMART", "holds") if verdict else pgettext("a letter of SMART", "can be mended")
    )


def usual(reached: int, whole: int, *, low: float, high: float) -> str:
    """Beside the chance: how often such targets were reached."""
    return _(
        "Targets of this KPI were reached in %(reached)d of %(whole)d quarters "
        "(95%% interval %(low)s to %(high)s)."
    ) % {
        "reached": reached,
        "whole": whole,
        "low": numbers.percent(low, digits=0),
        "high": numbers.percent(high, digits=0),
    }


def no_history(*, has_kpi: bool) -> str:
    if has_kpi:
        return _("There is too little history of it to tell a chance.")
    return _("Choose a KPI and a target; then its own history tells how likely it is.")


def not_shown() -> str:
    return _("How likely it is, who sets and approves the goal sees. What helps: a pace month by month.")
