"""Forms about the files themselves: choosing them, how they are read, a mapping by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from steelyard.apps.data.forms.document import TABLE_NAMES, Document
from steelyard.apps.data.words import table_label
from steelyard.errors import Refused
from steelyard.lake.imports.mapping import ImportMapping
from steelyard.web.words import sentence

ACCEPTED = ".csv,.tsv,.txt,.gz,.xlsx,.xls,.xlsb,.ods,.parquet,.xes"
ENCODINGS = ["utf-8", "gb18030", "utf-16", "utf-8-sig", "big5", "cp1252", "shift_jis"]
ORDERS = [("ymd", _("year, month, day")), ("dmy", _("day first")), ("mdy", _("month first"))]


class ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(each, initial) for each in given]


class UploadForm(forms.Form):
    files = FilesField(  # type: ignore[assignment]
        allow_empty_file=True,
        label=_("Files"),
        max_length=200,
        error_messages={"required": _("No file was chosen. Choose one file or several.")},
        widget=ManyFiles(attrs={"accept": ACCEPTED, "class": "drop"}),
    )
    table = forms.ChoiceField(label=_("Table"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tables = [(name, table_label(name)) for name in TABLE_NAMES]
        self.fields["table"].choices = [("", gettext("Found by the columns")), *tables]  # type: ignore[attr-defined]


class ReadForm(forms.Form):
    """How the files are read where the guess is wrong; the same for all files of an import."""

    encoding = forms.ChoiceField(label=_("Encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Between cells"), required=False)
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header = forms.IntegerField(label=_("Header on line"), required=False, min_value=1, max_value=10_000)

    def __init__(self, data: Any, *, inspections: Sequence[Document], read: Document) -> None:
        super().__init__(data, initial=dict(read))
        found = gettext("As found")
        sheets = sorted({sheet for each in inspections for sheet in each.get("sheets", ())})
        has_text = any(each["format"] in ("csv", "tsv") for each in inspections)
        between = [
            (",", gettext("comma")),
            (";", gettext("semicolon")),
            ("\t", gettext("tab")),
            ("|", gettext("bar")),
        ]
        self._choices("encoding", [("", found), *((each, each) for each in ENCODINGS)], shown=has_text)
        self._choices("delimiter", [("", found), *between], shown=has_text)
        self._choices("sheet", [("", found), *((each, each) for each in sheets)], shown=len(sheets) > 1)

    def _choices(self, name: str, choices: Sequence[tuple[str, Any]], *, shown: bool) -> None:
        if shown:
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    @property
    def reading(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}


class DatesForm(forms.Form):
    """Asks about each column in which day and month cannot be told apart."""

    def __init__(self, data: Any, *, inspections: Sequence[Document]) -> None:
        super().__init__(data)
        for number, inspection in enumerate(inspections):
            for place, column in enumerate(inspection["columns"]):
                if column["ambiguous"]:
                    self.fields[f"{number}-{place}"] = forms.ChoiceField(
                        label=gettext("%(column)s in %(file)s, for example %(examples)s")
                        % {
                            "column": column["name"],
                            "file": inspection["name"],
                            "examples": ", ".join(column["examples"]),
                        },
                        choices=[("", gettext("Say which comes first")), *ORDERS[1:]],
                        required=False,
                    )

    @property
    def answers(self) -> Mapping[tuple[int, int], str]:
        """(file, column) → order, where one was given."""
        return {
            (int(number), int(place)): order
            for name, order in self.cleaned_data.items()
            if order
            for number, place in [name.split("-")]
        }


class YamlForm(forms.Form):
    """A mapping as its own text."""

    text = forms.CharField(
        label=_("Mapping (YAML)"),
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "false"}),
    )

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        try:
            # The base loader leaves every scalar a string, as the mapping files are read.
            document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
        except yaml.YAMLError as fault:
            refused = Refused("mapping.unreadable", file="", reason=str(fault)[:200])
            raise forms.ValidationError(sentence(refused)) from fault
        try:
            self.document = dict(ImportMapping.parse(document).document)
        except Refused as refused:
            raise forms.ValidationError(sentence(refused)) from refused
        return text
