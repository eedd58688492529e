"""What the filter bar offers: processes, teams, periods, and the values of a case's attributes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from steelyard.apps.measure.queries.calendar import grains, periods_of
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.people.models import Team
from steelyard.apps.process.queries.seen import PROCESS, Asked, Seen, days_of, log_seen_by
from steelyard.engine.periods import Period
from steelyard.engine.process.log import EventLog

# More values than these are no list to pick from; an attribute with one value cuts nothing.
MOST_VALUES = 40
MOST_ATTRIBUTES = 6
MOST_PERIODS = {"month": 18, "quarter": 12, "year": 6, "fiscal-quarter": 12, "fiscal-year": 6}


@dataclass(frozen=True)
class Choices:
    """Teams by code; periods by their length, the newest first; attributes with their values."""

    processes: tuple[str, ...]
    teams: Mapping[str, str]
    periods: Mapping[str, tuple[Period, ...]]
    attributes: Mapping[str, tuple[str, ...]]


def choices_for(viewer: Any, seen: Seen) -> Choices:
    """Of the process that is looked at, whatever else of it was asked for."""
    whole = log_seen_by(viewer, Asked(seen.asked.process), snapshot=seen.snapshot)
    periods: Mapping[str, tuple[Period, ...]] = {}
    attributes: Mapping[str, tuple[str, ...]] = {}
    if whole is not None:
        periods = whole.kept("periods", _periods)
        attributes = whole.kept("attributes", attributes_of)
    return Choices(tuple(name for name, _ in seen.processes), _teams(viewer), periods, attributes)


def attributes_of(log: EventLog) -> Mapping[str, tuple[str, ...]]:
    """Text columns of cases with a few values each, those with fewest first."""
    found = {}
    for name in log.attributes.column_names:
        column = log.attributes.column(name)
        if name == PROCESS or name.endswith("_id") or not pa.types.is_string(column.type):
            continue
        values = sorted(value for value in pc.unique(column).to_pylist() if value)
        if 2 <= len(values) <= MOST_VALUES:
            found[name] = tuple(values)
    fewest = sorted(found, key=lambda name: (len(found[name]), name))[:MOST_ATTRIBUTES]
    return {name: found[name] for name in log.attributes.column_names if name in fewest}


def _periods(log: EventLog) -> Mapping[str, tuple[Period, ...]]:
    days = days_of(log)
    if days is None:
        return {}
    return {grain: tuple(periods_of(grain, *days)[::-1][: MOST_PERIODS[grain]]) for grain in grains()}


def _teams(viewer: Any) -> Mapping[str, str]:
    reach = reach_of(viewer)
    teams = Team.objects.order_by("name")
    listed = teams if reach.is_company else teams.filter(code__in=reach.led)
    return dict(listed.values_list("code", "name"))
