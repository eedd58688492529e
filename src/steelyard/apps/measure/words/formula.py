"""How a KPI is made: of columns as its declaration says it, of other KPIs by their names."""

import re

from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.apps.measure.words import names
from steelyard.engine.kpi import Kpi, Part
from steelyard.engine.kpi.definitions import Condition
from steelyard.web.numbers import MINUS


def formula(kpi: Kpi) -> str:
    """sum(opportunities.amount; outcome = won) ÷ count(opportunities; outcome = won)"""
    if kpi.formula is not None:
        return of_kpis(kpi.formula)
    parts = [part_words(part) for part in kpi.parts]
    days = " × days of the period" if kpi.scale == "days" else ""
    return " ÷ ".join(parts) + days


def of_kpis(expression: str) -> str:
    """Opportunities closed × win rate × average deal size: the names of the KPIs in an expression."""
    known = once_known_kpis()

    def word(found: re.Match[str]) -> str:
        return names.kpi_inside(known[found[0]]) if found[0] in known else found[0]

    text = re.sub(r"\w+", word, expression)
    return text.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" - ", f" {MINUS} ")


def part_words(part: Part) -> str:
    measure, column = part.measure, part.measure.columns
    conditions = ", ".join(condition(each) for each in part.where)
    timing = ", ".join(f"{each.column} {each.test} {each.bound}" for each in part.timing)
    inside = "; ".join(text for text in (conditions, timing) if text)
    what = {
        "sum": f"{part.table}.{column[0]}" if column else part.table,
        "count": part.table,
        "distinct": f"{part.table}.{column[0]}" if column else part.table,
        "quantile": f" {MINUS} ".join(reversed(column)),
    }[measure.kind]
    name = "median" if measure.kind == "quantile" and measure.at == 0.5 else measure.kind
    return f"{name}({what}{'; ' if inside else ''}{inside})"


def condition(each: Condition) -> str:
    held = " / ".join(str(value) for value in each.values)
    sign = {"in": "=", "less": "<", "more": ">"}.get(each.test)
    return f"{each.column} {sign} {held}" if sign else f"{each.column} {each.test}"
