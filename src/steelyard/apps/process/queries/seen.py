"""The part of the log that a viewer may look at and asked for: one door for every page of the room."""

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from steelyard.apps.access.policy import authorize
from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import newest_snapshot
from steelyard.apps.measure.queries.calendar import read_period
from steelyard.apps.measure.queries.units import reach_of
from steelyard.apps.process.queries.kept import kept_answer, kept_log
from steelyard.apps.process.queries.work import Flags, Work, at_midnight, work_of
from steelyard.engine.process.log import EventLog
from steelyard.errors import Refused

PROCESS = "process"
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Asked:
    """What of the log is looked at: a process by its name, a team, a period by its label, case attributes.

    `process` None asks for the one with most cases; "" is for work that names no process.
    """

    process: str | None = None
    team: str = ""
    period: str = ""
    where: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "process": self.process,
            "team": self.team,
            "period": self.period,
            "where": dict(sorted(self.where.items())),
        }

    @classmethod
    def of_json(cls, held: Mapping[str, Any]) -> "Asked":
        return cls(held["process"], held["team"], held["period"], held["where"])

    @property
    def key(self) -> Hashable:
        return (self.process, self.team, self.period, tuple(sorted(self.where.items())))


@dataclass(frozen=True, eq=False)
class Seen:
    """The log as asked for. `teams` are those whose cases these are; none of them: everybody's.

    `processes` are all that the viewer could ask for, with their cases, the largest first. `led` are the
    teams whose people the viewer reads by name; None: everybody.
    """

    snapshot: Snapshot
    asked: Asked
    teams: tuple[str, ...]
    log: EventLog
    processes: tuple[tuple[str, int], ...]
    key: Hashable
    led: frozenset[str] | None = frozenset()

    def kept(self, name: str, ask: Callable[[EventLog], Answer], *more: Hashable) -> Answer:
        """What is worked out of this log, once for all who may see the same."""
        return kept_answer((self.key, name, *more), lambda: ask(self.log))


def log_seen_by(
    viewer: Any, asked: Asked, *, snapshot: Snapshot | None = None, teams: Collection[str] | None = None
) -> Seen | None:
    """Narrow the log to cases that the viewer's teams had a hand in; None while there is no log at all.

    `teams` are those that a record was made for, in place of those that are asked for.
    """
    authorize(viewer, "process.see")
    snapshot = snapshot or newest_snapshot()
    work = work_of(snapshot) if snapshot else None
    if snapshot is None or work is None:
        return None
    teams = teams_asked(viewer, asked.team) if teams is None else teams_kept(viewer, teams)
    found = narrowed(snapshot, work, teams)
    processes = kept_answer(
        (snapshot.pk, str(snapshot.created_at), teams, PROCESS), lambda: _processes(found)
    )
    process = asked.process if asked.process is not None else (processes[0][0] if processes else "")
    whole = Asked(process, asked.team, asked.period, asked.where)
    key = (snapshot.pk, str(snapshot.created_at), teams, whole.key)
    log = kept_log(key, lambda: _part(found, whole))
    reach = reach_of(viewer)
    return Seen(snapshot, whole, teams, log, processes, key, None if reach.is_company else reach.led)


def teams_asked(viewer: Any, team: str) -> tuple[str, ...]:
    """A team with those below it; without one all that a manager leads, and () for who sees the company."""
    reach = reach_of(viewer)
    if team:
        found = set(reach.with_below([team]))
        if not reach.is_company and not found <= reach.led:
            raise Refused("access.denied", 404)
        return tuple(sorted(found))
    if reach.is_company:
        return ()
    if not reach.led:
        raise Refused("process.no-team", 409)
    return tuple(sorted(reach.led))


def teams_kept(viewer: Any, teams: Collection[str]) -> tuple[str, ...]:
    """The teams of a record, which a manager must lead all of; the company's is nobody's own."""
    reach = reach_of(viewer)
    if not reach.is_company and not (teams and set(teams) <= reach.led):
        raise Refused("access.denied", 404)
    return tuple(sorted(teams))


def narrowed(snapshot: Snapshot, work: Work, teams: tuple[str, ...]) -> EventLog:
    """The cases of some teams, or of everybody."""
    if not teams:
        return work.log
    key = (snapshot.pk, str(snapshot.created_at), teams)
    return kept_log(key, lambda: work.log.keep(work.touched_by(teams)))


def _part(log: EventLog, asked: Asked) -> EventLog:
    """The process, the period in which cases came in by the site's own clock, the attributes."""
    mask = np.ones(len(log.cases), bool)
    if PROCESS in log.attributes.column_names:
        mask &= _is(log.attributes.column(PROCESS), asked.process or "")
    if asked.period:
        period = read_period(asked.period)
        came = log.finished[log.first]
        mask &= (came >= at_midnight(period.start)) & (came < at_midnight(period.end))
    for name, value in asked.where.items():
        if name not in log.attributes.column_names:
            raise Refused("process.no-such-attribute", 404, column=name[:63])
        mask &= _is(log.attributes.column(name), value)
    return log.keep(mask)


def _is(column: pa.ChunkedArray, value: str) -> Flags:
    texts = column.cast(pa.string()).fill_null("")
    return np.asarray(pc.equal(texts, value))


def _processes(log: EventLog) -> tuple[tuple[str, int], ...]:
    if PROCESS not in log.attributes.column_names:
        return (("", len(log.cases)),) if len(log.cases) else ()
    counted = pc.value_counts(log.attributes.column(PROCESS).cast(pa.string()).fill_null(""))
    pairs = [(each["values"].as_py(), each["counts"].as_py()) for each in counted]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def days_of(log: EventLog) -> tuple[date, date] | None:
    """The first and the last day on which a case came in, by the site's clock."""
    from steelyard.apps.process.queries.work import local
    from steelyard.engine.process.log import instant

    if not len(log):
        return None
    came = log.finished[log.first]
    return local(instant(came.min())).date(), local(instant(came.max())).date()
