"""The sheet as a workbook, out and in again; and one paste for everyone."""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from steelyard.apps.access.policy import door, record
from steelyard.apps.goals.actions.cascade_table import take_table
from steelyard.apps.goals.forms.cascades import PasteForm
from steelyard.apps.goals.models import Cascade
from steelyard.apps.goals.queries.cascade_sheets import Line, Sheet, sheet_of
from steelyard.apps.goals.queries.cascade_workbook import (
    CODE,
    MOST_ERRORS,
    Table,
    is_whole,
    read_table,
    rows_of_text,
    text_of_rows,
    wrong_sums,
)
from steelyard.apps.goals.queries.cascades import cascade_seen_by
from steelyard.apps.goals.views.cascade_showing import around, is_late, version_of
from steelyard.apps.goals.views.cascades import based_on
from steelyard.apps.goals.words import cascades as words
from steelyard.apps.goals.words import names
from steelyard.apps.jobs.views import actor_of
from steelyard.errors import Refused
from steelyard.lake.imports.limits import Limits
from steelyard.lake.imports.workbook import check_members, open_workbook, sheet_names, sheet_rows
from steelyard.web.downloads import HARMLESS, XLSX, attachment, safe

FORMATS = {"money": "#,##0.00", "percent": "0.0%"}
LANGUAGES = ("en", "zh-hans")
HEAD = 2
Rows = list[tuple[int, list[str]]]


@door("goals.spread")
@require_safe
def cascade_xlsx(request: HttpRequest, public_id: str) -> HttpResponse:
    found = cascade_seen_by(request.user, public_id)
    version, sheet = version_of(found), sheet_of(found)
    record(request.user, "goals.export", goals=len(sheet.lines))
    name = f"{version.title[:60]} {names.stretch_of(version)}.xlsx"
    return attachment(workbook_of(found, sheet), name, XLSX)


def workbook_of(found: Cascade, sheet: Sheet) -> bytes:
    """One sheet for all: a hidden column of codes, units, totals and months; figures are numbers."""
    import xlsxwriter

    target, version = io.BytesIO(), version_of(found)
    with xlsxwriter.Workbook(target, {**HARMLESS, "in_memory": True}) as book:
        page = book.add_worksheet(_("Targets"))
        bold = book.add_format({"bold": True})
        form = book.add_format(
            {"num_format": FORMATS.get(version.unit, "#,##0" if not sheet.minor else "#,##0.00")}
        )
        strong = book.add_format({"bold": True, "num_format": form.num_format})
        page.write_string(0, 1, safe(f"{version.title} · {names.stretch_of(version)}"), bold)
        head = [CODE, _("Unit"), pgettext("of a row", "Total"), *sheet.periods]
        page.write_row(HEAD, 0, head, bold)
        for row, line in enumerate(sheet.lines, start=HEAD + 1):
            _write_line(page, row, line, sheet, strong if line.is_parent else form)
        page.set_column(0, 0, None, None, {"hidden": True})
        page.set_column(1, 1, 32)
        page.set_column(2, 2 + len(sheet.periods), 14)
        page.freeze_panes(HEAD + 1, 3)
    return target.getvalue()


def _write_line(page: Any, row: int, line: Line, sheet: Sheet, form: Any) -> None:
    """Sums are formulas where they hold, so that they follow what is typed."""
    from xlsxwriter.utility import xl_rowcol_to_cell as at

    page.write_string(row, 0, line.key)
    page.write_string(row, 1, safe("  " * line.depth + words.unit_name(line)))
    below = [place for place, each in enumerate(sheet.lines, start=HEAD + 1) if each.parent == line.key]
    last = 2 + len(sheet.periods)
    if line.total is not None and not sheet.is_ratio:
        page.write_formula(row, 2, f"=SUM({at(row, 3)}:{at(row, last)})", form, float(line.total))
    elif line.total is not None:
        page.write_number(row, 2, float(line.total), form)
    for column, value in enumerate(line.values, start=3):
        if value is None:
            continue
        if below and not sheet.is_ratio and _is_sum(line, column - 3, sheet):
            cells = "+".join(at(place, column) for place in below)
            page.write_formula(row, column, f"={cells}", form, float(value))
        else:
            page.write_number(row, column, float(value), form)


def _is_sum(line: Line, place: int, sheet: Sheet) -> bool:
    parts = [each.values[place] for each in sheet.lines if each.parent == line.key]
    return sum(part or 0 for part in parts) == line.values[place]


