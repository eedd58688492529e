"""What every sheet of paper has, and the parts that `page.typ` sets; every word is made before."""

from typing import NotRequired, TypedDict


class Page(TypedDict):
    """The frame around every sheet."""

    language: str  # "en" or "zh-hans"
    brand: str
    title: str  # of the document
    crumb: list[str]
    headline: str
    emphasis: NotRequired[str]  # the words of the headline that are judged
    judged: NotRequired[str]  # "better", "worse" or ""
    lede: str
    footer: list[str]  # period, snapshot; the viewer's name where it must be told
    page_of: str  # "Page {n} of {m}"


class BeamLine(TypedDict):
    """One beam: the marks as `steelyard.web.beam.Beam` has them, in percent of its length."""

    name: str
    note: str
    figure: str
    change: str  # with its sign, or words
    judgement: str  # "better" and "worse" are coloured, all else is grey
    weight: float | None
    off_scale: str  # "", "left", "right"
    notches: list[float]
    ring: float | None
    is_ring_raised: bool
    band: list[float] | None  # two numbers


class Beams(TypedDict):
    title: str
    note: str
    lines: list[BeamLine]


class Picture(TypedDict):
    title: str
    note: str
    image: str  # a name among the images
    alt: str


class Lines(TypedDict):
    """A table: the first column names the row, the others are figures."""

    title: str
    note: str
    headings: list[str]
    rows: list[list[str]]
    judged: NotRequired[list[str]]  # per row "better", "worse" or ""


class Paragraph(TypedDict):
    title: str
    note: str
    text: str
    image: NotRequired[str]
    alt: NotRequired[str]


class Definition(TypedDict):
    term: str
    text: str


class Definitions(TypedDict):
    title: str
    note: str
    entries: list[Definition]
