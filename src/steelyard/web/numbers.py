"""Numbers in words of both languages: short for overviews, exact on demand. Pure; no rounding of data.

English scales by k, m, bn; Chinese by 万 and 亿. A missing value is a dash, never a zero.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import isfinite

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, gettext, ngettext, pgettext

Number = int | float | Decimal
MISSING = "—"
MINUS = "−"
SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}
ENGLISH_SCALES = [(Decimal(10) ** 9, " bn"), (Decimal(10) ** 6, " m"), (Decimal(10) ** 3, " k")]
# Between ideographs a line may break anywhere, but for this.
WORD_JOINER = "\u2060"
CHINESE_UNITS = ("个百分点", "万元", "亿元", "小时")
CHINESE_SCALES = [(Decimal(10) ** 8, " 亿"), (Decimal(10) ** 4, " 万")]


@dataclass(frozen=True)
class Shown:
    """A figure as it is printed, and as it stands when asked for exactly."""

    text: str
    exact: str


def is_chinese(language: str | None = None) -> bool:
    return (language or get_language() or "en").startswith("zh")


def decimal(value: Number | None) -> Decimal | None:
    """The value as a Decimal; None for what is missing or not a number."""
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return None
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return number if number.is_finite() else None


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def grouped(value: Decimal, digits: int) -> str:
    """1,234.50, with a real minus sign; zero has none."""
    number = rounded(value, digits)
    sign = MINUS if number < 0 else ""
    return f"{sign}{abs(number):,.{digits}f}"


def signed(text: str, value: Decimal) -> str:
    return f"+{text}" if value > 0 and not text.startswith("+") else text


def scaled(value: Decimal, *, language: str | None = None) -> tuple[str, str]:
    """Three significant digits and the word of the scale: ("4.97", " m") or ("497", " 万")."""
    scales = CHINESE_SCALES if is_chinese(language) else ENGLISH_SCALES
    for index, (size, word) in enumerate(scales):
        if abs(value) >= size:
            digits = places(value / size)
            # 999.6 k reads 1.00 m: rounding may reach the next scale.
            if index and abs(rounded(value / size, digits)) * size >= scales[index - 1][0]:
                size, word = scales[index - 1]
                digits = places(value / size)
            return grouped(value / size, digits), word
    whole = value == value.to_integral_value()
    return grouped(value, 0 if whole or abs(value) >= 100 else 2), ""


def places(value: Decimal) -> int:
    """Decimal places that leave three significant digits."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    # 99.96 to one place would read 100.0.
    return digits - 1 if digits and abs(rounded(value, digits)) >= Decimal(10) ** (3 - digits) else digits


def money(
    value: Number | None, *, currency: str = "CNY", language: str | None = None, exact: bool = False
) -> str:
    """¥4.97 m, ¥611 k; 497 万元, 1.23 亿元. Exactly: ¥4,970,000.00. Without a currency, the number alone."""
    amount = decimal(value)
    if amount is None:
        return MISSING
    text, scale = (grouped(amount, 2), "") if exact else scaled(amount, language=language)
    if is_chinese(language) and not exact and currency == "CNY":
        return f"{text}{scale}元" if scale else f"{text} 元"
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    sign = MINUS if text.startswith(MINUS) else ""
    return f"{sign}{symbol}{text.removeprefix(MINUS)}{scale}"


def percent(share: Number | None, *, digits: int = 1) -> str:
    """0.582 → 58.2%."""
    value = decimal(share)
    return MISSING if value is None else f"{grouped(value * 100, digits)}%"


def points(difference: Number | None, *, digits: int = 1, language: str | None = None) -> str:
    """A difference of two shares: −4.8 pt, −4.8 个百分点."""
    value = decimal(difference)
    if value is None:
        return MISSING
    text = signed(grouped(value * 100, digits), rounded(value * 100, digits))
    return f"{text} 个百分点" if is_chinese(language) else f"{text} pt"


