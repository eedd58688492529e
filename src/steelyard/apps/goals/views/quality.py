"""Were the targets of a round fair? The share that reached, the spread, and who could not have."""

import io
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from steelyard.apps.access.policy import record
from steelyard.apps.goals.queries.quality import Line, Quality, quality_of, rounds_seen_by
from steelyard.apps.goals.views.frame import currency, frame
from steelyard.apps.goals.words import names
from steelyard.apps.goals.words import quality as words
from steelyard.apps.goals.words.progress import chance_word
from steelyard.apps.measure.views.showing import Chart
from steelyard.charts import dots
from steelyard.charts.rows import Heading
from steelyard.charts.wording import Wording
from steelyard.errors import Refused
from steelyard.web import numbers
from steelyard.web.doors import door
from steelyard.web.downloads import HARMLESS, XLSX, attachment, safe

# More than these are told in the workbook.
MOST = 200


@door("goals.quality")
@require_safe
def quota_quality(request: HttpRequest) -> HttpResponse:
    found = quality_of(request.user, request.GET.get("round", ""))
    shown: dict[str, Any] = {"headline": _("Were the targets fair?"), "found": found}
    if found is not None:
        shown |= context_of(request, found)
    return render(request, "goals/progress/quality.html", frame(request, "quota_quality") | shown)


@door("goals.quality")
@require_safe
def quota_quality_xlsx(request: HttpRequest) -> HttpResponse:
    found = quality_of(request.user, request.GET.get("round", ""))
    if found is None:
        raise Refused("goals.no-round", 404)
    record(request.user, "goals.export", goals=len(found.lines))
    return attachment(workbook_of(found), f"{words.round_name(found.round)}.xlsx", XLSX)


def context_of(request: HttpRequest, found: Quality) -> dict[str, Any]:
    return {
        "headline": words.headline(found),
        "honesty": words.honesty(found),
        "verdicts": words.verdicts(found),
        "spread": words.spread(found),
        "left_out": words.left_out(found),
        "rounds": [
            {"value": each.key, "label": words.round_name(each), "is_here": each.key == found.round.key}
            for each in rounds_seen_by(request.user)
        ],
        "chart": chart_of(found) if found.told else None,
        "lines": [line_of(found, line) for line in found.lines[:MOST]],
        "more": max(len(found.lines) - MOST, 0),
        "xlsx": f"{reverse('quota_quality_xlsx')}?{urlencode({'round': found.round.key})}",
    }


def line_of(found: Quality, line: Line) -> dict[str, Any]:
    version = line.goal.current
    unit = version.unit if version else ""

    def say(value: float | None) -> numbers.Shown:
        return names.amount(value, unit, currency=currency())

    return {
        "href": reverse("goal", args=[line.goal.public_id]),
        "name": names.owner_name(line.goal),
        "group": line.group,
        "target": say(line.target),
        "actual": say(line.actual),
        "attainment": numbers.percent(line.actual / line.target, digits=0)
        if line.actual is not None and line.target > 0
        else numbers.MISSING,
        "chance": chance_word(line.chance) or numbers.MISSING,
        "is_reached": line.is_reached,
        "flag": words.flag(found, line.goal.public_id),
    }


def chart_of(found: Quality) -> Chart:
    label = _("Share of the target that each came to; filled dots reached it")
    labels = {
        "group": pgettext("of an organisation", "Team"),
        "name": pgettext("of a person or a team", "Name"),
        "value": _("Of the target"),
        "flag": _("Note"),
    }
    said = Wording(
        language=get_language() or "en",
        description=label,
        figure=lambda value: numbers.percent(value, digits=0),
        change=lambda value: numbers.percent(value, digits=0),
        tick=lambda value: numbers.percent(value, digits=0),
        labels=labels,
    )
    whole = pgettext("a round of goals", "All teams")
    drawn = [
        dots.Dot(
            group=line.group or whole,
            name=names.owner_name(line.goal),
            value=line.actual / line.target,
            is_full=line.is_reached,
            flag=words.flag(found, line.goal.public_id),
        )
        for line in found.told
        if line.actual is not None and line.target > 0
    ]
    headings = [Heading(group or whole, reached_of(found, group)) for group in sorted(found.groups)]
    table = dots.table_of(drawn[:MOST], words=said)
    spec = dots.chart(drawn, mark=1.0, words=said, headings=headings)
    return Chart(label, spec, table.columns, table.rows)


def reached_of(found: Quality, group: str) -> str:
    """2 of 9."""
    same = [line for line in found.told if line.group == group]
    reached = sum(1 for line in same if line.is_reached)
    return _("%(reached)s of %(n)s reached") % {"reached": reached, "n": len(same)}


def workbook_of(found: Quality) -> bytes:
    """What the page says, then a row a unit; numbers stay numbers."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {**HARMLESS, "in_memory": True}) as book:
        bold, share = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
        sheet = book.add_worksheet()
        told = [words.headline(found), words.honesty(found), words.spread(found), *words.verdicts(found)]
        top = [words.round_name(found.round), *(text for text in told if text)]
        for place, text in enumerate(top):
            sheet.write(place, 0, safe(text), bold if place == 0 else None)
        first = len(top) + 1
        sheet.write_row(first, 0, _head(), bold)
        for place, line in enumerate(found.lines, start=first + 1):
            sheet.write_row(place, 0, [safe(value) for value in _cells(found, line)])
            for column in (4, 5):
                value = _cells(found, line)[column]
                if value is not None:
                    sheet.write_number(place, column, value, share)
        sheet.set_column(0, 1, 24)
        sheet.set_column(2, len(_head()) - 1, 15)
        sheet.freeze_panes(first + 1, 1)
    return target.getvalue()


def _head() -> list[str]:
    return [
        pgettext("of a person or a team", "Name"),
        pgettext("of an organisation", "Team"),
        pgettext("of a goal", "Target"),
        _("Actual"),
        _("Of the target"),
        _("Chance at the start"),
        _("Reached"),
        _("Note"),
    ]


def _cells(found: Quality, line: Line) -> list[Any]:
    return [
        names.owner_name(line.goal),
        line.group,
        line.target,
        line.actual,
        line.actual / line.target if line.actual is not None and line.target > 0 else None,
        line.chance,
        (_("yes") if line.is_reached else _("no")) if line.actual is not None else "",
        words.flag(found, line.goal.public_id),
    ]
