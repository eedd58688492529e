"""When the cases of a log are at which step of a flow."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from steelyard.engine.process.log import EventLog, Longs

NEVER = np.iinfo(np.int64).max
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Visits:
    """Each event's step (−1: none), and the visits: runs of events of one step within a case.

    `first` has, by case and step, the event at which a step is first reached (`NEVER`, if it is not);
    `begins` and `ends` the first and last event of each visit, in the log's order.
    """

    step: npt.NDArray[np.int64]
    first: Longs
    begins: Longs
    ends: Longs

    @property
    def reached(self) -> Truths:
        """Which steps each case reached."""
        return self.first != NEVER

    def came_after_later_steps(self) -> Truths:
        """Which steps each case reached first when it had already been at a later one."""
        earliest_from_here = np.minimum.accumulate(self.first[:, ::-1], axis=1)[:, ::-1]
        late = np.zeros(self.first.shape, bool)
        late[:, :-1] = self.reached[:, :-1] & (earliest_from_here[:, 1:] < self.first[:, :-1])
        return late

    def came_again(self, log: EventLog) -> Truths:
        """Which steps each case visited twice, or did an activity of twice."""
        cases, steps = self.first.shape
        place = log.case.astype(np.int64) * steps + self.step
        counts = np.bincount(place[self.begins], minlength=cases * steps).reshape(cases, steps)
        again = counts > 1
        known = np.flatnonzero(self.step >= 0)
        done = log.case[known].astype(np.int64) * len(log.activities) + log.activity[known]
        _, first, times = np.unique(done, return_index=True, return_counts=True)
        twice = known[first[times > 1]]
        again[log.case[twice], self.step[twice]] = True
        return again

    def step_before(self, log: EventLog) -> npt.NDArray[np.int64]:
        """The step of the last declared event before each event of its case, −1 where there is none."""
        place = np.where(self.step >= 0, np.arange(len(log)), -1)
        latest = np.maximum.accumulate(place)
        before = np.append(-1, latest[:-1]) if len(log) else latest
        is_own = before >= log.first[log.case]
        return np.where(is_own, self.step[before], -1)


def visits_of(log: EventLog, step_of_activity: Sequence[int], *, steps: int) -> Visits:
    """Follow each case through the steps; events of no step neither make nor break a visit."""
    step = np.array([*step_of_activity, -1], np.int64)[log.activity]
    known = np.flatnonzero(step >= 0)
    owner, at = log.case[known], step[known]
    is_new = np.ones(len(known), bool)
    is_new[1:] = (owner[1:] != owner[:-1]) | (at[1:] != at[:-1])
    begins = np.flatnonzero(is_new)
    ends = np.append(begins[1:], len(known)) - 1 if len(known) else begins
    first = np.full(len(log.cases) * steps, NEVER, np.int64)
    reached, at_first = np.unique(owner.astype(np.int64) * steps + at, return_index=True)
    first[reached] = known[at_first]
    return Visits(step, first.reshape(-1, steps), known[begins], known[ends])
