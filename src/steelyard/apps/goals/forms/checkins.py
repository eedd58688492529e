"""A check-in: a day, a word on how it goes, how sure one is, and the figure where no KPI has it."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.words.progress import confidences


class CheckInForm(forms.Form):
    note = forms.CharField(
        label=_("How it goes"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
        max_length=2000,
        required=False,
        help_text=_("What moved, what is in the way, what comes next."),
    )
    confidence = forms.TypedChoiceField(
        label=_("How sure are you that it will be reached?"), coerce=int, widget=forms.RadioSelect
    )
    value = forms.CharField(label=_("Where it stands"), required=False)
    on = forms.DateField(
        label=pgettext_lazy("of a check-in", "On"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any = None, *, version: GoalVersion, today: datetime.date) -> None:
        super().__init__(data, initial={"on": today, "confidence": 3})
        self.version = version
        self.fields["confidence"].choices = confidences()  # type: ignore[attr-defined]
        self.fields["on"].widget.attrs["max"] = today.isoformat()
        # What a KPI measures is not typed in a second time.
        if version.kpi or version.kind not in GoalVersion.WITH_KPI:
            del self.fields["value"]

    def clean_value(self) -> Decimal | None:
        return amounts.cleaned(self.cleaned_data["value"], unit=self.version.unit)
