"""Figures inside sentences: a value, a size, a signed part of a gap, a share of it."""

from steelyard.apps.diagnose.queries.reading import Reading
from steelyard.apps.measure.queries.definitions import once_known_kpis
from steelyard.web import numbers
from steelyard.web.numbers import MINUS, Number


def value(reading: Reading, amount: Number | None, kpi: str = "") -> str:
    """In the unit of the KPI, or of another one."""
    unit = once_known_kpis()[kpi].unit if kpi else reading.unit
    return numbers.figure(amount, unit=unit, currency=reading.currency).text


def part(reading: Reading, amount: Number | None, kpi: str = "") -> str:
    """A signed part of the gap: −¥0.79 m, −4.8 pt; of another KPI's gap in that one's unit."""
    if amount is None:
        return numbers.MISSING
    unit = once_known_kpis()[kpi].unit if kpi else reading.unit
    if unit == "percent":
        return numbers.points(amount)
    # Parts of a count need not be whole; a tenth of one says nothing beside tens.
    whole = unit == "count" and abs(float(amount)) >= 10
    shown = numbers.figure(round(amount) if whole else amount, unit=unit, currency=reading.currency).text
    return f"+{shown}" if amount > 0 else shown


def size(reading: Reading, amount: Number | None) -> str:
    """The same without its sign, where words say the direction."""
    return part(reading, amount).lstrip(f"+{MINUS}")


def distance(reading: Reading) -> str:
    """How far the KPI is from its baseline, without the sign: 18.4%, 4.8 pt."""
    text = numbers.difference(reading.actual, reading.baseline, unit=reading.unit, currency=reading.currency)
    return text.lstrip(f"+{MINUS}")


def share(reading: Reading, amount: Number) -> str:
    """A part's share of the gap; nothing where that says nothing."""
    whole = reading.share(float(amount))
    return "" if whole is None or abs(whole) > 9.99 else numbers.percent(whole, digits=0)


def p_value(p: float | None) -> str:
    """How often chance alone would do as much."""
    if p is None:
        return numbers.MISSING
    return "< 0.1%" if p < 0.001 else numbers.percent(p, digits=1 if p < 0.1 else 0)
