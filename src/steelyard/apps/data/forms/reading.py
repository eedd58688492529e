"""Where a file stands in time: whether it is all there is, when it was exported, what stretch it covers."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from steelyard.apps.data.forms.document import Feed
from steelyard.apps.data.models import Import, Source
from steelyard.apps.data.words import column_label

DATED = ("date", "timestamp")
READINGS = [
    (Source.Reading.INCREMENT.value, _("New and changed rows. What is not in the file stays as it is.")),
    (
        Source.Reading.SNAPSHOT.value,
        _("Everything that the source has. What is no longer in the file is removed here, too."),
    ),
]


class ReadingForm(forms.Form):
    """Stands inside of the form of the columns; where it was not sent, nothing is changed."""

    reading = forms.ChoiceField(
        label=_("What the file holds"),
        choices=READINGS,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "Full exports of opportunities also tell which stages and owners changed from one to the next. "
            "You see every row that would be removed before anything is committed."
        ),
    )
    as_of = forms.DateTimeField(
        label=_("Exported on"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("As the name of the file says, else the time of the upload."),
    )
    covers = forms.ChoiceField(
        label=_("It covers"),
        required=False,
        help_text=_(
            "Rows outside of the stretch stay as they are. Choose a date that never changes. "
            "Without days below, the stretch is from the first to the last day that the file has."
        ),
    )
    covered_from = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    covered_to = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, data: Any, *, taken: Import, feed: Feed) -> None:
        self.was_sent = data is not None and "reading" in data
        covers = taken.mapping.get("covers", "")
        initial = {
            "reading": taken.mapping.get("reading") or Source.Reading.INCREMENT.value,
            "as_of": taken.taken_on,
            "covers": covers,
            "covered_from": taken.covered_from,
            "covered_to": taken.covered_to,
        }
        super().__init__(data if self.was_sent else None, initial=initial)
        self.taken = taken
        dated = [name for name, kind in feed.spec.columns.items() if kind in DATED and name in feed.fed]
        names = list(dict.fromkeys([*dated, *([covers] if covers else [])]))
        stretches = [
            (name, gettext("a stretch of “%(column)s”") % {"column": column_label(name)}) for name in names
        ]
        self.fields["covers"].choices = [("", gettext("everything there is")), *stretches]  # type: ignore[attr-defined]

    def is_fine(self) -> bool:
        """Whether it was filled in well, or was not sent at all."""
        return not self.was_sent or self.is_valid()

    @property
    def is_open(self) -> bool:
        """Whether more than the choice itself has to be seen."""
        return bool(self.errors or self["reading"].value() == Source.Reading.SNAPSHOT)

    @property
    def document(self) -> dict[str, str]:
        """What the mapping says of time."""
        if not self.was_sent:
            return {}
        return {"reading": self.cleaned_data["reading"], "covers": self.cleaned_data["covers"]}

    @property
    def moment(self) -> dict[str, Any] | None:
        """What the import itself says of it, where it was given."""
        if not self.was_sent or not self.cleaned_data["as_of"]:
            return None
        told: datetime.datetime = self.cleaned_data["as_of"].replace(tzinfo=None)
        # The field shows minutes: left as it is, it does not cut the seconds off.
        known = self.taken.taken_on
        as_of = known if known and known.replace(second=0) == told else told
        return {
            "as_of": as_of,
            "covered": (self.cleaned_data["covered_from"], self.cleaned_data["covered_to"]),
        }
