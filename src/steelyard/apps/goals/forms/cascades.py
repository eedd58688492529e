"""What can be asked of a cascade: who takes part, its rules, and what is typed into its cells."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from steelyard.apps.goals.actions.cascade_edits import OF_UNITS, Deed
from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.queries.cascade_sheets import Sheet
from steelyard.engine.cascade.spans import weekdays
from steelyard.engine.periods import Period
from steelyard.errors import Refused

# Parts of a field's name: what is typed, of which unit, in which period.
BETWEEN = "|"
MOST_OVER = Decimal("0.5")
Typed = Mapping[str, str]


class ChoicesForm(forms.Form):
    """Who takes part. The choices come from the goal."""

    teams = forms.MultipleChoiceField(
        label=_("Teams that take part"), widget=forms.CheckboxSelectMultiple, required=False
    )
    with_managers = forms.BooleanField(
        label=_("Managers carry a number of their own, too"),
        required=False,
    )
    potential = forms.ChoiceField(label=_("What tells the potential"), required=False)

    def __init__(
        self,
        *args: Any,
        teams: Iterable[tuple[str, str]],
        potentials: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = list(teams)
        if listed:
            self.fields["teams"].choices = listed  # type: ignore[attr-defined]
        else:
            del self.fields["teams"], self.fields["with_managers"]
        self.fields["potential"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Nothing from the data: I type it in")),
            *potentials,
        ]

    def clean_teams(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["teams"]
        if not chosen:
            raise forms.ValidationError(gettext("Choose one team at least."))
        return chosen


class RulesForm(forms.Form):
    """The rounding step, and what the units carry more than what stands above them, on purpose."""

    step = forms.CharField(label=_("Round to"), required=False, max_length=30)
    over_root = forms.CharField(label=_("Teams carry more, %"), required=False, max_length=10)
    over_teams = forms.CharField(
        label=_("People carry more than their team, %"), required=False, max_length=10
    )

    def __init__(self, *args: Any, unit: str, smallest: Decimal, has_teams: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.smallest = unit, smallest
        for name in self.fields:
            self.fields[name].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        if not has_teams:
            self.fields["over_root"].label = gettext("People carry more, %")
            del self.fields["over_teams"]

    def clean_step(self) -> Decimal | None:
        found = amounts.cleaned(self.cleaned_data["step"], unit="" if self.unit == "percent" else self.unit)
        if found is not None and found <= 0:
            raise forms.ValidationError(gettext("A step is more than nothing, such as 100."))
        if found is not None and found % self.smallest:
            raise forms.ValidationError(
                gettext("The smallest step of this goal is %(step)s.")
                % {"step": amounts.plain(self.smallest)}
            )
        return found

    def clean_over_root(self) -> Decimal | None:
        return self._share("over_root")

    def clean_over_teams(self) -> Decimal | None:
        return self._share("over_teams")

    def _share(self, name: str) -> Decimal | None:
        found = amounts.cleaned(self.cleaned_data[name], unit="percent")
        if found is not None and not 0 <= found <= MOST_OVER:
            raise forms.ValidationError(gettext("Give 0 to 50."))
        return found or None

    def deeds(self, root: str) -> list[Deed]:
        said = self.cleaned_data
        found = [Deed("step", value=_text(said["step"])), Deed("over", root, None, _text(said["over_root"]))]
        if "over_teams" in self.fields:
            found.append(Deed("over", "team", None, _text(said["over_teams"])))
        return found


class ApplyForm(forms.Form):
    reason = forms.CharField(
        label=_("What should everybody know about it?"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RestForm(forms.Form):
    """From which month on the rest is divided anew; the total only for who may set it."""

    from_period = forms.ChoiceField(label=_("First month that is divided anew"))
    by = forms.ChoiceField(
        label=_("The months before count as"),
        choices=[("set", _("what was set for them")), ("reached", _("what was reached in them"))],
        initial="set",
        widget=forms.RadioSelect,
    )
    total = forms.CharField(label=_("Total over the whole period"), max_length=40)

    def __init__(
        self,
        *args: Any,
        months: Iterable[tuple[str, str]],
        unit: str,
        total: str | None,
        has_kpi: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.total_now = unit, total
        self.fields["from_period"].choices = list(months)  # type: ignore[attr-defined]
        if total is None:
            del self.fields["total"]
        else:
            self.fields["total"].initial = total
            self.fields["total"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}
        if not has_kpi:
            del self.fields["by"]

    def clean_total(self) -> Decimal | None:
        return amounts.cleaned(self.cleaned_data["total"], unit=self.unit)

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        total = given.get("total")
        is_new = total is not None and amounts.write(total, unit=self.unit) != self.total_now
        return {
            "from_period": given["from_period"],
            "by_actuals": given.get("by") == "reached",
            "total": total.normalize() + Decimal(0) if is_new and total is not None else None,
        }


class PasteForm(forms.Form):
    """A table out of a spreadsheet: as a file, or pasted."""

    file = forms.FileField(label=_("A workbook (.xlsx)"), required=False)
    table = forms.CharField(
        label=_("Or the rows, pasted from a spreadsheet"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("file") and not (self.cleaned_data.get("table") or "").strip():
            raise forms.ValidationError(gettext("Choose a workbook, or paste rows."))
        return self.cleaned_data


class Unreadable(Exception):
    """Cells that hold no number: field name → what is wrong with it."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = cells
        super().__init__(", ".join(cells))


