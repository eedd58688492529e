"""Words in a box: broken where the language allows, cut with an ellipsis where they do not fit."""

import re

from steelyard.charts.scale import text_width

# A word, a single ideograph, or the space between.
_PIECES = re.compile(
    r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]|[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+|\s+"
)
ELLIPSIS = "…"


def bold_width(text: str) -> float:
    """About how many pixels a bold text takes at 12 px; capitals take more than others."""
    return text_width(text) + 0.6 * len(text) + 1.4 * sum(character.isupper() for character in text)


def lines_of(text: str, *, width: float, most: int) -> tuple[str, ...]:
    """Break a text into at most so many lines of a width in pixels at 12 px.

    >>> lines_of("send the contract to legal", width=95, most=2)
    ('send the', 'contract to…')
    >>> lines_of("合同法务审批", width=55, most=2)
    ('合同法务', '审批')
    """
    lines = [""]
    for piece in _PIECES.findall(text.strip()):
        if bold_width(lines[-1] + piece.rstrip()) <= width or not lines[-1]:
            lines[-1] += piece
        elif piece.strip():
            lines.append(piece)
    kept = [line.strip() for line in lines[:most]]
    if len(lines) > most:
        kept[-1] += ELLIPSIS
    return tuple(cut(line, width=width) for line in kept)


def cut(text: str, *, width: float) -> str:
    """The start of a text that fits, with an ellipsis where something is left out."""
    if bold_width(text) <= width:
        return text
    while text and bold_width(text + ELLIPSIS) > width:
        text = text.rstrip(ELLIPSIS)[:-1]
    return text + ELLIPSIS
