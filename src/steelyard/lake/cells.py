"""Values as they stand in files that we write: harmless in a spreadsheet, read again unchanged by us."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# A text that starts so is a formula to a spreadsheet; one that starts with a quote before such a sign is
# quoted once more, so that reading it takes off exactly the quote that writing put on.
_RISKY = re.compile(r"[=+\-@\t\r]|'[=+\-@\t\r']")


def neutralised(text: str) -> str:
    """The text with a quote before what a spreadsheet would take for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def as_cell(value: Any) -> str:
    """A value as it stands in a CSV file: numbers stay numbers, dates are ISO, texts are made harmless."""
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralised(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    return repr(value) if isinstance(value, float) else str(value)
