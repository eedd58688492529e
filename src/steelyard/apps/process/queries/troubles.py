"""Where work comes back, changes hands, stops or lies open, and how far the log can be trusted."""

from typing import Literal

from steelyard.apps.process.queries.cost import hourly_cost
from steelyard.apps.process.queries.findings import known_until
from steelyard.apps.process.queries.persons import handoffs_told
from steelyard.apps.process.queries.seen import Seen
from steelyard.engine.process.findings import Ageing, Breakpoint, FirstPass, HandOffs, LogQuality, Rework
from steelyard.engine.process.handoffs import handoffs
from steelyard.engine.process.log_quality import log_quality
from steelyard.engine.process.progress import ageing, breakpoints, first_pass
from steelyard.engine.process.rework import rework

By = Literal["performer", "role"]


def rework_of(seen: Seen) -> Rework:
    """In money, too, where the headcount tells what an hour costs."""
    cost = hourly_cost(seen)
    return seen.kept("rework", lambda log: rework(log, hourly_cost=cost))


def handoffs_of(seen: Seen, by: By) -> HandOffs:
    return handoffs_told(seen, seen.kept("handoffs", lambda log: handoffs(log, by=by), by))


def first_pass_of(seen: Seen) -> tuple[FirstPass, ...]:
    return seen.kept("first-pass", first_pass)


def ageing_of(seen: Seen) -> Ageing:
    as_of = known_until(seen)
    return seen.kept("ageing", lambda log: ageing(log, as_of=as_of))


def breakpoints_of(seen: Seen) -> tuple[Breakpoint, ...]:
    as_of = known_until(seen)
    return seen.kept("breakpoints", lambda log: breakpoints(log, as_of=as_of))


def quality_of(seen: Seen) -> LogQuality:
    return seen.kept("quality", log_quality)


def by_asked(text: str, seen: Seen) -> By | None:
    """What was asked for if the log has it, else what it has; roles first: they are fewer."""
    there: dict[str, bool] = {
        "role": seen.log.role is not None,
        "performer": seen.log.performer is not None,
    }
    if there.get(text):
        return "role" if text == "role" else "performer"
    return "role" if there["role"] else "performer" if there["performer"] else None
