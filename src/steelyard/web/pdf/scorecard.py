"""What `scorecard.typ` prints: every word is made before, in the reader's language."""

from typing import NotRequired, cast

from steelyard.web.pdf.parts import Beams, Lines, Page, Paragraph
from steelyard.web.pdf.render import render_pdf


class ScorecardSheet(Page):
    """A scorecard on paper; a part that is left out is not printed."""

    dimensions: list[Beams]
    total: NotRequired[Lines]
    left_out: NotRequired[Paragraph]
    link: NotRequired[Paragraph]


def scorecard_pdf(sheet: ScorecardSheet) -> bytes:
    """The scorecard as A4 pages."""
    return render_pdf("scorecard", cast(dict, sheet))