@door("goals.spread")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def import_cascade(request: HttpRequest, public_id: str) -> HttpResponse:
    """A table back in: first what it would do, then taken over."""
    found = cascade_seen_by(request.user, public_id)
    if is_late(request, found):
        return redirect("cascade", public_id)
    sheet = sheet_of(found)
    if sheet.is_ratio or (found.result or {}).get("is_change"):
        raise Refused("access.denied", 404)
    if request.method != "POST":
        return table_page(request, found, sheet, PasteForm())
    form = PasteForm(request.POST, request.FILES)
    try:
        if refused := getattr(request, "upload_refused", None):
            raise refused
        if not form.is_valid():
            return table_page(request, found, sheet, form, status=422)
        rows = rows_sent(form)
        table = read_table(rows, sheet, months=months_by_name(sheet))
        if "take" not in request.POST:
            return table_page(request, found, sheet, form, table=table, rows=rows)
        take_table(
            actor_of(request),
            found,
            table,
            sheet,
            based_on=based_on(request),
            declares="declares" in request.POST,
        )
    except Refused as refusal:
        if refusal.status == 404:
            raise
        said = words.refusal(refusal, sheet.by_key)
        return table_page(request, found, sheet, form, refused=said, status=422)
    messages.success(request, _("The table is taken over. Nothing holds until you apply it."))
    return redirect("cascade", public_id)


def table_page(
    request: HttpRequest,
    found: Cascade,
    sheet: Sheet,
    form: PasteForm,
    *,
    table: Table | None = None,
    rows: Rows | None = None,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    wrong = wrong_sums(table, sheet) if table and not table.errors else []
    context = {
        **around(found, "import_cascade"),
        "headline": table_headline(table) if table else _("Bring targets in from a table"),
        "lede": _(
            "Rows of people or teams, columns of months such as 2027-01; an exported workbook fits as it is. "
            "Empty cells are filled by the method."
        ),
        "form": form,
        "table": table,
        "text": text_of_rows(rows) if rows else "",
        "errors": [error_words(each, sheet) for each in table.errors[:MOST_ERRORS]] if table else [],
        "wrong": [words.sum_words(each, sheet) for each in wrong[:MOST_ERRORS]],
        "may_take": table is not None and not table.errors and bool(table.cells),
        "is_whole": table is not None and is_whole(table, sheet),
        "refused": refused,
    }
    return render(request, "goals/cascade_table.html", context, status=status)


def table_headline(table: Table) -> str:
    if table.errors:
        told = ngettext(
            "%(number)s cell or row cannot be read",
            "%(number)s cells or rows cannot be read",
            len(table.errors),
        )
        return told % {"number": len(table.errors)}
    return _("%(units)s rows read, %(changed)s cells are new") % {
        "units": table.units,
        "changed": table.changed,
    }


def error_words(error: Any, sheet: Sheet) -> dict[str, Any]:
    said = {
        "unknown-unit": _(
            "No team and nobody here is called “%(text)s”, or several are. Use the exported codes."
        ),
        "unit-twice": _("“%(text)s” stands there twice."),
        "no-number": _("“%(text)s” is no number."),
        "below-zero": _("%(text)s is below zero."),
        "too-fine": _("%(text)s has more decimals than the goal's smallest unit."),
    }[error.fault] % {"text": error.text}
    return {"row": error.number, "period": words.month(error.period) if error.period else "", "said": said}


def rows_sent(form: PasteForm) -> Rows:
    """Of the workbook, else of the paste."""
    sent = form.cleaned_data.get("file")
    if not sent:
        return rows_of_text(form.cleaned_data["table"])
    limits = Limits.browser()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        with path.open("wb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        check_members(path, name=sent.name, limits=limits)
        book = open_workbook(path, name=sent.name)
        names_of_sheets: Sequence[str] = sheet_names(book)
        if not names_of_sheets:
            raise Refused("goals.sheet-unreadable")
        rows, _merged = sheet_rows(book, names_of_sheets[0], name=sent.name)
        return [(number, list(row)) for number, row in rows]


def months_by_name(sheet: Sheet) -> dict[str, str]:
    """Every name of a month of the sheet, in both languages: 2027-01, Jan 2027, 2027年1月."""
    found = {label.casefold(): label for label in sheet.periods}
    for language in LANGUAGES:
        with override(language):
            found |= {words.month(label).casefold(): label for label in sheet.periods}
    return found
