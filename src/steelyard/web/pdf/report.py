"""What `report.typ` prints: the whole argument from the gap to what is done about it."""

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from steelyard.web.pdf.parts import Page
from steelyard.web.pdf.render import render_pdf


class Point(TypedDict):
    """A line of a list; `depth` 0 stands at the margin."""

    text: str
    note: str
    depth: int


class Points(TypedDict):
    title: str
    note: str
    points: list[Point]


class Section(TypedDict):
    """One part of the page: `kind` is the name of the Typst function that sets `content`."""

    kind: str  # "beams", "picture", "lines", "paragraph", "points", "definitions"
    content: Mapping[str, Any]


class ReportSheet(Page):
    """A report on paper."""

    sections: list[Section]


def report_pdf(sheet: ReportSheet, images: Mapping[str, bytes]) -> bytes:
    """The report as A4 pages."""
    return render_pdf("report", cast(dict, sheet), images)
