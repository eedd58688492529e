"""What `process.typ` prints: every word is made before, in the reader's language."""

from collections.abc import Mapping
from typing import NotRequired, cast

from steelyard.web.pdf.parts import Lines, Page, Picture
from steelyard.web.pdf.render import render_pdf


class ProcessSheet(Page):
    """A process map on paper."""

    map: Picture
    edges: NotRequired[Lines]


def process_pdf(sheet: ProcessSheet, images: Mapping[str, bytes]) -> bytes:
    """The map as A4 pages."""
    return render_pdf("process", cast(dict, sheet), images)
