"""The form of the mapping page: for each column of the files, what it feeds and how it is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from steelyard.apps.data.forms.document import Feed, FileColumn, headers_of, source_of
from steelyard.apps.data.words import column_label
from steelyard.lake.imports.headers import normalise
from steelyard.lake.tables import ORGANISATION_TABLES

KEEP, LEAVE = "+", "-"
DATED, COUNTED = ("date", "timestamp"), ("money", "number", "integer")
Rule = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A column of the files beside the fields that say what becomes of it."""

    column: FileColumn
    target: forms.BoundField
    details: list[forms.BoundField]
    is_open: bool


@dataclass(frozen=True)
class Need:
    """A column that the table needs, and what feeds it: a column of the files, or one value for all rows.

    `is_joined` marks a key that several columns make together.
    """

    names: list[str]
    label: str
    column: str
    value: str
    constant: forms.BoundField
    is_joined: bool = False

    @property
    def fed_by(self) -> str:
        return self.column or self.value

    @property
    def shows_constant(self) -> bool:
        return not self.column


class ColumnsForm(forms.Form):
    """Fields by the place of a column: to-3, order-3, decimal-3, unit-3, values-3; and one-<column>."""

    source = forms.CharField(max_length=80, required=False)

    def __init__(self, data: Any, *, feed: Feed, source: str) -> None:
        super().__init__(data, initial={"source": source})
        self.feed = feed
        self.fields["source"].label = _("Name of the source")
        self.fields["source"].help_text = _("The mapping is remembered under this name.")
        self.places = self._places()
        for place, (column, target) in enumerate(self.places):
            self._add_column(place, column, target)
        for name in feed.spec.columns:
            self._add_constant(name)

    def _places(self) -> list[tuple[FileColumn, str]]:
        """Each column of the files with what it feeds; one that feeds two comes twice."""
        return [
            (column, target)
            for column in self.feed.columns
            for target in [name for name, header in self.feed.fed.items() if header == column.name] or [""]
        ]

    def _add_column(self, place: int, column: FileColumn, target: str) -> None:
        rule = self._rule(target)
        if not target:
            target = LEAVE if self._is_left(column) else KEEP
        self._choice(f"to-{place}", self._targets(column), target, label=column.name)
        found = _("say which comes first") if column.dates.ambiguous else _("as found")
        orders = [
            ("", found),
            ("ymd", _("year, month, day")),
            ("dmy", _("day first")),
            ("mdy", _("month first")),
            ("excel", _("days as a spreadsheet counts them")),
        ]
        order = rule.get("order", "") or column.dates.order if target in self.feed.spec.columns else ""
        self._choice(f"order-{place}", orders, order, label=_("Order of dates"))
        signs = [("", _("as found")), (".", _("point")), (",", _("comma"))]
        self._choice(f"decimal-{place}", signs, rule.get("decimal", ""), label=_("Decimal sign"))
        self._text(
            f"unit-{place}",
            rule.get("unit", ""),
            label=_("Multiply by"),
            hint=_("10000 where the file counts in 万"),
        )
        pairs = "\n".join(f"{old} = {new}" for old, new in (rule.get("values") or {}).items())
        self._text(
            f"values-{place}",
            pairs,
            label=_("Other words for values"),
            hint=_("One a line: as in the file = as it should be"),
            area=True,
        )

    def _add_constant(self, name: str) -> None:
        rule = self.feed.rules.get(name)
        constant = str(rule["value"]) if isinstance(rule, Mapping) and "value" in rule else ""
        self._text(f"one-{name}", constant, label=column_label(name))

    def _choice(self, name: str, choices: list[Any], initial: str, *, label: str) -> None:
        self.fields[name] = forms.ChoiceField(choices=choices, required=False, label=label)
        self.initial[name] = initial

    def _text(self, name: str, initial: str, *, label: str, hint: str = "", area: bool = False) -> None:
        widget = forms.Textarea(attrs={"rows": 4}) if area else forms.TextInput()
        self.fields[name] = forms.CharField(
            required=False, label=label, help_text=hint, widget=widget, max_length=20_000 if area else 200
        )
        self.initial[name] = initial

    def _targets(self, column: FileColumn) -> list[Any]:
        spec = self.feed.spec
        needed = [name for need in (*spec.key, *spec.needs) for name in need.split("|")]
        needed = list(dict.fromkeys(needed))
        others = [name for name in spec.columns if name not in needed]
        # A column with a standard name feeds that column, or nothing.
        is_standard = normalise(column.name) in spec.columns
        keeps = spec.name not in ORGANISATION_TABLES and not is_standard
        rest = [(LEAVE, _("leave out"))]
        if keeps:
            rest.insert(0, (KEEP, _("keep beside the standard ones")))
        groups = [(_("Needed"), needed), (_("Can have"), others)]
        return [
            *rest,
            *((title, [(name, _named(name)) for name in group]) for title, group in groups if group),
        ]

    def _is_left(self, column: FileColumn) -> bool:
        given, spec = self.feed.given, self.feed.spec
        kept_by_name = column.name in self.feed.used
        is_left = column.name in given.get("leave", ()) or given.get("extra") == "drop" or self.feed.groups
        is_standard = normalise(column.name) in spec.columns
        return not kept_by_name and (is_left or is_standard or spec.name in ORGANISATION_TABLES)

    def _rule(self, target: str) -> Rule:
        rule = self.feed.rules.get(target)
        return dict(rule) if isinstance(rule, Mapping) else {}

    def clean(self) -> dict[str, Any]:
        seen: dict[str, str] = {}
        for place, column in enumerate(self.columns):
            target = self.cleaned_data.get(f"to-{place}", "")
            if target in seen and target not in (KEEP, LEAVE):
                told = _("%(column)s is fed by %(header)s already. Choose one of them.")
                self.add_error(f"to-{place}", told % {"column": column_label(target), "header": seen[target]})
            seen[target] = column.name
            self._clean_unit(f"unit-{place}")
            self._clean_pairs(f"values-{place}")
        return self.cleaned_data

    def _clean_unit(self, name: str) -> None:
        if unit := self.cleaned_data.get(name, ""):
            try:
                is_number = Decimal(unit).is_finite()
            except InvalidOperation:
                is_number = False
            if not is_number:
                self.add_error(name, _("Not a number. Write 10000 or 0.01."))

    def _clean_pairs(self, name: str) -> None:
        lines = self.cleaned_data.get(name, "").splitlines()
        if bad := next((line for line in lines if line.strip() and "=" not in line), None):
            told = _("“%(line)s” has no equals sign. Write: as in the file = as it should be.")
            self.add_error(name, told % {"line": bad[:80]})

    def demand_needs(self) -> None:
        """Say at each need that nothing feeds, and at each date whose order is unknown, what is missing."""
        for need in self.needs:
            if not need.fed_by:
                told = _(
                    "The table needs this. Choose a column for it below, or give one value for all rows."
                )
                self.add_error(f"one-{need.names[0]}", told)
        for place, column in enumerate(self.columns):
            kind = self.feed.spec.columns.get(self.value(f"to-{place}"), "")
            if kind in DATED and column.dates.ambiguous and not self.value(f"order-{place}"):
                told = _("Day and month cannot be told apart (%(examples)s). Say which comes first.")
                self.add_error(f"order-{place}", told % {"examples": ", ".join(column.dates.examples)})

    def value(self, name: str) -> str:
        """What a field holds at the moment, sent or stored."""
        if self.is_bound:
            return str(self.data.get(name, "")).strip()
        return str(self.initial.get(name, ""))

    @property
    def given(self) -> Rule:
        """The rule that the form says; what it cannot show of the old one stays."""
        data = self.cleaned_data
        columns = {name: rule for name, rule in self.feed.rules.items() if not self._is_shown(name, rule)}
        targets = [data.get(f"to-{place}") or LEAVE for place in range(len(self.places))]
        for place, (column, old) in enumerate(self.places):
            if targets[place] not in (KEEP, LEAVE):
                columns[targets[place]] = self._said(
                    place, column, old, self.feed.spec.columns[targets[place]]
                )
        wanted = {header for rule in columns.values() for header in headers_of(rule)}
        dropped = {column.name for place, column in enumerate(self.columns) if targets[place] == LEAVE}
        left = [column.name for column in self.feed.columns if column.name in dropped - wanted]
        left = [] if self.feed.groups else left
        for name in self.feed.spec.columns:
            if (constant := data.get(f"one-{name}", "")) and name not in columns:
                columns[name] = {"value": constant}
        beside = ("from", "join", "where", "group")
        kept = {key: value for key, value in self.feed.given.items() if key in beside}
        return kept | {"columns": columns} | ({"leave": left} if left else {})

    def _said(self, place: int, column: FileColumn, old: str, kind: str) -> Any:
        """The short form where nothing is said about how the column is read."""
        data = self.cleaned_data
        beyond = {key: value for key, value in self._rule(old).items() if key in ("otherwise", "type")}
        said: Rule = {"from": column.name} | beyond
        if kind in DATED and data.get(f"order-{place}"):
            said["order"] = data[f"order-{place}"]
        if kind in COUNTED:
            said |= {name: value for name in ("unit", "decimal") if (value := data.get(f"{name}-{place}"))}
        pairs = [line.split("=", 1) for line in data.get(f"values-{place}", "").splitlines() if line.strip()]
        if pairs:
            said["values"] = {old.strip(): new.strip() for old, new in pairs}
        return said if len(said) > 1 else column.name

    def _is_shown(self, name: str, rule: Any) -> bool:
        """Whether the form has fields for a rule: one column, or one value, into a standard column."""
        if name not in self.feed.spec.columns:
            return False
        if isinstance(rule, Mapping) and "value" in rule:
            return True
        return name in self.feed.fed

    @property
    def columns(self) -> list[FileColumn]:
        return [column for column, _target in self.places]

    @property
    def lines(self) -> list[Line]:
        return [self._line(place, column) for place, column in enumerate(self.columns)]

    def _line(self, place: int, column: FileColumn) -> Line:
        kind = self.feed.spec.columns.get(self.value(f"to-{place}"), "")
        looks = {kind, column.type}
        shown = [
            *(["order"] if looks & {*DATED} else []),
            *(["unit", "decimal"] if looks & {*COUNTED} else []),
            "values",
        ]
        details = [self[f"{name}-{place}"] for name in shown]
        is_asked = kind in DATED and column.dates.ambiguous and not self.value(f"order-{place}")
        is_open = is_asked or any(field.errors for field in details)
        return Line(column, self[f"to-{place}"], details, is_open)

    @property
    def needs(self) -> list[Need]:
        spec = self.feed.spec
        return [self._need(need.split("|")) for need in dict.fromkeys((*spec.key, *spec.needs))]

    def _need(self, names: list[str]) -> Need:
        targets = {self.value(f"to-{place}"): each.name for place, each in enumerate(self.columns)}
        fed_by = next((targets[name] for name in names if name in targets), "")
        derived = next((self._derived(name) for name in names if self._derived(name)), "")
        constant = next((self.value(f"one-{name}") for name in names if self.value(f"one-{name}")), "")
        label = " / ".join(column_label(name) for name in names)
        rule = self.feed.rules.get(names[0])
        is_joined = names[0] in self.feed.spec.key and isinstance(rule, Mapping) and "join" in rule
        return Need(names, label, fed_by or derived, constant, self[f"one-{names[0]}"], is_joined)

    def _derived(self, name: str) -> str:
        rule = self.feed.rules.get(name)
        return " + ".join(headers_of(rule)) if rule is not None and not self._is_shown(name, rule) else ""

    @property
    def constants(self) -> list[forms.BoundField]:
        """One value for all rows, for the columns that are not needed."""
        needed = {name for need in self.needs for name in need.names}
        return [self[f"one-{name}"] for name in self.feed.spec.columns if name not in needed]

    @property
    def others(self) -> list[str]:
        """What the mapping says beyond the form, in short: it stays as it is."""
        shown = [
            f"{name} ← {' + '.join(headers_of(rule)) or source_of(rule)}"
            for name, rule in self.feed.rules.items()
            if not self._is_shown(name, rule)
        ]
        joined = [f"+ {each.get('file', '')}" for each in self.feed.given.get("join") or ()]
        where = [f"{name}: {wanted}" for name, wanted in (self.feed.given.get("where") or {}).items()]
        return shown + joined + where


def _named(name: str) -> str:
    label = column_label(name)
    return f"{label} · {name}" if label.replace(" ", "_") != name else label
