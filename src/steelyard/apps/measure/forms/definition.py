"""The form of a KPI: the same declaration that is written as YAML, field by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.data.words import column_label, table_label
from steelyard.apps.measure.forms.fields import DENOMINATOR, MEASURE, NUMERATOR, PARTS, ROWS, document_of
from steelyard.apps.measure.queries.declaring import known_tables, numbers_in
from steelyard.apps.measure.words import declarations, names
from steelyard.engine.kpi.definitions import DIMENSIONS
from steelyard.errors import Refused

TESTS = ("in", "present", "absent", "less", "more")
# How each kind can be measured; the kinds not named here take only their own way.
WAYS = {
    "snapshot": ("sum", "count"),
    "quantile": ("days", "of"),
    "ratio": ("count", "sum", "distinct", "days", "of"),
}
ALWAYS_SHOWN = 1
Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Condition:
    column: forms.BoundField
    test: forms.BoundField
    values: forms.BoundField


@dataclass(frozen=True)
class Piece:
    """One thing that is counted or added up: the fields of it that its way of measuring needs."""

    title: str
    columns_id: str
    fields: tuple[forms.BoundField, ...]
    conditions: tuple[Condition, ...]
    own: tuple[forms.BoundField, ...]


class DefinitionForm(forms.Form):
    """All fields are text; whether they make a KPI, the engine says."""

    def __init__(self, data: Any = None, *, initial: Mapping[str, Any] | None = None, is_new: bool) -> None:
        super().__init__(data, initial=dict(initial or {}), label_suffix="")
        self.is_new = is_new
        self.tables = known_tables()
        self.fields["kept"] = forms.CharField(required=False, widget=forms.HiddenInput)
        self._add_words()
        self._add_source()
        for part in PARTS:
            self._add_part(part)
        for prefix in ("", *(f"{part}_" for part in PARTS)):
            self._add_conditions(prefix)
        self._text("reason", _("Why this change"), limit=400)

    def shape(self, changed: str) -> None:
        """Which fields are shown follows from some of them: these ask for the form anew, and keep focus."""
        for name in ("kind", "table", *(f"{part}_{key}" for part in PARTS for key in ("what", "table"))):
            self.fields[name].widget.attrs["hx-post"] = ""
        if changed in self.fields:
            self.fields[changed].widget.attrs["autofocus"] = True

    @property
    def document(self) -> dict[str, Any]:
        """The declaration that the fields say."""
        said = {name: self.now(name) for name in self.fields}
        said |= {f"{part}_what": self.way_of(part) for part in PARTS}
        shared = self.now("table")
        tables = {"": shared, **{part: self.now(f"{part}_table") or shared for part in PARTS}}
        return document_of(said, numbers_in(tables))

    def now(self, name: str) -> str:
        """What a field holds at the moment, sent or given."""
        value = self[name].value()
        return "" if value is None else str(value)

    @property
    def kind(self) -> str:
        return self.now("kind") or "count"

    def way_of(self, part: str) -> str:
        """How a part is measured, where its kind leaves a choice; else as the kind says."""
        ways = WAYS.get(self.kind)
        if ways is None:
            return self.kind
        chosen = self.now(f"{part}_what")
        return chosen if chosen in ways or (not chosen and self._keeps_measure(part)) else ways[0]

    def _keeps_measure(self, part: str) -> bool:
        """A way of measuring that no field shows stands in what is kept."""
        return f'"{part}"' in self.now("kept")

    @cached_property
    def pieces(self) -> list[Piece]:
        """What is counted or added up, by the kind: one thing, or two to be divided."""
        if self.kind == "formula":
            return []
        if self.kind == "ratio":
            return [
                self._piece(NUMERATOR, _("Numerator: what is divided")),
                self._piece(DENOMINATOR, _("Denominator: what it is divided by")),
            ]
        return [self._piece(MEASURE, _("What is measured"))]

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return self._conditions("")

    @property
    def columns(self) -> list[tuple[str, Choices]]:
        """(id of a list, the columns to pick from) for each table that is in play."""
        shared = self.now("table")
        tables = {"columns": shared, **{f"columns-{p}": self.now(f"{p}_table") or shared for p in PARTS}}
        return [
            (key, [(column, column_label(column)) for column in self.tables.get(table, ())])
            for key, table in tables.items()
        ]

    def check_complete(self) -> None:
        """What a declaration cannot do without, said at each field at once."""
        needed = ["id", "names_en", "names_zh", "note_en", "note_zh"]
        needed += ["formula"] if self.kind == "formula" else ["table", "date"]
        for key in ("gaming", "levers"):
            if self.now(f"{key}_en").strip() or self.now(f"{key}_zh").strip():
                needed += [f"{key}_en", f"{key}_zh"]
        parts = {"formula": (), "ratio": (NUMERATOR, DENOMINATOR)}.get(self.kind, (MEASURE,))
        needed += [name for part in parts for name in self._columns_needed(part)]
        for name in needed:
            if not self.now(name).strip():
                self.add_error(name, _("Fill this in."))

    def _columns_needed(self, part: str) -> list[str]:
        shown = {"days": ("column", "to", "at"), "of": ("column", "at"), "count": (), "": ()}
        return [f"{part}_{name}" for name in shown.get(self.way_of(part), ("column",))]

    def refuse(self, refusal: Refused) -> None:
        """Say what is wrong at the field that it is about."""
        field = self._field_of(str(refusal.params.get("key", "")))
        self.add_error(field, declarations.why_not(refusal))

    def _field_of(self, key: str) -> str | None:
        if key in self.fields:
            return key
        if key in ("names", "note", "gaming", "levers"):
            return next(
                (f"{key}_{each}" for each in ("en", "zh") if not self.now(f"{key}_{each}")), f"{key}_en"
            )
        if key in (*PARTS, "sum", "count", "distinct", "quantile"):
            pieces = {"numerator": NUMERATOR, "denominator": DENOMINATOR}
            return f"{pieces.get(key, NUMERATOR if self.kind == 'ratio' else MEASURE)}_column"
        if key.startswith("where."):
            return self._condition_of(key.removeprefix("where."))
        return None

    def _condition_of(self, column: str) -> str | None:
        prefixes = ("", *(f"{part}_" for part in PARTS))
        rows = (f"{prefix}w{place}" for prefix in prefixes for place in range(ROWS))
        return next((f"{row}_values" for row in rows if self.now(f"{row}_column") == column), None)

    def _add_words(self) -> None:
        self._text("id", _("Id"), limit=63, hint=_("Small letters, digits and _, such as key_account_wins."))
        if not self.is_new:
            self.fields["id"].widget = forms.HiddenInput()
        for language, name in (("en", _("English")), ("zh", _("Chinese"))):
            for key, label in declarations.labels_of_words().items():
                text = _("%(what)s (%(language)s)") % {"what": label, "language": name}
                self._text(f"{key}_{language}", text, limit=400, is_long=key != "names")
        dimensions = [(each, names.part_of_scorecard(each)) for each in DIMENSIONS]
        self._choice("dimension", _("Dimension"), dimensions)
        self._choice("kind", pgettext("of a KPI", "Kind"), declarations.kinds())
        self._choice("unit", pgettext("of measurement", "Unit"), declarations.units())
        self._choice("direction", _("Better is"), declarations.directions())
        self._text("owner", _("Who answers for it"), limit=80)
        self._text("floor", _("Fewest records"), limit=6)
        self.fields["floor"].help_text = _("With fewer records a team or a person has no value.")

    def _add_source(self) -> None:
        self._choice("table", pgettext("of facts", "Table"), [("", "—"), *self._table_choices()])
        self._column("date", _("Date that puts a record into a period"), columns_id="columns")
        self._choice("when", _("Records"), declarations.whens(), first="")
        self._text("formula", _("Formula"), limit=1000)
        self.fields["formula"].help_text = _(
            "Ids of KPIs with + − × ÷ and brackets, such as won_revenue ÷ leads."
        )
        self._text("tree", _("Factors of its tree"), limit=1000)
        self.fields["tree"].help_text = _(
            "A formula that gives the same figure out of other KPIs; a diagnosis splits a gap by it."
        )

    def _add_part(self, part: str) -> None:
        ways = declarations.ways()
        allowed = WAYS.get(self.kind, ())
        self._choice(f"{part}_what", _("How"), [each for each in ways if each[0] in allowed], first="")
        listed = f"columns-{part}"
        label = _("Column") if self.way_of(part) != "days" else _("From the date")
        self._column(f"{part}_column", label, columns_id=listed)
        self._column(f"{part}_to", _("To the date"), columns_id=listed)
        self._text(f"{part}_at", _("Quantile"), limit=6)
        self.fields[f"{part}_at"].help_text = _("0.5 is the median: half lie below it.")
        self._choice(
            f"{part}_table",
            _("Another table"),
            [("", _("the same")), *self._table_choices()],
        )
        self._column(f"{part}_date", _("Another date"), columns_id=listed)
        self._choice(f"{part}_when", _("Records"), declarations.whens(), first="")

    def _add_conditions(self, prefix: str) -> None:
        listed = f"columns-{prefix.removesuffix('_')}" if prefix else "columns"
        for place in range(ROWS):
            row = f"{prefix}w{place}"
            self._column(f"{row}_column", _("Column"), columns_id=listed)
            self._choice(f"{row}_test", _("Test"), declarations.tests())
            self._text(f"{row}_values", _("Values, separated by commas"), limit=1000)

    def _piece(self, part: str, title: str) -> Piece:
        way = self.way_of(part)
        shown = [f"{part}_what"] if self.kind in WAYS else []
        shown += [f"{part}_column"] if way != "count" else []
        shown += [f"{part}_to"] if way == "days" else []
        shown += [f"{part}_at"] if way in ("days", "of") else []
        own = [f"{part}_table", f"{part}_date", f"{part}_when"] if self.kind == "ratio" else []
        return Piece(
            title=title,
            columns_id=f"columns-{part}",
            fields=tuple(self[name] for name in shown),
            conditions=self._conditions(f"{part}_") if self.kind == "ratio" else (),
            own=tuple(self[name] for name in own),
        )

    def _conditions(self, prefix: str) -> tuple[Condition, ...]:
        """Those that are filled in, and an empty one."""
        rows = [f"{prefix}w{place}" for place in range(ROWS)]
        filled = [row for row in rows if self.now(f"{row}_column") or self.now(f"{row}_values")]
        empty = [row for row in rows if row not in filled][:ALWAYS_SHOWN]
        shown = [row for row in rows if row in filled or row in empty]
        return tuple(
            Condition(*(self[f"{row}_{name}"] for name in ("column", "test", "values"))) for row in shown
        )

    def _table_choices(self) -> Choices:
        return [(name, table_label(name)) for name in self.tables]

    def _text(self, name: str, label: str, *, limit: int, hint: str = "", is_long: bool = False) -> None:
        widget = (
            forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput(attrs={"autocomplete": "off"})
        )
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=limit, help_text=hint, widget=widget
        )

    def _column(self, name: str, label: str, *, columns_id: str) -> None:
        widget = forms.TextInput(attrs={"list": columns_id, "autocomplete": "off", "spellcheck": "false"})
        self.fields[name] = forms.CharField(label=label, required=False, max_length=63, widget=widget)

    def _choice(self, name: str, label: str, choices: Choices, *, first: str | None = None) -> None:
        """A value that is none of the choices, as a YAML document may have one, stays to be chosen."""
        held = str(self.data.get(name) if self.is_bound else self.initial.get(name) or "")
        listed = [*choices, *([(held, held)] if held and held not in dict(choices) else [])]
        self.fields[name] = forms.CharField(
            label=label, required=False, max_length=63, widget=forms.Select(choices=listed)
        )


class YamlDefinitionForm(forms.Form):
    """The same as one document: typed, or taken from a file."""

    text = forms.CharField(
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 26, "class": "code", "spellcheck": "false"}),
    )
    file = forms.FileField(required=False, widget=forms.FileInput(attrs={"accept": ".yaml,.yml"}))

    def __init__(self, data: Any = None, files: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, files, initial=initial, label_suffix="")
        self.fields["text"].label = _("The declaration as YAML")
        self.fields["file"].label = _("or take it from a file")
