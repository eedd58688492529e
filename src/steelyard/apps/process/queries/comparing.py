"""Two parts of a log of one process: two periods, or two teams, or both."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from steelyard.apps.measure.queries.calendar import main_grain, read_period
from steelyard.apps.process.queries.choices import Choices
from steelyard.apps.process.queries.kept import kept_answer
from steelyard.apps.process.queries.seen import Asked, Seen, log_seen_by
from steelyard.engine.process.compare import compare
from steelyard.engine.process.findings import Comparison

TEAM, PERIOD = "with_team", "with_period"


@dataclass(frozen=True)
class Pair:
    """What is looked at, what it is held against, and how they differ."""

    now: Seen
    base: Seen
    comparison: Comparison


def pair_of(viewer: Any, seen: Seen, choices: Choices, query: Mapping[str, str]) -> Pair | None:
    """The pair that an address asks for; None where neither a period nor a team tells two parts."""
    now = seen if seen.asked.period or query.get(TEAM) else _newest(viewer, seen, choices)
    if now is None:
        return None
    base = log_seen_by(viewer, base_asked(now.asked, query), snapshot=seen.snapshot)
    if base is None or base.key == now.key:
        return None
    found = kept_answer(("compare", base.key, now.key), lambda: compare(base.log, now.log))
    return Pair(now, base, found)


def base_asked(now: Asked, query: Mapping[str, str]) -> Asked:
    """The other team, the other period; when neither is named, the period before."""
    team, period = query.get(TEAM, ""), query.get(PERIOD, "")
    if not team and not period and now.period:
        period = read_period(now.period).previous().label
    return Asked(now.process, team or now.team, period or now.period, now.where)


def _newest(viewer: Any, seen: Seen, choices: Choices) -> Seen | None:
    """The newest whole period of the site's main length, or the only one."""
    listed = choices.periods.get(main_grain(), ())
    if not listed:
        return None
    period = listed[1] if len(listed) > 1 else listed[0]
    asked = Asked(seen.asked.process, seen.asked.team, period.label, seen.asked.where)
    return log_seen_by(viewer, asked, snapshot=seen.snapshot)
