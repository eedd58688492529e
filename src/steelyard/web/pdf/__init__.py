"""Pages on paper, set by Typst: A4, light tokens, the reader's language."""

from steelyard.web.pdf.diagnosis import DiagnosisSheet, diagnosis_pdf
from steelyard.web.pdf.process import ProcessSheet, process_pdf
from steelyard.web.pdf.render import render_pdf
from steelyard.web.pdf.report import ReportSheet, report_pdf
from steelyard.web.pdf.scorecard import ScorecardSheet, scorecard_pdf

__all__ = [
    "DiagnosisSheet",
    "ProcessSheet",
    "ReportSheet",
    "ScorecardSheet",
    "diagnosis_pdf",
    "process_pdf",
    "render_pdf",
    "report_pdf",
    "scorecard_pdf",
]
