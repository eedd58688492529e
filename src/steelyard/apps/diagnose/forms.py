"""The question as a form; its choices are those of the newest data."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from steelyard.apps.diagnose.queries.choices import Choices
from steelyard.apps.diagnose.words import names
from steelyard.engine.periods import Period
from steelyard.errors import Refused


class QuestionForm(forms.Form):
    kpi = forms.ChoiceField(label=_("KPI"))
    period = forms.ChoiceField(label=_("Period"))
    against = forms.ChoiceField(label=_("Against"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = {period.label for found in choices.periods.values() for period in found}
        periods = [
            (title, _named(choices.periods[grain])) for grain, title in GRAINS if grain in choices.periods
        ]
        asked = [self.asked(name) for name in ("period", "against")]
        if others := [text for text in asked if text not in listed and is_period(text)]:
            periods.append((_("Other periods"), [(text, names.period_name(text)) for text in others]))
        self.choose("kpi", [(kpi.id, names.kpi_name(kpi.id)) for kpi in choices.kpis])
        self.choose("period", periods)
        self.choose("against", [(_("Compare with"), BASELINES), *periods])

    def asked(self, name: str) -> str:
        """What was sent or is filled in, which may be a period that the lists are too short for."""
        return str(self.data.get(name) or self.initial.get(name) or "")

    def choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


GRAINS = [
    ("fiscal-quarter", _("Fiscal quarters")),
    ("quarter", _("Quarters")),
    ("month", _("Months")),
    ("fiscal-year", _("Fiscal years")),
    ("year", _("Years")),
]
BASELINES = [
    ("target", _("the target")),
    ("year-ago", _("the same period a year ago")),
    ("previous", _("the period before")),
]


def _named(periods: Iterable[Period]) -> list[tuple[str, str]]:
    return [(period.label, names.period_name(period.label)) for period in periods]


def is_period(text: str) -> bool:
    try:
        Period.parse(text)
    except Refused:
        return False
    return True
