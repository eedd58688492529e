"""The working calendar as a form: a part for everybody, one for each team or performer that differs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from steelyard.apps.process.queries.calendars import read_yaml, rules_of
from steelyard.apps.process.words.calendars import clock
from steelyard.engine.calendars.document import WEEK
from steelyard.errors import Refused
from steelyard.web.words import sentence

EVERYBODY, TEAM, PERFORMER = "everybody", "team", "performer"
KEYS = {TEAM: "teams", PERFORMER: "performers"}
MOST_PARTS = 200
LINES = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
ONE_DAY = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})


class PartForm(forms.Form):
    """Hours, clock and holidays of everybody, of a team or of a performer; what is empty is taken over."""

    kind = forms.ChoiceField(choices=[(each, each) for each in (EVERYBODY, TEAM, PERFORMER)])
    name = forms.CharField(max_length=120, required=False)
    team = forms.CharField(label=_("Works the hours of the team"), max_length=120, required=False)
    mon = forms.CharField(label=pgettext_lazy("day of the week", "Mon"), required=False, widget=ONE_DAY)
    tue = forms.CharField(label=pgettext_lazy("day of the week", "Tue"), required=False, widget=ONE_DAY)
    wed = forms.CharField(label=pgettext_lazy("day of the week", "Wed"), required=False, widget=ONE_DAY)
    thu = forms.CharField(label=pgettext_lazy("day of the week", "Thu"), required=False, widget=ONE_DAY)
    fri = forms.CharField(label=pgettext_lazy("day of the week", "Fri"), required=False, widget=ONE_DAY)
    sat = forms.CharField(label=pgettext_lazy("day of the week", "Sat"), required=False, widget=ONE_DAY)
    sun = forms.CharField(label=pgettext_lazy("day of the week", "Sun"), required=False, widget=ONE_DAY)
    timezone = forms.CharField(
        label=_("Time zone"), required=False, max_length=60, help_text=_("Such as Asia/Shanghai.")
    )
    holidays = forms.CharField(
        label=_("Public holidays"),
        required=False,
        max_length=80,
        help_text=_("CN for China with its make-up working days; DE-BY for Bavaria; several with commas."),
    )
    closed = forms.CharField(
        label=_("Closed all the same"),
        required=False,
        widget=LINES,
        help_text=_("One line a day, or a stretch of days: 2026-12-24..2026-12-31."),
    )
    opened = forms.CharField(
        label=_("Worked although free"),
        required=False,
        widget=LINES,
        help_text=_("One line a day; hours of its own may follow: 2026-06-13 10:00-14:00."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].widget = self.fields["name"].widget = forms.HiddenInput()

    @property
    def key(self) -> str:
        return str(self["kind"].value() or EVERYBODY)

    @property
    def called(self) -> str:
        return str(self["name"].value() or "")

    @property
    def days(self) -> list[Any]:
        return [self[day] for day in WEEK]

    @property
    def place(self) -> str:
        """Where the part stands in the document."""
        return f"{KEYS[self.key]}.{self.called}." if self.key in KEYS else ""

    def said(self) -> dict[str, Any]:
        """The part as the document spells it, each day by itself so that a mistake has its field."""
        given = self.cleaned_data
        hours = {day: _spans(given[day]) for day in WEEK if given[day].strip()}
        said: dict[str, Any] = {
            "team": given["team"].strip() if self.key == PERFORMER else "",
            "timezone": given["timezone"].strip(),
            "holidays": _list(given["holidays"]),
            "hours": hours,
            "closed": _lines(given["closed"]),
            "open": _opened(given["opened"]),
        }
        return {key: value for key, value in said.items() if value}


def parts_of(text: str) -> list[PartForm]:
    """The forms of a document."""
    document = read_yaml(text) if text.strip() else {}
    listed = [(EVERYBODY, "", document)]
    listed += [(kind, name, part) for kind, key in KEYS.items() for name, part in _under(document, key)]
    return [
        PartForm(prefix=f"part-{place}", initial=_initial(kind, name, part))
        for place, (kind, name, part) in enumerate(listed)
    ]


def parts_sent(data: QueryDict) -> list[PartForm]:
    """The forms that were sent, in their order."""
    count = data.get("parts", "")
    places = range(min(int(count), MOST_PARTS)) if count.isdecimal() else range(0)
    return [PartForm(data, prefix=f"part-{place}") for place in places]


def with_part(parts: Sequence[PartForm], kind: str, name: str) -> list[PartForm]:
    """The same parts and one more; one that is there already stays as it is."""
    if not name or any(part.key == kind and part.called == name for part in parts):
        return list(parts)
    made = PartForm(prefix=f"part-{len(parts)}", initial={"kind": kind, "name": name})
    return [*parts, made]


def without_part(parts: Sequence[PartForm], place: int) -> list[PartForm]:
    """The parts but one, numbered anew with what was typed in; everybody's part stays."""
    kept = [part for number, part in enumerate(parts) if number != place or part.key == EVERYBODY]
    return [
        PartForm(prefix=f"part-{number}", initial={name: part[name].value() for name in part.fields})
        for number, part in enumerate(kept)
    ]


