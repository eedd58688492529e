"""How much one approval says what another of the same case says, and by the same person."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.approvals.effects import Effects
from steelyard.engine.process.approvals.findings import Overlap
from steelyard.engine.process.approvals.recognise import Recognised
from steelyard.engine.process.log import EventLog, Longs
from steelyard.engine.process.order import run_starts
from steelyard.engine.process.shares import wilson

# A performer with more of the log's events, or with more roles, than this is a placeholder for many.
MOST_EVENTS = 0.8
MOST_ROLES = 3


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What overlaps are judged by: who is one person, and how many other events lie before each event."""

    person: npt.NDArray[np.int32]
    others_before: Longs


def surroundings_of(log: EventLog, is_approval: npt.NDArray[np.bool_]) -> Surroundings:
    """Tell people from placeholders ("staff member"), and approvals from other work."""
    return Surroundings(_people(log), np.cumsum(~is_approval))


def overlap_of(
    log: EventLog, effects: Effects, other: Recognised, others: Effects, *, around: Surroundings
) -> Overlap | None:
    """Set each decision beside the other step's last one before it in the case, or the next one after."""
    mine, place = _pairs(log, effects.events, others.events)
    if not len(mine):
        return None
    own, its = effects.events[mine], others.events[place]
    cases = len(run_starts(log.case[own]))
    same, low = _same_performer(around.person, own, its)
    between = np.abs(around.others_before[own] - around.others_before[its])
    return Overlap(
        activity=other.activity,
        turn=other.turn,
        cases=cases,
        share_of_cases=cases / len(effects.cases),
        pairs=len(mine),
        same_performer=same,
        same_performer_low=low,
        same_decision=float(np.mean(effects.outcome[mine] == others.outcome[place])),
        adjacent=float(np.mean(np.abs(own - its) == 1)),
        same_round=float(np.mean(between == 0)),
        comes_before=float(np.mean(its < own)),
    )


def _pairs(log: EventLog, own: Longs, its: Longs) -> tuple[Longs, Longs]:
    if not len(own) or not len(its):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    after = np.searchsorted(its, own)
    before = np.maximum(after - 1, 0)
    is_before = (after > 0) & (log.case[its[before]] == log.case[own])
    place = np.where(is_before, before, np.minimum(after, len(its) - 1))
    mine = np.flatnonzero(log.case[its[place]] == log.case[own])
    return mine, place[mine]


def _same_performer(
    person: npt.NDArray[np.int32], own: Longs, its: Longs
) -> tuple[float, float] | tuple[None, None]:
    one, other = person[own], person[its]
    is_known = (one >= 0) & (other >= 0)
    known = int(is_known.sum())
    if not known:
        return None, None
    same = int(np.sum(is_known & (one == other)))
    return same / known, wilson(same, known)[0]


def _people(log: EventLog) -> npt.NDArray[np.int32]:
    """The performer of each event, −1 where it is missing or no single person."""
    if log.performer is None:
        return np.full(len(log), -1, np.int32)
    counts = np.bincount(log.performer + 1, minlength=len(log.performers) + 1)[1:]
    is_person = counts <= MOST_EVENTS * counts.sum()
    if log.role is not None:
        is_known = (log.performer >= 0) & (log.role >= 0)
        pairs = np.unique(log.performer[is_known].astype(np.int64) * len(log.roles) + log.role[is_known])
        is_person &= np.bincount(pairs // max(1, len(log.roles)), minlength=len(counts)) <= MOST_ROLES
    return np.where(np.append(is_person, False)[log.performer], log.performer, -1).astype(np.int32)
