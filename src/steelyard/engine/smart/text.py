"""The text of a goal, made even for reading: widths, cases, dashes and the spaces inside Chinese."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from steelyard.engine.smart.findings import Lang

# Full-width letters, digits and signs stand for their narrow kin; ，：；！？ go on parting clauses.
_KEPT = "，：；！？"
_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in _KEPT}
_ALIKE = {"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "～": "~", "〜": "~"}
_EVEN = str.maketrans(
    {**{chr(code): to for code, to in _NARROW.items()}, **_ALIKE, "\u3000": " ", "\u00a0": " ", "\u202f": " "}
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_NEEDLESS = re.compile(rf"(?<=[{_HAN}，。；：、])\s+|\s+(?=[{_HAN}，。；：、%])")
_WIDE_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
# A goal is a line or two: of a longer text the beginning is read, so that no text takes long.
MOST_SIGNS = 1_000
# What stands further away from a number or a time says nothing about it.
NEAR = 80
_HAN_SIGN = re.compile(rf"[{_HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")


class HasSpan(Protocol):
    """Anything that stands from a place to another."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


Spanned = TypeVar("Spanned", bound=HasSpan)


@dataclass(frozen=True)
class Text:
    """`plain` is read; `places` says where each of its signs stands in `original`, for repairs."""

    original: str
    plain: str
    places: tuple[int, ...]
    lang: Lang

    def said(self, start: int, end: int) -> str:
        """The words of the original where a stretch of the plain text stands, without signs around them."""
        words = self.original[self.places[start] : self.places[end - 1] + 1]
        return words.strip(" |,.;:!，。；：！、")

    def swapped(self, start: int, end: int, new: str) -> str:
        """The original with a stretch of the plain text replaced."""
        first = self.places[start] if start < len(self.places) else len(self.original)
        last = self.places[end - 1] + 1 if end > start else first
        return self.original[:first] + new + self.original[last:]


@lru_cache(maxsize=256)
def text_of(original: str, lang: Lang | None = None) -> Text:
    """The text evened out; its language is told by whether words or ideographs prevail."""
    even = original[:MOST_SIGNS].translate(_EVEN)
    # A few letters grow when they are made small; a goal that has one is read as it is written.
    even = even.lower() if len(even.lower()) == len(even) else even
    even = _WIDE_COMMA.sub(",", even)
    gone = {place for match in _NEEDLESS.finditer(even) for place in range(*match.span())}
    places = tuple(place for place in range(len(even)) if place not in gone)
    return Text(
        original, "".join(even[place] for place in places), places, lang or language_of(original[:MOST_SIGNS])
    )


def apart(spans: Iterable[Spanned], length: int) -> Iterator[Spanned]:
    """Of spans that overlap those that come first, in linear time."""
    taken = bytearray(length)
    for span in spans:
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            yield span


def around(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands near before and after a stretch."""
    return text[max(0, start - NEAR) : start], text[end : end + NEAR]


def language_of(text: str) -> Lang:
    return "zh" if 0 < len(_HAN_SIGN.findall(text)) >= len(_LATIN_WORD.findall(text)) else "en"
