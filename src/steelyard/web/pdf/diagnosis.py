"""What `diagnosis.typ` prints."""

from typing import NotRequired, cast

from steelyard.web.pdf.parts import Beams, Definitions, Lines, Page, Paragraph, Picture
from steelyard.web.pdf.render import render_pdf


class DiagnosisSheet(Page):
    """The whole diagnosis on paper; a part that is left out is not printed."""

    beams: NotRequired[Beams]
    bridge: NotRequired[Picture]
    mix: NotRequired[Picture]
    segments: NotRequired[Lines]
    segments_picture: NotRequired[Picture]
    bright_spots: NotRequired[Lines]
    since: NotRequired[Paragraph]
    definitions: NotRequired[Definitions]
    version: NotRequired[Paragraph]


def diagnosis_pdf(sheet: DiagnosisSheet, images: dict[str, bytes]) -> bytes:
    """The diagnosis as A4 pages; `images` holds the SVG of each picture that the sheet names."""
    return render_pdf("diagnosis", cast(dict, sheet), images)