def count(value: Number | None, *, language: str | None = None, exact: bool = True) -> str:
    """84,120; short: 84.1 k, 8.41 万."""
    number = decimal(value)
    if number is None:
        return MISSING
    if not exact:
        return "".join(scaled(number, language=language))
    whole = number == number.to_integral_value()
    return grouped(number, 0 if whole else 1 if abs(number) >= 1 else 2)


def days(value: Number | None) -> str:
    number = decimal(value)
    if number is None:
        return MISSING
    shown = rounded(number, 1)
    return ngettext("%(number)s day", "%(number)s days", 1 if shown == 1 else 2) % {
        "number": grouped(shown, 0 if shown == shown.to_integral_value() else 1)
    }


def hours(value: Number | None) -> str:
    number = decimal(value)
    if number is None:
        return MISSING
    shown = rounded(number, 1)
    return ngettext("%(number)s hour", "%(number)s hours", 1 if shown == 1 else 2) % {
        "number": grouped(shown, 0 if shown == shown.to_integral_value() else 1)
    }


def score(value: Number | None) -> str:
    """22.5, −8: a score stands for itself and may lie below 0; 22.5 分 in Chinese."""
    number = decimal(value)
    if number is None:
        return MISSING
    shown = rounded(number, 1)
    text = grouped(shown, 0 if shown == shown.to_integral_value() else 1)
    return pgettext("a score", "%(number)s") % {"number": text}


def size(value: int | None) -> str:
    """200 MB, 1.5 GB: a size of a file."""
    if value is None:
        return MISSING
    return filesizeformat(value).replace(".0\u00a0", "\u00a0")


def times(value: Number | None) -> str:
    number = decimal(value)
    return MISSING if number is None else gettext("%(number)s×") % {"number": grouped(number, 2)}


def figure(value: Number | None, *, unit: str, currency: str = "CNY") -> Shown:
    """A KPI's value in its own unit: money, percent, count, days, hours, times or score."""
    if unit == "money":
        return Shown(money(value, currency=currency), money(value, currency=currency, exact=True))
    if unit == "percent":
        return Shown(percent(value), percent(value, digits=4))
    if unit == "days":
        return Shown(days(value), days(value))
    if unit == "hours":
        return Shown(hours(value), hours(value))
    if unit == "score":
        return Shown(score(value), score(value))
    if unit == "times":
        return Shown(times(value), times(value))
    return Shown(count(value, exact=(decimal(value) or 0) < 10**6), count(value))


def difference(actual: Number | None, base: Number | None, *, unit: str, currency: str = "CNY") -> str:
    """How far a value is from a base: shares in points, else relative; scores, and from zero, in the unit."""
    now, then = decimal(actual), decimal(base)
    if now is None or then is None:
        return MISSING
    if unit == "percent":
        return points(now - then)
    if then == 0 or unit == "score":
        return signed(figure(now - then, unit=unit, currency=currency).text, now - then)
    relative = (now - then) / abs(then)
    return signed(percent(relative), rounded(relative * 100, 1))


def unbroken(text: str) -> str:
    """Inside a sentence, an arrow stays with its figure and a figure with its unit."""
    text = re.sub(r"([▲▼=]) (?=[\d¥])", "\\1\u00a0", text)
    text = re.sub(
        r"(?<=\d) (?=(?:pt|days?|hours?|k|m|bn|个百分点|[万亿]?元|[万亿]|天|小时|分|倍|行)(?![a-z]))",
        "\u00a0",
        text,
    )
    for unit in CHINESE_UNITS:
        text = text.replace(unit, WORD_JOINER.join(unit))
    return text


def change(actual: Number | None, base: Number | None, *, unit: str, currency: str = "CNY") -> str:
    """A change over time in ink: ▲ 12.3%, ▼ 4.8 pt. It says direction, not judgement."""
    now, then = decimal(actual), decimal(base)
    if now is None or then is None:
        return MISSING
    arrow = "▲" if now > then else "▼" if now < then else "="
    return f"{arrow} {difference(now, then, unit=unit, currency=currency).lstrip(f'+{MINUS}')}"
