"""Forms of accounts: they say what is typed wrong; actions decide what is allowed."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from steelyard.apps.accounts.models import Language, Role, Theme, User


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": True}
        self.fields["password"] = forms.CharField(
            label=_("Password"),
            strip=False,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        )


class PasswordForm(forms.Form):
    """A new password, typed twice."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=lazy(password_validators_help_text_html, str)(),
    )
    again = forms.CharField(
        label=_("Password again"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def owner(self) -> User | None:
        """Whose password it is, so that it is not their name."""
        return None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password, again = cleaned.get("password"), cleaned.get("again")
        if password and again and password != again:
            self.add_error("again", _("The two passwords differ."))
        elif password:
            try:
                validate_password(password, self.owner())
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class AcceptForm(PasswordForm):
    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def owner(self) -> User:
        return self.user


class WelcomeForm(PasswordForm):
    name = forms.CharField(label=_("Your name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))

    field_order = ["name", "email", "password", "again"]

    def owner(self) -> User:
        return User(name=self.cleaned_data.get("name", ""), email=self.cleaned_data.get("email", ""))


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language", "theme"]
        labels = {"name": _("Name"), "language": _("Language"), "theme": _("Look")}

    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, required=False)
    theme = forms.ChoiceField(label=_("Look"), choices=Theme.choices)


class UserForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Leader: all teams. Manager: the teams they manage. Member: their own team's figures. "
            "Analyst: data and definitions. Administrator: accounts and settings; opens no figures by itself."
        ),
    )


class InviteForm(UserForm):
    email = forms.EmailField(label=_("E-mail"))

    field_order = ["name", "email", "roles"]
