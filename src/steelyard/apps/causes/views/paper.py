"""The report on paper: the sections that the PDF is set from."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.causes.views.argument import Report
from steelyard.apps.causes.views.lines import EvidenceLine, LensLine
from steelyard.apps.causes.views.whys import BranchLine
from steelyard.apps.causes.words import names
from steelyard.apps.diagnose.views.drawings import drawn
from steelyard.apps.diagnose.views.paper import paper_of as diagnosis_on_paper
from steelyard.apps.diagnose.words.lede import joined
from steelyard.charts.fishbone_svg import standing_svg
from steelyard.charts.render import to_svg
from steelyard.web import verdicts
from steelyard.web.pdf import ReportSheet, report_pdf
from steelyard.web.pdf.report import Point, Section

QUOTES = '“"「'
# Parts of the diagnosis that the argument needs, as its own sheet has them.
OF_THE_GAP = (("beams", "beams"), ("bridge", "picture"), ("segments", "lines"), ("since", "paragraph"))


def pdf_of(report: Report, *, viewer: Any) -> bytes:
    """The PDF in the language that is on."""
    drawings = drawn(report.sheet.bridge, report.sheet.history)
    images = {f"{each.name}.svg": to_svg(each.spec).encode() for each in drawings}
    images |= {lens_image(line): to_svg(line.charts[0].spec).encode() for line in report.pictured}
    language = get_language() or "en"
    images["fishbone.svg"] = standing_svg(report.drawn, label=report.gap, language=language).encode()
    return report_pdf(paper_of(report, viewer=viewer), images)


def paper_of(report: Report, *, viewer: Any) -> ReportSheet:
    gap = diagnosis_on_paper(report.sheet, viewer=viewer)
    sheet: ReportSheet = {
        "language": gap["language"],
        "brand": gap["brand"],
        "title": gap["title"],
        "crumb": gap["crumb"],
        "headline": gap["headline"],
        "emphasis": gap.get("emphasis", ""),
        "judged": gap.get("judged", ""),
        "lede": told((gap["lede"], report.explained)),
        "footer": gap["footer"],
        "page_of": gap["page_of"],
        "sections": [*of_the_gap(gap), *sections(report), section("definitions", gap["definitions"])],
    }
    return sheet


def of_the_gap(gap: Any) -> list[Section]:
    return [section(kind, gap[name]) for name, kind in OF_THE_GAP if name in gap]


def sections(report: Report) -> Iterator[Section]:
    """What explains the gap, what is made of it, and what is done about it."""
    if report.lines:
        yield section("lines", lens_table(report))
    if told := lens_points(report):
        yield points(_("What the tests found"), told)
    for line in report.pictured:
        yield section("picture", lens_picture(line))
    if untold := [untold_point(line) for line in report.untold]:
        yield points(_("What cannot be told yet, and what it would take"), untold)
    yield section(
        "picture",
        {
            "title": _("Fishbone diagram"),
            "note": " · ".join(f"{mark} {word}" for mark, word in report.legend),
            "image": "fishbone.svg",
            "alt": report.gap,
        },
    )
    if report.causes:
        yield points(_("Causes and their evidence"), list(cause_points(report)), note=report.kept_back_line)
    if report.beside:
        yield points(_("What people say"), [evidence_point(each, depth=0) for each in report.beside])
    for tree in report.trees:
        answers = [point for branch in tree.branches for point in why_points(branch)]
        yield points(_("Five whys"), [Point(text=tree.question, note=tree.state, depth=0), *answers])
    if report.options:
        yield section("lines", option_table(report))


def lens_table(report: Report) -> dict[str, Any]:
    return {
        "title": _("Which lens explains the gap"),
        "note": _("tested, not guessed"),
        "headings": [
            _("Lens"),
            _("Verdict"),
            pgettext("of a lens", "Effect"),
            _("95% interval"),
            pgettext("how many", "n"),
            _("Share of the gap"),
        ],
        "rows": [
            [
                line.name,
                f"{verdicts.SIGNS[line.verdict]} {verdicts.word(line.verdict)}",
                *(text or "—" for text in (line.effect, line.interval, line.n, line.share)),
            ]
            for line in report.lines
        ],
    }


def lens_points(report: Report) -> list[Point]:
    """In words, what stands behind each lens that the data support."""
    return [
        Point(text=line.name, note=told([*line.facts, line.place, line.before]), depth=0)
        for line in report.supported
    ]


def lens_image(line: LensLine) -> str:
    return f"lens-{line.lens}.svg"


def lens_picture(line: LensLine) -> dict[str, Any]:
    chart = line.charts[0]
    told = "; ".join(": ".join(row[:2]) for row in chart.table.rows)
    return {"title": line.name, "note": chart.label, "image": lens_image(line), "alt": told}


def untold_point(line: LensLine) -> Point:
    return Point(text=line.name, note=told(each["text"] for each in line.missing), depth=0)


def told(sentences: Iterable[str]) -> str:
    return joined([text for text in sentences if text])


def cause_points(report: Report) -> Iterator[Point]:
    for told in report.causes:
        line = told.line
        about = [line.status, line.lens, line.figures, line.decided, line.cause.reason]
        yield Point(text=line.text, note=" · ".join(text for text in about if text), depth=0)
        yield from (evidence_point(each, depth=1) for each in told.evidence)


def why_points(branch: BranchLine) -> Iterator[Point]:
    note = _("can be acted on") if branch.why.is_actionable else ""
    yield Point(text=f"→ {branch.why.text}", note=note, depth=branch.depth)
    yield from (evidence_point(each, depth=branch.depth + 1) for each in branch.evidence)
    for each in branch.branches:
        yield from why_points(each)


def evidence_point(each: EvidenceLine, *, depth: int) -> Point:
    told = " ".join(text for text in (each.told, each.text, each.file) if text)
    quoted = told if told[:1] in QUOTES else f"“{told}”"
    return Point(text=quoted, note=f"{each.kind} · {each.source} · {each.by}", depth=depth)


def option_table(report: Report) -> dict[str, Any]:
    return {
        "title": _("Countermeasures"),
        "note": _("from 1, little, to 5, much"),
        "headings": [
            _("What would be done"),
            _("Against the cause"),
            *(names.weigh_name(name) for name in ("impact", "effort", "risk")),
        ],
        "rows": [
            [
                f"✓ {each.text}" if each.chosen else each.text,
                each.cause.text,
                *(str(value) for value in (each.impact, each.effort, each.risk)),
            ]
            for each in report.options
        ],
    }


def points(title: str, told: list[Point], *, note: str = "") -> Section:
    return section("points", {"title": title, "note": note, "points": told})


def section(kind: str, content: Any) -> Section:
    return {"kind": kind, "content": content}
