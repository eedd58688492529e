"""How a file was read, where that was not plain: said beside what was found in it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

READ_AS: Mapping[str, "str | Promise"] = {
    "magnitudes": gettext_lazy("12.5万 or 3k read as the whole number"),
    "shares": gettext_lazy("85% read as 0.85"),
    "currency-signs": gettext_lazy("currency signs taken off"),
    "counted": gettext_lazy("words after the number taken off"),
    "brackets": gettext_lazy("brackets read as minus"),
    "full-width": gettext_lazy("full-width digits read as plain ones"),
    "spaces": gettext_lazy("spaces in numbers taken out"),
    "serial-days": gettext_lazy("some days as a spreadsheet counts them"),
    "dates-with-points": gettext_lazy("dates with points"),
    "dates-in-words": gettext_lazy("dates with 年, 月 and 日"),
    "dates-tight": gettext_lazy("dates of eight digits"),
    "filled-down": gettext_lazy("merged cells repeated in each row"),
}


def told(inspection: Mapping[str, Any]) -> dict[str, Any]:
    """An inspection with the facts about its reading, and each column with what is special in it."""
    columns = [column | {"notes": notes_of(column)} for column in inspection["columns"]]
    return {**inspection, "columns": columns, "facts": list(facts_of(inspection))}


def notes_of(column: Mapping[str, Any]) -> list[str]:
    """What is special in how a column is read."""
    notes = [str(READ_AS[code]) for code in column.get("read_as", ()) if code in READ_AS]
    if column.get("unit"):
        said = _("times %(unit)s, as the header says")
        if column.get("unit_from") == "title":
            said = _("times %(unit)s, as a title above says")
        notes.append(said % {"unit": column["unit"]})
    if len(currencies := column.get("currencies", ())) > 1:
        notes.append(_("several currencies: %(signs)s") % {"signs": ", ".join(currencies)})
    return notes


def facts_of(inspection: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and text of each thing that was done to find the table."""
    facts: list[tuple[str, str]] = []
    if len(lines := inspection.get("header_lines", ())) > 1:
        facts.append((_("Header of several lines"), ", ".join(map(str, lines))))
    if alike := inspection.get("sheets_alike"):
        facts.append((_("Sheets read as one table"), ", ".join(alike)))
    if wide := inspection.get("unpivot"):
        facts.append((_("Columns of periods read as rows"), ", ".join(wide["columns"])))
        if wide["left_out"]:
            facts.append((_("Columns of totals left out"), ", ".join(wide["left_out"])))
    if record := inspection.get("records"):
        facts.append((_("Records of approvals read as their steps"), record))
    if years := inspection.get("years"):
        facts.append((_("Year of dates without one"), ", ".join(map(str, years))))
    if renamed := inspection.get("renamed"):
        facts.append((_("Columns of equal name, numbered"), ", ".join(renamed)))
    if dropped := inspection.get("dropped"):
        texts = "; ".join(each["text"] for each in inspection["totals"][:3])
        facts.append((left_out_words(dropped), texts))
    return facts


def tied_words(count: int) -> str:
    said = ngettext(
        "%(count)s event has the same case, step and time as another; both are kept, a microsecond apart",
        "%(count)s events have the same case, step and time as another; all are kept, a microsecond apart",
        count,
    )
    return said % {"count": count}


def left_out_words(count: int) -> str:
    said = ngettext(
        "%(count)s row of totals, notes or details left out",
        "%(count)s rows of totals, notes or details left out",
        count,
    )
    return said % {"count": count}
