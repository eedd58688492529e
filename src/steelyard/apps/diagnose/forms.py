"""The question as a form; its choices are those of the newest data."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from steelyard.apps.diagnose.queries.choices import Choices
from steelyard.apps.diagnose.words import names
from steelyard.engine.periods import Period


class QuestionForm(forms.Form):
    kpi = forms.ChoiceField(label=_("KPI"))
    period = forms.ChoiceField(label=_("Period"))
    against = forms.ChoiceField(label=_("Against"))

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = [(title, _named(choices.periods.get(grain, ()))) for grain, title in GRAINS]
        self.choose("kpi", [(kpi.id, names.kpi_name(kpi.id)) for kpi in choices.kpis])
        self.choose("period", periods)
        self.choose("against", [(_("Compare with"), BASELINES), *periods])

    def choose(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]


GRAINS = [("quarter", _("Quarters")), ("month", _("Months")), ("year", _("Years"))]
BASELINES = [
    ("target", _("the target")),
    ("year-ago", _("the same period a year ago")),
    ("previous", _("the period before")),
]


def _named(periods: Iterable[Period]) -> list[tuple[str, str]]:
    return [(period.label, names.period_name(period.label)) for period in periods]
