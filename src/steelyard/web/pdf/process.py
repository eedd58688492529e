"""What `process.typ` prints: every word is made before, in the reader's language."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict, cast

from steelyard.web.pdf.diagnosis import Lines, Picture
from steelyard.web.pdf.render import render_pdf


class ProcessSheet(TypedDict):
    """A process map on paper."""

    language: str  # "en" or "zh-hans"
    brand: str
    title: str
    crumb: list[str]
    headline: str
    lede: str
    footer: list[str]
    page_of: str  # "Page {n} of {m}"
    map: Picture
    edges: NotRequired[Lines]


def process_pdf(sheet: ProcessSheet, images: Mapping[str, bytes]) -> bytes:
    """The map as A4 pages."""
    return render_pdf("process", cast(dict, sheet), images)
