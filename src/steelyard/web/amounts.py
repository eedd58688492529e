"""Amounts as people type them: 63%, 1,200,000, 120万, 1.2 亿元, 3万亿, 1.2m, ¥500, 8 小时."""

import re
from decimal import Decimal

SCALES = {"万亿": 12, "亿": 8, "万": 4, "bn": 9, "m": 6, "k": 3}
TYPED = re.compile(
    r"[¥$€£]?([+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,2})?)(万亿|亿|万|bn|m|k)?"
    r"(?:元|天|小时|分|倍|days?|hours?|h)?(%)?",
    re.IGNORECASE,
)
# More than this no column of amounts holds to the cent.
LARGEST = Decimal(10) ** 17
# Full-width signs and digits of a Chinese keyboard, and the minus of a printed figure.
NARROW = {0xFF01 + at: 0x21 + at for at in range(94)} | {ord("￥"): "¥", ord("−"): "-"}


def read(text: str, *, is_share: bool = False) -> Decimal | None:
    """The number that a text says, exactly; None for an empty text. Raises ValueError.

    A share is typed in percent, with the sign or without.
    """
    bare = re.sub(r"\s+", "", text.translate(NARROW))
    if not bare:
        return None
    match = TYPED.fullmatch(bare)
    if match is None:
        raise ValueError(text)
    digits, scale, sign = match.groups()
    value = Decimal(digits.replace(",", ""))
    if scale:
        value = value.scaleb(SCALES[scale.lower()])
    if sign or is_share:
        value = value.scaleb(-2)
    if abs(value) >= LARGEST:
        raise ValueError(text)
    return value + Decimal(0)  # -0 is nothing else than 0
