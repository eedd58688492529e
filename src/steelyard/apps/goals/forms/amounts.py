"""Amounts as people type them, and back: 63%, 1,200,000, 120万, 1.2m."""

import re
from decimal import Decimal, InvalidOperation

from django import forms
from django.utils.translation import gettext as _

SCALES = {"亿": 8, "万": 4, "bn": 9, "m": 6, "k": 3}
TYPED = re.compile(r"[¥$€£]?\s*([+-]?[\d,]*\.?\d+)\s*(亿|万|bn|m|k)?\s*(元)?\s*(%)?", re.IGNORECASE)
PLACES = Decimal("0.000001")
LARGEST = Decimal(10) ** 17


def read(text: str, *, unit: str) -> Decimal | None:
    """The number that a text says, a share in percent; None for an empty text. Raises ValueError."""
    bare = text.strip().replace("，", ",").replace("％", "%").replace("−", "-")
    if not bare:
        return None
    match = TYPED.fullmatch(bare)
    if match is None:
        raise ValueError(text)
    digits, scale, _yuan, sign = match.groups()
    try:
        value = Decimal(digits.replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if scale:
        value = value.scaleb(SCALES[scale.lower()])
    if sign or unit == "percent":
        value = value.scaleb(-2)
    if abs(value) >= LARGEST:
        raise ValueError(text)
    return value.quantize(PLACES)


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