def document_of(parts: Sequence[PartForm]) -> dict[str, Any] | None:
    """The document that the forms make; None where one of them says what is wrong with it."""
    judged = [part.is_valid() for part in parts]  # each of them, so that all mistakes are told at once
    if not judged or not all(judged):
        return None
    document = assembled(parts, [part.said() for part in parts])
    try:
        rules_of(document)
    except Refused as refusal:
        mark(parts, refusal)
        return None
    return assembled(parts, [_grouped(part.said()) for part in parts])


def assembled(parts: Sequence[PartForm], said: Sequence[dict[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for part, words in zip(parts, said, strict=True):
        if part.key == EVERYBODY:
            document |= words
        elif words:
            document.setdefault(KEYS[part.key], {})[part.called] = words
    return document


def mark(parts: Sequence[PartForm], refusal: Refused) -> None:
    """Say it at the field that the refusal's place names."""
    place = str(refusal.params.get("place", ""))
    named = [part for part in parts if part.place and place.startswith(part.place)]
    part = named[0] if named else parts[0]
    part.add_error(field_at(place.removeprefix(part.place)), sentence(refusal))


def field_at(place: str) -> str:
    """hours.mon[0] → mon, open.2026-05-01 → opened; no place is for want of hours."""
    key, _dot, rest = place.partition(".")
    name = re.split(r"[\[.]", rest)[0] if key == "hours" else re.split(r"\[", key)[0]
    named = {"open": "opened", "": WEEK[0]}.get(name, name)
    return named if named in PartForm.base_fields else WEEK[0]


def _initial(kind: str, name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": kind, "name": name, "team": part.get("team", "")}
    found |= {"timezone": part.get("timezone", ""), "holidays": ", ".join(_texts(part.get("holidays")))}
    found |= {"closed": "\n".join(_texts(part.get("closed"))), "opened": _opened_words(part.get("open"))}
    if part.get("hours"):
        week = rules_of({"hours": part["hours"]}).everybody.week
        found |= {
            day: ", ".join(f"{clock(begin)}-{clock(end)}" for begin, end in spans)
            for day, spans in zip(WEEK, week, strict=True)
        }
    return found


def _under(document: Mapping[str, Any], key: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return (document.get(key) or {}).items()


def _grouped(said: dict[str, Any]) -> dict[str, Any]:
    """Days in a row with the same hours as one line: mon-fri."""
    if "hours" not in said:
        return said
    hours = said["hours"]
    grouped: dict[str, list[str]] = {}
    for spans, days in groupby(WEEK, key=lambda day: hours.get(day)):
        run = list(days)
        if spans:
            grouped[run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}"] = spans
    return said | {"hours": grouped}


def _spans(text: str) -> list[str]:
    plain = text.replace("：", ":").replace("—", "-").replace("~", "-").replace("～", "-")
    return [part.strip() for part in re.split(r"[,，;；、]", plain) if part.strip()]


def _list(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[,，;；、]", text) if part.strip()]


def _lines(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[\n,，;；、]", text) if part.strip()]


def _opened(text: str) -> list[str] | dict[str, list[str]]:
    """A list of days, or days with their hours where one of them has any."""
    pairs = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    if all(len(pair) == 1 for pair in pairs):
        return _lines(text)
    return {pair[0]: _spans(pair[1]) if len(pair) > 1 else [] for pair in pairs}


def _opened_words(held: Any) -> str:
    if isinstance(held, Mapping):
        return "\n".join(f"{day} {', '.join(_texts(spans))}".strip() for day, spans in held.items())
    return "\n".join(_texts(held))


def _texts(held: Any) -> list[str]:
    if not held:
        return []
    return [held] if isinstance(held, str) else [str(each) for each in held]