def field_name(what: str, unit: str, period: str | None = None) -> str:
    return BETWEEN.join((what, unit, period or ""))


def typed_in(data: Mapping[str, str]) -> dict[str, str]:
    """The cells that were sent."""
    known = ("lock", *OF_UNITS)
    return {name: str(data[name]).strip() for name in data if name.partition(BETWEEN)[0] in known}


def deeds_of(typed: Typed, sheet: Sheet, *, unit: str, shown: Mapping[str, str]) -> list[Deed]:
    """What was typed otherwise than it was shown: a number sets, an empty cell lets go. Raises Unreadable."""
    deeds, wrong = [], {}
    for name, text in typed.items():
        if text == shown.get(name, ""):
            continue
        try:
            deed = _deed(name, text, unit=unit)
        except forms.ValidationError as fault:
            wrong[name] = fault.messages[0]
            continue
        if deed.what != "lock" or not _is_shown(deed, sheet):
            deeds.append(deed)
    if wrong:
        raise Unreadable(wrong)
    return deeds


def _deed(name: str, text: str, *, unit: str) -> Deed:
    what, _bar, place = name.partition(BETWEEN)
    key, _bar, period = place.rpartition(BETWEEN)
    if what == "leave":
        return Deed("leave", key, period, _leave(text, period))
    value = amounts.cleaned(text, unit="" if what == "potential" else unit)
    if value is not None and value < 0:
        raise forms.ValidationError(gettext("A number below zero cannot be reached."))
    return Deed(what, key, period or None, _text(value))  # type: ignore[arg-type]


def _leave(text: str, period: str) -> str | None:
    """Working days away, as the share of the month that they are."""
    days = amounts.cleaned(text, unit="days")
    if not days:
        return None
    whole = weekdays(Period.parse(period))
    if not 0 <= days <= whole:
        raise forms.ValidationError(gettext("The month has %(days)s working days.") % {"days": whole})
    return str((days / whole).quantize(Decimal("0.000001")))


def days_of(share: Decimal, period: str) -> Decimal:
    """The other way round, to half a day."""
    try:
        whole = weekdays(Period.parse(period))
    except Refused:
        return Decimal(0)
    return (share * whole * 2).to_integral_value() / 2


def _is_shown(deed: Deed, sheet: Sheet) -> bool:
    """The same number again, typed another way."""
    line = sheet.by_key.get(deed.unit)
    if line is None or deed.value is None:
        return False
    held = (
        line.total
        if deed.period is None
        else dict(zip(sheet.periods, line.values, strict=True)).get(deed.period)
    )
    return held is not None and held == Decimal(deed.value) and deed.period in line.locked


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"
