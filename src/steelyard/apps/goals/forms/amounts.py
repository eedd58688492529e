"""Amounts as people type them, and back: 63%, 1,200,000, 120万, 1.2m."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from steelyard.web import amounts

PLACES = Decimal("0.000001")


def read(text: str, *, unit: str) -> Decimal | None:
    """The number that a text says, as fine as it is kept; None for an empty text. Raises ValueError."""
    value = amounts.read(text, is_share=unit == "percent")
    return None if value is None else value.quantize(PLACES)


def write(value: Decimal | float | str | None, *, unit: str) -> str:
    """As it is typed: 63% for a share, 1,200,000 for the rest."""
    if value is None or value == "":
        return ""
    number = Decimal(str(value)).quantize(PLACES)
    if unit == "percent":
        return f"{plain(number.scaleb(2))}%"
    return f"{plain(number)}"


def plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cleaned(text: str, *, unit: str) -> Decimal | None:
    """For a form: what cannot be read is told with an example."""
    try:
        return read(text, unit=unit)
    except ValueError:
        example = "63%" if unit == "percent" else _("1,200,000 or 1.2m")
        raise forms.ValidationError(
            _("“%(text)s” is no number. Write it like %(example)s.") % {"text": text[:40], "example": example}
        ) from None
