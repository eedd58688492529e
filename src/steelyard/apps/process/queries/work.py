"""The log of a snapshot as it was imported, and the team of whoever did each step. Nobody's eyes yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from steelyard.apps.data.models import Snapshot
from steelyard.apps.data.queries import facts
from steelyard.apps.process.queries.kept import kept_log
from steelyard.engine import organisation
from steelyard.engine.process.log import EventLog, log_of, microseconds

TABLE = "work_events"
TIMES = ("started_at", "finished_at")
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Work:
    """A log, the codes of the teams in it, and for each event the place of its team among them (or −1)."""

    log: EventLog
    teams: tuple[str, ...]
    team: npt.NDArray[np.int32]

    def touched_by(self, teams: Collection[str]) -> Flags:
        """Which cases have a step that somebody of these teams did on the day."""
        places = [place for place, code in enumerate(self.teams) if code in teams]
        found = np.zeros(len(self.log.cases), bool)
        found[self.log.case[np.isin(self.team, places)]] = True
        return found

    @cached_property
    def came(self) -> npt.NDArray[np.int64]:
        """When each case's first step was finished."""
        return self.log.finished[self.log.first]


def work_of(snapshot: Snapshot) -> Work | None:
    """Read once for each set of versions; None where the snapshot has no log."""
    if TABLE not in snapshot.versions:
        return None
    key = (TABLE, snapshot.pk, str(snapshot.created_at))
    return kept_log(key, lambda: _read(snapshot))


def last_teams(work: Work) -> dict[str, str]:
    """Performer → the team of their newest step in the log."""
    log = work.log
    known = np.flatnonzero(work.team >= 0)
    if log.performer is None or not len(known):
        return {}
    order = known[np.argsort(log.finished[known], kind="stable")]
    newest = dict(zip(log.performer[order].tolist(), work.team[order].tolist(), strict=True))
    return {log.performers[code]: work.teams[place] for code, place in newest.items()}


def _read(snapshot: Snapshot) -> Work:
    with facts(snapshot.versions) as lake:
        events = lake.tables[TABLE]
        own = [name for name in events.columns if not name.startswith("_")]
        table = events.select(*own).to_pyarrow()
        spans = organisation.read(lake.tables).spans
    log = log_of(_in_universal_time(table))
    teams, team = _teams(log, spans)
    return Work(log, teams, team)


def _in_universal_time(table: pa.Table) -> pa.Table:
    """The lake keeps times as clocks on the wall show them; the engine asks for instants."""
    for name in TIMES:
        if name in table.column_names and table.column(name).type.tz is None:
            place = table.column_names.index(name)
            zoned = pc.assume_timezone(
                table.column(name), settings.TIME_ZONE, ambiguous="earliest", nonexistent="latest"
            )
            table = table.set_column(place, name, zoned)
    return table


def at_midnight(day: date) -> int:
    """The first instant of a day at the site, in the engine's microseconds."""
    return microseconds(datetime.combine(day, time(), tzinfo=ZoneInfo(settings.TIME_ZONE)))


def local(moment: datetime) -> datetime:
    """An instant as clocks at the site show it."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE))


def _teams(log: EventLog, spans: pa.Table) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """Each event's team: that of its performer on the day it was finished."""
    found = np.full(len(log), -1, np.int32)
    if log.performer is None:
        return (), found
    known = _spans_by_alias(spans)
    teams = sorted({team for listed in known.values() for _, team in listed if team})
    number = {team: place for place, team in enumerate(teams)}
    order = np.argsort(log.performer, kind="stable")
    edges = np.searchsorted(log.performer[order], np.arange(len(log.performers) + 1))
    for code, name in enumerate(log.performers):
        listed = known.get(name.strip().lower())
        events = order[edges[code] : edges[code + 1]]
        if not listed or not len(events):
            continue
        starts = np.array([at_midnight(day) if day > date.min else -(2**62) for day, _ in listed])
        places = np.array([number.get(team or "", -1) for _, team in listed], np.int32)
        found[events] = places[np.searchsorted(starts, log.finished[events], side="right") - 1]
    return tuple(teams), found


def _spans_by_alias(spans: pa.Table) -> Mapping[str, list[tuple[date, str | None]]]:
    """Alias → (first day, team) in the order of time; the spans of an alias cover all time."""
    found: dict[str, list[tuple[date, str | None]]] = {}
    rows: list[dict[str, Any]] = spans.select(["alias", "valid_from", "team"]).to_pylist()
    for row in rows:
        found.setdefault(row["alias"], []).append((row["valid_from"], row["team"]))
    return {alias: sorted(listed, key=lambda each: each[0]) for alias, listed in found.items()}
