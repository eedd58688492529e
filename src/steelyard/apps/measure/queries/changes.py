"""What changed between two visits to one's own unit: from what was seen then, and what stands now."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from steelyard.apps.measure.models import ScorecardVisit
from steelyard.apps.measure.queries.points import is_complete
from steelyard.apps.measure.queries.scorecard import Scorecard, short
from steelyard.apps.measure.queries.standings import Standing, is_worse

# Looks that lie nearer together than this are one visit.
VISIT = datetime.timedelta(hours=4)
# How many periods back a correction is noticed.
BACK = 13
# A value that was kept with twelve digits is the same within this.
SAME = 1e-9
NEW_SIGNAL, MISSED, REACHED, MEASURED, CORRECTED = (
    "new-signal",
    "missed-target",
    "reached-target",
    "newly-measured",
    "corrected",
)


@dataclass(frozen=True)
class Change:
    """A code, the KPI it is of, and for a correction the period with what it was and is."""

    code: str
    standing: Standing
    period: str = ""
    was: float | None = None
    now: float | None = None


@dataclass(frozen=True)
class Changes:
    """`since` is the visit before, None at the first; the list is in the order of the codes above."""

    since: datetime.datetime | None
    listed: tuple[Change, ...]

    def of(self, code: str) -> list[Change]:
        return [each for each in self.listed if each.code == code]


def changes_for(viewer: Any, card: Scorecard) -> Changes | None:
    """None where nothing was kept: for the command line, and for a unit that is not the viewer's own."""
    visit = visit_of(viewer)
    if visit is None:
        return Changes(None, ()) if viewer.pk else None
    if visit.unit != card.unit.key:
        return None
    is_new_visit = timezone.now() - visit.last_at > VISIT
    seen, since = (visit.last, visit.last_at) if is_new_visit else (visit.before, visit.before_at)
    if since is None:
        return Changes(None, ())
    found = [each for standing in card.standings for each in between(seen.get(standing.kpi.id), standing)]
    order = (NEW_SIGNAL, MISSED, REACHED, MEASURED, CORRECTED)
    return Changes(since, tuple(sorted(found, key=lambda each: order.index(each.code))))


def visit_of(viewer: Any) -> ScorecardVisit | None:
    return ScorecardVisit.objects.filter(user_id=viewer.pk).first() if viewer.pk else None


def seen_of(card: Scorecard) -> dict[str, Any]:
    """What the next visit is compared with: each KPI as its viewer saw it, without what was withheld."""
    return {each.kpi.id: _seen(each, card) for each in card.standings if not each.withheld}


def between(seen: Mapping[str, Any] | None, each: Standing) -> Iterator[Change]:
    """What is new about one KPI; about one that was not on the scorecard then, only that it is."""
    if each.withheld:
        return
    if seen is None or seen["value"] is None:
        if each.value is not None:
            yield Change(MEASURED, each)
        return
    if each.is_signal and not (seen["is_signal"] and seen["side"] == each.signal.side):
        yield Change(NEW_SIGNAL, each)
    if each.value is not None and each.target is not None and seen["is_short"] is not None:
        is_short = is_worse(each.kpi, each.now)
        if is_short and not seen["is_short"]:
            yield Change(MISSED, each)
        if not is_short and seen["is_short"]:
            yield Change(REACHED, each)
    yield from corrections(seen["past"], each)


def corrections(past: Mapping[str, float], each: Standing) -> Iterator[Change]:
    """Figures of periods that were over then, and read differently now."""
    now = {period.label: point.value for period, point in zip(each.labels, each.history, strict=True)}
    for label in sorted(past, reverse=True):
        was, value = past[label], now.get(label)
        if value is None or abs(value - was) > SAME * max(1.0, abs(was)):
            yield Change(CORRECTED, each, period=label, was=was, now=value)


def _seen(each: Standing, card: Scorecard) -> dict[str, Any]:
    over = list(zip(each.labels, each.history, strict=True))
    if not is_complete(card.points, card.period):
        over = over[:-1]
    has_both = each.value is not None and each.target is not None
    return {
        "period": each.period.label,
        "value": short(each.value),
        "is_signal": each.is_signal,
        "side": each.signal.side,
        "is_short": is_worse(each.kpi, each.now) if has_both else None,
        "past": {
            period.label: short(point.value) for period, point in over[-BACK:] if point.value is not None
        },
    }
