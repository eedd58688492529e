"""A line of the strategy, and the rules of the room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from steelyard.apps.goals.words import names


class ThemeForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("The theme, in a few words"), max_length=120)
    measure = forms.CharField(
        label=gettext_lazy("What shows that it works"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("One measure: repeat business at 40% of revenue."),
    )
    note = forms.CharField(
        label=pgettext_lazy("to a theme", "Note"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class RulesForm(forms.Form):
    """Two switches, and the site's own names of levels in both languages."""

    members_see_chance = forms.BooleanField(
        label=gettext_lazy("Members see how likely their own goals are to be reached"), required=False
    )
    managers_need_approval = forms.BooleanField(
        label=gettext_lazy("What managers set or change waits for approval from above"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, label in (("en", _("English")), ("zh", _("Chinese"))):
            for level in names.LEVELS:
                self.fields[f"{level}_{language}"] = forms.CharField(
                    label=f"{names.usual_level_name(level)} · {label}", max_length=40, required=False
                )

    @staticmethod
    def initial_of(level_names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
        return {
            f"{level}_{lang}": name for lang, named in level_names.items() for level, name in named.items()
        }

    @property
    def levels(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"{level}_en"], self[f"{level}_zh"]) for level in names.LEVELS]

    @property
    def level_names(self) -> dict[str, dict[str, str]]:
        return {
            language: {level: self.cleaned_data[f"{level}_{language}"] for level in names.LEVELS}
            for language in ("en", "zh")
        }
