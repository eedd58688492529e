"""What `scorecard.typ` prints: every word is made before, in the reader's language."""

from typing import NotRequired, TypedDict, cast

from steelyard.web.pdf.diagnosis import Beams, Lines, Paragraph
from steelyard.web.pdf.render import render_pdf


class ScorecardSheet(TypedDict):
    """A scorecard on paper; a part that is left out is not printed."""

    language: str  # "en" or "zh-hans"
    brand: str
    title: str
    crumb: list[str]
    headline: str
    lede: str
    footer: list[str]
    page_of: str  # "Page {n} of {m}"
    dimensions: list[Beams]
    total: NotRequired[Lines]
    left_out: NotRequired[Paragraph]
    link: NotRequired[Paragraph]


def scorecard_pdf(sheet: ScorecardSheet) -> bytes:
    """The scorecard as A4 pages."""
    return render_pdf("scorecard", cast(dict, sheet))
