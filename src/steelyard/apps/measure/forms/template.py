"""Forms of measuring."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.apps.measure.models import UnitKind
from steelyard.apps.people.models import Membership, Team


class TemplateForm(forms.Form):
    """What a scorecard is called, whom it is for, and from when on; its weights are a table beside it."""

    kind = forms.ChoiceField(
        label=_("For"),
        choices=[
            (UnitKind.TEAM, pgettext_lazy("kind of scorecard", "Teams")),
            (UnitKind.MEMBER, pgettext_lazy("kind of scorecard", "People")),
        ],
    )
    name_en = forms.CharField(label=_("Name in English"), max_length=100)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=100)
    valid_from = forms.DateField(
        label=_("Holds from"),
        help_text=_("For periods that begin on this day or later; those before keep their weights."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    role = forms.ChoiceField(label=_("Only for the role"), required=False)
    teams = forms.MultipleChoiceField(
        label=_("Only for these teams and those below them"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind:
            del self.fields["kind"]
        if kind == UnitKind.COMPANY:
            del self.fields["teams"]
        else:
            self.fields["teams"].choices = list(Team.objects.values_list("code", "name"))  # type: ignore[attr-defined]
        if kind in (UnitKind.COMPANY, UnitKind.TEAM):
            del self.fields["role"]
        else:
            roles = Membership.objects.values_list("role", flat=True).distinct().order_by("role")
            listed = [("", _("any role")), *((role, role) for role in roles)]
            self.fields["role"].choices = listed  # type: ignore[attr-defined]
