"""A scorecard as a workbook: numbers stay numbers, and the charts are the spreadsheet's own."""

import io
from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from steelyard.apps.measure.queries.scorecard import Scorecard, Standing
from steelyard.apps.measure.queries.total import Part
from steelyard.apps.measure.views import links
from steelyard.apps.measure.words import names, sentences, totals
from steelyard.web.beams import judgement_words
from steelyard.web.downloads import HARMLESS, safe

FORMATS = {"money": "#,##0.00", "percent": "0.0%", "count": "#,##0", "days": "0.0", "hours": "0.0"}
OTHER = "0.00"
# The rows of the sheet that a chart stands over, and how many charts stand side by side.
CHART_ROWS, ACROSS = 15, 2
INK, BRASS, LIMIT = "#23201c", "#8f6a1e", "#a39a8c"


def workbook_of(card: Scorecard, request: HttpRequest) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**HARMLESS, "in_memory": True}) as book:
        book.set_properties({"title": title_of(card)})
        _write_scorecard(book, card, request)
        measured = [each for each in card.standings if each.value is not None]
        if measured:
            _write_trends(book, measured)
    return target.getvalue()


def title_of(card: Scorecard) -> str:
    return " · ".join([_("Scorecard"), names.unit_name(card.unit), names.period_name(card.period)])


def _write_scorecard(book: Any, card: Scorecard, request: HttpRequest) -> None:
    sheet = book.add_worksheet(_("Scorecard"))
    bold = book.add_format({"bold": True})
    top = _top(card, request)
    for place, row in enumerate(top):
        sheet.write_row(place, 0, row, bold if place == 0 else None)
    first = len(top) + 1
    sheet.write_row(first, 0, _head(), bold)
    last = first + len(card.standings)
    parts = {part.kpi: part for part in card.total.parts}
    for number, each in enumerate(card.standings, start=first + 1):
        _write_line(book, sheet, number, each, part=parts.get(each.kpi.id))
        sheet.write_number(number, 2, card.weight_of(each.kpi.id))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, len(_head()) - 1, 14)
    sheet.freeze_panes(first + 1, 1)
    if left_out := totals.left_out(card.total, {each.kpi.id: each.kpi for each in card.standings}):
        wrapped = book.add_format({"text_wrap": True})
        sheet.merge_range(last + 2, 0, last + 2, len(_head()) - 1, safe(left_out), wrapped)
        sheet.set_row(last + 2, 45)
    if card.total.scored:
        _chart_attainment(book, sheet, rows=(first + 1, last), at=last + 4)


def _top(card: Scorecard, request: HttpRequest) -> list[list[Any]]:
    score = card.total.score
    return [
        [safe(title_of(card))],
        [safe(sentences.headline(card))],
        [_("Total of 100"), None if score is None else round(score, 1)],
        [_("Measured of 100"), card.total.measured],
        [_("Snapshot"), card.points.snapshot_id],
        [_("The same view"), request.build_absolute_uri(links.scorecard(card.unit, card.period))],
    ]


def _head() -> list[str]:
    return [
        _("KPI"),
        _("Part of the scorecard"),
        _("Weight"),
        _("Now"),
        pgettext("of a KPI", "Target"),
        _("Attainment"),
        pgettext("of a scorecard", "Points"),
        _("A year ago"),
        _("Period before"),
        _("Peers"),
        pgettext("how many", "Records"),
        _("Against target"),
        _("Signal"),
    ]


