"""What each approval step is good for, by the log that is seen."""

from steelyard.apps.process.queries.cost import hourly_cost
from steelyard.apps.process.queries.hours import calendar_in_force, calendars_for
from steelyard.apps.process.queries.seen import Seen
from steelyard.engine.process.approvals import Approval, approvals


def approvals_of(seen: Seen) -> tuple[Approval, ...]:
    """The one that waits most comes first; in working time and money where these are told."""
    kept, cost = calendar_in_force(), hourly_cost(seen)
    version = kept.version if kept else 0

    def ask(log: object) -> tuple[Approval, ...]:
        return approvals(seen.log, hourly_cost=cost, calendars=calendars_for(seen, kept))

    return seen.kept("approvals", ask, version)
