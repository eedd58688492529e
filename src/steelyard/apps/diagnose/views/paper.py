"""A diagnosis on paper: the sheet that the PDF is set from, with its charts as pictures."""

from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from steelyard.apps.diagnose.models import Diagnosis
from steelyard.apps.diagnose.views.drawings import Drawing, drawn
from steelyard.apps.diagnose.views.parts import SegmentLine, Sheet, sheet_of, title_of
from steelyard.apps.diagnose.words import lede
from steelyard.charts.render import to_png, to_svg
from steelyard.errors import Refused
from steelyard.web.pdf import DiagnosisSheet, diagnosis_pdf
from steelyard.web.pdf.beams import beam_line
from steelyard.web.pdf.parts import Definition

JUDGED = ("better", "worse")


def pdf_of(diagnosis: Diagnosis, *, viewer: Any = None) -> bytes:
    """The PDF in the language that is on; `viewer` is named in the foot where there is one."""
    sheet = sheet_of(diagnosis)
    drawings = drawn(sheet.bridge, mix_on_paper(sheet), sheet.history)
    images = {f"{each.name}.svg": to_svg(each.spec).encode() for each in drawings}
    return diagnosis_pdf(paper_of(sheet, viewer=viewer), images)


def png_of(diagnosis: Diagnosis) -> bytes:
    """The first chart that there is: where the gap sits, the bridge, or the history."""
    sheet = sheet_of(diagnosis)
    drawings = drawn(sheet.localised, sheet.bridge, sheet.history)
    if not drawings:
        raise Refused("diagnose.no-chart", 409)
    return to_png(drawings[0].spec)


def paper_of(sheet: Sheet, *, viewer: Any = None) -> DiagnosisSheet:
    data: DiagnosisSheet = {
        "language": get_language() or "en",
        "brand": str(_("Steelyard")),
        "title": title_of(sheet),
        "crumb": [text for text in (sheet.kpi, sheet.period, sheet.against, sheet.scope) if text],
        "headline": sheet.headline.text,
        "emphasis": sheet.headline.emphasis,
        "judged": sheet.headline.judged,
        "lede": lede.joined([text for text in (sheet.lede, sheet.next_step) if text]),
        "footer": _footer(sheet, viewer),
        # Typst counts the pages itself.
        "page_of": _("Page %(number)s of %(count)s") % {"number": "{n}", "count": "{m}"},
        "definitions": {
            "title": _("Definitions"),
            "note": "",
            "entries": _entries(sheet),
        },
    }
    if sheet.beams:
        data["beams"] = {
            "title": _("Where we stand"),
            "note": _("notch = target · ring = a year ago · weight = now · band = usual variation"),
            "lines": [beam_line(each) for each in sheet.beams],
        }
    if sheet.bridge:
        data["bridge"] = _picture(sheet.bridge, _("effects add up to the whole gap"))
    if mix := mix_on_paper(sheet):
        data["mix"] = _picture(mix, "")
    if sheet.segments:
        data["segments"] = _segments(sheet)
    if sheet.bright_spots:
        data["bright_spots"] = _bright(sheet)
    if sheet.history:
        data["since"] = {
            "title": _("Since when"),
            "note": "",
            "text": lede.joined([sheet.signal, sheet.since]),
            "image": "since.svg",
            "alt": sheet.history.label,
        }
    return data


def _entries(sheet: Sheet) -> list[Definition]:
    found: list[Definition] = [{"term": each.name, "text": each.text} for each in sheet.definitions]
    checked: list[Definition] = [{"term": _("Data check"), "text": sheet.gate}] if sheet.gate else []
    return [*found, *checked, {"term": _("Data"), "text": sheet.data_line}]


def mix_on_paper(sheet: Sheet) -> Drawing | None:
    """Of the KPI itself; that of a driver is on the page."""
    return None if sheet.reading.is_driver_cut else sheet.mix


def _footer(sheet: Sheet, viewer: Any) -> list[str]:
    found = [sheet.period, _("Snapshot %(snapshot)s") % {"snapshot": sheet.diagnosis.snapshot_id}]
    name = getattr(viewer, "name", "")
    return [*found, _("Printed for %(name)s") % {"name": name}] if name else found


def _picture(drawing: Drawing, note: str) -> Any:
    told = "; ".join(": ".join(row[:2]) for row in drawing.table.rows)
    return {"title": drawing.label, "note": note, "image": f"{drawing.name}.svg", "alt": told}


def _segments(sheet: Sheet) -> Any:
    lines = [*sheet.segments, *sheet.sums]
    return {
        "title": _("Where the gap sits"),
        "note": sheet.segments_note,
        "headings": [
            _("Part of the data"),
            _("Effect on the gap"),
            _("Share of the gap"),
            _("95% interval"),
            pgettext("how many", "Records"),
            _("By chance"),
        ],
        "rows": [[each.name, each.part, each.share, each.interval, each.n, each.p] for each in lines],
        "judged": [_judged(each) for each in lines],
    }


def _bright(sheet: Sheet) -> Any:
    return {
        "title": _("Bright spots"),
        "note": _("better than was expected of them"),
        "headings": [
            _("Part of the data"),
            _("Effect on the gap"),
            _("Actual"),
            _("Expected"),
            pgettext("how many", "Records"),
        ],
        "rows": [[each.name, each.part, each.now, each.expected, each.n] for each in sheet.bright_spots],
        "judged": [_judged(each) for each in sheet.bright_spots],
    }


def _judged(line: SegmentLine) -> str:
    return line.tone if line.tone in JUDGED else ""
