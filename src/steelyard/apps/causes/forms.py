"""What people write: causes, decisions, evidence, answers to a why, countermeasures."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from steelyard.apps.causes.models import LENSES, Cause, Evidence
from steelyard.apps.causes.queries.surveys import Cell
from steelyard.apps.causes.words import names
from steelyard.apps.diagnose.models import Finding
from steelyard.web import numbers

LINES = forms.Textarea(attrs={"rows": 4})
ONE_LINE = forms.Textarea(attrs={"rows": 2})
FROM_ONE_TO_FIVE = [(number, str(number)) for number in range(1, 6)]


class Versioned(forms.Form):
    """Carries the version that the writer has read."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def based_on(self) -> int:
        return int(self.cleaned_data.get("version") or 0)


class CauseForm(Versioned):
    text = forms.CharField(
        label=gettext_lazy("The cause, in one sentence"),
        widget=ONE_LINE,
        max_length=500,
        help_text=gettext_lazy("About the matter, not the person: what in the work makes it so?"),
    )
    lens = forms.ChoiceField(label=pgettext_lazy("of a cause", "Lens"))
    finding = forms.ChoiceField(label=gettext_lazy("It answers this finding"), required=False)

    def __init__(self, *args: Any, findings: Iterable[tuple[Finding, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(finding.pk): finding for finding, _label in findings}
        choose(self, "lens", [(lens, names.lens_name(lens)) for lens in LENSES])
        listed = [(str(finding.pk), label) for finding, label in findings]
        choose(self, "finding", [("", _("the gap as a whole")), *listed])

    @property
    def answered(self) -> Finding | None:
        return self.found.get(self.cleaned_data.get("finding", ""))


class DecisionForm(Versioned):
    status = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Why? What convinced you?"), widget=LINES, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "status", [(status.value, names.decision_name(status)) for status in Cause.DECIDED])


class EvidenceForm(forms.Form):
    """What was said, read or seen: with its source, its day, and who may read it."""

    text = forms.CharField(label=gettext_lazy("What was said or seen"), widget=LINES, max_length=5000)
    source = forms.CharField(label=gettext_lazy("Source"), max_length=200)
    happened_on = forms.DateField(
        label=gettext_lazy("When"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    audience = forms.ChoiceField(label=gettext_lazy("Who may read it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["happened_on"].initial = timezone.localdate
        choose(self, "audience", [(each.value, names.audience_name(each)) for each in Evidence.Audience])

    def clean_happened_on(self) -> datetime.date:
        when: datetime.date = self.cleaned_data["happened_on"]
        if when > timezone.localdate():
            raise forms.ValidationError(_("The date lies in the future."))
        return when


class FileForm(EvidenceForm):
    file = forms.FileField(label=gettext_lazy("File"), max_length=200)
    field_order = ["file", "text", "source", "happened_on", "audience"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = False
        self.fields["text"].label = _("What it shows")


class FigureForm(EvidenceForm):
    kpi = forms.ChoiceField(label=gettext_lazy("KPI"))
    period = forms.ChoiceField(label=gettext_lazy("Period"))
    unit = forms.ChoiceField(label=pgettext_lazy("whose figure", "Of"))
    field_order = ["kpi", "period", "unit", "text", "audience"]

    def __init__(
        self,
        *args: Any,
        kpis: list[tuple[str, str]],
        periods: list[tuple[str, str]],
        units: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "happened_on"):
            del self.fields[name]
        self.fields["text"].required = False
        self.fields["text"].label = _("What it shows")
        choose(self, "kpi", kpis)
        choose(self, "period", periods)
        choose(self, "unit", units)


class SurveyForm(EvidenceForm):
    cell = forms.ChoiceField(label=gettext_lazy("Survey result"))
    field_order = ["cell", "text", "audience"]

    def __init__(self, *args: Any, cells: Iterable[Cell], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("source", "happened_on"):
            del self.fields[name]
        self.fields["text"].required = False
        self.fields["text"].label = _("What it shows")
        self.cells = {str(number): cell for number, cell in enumerate(cells)}
        waves: dict[str, list[tuple[str, str]]] = {}
        for number, cell in self.cells.items():
            told = _("%(team)s: %(question)s, %(share)s of %(n)s") % {
                "team": cell.team_name or cell.team,
                "question": cell.question,
                "share": numbers.percent(cell.share, digits=0),
                "n": cell.answers,
            }
            waves.setdefault(cell.wave, []).append((number, told))
        choose(self, "cell", list(waves.items()))


class WhyForm(Versioned):
    text = forms.CharField(label=gettext_lazy("Because …"), widget=ONE_LINE, max_length=500)
    is_actionable = forms.BooleanField(label=gettext_lazy("We can act on this: stop here"), required=False)


class CountermeasureForm(Versioned):
    cause = forms.ChoiceField(label=gettext_lazy("Against the cause"))
    text = forms.CharField(label=gettext_lazy("What would be done"), widget=ONE_LINE, max_length=500)
    impact = forms.TypedChoiceField(
        label=gettext_lazy("Impact, 1 small to 5 large"), coerce=int, choices=FROM_ONE_TO_FIVE, initial=3
    )
    effort = forms.TypedChoiceField(
        label=gettext_lazy("Effort, 1 little to 5 much"), coerce=int, choices=FROM_ONE_TO_FIVE, initial=3
    )
    risk = forms.TypedChoiceField(
        label=gettext_lazy("Risk, 1 low to 5 high"), coerce=int, choices=FROM_ONE_TO_FIVE, initial=3
    )
    note = forms.CharField(
        label=pgettext_lazy("to a countermeasure", "Note"), widget=ONE_LINE, required=False
    )

    def __init__(self, *args: Any, causes: Iterable[Cause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.causes = {each.public_id: each for each in causes}
        choose(self, "cause", [(key, each.text) for key, each in self.causes.items()])


def choose(form: forms.Form, name: str, choices: Any) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]
