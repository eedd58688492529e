"""Forms of the organisation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from steelyard.apps.accounts.models import User
from steelyard.apps.people.models import LinkKind, Person, Team, TeamRole


class DayField(forms.DateField):
    """The browser's own picker; the value is always 2026-01-31."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class ChangePersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False)
    joined_on = DayField(label=_("Joined on"), required=False)
    left_on = DayField(label=_("Left on"), required=False)


class PersonForm(ChangePersonForm):
    code = forms.CharField(label=_("Code, as files name the person"), max_length=100)

    field_order = ["code", "name"]


class ChangeTeamForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Team.objects.all(), required=False, empty_label=_("Stands by itself")
    )
    region = forms.CharField(label=_("Region"), max_length=100, required=False)


class TeamForm(ChangeTeamForm):
    code = forms.CharField(label=_("Code, as files name the team"), max_length=100)

    field_order = ["code", "name"]


class MoveForm(forms.Form):
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all())
    role = forms.ChoiceField(label=_("Role in the team"), choices=TeamRole.choices)
    on = DayField(label=_("From"))


class MembershipForm(forms.Form):
    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.all())
    role = forms.ChoiceField(label=_("Role in the team"), choices=TeamRole.choices)
    valid_from = DayField(label=_("From"))
    valid_to = DayField(
        label=_("Until"), required=False, help_text=_("The first day on which it no longer holds.")
    )


class ManagerForm(forms.Form):
    manager = forms.ModelChoiceField(label=_("Manager"), queryset=Person.objects.all())
    kind = forms.ChoiceField(label=_("Line"), choices=LinkKind.choices)
    on = DayField(label=_("From"))


class EndForm(forms.Form):
    on = DayField(label=_("Ends on"))


class AliasForm(forms.Form):
    text = forms.CharField(label=_("Another name in files"), max_length=200)


class AccountForm(forms.Form):
    user = forms.ModelChoiceField(
        label=_("Account"), queryset=User.objects.all(), required=False, empty_label=_("No account")
    )
