"""Rows of a form that can be many: what follows, who shares, the steps. An empty row says nothing."""

import datetime
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.words import names

MOST = 20
SPARE = 1
# What lies further off is a slip of the keyboard, and months up to there could not be told.
FIRST, LAST = datetime.date(1990, 1, 1), datetime.date(2199, 12, 31)
HUNDREDTH = Decimal("0.01")
Row = dict[str, Any]


@dataclass
class Rows(ABC):
    """Texts of the cells, by number; `at_least` rows are shown."""

    data: Mapping[str, Any] | None
    initial: Iterable[Row] = ()
    prefix: str = ""
    cells: tuple[str, ...] = ()
    at_least: int = 2
    lines: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.lines = self._sent() if self.data is not None else [self.typed(row) for row in self.initial]
        given = [line for line in self.lines if any(line.values())]
        empty = dict.fromkeys(self.cells, "")
        room = max(self.at_least - len(given), SPARE if given else 0)
        self.lines = [*given, *(dict(empty) for _number in range(min(room, MOST - len(given))))]

    def _sent(self) -> list[dict[str, str]]:
        data = self.data or {}
        rows = []
        for number in range(MOST):
            line = {cell: str(data.get(self.name(number, cell), "")).strip() for cell in self.cells}
            rows.append(line)
        return rows

    def name(self, number: int, cell: str) -> str:
        return f"{self.prefix}-{number}-{cell}"

    def typed(self, row: Row) -> dict[str, str]:
        """What is kept, as it would be typed."""
        return {cell: str(row.get(cell) or "") for cell in self.cells}

    @property
    def shown(self) -> list[dict[str, Any]]:
        """For the template: the number of the row, and of each cell its name and text."""
        return [
            {
                "number": number + 1,
                "cells": {
                    cell: {"name": self.name(number, cell), "value": text} for cell, text in line.items()
                },
            }
            for number, line in enumerate(self.lines)
        ]

    @property
    def is_given(self) -> bool:
        return any(any(line.values()) for line in self.lines)

    def cleaned(self, *, ends: datetime.date | None) -> tuple[list[Row], list[str]]:
        """The rows that say something, and what is wrong with the others."""
        found, faults = [], []
        for number, line in enumerate(self.lines, start=1):
            if not any(line.values()):
                continue
            try:
                found.append(self.read(line, ends=ends))
            except forms.ValidationError as error:
                faults += [f"{self.label(number)}: {message}" for message in error.messages]
        return found, faults

    @abstractmethod
    def label(self, number: int) -> str:
        """How a message names the row."""

    @abstractmethod
    def read(self, line: Mapping[str, str], *, ends: datetime.date | None) -> Row:
        """What a row says, or a ValidationError."""


def whole_percent(text: str) -> Decimal:
    """90 or 90%, as hundredths of one."""
    value = amounts.cleaned(text.rstrip("%％ ") or "", unit="percent")
    if value is None:
        raise forms.ValidationError(_("The percentage is missing."))
    return value


class ConsequenceRows(Rows):
    """What happens at a share of the target."""

    KINDS = ("pay", "growth", "recognition")

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Iterable[Row]) -> None:
        super().__init__(data, initial, prefix="follows", cells=("at", "kind", "amount", "text"), at_least=3)
        is_sent = any(name.startswith(f"{self.prefix}-") for name in data or ())
        if not is_sent and not self.is_given:
            for line, at in zip(self.lines, ("90%", "100%", "120%"), strict=False):
                line["at"] = at

    @property
    def is_given(self) -> bool:
        """A percentage alone says nothing yet."""
        return any(line["amount"] or line["text"] for line in self.lines)

    @property
    def kinds(self) -> list[tuple[str, str]]:
        return [(kind, names.consequence_name(kind)) for kind in self.KINDS]

    def typed(self, row: Row) -> dict[str, str]:
        return {
            "at": amounts.write(row["at"], unit="percent"),
            "kind": row["kind"],
            "amount": amounts.write(row.get("amount"), unit="money"),
            "text": row.get("text", ""),
        }

    def label(self, number: int) -> str:
        return _("What follows, row %(number)d") % {"number": number}

    def cleaned(self, *, ends: datetime.date | None) -> tuple[list[Row], list[str]]:
        """A row with its percentage alone says nothing yet."""
        self_lines = self.lines
        self.lines = [
            line if line["amount"] or line["text"] else dict.fromkeys(line, "") for line in self_lines
        ]
        try:
            return super().cleaned(ends=ends)
        finally:
            self.lines = self_lines

    def read(self, line: Mapping[str, str], *, ends: datetime.date | None) -> Row:
        at = whole_percent(line["at"])
        amount = amounts.cleaned(line["amount"], unit="money")
        kind = line["kind"] if line["kind"] in self.KINDS else "pay" if amount is not None else "growth"
        return {
            "at": f"{at:.2f}" if at == at.quantize(HUNDREDTH) else f"{at.normalize():f}",
            "kind": kind,
            "text": line["text"],
            "amount": None if amount is None else f"{amount:.2f}",
        }


class CreditRows(Rows):
    """Who shares the goal, and how much of it is theirs."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        initial: Iterable[Row],
        units: Iterable[tuple[str, Any]],
    ) -> None:
        self.units = list(units)
        self.known = {key for _kind, listed in self.units for key, _name in listed}
        super().__init__(data, initial, prefix="shared", cells=("unit", "share"), at_least=2)

    def typed(self, row: Row) -> dict[str, str]:
        return {"unit": row["unit"], "share": f"{amounts.plain(Decimal(str(row['share'])))}%"}

    def label(self, number: int) -> str:
        return _("Shared credit, row %(number)d") % {"number": number}

    def read(self, line: Mapping[str, str], *, ends: datetime.date | None) -> Row:
        if line["unit"] not in self.known:
            raise forms.ValidationError(_("Whose share is it?"))
        return {"unit": line["unit"], "share": whole_percent(line["share"]) * 100}


class MilestoneRows(Rows):
    """The steps, each with its day; one without a day is due at the end."""

    def __init__(self, data: Mapping[str, Any] | None, *, initial: Iterable[Row]) -> None:
        super().__init__(data, initial, prefix="step", cells=("key", "title", "due_on"), at_least=2)

    def label(self, number: int) -> str:
        return _("Milestone %(number)d") % {"number": number}

    def read(self, line: Mapping[str, str], *, ends: datetime.date | None) -> Row:
        if not line["title"]:
            raise forms.ValidationError(_("What is done then?"))
        return {"key": line["key"], "title": line["title"], "due_on": due(line["due_on"], ends)}


def far_off() -> str:
    return _("Give a day from %(first)d to %(last)d.") % {"first": FIRST.year, "last": LAST.year}


def due(text: str, ends: datetime.date | None) -> datetime.date:
    if text:
        try:
            day = datetime.date.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(_("“%(text)s” is no day.") % {"text": text[:20]}) from None
        if not FIRST <= day <= LAST:
            raise forms.ValidationError(far_off())
        return day
    if ends is None:
        raise forms.ValidationError(_("By when?"))
    return ends - datetime.timedelta(days=1)
