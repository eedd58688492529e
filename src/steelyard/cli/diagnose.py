"""`steelyard diagnose`: why a KPI is where it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from steelyard.cli.house import open_house
from steelyard.cli.output import print_json, print_table
from steelyard.errors import Refused

if TYPE_CHECKING:
    from steelyard.apps.diagnose.models import Diagnosis
    from steelyard.apps.diagnose.views.parts import DriverLine, SegmentLine, Sheet
    from steelyard.apps.jobs.actions import Actor

LANGUAGES = {"en": "en", "zh": "zh-hans", "zh-hans": "zh-hans"}


def diagnose(
    kpi: Annotated[str, typer.Argument(help="The KPI, such as won_revenue.")],
    period: Annotated[str, typer.Option(help="2017-Q4, 2017-11, 2017, FY2017-Q4, …")],
    against: Annotated[str, typer.Option(help="previous, year-ago, target, or another period.")] = "year-ago",
    where: Annotated[
        list[str] | None, typer.Option(help="dimension=value; repeat for more than one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    pdf: Annotated[Path | None, typer.Option(help="Write the diagnosis as a PDF.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write its chart as a PNG.")] = None,
    lang: Annotated[str, typer.Option(help="en or zh: the language of words, PDF and picture.")] = "en",
) -> None:
    """Say which drivers and segments explain a KPI's gap, and since when; the diagnosis is kept."""
    actor = open_house()
    from django.utils import translation

    from steelyard.apps.diagnose.actions import start_diagnosis
    from steelyard.apps.diagnose.queries.answers import answer_json
    from steelyard.apps.diagnose.queries.asking import parse_where

    if lang not in LANGUAGES:
        raise Refused("cli.unknown-language", language=lang)
    with translation.override(LANGUAGES[lang]):
        found = start_diagnosis(
            actor, kpi=kpi, period=period, against=against, where=parse_where(where or [])
        )
        write_files(found, pdf=pdf, png=png)
        if as_json:
            print_json(answer_json(found))
        elif pdf is None and png is None:
            print_found(found)


def print_diagnosis(actor: "Actor", kpi: str, *, period: str, against: str) -> None:
    """Diagnose and print the sentence and its tables, in the language that is on."""
    from steelyard.apps.diagnose.actions import start_diagnosis

    print_found(start_diagnosis(actor, kpi=kpi, period=period, against=against))


def write_files(found: "Diagnosis", *, pdf: Path | None, png: Path | None) -> None:
    from steelyard.apps.diagnose.views.paper import pdf_of, png_of

    if pdf is not None:
        pdf.write_bytes(pdf_of(found))
        print(pdf)
    if png is not None:
        png.write_bytes(png_of(found))
        print(png)


def print_found(found: "Diagnosis") -> None:
    """The sentence, what to do, and the tables of drivers, segments and bright spots."""
    from django.utils.translation import gettext as _
    from rich.console import Console
    from rich.text import Text

    from steelyard.apps.diagnose.views.parts import sheet_of

    sheet = sheet_of(found)
    console = Console(highlight=False)
    tone = {"worse": "red", "better": "green"}.get(sheet.headline.judged, "")
    before, told, after = sheet.headline.parts
    console.print(Text.assemble((before, "bold"), (told, f"bold {tone}".strip()), (after, "bold")))
    for line in (sheet.lede, sheet.signal, sheet.since, sheet.next_step, *sheet.missing):
        if line:
            console.print(line)
    print_drivers(sheet)
    if sheet.segments:
        print_segments(sheet, sheet.segments, title=_("Where the gap sits"))
    else:
        console.print(sheet.nothing)
    if sheet.bright_spots:
        print_segments(sheet, sheet.bright_spots, title=_("Bright spots"))
    if sheet.gate_line:
        console.print(sheet.gate_line, style="dim")
    console.print(sheet.data_line, style="dim")


def print_drivers(sheet: "Sheet") -> None:
    from django.utils.translation import gettext as _

    if not sheet.drivers:
        return
    columns = [
        _("Driver"),
        _("Effect on the gap"),
        _("Share of the gap"),
        _("95% interval"),
        sheet.before,
        sheet.period,
    ]
    rows = [
        (name_of(line), line.part, line.share, line.interval, line.before, line.now) for line in sheet.drivers
    ]
    print_table(_("What explains the gap"), columns, rows)


def name_of(line: "DriverLine") -> str:
    return f"{line.name} ({line.note})" if line.note else line.name


def print_segments(sheet: "Sheet", lines: "Sequence[SegmentLine]", *, title: str) -> None:
    from django.utils.translation import gettext as _
    from django.utils.translation import pgettext

    columns = [_("Part of the data"), _("Effect on the gap"), _("Share of the gap"), _("95% interval")]
    columns += [sheet.cut, _("Expected"), _("By chance"), pgettext("how many", "Records")]
    sums = sheet.sums if lines is sheet.segments else ()
    rows = [
        (line.name, line.part, line.share, line.interval, line.now, line.expected, line.p, line.n)
        for line in (*lines, *sums)
    ]
    print_table(title, columns, rows)
