"""A what-if as a form: one small form a change, each asking only what its kind needs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.apps.process.actions.scenarios import MOST_CHANGES
from steelyard.apps.process.queries.findings import activities_of
from steelyard.engine.process.log import EventLog
from steelyard.engine.process.whatif import Change, change_of
from steelyard.engine.process.whatif.changes import KINDS
from steelyard.engine.process.whatif.numbers import numbers_in
from steelyard.errors import Refused
from steelyard.web.words import sentence

JOINT = ("merge", "parallelise")
PARTIAL = ("remove", "automate")
NUMBER = {"inputmode": "decimal", "autocomplete": "off"}


def of_number(label: Any, low: float, high: float, **more: Any) -> forms.FloatField:
    return forms.FloatField(
        label=label, min_value=low, max_value=high, widget=forms.TextInput(attrs=NUMBER), **more
    )


class ChangeForm(forms.Form):
    """One change of a kind; the fields of other kinds are not there."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], widget=forms.HiddenInput)
    step = forms.ChoiceField(label=pgettext_lazy("of a process", "Step"))
    steps = forms.MultipleChoiceField(
        label=_("Steps, two or more"), widget=forms.CheckboxSelectMultiple, required=False
    )
    minutes = of_number(_("Minutes that the machine takes"), 0, 100_000)
    kept = of_number(
        _("Share of the wait that stays, %"),
        0,
        100,
        help_text=_("100 if the wait was not for the person, 0 if it was for nobody else."),
    )
    added = forms.IntegerField(
        label=_("People more"), min_value=1, max_value=1000, widget=forms.TextInput(attrs=NUMBER)
    )
    share = of_number(
        _("For what share of the cases, %"), 0, 100, help_text=_("Chosen by lot, as a sample would be.")
    )
    below = forms.ChoiceField(label=_("Only where"), required=False)
    limit = of_number(_("is below"), -1e15, 1e15, required=False)

    def __init__(self, *args: Any, log: EventLog, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in set(self.fields) - {"kind", *fields_of(self.key)}:
            del self.fields[name]
        listed = [(name, name) for name in activities_of(log)]
        columns = number_columns(log)
        if "step" in self.fields:
            self.fields["step"].choices = listed  # type: ignore[attr-defined]
        if "steps" in self.fields:
            self.fields["steps"].choices = listed  # type: ignore[attr-defined]
        if "below" in self.fields and columns:
            self.fields["below"].choices = [("", "—"), *((name, name) for name in columns)]  # type: ignore[attr-defined]
        elif "below" in self.fields:
            del self.fields["below"], self.fields["limit"]

    @property
    def key(self) -> str:
        """The kind as sent, or as it began."""
        return str(self["kind"].value() or "")

    @property
    def is_partial(self) -> bool:
        return "share" in self.fields

    def change(self) -> Change | None:
        """The change; None where the form says what is wrong with it."""
        if not self.is_valid():
            return None
        try:
            return change_of(self.said())
        except Refused as refusal:
            self.add_error("steps" if self.key in JOINT else None, sentence(refusal))
            return None

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if bool(given.get("below")) != (given.get("limit") is not None) and "limit" not in self.errors:
            self.add_error("limit", _("Give both the column and its limit, or neither."))
        return given

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        said: dict[str, Any] = {"kind": self.key}
        said["activities"] = given["steps"] if self.key in JOINT else [given["step"]]
        if self.key in PARTIAL:
            said["share"] = given["share"] / 100
            said["below"] = [given["below"], given["limit"]] if given.get("below") else None
        if self.key == "automate":
            said |= {"seconds": given["minutes"] * 60, "wait_kept": given["kept"] / 100}
        if self.key == "staff":
            said["added"] = given["added"]
        return said


def fields_of(kind: str) -> tuple[str, ...]:
    partial = ("share", "below", "limit")
    return {
        "remove": ("step", *partial),
        "automate": ("step", "minutes", "kept", *partial),
        "staff": ("step", "added"),
    }.get(kind, ("steps",))


def number_columns(log: EventLog) -> list[str]:
    return [name for name in log.attributes.column_names if numbers_in(log, name) is not None]


def usual(kind: str) -> dict[str, Any]:
    return {"kind": kind, "share": 100, "minutes": 1, "kept": 100, "added": 1}


def asked_for(query: QueryDict, log: EventLog) -> list[ChangeForm]:
    """The change that an address brings along, such as the proposal for an approval."""
    kind = query.get("kind", "")
    if kind not in KINDS:
        return []
    known = activities_of(log)
    steps = [name for name in query.getlist("step") if name in known]
    initial = usual(kind) | {"steps": steps, "step": steps[0] if steps else ""}
    initial |= {name: query[name] for name in ("share", "below", "limit") if query.get(name)}
    return [ChangeForm(log=log, prefix="change-0", initial=initial)]


def changes_sent(data: QueryDict, log: EventLog) -> list[ChangeForm]:
    count = data.get("changes", "")
    places = range(min(int(count), MOST_CHANGES)) if count.isdecimal() else range(0)
    kinds = [data.get(f"change-{place}-kind") for place in places]
    return [
        ChangeForm(data, log=log, prefix=f"change-{place}")
        for place, kind in zip(places, kinds, strict=True)
        if kind in KINDS
    ]


def with_change(given: Sequence[ChangeForm], kind: str, log: EventLog) -> list[ChangeForm]:
    if kind not in KINDS or len(given) >= MOST_CHANGES:
        return typed(given, log)
    return typed(given, log, usual(kind))


def without_change(given: Sequence[ChangeForm], place: int, log: EventLog) -> list[ChangeForm]:
    return typed([each for number, each in enumerate(given) if number != place], log)


def typed(given: Sequence[ChangeForm], log: EventLog, *more: Mapping[str, Any]) -> list[ChangeForm]:
    """The forms with what was typed in, unjudged, numbered anew, and further ones."""
    initials = [{name: each[name].value() for name in each.fields} for each in given]
    return [
        ChangeForm(log=log, prefix=f"change-{place}", initial=initial)
        for place, initial in enumerate([*initials, *more])
    ]


class ScenarioForm(forms.Form):
    name = forms.CharField(label=_("Name of the scenario"), max_length=200)
    note = forms.CharField(
        label=_("What speaks for it, what against?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
