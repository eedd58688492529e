"""A goal read once: its language, purposes, times, measures and things, for all letters to look at."""

from dataclasses import dataclass
from functools import lru_cache

from steelyard.engine.smart.deliverables import is_delivered
from steelyard.engine.smart.findings import Lang
from steelyard.engine.smart.measures import Measure, measure_of
from steelyard.engine.smart.numbers import numbers_in
from steelyard.engine.smart.objects import objects_in, qualifiers_in
from steelyard.engine.smart.purposes import masked, purposes_in
from steelyard.engine.smart.text import Text, text_of
from steelyard.engine.smart.times import Time, times_in

# How fast and how often belong to the figure.
_READ_ON = frozenset({"speed", "rhythm"})


@dataclass(frozen=True)
class Reading:
    """What was found in a text. `main` is the plain text without its purposes, `bare` also without times."""

    text: Text
    purposes: tuple[tuple[int, int], ...]
    times: tuple[Time, ...]
    main: str
    bare: str
    measures: tuple[Measure, ...]
    objects: frozenset[str]
    qualifiers: frozenset[str]
    is_delivered: bool

    @property
    def lang(self) -> Lang:
        return self.text.lang


@lru_cache(maxsize=256)
def read(original: str, lang: Lang | None = None) -> Reading:
    """Read a text; the same text is read once."""
    text = text_of(original, lang)
    purposes = purposes_in(text.plain)
    main = masked(text.plain, purposes)
    times = times_in(main)
    bare = masked(main, tuple((time.start, time.end) for time in times if time.role not in _READ_ON))
    found = (measure_of(bare, number) for number in numbers_in(bare))
    measures = tuple(measure for measure in found if measure is not None)
    left = masked(bare, tuple((each.start, each.number.end) for each in measures))
    return Reading(
        text,
        purposes,
        times,
        main,
        bare,
        measures,
        objects_in(left),
        qualifiers_in(left),
        is_delivered(bare),
    )
