"""What a source accepts of the watched folder without asking a person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class WatchingForm(forms.Form):
    """The share of rejected rows, in percent, up to which a file is committed by itself."""

    accept = forms.FloatField(
        label=_("Commit by itself up to this share of rejected rows, in percent"),
        min_value=0,
        max_value=100,
        help_text=_("A file with more rejected rows waits for a person."),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(self, data: Any, *, share: float) -> None:
        super().__init__(data, initial={"accept": round(share * 100, 4)})

    @property
    def share(self) -> float:
        return float(self.cleaned_data["accept"]) / 100
