"""Two diagnoses of one KPI side by side: what changed, what appeared, what went."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from steelyard.apps.diagnose.queries.reading import Reading, Segment, Where


@dataclass(frozen=True)
class DriverPair:
    """A driver's part of each gap; None where the other diagnosis does not have it."""

    kpi: str
    before: float | None
    now: float | None


@dataclass(frozen=True)
class SegmentPair:
    """A segment in either or both: `state` is "stayed", "appeared" or "went"."""

    where: Where
    before: float | None
    now: float | None

    @property
    def state(self) -> str:
        if self.before is None:
            return "appeared"
        return "went" if self.now is None else "stayed"


@dataclass(frozen=True)
class Comparison:
    before: Reading
    now: Reading
    drivers: tuple[DriverPair, ...]
    segments: tuple[SegmentPair, ...]


def compare(before: Reading, now: Reading) -> Comparison:
    """The newer one's order first, then what only the older one had."""
    then = {each.kpi: each.contribution for each in before.drivers}
    today = {each.kpi: each.contribution for each in now.drivers}
    drivers = [DriverPair(kpi, then.get(kpi), today.get(kpi)) for kpi in {**today, **then}]
    return Comparison(before, now, tuple(drivers), tuple(_segments(before.segments, now.segments)))


def _segments(before: Sequence[Segment], now: Sequence[Segment]) -> list[SegmentPair]:
    then = {key_of(each.where): each for each in before}
    today = {key_of(each.where): each for each in now}
    pairs = []
    for key, each in {**then, **today}.items():
        old, new = then.get(key), today.get(key)
        pairs.append(
            SegmentPair(each.where, old.contribution if old else None, new.contribution if new else None)
        )
    order = {"stayed": 0, "appeared": 1, "went": 2}
    return sorted(pairs, key=lambda pair: (order[pair.state], -abs(pair.now or pair.before or 0.0)))


def key_of(where: Where) -> str:
    """The same text for the same segment, in whatever order its dimensions came."""
    return json.dumps(dict(where), sort_keys=True, ensure_ascii=False)