def _write_line(book: Any, sheet: Any, number: int, each: Standing, *, part: Part | None) -> None:
    """One KPI, in the order of the head."""
    form = FORMATS.get(each.kpi.unit, OTHER)
    peers = each.peers.value if each.peers else None
    figures = {3: each.value, 4: each.target, 7: each.year_ago.value, 8: each.before.value, 9: peers}
    _write_numbers(sheet, number, figures, book.add_format({"num_format": form}))
    if part is not None:
        percent, plain = (book.add_format({"num_format": each}) for each in (FORMATS["percent"], OTHER))
        _write_numbers(sheet, number, {5: part.attainment}, percent)
        _write_numbers(sheet, number, {6: part.points}, plain)
    sheet.write_string(number, 0, safe(names.kpi_name(each.kpi)))
    sheet.write_string(number, 1, names.part_of_scorecard(each.kpi.dimension))
    if not each.withheld:
        sheet.write_number(number, 10, each.now.n)
    sheet.write_string(number, 11, _judgement(each))
    sheet.write_string(number, 12, _("Signal") if each.is_signal else "")


def _judgement(each: Standing) -> str:
    if each.withheld:
        return _("withheld")
    return judgement_words("contrary" if each.is_contrary else each.judgement)


def _write_numbers(sheet: Any, row: int, cells: dict[int, float | None], form: Any) -> None:
    """What is not there is an empty cell, never a zero."""
    for column, value in cells.items():
        if value is not None:
            sheet.write_number(row, column, value, form)


def _chart_attainment(book: Any, sheet: Any, *, rows: tuple[int, int], at: int) -> None:
    first, last = rows
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": _("Attainment"),
            "categories": [sheet.get_name(), first, 0, last, 0],
            "values": [sheet.get_name(), first, 5, last, 5],
            "fill": {"color": BRASS},
            "gap": 60,
        }
    )
    chart.set_title({"name": _("Attainment"), "overlay": False})
    chart.set_x_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 140 + 26 * (last - first + 1)})
    sheet.insert_chart(at, 0, chart)


def _write_trends(book: Any, standings: Sequence[Standing]) -> None:
    """A sheet of figures with three columns a KPI, and one of charts over them."""
    data, charts = book.add_worksheet(_("Trends")), book.add_worksheet(_("Charts"))
    labels = max((each.labels for each in standings), key=len)
    rows = {period.start: number for number, period in enumerate(labels, start=1)}
    data.write_string(0, 0, _("Period"))
    for period in labels:
        data.write_string(rows[period.start], 0, period.label)
    for number, each in enumerate(standings):
        column = 1 + number * 4
        name = names.kpi_name(each.kpi)
        head = [safe(name), pgettext("of a KPI", "Target"), _("Lower limit"), _("Upper limit")]
        data.write_row(0, column, head)
        form = book.add_format({"num_format": FORMATS.get(each.kpi.unit, OTHER)})
        for place, period in enumerate(each.labels):
            point, band = each.history[place], each.signal.bands[place]
            cells = {column: point.value, column + 1: point.target}
            if band is not None:
                cells |= {column + 2: band.lower, column + 3: band.upper}
            _write_numbers(data, rows[period.start], cells, form)
        _chart_trend(book, charts, data, name=name, column=column, last=len(labels), number=number)
    data.freeze_panes(1, 1)


def _chart_trend(
    book: Any, charts: Any, data: Any, *, name: str, column: int, last: int, number: int
) -> None:
    chart = book.add_chart({"type": "line"})
    sheet = data.get_name()
    lines = [
        (column, {"color": INK, "width": 2}),
        (column + 1, {"color": BRASS, "width": 1.5, "dash_type": "dash"}),
        (column + 2, {"color": LIMIT, "width": 1}),
        (column + 3, {"color": LIMIT, "width": 1}),
    ]
    for place, line in lines:
        chart.add_series(
            {
                "name": [sheet, 0, place],
                "categories": [sheet, 1, 0, last, 0],
                "values": [sheet, 1, place, last, place],
                "line": line,
            }
        )
    chart.set_title({"name": name, "overlay": False})
    chart.set_legend({"position": "bottom"})
    chart.show_blanks_as("gap")
    chart.set_size({"width": 560, "height": 280})
    charts.insert_chart((number // ACROSS) * CHART_ROWS, (number % ACROSS) * 9, chart)
