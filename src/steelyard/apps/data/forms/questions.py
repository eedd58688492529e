"""The one open question about how a file is read, and what its answer changes."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from steelyard.apps.data.forms.document import Document
from steelyard.lake.imports.reading import FIRST_YEAR, LAST_YEAR

ASKED = ("sheet", "year", "fill")


class QuestionForm(forms.Form):
    """Asks the first thing that the files do not tell; without a field when all is told."""

    def __init__(self, data: Any, *, inspections: Sequence[Document]) -> None:
        super().__init__(data, prefix="question")
        self.many = len(inspections) > 1
        self.file, self.question = open_question(inspections)
        if not self.question:
            return
        said = {"file": self.file, "column": self.question["column"]}
        if self.question["code"] == "year":
            options = self.question["options"]
            self.fields["answer"] = forms.IntegerField(
                label=_("Of which year are the days in %(column)s of %(file)s?") % said,
                help_text=_("They are written without a year, and no title or sheet names one."),
                min_value=FIRST_YEAR,
                max_value=LAST_YEAR,
                initial=options[0] if options else None,
            )
            return
        self.fields["answer"] = forms.ChoiceField(label=self._label(said), choices=self._choices())
        chosen = self.question["chosen"]
        if chosen in self.question["options"]:
            self.initial["answer"] = str(self.question["options"].index(chosen))

    def _label(self, said: Mapping[str, str]) -> str:
        if self.question["code"] == "sheet":
            return _("The sheets of %(file)s hold different tables. Which is meant?") % said
        return _("In %(file)s, does a blank cell of %(column)s say the same as the one above it?") % said

    def _choices(self) -> list[tuple[str, str]]:
        if self.question["code"] == "sheet":
            return [(str(n), ", ".join(names)) for n, names in enumerate(self.question["options"])]
        return [("", "—"), ("yes", _("Yes, it holds for the rows below")), ("no", _("No, it is blank"))]

    @property
    def read(self) -> dict[str, Any]:
        """How the file is to be read by the answer."""
        answer, code = self.cleaned_data["answer"], self.question["code"]
        if code == "year":
            change: dict[str, Any] = {"year": answer}
        elif code == "sheet":
            change = {"sheets": self.question["options"][int(answer)]}
        else:
            change = {"fill": [self.question["column"]] if answer == "yes" else []}
        return {"files": {_pattern(self.file): change}} if self.many else change


def open_question(inspections: Sequence[Document]) -> tuple[str, Mapping[str, Any]]:
    """The file and the question; those of day and month are asked where the column is."""
    for inspection in inspections:
        for question in inspection.get("questions", ()):
            if question["code"] in ASKED:
                return inspection["name"], question
    return "", {}


def answered(read: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """A reading with an answer put in, beside what is said of other files and of this one."""
    files = {name: dict(each) for name, each in (read.get("files") or {}).items()}
    for name, each in (change.get("files") or {}).items():
        files[name] = files.get(name, {}) | each
    return {**read, **change} | ({"files": files} if files else {})


def _pattern(name: str) -> str:
    """The name as a glob that means itself."""
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)
