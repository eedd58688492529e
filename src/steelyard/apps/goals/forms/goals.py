"""A goal as it is written: a short form, and what else may be said in the part that is folded."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.rows import (
    FIRST,
    LAST,
    ConsequenceRows,
    CreditRows,
    MilestoneRows,
    Rows,
    far_off,
)
from steelyard.apps.goals.models import GoalVersion
from steelyard.apps.goals.words import names
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.definitions import known_kpis
from steelyard.engine.kpi.definitions import UNITS
from steelyard.errors import Refused

Kind = GoalVersion.Kind
Choices = Iterable[tuple[str, Any]]
BY_DIRECTION = {"up": Kind.REACH, "down": Kind.KEEP_BELOW, "band": Kind.BAND}
WHY = forms.Textarea(attrs={"rows": 3})
# What the KPI and the owner know is filled in at once; without a script a button does it.
FILLS = {
    "hx-post": "",
    "hx-vals": '{"do": "fill"}',
    "hx-target": "#goal-form",
    "hx-select": "#goal-form",
    "hx-swap": "outerHTML",
    "hx-sync": "#goal-form:replace",
}


def day_field(label: Any, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, required=False, **options)


def amount_field(label: Any, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=40, required=False, widget=widget, **options)


class GoalForm(forms.Form):
    """Texts are kept as they were typed; `said` has what they mean."""

    title = forms.CharField(
        label=gettext_lazy("The goal, in one sentence"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=300,
    )
    owner = forms.ChoiceField(label=pgettext_lazy("of a goal", "Owner"))
    kpi = forms.ChoiceField(label=gettext_lazy("Measured by"), required=False)
    target = amount_field(gettext_lazy("Target"))
    period = forms.ChoiceField(label=gettext_lazy("Period"), required=False)
    starts = day_field(gettext_lazy("From"))
    last = day_field(gettext_lazy("To, the last day"))
    kind = forms.ChoiceField(label=gettext_lazy("Kind of goal"), required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), max_length=20, required=False)
    baseline = amount_field(gettext_lazy("Where it stands now"))
    target_high = amount_field(gettext_lazy("Upper edge of the range"))
    floor = amount_field("")
    stretch = amount_field("")
    challenge = amount_field("")
    parent = forms.ChoiceField(label=gettext_lazy("It serves the goal"), required=False)
    theme = forms.ChoiceField(label=gettext_lazy("Theme of the strategy"), required=False)
    why = forms.CharField(
        label=gettext_lazy("Why it matters"),
        widget=WHY,
        max_length=2000,
        required=False,
        help_text=gettext_lazy("The owner reads this first: what gets better, and for whom?"),
    )
    cause = forms.ChoiceField(label=gettext_lazy("It answers the cause"), required=False)
    finding = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    valid_from = day_field(gettext_lazy("The change holds from"))
    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    SHORT = ("title", "owner", "kpi", "target", "period")
    FOLDED = ("parent", "theme", "cause", "target_high", "floor", "stretch", "challenge", "last")
    AMOUNTS = ("baseline", "target", "target_high", "floor", "stretch", "challenge")

    def __init__(
        self,
        *args: Any,
        owners: Choices,
        kpis: Choices,
        periods: Choices,
        parents: Choices,
        themes: Choices,
        causes: Choices,
        level_names: Mapping[str, str],
        units: Choices = (),
        typed: Mapping[str, Any] | None = None,
        is_change: bool = False,
        **kwargs: Any,
    ) -> None:
        """`typed` are the texts of a form that is shown again without being judged."""
        super().__init__(*args, **kwargs)
        self._choose("owner", owners)
        self._choose("kpi", [("", _("no KPI: a number of its own, steps, or yes and no")), *kpis])
        self._choose("period", [("", _("other days, given below")), *periods])
        self._choose("kind", [("", _("as the KPI says")), *((each, names.kind_name(each)) for each in Kind)])
        self._choose("parent", [("", _("none")), *parents])
        self._choose("theme", [("", _("none")), *themes])
        self._choose("cause", [("", _("none")), *causes])
        for level, name in level_names.items():
            self.fields[level].label = name
        self.fields["unit"].widget.attrs["list"] = "known-units"
        for name in ("owner", "kpi", "period"):
            self.fields[name].widget.attrs |= FILLS
        if is_change:
            del self.fields["owner"]
        else:
            del self.fields["valid_from"], self.fields["reason"]
        rows = self.data if self.is_bound else typed
        self.consequences = ConsequenceRows(rows, initial=self.initial.get("consequences", ()))
        self.credits = CreditRows(rows, initial=self.initial.get("credits", ()), units=units)
        self.milestones = MilestoneRows(rows, initial=self.initial.get("milestones", ()))

    @property
    def rows(self) -> tuple[Rows, ...]:
        return (self.consequences, self.credits, self.milestones)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        self._clean_days(said)
        kpi = known_kpis().get(said.get("kpi", ""))
        if kpi is not None:
            said["unit"] = kpi.unit
        said["unit"] = known_unit(said.get("unit", ""))
        for name in self.AMOUNTS:
            self._clean_amount(name, said)
        said["consequences"] = self._cleaned_rows(self.consequences, said)
        said["credits"] = self._cleaned_rows(self.credits, said)
        said["milestones"] = self._cleaned_rows(self.milestones, said)
        if not said.get("kind"):
            said["kind"] = self._kind_of(said, BY_DIRECTION[kpi.direction] if kpi else Kind.REACH)
        return said

    def _clean_days(self, said: dict[str, Any]) -> None:
        """A period by name, or two days; `ends` is exclusive, as everywhere inside."""
        if label := said.get("period"):
            try:
                period = read_period(label)
            except Refused:
                self.add_error("period", _("Choose a period, or give two days."))
                return
            said["starts"], said["ends"] = period.start, period.end
            return
        if said.get("starts") is None or said.get("last") is None:
            self.add_error(
                "period", _("A goal needs an end: choose a period, or give the first and last day.")
            )
            return
        for name in ("starts", "last"):
            if not FIRST <= said[name] <= LAST:
                self.add_error(name, far_off())
                return
        if said["last"] < said["starts"]:
            self.add_error("last", _("The last day lies before the first."))
            return
        said["ends"] = said["last"] + datetime.timedelta(days=1)

    def _clean_amount(self, name: str, said: dict[str, Any]) -> None:
        try:
            said[name] = amounts.cleaned(said.get(name) or "", unit=said["unit"])
        except forms.ValidationError as error:
            self.add_error(name, error)
            said[name] = None

    def _cleaned_rows(self, rows: Rows, said: Mapping[str, Any]) -> list[dict[str, Any]]:
        found, faults = rows.cleaned(ends=said.get("ends"))
        for fault in faults:
            self.add_error(None, fault)
        return found

    @staticmethod
    def _kind_of(said: Mapping[str, Any], usual: str) -> str:
        if said.get("target_high") is not None:
            return Kind.BAND
        if said.get("target") is not None or said.get("kpi"):
            return usual
        return Kind.MILESTONES if len(said["milestones"]) > 1 else Kind.DELIVERABLE

    @property
    def levels(self) -> list[dict[str, str]]:
        """The further levels as a version keeps them."""
        said = self.cleaned_data
        named = ("floor", "stretch", "challenge")
        return [{"level": name, "value": exact(said[name])} for name in named if said[name] is not None]

    def _choose(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]


def known_unit(text: str) -> str:
    """One of the usual units by its name in the reader's language, else the goal's own word."""
    bare = text.strip()
    by_name = {names.unit_choice(unit): unit for unit in UNITS}
    return "percent" if bare in ("%", "％") else by_name.get(bare, bare)


def exact(value: Decimal) -> str:
    return f"{value.normalize():f}"
