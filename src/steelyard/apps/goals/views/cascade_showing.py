"""What the pages of a cascade show: its lines as rows, months and quarters as columns, what stands around."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.goals.forms import amounts
from steelyard.apps.goals.forms.cascades import field_name
from steelyard.apps.goals.models import Cascade, GoalVersion
from steelyard.apps.goals.queries.cascade_filling import is_bound
from steelyard.apps.goals.queries.cascade_sheets import Line, Sheet, visible
from steelyard.apps.goals.views.frame import currency
from steelyard.apps.goals.words import cascades as words
from steelyard.apps.goals.words import names
from steelyard.apps.measure.queries.calendar import main_grain, period_of, read_period
from steelyard.apps.measure.words.names import period_name
from steelyard.errors import Refused
from steelyard.web.numbers import MISSING

# So many people are shown at once; with more, teams are opened one by one.
ALL_OPEN = 80
ALL = "*"


@dataclass(frozen=True)
class Column:
    """A month, or the sum of those of a quarter (`months` are places of the sheet's periods)."""

    label: str
    months: tuple[int, ...]
    period: str | None = None


def version_of(found: Cascade) -> GoalVersion:
    version = found.goal.current
    if version is None:
        raise Refused("access.denied", 404)
    return version


def is_late(request: HttpRequest, found: Cascade) -> bool:
    """Whether a page that drafts have is asked for after the cascade was applied or undone."""
    return found.state != Cascade.State.DRAFT and request.method in ("GET", "HEAD")


def columns_of(sheet: Sheet) -> list[Column]:
    """Each month, and after the last of a quarter their sum; few months have none."""
    months = [Column(short_month(label), (at,), label) for at, label in enumerate(sheet.periods)]
    if len(months) <= 3:
        return months
    found: list[Column] = []
    gathered: list[int] = []
    for at, column in enumerate(months):
        found.append(column)
        gathered.append(at)
        quarter = quarter_of(sheet.periods[at])
        if quarter and (at + 1 == len(months) or quarter_of(sheet.periods[at + 1]) != quarter):
            if len(gathered) > 1:
                found.append(Column(quarter, tuple(gathered)))
            gathered = []
    return found


def quarter_of(label: str) -> str:
    try:
        return period_name(period_of(read_period(label).start, main_grain()))
    except Refused:
        return ""


def short_month(label: str) -> str:
    return words.month(label)


def opened_of(request: HttpRequest, sheet: Sheet) -> list[str]:
    """Teams whose people are shown, as the address or the form says."""
    asked = request.POST.get("open") if request.method == "POST" else request.GET.get("open")
    every = [line.key for line in sheet.teams]
    if asked is None:
        asked = ALL if len(sheet.people) <= ALL_OPEN else ""
    if asked == ALL:
        return every
    chosen = set(asked.split(","))
    return [key for key in every if key in chosen]


def grid_of(
    found: Cascade,
    sheet: Sheet,
    *,
    opened: Collection[str],
    may_type: bool,
    typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    unit, columns = version_of(found).unit, columns_of(sheet)
    months_are_from_above = is_bound(found.goal)
    address = reverse("cascade", args=[found.public_id])
    said = Typed(typed or {}, wrong or {})
    fields = may_type and not sheet.is_ratio
    is_change = bool((found.result or {}).get("is_change"))
    rows = [
        {
            **fold_of(line, sheet, opened=opened, address=address),
            "cells": [
                total_cell(line, unit=unit, may_type=fields and not is_change, said=said),
                *([chance_cell(line)] if sheet.fairness is not None else []),
                *(
                    month_cell(
                        line,
                        column,
                        unit=unit,
                        may_type=fields and not ((months_are_from_above or is_change) and line is sheet.root),
                        said=said,
                    )
                    for column in columns
                ),
            ],
        }
        for line in visible(sheet, opened)
    ]
    return {
        "rows": rows,
        "columns": [{"label": column.label, "is_sum": column.period is None} for column in columns],
        "opened": ",".join(opened) if len(opened) < len(sheet.teams) else ALL if opened else "",
        "has_chances": sheet.fairness is not None,
        "address": address,
    }


@dataclass(frozen=True)
class Typed:
    """What was typed and could not be taken, with what is wrong with it."""

    texts: Mapping[str, str]
    wrong: Mapping[str, str]


def fold_of(line: Line, sheet: Sheet, *, opened: Collection[str], address: str) -> dict[str, Any]:
    """What stands before a row: how deep it is, and the address that opens or closes it."""
    is_open = line.key in opened or line is sheet.root
    others = [key for key in opened if key != line.key] if is_open else [*opened, line.key]
    return {
        "name": words.unit_name(line),
        "depth": min(line.depth, 4),
        "is_parent": line.is_parent,
        "is_open": is_open,
        "fold": f"{address}?open={','.join(others)}" if line.is_parent and line is not sheet.root else "",
    }


def month_cell(line: Line, column: Column, *, unit: str, may_type: bool, said: Typed) -> dict[str, Any]:
    if column.period is None:
        text = amounts.write(summed(line, column.months), unit=unit) or MISSING
        return {"text": text, "classes": "num closed month tally", "label": column.label}
    value = line.values[column.months[0]] if line.values else None
    return _cell(
        line,
        column.period,
        value,
        label=column.label,
        unit=unit,
        may_type=may_type and column.period not in line.closed,
        said=said,
    )


def chance_cell(line: Line) -> dict[str, Any]:
    text = words.percent(line.chance) if line.chance is not None else "" if line.is_parent else MISSING
    return {"text": text, "classes": "num low" if line.is_low else "num", "label": _("Chance")}


def total_cell(line: Line, *, unit: str, may_type: bool, said: Typed) -> dict[str, Any]:
    is_root = line.parent is None
    return _cell(
        line,
        None,
        line.total,
        label=pgettext("of a row", "Total"),
        unit=unit,
        may_type=may_type and not is_root,
        said=said,
    )


def _cell(
    line: Line,
    period: str | None,
    value: Decimal | None,
    *,
    label: str,
    unit: str,
    may_type: bool,
    said: Typed,
) -> dict[str, Any]:
    text = amounts.write(value, unit=unit)
    classes = "num month" if period else "num"
    if not may_type:
        return {"text": text or MISSING, "classes": f"{classes} closed", "label": label}
    name, is_locked = field_name("lock", line.key, period), period in line.locked
    return {
        "name": name,
        "value": said.texts.get(name, text),
        "is_wrong": name in said.wrong,
        "label": label,
        "told": f"{words.unit_name(line)}, {label}",
        "is_locked": is_locked,
        "classes": f"{classes} locked" if is_locked else classes,
    }


def shown_texts(sheet: Sheet, *, unit: str) -> dict[str, str]:
    """Every cell as its field showed it: what comes back the same was not typed."""
    found = {}
    for line in sheet.lines:
        found[field_name("lock", line.key)] = amounts.write(line.total, unit=unit)
        for period, value in zip(sheet.periods, line.values, strict=False):
            found[field_name("lock", line.key, period)] = amounts.write(value, unit=unit)
    return found


def summed(line: Line, places: Sequence[int]) -> Decimal | None:
    """Several months together; of a ratio from its parts, never from ratios."""
    if line.denominators and line.denominators[0] is not None:
        base = sum((line.denominators[at] or Decimal(0) for at in places), Decimal(0))
        part = sum((line.numerators[at] or Decimal(0) for at in places), Decimal(0))
        return (part / base).quantize(Decimal("0.000001")) if base else None
    known = [line.values[at] for at in places if line.values and line.values[at] is not None]
    return sum((value for value in known if value is not None), Decimal(0)) if known else None


def around(found: Cascade, here: str) -> dict[str, Any]:
    """What stands around every page of a cascade."""
    version = version_of(found)
    pages = [
        ("cascade_methods", _("Methods")),
        ("cascade", pgettext("of a cascade", "Sheet")),
        ("cascade_people", _("People, limits, leave")),
        ("import_cascade", _("From a table")),
        ("preview_cascade", _("Preview")),
    ]
    if found.state != Cascade.State.DRAFT:
        pages = [("cascade", pgettext("of a cascade", "Sheet"))]
    elif (found.result or {}).get("is_change"):
        pages = [("cascade", pgettext("of a cascade", "Sheet")), ("preview_cascade", _("Preview"))]
    return {
        "cascade": found,
        "goal": found.goal,
        "goal_title": version.title,
        "stretch": names.stretch_of(version),
        "owner": names.owner_name(found.goal),
        "tabs": [
            {"label": label, "href": reverse(name, args=[found.public_id]), "is_here": name == here}
            for name, label in pages
        ]
        if len(pages) > 1
        else [],
        "is_draft": found.state == Cascade.State.DRAFT,
        "state": words.state_name(found.state),
        "may_go_back": bool((found.result or {}).get("edits") or (found.result or {}).get("changes"))
        and found.state == Cascade.State.DRAFT,
    }


def told(found: Cascade, sheet: Sheet) -> dict[str, Any]:
    """The conclusion, and what there is to know before reading the figures."""
    unit = version_of(found).unit
    return {
        "headline": words.headline(sheet, unit=unit, currency=currency()),
        "lede": words.lede(sheet),
        "warnings": words.warned(sheet.warnings, sheet.by_key),
        "fairness": words.fairness(sheet.fairness),
    }
