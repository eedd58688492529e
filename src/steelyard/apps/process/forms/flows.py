"""A flow as a form: what it is called and when it holds, and a part a step."""

import re
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from steelyard.engine.process.declared import Flow, Step, parse_flow
from steelyard.errors import Refused
from steelyard.web.words import sentence

MOST_STEPS = 60
TEXTS = ("owner", "input", "output", "decision_right")
ONE_LINE = forms.Textarea(attrs={"rows": 2})
LINES = forms.Textarea(attrs={"rows": 4})


def text(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=2000, **more)


class FlowForm(forms.Form):
    key = forms.CharField(widget=forms.HiddenInput, max_length=63)
    kind = forms.CharField(widget=forms.HiddenInput, max_length=8, required=False)
    name_en = text(_("Name in English"))
    name_zh = text(_("Name in Chinese"))
    valid_from = forms.DateField(
        label=_("Holds from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("For cases that come in on this day or later."),
    )
    note = text(_("Why it is so, or why it changes"), widget=ONE_LINE)


class StepForm(forms.Form):
    """One step. A text that is given in one language stands for both."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=63)
    name_en = text(_("Step, in English"))
    name_zh = text(_("Step, in Chinese"))
    activities = text(
        _("Called in the log"), widget=LINES, help_text=_("One name a line; several can mean the same step.")
    )
    sla = text(
        _("Time limit, working hours"),
        help_text=_("From the end of the step before; empty is no promise."),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    owner_en = text(_("Owner, in English"))
    owner_zh = text(_("Owner, in Chinese"))
    input_en = text(_("Input, in English"), widget=ONE_LINE)
    input_zh = text(_("Input, in Chinese"), widget=ONE_LINE)
    output_en = text(_("Output, in English"), widget=ONE_LINE)
    output_zh = text(_("Output, in Chinese"), widget=ONE_LINE)
    decision_right_en = text(_("Who decides what, in English"), widget=ONE_LINE)
    decision_right_zh = text(_("Who decides what, in Chinese"), widget=ONE_LINE)
    checklist_en = text(_("Checklist, in English"), widget=LINES, help_text=_("One item a line."))
    checklist_zh = text(_("Checklist, in Chinese"), widget=LINES)
    optional = forms.BooleanField(label=_("May be left out"), required=False)
    may_repeat = forms.BooleanField(label=_("May come again"), required=False)

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Fields of texts, English beside Chinese."""
        return [(self[f"{name}_en"], self[f"{name}_zh"]) for name in (*TEXTS, "checklist")]

    @property
    def called(self) -> str:
        return str(self["name_zh"].value() or self["name_en"].value() or "")

    @property
    def called_en(self) -> str:
        return str(self["name_en"].value() or self["name_zh"].value() or "")

    def said(self) -> dict[str, Any]:
        given = self.cleaned_data
        said: dict[str, Any] = {"key": given["key"], "names": words(given, "name") or ""}
        said["activities"] = lines(given["activities"])
        said["sla"] = given["sla"].strip() or None
        said |= {name: words(given, name) for name in TEXTS}
        said["checklist"] = [
            both(one or other, other or one)
            for one, other in zip_longest(lines(given["checklist_en"]), lines(given["checklist_zh"]))
        ]
        said |= {name: True for name in ("optional", "may_repeat") if given[name]}
        return {name: value for name, value in said.items() if value not in (None, [])}


def flow_initial(flow: Flow) -> dict[str, Any]:
    return {"key": flow.key, "name_en": flow.names["en"], "name_zh": flow.names["zh"]}


def steps_of(flow: Flow) -> list[StepForm]:
    return numbered([step_initial(step) for step in flow.steps])


def step_initial(step: Step) -> dict[str, Any]:
    said = step.as_json()
    found = {"key": step.key, "name_en": step.names["en"], "name_zh": step.names["zh"]}
    found |= {"activities": "\n".join(step.activities), "sla": said.get("sla", "")}
    for name in TEXTS:
        for language in ("en", "zh"):
            found[f"{name}_{language}"] = said.get(name, {}).get(language, "")
    for language in ("en", "zh"):
        found[f"checklist_{language}"] = "\n".join(one[language] for one in step.checklist)
    return found | {"optional": step.optional, "may_repeat": step.may_repeat}


def numbered(initials: Sequence[Mapping[str, Any]]) -> list[StepForm]:
    return [StepForm(prefix=f"step-{place}", initial=dict(initial)) for place, initial in enumerate(initials)]


def steps_sent(data: QueryDict) -> list[StepForm]:
    count = data.get("steps", "")
    places = range(min(int(count), MOST_STEPS)) if count.isdecimal() else range(0)
    return [StepForm(data, prefix=f"step-{place}") for place in places]


def rearranged(steps: Sequence[StepForm], do: str) -> list[StepForm] | None:
    """The steps with one more, one less, or one in another place; None where `do` asks for none of it."""
    typed = [{name: step[name].value() for name in step.fields} for step in steps]
    what, _dash, number = do.partition("-")
    place = int(number) if number.isdecimal() else -1
    if do == "add" and len(typed) < MOST_STEPS:
        return numbered([*typed, {"key": new_key({each["key"] for each in typed})}])
    if what == "remove" and 0 <= place < len(typed):
        return numbered([each for at, each in enumerate(typed) if at != place])
    if what == "up" and 0 < place < len(typed):
        typed[place - 1], typed[place] = typed[place], typed[place - 1]
        return numbered(typed)
    return None


def new_key(known: set[str]) -> str:
    return next(key for number in range(1, MOST_STEPS + 2) if (key := f"step-{number}") not in known)


def document_of(form: FlowForm, steps: Sequence[StepForm]) -> dict[str, Any] | None:
    """The document that the forms make; None where one of them says what is wrong with it."""
    judged = [form.is_valid(), *(step.is_valid() for step in steps)]
    if not all(judged):
        return None
    given = form.cleaned_data
    document = {
        "key": given["key"],
        "names": words(given, "name") or "",
        "steps": [step.said() for step in steps],
    }
    try:
        parse_flow(document)
    except Refused as refusal:
        mark(form, steps, refusal)
        return None
    return document


def mark(form: FlowForm, steps: Sequence[StepForm], refusal: Refused) -> None:
    """Say it at the field that the refusal's place names."""
    place = str(refusal.params.get("place", ""))
    found = re.match(r"steps\[(\d+)\]\.(\w+)", place)
    if found is None:
        form.add_error("name_en" if place.startswith("names") else None, sentence(refusal))
        return
    step, name = steps[int(found[1])], {"names": "name_en"}.get(found[2], found[2])
    named = next((each for each in (name, f"{name}_en") if each in step.fields), None)
    is_shown = named is not None and not step.fields[named].widget.is_hidden
    step.add_error(named if is_shown else None, sentence(refusal))


def words(given: Mapping[str, Any], name: str) -> dict[str, str] | None:
    one, other = given[f"{name}_en"].strip(), given[f"{name}_zh"].strip()
    return both(one or other, other or one) if one or other else None


def both(english: str, chinese: str) -> dict[str, str]:
    return {"en": english, "zh": chinese}


def lines(given: str) -> list[str]:
    return [line.strip() for line in given.splitlines() if line.strip()]
