"""The figures of a diagnosis as a workbook: numbers stay numbers, and no name becomes a formula."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.diagnose.queries.reading import Segment
from steelyard.apps.diagnose.views.parts import Sheet
from steelyard.web.downloads import HARMLESS

Rows = list[list[Any]]


def workbook_of(sheet: Sheet) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**HARMLESS, "in_memory": True}) as book:
        for title, rows in (
            (_("Diagnosis"), _summary(sheet)),
            (_("Drivers"), _drivers(sheet)),
            (_("Segments"), _segments(sheet.reading.segments)),
            (_("Bright spots"), _segments(sheet.reading.bright_spots)),
        ):
            page = book.add_worksheet(title)
            for place, row in enumerate(rows):
                page.write_row(place, 0, row)
    return target.getvalue()


def _summary(sheet: Sheet) -> Rows:
    reading = sheet.reading
    return [
        [sheet.headline.text],
        [_("Data"), sheet.data_line],
        *([[_("Data check"), sheet.gate]] if sheet.gate else []),
        [_("Actual"), reading.actual],
        [_("Held against"), reading.baseline],
        [pgettext("to a baseline", "Gap"), reading.gap],
    ]


def _drivers(sheet: Sheet) -> Rows:
    head = [_("Driver"), _("Effect on the gap"), _("Low"), _("High"), _("Before"), _("Now")]
    lines = zip(sheet.drivers, sheet.reading.drivers, strict=True)
    return [
        head,
        *(
            [line.name, each.contribution, each.low, each.high, each.baseline, each.actual]
            for line, each in lines
        ),
    ]


def _segments(found: Sequence[Segment]) -> Rows:
    """A column for each dimension, then the figures."""
    dimensions = sorted({name for each in found for name in each.where})
    head = [*dimensions, _("Effect on the gap"), _("Low"), _("High"), "p", "n", _("Now"), _("Expected")]
    return [head, *([*_values(each, dimensions), *_figures(each)] for each in found)]


def _values(each: Segment, dimensions: Sequence[str]) -> list[Any]:
    return [each.where.get(name) or "" for name in dimensions]


def _figures(each: Segment) -> list[Any]:
    return [each.contribution, each.low, each.high, each.p, each.n, each.actual, each.expected]
