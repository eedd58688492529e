"""Files to take along: always as an attachment, harmless in a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO, Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from steelyard.errors import Refused
from steelyard.lake.cells import as_cell, neutralised

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = "application/pdf"
SPREADSHEET_ROWS = 1_000_000
# No text of ours becomes a formula or a link in a workbook.
HARMLESS = {"strings_to_formulas": False, "strings_to_urls": False}
Batches = Iterable[Sequence[Sequence[Any]]]


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response.headers["Content-Disposition"] = disposition(name)
    return response


def disposition(name: str) -> str:
    """The header for a file name; names beyond ASCII the way browsers read them."""
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def write_csv(file: IO[bytes], columns: Sequence[str], batches: Batches) -> None:
    """UTF-8 with a byte order mark, which is how a spreadsheet in China knows it."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for batch in batches:
        writer.writerows([as_cell(value) for value in row] for row in batch)
    text.flush()
    text.detach()


def write_xlsx(file: IO[bytes], columns: Sequence[str], batches: Batches) -> None:
    """Numbers and dates stay what they are; refused where a sheet has no room for the rows."""
    import xlsxwriter

    options = {**HARMLESS, "constant_memory": True, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, columns)
        for number, row in enumerate((row for batch in batches for row in batch), start=1):
            if number > SPREADSHEET_ROWS:
                raise Refused("measure.too-many-for-xlsx", limit=SPREADSHEET_ROWS)
            sheet.write_row(number, 0, [safe(value) for value in row])


def safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula is neutralised; numbers stay numbers."""
    return neutralised(value) if isinstance(value, str) else value
